/*
 * The functions built into Spark SQL and Databricks SQL, and what functions of
 * other systems are called there.
 */
#ifndef T2C_EXPR_FUNCTIONS_H
#define T2C_EXPR_FUNCTIONS_H

#include "base/str.h"

enum function_flag {
	FUNCTION_AGGREGATE = 1 << 0,
	FUNCTION_WINDOW = 1 << 1, /* needs OVER (… ORDER BY …) */
	FUNCTION_VOLATILE = 1 << 2,
	FUNCTION_GENERATOR = 1 << 3,
	FUNCTION_NEVER_BOOLEAN = 1 << 4,
};

#define FUNCTION_MANY 255 /* any number of arguments */

struct function {
	const char *name;
	uint8_t min; /* arguments */
	uint8_t max;
	uint8_t flags; /* enum function_flag */
};

/* Names are in lower case. NULL if the function is not built in, or only
 * known by its family (h3_…, st_…). */
const struct function *function_find(const char *name);
/* Built in, or of a family that is. */
bool function_is_known(const char *name);
/* What to write instead of a function of another system; NULL if there is
 * nothing to say. */
const char *function_instead(const char *name);
/* The built-in function of nearly this name, NULL if there is none. */
const char *function_near(const char *name);

#endif

/*
 * Sheets of any shape with exchangeable names: the same shape once with
 * harmless names and texts, once with hostile ones.
 */
#ifndef T2C_TEST_PLANNED_H
#define T2C_TEST_PLANNED_H

#include "hostile.h"

#include "core/compile.h"
#include "core/patterns.h"

#define PLANNED_TABLES 8
#define PLANNED_COLUMNS 24
#define PLANNED_TEXTS 64

/* The names and texts of a sheet, by the place where it uses them. */
struct names {
	const char *file;
	const char *schema[PLANNED_TABLES];
	const char *table[PLANNED_TABLES]; /* the last part; of a path, the
	                                      last segment without ending */
	const char *source[PLANNED_COLUMNS];
	const char *target[PLANNED_COLUMNS];
	const char *literal[PLANNED_TEXTS]; /* the value */
	const char *comment[PLANNED_TEXTS]; /* of a column */
	const char *remark[PLANNED_TEXTS];  /* within SQL */
};

struct words {
	const char **v;
	size_t n;
	size_t cap;
};

/* helpers: names of functions, some of which become names of tables. */
void names_hostile(struct arena *a, struct dice *d, const struct words *helpers,
    struct names *ret);
/* Harmless ones of which the compiler makes the same Python identifiers. */
void names_harmless(struct arena *a, const struct names *hostile,
    struct names *ret);

struct planned {
	const char *sheet;
	const struct pattern *pattern;
	struct plan_options options;
};

/* The sheet of that shape with these names, and a pattern and options for
 * it. */
void planned_make(struct arena *a, uint64_t shape, const struct names *names,
    const struct patterns *patterns, struct planned *ret);

#endif

#include "base/base.h"

#include "expr/functions.h"

#include "expr/suggest.h"

#include <stdlib.h>
#include <string.h>

#define A FUNCTION_AGGREGATE
#define W FUNCTION_WINDOW
#define V FUNCTION_VOLATILE
#define G FUNCTION_GENERATOR
#define N FUNCTION_NEVER_BOOLEAN
#define MANY FUNCTION_MANY

static const struct function functions[] = {
#define FUNCTION(name, min, max, flags) {name, min, max, flags},
#include "expr/function_table.h"
#undef FUNCTION
};

struct instead {
	const char *name;
	const char *fix;
};

static const struct instead insteads[] = {
#define INSTEAD(name, fix) {name, fix},
#include "expr/function_foreign.h"
#undef INSTEAD
};

static int
compare_function(const void *key, const void *row)
{
	return strcmp(key, ((const struct function *)row)->name);
}

static int
compare_instead(const void *key, const void *row)
{
	return strcmp(key, ((const struct instead *)row)->name);
}

const struct function *
function_find(const char *name)
{
	return bsearch(name, functions, COUNT_OF(functions),
	    sizeof(functions[0]), compare_function);
}

bool
function_is_known(const char *name)
{
	return function_find(name) || str_starts(name, "h3_") ||
	    str_starts(name, "st_");
}

const char *
function_instead(const char *name)
{
	const struct instead *row = bsearch(name, insteads, COUNT_OF(insteads),
	    sizeof(insteads[0]), compare_instead);

	return row ? row->fix : NULL;
}

const char *
function_near(const char *name)
{
	struct suggestion s;
	size_t i;

	suggest_init(&s, slice_of(name));
	for (i = 0; i < COUNT_OF(functions); i++)
		suggest_try(&s, functions[i].name);
	return suggest_best(&s);
}

#include "base/base.h"

#include "plan/plan.h"

static const char *
cast(struct arena *a, const struct plan_column *c, const char *value)
{
	return c->type ? arena_printf(a, "CAST(%s AS %s)", value, c->type)
	               : value;
}

const char *
plan_column_sql(struct arena *a, const struct plan_column *c,
    const char *parameter)
{
	const char *value = cast(a, c,
	    c->copy            ? c->copy
	        : c->parameter ? parameter
	                       : c->expression);

	if (c->fallback)
		value = arena_printf(a, "coalesce(%s, %s)", value,
		    cast(a, c, c->fallback));
	if (c->empty_is_null)
		value = arena_printf(a,
		    c->type ? "CASE WHEN %s <> '' THEN %s END"
		            : "CASE WHEN CAST(%s AS STRING) <> '' THEN %s END",
		    value, value);
	return value;
}

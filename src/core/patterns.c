#include "base/base.h"

#include "core/patterns.h"

#include "sys/files.h"

#include <stdlib.h>
#include <string.h>

#define MAX_FILE ((size_t)1024 * 1024)

/* The options that a strategy asks for; a pattern must have them all. */
static const char *const wanted[STRATEGY__COUNT][13] = {
    [STRATEGY_FULL_LOAD] = {"overwrite_schema", "partition_by"},
    [STRATEGY_INCREMENTAL] = {"watermark", "keys", "late_rows",
        "null_watermark", "add_columns", "partition_by"},
    [STRATEGY_MERGE] = {"keys", "order_by", "deleted", "vanished",
        "ignore_nulls", "add_columns", "partition_by"},
    [STRATEGY_SCD2] = {"keys", "tracked", "order_by", "late_rows", "deleted",
        "vanished", "valid_from", "valid_to", "is_current", "surrogate_key",
        "add_columns", "partition_by"},
};

static const struct err *
load_one(struct arena *a, const char *folder, struct pattern *ret)
{
	static const char *const names[] = {
	    "pattern.yaml", "example.csv", "prompt.md"};
	struct slice bytes[COUNT_OF(names)];
	const struct err *e;
	size_t i;

	for (i = 0; i < COUNT_OF(names); i++) {
		e = file_read(a, arena_printf(a, "%s/%s", folder, names[i]),
		    MAX_FILE, &bytes[i]);
		if (e)
			return e;
	}
	e = pattern_parse(a, bytes[0], bytes[1], bytes[2], ret);
	if (e)
		return err_new(e->code, "%s/pattern.yaml: %s", folder,
		    e->message);
	for (i = 0; wanted[ret->strategy][i]; i++) {
		if (!pattern_option(ret, wanted[ret->strategy][i]))
			return err_new(P_DEFINITION,
			    "%s/pattern.yaml: the "
			    "option %s is missing.",
			    folder, wanted[ret->strategy][i]);
	}
	return NULL;
}

static int
by_position(const void *a, const void *b)
{
	const struct pattern *x = a;
	const struct pattern *y = b;

	if (x->position != y->position)
		return x->position < y->position ? -1 : 1;
	return strcmp(x->name, y->name);
}

const struct err *
patterns_load(struct arena *a, const char *folder, struct patterns *ret)
{
	struct file_names names = {0};
	const struct err *e;
	size_t i;

	e = file_list(a, folder, &names);
	if (e)
		return e;
	for (i = 0; i < names.n; i++) {
		struct pattern *p = LIST_ADD(a, ret);

		e = load_one(a, arena_printf(a, "%s/%s", folder, names.v[i]),
		    p);
		if (e)
			return e;
		if (!str_eq(p->name, names.v[i]))
			return err_new(P_DEFINITION,
			    "The folder %s holds a "
			    "pattern named %s.",
			    names.v[i], p->name);
	}
	if (ret->n > 0)
		qsort(ret->v, ret->n, sizeof(ret->v[0]), by_position);
	return NULL;
}

/*
 * The whole compiler: any bytes as a sheet, compiled by each pattern with the
 * first column as key, the last as watermark and order, and once more with all
 * that the pattern offers. What compiles must be well-formed Python, and the
 * same the second time, and its plan must tell the lineage. The patterns are
 * those of $srcdir, or of this folder.
 */
#include "base/base.h"

#include "core/compile.h"
#include "core/patterns.h"
#include "plan/openlineage.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
add_option(struct arena *a, struct plan_options *options,
    const char *const *ids, size_t i, const char *name, const char *value)
{
	struct plan_option *o = LIST_ADD(a, options);

	o->name = arena_printf(a, "%s.%s", ids[i], name);
	o->value = value;
}

/* Has the pattern that option, with that choice? */
static bool
takes(const struct pattern *pattern, const char *name, const char *value)
{
	const struct option *o = pattern_option(pattern, name);
	size_t i;

	if (!o || o->kind != OPTION_CHOICE)
		return o != NULL;
	for (i = 0; i < o->choices.n; i++) {
		if (str_eq(o->choices.v[i].value, value))
			return true;
	}
	return false;
}

/* The columns of each target in the roles that a pattern cannot do without;
 * with all, also what else the pattern offers. */
static void
make_options(struct arena *a, const struct mapping *m,
    const struct pattern *pattern, bool all, struct plan_options *options)
{
	static const char *const others[][2] = {{"vanished", "close"},
	    {"vanished", "delete"}, {"ignore_nulls", "true"},
	    {"add_columns", "true"}, {"late_rows", "load"},
	    {"late_rows", "ignore"}, {"surrogate_key", "the \"key`"},
	    {"valid_to", "until\\"}};
	const char *const *ids = plan_pipeline_ids(a, m);
	size_t i;
	size_t j;

	for (i = 0; i < m->targets.n; i++) {
		const struct mapping_target *t = &m->targets.v[i];
		const char *last;

		if (t->rows.n == 0)
			continue;
		last = t->rows.v[t->rows.n - 1].target_column;
		if (pattern_option(pattern, "keys"))
			add_option(a, options, ids, i, "keys",
			    t->rows.v[0].target_column);
		if (pattern_option(pattern, "order_by"))
			add_option(a, options, ids, i, "order_by", last);
		if (pattern_option(pattern, "watermark"))
			add_option(a, options, ids, i, "watermark", last);
		if (!all)
			continue;
		if (pattern_option(pattern, "deleted") && t->rows.n > 2)
			add_option(a, options, ids, i, "deleted",
			    t->rows.v[1].target_column);
		for (j = 0; j < COUNT_OF(others); j++) {
			if (takes(pattern, others[j][0], others[j][1]))
				add_option(a, options, ids, i, others[j][0],
				    others[j][1]);
		}
	}
}

static void
check_lineage(struct arena *a, const char *plan)
{
	struct lineage lineage;
	const struct err *e;
	const char *event;

	e = lineage_read(a, slice_of(plan), &lineage);
	assert(!e && lineage.has_inputs);
	e = openlineage_json(a, &lineage, "x", 0, &event);
	assert(!e || e->code == P_TOO_LARGE);
}

static void
compile(struct arena *a, struct slice sheet, const struct pattern *pattern,
    bool all)
{
	struct plan_options options = {0};
	struct compiled first;
	struct compiled second;
	const struct err *e;

	compile_check(a, sheet, &first);
	if (first.problems.errors > 0)
		return;
	make_options(a, &first.mapping, pattern, all, &options);
	e = compile_run(a, sheet, "x.csv", pattern, &options, "0", &first);
	if (e && e->code == P_TOO_LARGE)
		return;
	assert(!e);
	e = compile_run(a, sheet, "x.csv", pattern, &options, "0", &second);
	assert(!e);
	assert(slice_eq(first.code, second.code));
	assert(slice_eq(first.tests, second.tests));
	if (first.problems.errors == 0)
		check_lineage(a, first.plan_json);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct arena kept = ARENA_INIT;
	static struct patterns patterns;
	struct arena arena = ARENA_INIT;
	size_t i;

	if (patterns.n == 0) {
		const char *top = getenv("srcdir");

		if (patterns_load(&kept,
		        arena_printf(&kept, "%s/patterns", top ? top : "."),
		        &patterns))
			abort();
	}
	for (i = 0; i < 2 * patterns.n; i++) {
		compile(&arena, (struct slice){(const char *)data, n},
		    &patterns.v[i / 2], i % 2 == 1);
		arena_reset(&arena);
	}
	arena_done(&arena);
	err_clear();
	return 0;
}

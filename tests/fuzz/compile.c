/*
 * The whole compiler: any bytes as a sheet, compiled by each strategy with the
 * first column as key, watermark and order. What compiles must be well-formed
 * Python, and the same the second time, and its plan must tell the lineage.
 */
#include "base/base.h"

#include "core/compile.h"
#include "plan/openlineage.h"

#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const char *const definitions[] = {
    "name: full_load\nposition: 1\nstrategy: full_load\ntitle: t\n"
    "summary: s\ndescription: d\noptions:\n"
    "  - {name: overwrite_schema, title: t, description: d,"
    " kind: boolean, default: true}\n",
    "name: incremental\nposition: 2\nstrategy: incremental\ntitle: t\n"
    "summary: s\ndescription: d\noptions:\n"
    "  - {name: watermark, title: t, description: d, kind: column,"
    " role: watermark}\n"
    "  - {name: keys, title: t, description: d, kind: columns, role: key}\n"
    "  - {name: late_rows, title: t, description: d, kind: choice,"
    " default: ignore, choices: [{value: ignore, title: a},"
    " {value: load, title: b}]}\n"
    "  - {name: null_watermark, title: t, description: d, kind: choice,"
    " default: load, choices: [{value: refuse, title: a},"
    " {value: skip, title: b}, {value: load, title: c}]}\n",
    "name: merge\nposition: 3\nstrategy: merge\ntitle: t\nsummary: s\n"
    "description: d\noptions:\n"
    "  - {name: keys, title: t, description: d, kind: columns, role: key}\n"
    "  - {name: order_by, title: t, description: d, kind: column,"
    " role: sequence}\n",
};

static void
add_option(struct arena *a, struct plan_options *options,
    const char *const *ids, size_t i, const char *name, const char *value)
{
	struct plan_option *o = LIST_ADD(a, options);

	o->name = arena_printf(a, "%s.%s", ids[i], name);
	o->value = value;
}

/* The first and the last column of each target in the roles that a pattern
 * cannot do without. */
static void
make_options(struct arena *a, const struct mapping *m, enum strategy strategy,
    struct plan_options *options)
{
	const char *const *ids = plan_pipeline_ids(a, m);
	size_t i;

	for (i = 0; i < m->targets.n; i++) {
		const struct mapping_target *t = &m->targets.v[i];

		if (t->rows.n == 0 || strategy == STRATEGY_FULL_LOAD)
			continue;
		add_option(a, options, ids, i, "keys",
		    t->rows.v[0].target_column);
		add_option(a, options, ids, i,
		    strategy == STRATEGY_MERGE ? "order_by" : "watermark",
		    t->rows.v[t->rows.n - 1].target_column);
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
compile(struct arena *a, struct slice sheet, const struct pattern *pattern)
{
	struct plan_options options = {0};
	struct compiled first;
	struct compiled second;
	const struct err *e;

	compile_check(a, sheet, &first);
	if (first.problems.errors > 0)
		return;
	make_options(a, &first.mapping, pattern->strategy, &options);
	e = compile_run(a, sheet, "x.csv", pattern, &options, "0", &first);
	if (e && e->code == P_TOO_LARGE)
		return;
	assert(!e);
	e = compile_run(a, sheet, "x.csv", pattern, &options, "0", &second);
	assert(!e);
	assert(slice_eq(first.code, second.code));
	if (first.problems.errors == 0)
		check_lineage(a, first.plan_json);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena arena = ARENA_INIT;
	size_t i;

	for (i = 0; i < COUNT_OF(definitions); i++) {
		struct pattern pattern;
		const struct err *e;

		e = pattern_parse(&arena, slice_of(definitions[i]), SLICE(""),
		    SLICE(""), &pattern);
		assert(!e);
		compile(&arena, (struct slice){(const char *)data, n},
		    &pattern);
		arena_reset(&arena);
	}
	arena_done(&arena);
	err_clear();
	return 0;
}

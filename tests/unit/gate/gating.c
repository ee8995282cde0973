#include "base/base.h"

#include "gating.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

const char *
gating_top(void)
{
	const char *top = getenv("srcdir");

	return top ? top : ".";
}

void
gating_patterns(struct arena *a, struct patterns *ret)
{
	const struct err *e;

	*ret = (struct patterns){0};
	e = patterns_load(a, arena_printf(a, "%s/patterns", gating_top()), ret);

	if (e)
		fail_msg("%s %s", e->message, e->detail);
}

void
gating_compile(struct arena *a, const struct patterns *patterns,
    const char *pattern, const char *sheet, const char *options,
    struct compiled *ret)
{
	static const struct pattern prompt = {.name = "prompt",
	    .title = "A prompt",
	    .prompt = "Do it.",
	    .strategy = STRATEGY_PROMPT,
	    .extends = ""};
	const struct pattern *p = str_eq(pattern, "prompt")
	    ? &prompt
	    : pattern_find(patterns, pattern);
	struct plan_options list = {0};
	const struct err *e;

	while (*options) {
		size_t name = strcspn(options, "=");
		size_t end = strcspn(options, " ");
		struct plan_option *o = LIST_ADD(a, &list);

		o->name = arena_strndup(a, options, name);
		o->value = arena_strndup(a, options + name + 1, end - name - 1);
		options += end;
		options += *options == ' ';
	}
	assert_non_null(p);
	e = compile_for_model(a, slice_of(sheet), "sheet.csv", p, &list, "0",
	    ret);
	if (e)
		fail_msg("%s %s", e->message, e->detail);
	if (ret->problems.errors > 0)
		fail_msg("%s: %s", pattern, ret->problems.v[0].message);
}

const char *
gating_words(struct arena *a, const struct gate_report *report)
{
	struct buf b;
	size_t i;

	buf_init(&b, a, (size_t)1024 * 1024);
	buf_printf(&b, "%s\n", gate_verdict_name(report->verdict));
	for (i = 0; i < report->n; i++)
		buf_printf(&b, "%zu: %s %s\n", report->v[i].line,
		    code_info(report->v[i].code)->id, report->v[i].message);
	return buf_str(&b);
}

static const char load[] =
    "from pyspark.sql import functions as F\n"
    "from delta.tables import DeltaTable\n"
    "rows = spark.read.table('shop.bronze.orders').select(\n"
    "    'order_id', F.lower('status').alias('status'), 'updated_at')\n"
    "target = DeltaTable.forName(spark, 'shop.silver.orders')\n"
    "(target.alias('t').merge(rows.alias('s'), 't.order_id = s.order_id')\n"
    "    .whenMatchedUpdateAll().whenNotMatchedInsertAll().execute())\n"
    "%s\n";

void
gating_refuse(const char *const *statements, size_t n)
{
	struct patterns patterns = {0};
	struct arena a = ARENA_INIT;
	struct compiled compiled;
	struct gate_report report;
	size_t wrong = 0;
	size_t i;

	gating_patterns(&a, &patterns);
	gating_compile(&a, &patterns, "merge", GATING_SHEET, "", &compiled);
	gate_check(&a, slice_of(arena_printf(&a, load, "x = 1")),
	    &compiled.plan, &report);
	if (report.verdict == GATE_REFUSED)
		fail_msg("%s", gating_words(&a, &report));
	for (i = 0; i < n; i++) {
		gate_check(&a, slice_of(arena_printf(&a, load, statements[i])),
		    &compiled.plan, &report);
		if (report.verdict == GATE_REFUSED)
			continue;
		wrong++;
		print_message("%s\n--- passes\n", statements[i]);
	}
	assert_int_equal(wrong, 0);
	arena_done(&a);
}

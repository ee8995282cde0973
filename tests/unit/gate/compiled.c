/*
 * What the compiler writes passes the gate.
 */
#include "base/base.h"

#include "gating.h"

#include "sys/files.h"

static void
check(struct arena *a, const struct patterns *patterns, const char *pattern,
    const char *path, const char *options)
{
	struct gate_report report;
	struct compiled compiled;
	struct slice sheet;

	assert_null(file_read(a, arena_printf(a, "%s/%s", gating_top(), path),
	    1024 * 1024, &sheet));
	gating_compile(a, patterns, pattern, slice_dup(a, sheet), options,
	    &compiled);
	gate_check(a, compiled.code, &compiled.plan, &report);
	if (report.verdict == GATE_REFUSED)
		fail_msg("%s, %s: %s", pattern, path, gating_words(a, &report));
}

static void
test_compiled_code_passes(void **state)
{
	static const char *const cases[][3] = {
	    {"full_load", "samples/sales_full_load.csv", ""},
	    {"incremental", "samples/orders_incremental.csv", ""},
	    {"merge", "samples/order_lines_merge.csv", ""},
	    {"merge", "samples/order_lines_merge.csv", "order_by=changed_at"},
	    {"scd2", "samples/customers_scd2.csv", ""},
	    {"full_load", "patterns/full_load/example.csv", ""},
	    {"incremental", "patterns/incremental/example.csv", ""},
	    {"merge", "patterns/merge/example.csv", ""},
	    {"scd2", "patterns/scd2/example.csv", ""},
	    {"scd1_snapshot", "patterns/scd1_snapshot/example.csv", ""},
	    {"change_feed", "patterns/change_feed/example.csv",
	        "deleted=is_deleted"},
	};
	struct arena a = ARENA_INIT;
	struct patterns patterns;
	size_t i;

	(void)state;
	gating_patterns(&a, &patterns);
	for (i = 0; i < COUNT_OF(cases); i++)
		check(&a, &patterns, cases[i][0], cases[i][1], cases[i][2]);
	arena_done(&a);
	err_clear();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_compiled_code_passes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/base.h"

#include "core/compile.h"

#include "base/buf.h"
#include "core/patterns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* A sheet within its limits whose code is not within those of code. */
static void
test_code_that_is_too_large(void **state)
{
	const char *top = getenv("srcdir");
	struct arena a = ARENA_INIT;
	struct patterns patterns = {0};
	struct plan_options options = {0};
	struct compiled compiled;
	const struct err *e;
	char comment[900];
	struct buf b;
	int i;

	(void)state;
	assert_null(patterns_load(&a,
	    arena_printf(&a, "%s/patterns", top ? top : "."), &patterns));
	memset(comment, 'x', sizeof(comment) - 1);
	comment[sizeof(comment) - 1] = '\0';
	buf_init(&b, &a, SHEET_MAX_BYTES);
	buf_add_str(&b,
	    "source_table,source_column,target_table,target_column,comment\n");
	for (i = 0; i < 10000; i++)
		buf_printf(&b, "s.a,c,t.b%d,c%d,%s\n", i / 2000, i, comment);
	e = compile_run(&a, buf_slice(&b), "x.csv",
	    pattern_find(&patterns, "full_load"), &options, "0", &compiled);
	assert_int_equal(compiled.problems.n, 0);
	assert_non_null(e);
	assert_int_equal(e->code, P_TOO_LARGE);
	err_clear();
	arena_done(&a);
}

/* Whoever follows a prompt, the transforms are known and can be tested. */
static void
test_a_prompt(void **state)
{
	static const char sheet[] =
	    "source_table,source_column,target_table,target_column,"
	    "transformation\n"
	    "a.b.orders,city,a.c.orders,city,upper(city)\n";
	const struct pattern prompt = {.name = "words",
	    .title = "Words",
	    .prompt = "Do it.",
	    .strategy = STRATEGY_PROMPT,
	    .extends = "",
	    .version = 1};
	struct plan_options none = {0};
	struct arena a = ARENA_INIT;
	struct plan_words words = {0};
	struct compiled compiled;

	(void)state;
	assert_null(compile_run(&a, slice_of(sheet), "orders.csv", &prompt,
	    &none, "0", &compiled));
	assert_int_equal(compiled.problems.n, 1);
	assert_int_equal(compiled.problems.v[0].code, P_PROMPT_ONLY);
	assert_int_equal(compiled.code.n, 0);
	assert_null(compile_for_model(&a, slice_of(sheet), "orders.csv",
	    &prompt, &none, "0", &compiled));
	assert_int_equal(compiled.problems.n, 0);
	assert_non_null(strstr(slice_dup(&a, compiled.tests),
	    "code.transform_orders("));
	assert_non_null(strstr(slice_dup(&a, compiled.code),
	    "def transform_orders("));
	plan_describe(&a, &compiled.plan.pipelines.v[0], &prompt, &words);
	assert_non_null(strstr(words.v[words.n - 1], "the pattern's prompt"));
	assert_non_null(strstr(compiled.plan_json, "\"strategy\": \"prompt\""));
	assert_non_null(strstr(compiled.plan_json, "\"options\": {}"));
	/* Nothing that writes. */
	assert_null(strstr(slice_dup(&a, compiled.tests), "target_orders"));
	assert_null(strstr(slice_dup(&a, compiled.tests), "load_orders"));
	assert_null(strstr(slice_dup(&a, compiled.tests), "class Target"));
	arena_done(&a);
}

/* What is not parsed again is the same. */
static void
test_again_is_the_same(void **state)
{
	const char *top = getenv("srcdir");
	struct arena a = ARENA_INIT;
	struct patterns patterns = {0};
	struct plan_options options = {0};
	struct compiled first;
	struct compiled second;
	struct slice sheet = SLICE("source_table,source_column,target_table,"
	                           "target_column,role\n"
	                           "a.b.orders,id,a.c.orders,order_id,key\n");

	(void)state;
	assert_null(patterns_load(&a,
	    arena_printf(&a, "%s/patterns", top ? top : "."), &patterns));
	assert_null(compile_run(&a, sheet, "x.csv",
	    pattern_find(&patterns, "merge"), &options, "0", &first));
	assert_null(compile_again(&a, sheet, "x.csv",
	    pattern_find(&patterns, "merge"), &options, "0", &second));
	assert_true(first.code.n > 0 && first.tests.n > 0);
	assert_true(slice_eq(first.code, second.code));
	assert_true(slice_eq(first.tests, second.tests));
	assert_string_equal(first.plan_json, second.plan_json);
	assert_string_equal(first.source_map, second.source_map);
	arena_done(&a);
}

static void
test_base_names(void **state)
{
	static const char *const names[][2] = {
	    {"/tmp/orders.csv", "orders"},
	    {"orders.of.may.csv", "orders.of.may"},
	    {"orders", "orders"},
	    {"a.b/orders", "orders"},
	    {"/tmp/.csv", ".csv"},
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(names); i++)
		assert_string_equal(compile_base_name(&a, names[i][0]),
		    names[i][1]);
	arena_done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_code_that_is_too_large),
	    cmocka_unit_test(test_a_prompt),
	    cmocka_unit_test(test_again_is_the_same),
	    cmocka_unit_test(test_base_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/base.h"

#include "core/compile.h"

#include "base/buf.h"
#include "core/patterns.h"

#include <setjmp.h>
#include <stdarg.h>

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
	    cmocka_unit_test(test_base_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

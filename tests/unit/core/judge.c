#include "base/base.h"

#include "core/judge.h"

#include "core/compile.h"
#include "core/patterns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SHEET                                                                  \
	"source_table,source_column,target_table,target_column\n"              \
	"a.b.orders,id,a.c.orders,id\n"

/* What our grammar refuses is not shown to Python, which would say so again;
 * what the grammar lets pass is. */
static void
test_python_is_asked_where_it_may_differ(void **state)
{
	static const struct {
		const char *code;
		bool asked;
	} cases[] = {
	    {"```python\nx = (\n```\n", false},
	    {"```python\nreturn 1\n```\n", true},
	    {"```python\ndef f(a, a):\n    pass\n```\n", true},
	};
	const char *top = getenv("srcdir");
	struct arena a = ARENA_INIT;
	struct patterns patterns = {0};
	struct plan_options options = {0};
	struct contract contract = {0};
	struct compiled compiled;
	struct judged judged;

	(void)state;
	assert_null(patterns_load(&a,
	    arena_printf(&a, "%s/patterns", top ? top : "."), &patterns));
	assert_null(compile_run(&a, SLICE(SHEET), "x.csv",
	    pattern_find(&patterns, "full_load"), &options, "0", &compiled));
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *said;

		judge(&a, &compiled.plan, &contract, slice_of(cases[i].code),
		    &judged);
		assert_true(judged.refused);
		if (!strstr(judged.report, "G103"))
			fail_msg("%s: %s", cases[i].code, judged.report);
		said = strstr(judged.report, "Python says");
		if (!said == cases[i].asked)
			fail_msg("%s: %s", cases[i].code, judged.report);
	}
	/* A comment of SQL ends where Spark sees its end. */
	judge(&a, &compiled.plan, &contract,
	    SLICE("```python\r\nx = 1\r\n```\r\n"), &judged);
	assert_string_equal(slice_dup(&a, judged.code), "x = 1\n");
	arena_done(&a);
	err_clear();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_python_is_asked_where_it_may_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

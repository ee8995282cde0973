#include "base/base.h"

#include "plan/complexity.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
test_counts(void **state)
{
	static const struct {
		const char *text;
		int64_t calls;
		int64_t branches;
		int64_t windows;
		int64_t score;
	} cases[] = {
	    {"a", 0, 0, 0, 0},
	    {"a + 1", 0, 0, 0, 0},
	    {"cast(a as int)", 0, 0, 0, 0},
	    {"trim(upper(a))", 2, 0, 0, 2},
	    {"if(a > 1, b, c)", 1, 1, 0, 2},
	    {"case when a then b else c end", 0, 1, 0, 1},
	    {"case a when 1 then 2 when 3 then trim(b) end", 1, 2, 0, 3},
	    {"row_number() over (partition by f(a) order by b)", 2, 0, 1, 5},
	    {"transform(a, x -> trim(x))", 2, 0, 0, 2},
	    {"a in (f(1), g(2)) and not h(3)", 3, 0, 0, 3},
	    {"a +", 0, 0, 0, 0},
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct complexity c = {0};
		struct expr_parsed parsed;

		expr_parse(&a, cases[i].text, &parsed);
		complexity_add(&c, &parsed);
		if (c.function_calls != cases[i].calls ||
		    c.branches != cases[i].branches ||
		    c.windows != cases[i].windows ||
		    complexity_score(&c) != cases[i].score)
			fail_msg("%s: %d %d %d %d", cases[i].text,
			    (int)c.function_calls, (int)c.branches,
			    (int)c.windows, (int)complexity_score(&c));
	}
	arena_done(&a);
	err_clear();
}

static void
test_score(void **state)
{
	const struct complexity c = {1, 10, 100, 1000, 10000, 100000};

	(void)state;
	assert_int_equal(complexity_score(&c), 111 + 33000 + 100000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_counts),
	    cmocka_unit_test(test_score),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/base.h"

#include "core/proof.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* A case without number where there is none. */
static struct proof_case
find(const struct proof_cases *cases, const char *number)
{
	size_t i;

	for (i = 0; i < cases->n; i++) {
		if (str_eq(cases->v[i].number, number))
			return cases->v[i];
	}
	return (struct proof_case){.number = "", .text = ""};
}

/* docs/proof.md has a table for every strategy, and each pair is in it. */
static void
test_every_strategy_has_cases(void **state)
{
	struct arena a = ARENA_INIT;
	enum strategy s;
	size_t pairs;

	(void)state;
	assert_string_equal(proof_pairs(&pairs)[0].spark, "3.5.8");
	assert_int_equal(pairs, 2);
	for (s = STRATEGY_FULL_LOAD; s < STRATEGY_PROMPT; s++) {
		struct proof_cases cases = {0};
		size_t k;

		proof_of(&a, s, true, &cases);
		assert_true(cases.n >= 13);
		for (k = 0; k < pairs; k++)
			assert_true(find(&cases, "P07").off[k] > 0 &&
			    find(&cases, "P07").on[k] > 0);
	}
	arena_done(&a);
}

static void
test_cases_are_of_the_strategy(void **state)
{
	struct proof_cases merge = {0};
	struct proof_cases full = {0};
	struct arena a = ARENA_INIT;

	(void)state;
	proof_of(&a, STRATEGY_MERGE, false, &merge);
	proof_of(&a, STRATEGY_FULL_LOAD, false, &full);
	assert_string_equal(find(&merge, "P24").text,
	    "keys of several columns");
	assert_string_equal(find(&full, "P24").number, "");
	assert_string_equal(find(&merge, "P14").number, "");
	assert_string_equal(find(&full, "P14").number, "P14");
	assert_string_equal(find(&merge, "P44").number, "");
	arena_done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_strategy_has_cases),
	    cmocka_unit_test(test_cases_are_of_the_strategy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

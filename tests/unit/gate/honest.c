/*
 * Replies of honest models: the same load in many styles, each dimension of
 * style with each other. None may be refused. And the same code with a fault:
 * none may pass without a word.
 */
#include "base/base.h"

#include "gating.h"

#include "model/reply.h"

#include "replies.h"

/* The verdict on an answer, as a person gets it. */
static void
judge(struct arena *a, const char *answer, const struct plan *plan,
    struct gate_report *ret)
{
	struct reply reply;

	reply_read(slice_of(answer), &reply);
	assert_true(reply.code.n > 0 && !reply.is_cut);
	gate_check(a, reply.code, plan, ret);
}

/* The styles in a fixed order: each pair of dimensions meets. */
static void
style_of(const struct mapped *m, size_t i, struct style *ret)
{
	*ret = (struct style){.m = m,
	    .column = (enum column_style)(i % COLUMN__COUNT),
	    .import = (enum import_style)(i / COLUMN__COUNT % IMPORT__COUNT),
	    .layout = (enum layout)(i % LAYOUT__COUNT),
	    .naming = (enum naming)((i + i / 28) % NAMING__COUNT),
	    .wrapping = (enum wrapping)((i / 3) % WRAP__COUNT),
	    .write = i / 5};
}

#define STYLES 168

static void
test_honest_replies_pass(void **state)
{
	struct arena kept = ARENA_INIT;
	struct arena a = ARENA_INIT;
	struct patterns patterns;
	size_t total = 0;
	size_t refused = 0;
	size_t remarks = 0;
	size_t m;
	size_t i;

	(void)state;
	gating_patterns(&kept, &patterns);
	for (m = 0; m < MAPPEDS; m++) {
		struct compiled compiled;

		gating_compile(&kept, &patterns, mappeds[m].pattern,
		    mappeds[m].sheet, mappeds[m].options, &compiled);
		for (i = 0; i < STYLES; i++) {
			struct gate_report report;
			struct style style;
			const char *answer;

			style_of(&mappeds[m], i, &style);
			answer = write_reply(&a, &style, FAULT_NONE, 0);
			judge(&a, answer, &compiled.plan, &report);
			total++;
			remarks += report.verdict == GATE_REMARKS;
			if (report.verdict == GATE_REFUSED && refused++ < 3)
				print_message("%s\n%s", answer,
				    gating_words(&a, &report));
			arena_reset(&a);
		}
	}
	print_message("%zu honest replies: %zu with remarks, %zu refused\n",
	    total, remarks, refused);
	assert_true(total >= 500);
	assert_int_equal(refused, 0);
	arena_done(&a);
	arena_done(&kept);
	err_clear();
}

static void
test_no_mutant_passes_silently(void **state)
{
	struct arena kept = ARENA_INIT;
	struct arena a = ARENA_INIT;
	struct patterns patterns;
	size_t verdicts[3] = {0};
	size_t m;
	size_t i;
	size_t fault;
	size_t silent = 0;

	(void)state;
	gating_patterns(&kept, &patterns);
	for (m = 0; m < MAPPEDS; m++) {
		struct compiled compiled;

		gating_compile(&kept, &patterns, mappeds[m].pattern,
		    mappeds[m].sheet, mappeds[m].options, &compiled);
		for (i = 0; i < STYLES; i++) {
			struct gate_report report;
			struct style style;
			const char *answer;

			fault = 1 + i % (FAULT__COUNT - 1);
			style_of(&mappeds[m], i / 2, &style);
			answer = write_reply(&a, &style, (enum fault)fault,
			    i % 5);
			judge(&a, answer, &compiled.plan, &report);
			verdicts[report.verdict]++;
			if (report.verdict == GATE_PASSED && silent++ < 3)
				print_message("fault %zu at %zu\n%s", fault,
				    i % 5, answer);
			arena_reset(&a);
		}
	}
	print_message("mutants: %zu passed, %zu with remarks, %zu refused\n",
	    verdicts[0], verdicts[1], verdicts[2]);
	assert_int_equal(silent, 0);
	arena_done(&a);
	arena_done(&kept);
	err_clear();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_honest_replies_pass),
	    cmocka_unit_test(test_no_mutant_passes_silently),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

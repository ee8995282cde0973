/* The cases of a trial: joins, filters, branches, rules, and what cannot be
 * foretold. */
#include "base/base.h"

#include "trial/trial.h"

#include "base/buf.h"
#include "trial/rules.h"

#include "planning.h"

#include <string.h>

#define HEAD                                                                   \
	"source_table|source_column|target_table|target_column|"               \
	"transformation|join|filter|role|rule|data_type\n"
#define TWO(join)                                                              \
	HEAD "a.b.x x|k|a.b.t|id||||key||\n"                                   \
	     "a.b.y y|k|a.b.t|name||" join "|||\n"

/* The rows of a table as text, "; " between them. */
static const char *
told(struct fixture *f, const struct trial_table *table)
{
	struct buf b;
	size_t i;
	size_t j;

	buf_init(&b, &f->arena, 4000);
	for (i = 0; i < table->rows.n; i++) {
		for (j = 0; j < table->fields.n; j++)
			buf_printf(&b, "%s%s",
			    j       ? " "
			        : i ? "; "
			            : "",
			    value_format(&f->arena, &table->rows.v[i].v[j]));
	}
	return buf_str(&b);
}

static void
try(struct fixture *f, const char *sheet, struct trial *ret)
{
	plan(f, sheet, "full_load", NULL);
	assert_int_equal(f->problems.errors, 0);
	trial_make(&f->arena, &f->plan.pipelines.v[0], ret);
}

static const char *
expected(struct fixture *f, const char *sheet, enum trial_topic topic)
{
	struct trial trial;
	const struct trial_case *c;

	try(f, sheet, &trial);
	c = trial_find(&trial, topic);
	assert_non_null(c);
	return told(f, &c->expected);
}

/* x: a matches once, b nothing, c twice, and one has no key; of y, e is joined
 * by nothing. */
static void
test_joins(void **state)
{
	static const struct {
		const char *sheet;
		const char *want;
	} cases[] = {
	    {TWO("x.k = y.k"), "a a; b NULL; c c; c c; NULL NULL"},
	    {TWO("inner join on x.k = y.k"), "a a; c c; c c"},
	    {TWO("right join on x.k = y.k"), "a a; c c; c c; NULL e"},
	    {TWO("full join on x.k = y.k"),
	        "a a; b NULL; c c; c c; NULL NULL; NULL e"},
	};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(expected(f, cases[i].sheet, TRIAL_JOINS),
		    cases[i].want);
	/* Crossed: two rows for each. */
	assert_string_equal(expected(f, TWO("cross"), TRIAL_DUPLICATES),
	    "Ann Lee  bob ; Ann Lee  bob ");
}

static void
test_filters(void **state)
{
	struct fixture *f = *state;
	struct trial trial;
	const struct trial_case *c;
	size_t kept = 0;
	size_t i;

	try(f,
	    HEAD "a.b.x|id|a.b.t|id|||n > 10|||\n"
	         "a.b.x|n|a.b.t|n|||s in ('a', 'b')|||\n",
	    &trial);
	c = trial_find(&trial, TRIAL_FILTERS);
	for (i = 0; i < c->sources[0].rows.n; i++)
		kept += str_eq(c->sources[0].rows.v[i].remark, "kept") ? 1 : 0;
	assert_true(kept > 1 && kept < c->sources[0].rows.n);
	assert_int_equal(c->expected.rows.n, kept);
	/* The other cases are not about filters: all their rows stay. */
	c = trial_find(&trial, TRIAL_COLUMNS);
	assert_int_equal(c->expected.rows.n, c->sources[0].rows.n);
	c = trial_find(&trial, TRIAL_NULLS);
	assert_int_equal(c->expected.rows.n, 0);
}

static void
test_branches(void **state)
{
	struct fixture *f = *state;
	const char *got = expected(f,
	    HEAD "a.b.x||a.b.t|v|case when n > 100 and s = 'A' then 'both' "
	         "when n > 100 then 'one' else 'none' end||||\n",
	    TRIAL_COLUMNS);

	assert_non_null(strstr(got, "both"));
	assert_non_null(strstr(got, "one;"));
	assert_non_null(strstr(got, "none"));
}

static void
test_what_cannot_be_foretold(void **state)
{
	static const char *const unknown[] = {
	    "current_timestamp()", "ai_gen(s)"};
	struct fixture *f = *state;
	struct trial trial;
	size_t i;

	for (i = 0; i < COUNT_OF(unknown); i++) {
		try(f,
		    arena_printf(&f->arena,
		        HEAD "a.b.x|s|a.b.t|s||||||\n"
		             "a.b.x||a.b.t|v|%s|||||\n",
		        unknown[i]),
		    &trial);
		assert_null(trial.columns.v[0].why);
		assert_non_null(trial.columns.v[1].why);
		assert_non_null(trial_find(&trial, TRIAL_COLUMNS));
	}
	/* A filter that nobody knows leaves no rows to speak of. */
	try(f, HEAD "a.b.x|s|a.b.t|s|||ai_gen(s) = 'x'|||\n", &trial);
	assert_non_null(trial.why);
	assert_null(trial_find(&trial, TRIAL_COLUMNS));
	assert_non_null(trial.sources);
}

static void
test_rules(void **state)
{
	struct fixture *f = *state;
	struct trial_rules rules;
	struct trial trial;
	size_t broken[3] = {0};
	size_t i;
	size_t j;

	try(f,
	    HEAD "a.b.x|id|a.b.t|id||||key|not null; unique|INT\n"
	         "a.b.x|n|a.b.t|n|||||> 0|INT\n",
	    &trial);
	rules_make(&f->arena, &trial, &rules);
	assert_int_equal(trial.pipeline->rules.n, 3);
	for (i = 0; i < rules.rows.rows.n; i++) {
		for (j = 0; j < 3; j++)
			broken[j] += rules.broken[i][j] ? 1 : 0;
	}
	for (j = 0; j < 3; j++) {
		assert_null(rules.why[j]);
		assert_true(broken[j] > 0);
		assert_true(broken[j] < rules.rows.rows.n);
	}
	/* The first row keeps them all. */
	for (j = 0; j < 3; j++)
		assert_false(rules.broken[0][j]);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(test_joins),
	    TEST(test_filters),
	    TEST(test_branches),
	    TEST(test_what_cannot_be_foretold),
	    TEST(test_rules),
	};

	return cmocka_run_group_tests_name("trial", tests, NULL, NULL);
}

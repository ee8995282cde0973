/* What the patterns make of targets, as the models tell it. */
#include "base/base.h"

#include "trial/scenario.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

#include "planning.h"

#define HEAD                                                                   \
	"source_table,source_column,target_table,target_column,"               \
	"transformation,role,data_type\n"
#define PEOPLE                                                                 \
	HEAD "a.b.s,id,a.b.t,id,,key,INT\n"                                    \
	     "a.b.s,name,a.b.t,name,,,STRING\n"                                \
	     "a.b.s,at,a.b.t,at,,sequence,INT\n"                               \
	     "a.b.s,gone,a.b.t,gone,,,BOOLEAN\n"                               \
	     "a.b.s,login,a.b.t,login,,untracked,STRING\n"

/* A row of these cells, typed as the columns are. */
static void
add(struct fixture *f, struct trial_table *table, const char *cells)
{
	struct trial_row *row = LIST_ADD(&f->arena, &table->rows);
	size_t i;

	row->v = arena_array(&f->arena, struct value, table->fields.n);
	for (i = 0; i < table->fields.n; i++) {
		size_t n = strcspn(cells, " ");
		struct value text = value_string(arena_strndup(&f->arena, cells,
		    n));
		struct value_type type = table->fields.v[i].type;
		const char *why;

		row->v[i] = value_null(type);
		if (!slice_is((struct slice){cells, n}, "-"))
			assert_int_equal(eval_cast(&f->arena, &text, type,
			                     &row->v[i], &why),
			    EVAL_VALUE);
		cells += n + (cells[n] == ' ');
	}
}

static int
by_text(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* The rows in order, "; " between them. */
static const char *
told(struct fixture *f, const struct trial_table *table)
{
	const char **lines = arena_array(&f->arena, const char *,
	    table->rows.n + 1);
	struct buf b;
	size_t i;
	size_t j;

	for (i = 0; i < table->rows.n; i++) {
		buf_init(&b, &f->arena, 1000);
		for (j = 0; j < table->fields.n; j++)
			buf_printf(&b, "%s%s", j ? " " : "",
			    value_format(&f->arena, &table->rows.v[i].v[j]));
		lines[i] = buf_str(&b);
	}
	qsort(lines, table->rows.n, sizeof(lines[0]), by_text);
	buf_init(&b, &f->arena, 4000);
	for (i = 0; i < table->rows.n; i++)
		buf_printf(&b, "%s%s", i ? "; " : "", lines[i]);
	return buf_str(&b);
}

/* Runs batches, rows separated by ";", and returns what the target holds then,
 * or why the last one is refused. */
static const char *
run(struct fixture *f, const char *const *batches)
{
	struct trial trial;
	struct trial_table columns;
	struct model model;
	const char *refused = NULL;

	trial_make(&f->arena, &f->plan.pipelines.v[0], &trial);
	columns = scenario_columns(&f->arena, &trial);
	model_init(&f->arena, trial.pipeline, f->plan.pattern->strategy,
	    &columns, &model);
	model.snapshot_at = value_integer(VALUE_INT, 9);
	for (; *batches; batches++) {
		struct trial_table batch = columns;
		const char *rest = *batches;

		batch.rows.n = 0;
		while (*rest) {
			size_t n = strcspn(rest, ";");

			add(f, &batch, arena_strndup(&f->arena, rest, n));
			rest += n + (rest[n] == ';');
		}
		refused = model_run(&model, &batch);
	}
	return refused ? refused : told(f, &model.target);
}

#define RUN(...) run(f, (const char *const[]){__VA_ARGS__, NULL})

static void
test_merge(void **state)
{
	struct fixture *f = *state;

	plan(f, PEOPLE, "merge", "deleted=gone", NULL);
	assert_string_equal(RUN("1 a 1 - -;2 b 1 false -"),
	    "1 a 1 NULL NULL; 2 b 1 false NULL");
	/* Newer, older, as new; a deletion, a late one. */
	assert_string_equal(RUN("1 a 2 - -", "1 b 3 - -"), "1 b 3 NULL NULL");
	assert_string_equal(RUN("1 a 2 - -", "1 b 1 - -"), "1 a 2 NULL NULL");
	assert_string_equal(RUN("1 a 2 - -", "1 b 2 - -"), "1 b 2 NULL NULL");
	assert_string_equal(RUN("1 a 2 - -", "1 b - - -"), "1 a 2 NULL NULL");
	assert_string_equal(RUN("1 a 2 - -", "1 b 2 true -"), "");
	assert_string_equal(RUN("1 a 2 - -", "1 b 1 true -"),
	    "1 a 2 NULL NULL");
	/* Of one key the newest, NULL the oldest; equal rows are one. */
	assert_string_equal(RUN("1 a 1 - -;1 b 3 - -;1 c - - -;1 b 3 - -"),
	    "1 b 3 NULL NULL");
	assert_string_equal(RUN("1 a 1 - -;1 b 1 - -"),
	    "keys that occur more than once");
	assert_string_equal(RUN("- a 1 - -", "- b 2 - -"),
	    "NULL b 2 NULL NULL");
	/* What was deleted keeps older rows out, also if it was never seen. */
	plan(f, PEOPLE, "change_feed", "deleted=gone", NULL);
	assert_string_equal(RUN("1 a 2 - -", "1 - 4 true -", "1 b 3 - -"),
	    "1 NULL 4 true NULL");
	assert_string_equal(RUN("1 - 4 true -", "1 b 3 - -"),
	    "1 NULL 4 true NULL");
	assert_string_equal(RUN("1 - 4 true -", "1 b 5 false -"),
	    "1 b 5 false NULL");
	plan(f, PEOPLE, "change_feed", "deleted=gone", "deletions=delete",
	    NULL);
	assert_string_equal(RUN("1 a 2 - -", "1 - 4 true -"), "");
	plan(f, PEOPLE, "scd1_snapshot", NULL);
	assert_string_equal(RUN("1 a 1 - -;2 a 1 - -", "2 - 2 - -"),
	    "2 NULL 2 NULL NULL");
	assert_string_equal(RUN("1 a 1 - -", ""), "have no rows");
	plan(f, PEOPLE, "merge", "ignore_nulls=true", "vanished=delete", NULL);
	assert_string_equal(RUN("1 a 1 - x;2 a 1 - -", "1 - 2 - -"),
	    "1 a 2 NULL x");
	assert_string_equal(RUN("1 a 1 - -", ""), "have no rows");
}

static void
test_incremental(void **state)
{
	struct fixture *f = *state;

	plan(f, PEOPLE, "incremental", "watermark=at", NULL);
	assert_string_equal(RUN("1 a 2 - -", "1 b 2 - -;2 a 2 - -;3 a 1 - -"),
	    "1 a 2 NULL NULL; 2 a 2 NULL NULL");
	assert_string_equal(RUN("1 a 2 - -", "1 b 3 - -"),
	    "1 a 2 NULL NULL; 1 b 3 NULL NULL");
	assert_string_equal(RUN("1 a 2 - -;1 b 2 - -"),
	    "keys that occur more than once");
	assert_string_equal(RUN("1 a - - -"), "have no watermark");
	plan(f, PEOPLE, "incremental", "watermark=at", "late_rows=load",
	    "null_watermark=load", "keys=", NULL);
	assert_string_equal(RUN("1 a 2 - -", "1 a 2 - -;1 a 1 - -;1 a - - -"),
	    "1 a 1 NULL NULL; 1 a 2 NULL NULL; 1 a NULL NULL NULL");
	plan(f, PEOPLE, "incremental", "watermark=at", "null_watermark=skip",
	    NULL);
	assert_string_equal(RUN("1 a - - -;2 a 1 - -"), "2 a 1 NULL NULL");
}

static void
test_history(void **state)
{
	struct fixture *f = *state;

	plan(f, PEOPLE, "scd2", "deleted=gone", NULL);
	/* There and back, in one batch or in any order of three. */
	assert_string_equal(RUN("1 a 1 - x;1 b 2 - y;1 a 3 - z"),
	    "1 a 1 NULL z 1 2 false; 1 a 3 NULL z 3 NULL true; "
	    "1 b 2 NULL z 2 3 false");
	assert_string_equal(RUN("1 a 3 - z", "1 b 2 - y", "1 a 1 - x"),
	    "1 a 1 NULL z 1 2 false; 1 a 3 NULL z 3 NULL true; "
	    "1 b 2 NULL z 2 3 false");
	/* Deleted, and there again; never seen; at one time. */
	assert_string_equal(RUN("1 a 1 - -", "1 - 3 true -", "1 a 5 - -"),
	    "1 a 1 NULL NULL 1 3 false; 1 a 5 NULL NULL 5 NULL true");
	assert_string_equal(RUN("1 - 3 true -", "1 a 1 - -"),
	    "1 a 1 NULL NULL 1 NULL true");
	assert_string_equal(RUN("1 a 1 - -;1 b 1 - -"),
	    "1 b 1 NULL NULL 1 NULL true");
	assert_string_equal(RUN("1 a - - -"), "have no");
	plan(f, PEOPLE, "scd2", "vanished=close", "late_rows=ignore", NULL);
	assert_string_equal(RUN("1 a 1 - -;2 a 5 - -", "2 b 3 - -"),
	    "1 a 1 NULL NULL 1 9 false; 2 a 5 NULL NULL 5 NULL true");
	assert_string_equal(RUN("1 a 1 - -", ""), "has no rows");
}

static void
test_full_load(void **state)
{
	struct fixture *f = *state;

	plan(f, PEOPLE, "full_load", NULL);
	assert_string_equal(RUN("1 a 1 - -", "2 b 1 - -;2 b 1 - -"),
	    "2 b 1 NULL NULL; 2 b 1 NULL NULL");
}

/* Every pattern has its scenarios; the last run of those that repeat changes
 * nothing. */
static void
test_scenarios(void **state)
{
	static const struct {
		const char *pattern;
		size_t n;
	} cases[] = {
	    {"full_load", 1}, {"incremental", 4}, {"merge", 5}, {"scd2", 3}};
	struct fixture *f = *state;
	size_t i;
	size_t j;

	for (i = 0; i < COUNT_OF(cases); i++) {
		struct scenarios scenarios;
		struct trial trial;

		plan(f, PEOPLE, cases[i].pattern,
		    str_eq(cases[i].pattern, "incremental") ? "watermark=at"
		                                            : NULL,
		    NULL);
		assert_int_equal(f->problems.errors, 0);
		trial_make(&f->arena, &f->plan.pipelines.v[0], &trial);
		scenarios_make(&f->arena, &trial, f->plan.pattern->strategy,
		    &scenarios);
		assert_null(scenarios.why);
		assert_int_equal(scenarios.list.n, cases[i].n);
		for (j = 0; j < scenarios.list.n; j++) {
			const struct scenario *s = &scenarios.list.v[j];
			size_t last = s->runs.n - 1;

			if (s->repeats)
				assert_string_equal(told(f,
				                        &s->runs.v[last]
				                             .expected),
				    told(f, &s->runs.v[last - 1].expected));
		}
	}
}

static void
test_too_few_values(void **state)
{
	struct fixture *f = *state;
	struct scenarios scenarios;
	struct trial trial;

	plan(f,
	    HEAD "a.b.s,id,a.b.t,id,,key,BOOLEAN\n"
	         "a.b.s,name,a.b.t,name,,,STRING\n",
	    "merge", NULL);
	trial_make(&f->arena, &f->plan.pipelines.v[0], &trial);
	scenarios_make(&f->arena, &trial, STRATEGY_MERGE, &scenarios);
	assert_non_null(strstr(scenarios.why, "id"));
	assert_int_equal(scenarios.list.n, 0);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(test_merge),
	    TEST(test_incremental),
	    TEST(test_history),
	    TEST(test_full_load),
	    TEST(test_scenarios),
	    TEST(test_too_few_values),
	};

	return cmocka_run_group_tests_name("scenario", tests, NULL, NULL);
}

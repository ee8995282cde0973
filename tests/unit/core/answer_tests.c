/*
 * Tests that a model writes of its code: they are used where they pass, and
 * whatever comes of them, the code is not lost.
 */
#include "base/base.h"

#include "asking.h"
#include "db/db.h"

#include <string.h>

static const char *
tests_of_model(void)
{
	return arena_printf(&now.f->arena,
	    "%s\n\ndef test_more(code):\n    assert code.TARGET_ORDERS\n",
	    now.tests);
}

static struct generation_id
run_with_tests(const char *tests, const char *end)
{
	struct generation_id id;

	now.wants_tests = true;
	now.tests_bytes = stream(tests, end);
	connect_model(stream(fenced(now.code), COMPLETE), CONNECTION_STORED);
	id = accepted(NULL);
	assert_true(answer(id).wants_tests);
	assert_true(run_as(&now.f->ann, id));
	return id;
}

static void
test_tests_of_the_model(void **state)
{
	struct generation_id id;

	(void)state;
	id = run_with_tests(fenced(tests_of_model()), COMPLETE);
	assert_string_equal(buf_str(&now.heard),
	    "asked begun read checked=passed "
	    "tests tests-read tests-checked=passed ");
	/* Whatever happens to the worker from here on, the code is there. */
	assert_string_equal(now.kept, now.code);
	assert_int_equal(result(id).status, GENERATION_SUCCEEDED);
	assert_string_equal(result(id).code, now.code);
	assert_string_equal(result(id).tests, tests_of_model());
	assert_true(answer_has_tests(&(struct answer_row){0}) == false);
	assert_string_equal(answer(id).text, fenced(now.code));
	assert_string_equal(answer(id).tests_text, fenced(tests_of_model()));
	assert_int_equal(answer(id).round, 1);
	assert_int_equal(answer(id).tests_round, 1);
	assert_int_equal(answer(id).tokens_out, 40);
	assert_string_equal(answer(id).tests_error, "");
}

/* Nobody asked for them. */
static void
test_compiled_tests_are_the_default(void **state)
{
	struct generation_id id;
	struct answer_row row;

	(void)state;
	now.tests_bytes = stream(fenced(tests_of_model()), COMPLETE);
	connect_model(stream(fenced(now.code), COMPLETE), CONNECTION_STORED);
	id = accepted(NULL);
	assert_true(run_as(&now.f->ann, id));
	assert_string_equal(buf_str(&now.heard),
	    "asked begun read checked=passed ");
	assert_string_equal(result(id).tests, "compiled");
	row = answer(id);
	assert_false(answer_has_tests(&row));
}

/* They are refused twice: the code is there, with the compiled tests. */
static void
test_bad_tests_of_the_model(void **state)
{
	struct generation_id id;
	struct answer_row row;

	(void)state;
	id = run_with_tests(fenced("import os\nos.system('id')\n"), COMPLETE);
	assert_string_equal(buf_str(&now.heard),
	    "asked begun read checked=passed "
	    "tests tests-read tests-checked=refused tests-repair "
	    "tests-read tests-checked=refused ");
	assert_int_equal(result(id).status, GENERATION_SUCCEEDED);
	assert_string_equal(result(id).error, "");
	assert_string_equal(result(id).code, now.code);
	assert_string_equal(result(id).tests, "compiled");
	row = answer(id);
	assert_true(str_starts(row.tests_error, "R125"));
	assert_non_null(strstr(row.tests_report, "\"line\":2"));
	assert_string_equal(row.report, "[]");
	assert_int_equal(row.tests_round, 2);
	assert_false(answer_has_tests(&row));
	/* It has succeeded; there is nothing to ask for again. */
	fails(answers_restart(&now.f->app, &now.f->arena, &now.f->ann, id, NULL,
	          NULL),
	    W_CONFLICT);
}

/* The model breaks off, or fails: the same. */
static void
test_tests_that_do_not_come(void **state)
{
	static const char *const ends[][2] = {
	    {"", "R105"},
	    {"data: {\"choices\":[{\"delta\":{},"
	     "\"finish_reason\":\"length\"}]}\n\ndata: [DONE]\n\n",
	        "R119"},
	    {"data: {\"error\":{\"message\":\"no\"}}\n\n", "R1"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(ends); i++) {
		struct generation_id id;

		now.fresh = true;
		id = run_with_tests(now.tests, ends[i][0]);
		assert_int_equal(result(id).status, GENERATION_SUCCEEDED);
		assert_string_equal(result(id).code, now.code);
		assert_string_equal(result(id).tests, "compiled");
		assert_true(str_starts(answer(id).tests_error, ends[i][1]));
		peer_stop(&now.peer);
		ok(connections_remove(&now.f->app, &now.f->arena, &now.f->ann,
		    now.connection.id));
	}
	now.peer.pid = 0;
}

/* Code that is refused has no tests. */
static void
test_no_tests_of_bad_code(void **state)
{
	struct generation_id id;

	(void)state;
	now.wants_tests = true;
	now.tests_bytes = stream(fenced(now.tests), COMPLETE);
	connect_model(stream(fenced("import os\n"), COMPLETE),
	    CONNECTION_STORED);
	id = accepted(NULL);
	assert_true(run_as(&now.f->ann, id));
	assert_null(strstr(buf_str(&now.heard), "tests"));
	assert_int_equal(result(id).status, GENERATION_FAILED);
	assert_int_equal(answer(id).tests_round, 0);
}

static void
test_stop_at_the_tests(void **state)
{
	struct generation_id id;

	(void)state;
	now.stops_at = ANSWER_TESTS;
	id = run_with_tests(fenced(now.tests), COMPLETE);
	assert_int_equal(result(id).status, GENERATION_SUCCEEDED);
	assert_string_equal(result(id).code, now.code);
	assert_string_equal(result(id).tests, "compiled");
	assert_true(str_starts(answer(id).tests_error, "R126"));
	/* At the code nothing is there yet. */
	now.stops_at = ANSWER_CHECKED;
	now.fresh = true;
	id = accepted(NULL);
	assert_true(run_as(&now.f->ann, id));
	assert_int_equal(result(id).status, GENERATION_STOPPED);
	assert_string_equal(result(id).code, "");
}

static void
interrupt_at_tests(struct generation_id id)
{
	ok(db_script(now.f->app.db,
	    "UPDATE generation SET status = 'running';"
	    "UPDATE answer SET ended = NULL, lease = 1, tests_round = 1, "
	    "tests_text = 'abc'"));
	assert_int_equal(answer(id).state, ANSWER_INTERRUPTED);
	assert_true(answer(id).has_code);
}

/* A worker that died while the tests came: the code is not asked for again. */
static void
test_an_interruption_at_the_tests(void **state)
{
	struct generation_id id;

	(void)state;
	id = run_with_tests(fenced(tests_of_model()), COMPLETE);
	interrupt_at_tests(id);
	ok(answers_restart(&now.f->app, &now.f->arena, &now.f->ann, id, NULL,
	    NULL));
	assert_int_equal(answer(id).state, ANSWER_ACCEPTED);
	assert_string_equal(answer(id).text, fenced(now.code));
	assert_true(run_as(&now.f->ann, id));
	assert_string_equal(buf_str(&now.heard),
	    "tests begun tests-read tests-checked=passed ");
	assert_int_equal(result(id).status, GENERATION_SUCCEEDED);
	assert_string_equal(result(id).tests, tests_of_model());
	assert_string_equal(answer(id).text, fenced(now.code));
	/* Or its owner takes the code, with the tests that are there. */
	interrupt_at_tests(id);
	ok(answers_stop(&now.f->app, &now.f->arena, &now.f->ann, id));
	assert_int_equal(result(id).status, GENERATION_SUCCEEDED);
	assert_string_equal(result(id).code, now.code);
	assert_true(str_starts(answer(id).tests_error, "R126"));
	/* The connection is gone: the code is not. */
	interrupt_at_tests(id);
	ok(answers_restart(&now.f->app, &now.f->arena, &now.f->ann, id, NULL,
	    NULL));
	ok(connections_remove(&now.f->app, &now.f->arena, &now.f->ann,
	    now.connection.id));
	assert_true(run_as(&now.f->ann, id));
	assert_int_equal(result(id).status, GENERATION_SUCCEEDED);
	assert_true(str_starts(answer(id).tests_error, "R112"));
}

/* Who writes the tests is part of the question; only good tests are used
 * again. */
static void
test_the_same_question_with_tests(void **state)
{
	struct generation_id first;
	struct generation_id id;
	struct answer_row row;

	(void)state;
	first = run_with_tests(fenced(tests_of_model()), COMPLETE);
	id = accepted(NULL);
	assert_true(run_as(&now.f->ann, id));
	assert_string_equal(buf_str(&now.heard), "found ");
	assert_string_equal(result(id).tests, tests_of_model());
	row = answer(id);
	assert_int_equal(row.source.v, first.v);
	assert_true(answer_has_tests(&row));
	assert_string_equal(row.tests_text, fenced(tests_of_model()));
	now.wants_tests = false;
	id = accepted(NULL);
	assert_true(run_as(&now.f->ann, id));
	assert_int_equal(answer(id).source.v, 0);
	assert_string_equal(result(id).tests, "compiled");
	now.wants_tests = true;
	ok(db_script(now.f->app.db, "UPDATE answer SET tests_error = 'x'"));
	id = accepted(NULL);
	assert_true(run_as(&now.f->ann, id));
	assert_int_equal(answer(id).source.v, 0);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, asking_setup, asking_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_tests_of_the_model),
	    TEST(test_compiled_tests_are_the_default),
	    TEST(test_bad_tests_of_the_model),
	    TEST(test_tests_that_do_not_come),
	    TEST(test_no_tests_of_bad_code),
	    TEST(test_stop_at_the_tests),
	    TEST(test_an_interruption_at_the_tests),
	    TEST(test_the_same_question_with_tests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

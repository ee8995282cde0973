/*
 * Code that a model writes, from the form to the stored result. The model is a
 * peer that says what the test has written down.
 */
#include "base/base.h"

#include "asking.h"
#include "db/db.h"

#include <string.h>

static void
test_a_good_answer(void **state)
{
	struct generation_id id;

	(void)state;
	connect_model(stream(fenced(now.code), COMPLETE), CONNECTION_STORED);
	id = accepted(NULL);
	assert_int_equal(result(id).status, GENERATION_RUNNING);
	assert_int_equal(answer(id).state, ANSWER_ACCEPTED);
	/* Whoever else looks on does not begin it. */
	assert_false(run_as(&now.f->admin, id));
	assert_true(run_as(&now.f->ann, id));
	assert_string_equal(buf_str(&now.heard),
	    "asked begun read checked=passed ");
	assert_int_equal(result(id).status, GENERATION_SUCCEEDED);
	assert_string_equal(result(id).code, now.code);
	assert_int_equal(answer(id).state, ANSWER_ENDED);
	assert_int_equal(answer(id).tokens_in, 10);
	assert_int_equal(answer(id).tokens_out, 20);
	assert_string_equal(answer(id).report, "[]");
	assert_false(run_as(&now.f->ann, id));
	fails(answers_restart(&now.f->app, &now.f->arena, &now.f->ann, id, NULL,
	          NULL),
	    W_CONFLICT);
}

/* It is asked once to mend it, and then refused. */
static void
test_a_bad_answer(void **state)
{
	struct generation_id id;

	(void)state;
	connect_model(stream(fenced("import os\nos.system('id')\n"), COMPLETE),
	    CONNECTION_STORED);
	id = accepted(NULL);
	assert_true(run_as(&now.f->ann, id));
	assert_string_equal(buf_str(&now.heard),
	    "asked begun read checked=refused repair "
	    "asked read checked=refused ");
	assert_int_equal(result(id).status, GENERATION_FAILED);
	assert_true(str_starts(result(id).error, "R121"));
	assert_int_equal(answer(id).round, 2);
	assert_int_equal(answer(id).tokens_out, 40);
	assert_non_null(strstr(answer(id).report, "\"line\":1"));
	ok(answers_restart(&now.f->app, &now.f->arena, &now.f->ann, id, NULL,
	    NULL));
	assert_int_equal(answer(id).state, ANSWER_ACCEPTED);
	assert_int_equal(result(id).status, GENERATION_RUNNING);
	assert_true(run_as(&now.f->ann, id));
}

static void
test_an_answer_that_breaks_off(void **state)
{
	struct generation_id id;

	(void)state;
	connect_model(stream(now.code, ""), CONNECTION_STORED);
	id = accepted(NULL);
	assert_true(run_as(&now.f->ann, id));
	assert_string_equal(buf_str(&now.heard), "asked begun ");
	assert_true(str_starts(result(id).error, "R105"));
	assert_string_equal(answer(id).text, now.code);
	assert_string_equal(result(id).code, "");
}

static void
test_an_answer_that_is_too_long(void **state)
{
	struct generation_id id;

	(void)state;
	connect_model(stream(now.code,
	                  "data: {\"choices\":[{\"delta\":{},"
	                  "\"finish_reason\":\"length\"}]}\n\ndata: "
	                  "[DONE]\n\n"),
	    CONNECTION_STORED);
	id = accepted(NULL);
	assert_true(run_as(&now.f->ann, id));
	assert_true(str_starts(result(id).error, "R119"));
}

/* Code that was refused is kept to be looked at; it is not what is begun anew
 * with, whoever writes the tests. */
static void
test_a_refusal_begun_anew(void **state)
{
	static const char *const tests[] = {NULL, "model"};
	struct generation_id id;

	(void)state;
	connect_model(stream("```python\nimport os\nos.system('id')\n```\n",
	                  COMPLETE),
	    CONNECTION_STORED);
	id = accepted(NULL);
	assert_true(run_as(&now.f->ann, id));
	assert_true(str_starts(result(id).error, "R121"));
	assert_non_null(strstr(result(id).code, "os.system"));
	for (size_t i = 0; i < COUNT_OF(tests); i++) {
		assert_false(answer(id).has_code);
		ok(answers_restart(&now.f->app, &now.f->arena, &now.f->ann, id,
		    NULL, tests[i]));
		assert_true(run_as(&now.f->ann, id));
		assert_int_equal(result(id).status, GENERATION_FAILED);
		assert_true(str_starts(result(id).error, "R121"));
	}
}

static void
test_a_server_that_refuses(void **state)
{
	struct generation_id id;

	(void)state;
	connect_model("HTTP/1.1 401 No\r\nContent-Type: application/json\r\n"
	              "\r\n{\"error\":{\"message\":\"no sk-1\"}}",
	    CONNECTION_STORED);
	id = accepted(NULL);
	assert_true(run_as(&now.f->ann, id));
	assert_true(str_starts(result(id).error, "R110"));
	assert_null(strstr(result(id).error, "sk-1"));
	/* Nor where nobody answers any more. */
	peer_stop(&now.peer);
	now.peer.pid = 0;
	ok(answers_restart(&now.f->app, &now.f->arena, &now.f->ann, id, NULL,
	    NULL));
	assert_true(run_as(&now.f->ann, id));
	assert_true(str_starts(result(id).error, "R101"));
}

static void
test_stop(void **state)
{
	struct generation_id id;

	(void)state;
	connect_model(stream(now.code, COMPLETE), CONNECTION_STORED);
	id = accepted(NULL);
	fails(answers_stop(&now.f->app, &now.f->arena, &now.f->bob, id),
	    W_NOT_FOUND);
	fails(answers_stop(&now.f->app, &now.f->arena, &now.f->admin, id),
	    W_NOT_FOUND);
	ok(answers_stop(&now.f->app, &now.f->arena, &now.f->ann, id));
	assert_int_equal(result(id).status, GENERATION_STOPPED);
	assert_false(run_as(&now.f->ann, id));
	ok(answers_restart(&now.f->app, &now.f->arena, &now.f->ann, id, NULL,
	    NULL));
	now.stops = true;
	assert_true(run_as(&now.f->ann, id));
	assert_int_equal(result(id).status, GENERATION_STOPPED);
	assert_int_equal(answer(id).state, ANSWER_ENDED);
	assert_string_equal(result(id).code, "");
}

/* A worker that died leaves what had come, and its owner may begin anew. */
static void
test_an_interruption(void **state)
{
	struct generation_id id;

	(void)state;
	connect_model(stream(fenced(now.code), COMPLETE), CONNECTION_STORED);
	id = accepted(NULL);
	ok(db_script(now.f->app.db,
	    "UPDATE answer SET started = 1, worker = 'dead', text = 'abc', "
	    "lease = 1750000001000"));
	assert_int_equal(answer(id).state, ANSWER_RUNNING);
	assert_false(run_as(&now.f->ann, id));
	fixture_pass_time(now.f, MINUTE);
	assert_int_equal(answer(id).state, ANSWER_INTERRUPTED);
	assert_string_equal(answer(id).text, "abc");
	assert_false(run_as(&now.f->ann, id));
	ok(answers_restart(&now.f->app, &now.f->arena, &now.f->ann, id, NULL,
	    NULL));
	assert_true(run_as(&now.f->ann, id));
	assert_int_equal(result(id).status, GENERATION_SUCCEEDED);
}

/* It lies sealed in the row until it is used, and nowhere after. */
static void
test_a_token_for_once(void **state)
{
	struct generation_id id;

	(void)state;
	connect_model(stream(fenced(now.code), COMPLETE), CONNECTION_ASKED);
	id = accepted("sk-canary");
	assert_non_null(answer(id).box);
	assert_null(strstr(answer(id).box, "canary"));
	assert_true(run_as(&now.f->ann, id));
	assert_null(answer(id).box);
	assert_int_equal(result(id).status, GENERATION_SUCCEEDED);
}

static void
test_a_connection_that_is_gone(void **state)
{
	struct generation_id id;

	(void)state;
	connect_model(stream(fenced(now.code), COMPLETE), CONNECTION_STORED);
	id = accepted(NULL);
	ok(connections_remove(&now.f->app, &now.f->arena, &now.f->ann,
	    now.connection.id));
	assert_true(run_as(&now.f->ann, id));
	assert_true(str_starts(result(id).error, "R112"));
	fails(answers_restart(&now.f->app, &now.f->arena, &now.f->ann, id, NULL,
	          NULL),
	    W_CONFLICT);
}

/* What was entered for one server is not sent to another. */
static void
test_a_connection_that_has_changed(void **state)
{
	struct connection_entry entry = {.name = "Local",
	    .provider = CHAT_OPENAI,
	    .auth = CONNECTION_ASKED,
	    .address = "http://llm.example",
	    .model = "m",
	    .client_id = "",
	    .instructions = "",
	    .max_tokens = 4000,
	    .first_s = 1,
	    .total_s = 60};
	enum connection_part part;
	struct connection_id id;
	struct generation_id g;

	(void)state;
	connect_model(stream(fenced(now.code), COMPLETE), CONNECTION_ASKED);
	g = accepted("sk-canary");
	now.f->config.model_hosts = "llm.example";
	ok(connections_save(&now.f->app, &now.f->arena, &now.f->ann, NULL,
	    now.connection.id, &entry, &id, &part));
	assert_true(run_as(&now.f->ann, g));
	assert_string_equal(buf_str(&now.heard), "");
	assert_true(str_starts(result(g).error, "R114"));
	ok(answers_restart(&now.f->app, &now.f->arena, &now.f->ann, g,
	    "sk-other", NULL));
	assert_string_equal(answer(g).host, "llm.example");
}

/* The very same is not asked twice, for a while and by one person. */
static void
test_the_same_question(void **state)
{
	struct generation_id first;
	struct generation_id second;

	(void)state;
	connect_model(stream(fenced(now.code), COMPLETE), CONNECTION_STORED);
	first = accepted(NULL);
	assert_true(run_as(&now.f->ann, first));
	second = accepted(NULL);
	assert_true(run_as(&now.f->ann, second));
	assert_string_equal(buf_str(&now.heard), "found ");
	assert_int_equal(result(second).status, GENERATION_SUCCEEDED);
	assert_string_equal(result(second).code, now.code);
	assert_int_equal(answer(second).source.v, first.v);
	now.fresh = true;
	second = accepted(NULL);
	assert_true(run_as(&now.f->ann, second));
	assert_int_equal(answer(second).source.v, 0);
	now.fresh = false;
	fixture_pass_time(now.f, 25 * HOUR);
	second = accepted(NULL);
	assert_true(run_as(&now.f->ann, second));
	assert_int_equal(answer(second).source.v, 0);
}

/* Another one is newer; those that were used again are not counted. */
static void
test_the_newest_are_looked_through(void **state)
{
	struct generation_id first;
	struct generation_id id;

	(void)state;
	connect_model(stream(fenced(now.code), COMPLETE), CONNECTION_STORED);
	first = accepted(NULL);
	assert_true(run_as(&now.f->ann, first));
	now.wants_tests = true;
	assert_true(run_as(&now.f->ann, accepted(NULL)));
	now.wants_tests = false;
	now.f->config.answer_cache_size = 2;
	for (int i = 0; i < 3; i++) {
		id = accepted(NULL);
		assert_true(run_as(&now.f->ann, id));
		assert_int_equal(answer(id).source.v, first.v);
	}
	now.f->config.answer_cache_size = 1;
	id = accepted(NULL);
	assert_true(run_as(&now.f->ann, id));
	assert_int_equal(answer(id).source.v, 0);
}

static void
test_not_too_often(void **state)
{
	struct answer_question question = {
	    .connection = &now.connection, .wishes = ""};
	struct generation g;
	struct generation_id id;

	(void)state;
	connect_model(stream(fenced(now.code), COMPLETE), CONNECTION_STORED);
	g = result(accepted(NULL));
	for (int i = 1; i < 10; i++)
		ok(answers_accept(&now.f->app, &now.f->arena, &now.f->ann, NULL,
		    &g, &question, &id));
	fails(answers_accept(&now.f->app, &now.f->arena, &now.f->ann, NULL, &g,
	          &question, &id),
	    W_TOO_MANY);
	fixture_pass_time(now.f, 2 * MINUTE);
	ok(answers_accept(&now.f->app, &now.f->arena, &now.f->ann, NULL, &g,
	    &question, &id));
	/* Begun anew, it asks again. */
	for (int i = 1; i < 10; i++) {
		ok(answers_stop(&now.f->app, &now.f->arena, &now.f->ann, id));
		ok(answers_restart(&now.f->app, &now.f->arena, &now.f->ann, id,
		    NULL, NULL));
	}
	ok(answers_stop(&now.f->app, &now.f->arena, &now.f->ann, id));
	fails(answers_restart(&now.f->app, &now.f->arena, &now.f->ann, id, NULL,
	          NULL),
	    W_TOO_MANY);
	assert_int_equal(result(id).status, GENERATION_STOPPED);
	fixture_pass_time(now.f, 2 * MINUTE);
	ok(answers_restart(&now.f->app, &now.f->arena, &now.f->ann, id, NULL,
	    NULL));
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, asking_setup, asking_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_a_good_answer),
	    TEST(test_a_bad_answer),
	    TEST(test_an_answer_that_breaks_off),
	    TEST(test_an_answer_that_is_too_long),
	    TEST(test_a_refusal_begun_anew),
	    TEST(test_a_server_that_refuses),
	    TEST(test_stop),
	    TEST(test_an_interruption),
	    TEST(test_a_token_for_once),
	    TEST(test_a_connection_that_is_gone),
	    TEST(test_a_connection_that_has_changed),
	    TEST(test_the_same_question),
	    TEST(test_the_newest_are_looked_through),
	    TEST(test_not_too_often),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Code that a model writes, from the form to the stored result. The model is a
 * peer that says what the test has written down.
 */
#include "base/base.h"

#include "core/answers.h"

#include "base/json.h"
#include "core/compile.h"
#include "core/own_patterns.h"
#include "db/db.h"
#include "fixture.h"
#include "../sys/peer.h"

#include <stdlib.h>
#include <string.h>

#define SHEET                                                                  \
	"source_table,source_column,target_table,target_column,"               \
	"transformation,role\n"                                                \
	"a.b.orders,id,a.c.orders,order_id,,key\n"                             \
	"a.b.orders,city,a.c.orders,city,upper(city),\n"

static struct patterns built_in;

static struct state {
	struct fixture *f;
	struct peer peer;
	struct peer_answer answers[2];
	const char *code; /* the compiler's */
	struct connection connection;
	struct mapping_id mapping;
	struct buf heard; /* what the watcher was told */
	bool fresh;       /* the next one is asked anew */
	int keys;         /* used so far */
	bool stops;       /* the watcher stops it at the first word */
} now;

static void
compile(struct fixture *f)
{
	struct plan_options options = {0};
	struct compiled compiled;

	ok(compile_run(&f->arena, SLICE(SHEET), "orders.csv",
	    pattern_find(&built_in, "merge"), &options, "1", &compiled));
	assert_int_equal(compiled.problems.errors, 0);
	now.code = slice_dup(&f->arena, compiled.code);
}

static int
setup(void **state)
{
	const char *top = getenv("srcdir");
	struct fixture *f;

	fixture_setup(state);
	f = *state;
	now = (struct state){.f = f};
	built_in = (struct patterns){0};
	ok(patterns_load(&f->arena,
	    arena_printf(&f->arena, "%s/patterns", top ? top : "."),
	    &built_in));
	f->app.patterns = &built_in;
	f->app.makes_calls = true;
	app_close(&f->app);
	ok(app_reopen(&f->arena, &f->app));
	compile(f);
	ok(mappings_create(&f->app, &f->ann, NULL, "orders.csv", SLICE(SHEET),
	    &now.mapping));
	buf_init(&now.heard, &f->arena, 1 << 20);
	return 0;
}

static int
teardown(void **state)
{
	if (now.peer.pid)
		peer_stop(&now.peer);
	return fixture_teardown(state);
}

/* A stream that says this text, in two pieces, and ends like that. */
static const char *
stream(const char *text, const char *end)
{
	struct arena *a = &now.f->arena;
	size_t half = strlen(text) / 2;
	struct slice pieces[] = {{text, half}, slice_of(text + half)};
	struct buf b;

	buf_init(&b, a, 4 << 20);
	buf_add_str(&b,
	    "HTTP/1.1 200 OK\r\n"
	    "Content-Type: text/event-stream\r\n\r\n");
	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		struct json_writer w;

		buf_add_str(&b, "data: {\"choices\":[{\"delta\":{\"content\":");
		json_init(&w, &b, false);
		json_slice(&w, pieces[i]);
		buf_add_str(&b, "}}]}\n\n");
	}
	buf_add_str(&b, end);
	return buf_str(&b);
}

#define COMPLETE                                                               \
	"data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],"      \
	"\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":20}}\n\n"       \
	"data: [DONE]\n\n"

/* A connection to a model that answers like that. */
static void
connect_model(const char *bytes, enum connection_auth auth)
{
	struct fixture *f = now.f;
	struct connection_entry entry = {.name = "Local",
	    .provider = CHAT_OPENAI,
	    .auth = auth,
	    .token = auth == CONNECTION_STORED ? "sk-1" : "",
	    .model = "m",
	    .client_id = "",
	    .instructions = "",
	    .max_tokens = 4000,
	    .first_s = 1,
	    .total_s = 60};
	enum connection_part part;
	struct connection_id id;

	now.answers[0] = (struct peer_answer){
	    "/chat/completions", bytes, false};
	peer_start(&now.peer, now.answers);
	entry.address = arena_printf(&f->arena, "http://127.0.0.1:%d",
	    now.peer.port);
	f->config.model_hosts = arena_printf(&f->arena, "127.0.0.1:%d",
	    now.peer.port);
	ok(connections_save(&f->app, &f->arena, &f->ann, NULL,
	    (struct connection_id){0}, &entry, &id, &part));
	ok(connections_get(&f->app, &f->arena, &f->ann, id, &now.connection));
}

static struct generation_id
accepted(const char *token)
{
	struct fixture *f = now.f;
	const struct generation g = {.mapping = now.mapping,
	    .revision_number = 1,
	    .name = "orders.csv",
	    .pattern = "merge",
	    .options = "{}",
	    .engine = "model",
	    .compiler = "m",
	    .targets = "a.c.orders",
	    .target_count = 1,
	    .column_count = 2,
	    .error = "",
	    .code = "",
	    .plan = "{}"};
	struct generation_id id;
	struct generation_id again;

	const struct answer_question question = {.connection = &now.connection,
	    .token = token,
	    .wishes = "Be brief.",
	    .fresh = now.fresh};
	const char *key = arena_printf(&f->arena, "key-123%d", now.keys++);

	ok(answers_accept(&f->app, &f->arena, &f->ann, key, &g, &question,
	    &id));
	ok(answers_accept(&f->app, &f->arena, &f->ann, key, &g, &question,
	    &again));
	assert_int_equal(id.v, again.v);
	return id;
}

static void
on_step(void *context, enum answer_step step, const char *words)
{
	static const char *const names[ANSWER__STEP_COUNT] = {
	    "found", "asked", "begun", "read", "checked", "repair"};

	(void)context;
	buf_printf(&now.heard, "%s%s%s ", names[step],
	    step == ANSWER_CHECKED ? "=" : "",
	    step == ANSWER_CHECKED ? words : "");
}

static void
on_text(void *context, struct slice piece)
{
	struct generation_id *id = context;

	(void)piece;
	if (now.stops)
		ok(answers_stop(&now.f->app, &now.f->arena, &now.f->ann, *id));
}

static bool
run_as(const struct user *user, struct generation_id id)
{
	const struct answer_watcher watcher = {
	    .step = on_step, .text = on_text, .context = &id};
	bool claimed;

	now.heard.n = 0;
	ok(answer_run(&now.f->app, &now.f->arena, user, id, "worker", &watcher,
	    &claimed));
	return claimed;
}

static struct generation
result(struct generation_id id)
{
	struct generation g;

	ok(generations_get(&now.f->app, &now.f->arena, &now.f->ann, id, &g));
	return g;
}

static struct answer_row
answer(struct generation_id id)
{
	struct answer_row row;

	ok(answers_get(&now.f->app, &now.f->arena, &now.f->ann, id, &row));
	return row;
}

static const char *
fenced(const char *code)
{
	return arena_printf(&now.f->arena,
	    "Here it is:\n\n```python\n%s```\n\nEnjoy.\n", code);
}

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
	fails(answers_restart(&now.f->app, &now.f->arena, &now.f->ann, id,
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
	ok(answers_restart(&now.f->app, &now.f->arena, &now.f->ann, id, NULL));
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
	ok(answers_restart(&now.f->app, &now.f->arena, &now.f->ann, id, NULL));
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
	ok(answers_restart(&now.f->app, &now.f->arena, &now.f->ann, id, NULL));
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
	ok(answers_restart(&now.f->app, &now.f->arena, &now.f->ann, id, NULL));
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
	fails(answers_restart(&now.f->app, &now.f->arena, &now.f->ann, id,
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
	    "sk-other"));
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
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_a_good_answer),
	    TEST(test_a_bad_answer),
	    TEST(test_an_answer_that_breaks_off),
	    TEST(test_an_answer_that_is_too_long),
	    TEST(test_a_server_that_refuses),
	    TEST(test_stop),
	    TEST(test_an_interruption),
	    TEST(test_a_token_for_once),
	    TEST(test_a_connection_that_is_gone),
	    TEST(test_a_connection_that_has_changed),
	    TEST(test_the_same_question),
	    TEST(test_not_too_often),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

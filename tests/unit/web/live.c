/*
 * The way from the form to the live page and back, with a model that is a peer.
 */
#include "base/base.h"

#include "testing.h"

#include "base/json.h"
#include "core/compile.h"
#include "core/connections.h"
#include "core/mappings.h"
#include "db/db.h"
#include "../sys/peer.h"

#include <string.h>

#define SHEET                                                                  \
	"source_table,source_column,target_table,target_column,"               \
	"transformation,role\n"                                                \
	"a.b.orders,id,a.c.orders,order_id,,key\n"                             \
	"a.b.orders,city,a.c.orders,city,upper(city),\n"
#define ORDER "pattern=merge&revision=1&engine=1&wishes=Be+brief."

static struct peer peer;
static struct peer_answer answers[4];

/* What a model would say: the compiler's code in a fence, or its tests. */
static const char *
answer(struct testing *t, bool tests)
{
	struct plan_options options = {0};
	struct compiled compiled;
	struct json_writer w;
	struct slice text;
	struct buf b;

	assert_no_err(compile_run(&t->arena, SLICE(SHEET), "orders.csv",
	    pattern_find(&t->patterns, "merge"), &options, "1", &compiled));
	text = tests ? compiled.tests : compiled.code;
	buf_init(&b, &t->arena, 1 << 20);
	buf_add_str(&b,
	    "HTTP/1.1 200 OK\r\n"
	    "Content-Type: text/event-stream\r\n\r\n"
	    "data: {\"choices\":[{\"delta\":{\"content\":");
	json_init(&w, &b, false);
	json_str(&w,
	    arena_printf(&t->arena, "<b>Sure</b>\n```python\n%.*s```\n",
	        (int)text.n, text.p));
	buf_add_str(&b, "},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
	return buf_str(&b);
}

static int
setup(void **state)
{
	enum connection_part part;
	struct connection_id id;
	struct mapping_id mapping;
	struct testing *t;

	testing_setup(state);
	t = *state;
	/* Where the person says so, the tests are no tests. */
	answers[0] = (struct peer_answer){
	    "/chat/completions", answer(t, false), false, "Write bad ones."};
	answers[1] = (struct peer_answer){
	    "/chat/completions", answer(t, true), false, "write tests"};
	answers[2] = (struct peer_answer){
	    "/chat/completions", answer(t, false), false, NULL};
	peer_start(&peer, answers);
	t->config.model_hosts = arena_printf(&t->arena, "127.0.0.1:%d",
	    peer.port);
	t->app.makes_calls = true;
	app_close(&t->app);
	assert_no_err(app_reopen(&t->arena, &t->app));
	assert_no_err(connections_save(&t->app, &t->arena, &t->user[WHO_USER],
	    NULL, (struct connection_id){0},
	    &(struct connection_entry){.name = "Local",
	        .provider = CHAT_OPENAI,
	        .address = arena_printf(&t->arena, "http://127.0.0.1:%d",
	            peer.port),
	        .auth = CONNECTION_NONE,
	        .model = "qwen",
	        .client_id = "",
	        .instructions = "",
	        .max_tokens = 4000,
	        .first_s = 20,
	        .total_s = 60},
	    &id, &part));
	assert_no_err(mappings_create(&t->app, &t->user[WHO_USER], NULL,
	    "orders.csv", SLICE(SHEET), &mapping));
	return 0;
}

static int
teardown(void **state)
{
	peer_stop(&peer);
	return testing_teardown(state);
}

static void
get_live(struct testing *t, enum who who, const struct stream *stream)
{
	struct req *req = request(t, who, METHOD_GET, "/generations/1/live");

	req->calls_pool = true;
	req->stream = stream;
	dispatch_request(t);
}

static void
test_the_form(void **state)
{
	struct testing *t = *state;

	get(t, WHO_USER, "/mappings/1/pattern");
	assert_shows(t, "Who writes the code");
	assert_shows(t, "qwen");
	get(t, WHO_ADMIN, "/mappings/1/pattern");
	assert_hides(t, "Who writes the code");
	/* Another person's connection is none. */
	post(t, WHO_ADMIN, "/mappings/1/generations", ORDER);
	assert_status(t, 422);
	post(t, WHO_USER, "/mappings/1/generations",
	    ORDER "&option.merge.output=sql");
	assert_status(t, 422);
	assert_shows(t, "A model writes notebooks in Python");
	assert_shows(t, "Be brief.");
	post(t, WHO_USER, "/mappings/1/generations", ORDER "&key=form-key-1");
	assert_location(t, "/generations/1/live");
	post(t, WHO_USER, "/mappings/1/generations", ORDER "&key=form-key-1");
	assert_location(t, "/generations/1/live");
}

static void
test_before_it_begins(void **state)
{
	struct testing *t = *state;

	get(t, WHO_USER, "/generations/1");
	assert_shows(t, "Start it and look on");
	assert_hides(t, "Download orders.py");
	get(t, WHO_USER, "/generations/1/raw");
	assert_status(t, 404);
	get(t, WHO_USER, "/generations");
	assert_shows(t, ">waiting</span>");
	/* Whoever had begun is gone. */
	assert_no_err(db_script(t->app.db,
	    "UPDATE answer SET started = 1, lease = 1, worker = 'w'"));
	get(t, WHO_USER, "/generations");
	assert_shows(t, ">interrupted</span>");
	assert_no_err(db_script(t->app.db,
	    "UPDATE answer SET started = NULL, lease = 0, worker = ''"));
	get_live(t, WHO_OTHER, NULL);
	assert_status(t, 404);
}

struct sent {
	struct buf bytes;
	int pieces;
};

static bool
take(void *context, struct slice piece)
{
	struct sent *sent = context;

	buf_add_slice(&sent->bytes, piece);
	sent->pieces++;
	return true;
}

static void
test_live(void **state)
{
	struct testing *t = *state;
	struct sent sent = {0};
	const struct stream stream = {.write = take, .context = &sent};
	const char *page;

	buf_init(&sent.bytes, &t->arena, 1 << 20);
	get_live(t, WHO_USER, &stream);
	page = buf_str(&sent.bytes);
	assert_true(str_starts(page, "Status: 200 OK\r\n"));
	assert_non_null(strstr(page, "X-Accel-Buffering: no\r\n"));
	assert_null(strstr(page, "Content-Length:"));
	assert_non_null(strstr(page, "shadowrootmode=\"open\""));
	assert_non_null(strstr(page, "The model is asked."));
	assert_non_null(strstr(page, "&lt;b&gt;Sure&lt;/b&gt;"));
	assert_non_null(strstr(page, "Checked against the plan: passed."));
	assert_non_null(strstr(page, "Open the code"));
	assert_non_null(strstr(page, "</html>"));
	assert_true(sent.pieces > 6);
}

static void
test_after_it(void **state)
{
	struct testing *t = *state;

	get_live(t, WHO_USER, NULL);
	assert_location(t, "/generations/1");
	get(t, WHO_USER, "/generations/1");
	assert_shows(t, "Checked against the plan");
	assert_shows(t, "Download orders.py");
	assert_hides(t, "Proof</a>");
	assert_shows(t, "A model wrote it");
	post(t, WHO_USER, "/generations/1/stop", "");
	assert_location(t, "/generations/1");
	post(t, WHO_USER, "/generations/1/restart", "");
	assert_status(t, 409);
	get(t, WHO_USER, "/generations/1/lineage");
	assert_status(t, 200);
}

static void
test_stop(void **state)
{
	struct testing *t = *state;

	post(t, WHO_USER, "/mappings/1/generations", ORDER "&key=form-key-2");
	assert_location(t, "/generations/2/live");
	post(t, WHO_OTHER, "/generations/2/stop", "");
	assert_status(t, 404);
	post(t, WHO_USER, "/generations/2/stop", "");
	follow(t, WHO_USER);
	assert_shows(t, "stopped");
	assert_shows(t, "Ask the model again");
	assert_shows(t, "Take the compiler's code");
	assert_shows(t, "def transform_orders");
	post(t, WHO_USER, "/generations/2/restart", "");
	assert_location(t, "/generations/2/live");
}

/* The page as it is sent. */
static const char *
watch(struct testing *t, const char *path)
{
	struct sent *sent = arena_new(&t->arena, struct sent);
	const struct stream stream = {.write = take, .context = sent};
	struct req *req = request(t, WHO_USER, METHOD_GET, path);

	buf_init(&sent->bytes, &t->arena, 1 << 20);
	req->calls_pool = true;
	req->stream = &stream;
	dispatch_request(t);
	return buf_str(&sent->bytes);
}

static void
test_who_writes_the_tests(void **state)
{
	static const char by_model[] = "value=\"model\" checked";
	struct testing *t = *state;
	const char *page;

	get(t, WHO_USER, "/mappings/1/pattern");
	assert_shows(t, "Who writes the tests");
	assert_shows(t, "value=\"compiler\" checked");
	post(t, WHO_USER, "/mappings/1/generations", ORDER "&tests=nobody");
	assert_status(t, 422);
	/* What was chosen stays, where something else is wrong. */
	post(t, WHO_USER, "/mappings/1/generations",
	    ORDER "&tests=model&option.merge.output=sql");
	assert_status(t, 422);
	assert_shows(t, by_model);
	post(t, WHO_USER, "/mappings/1/generations",
	    ORDER "&tests=model&key=form-key-3");
	assert_location(t, "/generations/3/live");
	page = watch(t, "/generations/3/live");
	assert_non_null(strstr(page, "The model writes tests."));
	assert_non_null(strstr(page, "The tests were checked: passed."));
	assert_non_null(strstr(page, "def test_column_orders"));
	get(t, WHO_USER, "/generations/3");
	assert_shows(t, "are by the model: checked, not proven");
	get(t, WHO_USER, "/generations/3/tests");
	assert_shows(t, "Written by the model");
	assert_hides(t, "What is expected was computed from the sheet");
	get(t, WHO_USER, "/mappings/1/pattern?from=3");
	assert_shows(t, by_model);
	get(t, WHO_USER, "/mappings/1/pattern?from=1");
	assert_hides(t, by_model);
}

static void
test_tests_that_are_refused(void **state)
{
	struct testing *t = *state;
	const char *page;

	post(t, WHO_USER, "/mappings/1/generations",
	    "pattern=merge&revision=1&engine=1&wishes=Write+bad+ones."
	    "&tests=model&key=form-key-4");
	assert_location(t, "/generations/4/live");
	page = watch(t, "/generations/4/live");
	assert_non_null(strstr(page, "The tests were checked: refused."));
	assert_non_null(strstr(page, "is asked to mend the tests."));
	assert_non_null(strstr(page, "with the compiled tests. R125: "));
	get(t, WHO_USER, "/generations/4");
	assert_shows(t, "Download orders.py");
	assert_shows(t, "The model's tests are not used. R125");
	assert_shows(t, "/generations/4#T");
	assert_shows(t, "What the model wrote as tests");
	get(t, WHO_USER, "/generations/4/tests");
	assert_shows(t, "What is expected was computed from the sheet");
}

/* Whoever wrote the tests is gone: the code may be taken, or its tests asked
 * for again. */
static void
test_interrupted_at_the_tests(void **state)
{
	struct testing *t = *state;

	assert_no_err(db_script(t->app.db,
	    "UPDATE generation SET status = 'running' WHERE id = 3;"
	    "UPDATE answer SET ended = NULL, lease = 1 WHERE generation = 3"));
	get(t, WHO_USER, "/generations/3");
	assert_shows(t, "Its code had passed and is kept");
	assert_shows(t, "Ask the model for tests again");
	assert_shows(t, "Take the code, with compiled tests");
	post(t, WHO_USER, "/generations/3/restart", "tests=nobody");
	assert_status(t, 422);
	post(t, WHO_USER, "/generations/3/stop", "");
	follow(t, WHO_USER);
	assert_shows(t, "succeeded");
	assert_shows(t, "R126");
}

/* Once, however often it is asked for. */
static void
test_the_compiler_instead(void **state)
{
	struct testing *t = *state;
	const char *made;

	post(t, WHO_USER, "/generations/2/stop", "");
	post(t, WHO_OTHER, "/generations/2/compile", "");
	assert_status(t, 404);
	post(t, WHO_USER, "/generations/2/compile", "");
	assert_status(t, 303);
	made = arena_strdup(&t->arena, reply_header(t, "Location"));
	post(t, WHO_USER, "/generations/2/compile", "");
	assert_location(t, made);
	follow(t, WHO_USER);
	assert_shows(t, "succeeded");
	assert_shows(t, "Proof</a>");
	post(t, WHO_USER, arena_printf(&t->arena, "%s/compile", made), "");
	assert_status(t, 404);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_the_form),
	    cmocka_unit_test(test_before_it_begins),
	    cmocka_unit_test(test_live),
	    cmocka_unit_test(test_after_it),
	    cmocka_unit_test(test_stop),
	    cmocka_unit_test(test_who_writes_the_tests),
	    cmocka_unit_test(test_tests_that_are_refused),
	    cmocka_unit_test(test_interrupted_at_the_tests),
	    cmocka_unit_test(test_the_compiler_instead),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

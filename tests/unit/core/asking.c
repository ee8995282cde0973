#include "base/base.h"

#include "asking.h"

#include "base/json.h"
#include "core/compile.h"
#include "core/own_patterns.h"
#include "db/db.h"

#include <stdlib.h>
#include <string.h>

#define SHEET                                                                  \
	"source_table,source_column,target_table,target_column,"               \
	"transformation,role\n"                                                \
	"a.b.orders,id,a.c.orders,order_id,,key\n"                             \
	"a.b.orders,city,a.c.orders,city,upper(city),\n"

static struct patterns built_in;

struct state now;

static void
compile(struct fixture *f)
{
	struct plan_options options = {0};
	struct compiled compiled;

	ok(compile_run(&f->arena, SLICE(SHEET), "orders.csv",
	    pattern_find(&built_in, "merge"), &options, "1", &compiled));
	assert_int_equal(compiled.problems.errors, 0);
	now.code = slice_dup(&f->arena, compiled.code);
	now.tests = slice_dup(&f->arena, compiled.tests);
}

int
asking_setup(void **state)
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

int
asking_teardown(void **state)
{
	if (now.peer.pid)
		peer_stop(&now.peer);
	return fixture_teardown(state);
}

const char *
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

void
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

	now.answers[0] = (struct peer_answer){"/chat/completions",
	    now.tests_bytes, false, now.tests_bytes ? "write tests" : "\1"};
	now.answers[1] = (struct peer_answer){
	    "/chat/completions", bytes, false, NULL};
	peer_start(&now.peer, now.answers);
	entry.address = arena_printf(&f->arena, "http://127.0.0.1:%d",
	    now.peer.port);
	f->config.model_hosts = arena_printf(&f->arena, "127.0.0.1:%d",
	    now.peer.port);
	ok(connections_save(&f->app, &f->arena, &f->ann, NULL,
	    (struct connection_id){0}, &entry, &id, &part));
	ok(connections_get(&f->app, &f->arena, &f->ann, id, &now.connection));
}

struct generation_id
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
	    .plan = "{}",
	    .tests = "compiled"};
	struct generation_id id;
	struct generation_id again;

	const struct answer_question question = {.connection = &now.connection,
	    .token = token,
	    .wishes = "Be brief.",
	    .fresh = now.fresh,
	    .wants_tests = now.wants_tests};
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
	static const char *const names[ANSWER__STEP_COUNT] = {"found", "asked",
	    "begun", "read", "checked", "repair", "tests", "tests-read",
	    "tests-checked", "tests-repair"};
	bool checked = step == ANSWER_CHECKED || step == ANSWER_TESTS_CHECKED;
	struct generation_id *id = context;

	buf_printf(&now.heard, "%s%s%s ", names[step], checked ? "=" : "",
	    checked ? words : "");
	if (step == ANSWER_TESTS)
		now.kept = result(*id).code;
	if (now.stops_at && step == now.stops_at)
		ok(answers_stop(&now.f->app, &now.f->arena, &now.f->ann, *id));
}

static void
on_text(void *context, struct slice piece)
{
	struct generation_id *id = context;

	(void)piece;
	if (now.stops)
		ok(answers_stop(&now.f->app, &now.f->arena, &now.f->ann, *id));
}

bool
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

struct generation
result(struct generation_id id)
{
	struct generation g;

	ok(generations_get(&now.f->app, &now.f->arena, &now.f->ann, id, &g));
	return g;
}

struct answer_row
answer(struct generation_id id)
{
	struct answer_row row;

	ok(answers_get(&now.f->app, &now.f->arena, &now.f->ann, id, &row));
	return row;
}

const char *
fenced(const char *code)
{
	return arena_printf(&now.f->arena,
	    "Here it is:\n\n```python\n%s```\n\nEnjoy.\n", code);
}

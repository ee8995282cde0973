#include "base/base.h"

#include "core/connections.h"

#include "db/db.h"
#include "db/queries.h"

#include <string.h>

#define IDLE_MS 15000
#define TOTAL_MS 30000
#define BUDGET_MS 10000 /* for waiting between tries */
#define MAX_NOTE 500
#define MAX_MODELS 300

/* A test under way. */
struct trying {
	struct arena *arena;
	const struct client *client;
	const struct connection *connection;
	struct account account;
};

static struct call
call_of(const struct trying *t, const char *path)
{
	struct call call = {.method = "GET",
	    .path = path,
	    .kind = RETRY_READ,
	    .budget_ms = BUDGET_MS,
	    .idle_ms = IDLE_MS,
	    .total_ms = TOTAL_MS};

	if (t->connection->provider == CHAT_ANTHROPIC)
		http_add_header(t->arena, &call.headers, "anthropic-version",
		    CHAT_ANTHROPIC_VERSION);
	return call;
}

static const struct err *
ask(const struct trying *t, const char *path, const struct json **ret)
{
	struct call call = call_of(t, path);
	struct answer answer;
	const struct err *e;

	e = client_call(t->client, t->arena, &t->account, &call, &answer, NULL);
	if (!e)
		*ret = answer.json;
	return e;
}

/* Who is calling, and whether the endpoint serves. */
static const struct err *
test_workspace(const struct trying *t, const char **ret_note)
{
	const char *model = t->connection->model;
	struct arena *a = t->arena;
	const struct json *me;
	const struct json *endpoint;
	const struct err *e;
	const char *state;

	e = ask(t, "/api/2.0/preview/scim/v2/Me", &me);
	if (e)
		return e;
	*ret_note = arena_printf(a, "Signed in as %s.",
	    json_string(json_get(me, "userName"),
	        json_string(json_get(me, "displayName"), "somebody")));
	if (!model[0])
		return NULL;
	e = ask(t,
	    arena_printf(a, "/api/2.0/serving-endpoints/%s",
	        client_segment(a, model)),
	    &endpoint);
	if (e)
		return err_new(e->code, "%s But of the endpoint %s: %s",
		    *ret_note, model, e->message);
	state = json_string(json_get(json_get(endpoint, "state"), "ready"), "");
	*ret_note = arena_printf(a, "%s The endpoint %s %s.", *ret_note, model,
	    str_eq(state, "NOT_READY") ? "is there, but not ready yet"
	                               : "is ready");
	return NULL;
}

static const struct err *
test_openai(const struct trying *t, const char **ret_note)
{
	const char *model = t->connection->model;
	const struct json *answer;
	const struct json *item;
	const struct err *e;
	const char *first = "";
	int n = 0;

	e = ask(t, "/models", &answer);
	if (e)
		return e;
	for (item = json_get(answer, "data") ? json_get(answer, "data")->child
	                                     : NULL;
	     item; item = item->next) {
		const char *id = json_string(json_get(item, "id"), "");

		if (n++ == 0)
			first = id;
		if (str_eq(id, model)) {
			*ret_note = arena_printf(t->arena,
			    "It answers, and has the model %s.", model);
			return NULL;
		}
	}
	if (!model[0]) {
		*ret_note = arena_printf(t->arena,
		    "It answers, and has %d models.", n);
		return NULL;
	}
	return err_new(R_MISSING, "It answers, but has no model %s%s%s.", model,
	    n > 0 ? "; the first that it has is " : "", first);
}

static const struct err *
test_anthropic(const struct trying *t, const char **ret_note)
{
	const char *model = t->connection->model;
	struct arena *a = t->arena;
	const struct json *answer;
	const struct err *e;

	e = ask(t,
	    arena_printf(a, "/v1/models%s%s", model[0] ? "/" : "",
	        client_segment(a, model)),
	    &answer);
	if (e)
		return e;
	*ret_note = model[0]
	    ? arena_printf(a, "It answers, and has the model %s.", model)
	    : "It answers.";
	return NULL;
}

/*
 * Which models there are, for people to choose from.
 */

struct names {
	struct arena *arena;
	struct buf text;
	int n;
};

/* Of a workspace: those that chat. Older ones say nothing of their task. */
static bool
is_chat(const struct json *endpoint)
{
	const char *task = json_string(json_get(endpoint, "task"), "");

	return task[0] == '\0' || str_eq(task, "llm/v1/chat");
}

static void
add_name(struct names *names, const char *name)
{
	if (name[0] == '\0' || strpbrk(name, "\r\n") || strlen(name) > 200 ||
	    names->n == MAX_MODELS)
		return;
	names->n++;
	buf_printf(&names->text, "%s\n", name);
}

/* A page of {"endpoints": [{"name"}]}, or of {"data": [{"id"}]}. */
static bool
take_page(void *context, const struct json *page)
{
	struct names *names = context;
	const struct json *endpoints = json_get(page, "endpoints");
	const struct json *list = endpoints ? endpoints
	                                    : json_get(page, "data");
	const struct json *item;

	for (item = list ? list->child : NULL; item; item = item->next) {
		if (!endpoints || is_chat(item))
			add_name(names,
			    json_string(json_get(item,
			                    endpoints ? "name" : "id"),
			        ""));
	}
	return names->n < MAX_MODELS;
}

/* One name a line; those that were known where the server does not tell: what
 * was tested works all the same. */
static const char *
list_models(const struct trying *t)
{
	static const char *const paths[CHAT__COUNT] = {
	    [CHAT_DATABRICKS] = "/api/2.0/serving-endpoints",
	    [CHAT_OPENAI] = "/models",
	    [CHAT_ANTHROPIC] = "/v1/models",
	};
	bool anthropic = t->connection->provider == CHAT_ANTHROPIC;
	struct names names = {.arena = t->arena};
	const struct pages pages = {
	    .parameter = anthropic ? "after_id" : "page_token",
	    .member = anthropic ? "last_id" : "next_page_token",
	    .more = anthropic ? "has_more" : NULL,
	    .on_page = take_page,
	    .context = &names};
	struct call call = call_of(t, paths[t->connection->provider]);

	buf_init(&names.text, t->arena, (size_t)MAX_MODELS * 201);
	if (client_pages(t->client, t->arena, &t->account, &call, &pages))
		return t->connection->models;
	return buf_str(&names.text);
}

static const struct err *
note(const struct app *app, const struct connection *c, const char *code,
    const char *text, const char *models)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	const struct err *e;

	e = db_begin(app->db, &tx);
	if (!e)
		e = q_connection_set_tested(app->db, clock_now_ms(&app->clock),
		    code, text, models, c->id, c->changed_ms);
	if (!e)
		e = db_commit(&tx);
	return e;
}

const struct err *
connection_test(const struct app *app, struct arena *a,
    const struct client *client, const struct connection *c, const char *token)
{
	static const struct err *(*const
	        tests[CHAT__COUNT])(const struct trying *, const char **) = {
	    [CHAT_DATABRICKS] = test_workspace,
	    [CHAT_OPENAI] = test_openai,
	    [CHAT_ANTHROPIC] = test_anthropic,
	};
	struct trying t = {.arena = a, .client = client, .connection = c};
	const struct err *e;
	const char *models = c->models;
	const char *text = "";

	e = connection_account(app, a, client, c, token, &t.account);
	if (!e)
		e = tests[c->provider](&t, &text);
	if (e)
		text = e->message;
	else
		models = list_models(&t);
	return note(app, c, e ? code_info(e->code)->id : "",
	    utf8_cut(a, text, MAX_NOTE), models);
}

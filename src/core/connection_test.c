#include "base/base.h"

#include "core/connections.h"

#include "db/db.h"
#include "db/queries.h"

#include <string.h>

#define IDLE_MS 15000
#define TOTAL_MS 30000
#define BUDGET_MS 10000 /* for waiting between tries */
#define MAX_NOTE 500

/* A test under way. */
struct trying {
	struct arena *arena;
	const struct client *client;
	const struct connection *connection;
	struct account account;
};

static const struct err *
ask(const struct trying *t, const char *path, const struct json **ret)
{
	struct call call = {.method = "GET",
	    .path = path,
	    .kind = RETRY_READ,
	    .budget_ms = BUDGET_MS,
	    .idle_ms = IDLE_MS,
	    .total_ms = TOTAL_MS};
	struct answer answer;
	const struct err *e;

	if (t->connection->provider == CHAT_ANTHROPIC)
		http_add_header(t->arena, &call.headers, "anthropic-version",
		    CHAT_ANTHROPIC_VERSION);
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

static const struct err *
note(const struct app *app, const struct connection *c, const char *code,
    const char *text)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	const struct err *e;

	e = db_begin(app->db, &tx);
	if (!e)
		e = q_connection_set_tested(app->db, clock_now_ms(&app->clock),
		    code, text, c->id, c->changed_ms);
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
	const char *text = "";

	e = connection_account(app, a, client, c, token, &t.account);
	if (!e)
		e = tests[c->provider](&t, &text);
	if (e)
		text = e->message;
	return note(app, c, e ? code_info(e->code)->id : "",
	    utf8_cut(a, text, MAX_NOTE));
}

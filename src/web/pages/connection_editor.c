#include "base/base.h"

#include "web/pages/pages.h"

#include "plan/pattern.h"
#include "sys/config.h"
#include "web/pages/components.h"
#include "web/pages/connection_form.h"

#include <string.h>

struct connection_save {
	const char *provider;
	const char *name;
	const char *address;
	const char *auth;
	const char *token;
	const char *client_id;
	const char *model;
	const char *temperature;
	int64_t max_tokens;
	int64_t first_s;
	int64_t total_s;
	const char *instructions;
};

static const struct field fields[] = {
    FIELD_TEXT(struct connection_save, provider, "The kind of server", 1, 20),
    FIELD_TEXT(struct connection_save, name, "The name", 1, 100),
    FIELD_TEXT(struct connection_save, address, "The address", 1, 2000),
    FIELD_TEXT(struct connection_save, auth, "The kind of token", 1, 20),
    FIELD_SECRET(struct connection_save, token, "The token",
        CONNECTION_TOKEN_MAX),
    FIELD_TEXT(struct connection_save, client_id, "The application id", 0, 100),
    FIELD_TEXT(struct connection_save, model, "The model", 0, 200),
    FIELD_TEXT(struct connection_save, temperature, "The temperature", 0, 10),
    FIELD_INT(struct connection_save, max_tokens, "The longest answer",
        PATTERN_TOKENS_MIN, PATTERN_TOKENS_MAX),
    FIELD_INT(struct connection_save, first_s, "The wait for the first token",
        1, PATTERN_WAIT_MAX),
    FIELD_INT(struct connection_save, total_s, "The wait for all", 1,
        PATTERN_WAIT_MAX),
    FIELD_TEXT(struct connection_save, instructions, "The instructions", 0,
        20000),
};

const struct form_table connection_form = FORM(struct connection_save, fields);

/* What the form says of each kind of server. */
static const struct kind {
	const char *title;
	const char *label; /* in the choice of kinds */
	const char *address_hint;
	const char *model_label;
	const char *model_hint;
	const char *model;
	const char *token_hint;
} kinds[CHAT__COUNT] = {
    [CHAT_DATABRICKS] = {"Databricks workspace", "Databricks workspace",
        "As it stands in the browser, such as "
        "https://adb-1234567890.1.azuredatabricks.net.",
        "Serving endpoint",
        "Its name in the workspace under Serving, such as " CONNECTION_ENDPOINT
        ".",
        CONNECTION_ENDPOINT,
        "A personal access token of yours: in the workspace under Settings, "
        "Developer."},
    [CHAT_OPENAI] = {"OpenAI-compatible server", "OpenAI-compatible",
        "With the path that its API begins with, such as "
        "http://llm.example:8000/v1 (vLLM, llama.cpp, Ollama).",
        "Model", "As the server calls it.", "",
        "The server's API key, if it wants one."},
    [CHAT_ANTHROPIC] = {"Anthropic", "Anthropic", "https://api.anthropic.com",
        "Model", "Such as claude-sonnet-4-5.", "claude-sonnet-4-5",
        "An API key of your organisation."},
};

const char *
connection_kind(enum chat_provider provider)
{
	return kinds[provider].title;
}

const char *
connection_temperature(struct arena *a, int64_t percent, const char *none)
{
	if (percent < 0)
		return none;
	return arena_printf(a, "%" PRId64 ".%02" PRId64, percent / 100,
	    percent % 100);
}

/* "" is the server's own. */
static bool
read_temperature(const char *text, int64_t *ret)
{
	*ret = -1;
	return text[0] == '\0' ||
	    str_to_hundredths(text, PATTERN_TEMPERATURE_MAX, ret);
}

/* The form as it is to be shown: of a stored connection, or of none. */
struct editor {
	struct req *req;
	struct view *v;
	enum chat_provider provider;
	const struct connection *stored; /* NULL: a new one */
};

struct shown {
	const char *name;
	const char *label;
	const char *hint;
	const char *value;
	bool is_short;
};

static const struct err *
add_fields(const struct editor *ed, const char *key, const struct shown *rows,
    size_t n)
{
	struct req *req = ed->req;
	struct html_list list;
	const struct err *e;

	html_list_init(&list, req->arena);
	for (size_t i = 0; i < n; i++) {
		struct view *v = view_new(req->arena,
		    "connection_editor#field");
		const char *name = rows[i].name;
		const char *error = form_error(req, name);
		const char *described = "";

		if (error)
			described = arena_printf(req->arena, "%s-error", name);
		else if (rows[i].hint[0])
			described = arena_printf(req->arena, "%s-hint", name);
		view_text(v, "name", name);
		view_text(v, "label", rows[i].label);
		view_text(v, "hint", rows[i].hint);
		view_text(v, "value", form_shown(req, name, rows[i].value));
		view_bool(v, "is_short", rows[i].is_short);
		view_bool(v, "has_list", str_eq(name, "model"));
		view_text(v, "error", error);
		view_text(v, "described", described);
		e = html_list_render(&list, v);
		if (e)
			return e;
	}
	view_html(ed->v, key, html_join(&list));
	return NULL;
}

static const char *
number(struct arena *a, int64_t n)
{
	return arena_printf(a, "%" PRId64, n);
}

static const struct err *
add_all_fields(const struct editor *ed)
{
	static const struct connection usual = {.name = "",
	    .base = "",
	    .instructions = "",
	    .client_id = "",
	    .temperature = CONNECTION_TEMPERATURE,
	    .max_tokens = CONNECTION_MAX_TOKENS,
	    .first_s = CONNECTION_FIRST_S,
	    .total_s = CONNECTION_TOTAL_S};
	const struct connection *c = ed->stored ? ed->stored : &usual;
	const struct kind *kind = &kinds[ed->provider];
	struct arena *a = ed->req->arena;
	const struct shown general[] = {
	    {"name", "Name", "As it is called on your pages.", c->name, false},
	    {"address", "Address", kind->address_hint, c->base, false},
	};
	const struct shown model[] = {
	    {"model", kind->model_label, kind->model_hint,
	        ed->stored ? c->model : kind->model, false},
	    {"temperature", "Temperature",
	        "0 to 2; low is steady. Empty: the server's own.",
	        connection_temperature(a, c->temperature, ""), true},
	    {"max_tokens", "Longest answer, in tokens", "",
	        number(a, c->max_tokens), true},
	    {"first_s", "Wait for the first token, in seconds", "",
	        number(a, c->first_s), true},
	    {"total_s", "Wait for the whole answer, in seconds", "",
	        number(a, c->total_s), true},
	};
	const struct err *e;

	e = add_fields(ed, "fields_html", general, COUNT_OF(general));
	if (!e)
		e = add_fields(ed, "model_html", model, COUNT_OF(model));
	view_text(ed->v, "instructions",
	    form_shown(ed->req, "instructions", c->instructions));
	view_text(ed->v, "instructions_error",
	    form_error(ed->req, "instructions"));
	return e;
}

static void
add_token(const struct editor *ed)
{
	const struct config *config = ed->req->app->config;
	bool workspace = ed->provider == CHAT_DATABRICKS;
	const char *stored = "stored";
	const char *auth;

	if (ed->stored)
		stored = connection_auth_name(ed->stored->auth);
	auth = form_shown(ed->req, "auth", stored);
	view_bool(ed->v, "is_stored", str_eq(auth, "stored"));
	view_bool(ed->v, "is_asked", str_eq(auth, "asked"));
	view_bool(ed->v, "is_none", str_eq(auth, "none"));
	view_bool(ed->v, "is_person", str_eq(auth, "person"));
	view_bool(ed->v, "is_client", str_eq(auth, "client"));
	view_bool(ed->v, "may_have_none", ed->provider == CHAT_OPENAI);
	view_bool(ed->v, "may_sign_in",
	    workspace && (config->oauth_client_id[0] || config->simulator[0]));
	view_bool(ed->v, "may_be_client", workspace);
	view_text(ed->v, "client_id",
	    form_shown(ed->req, "client_id",
	        ed->stored ? ed->stored->client_id : ""));
	view_text(ed->v, "auth_error", form_error(ed->req, "auth"));
	view_text(ed->v, "client_id_error", form_error(ed->req, "client_id"));
	view_text(ed->v, "token_hint",
	    ed->stored && ed->stored->box &&
	            ed->stored->auth != CONNECTION_PERSON
	        ? arena_printf(ed->req->arena,
	              "Empty: the stored %s for %s stays.",
	              ed->stored->auth == CONNECTION_CLIENT ? "secret"
	                                                    : "token",
	              ed->stored->host)
	        : kinds[ed->provider].token_hint);
	view_text(ed->v, "token_error", form_error(ed->req, "token"));
}

/* What the server had when it was tested last. */
static const struct err *
add_models(const struct editor *ed)
{
	const char *known = ed->stored ? ed->stored->models : "";
	struct arena *a = ed->req->arena;
	struct html_list list;
	const struct err *e;
	struct slice name;
	size_t at = 0;

	html_list_init(&list, a);
	while (slice_line(slice_of(known), &at, &name)) {
		struct view *v = view_new(a, "connection_editor#known");

		view_slice(v, "name", name);
		e = html_list_render(&list, v);
		if (e)
			return e;
	}
	view_html(ed->v, "known_html", html_join(&list));
	return NULL;
}

static const struct err *
add_kinds(const struct editor *ed)
{
	struct arena *a = ed->req->arena;
	struct html_list list;
	const struct err *e;

	view_html(ed->v, "kinds_html", NULL);
	if (ed->stored)
		return NULL;
	html_list_init(&list, a);
	for (unsigned int i = 0; i < CHAT__COUNT; i++) {
		struct view *v = view_new(a, "connection_editor#kind");

		view_text(v, "label", kinds[i].label);
		view_bool(v, "is_current", i == (unsigned int)ed->provider);
		view_url(v, "kind_url",
		    url_with(a, url_path(a, "/connections/new"), "provider",
		        connection_provider_name((enum chat_provider)i)));
		e = html_list_render(&list, v);
		if (e)
			return e;
	}
	view_html(ed->v, "kinds_html", html_join(&list));
	return NULL;
}

static void
add_simulator(const struct editor *ed)
{
	struct req *req = ed->req;
	const char *simulator = req->app->config->simulator;

	view_text(ed->v, "simulator", simulator);
	/* Each person has a workspace of their own there. */
	view_text(ed->v, "simulator_token",
	    arena_printf(req->arena, "dapi-simulated-%" PRId64,
	        req->session->user.id.v));
	view_url(ed->v, "simulator_url",
	    simulator[0] && !ed->stored
	        ? url_path(req->arena, "/connections/new")
	        : NULL);
}

static const struct err *
show(struct req *req, struct resp *resp, const struct connection *stored,
    enum chat_provider provider)
{
	struct arena *a = req->arena;
	struct editor ed = {.req = req,
	    .v = page_view(req, "connection_editor"),
	    .provider = provider,
	    .stored = stored};
	const struct url *home = url_path(a, "/connections");
	const struct url *save = url_path(a, "/connections/new");
	const char *title = "New connection";
	const struct err *e;

	page_crumb(req, "Connections", home);
	if (stored) {
		home = connection_url(a, stored->id);
		save = url_path(a, "/connections/%" PRId64 "/edit",
		    stored->id.v);
		title = arena_printf(a, "Edit %s", stored->name);
		page_crumb(req, stored->name, home);
	}
	page_crumb(req, stored ? "Edit" : title, NULL);
	e = add_kinds(&ed);
	if (!e)
		e = add_models(&ed);
	if (!e)
		e = add_all_fields(&ed);
	if (e)
		return e;
	add_token(&ed);
	add_simulator(&ed);
	view_text(ed.v, "lead",
	    arena_printf(a, "%s. It can be tested on the next page.",
	        kinds[provider].title));
	view_text(ed.v, "form_error", form_error(req, NULL));
	view_text(ed.v, "provider", connection_provider_name(provider));
	view_text(ed.v, "save_label", stored ? "Save" : "Connect");
	view_url(ed.v, "save_url", save);
	view_url(ed.v, "cancel_url", home);
	req->text_width = true;
	return page_render(req, resp, title, ed.v);
}

const struct err *
page_connection_new(struct req *req, struct resp *resp)
{
	enum chat_provider provider = CHAT_DATABRICKS;
	const char *asked = query_get(req, "provider");

	asked = form_shown(req, "provider", asked ? asked : "databricks");
	if (!connection_provider_find(asked, &provider))
		return err_new(W_BAD_REQUEST, "There is no such server: %s.",
		    asked);
	return show(req, resp, NULL, provider);
}

const struct err *
page_connection_edit(struct req *req, struct resp *resp)
{
	struct connection c;
	const struct err *e = connection_asked(req, &c);

	return e ? e : show(req, resp, &c, c.provider);
}

static bool
fits(enum connection_auth auth, enum chat_provider provider)
{
	if (auth == CONNECTION_NONE)
		return provider == CHAT_OPENAI;
	return (auth != CONNECTION_PERSON && auth != CONNECTION_CLIENT) ||
	    provider == CHAT_DATABRICKS;
}

/* What the form says; what it cannot mean is rejected. */
static struct connection_entry
read_entry(struct req *req)
{
	const struct connection_save *form = form_values(req,
	    struct connection_save);
	struct connection_entry entry = {
	    .name = slice_dup(req->arena, slice_trim(slice_of(form->name))),
	    .address = form->address,
	    .token = form->token,
	    .client_id = "",
	    .model = form->model,
	    .instructions = form->instructions,
	    .max_tokens = form->max_tokens,
	    .first_s = form->first_s,
	    .total_s = form->total_s};

	if (!connection_provider_find(form->provider, &entry.provider))
		form_reject(req, NULL, "There is no such kind of server.");
	if (!connection_auth_find(form->auth, &entry.auth) ||
	    !fits(entry.auth, entry.provider))
		form_reject(req, "auth", "Choose how the token is kept.");
	else if (entry.auth == CONNECTION_CLIENT)
		entry.client_id = form->client_id;
	if (entry.auth == CONNECTION_CLIENT &&
	    !connection_is_token(form->client_id))
		form_reject(req, "client_id",
		    "Enter the application id of the service principal.");
	if (entry.name[0] == '\0')
		form_reject(req, "name", "The name is missing.");
	if (!read_temperature(form->temperature, &entry.temperature))
		form_reject(req, "temperature",
		    "The temperature is a number from 0 to 2, such as 0.05.");
	if (form->first_s > form->total_s)
		form_reject(req, "total_s",
		    "This is less than the wait for the first token.");
	return entry;
}

const struct err *
page_connection_save(struct req *req, struct resp *resp)
{
	static const char *const parts[] = {
	    [CONNECTION_PART_NONE] = NULL,
	    [CONNECTION_PART_NAME] = "name",
	    [CONNECTION_PART_ADDRESS] = "address",
	    [CONNECTION_PART_TOKEN] = "token",
	};
	struct connection_id id = {req->param[0]};
	struct connection_entry entry = read_entry(req);
	enum connection_part part;
	const struct err *e;

	if (req->form->has_errors)
		return NULL;
	e = connections_save(req->app, req->arena, &req->session->user,
	    id.v ? NULL : req->form->key, id, &entry, &id, &part);
	if (e)
		return form_refuse(req, parts[part], e);
	flash_set(req, resp, "ok", "The connection is saved.");
	return resp_redirect(req, resp, connection_url(req->arena, id));
}

#include "base/base.h"

#include "web/pages/pages.h"

#include "web/pages/components.h"
#include "web/pages/connection_form.h"

struct connection_try {
	const char *token;
};

static const struct field try_fields[] = {
    FIELD_SECRET(struct connection_try, token, "The token",
        CONNECTION_TOKEN_MAX),
};

const struct form_table connection_test_form = FORM(struct connection_try,
    try_fields);

struct connection_model {
	const char *model;
};

static const struct field model_fields[] = {
    FIELD_TEXT(struct connection_model, model, "The model", 1, 200),
};

const struct form_table connection_model_form = FORM(struct connection_model,
    model_fields);

static const char *
token_words(const struct connection *c)
{
	if (c->auth == CONNECTION_NONE)
		return "none needed";
	if (c->auth == CONNECTION_CLIENT)
		return "of a service principal";
	if (c->auth == CONNECTION_PERSON)
		return c->has_token ? "signed in" : "not signed in";
	if (c->auth == CONNECTION_ASKED)
		return "asked for each time";
	return c->has_token ? "stored, sealed" : "missing";
}

static const struct err *
add_row(struct req *req, const struct connection *c, struct html_list *list)
{
	struct view *row = view_new(req->arena, "connections#row");
	bool failed = c->tested_code[0] != '\0';
	const struct err *e;

	view_url(row, "connection_url", connection_url(req->arena, c->id));
	view_text(row, "name", c->name);
	view_bool(row, "is_default", c->is_default);
	view_bool(row, "is_simulated", c->is_simulated);
	view_text(row, "provider", connection_kind(c->provider));
	view_html(row, "host_html", html_breakable(req->arena, c->host));
	view_text(row, "model", c->model);
	view_text(row, "token", token_words(c));
	view_text(row, "tested", failed ? c->tested_code : "ok");
	view_text(row, "tested_class", failed ? "error" : "succeeded");
	e = component_time(req, row, "tested_html", c->tested_ms);
	return e ? e : html_list_render(list, row);
}

const struct err *
page_connections(struct req *req, struct resp *resp)
{
	struct view *v = page_view(req, "connections");
	struct connections all;
	struct html_list list;
	const struct err *e;

	e = connections_list(req->app, req->arena, &req->session->user, &all);
	html_list_init(&list, req->arena);
	for (size_t i = 0; !e && i < all.n; i++)
		e = add_row(req, &all.v[i], &list);
	if (e)
		return e;
	view_html(v, "rows_html", all.n > 0 ? html_join(&list) : NULL);
	view_url(v, "new_url", url_path(req->arena, "/connections/new"));
	return page_render(req, resp, "Connections", v);
}

const struct err *
connection_asked(struct req *req, struct connection *ret)
{
	return connections_get(req->app, req->arena, &req->session->user,
	    (struct connection_id){req->param[0]}, ret);
}

const struct url *
connection_url(struct arena *a, struct connection_id id)
{
	return url_path(a, "/connections/%" PRId64, id.v);
}

static const struct err *
add_test(struct req *req, const struct connection *c, struct view *v)
{
	enum err_code code;
	bool failed = code_find(c->tested_code, &code);

	view_text(v, "tested_code", c->tested_code);
	view_text(v, "tested_note", c->tested_note);
	view_text(v, "tested_fix", failed ? code_info(code)->fix : "");
	view_url(v, "code_url",
	    failed ? component_code_url(req->arena, code) : NULL);
	view_bool(v, "asks", c->auth == CONNECTION_ASKED);
	view_text(v, "token_error", form_error(req, "token"));
	return component_time(req, v, "tested_html", c->tested_ms);
}

/* What the server has told to have, to choose from. */
static const struct err *
add_models(struct req *req, const struct connection *c, struct view *v)
{
	struct html_list list;
	const struct err *e;
	struct slice name;
	size_t at = 0;

	html_list_init(&list, req->arena);
	while (slice_line(slice_of(c->models), &at, &name)) {
		struct view *row = view_new(req->arena, "connection#model");

		view_slice(row, "name", name);
		view_bool(row, "is_current", slice_is(name, c->model));
		e = html_list_render(&list, row);
		if (e)
			return e;
	}
	view_int(v, "known", (int64_t)list.n);
	view_html(v, "known_html", list.n > 0 ? html_join(&list) : NULL);
	view_url(v, "model_url",
	    url_path(req->arena, "/connections/%" PRId64 "/model", c->id.v));
	return NULL;
}

static void
add_model(struct req *req, const struct connection *c, struct view *v)
{
	view_text(v, "model", c->model);
	view_bool(v, "is_workspace", c->provider == CHAT_DATABRICKS);
	view_text(v, "instructions", c->instructions);
	view_text(v, "temperature",
	    connection_temperature(req->arena, c->temperature,
	        "the server's own"));
	view_int(v, "max_tokens", c->max_tokens);
	view_int(v, "first_s", c->first_s);
	view_int(v, "total_s", c->total_s);
}

static void
add_sign_in(struct req *req, const struct connection *c, struct view *v)
{
	bool person = c->auth == CONNECTION_PERSON;

	view_text(v, "client_id", c->client_id);
	view_text(v, "signed_in", person && c->has_token ? c->signed_in : "");
	view_bool(v, "is_person", person);
	view_url(v, "sign_in_url",
	    person ? url_path(req->arena, "/connections/%" PRId64 "/sign-in",
	                 c->id.v)
	           : NULL);
	view_url(v, "sign_out_url",
	    person && c->has_token
	        ? url_path(req->arena, "/connections/%" PRId64 "/sign-out",
	              c->id.v)
	        : NULL);
}

const struct err *
page_connection(struct req *req, struct resp *resp)
{
	struct view *v = page_view(req, "connection");
	struct arena *a = req->arena;
	struct connection c;
	const struct err *e;
	int64_t id = req->param[0];

	e = connection_asked(req, &c);
	if (!e)
		e = add_test(req, &c, v);
	if (!e)
		e = add_models(req, &c, v);
	if (!e)
		e = component_time(req, v, "created_html", c.created_ms);
	if (!e)
		e = component_time(req, v, "changed_html", c.changed_ms);
	if (e)
		return e;
	page_crumb(req, "Connections", url_path(a, "/connections"));
	page_crumb(req, c.name, NULL);
	add_model(req, &c, v);
	view_text(v, "form_error", form_error(req, NULL));
	view_bool(v, "is_default", c.is_default);
	view_bool(v, "is_simulated", c.is_simulated);
	view_text(v, "provider", connection_kind(c.provider));
	view_text(v, "host", c.host);
	view_html(v, "host_html", html_breakable(a, c.base));
	view_text(v, "workspace_id", c.workspace_id);
	view_text(v, "token", token_words(&c));
	add_sign_in(req, &c, v);
	view_url(v, "edit_url",
	    url_path(a, "/connections/%" PRId64 "/edit", id));
	view_url(v, "test_url",
	    url_path(a, "/connections/%" PRId64 "/test", id));
	view_url(v, "remove_url",
	    url_path(a, "/connections/%" PRId64 "/remove", id));
	view_url(v, "default_url",
	    c.is_default ? NULL
	                 : url_path(a, "/connections/%" PRId64 "/default", id));
	return page_render(req, resp, c.name, v);
}

/* In the calls pool. What goes wrong is noted and shown on the page. */
const struct err *
page_connection_test(struct req *req, struct resp *resp)
{
	const struct connection_try *form = form_values(req,
	    struct connection_try);
	struct client client = {.http = req->app->http,
	    .release = req->app->release,
	    .id = req->id};
	struct connection c;
	const struct err *e;

	e = connection_asked(req, &c);
	if (e)
		return e;
	if (c.auth == CONNECTION_ASKED && str_empty(form->token)) {
		form_reject(req, "token", "Enter the token.");
		return NULL;
	}
	e = connection_test(req->app, req->arena, &client, &c, form->token);
	if (e)
		return e;
	return resp_redirect(req, resp, connection_url(req->arena, c.id));
}

const struct err *
page_connection_model(struct req *req, struct resp *resp)
{
	const struct connection_model *form = form_values(req,
	    struct connection_model);
	struct connection_id id = {req->param[0]};
	const struct err *e;

	e = connections_set_model(req->app, req->arena, &req->session->user, id,
	    form->model);
	if (e)
		return form_refuse(req, NULL, e);
	flash_set(req, resp, "ok", "This model writes code from now on.");
	return resp_redirect(req, resp, connection_url(req->arena, id));
}

const struct err *
page_connection_default(struct req *req, struct resp *resp)
{
	struct connection_id id = {req->param[0]};
	const struct err *e;

	e = connections_set_default(req->app, req->arena, &req->session->user,
	    id);
	if (e)
		return e;
	flash_set(req, resp, "ok", "Forms choose this connection first now.");
	return resp_redirect(req, resp, connection_url(req->arena, id));
}

const struct err *
page_connection_remove(struct req *req, struct resp *resp)
{
	const struct err *e;

	e = connections_remove(req->app, req->arena, &req->session->user,
	    (struct connection_id){req->param[0]});
	if (e)
		return e;
	flash_set(req, resp, "ok", "The connection and its token are deleted.");
	return resp_redirect(req, resp, url_path(req->arena, "/connections"));
}

const struct err *
connection_engines(struct req *req, struct connections *ret, bool *ret_asks)
{
	struct connections all;
	const struct err *e;

	*ret = (struct connections){0};
	*ret_asks = false;
	e = connections_list(req->app, req->arena, &req->session->user, &all);
	for (size_t i = 0; !e && i < all.n; i++) {
		if (all.v[i].model[0] == '\0')
			continue;
		*ret_asks = *ret_asks || all.v[i].auth == CONNECTION_ASKED;
		*LIST_ADD(req->arena, ret) = all.v[i];
	}
	return e;
}

const struct err *
connection_engine(struct req *req, int64_t id, const struct pattern *pattern,
    struct connection *ret)
{
	const struct err *e = connections_get(req->app, req->arena,
	    &req->session->user, (struct connection_id){id}, ret);

	if (e && e->code != W_NOT_FOUND)
		return e;
	if (!e && pattern)
		answers_adapt(pattern, ret);
	if (e || ret->model[0] == '\0')
		form_reject(req, "engine",
		    "The connection is gone, or names no model any more.");
	return NULL;
}

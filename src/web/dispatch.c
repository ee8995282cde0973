#include "base/base.h"

#include "web/dispatch.h"

#include "base/json.h"
#include "base/log.h"
#include "db/db.h"
#include "web/csrf.h"
#include "web/pages/pages.h"
#include "web/pages/resend.h"
#include "web/parts.h"
#include "web/reply.h"
#include "web/url.h"

#include <string.h>

struct exchange {
	const struct route *list;
	size_t n;
	struct req *req;
	struct resp *resp;
	struct parts parts; /* of the body */
	bool answered;      /* no further phase is needed */
};

/* Where the path would be right without its last slash, says so. */
static bool
redirect_slash(struct exchange *x)
{
	struct req *req = x->req;
	size_t n = strlen(req->path);
	const char *path = req->path;
	const struct route *found;
	unsigned int methods;
	struct buf b;

	if (n < 2 || path[n - 1] != '/' || req->method == METHOD_POST)
		return false;
	req->path = arena_strndup(req->arena, path, n - 1);
	found = route_find(x->list, x->n, req, &methods);
	req->path = path;
	if (!found)
		return false;
	/* Routes have only characters that need no encoding. */
	buf_init(&b, req->arena, SIZE_MAX - 1);
	buf_add(&b, path, n - 1);
	if (!str_empty(req->query)) {
		buf_add_chr(&b, '?');
		buf_add_str(&b, req->query);
	}
	x->resp->status = 308;
	x->resp->header[HEADER_LOCATION] = buf_str(&b);
	x->answered = true;
	return true;
}

static const struct err *
phase_route(struct exchange *x)
{
	struct req *req = x->req;
	unsigned int methods;
	const char *allow = "GET, HEAD, POST";

	if (!req->path)
		return err_new(W_BAD_REQUEST, "The address is malformed.");
	req->route = route_find(x->list, x->n, req, &methods);
	if (req->route || redirect_slash(x))
		return NULL;
	if (methods == 0)
		return err_of(W_NOT_FOUND);
	if (!(methods & 1U << METHOD_GET))
		allow = "POST";
	else if (!(methods & 1U << METHOD_POST))
		allow = "GET, HEAD";
	x->resp->header[HEADER_ALLOW] = allow;
	return err_of(W_METHOD);
}

static const struct err *
phase_session(struct exchange *x)
{
	struct req *req = x->req;
	const char *token = session_token(req);

	if (!token)
		return NULL;
	return session_find(req->app, req->arena, token, &req->session);
}

/* To the sign-in page, and from there back. What a form had goes with it, so
 * the way back leads to the form's page. */
static const struct err *
ask_to_sign_in(struct exchange *x)
{
	struct req *req = x->req;
	const struct url *to = url_path(req->arena, "/login");
	const char *next = req->path;

	if (req->method == METHOD_POST) {
		struct req get = *req;
		unsigned int methods;

		get.method = METHOD_GET;
		if (!route_find(x->list, x->n, &get, &methods))
			next = NULL;
	} else if (!str_empty(req->query)) {
		next = arena_printf(req->arena, "%s?%s", req->path, req->query);
	}
	if (next && !str_eq(next, "/") && url_local(req->arena, next))
		to = url_with(req->arena, to, "next", next);
	x->answered = true;
	return resp_redirect(req, x->resp, to);
}

/* A form that comes too late is given back, to be sent again. */
static const struct err *
give_back(struct exchange *x, const struct err *why)
{
	x->answered = true;
	return resend_page(x->req, x->resp, &x->parts, why);
}

static const struct err *
phase_body(struct exchange *x)
{
	struct req *req = x->req;

	if (req->method != METHOD_POST)
		return NULL;
	return body_read(req->arena, req->content_type, req->body, &x->parts);
}

static bool
has_access(const struct user *user, enum access access)
{
	if (access == ACCESS_ADMIN)
		return user->role == USER_ROLE_ADMIN;
	if (access == ACCESS_EDITOR)
		return user_edits_patterns(user);
	return true;
}

static const struct err *
phase_access(struct exchange *x)
{
	struct req *req = x->req;
	const struct route *route = req->route;
	const struct session *session = req->session;

	assert(route->access > ACCESS__NONE);
	if (route->calls && !req->calls_pool)
		return err_system(S_INTERNAL,
		    "%s came to the pages pool; "
		    "nginx must send it to the calls pool",
		    route->path);
	if (route->access == ACCESS_PUBLIC)
		return NULL;
	if (!session && route->api)
		return err_of(A_SIGN_IN);
	if (!session && resend_applies(req) && !phase_body(x) && x->parts.n > 0)
		return give_back(x, err_of(A_SIGN_IN));
	if (!session)
		return ask_to_sign_in(x);
	if (session->user.must_change_password && !route->one_time) {
		if (route->api)
			return err_of(A_PASSWORD_CHANGE);
		x->answered = true;
		return resp_redirect(req, x->resp,
		    url_path(req->arena, "/account"));
	}
	if (!has_access(&session->user, route->access))
		return err_of(A_FORBIDDEN);
	return NULL;
}

static const struct err *
phase_csrf(struct exchange *x)
{
	const struct err *e;

	if (x->req->method != METHOD_POST)
		return NULL;
	e = csrf_check(x->req, &x->parts);
	if (e && e->code == A_CSRF && resend_applies(x->req))
		return give_back(x, e);
	return e;
}

static const struct err *
phase_form(struct exchange *x)
{
	static const struct form_table nothing = {.size = 0};
	const struct form_table *table = x->req->route->form;
	const struct err *e;

	e = form_read_query(x->req);
	if (e)
		return e;
	if (x->req->method != METHOD_POST)
		return NULL;
	return form_read(x->req, table ? table : &nothing, &x->parts);
}

/* Shows the form with what was typed and what is wrong with it. */
static const struct err *
show_again(struct exchange *x)
{
	struct req *req = x->req;
	const struct form *form = req->form;
	enum err_code code = form->refused ? form->refused->code : W_FORM;
	const struct err *e;

	reply_init(x->resp);
	x->resp->status = code_info(code)->http;
	if (req->route->again && !req->route->api)
		return req->route->again(req, x->resp);
	if (form->refused)
		return form->refused;
	e = err_new(W_FORM, "%s", form->message ? form->message : "");
	for (size_t i = form->table->n; i > 0; i--)
		if (form->errors[i - 1])
			e = err_new(W_FORM, "%s", form->errors[i - 1]);
	return e;
}

static const struct err *
phase_handler(struct exchange *x)
{
	struct req *req = x->req;
	const struct err *e = NULL;

	/* A GET changes nothing, whatever its handler does. */
	db_read_only(req->app->db,
	    req->method != METHOD_POST && !req->route->writes);
	if (!req->form->has_errors)
		e = req->route->handler(req, x->resp);
	if (!e && req->form->has_errors)
		e = show_again(x);
	db_read_only(req->app->db, false);
	return e;
}

static const struct err *
run(struct exchange *x)
{
	static const struct err *(*const phases[])(struct exchange *) = {
	    phase_route,
	    phase_session,
	    phase_access,
	    phase_body,
	    phase_csrf,
	    phase_form,
	    phase_handler,
	};
	const struct err *e = NULL;

	for (size_t i = 0; i < COUNT_OF(phases) && !e && !x->answered; i++)
		e = phases[i](x);
	/* An error page is shown in the frame of whoever asked. */
	if (e && !x->req->route && phase_session(x))
		x->req->session = NULL;
	return e;
}

static void
log_request(const struct req *req, const struct resp *resp, const struct err *e,
    int64_t start_us)
{
	static const char *const methods[METHOD__COUNT] = {
	    [METHOD_NONE] = "other",
	    [METHOD_GET] = "GET",
	    [METHOD_HEAD] = "HEAD",
	    [METHOD_POST] = "POST",
	};
	enum log_level level = LOG_LEVEL_INFO;
	struct arena *a = req->arena;

	if (e && resp->status >= 500)
		level = LOG_LEVEL_ERROR;
	else if (e)
		level = LOG_LEVEL_WARNING;
	log_line(level, "request", "id", req->id, "user",
	    req->session ? req->session->user.name : NULL, "address",
	    req->address, "method", methods[req->method], "route",
	    req->route ? req->route->path : "none", "status",
	    arena_printf(a, "%d", resp->status), "duration_us",
	    arena_printf(a, "%" PRId64, clock_monotonic_us() - start_us),
	    "bytes", arena_printf(a, "%zu", resp->body.n), "code",
	    e ? code_info(e->code)->id : NULL, "message", e ? e->message : NULL,
	    "detail", e && e->detail[0] ? e->detail : NULL, NULL);
}

static void
finish(struct req *req, struct resp *resp, const struct err *e,
    int64_t start_us)
{
	/* Where a page is half sent, only the log can tell. */
	if (e && !resp->streams)
		error_reply(req, resp, e);
	if (!resp->streams)
		reply_finish(req, resp);
	log_request(req, resp, e, start_us);
	err_clear();
}

void
dispatch_routes(const struct route *list, size_t n, const struct app *app,
    struct req *req, struct resp *resp)
{
	int64_t start_us = clock_monotonic_us();
	struct exchange x = {.list = list, .n = n, .req = req, .resp = resp};
	const struct err *e;

	req->app = app;
	req->now_ms = clock_now_ms(&app->clock);
	reply_init(resp);
	e = run(&x);
	finish(req, resp, e, start_us);
}

void
dispatch(const struct app *app, struct req *req, struct resp *resp)
{
	dispatch_routes(routes, n_routes, app, req, resp);
}

void
dispatch_error(const struct app *app, struct req *req, struct resp *resp,
    const struct err *e)
{
	req->app = app;
	reply_init(resp);
	finish(req, resp, e, clock_monotonic_us());
}

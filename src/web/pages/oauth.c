#include "base/base.h"

#include "web/pages/pages.h"

#include "core/grants.h"
#include "sys/config.h"
#include "sys/crypto.h"
#include "web/cookies.h"
#include "web/page.h"
#include "web/parts.h"
#include "web/pages/connection_form.h"
#include "web/pages/login.h"
#include "web/reply.h"
#include "web/url.h"

#include <string.h>

/* Whoever has not come back by then starts again. */
#define WAY_SECONDS 900

/* Bytes of the cookie that say which page is next; a longer one is left out. */
#define NEXT_MAX 2000

/* A way to a workspace and back, as the browser's cookie has it: the secret,
 * the id of the connection, 0 for signing in here, and which page is next. */
struct way {
	struct connection connection;
	struct grant_way grant;
	bool signs_in;
	const char *next; /* of signing in here; not checked; "" */
};

static struct client
client_of(const struct req *req)
{
	return (struct client){.http = req->app->http,
	    .release = req->app->release,
	    .id = req->id};
}

/* The address that is registered with the workspace. */
static const char *
redirect_of(struct req *req)
{
	const char *base = req->app->config->public_url;

	if (str_empty(base))
		base = arena_printf(req->arena, "%s://%s",
		    req_is_secure(req) ? "https" : "http", req->host);
	return arena_printf(req->arena, "%.*s/oauth/callback",
	    (int)(strlen(base) - str_ends(base, "/")), base);
}

/* Whether the browser is where the workspace will send it back to; a cookie of
 * another host would not be there. */
static bool
is_at_home(struct req *req)
{
	const char *home = req->app->config->public_url;
	const char *host = strstr(home, "://");

	return !host ||
	    slice_ieq((struct slice){host + 3, strcspn(host + 3, "/")},
	        req->host);
}

/* ".%2Fmappings%2F7", or "" */
static const char *
next_of(struct req *req, const char *next)
{
	struct buf b;

	if (!next || !url_local(req->arena, next))
		return "";
	buf_init(&b, req->arena, NEXT_MAX);
	buf_add_chr(&b, '.');
	buf_add_percent(&b, slice_of(next));
	return buf_full(&b) ? "" : buf_str(&b);
}

/* The other site is on its way to be asked; the cookie is what it comes back
 * for. Not from another site: nobody is to be sent there unasked. */
static const struct err *
leave(struct req *req, struct resp *resp, const struct connection *c,
    const char *next)
{
	const struct client client = client_of(req);
	const struct grant_way way = {.connection = c,
	    .redirect = redirect_of(req),
	    .secret = crypto_token(req->arena)};
	const struct config *config = req->app->config;
	const struct err *e;
	const char *url;

	if (req->fetch_site && str_eq(req->fetch_site, "cross-site"))
		return err_of(A_ORIGIN);
	if (str_empty(config->public_url) && !c->is_simulated)
		return err_new(R_NO_OAUTH,
		    "The configuration does not say public_url, to which the "
		    "workspace would send you back.");
	if (!is_at_home(req))
		return err_new(R_NO_OAUTH,
		    "The workspace would send you back to %s, but you are at "
		    "%s. Open that address, and sign in there.",
		    config->public_url, req->host);
	e = grants_leave(req->app, req->arena, &client, &way, &url);
	if (e)
		return e;
	cookie_set(req, resp, COOKIE_OAUTH,
	    arena_printf(req->arena, "%s.%" PRId64 "%s", way.secret, c->id.v,
	        next_of(req, next)),
	    WAY_SECONDS);
	return resp_leave(req, resp, url);
}

const struct err *
page_connection_sign_in(struct req *req, struct resp *resp)
{
	struct connection c;
	const struct err *e = connection_asked(req, &c);

	if (!e && c.auth != CONNECTION_PERSON)
		e = err_new(W_NOT_FOUND, "Nobody signs in for %s.", c.name);
	return e ? e : leave(req, resp, &c, NULL);
}

static const struct err *
find_portal(struct req *req, struct connection *ret)
{
	const struct err *e;
	bool any;

	e = grants_portal(req->app, req->arena, ret, &any);
	return e || any ? e : err_of(W_NOT_FOUND);
}

const struct err *
page_oauth_login(struct req *req, struct resp *resp)
{
	struct connection portal;
	const struct err *e = find_portal(req, &portal);

	return e ? e : leave(req, resp, &portal, query_get(req, "next"));
}

/* "0.%2Fmappings%2F7" */
static bool
read_rest(struct req *req, const char *text, int64_t *ret_id,
    const char **ret_next)
{
	size_t n = strcspn(text, ".");
	struct slice next = {"", 0};

	if (!slice_to_int((struct slice){text, n}, 0, INT64_MAX, ret_id) ||
	    (text[n] &&
	        !percent_decode(req->arena, slice_of(text + n + 1), false,
	            &next)))
		return false;
	*ret_next = slice_dup(req->arena, next);
	return true;
}

/* What the cookie says. */
static const struct err *
read_way(struct req *req, struct way *ret)
{
	const char *cookie = cookies_find(req->arena, req->cookies,
	    cookie_name(req, COOKIE_OAUTH));
	const char *dot = cookie ? strchr(cookie, '.') : NULL;
	const struct err *e;
	struct connection_id id;
	const char *next;

	if (!dot || dot - cookie != CRYPTO_TOKEN_LENGTH ||
	    !read_rest(req, dot + 1, &id.v, &next))
		return err_of(R_CONSENT);
	*ret = (struct way){.signs_in = id.v == 0, .next = next};
	if (ret->signs_in)
		e = find_portal(req, &ret->connection);
	else if (!req->session)
		e = err_of(A_SIGN_IN);
	else
		e = connections_get(req->app, req->arena, &req->session->user,
		    id, &ret->connection);
	ret->grant = (struct grant_way){.redirect = redirect_of(req),
	    .secret = arena_strndup(req->arena, cookie, CRYPTO_TOKEN_LENGTH)};
	return e;
}

/* "access_denied": RFC 6749 has no other letters for it. */
static bool
is_error_name(const char *text)
{
	return text[0] && strlen(text) <= 60 &&
	    text[strspn(text, "abcdefghijklmnopqrstuvwxyz_")] == '\0';
}

/* The state is looked at first: without it, whatever came is from anybody, and
 * the way stays open. Then the cookie is taken away: it is good for once. */
static const struct err *
arrive(struct req *req, struct resp *resp, struct way *way, struct arrival *ret)
{
	const struct client client = client_of(req);
	const char *error = query_get(req, "error");
	const char *state = query_get(req, "state");
	const char *code = query_get(req, "code");

	way->grant.connection = &way->connection;
	if (str_empty(state) || !grants_fits(req->arena, &way->grant, state))
		return err_new(R_CONSENT,
		    "This browser has not asked for what came back.");
	cookie_set(req, resp, COOKIE_OAUTH, "", 0);
	if (error && is_error_name(error))
		return err_new(R_CONSENT, "%s says: %s.", way->connection.host,
		    error);
	if (error || str_empty(code))
		return err_of(R_CONSENT);
	return grants_arrive(req->app, req->arena, &client, &way->grant, state,
	    code, ret);
}

/* Signed in here; the connection of that workspace comes with it. */
static const struct err *
sign_in(struct req *req, struct resp *resp, const struct way *way,
    const struct arrival *arrival)
{
	const struct connection *portal = &way->connection;
	const struct err *e;
	struct session session;
	struct connection c;
	const char *token;

	e = session_sign_in_external(req->app, req->arena,
	    portal->workspace_id[0] ? arena_printf(req->arena, "%s/%s",
	                                  portal->base, portal->workspace_id)
	                            : portal->base,
	    arrival->user_id, arrival->user, session_token(req), &token,
	    &session);
	if (e)
		return e;
	cookie_set(req, resp, COOKIE_SESSION, token, -1);
	cookie_set(req, resp, COOKIE_FORM, "", 0);
	e = connections_of_portal(req->app, req->arena, &session.user, portal,
	    &c);
	if (!e)
		e = grants_keep(req->app, req->arena, &c, arrival);
	/* Who is signed in stays so. */
	if (e)
		flash_set(req, resp, "warning",
		    arena_printf(req->arena,
		        "You are signed in, but have no connection to the "
		        "workspace: %s",
		        e->message));
	return resp_redirect(req, resp, login_next(req, way->next));
}

static const struct err *
connect(struct req *req, struct resp *resp, const struct way *way,
    const struct arrival *arrival)
{
	const struct err *e;

	e = grants_keep(req->app, req->arena, &way->connection, arrival);
	if (e)
		return e;
	flash_set(req, resp, "ok",
	    arena_printf(req->arena, "%s is signed in to %s.", arrival->user,
	        way->connection.host));
	return resp_redirect(req, resp,
	    connection_url(req->arena, way->connection.id));
}

/* What went wrong on the way is said where the person set out. */
static const struct err *
go_back(struct req *req, struct resp *resp, const struct way *way,
    const struct err *e)
{
	flash_set(req, resp, "problem",
	    arena_printf(req->arena, "%s: %s", code_info(e->code)->id,
	        e->message));
	return resp_redirect(req, resp,
	    way->signs_in
	        ? login_url(req, url_path(req->arena, "/login"), way->next)
	        : connection_url(req->arena, way->connection.id));
}

const struct err *
page_oauth_callback(struct req *req, struct resp *resp)
{
	struct arrival arrival;
	const struct err *e;
	struct way way;

	e = read_way(req, &way);
	if (e)
		return e;
	e = arrive(req, resp, &way, &arrival);
	if (!e)
		e = way.signs_in ? sign_in(req, resp, &way, &arrival)
		                 : connect(req, resp, &way, &arrival);
	if (e && code_info(e->code)->id[0] != 'S')
		return go_back(req, resp, &way, e);
	return e;
}

const struct err *
page_connection_sign_out(struct req *req, struct resp *resp)
{
	struct connection_id id = {req->param[0]};
	const struct err *e;

	e = grants_forget(req->app, req->arena, &req->session->user, id);
	if (e)
		return e;
	flash_set(req, resp, "ok",
	    "The connection is signed out; its tokens are deleted.");
	return resp_redirect(req, resp, connection_url(req->arena, id));
}

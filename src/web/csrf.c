#include "base/base.h"

#include "web/csrf.h"

#include "sys/config.h"
#include "sys/crypto.h"
#include "web/cookies.h"
#include "web/parts.h"
#include "web/reply.h"
#include "web/route.h"

#include <string.h>

/* The token of somebody who is not signed in; NULL if there is none. */
static const char *
cookie_token(const struct req *req)
{
	const char *s = cookies_find(req->arena, req->cookies,
	    cookie_name(req, COOKIE_FORM));

	if (!s || strlen(s) != CRYPTO_TOKEN_LENGTH)
		return NULL;
	for (const char *p = s; *p; p++)
		if (!chr_is_alnum(*p) && *p != '-' && *p != '_')
			return NULL;
	return s;
}

const char *
csrf_token(struct req *req)
{
	if (req->session)
		return req->session->csrf;
	if (!req->csrf)
		req->csrf = cookie_token(req);
	if (!req->csrf) {
		req->csrf = crypto_token(req->arena);
		req->csrf_is_new = true;
	}
	return req->csrf;
}

/* "https://host" of an address, without what follows. */
static struct slice
origin_of(const char *url)
{
	const char *host = strstr(url, "://");

	if (!host)
		return (struct slice){0};
	return (struct slice){
	    url, (size_t)(host - url) + 3 + strcspn(host + 3, "/?#")};
}

static bool
is_own_origin(const struct req *req)
{
	const char *public_url = req->app->config->public_url;
	const char *own = arena_printf(req->arena, "http%s://%s",
	    req_is_secure(req) ? "s" : "", req->host);

	if (str_ieq(req->origin, own))
		return true;
	return !str_empty(public_url) &&
	    slice_ieq(origin_of(public_url), req->origin);
}

bool
csrf_is_own_site(const struct req *req)
{
	if (req->origin && !is_own_origin(req))
		return false;
	return !req->fetch_site || str_eq(req->fetch_site, "same-origin") ||
	    str_eq(req->fetch_site, "none");
}

const struct err *
csrf_check(const struct req *req, const struct parts *parts)
{
	const char *sent = req->csrf_header;
	const char *cookie;

	if (!csrf_is_own_site(req))
		return err_of(A_ORIGIN);
	if (!sent)
		sent = parts_find(req->arena, parts, "csrf");
	if (sent && req->session && crypto_equal(sent, req->session->csrf))
		return NULL;
	/* A form shown before signing in, as the sign-in form itself: also
	 * where another tab has signed in meanwhile. */
	cookie = cookie_token(req);
	if (sent && cookie && req->route->access == ACCESS_PUBLIC &&
	    crypto_equal(sent, cookie))
		return NULL;
	return err_of(A_CSRF);
}

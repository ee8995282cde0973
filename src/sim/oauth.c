#include "base/base.h"

#include "sim/oauth.h"

#include "base/base64.h"
#include "sim/grants.h"
#include "sim/page.h"
#include "sim/reply.h"
#include "sys/pkce.h"

#include <string.h>

#define CODE_LIFE_MS ((int64_t)600000)
#define REFRESH_LIFE_MS ((int64_t)7 * 86400000)
#define SECRET_START "dose"
#define CHALLENGE_LENGTH 43

const struct err *
oauth_host(const struct sim_req *req, struct sim_resp *resp)
{
	struct json_writer w;
	struct buf b;

	reply_start(req, &b, &w);
	json_object(&w);
	json_key_str(&w, "oidc_endpoint",
	    arena_printf(req->arena, "%s/oidc", req->sim->base));
	json_key_str(&w, "workspace_id", req->settings.org_id);
	json_key_str(&w, "cloud", "SIMULATED");
	json_key_str(&w, "host_type", "workspace");
	json_object_end(&w);
	reply_json(resp, 200, &b);
	return NULL;
}

static void
list_json(struct json_writer *w, const char *key, const char *const *words,
    size_t n)
{
	size_t i;

	json_key(w, key);
	json_array(w);
	for (i = 0; i < n; i++)
		json_str(w, words[i]);
	json_array_end(w);
}

const struct err *
oauth_server(const struct sim_req *req, struct sim_resp *resp)
{
	static const char *const grants[] = {
	    "authorization_code", "refresh_token", "client_credentials"};
	static const char *const scopes[] = {
	    "all-apis", "sql", "offline_access", "openid", "profile", "email"};
	static const char *const code[] = {"code"};
	static const char *const methods[] = {"S256"};
	const char *base = req->sim->base;
	struct json_writer w;
	struct buf b;

	reply_start(req, &b, &w);
	json_object(&w);
	json_key_str(&w, "issuer", arena_printf(req->arena, "%s/oidc", base));
	json_key_str(&w, "authorization_endpoint",
	    arena_printf(req->arena, "%s/oidc/v1/authorize", base));
	json_key_str(&w, "token_endpoint",
	    arena_printf(req->arena, "%s/oidc/v1/token", base));
	list_json(&w, "grant_types_supported", grants, COUNT_OF(grants));
	list_json(&w, "response_types_supported", code, COUNT_OF(code));
	list_json(&w, "code_challenge_methods_supported", methods,
	    COUNT_OF(methods));
	list_json(&w, "scopes_supported", scopes, COUNT_OF(scopes));
	json_object_end(&w);
	reply_json(resp, 200, &b);
	return NULL;
}

static bool
is_address(const char *text)
{
	return (str_starts(text, "http://") || str_starts(text, "https://")) &&
	    !text[strcspn(text, "\r\n# ")];
}

/* What is wrong with a request to be authorized; NULL if nothing is. */
static const char *
wrong_with(const struct fields *f)
{
	if (!str_eq(fields_get(f, "response_type", ""), "code"))
		return "response_type must be code";
	if (!str_eq(fields_get(f, "code_challenge_method", ""), "S256"))
		return "code_challenge_method must be S256";
	if (strlen(fields_get(f, "code_challenge", "")) != CHALLENGE_LENGTH)
		return "code_challenge must have 43 characters";
	if (str_empty(fields_get(f, "state", "")))
		return "state is missing";
	return NULL;
}

static void
add_query(struct buf *b, const char *key, const char *value)
{
	buf_add_chr(b, strchr(buf_str(b), '?') ? '&' : '?');
	buf_add_str(b, key);
	buf_add_chr(b, '=');
	buf_add_percent(b, slice_of(value));
}

/* Back to the program that asked, with the state that it sent. */
static void
send_back(const struct sim_req *req, struct sim_resp *resp,
    const struct fields *f, const char *key, const char *value)
{
	struct buf b;

	buf_init(&b, req->arena, SIM_BODY_MAX);
	buf_add_str(&b, fields_get(f, "redirect_uri", ""));
	add_query(&b, key, value);
	add_query(&b, "state", fields_get(f, "state", ""));
	reply_redirect(req, resp, 302, buf_str(&b));
}

/* Where there is nobody to send back to, the person is told. */
static bool
may_ask(const struct sim_req *req, struct sim_resp *resp,
    const struct fields *f)
{
	const char *wrong = wrong_with(f);
	struct page p;

	if (is_address(fields_get(f, "redirect_uri", "")) &&
	    !str_empty(fields_get(f, "client_id", ""))) {
		if (wrong)
			send_back(req, resp, f, "error", "invalid_request");
		return !wrong;
	}
	page_start(req, &p, "This sign-in cannot work");
	page_text(&p,
	    "The program that sent you here did not say which client it is "
	    "(client_id) or where to go back to (redirect_uri).");
	page_reply(&p, req, resp, 400);
	return false;
}

const struct err *
oauth_ask(const struct sim_req *req, struct sim_resp *resp)
{
	static const char *const passed_on[] = {"response_type", "client_id",
	    "redirect_uri", "scope", "state", "code_challenge",
	    "code_challenge_method"};
	const struct fields *f = &req->query;
	struct page p;
	size_t i;

	if (!may_ask(req, resp, f))
		return NULL;
	page_start(req, &p, "Sign in");
	page_text(&p,
	    arena_printf(req->arena,
	        "The program \"%s\" asks for access (%s) and will get it at "
	        "%s.",
	        fields_get(f, "client_id", ""), fields_get(f, "scope", ""),
	        fields_get(f, "redirect_uri", "")));
	page_form(&p, "/oidc/v1/authorize");
	for (i = 0; i < COUNT_OF(passed_on); i++)
		page_hidden(&p, passed_on[i], fields_get(f, passed_on[i], ""));
	page_input(&p, "user", "Sign in as", req->settings.user);
	page_buttons(&p, "answer", "allow", "Sign in", "deny", "Refuse");
	page_reply(&p, req, resp, 200);
	return NULL;
}

const struct err *
oauth_allow(const struct sim_req *req, struct sim_resp *resp)
{
	struct arena *a = req->arena;
	struct fields f = {0};
	struct grants grants;
	const struct err *e;
	const char *code;

	fields_add_form(a, &f, req->body);
	if (!may_ask(req, resp, &f))
		return NULL;
	if (!str_eq(fields_get(&f, "answer", ""), "allow") ||
	    str_empty(str_trim(a, fields_get(&f, "user", "")))) {
		send_back(req, resp, &f, "error", "access_denied");
		return NULL;
	}
	e = grants_read(a, req->sim, &grants);
	if (e)
		return e;
	code = grants_issue(a, &grants,
	    (struct grant){.user = str_trim(a, fields_get(&f, "user", "")),
	        .client_id = fields_get(&f, "client_id", ""),
	        .scope = fields_get(&f, "scope", ""),
	        .redirect_uri = fields_get(&f, "redirect_uri", ""),
	        .challenge = fields_get(&f, "code_challenge", "")},
	    "code", clock_now_ms(&req->sim->clock) + CODE_LIFE_MS);
	e = grants_write(a, req->sim, &grants);
	if (!e)
		send_back(req, resp, &f, "code", code);
	return e;
}

static void
refuse(const struct sim_req *req, struct sim_resp *resp, int status,
    const char *error, const char *description)
{
	struct json_writer w;
	struct buf b;

	reply_start(req, &b, &w);
	json_object(&w);
	json_key_str(&w, "error", error);
	json_key_str(&w, "error_description", description);
	json_object_end(&w);
	reply_json(resp, status, &b);
}

/* Adds client_id and client_secret of the Basic scheme, if it is used. */
static void
read_basic(const struct sim_req *req, struct fields *f)
{
	const char *header = req->authorization;
	struct slice pair;
	const char *colon;

	if (!header || !str_starts(header, "Basic ") ||
	    !base64_decode(req->arena, slice_of(header + 6), &pair))
		return;
	colon = memchr(pair.p, ':', pair.n);
	if (!colon)
		return;
	fields_add(req->arena, f, "client_id",
	    arena_strndup(req->arena, pair.p, (size_t)(colon - pair.p)));
	fields_add(req->arena, f, "client_secret", colon + 1);
}

/* Tokens for whom the grant names, and the old grant goes. */
static const struct err *
issue(const struct sim_req *req, struct sim_resp *resp, struct grants *grants,
    struct grant grant, bool refreshable)
{
	int64_t now = clock_now_ms(&req->sim->clock);
	int64_t life = req->settings.token_life_s;
	struct arena *a = req->arena;
	struct json_writer w;
	const struct err *e;
	struct buf b;

	grant.challenge = "";
	grant.redirect_uri = "";
	reply_start(req, &b, &w);
	json_object(&w);
	json_key_str(&w, "access_token",
	    grants_issue(a, grants, grant, "access", now + life * 1000));
	if (refreshable)
		json_key_str(&w, "refresh_token",
		    grants_issue(a, grants, grant, "refresh",
		        now + REFRESH_LIFE_MS));
	json_key_str(&w, "token_type", "Bearer");
	/* A text: clients must take that as well as a number. */
	json_key_str(&w, "expires_in", arena_printf(a, "%" PRId64, life));
	json_key_str(&w, "scope", grant.scope);
	json_object_end(&w);
	e = grants_write(a, req->sim, grants);
	if (e)
		return e;
	reply_json(resp, 200, &b);
	fields_add(a, &resp->headers, "Cache-Control", "no-store");
	return NULL;
}

static const struct err *
by_code(const struct sim_req *req, struct sim_resp *resp,
    const struct fields *f, struct grants *grants)
{
	struct grant *g = grants_find(req->arena, grants, "code",
	    fields_get(f, "code", ""));
	struct grant grant;
	bool fits;

	if (!g || g->expires_ms <= clock_now_ms(&req->sim->clock)) {
		refuse(req, resp, 400, "invalid_grant",
		    "The authorization code is invalid, used or expired");
		return NULL;
	}
	grant = *g;
	/* Whatever comes of it, a code is used once. */
	g->kind = "used";
	fits = str_eq(grant.client_id, fields_get(f, "client_id", "")) &&
	    str_eq(grant.redirect_uri, fields_get(f, "redirect_uri", "")) &&
	    pkce_matches(req->arena, fields_get(f, "code_verifier", ""),
	        grant.challenge);
	if (fits)
		return issue(req, resp, grants, grant,
		    strstr(grant.scope, "offline_access") != NULL);
	refuse(req, resp, 400, "invalid_grant",
	    "client_id, redirect_uri or code_verifier is not that of the "
	    "authorization code");
	return grants_write(req->arena, req->sim, grants);
}

static const struct err *
by_refresh(const struct sim_req *req, struct sim_resp *resp,
    const struct fields *f, struct grants *grants)
{
	struct grant *g = grants_find(req->arena, grants, "refresh",
	    fields_get(f, "refresh_token", ""));
	struct grant grant;

	if (!g || g->expires_ms <= clock_now_ms(&req->sim->clock) ||
	    !str_eq(g->client_id, fields_get(f, "client_id", ""))) {
		refuse(req, resp, 400, "invalid_grant",
		    "Refresh token is invalid");
		return NULL;
	}
	grant = *g;
	g->kind = "used";
	return issue(req, resp, grants, grant, true);
}

static const struct err *
by_secret(const struct sim_req *req, struct sim_resp *resp,
    const struct fields *f, struct grants *grants)
{
	const char *client = fields_get(f, "client_id", "");

	if (client[0] && fields_get(f, "client_secret", "")[0])
		return issue(req, resp, grants,
		    (struct grant){.user = client,
		        .client_id = client,
		        .scope = fields_get(f, "scope", "all-apis")},
		    false);
	refuse(req, resp, 401, "invalid_client",
	    "Client authentication failed");
	return NULL;
}

const struct err *
oauth_token(const struct sim_req *req, struct sim_resp *resp)
{
	struct fields f = {0};
	struct grants grants;
	const struct err *e;
	const char *secret;
	const char *type;

	fields_add_form(req->arena, &f, req->body);
	read_basic(req, &f);
	secret = fields_get(&f, "client_secret", "");
	if (secret[0] && !str_starts(secret, SECRET_START)) {
		refuse(req, resp, 401, "invalid_client",
		    "Client authentication failed");
		return NULL;
	}
	e = grants_read(req->arena, req->sim, &grants);
	if (e)
		return e;
	type = fields_get(&f, "grant_type", "");
	if (str_eq(type, "authorization_code"))
		return by_code(req, resp, &f, &grants);
	if (str_eq(type, "refresh_token"))
		return by_refresh(req, resp, &f, &grants);
	if (str_eq(type, "client_credentials"))
		return by_secret(req, resp, &f, &grants);
	refuse(req, resp, 400, "unsupported_grant_type",
	    "grant_type must be authorization_code, refresh_token or "
	    "client_credentials");
	return NULL;
}

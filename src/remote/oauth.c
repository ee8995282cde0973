#include "base/base.h"

#include "remote/oauth.h"

#include "base/base64.h"
#include "sys/pkce.h"

#include <string.h>

#define DISCOVERY "/oidc/.well-known/oauth-authorization-server"
#define SCOPE "all-apis offline_access"
#define IDLE_MS 15000
#define TOTAL_MS 30000
#define BUDGET_MS 10000 /* for waiting between tries */
#define MAX_FORM 32000
#define LIFE_UNKNOWN_S 600
#define LIFE_MAX_S ((int64_t)366 * 86400)

/* The part behind the base, of a URL of the workspace itself; NULL else. */
static const char *
own_path(const struct account *at, const char *url)
{
	size_t n = strlen(at->base);

	return str_starts(url, at->base) && url[n] == '/' ? url + n : NULL;
}

static const struct err *
no_oauth(const struct oauth_client *c, const char *why)
{
	return err_new(R_NO_OAUTH, "%s %s.", c->at->host, why);
}

const struct err *
oauth_discover(const struct oauth_client *c, struct arena *a,
    struct oauth_server *ret)
{
	const struct call call = {.method = "GET",
	    .path = DISCOVERY,
	    .kind = RETRY_READ,
	    .budget_ms = BUDGET_MS,
	    .idle_ms = IDLE_MS,
	    .total_ms = TOTAL_MS};
	struct answer answer;
	const struct err *e;
	const char *token;

	e = client_call(c->client, a, c->at, &call, &answer, NULL);
	if (e && e->code == R_MISSING)
		e = no_oauth(c, "offers no sign-in with OAuth");
	if (e)
		return e;
	ret->authorize =
	    json_string(json_get(answer.json, "authorization_endpoint"), "");
	token = json_string(json_get(answer.json, "token_endpoint"), "");
	if (!own_path(c->at, ret->authorize) || !own_path(c->at, token))
		return no_oauth(c, "wants sign-ins at another host");
	ret->token = own_path(c->at, token);
	return NULL;
}

/* One more field of a form, or of a query. */
static void
add_field(struct buf *b, const char *name, const char *value)
{
	if (b->n > 0)
		buf_add_chr(b, '&');
	buf_add_str(b, name);
	buf_add_chr(b, '=');
	buf_add_percent(b, slice_of(value));
}

const char *
oauth_authorize_url(struct arena *a, const struct oauth_server *server,
    const char *client_id, const char *redirect, const char *state,
    const char *verifier)
{
	struct buf b;

	buf_init(&b, a, MAX_FORM);
	add_field(&b, "response_type", "code");
	add_field(&b, "client_id", client_id);
	add_field(&b, "redirect_uri", redirect);
	add_field(&b, "scope", SCOPE);
	add_field(&b, "state", state);
	add_field(&b, "code_challenge", pkce_challenge(a, verifier));
	add_field(&b, "code_challenge_method", "S256");
	return arena_printf(a, "%s%c%s", server->authorize,
	    strchr(server->authorize, '?') ? '&' : '?', buf_str(&b));
}

/* A number of seconds, which some servers write as a text; 0 if it is none. */
static int64_t
life_of(const struct json *v)
{
	int64_t n = 0;

	if (!json_to_int(v, 1, LIFE_MAX_S, &n) &&
	    !str_to_int(json_string(v, ""), 1, LIFE_MAX_S, &n))
		return 0;
	return n;
}

/* RFC 6749, 2.3.1: both are encoded as in a form before they are joined. */
static const char *
basic(struct arena *a, const struct oauth_client *c)
{
	return arena_printf(a, "Basic %s",
	    base64_encode(a,
	        slice_of(arena_printf(a, "%s:%s", client_segment(a, c->id),
	            client_segment(a, c->secret)))));
}

/* RFC 6749, 5.2: 400, or 401 of a client that is not known. */
static bool
is_refusal(const struct fault *f)
{
	return (f->status == 400 || f->status == 401) &&
	    f->code != R_THROTTLED && f->code != R_UNAVAILABLE;
}

/* What is wrong is how this program is registered, not what it has sent. An
 * error that comes without a description is the fault's message. */
static bool
is_about_client(const struct oauth_client *c, const struct fault *f)
{
	static const char *const names[] = {"invalid_client",
	    "unauthorized_client", "invalid_scope", "unsupported_grant_type"};

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (!c->secret &&
		    str_ieq(f->name[0] ? f->name : f->message, names[i]))
			return true;
	}
	return false;
}

/* Asks the token endpoint. The secret is what must not be repeated. */
static const struct err *
ask(const struct oauth_client *c, struct arena *a,
    const struct oauth_server *server, const struct buf *form,
    const char *secret, enum retry_kind kind, struct oauth_grant *ret)
{
	struct call call = {.method = "POST",
	    .path = server->token,
	    .body = buf_slice(form),
	    .body_type = "application/x-www-form-urlencoded",
	    .secret = secret,
	    .kind = kind,
	    .budget_ms = BUDGET_MS,
	    .idle_ms = IDLE_MS,
	    .total_ms = TOTAL_MS};
	struct answer answer;
	struct fault fault;
	const struct err *e;

	if (c->secret)
		http_add_header(a, &call.headers, "Authorization", basic(a, c));
	e = client_call(c->client, a, c->at, &call, &answer, &fault);
	if (e && is_refusal(&fault))
		e = err_new(is_about_client(c, &fault) ? R_NO_OAUTH : R_SIGN_IN,
		    "%s does not accept it: %s", c->at->host,
		    fault.message[0] ? fault.message : "it does not say why");
	if (e)
		return e;
	ret->access = json_string(json_get(answer.json, "access_token"), "");
	ret->refresh = json_string(json_get(answer.json, "refresh_token"),
	    NULL);
	ret->life_s = life_of(json_get(answer.json, "expires_in"));
	if (ret->life_s == 0)
		ret->life_s = LIFE_UNKNOWN_S;
	if (!ret->access[0])
		return err_new(R_NOT_API, "%s has sent no access token.",
		    c->at->host);
	return NULL;
}

/* A public client says who it is in the form; one with a secret in a header. */
static void
begin_form(const struct oauth_client *c, struct arena *a, struct buf *b,
    const char *type)
{
	buf_init(b, a, MAX_FORM);
	add_field(b, "grant_type", type);
	if (!c->secret)
		add_field(b, "client_id", c->id);
}

/* A code works once, so it is sent once. */
const struct err *
oauth_exchange(const struct oauth_client *c, struct arena *a,
    const struct oauth_server *server, const char *redirect, const char *code,
    const char *verifier, struct oauth_grant *ret)
{
	struct buf b;

	begin_form(c, a, &b, "authorization_code");
	add_field(&b, "code", code);
	add_field(&b, "redirect_uri", redirect);
	add_field(&b, "code_verifier", verifier);
	return ask(c, a, server, &b, code, RETRY_ONCE, ret);
}

/* So does a refresh token, where the account wants that. */
const struct err *
oauth_refresh(const struct oauth_client *c, struct arena *a,
    const struct oauth_server *server, const char *refresh,
    struct oauth_grant *ret)
{
	struct buf b;

	begin_form(c, a, &b, "refresh_token");
	add_field(&b, "refresh_token", refresh);
	return ask(c, a, server, &b, refresh, RETRY_ONCE, ret);
}

const struct err *
oauth_credentials(const struct oauth_client *c, struct arena *a,
    const struct oauth_server *server, struct oauth_grant *ret)
{
	struct buf b;

	begin_form(c, a, &b, "client_credentials");
	add_field(&b, "scope", "all-apis");
	return ask(c, a, server, &b, c->secret, RETRY_REPEATABLE, ret);
}

#include "base/base.h"

#include "core/connection_parts.h"

#include "core/grants.h"
#include "sys/config.h"

#include <string.h>

static bool
is_simulator(const struct app *app, const char *base)
{
	return base[0] && str_eq(base, app->config->simulator);
}

/* "llm.example:8000" of "http://llm.example:8000/v1" */
const char *
connection_host(struct arena *a, const char *base)
{
	const char *start = strstr(base, "://");

	start = start ? start + 3 : base;
	return arena_strndup(a, start, strcspn(start, "/"));
}

bool
connection_is_simulated(const struct app *app, const char *host)
{
	const char *start = strstr(app->config->simulator, "://");

	return start && str_eq(start + 3, host);
}

/* Where the address leads, if it may. */
const struct err *
connection_find_host(const struct app *app, struct arena *a,
    enum chat_provider provider, const char *address, struct host *ret)
{
	bool workspace = provider == CHAT_DATABRICKS;
	const char *allowed = workspace ? app->config->workspace_hosts
	                                : app->config->model_hosts;
	const struct err *e;

	if (is_simulator(app, address)) {
		*ret = (struct host){.base = address,
		    .name = connection_host(a, address),
		    .plain = true};
		return NULL;
	}
	e = host_parse(a, address, workspace ? HOST_WORKSPACE : HOST_MODEL,
	    ret);
	if (!e && !host_allowed(ret, allowed))
		e = err_new(R_BARRED,
		    "%s is none of the hosts that %s in text2code.conf allows.",
		    ret->name, workspace ? "workspace_hosts" : "model_hosts");
	return e;
}

struct seal_place
connection_place(struct connection_id id, struct user_id owner,
    const char *base)
{
	return (struct seal_place){
	    .table = "connection", .row = id.v, .owner = owner.v, .host = base};
}

/* What the person has entered, or what is kept instead. */
static const struct err *
find_token(const struct app *app, struct arena *a, const struct connection *c,
    const char *entered, const char **ret)
{
	const struct seal_place place = connection_place(c->id, c->owner,
	    c->base);

	if (c->auth == CONNECTION_STORED && c->box)
		return seal_open(a, app->seal, &place, c->box, ret);
	if (str_empty(entered))
		return err_new(W_FORM, "Enter the token for %s.", c->name);
	if (!connection_is_token(entered))
		return err_new(W_FORM, "What was entered is no token.");
	*ret = entered;
	return NULL;
}

/* Whatever the name means, only what an administrator has listed may be on this
 * machine. */
static enum http_reach
reach_of(const struct connection *c, const struct host *host)
{
	if (c->is_simulated || str_eq(host->name, "localhost") ||
	    str_starts(host->name, "127."))
		return HTTP_LOOPBACK;
	return HTTP_INTRANET;
}

const struct err *
connection_way(const struct app *app, struct arena *a,
    const struct connection *c, struct account *ret)
{
	static const char *const how[CONNECTION__AUTH_COUNT] = {
	    [CONNECTION_STORED] = "pat",
	    [CONNECTION_ASKED] = "pat",
	    [CONNECTION_NONE] = "none",
	    [CONNECTION_PERSON] = "oauth-u2m",
	    [CONNECTION_CLIENT] = "oauth-m2m",
	};
	struct host host;
	const struct err *e;

	e = connection_find_host(app, a, c->provider, c->base, &host);
	if (e)
		return e;
	*ret = (struct account){
	    .host = c->host,
	    .base = c->base,
	    .key_header = c->provider == CHAT_ANTHROPIC ? "x-api-key" : NULL,
	    .workspace_id = str_empty(c->workspace_id) ? NULL : c->workspace_id,
	    .auth = how[c->auth],
	    .reach = reach_of(c, &host),
	    .plain = host.plain,
	};
	return NULL;
}

const struct err *
connection_account(const struct app *app, struct arena *a,
    const struct client *client, const struct connection *c, const char *token,
    struct account *ret)
{
	const struct err *e = connection_way(app, a, c, ret);

	if (e || c->auth == CONNECTION_NONE)
		return e;
	if (c->auth == CONNECTION_PERSON || c->auth == CONNECTION_CLIENT)
		return grants_account(app, a, client, c, ret);
	return find_token(app, a, c, token, &ret->token);
}

#include "base/base.h"

#include "core/grants.h"

#include "core/connection_parts.h"
#include "core/discovery.h"
#include "db/db.h"
#include "db/queries.h"
#include "sys/config.h"
#include "sys/crypto.h"

#include <poll.h>

#define SIMULATED_CLIENT "text2code"
#define ME "/api/2.0/preview/scim/v2/Me?excludedAttributes=entitlements"
/* An access token is renewed so long before it runs out, but not before half of
 * its life has passed. */
#define EARLY_MS ((int64_t)300 * 1000)
/* A worker that renews has so long; who waits for it looks so often. */
#define LEASE_MS ((int64_t)60 * 1000)
#define LOOK_MS 100

static const char *
client_id(const struct app *app, const char *base)
{
	if (base[0] && str_eq(base, app->config->simulator))
		return SIMULATED_CLIENT;
	return app->config->oauth_client_id;
}

bool
grants_possible(const struct app *app, const char *base)
{
	return client_id(app, base)[0] != '\0';
}

const struct err *
grants_portal(const struct app *app, struct arena *a, struct connection *ret,
    bool *ret_any)
{
	const char *address = app->config->sign_in_workspace;
	const struct err *e;
	struct host host;

	if (str_eq(address, "simulator"))
		address = app->config->simulator;
	*ret_any = address[0] != '\0';
	if (!*ret_any)
		return NULL;
	e = connection_find_host(app, a, CHAT_DATABRICKS, address, &host);
	if (e)
		return e;
	*ret = (struct connection){.name = host.name,
	    .provider = CHAT_DATABRICKS,
	    .base = host.base,
	    .host = connection_host(a, host.base),
	    .workspace_id = host.workspace_id ? host.workspace_id : "",
	    .auth = CONNECTION_PERSON,
	    .client_id = "",
	    .is_simulated = connection_is_simulated(app,
	        connection_host(a, host.base))};
	return NULL;
}

/*
 * Signing in.
 */

static const char *
state_of(struct arena *a, const struct grant_way *way)
{
	const struct connection *c = way->connection;

	return crypto_mac(a, way->secret,
	    arena_printf(a, "state %" PRId64 " %s %s %s", c->id.v, c->base,
	        c->workspace_id, way->redirect));
}

bool
grants_fits(struct arena *a, const struct grant_way *way, const char *state)
{
	return crypto_equal(state_of(a, way), state);
}

static const char *
verifier_of(struct arena *a, const struct grant_way *way)
{
	return crypto_mac(a, way->secret, "verifier");
}

/* The workspace, and as which application it is asked. */
static const struct err *
enter(const struct app *app, struct arena *a, const struct client *client,
    const struct connection *c, struct account *at, struct oauth_client *ret,
    struct oauth_server *ret_server)
{
	const struct err *e;

	*ret = (struct oauth_client){.client = client, .at = at};
	ret->id = c->auth == CONNECTION_CLIENT ? c->client_id
	                                       : client_id(app, c->base);
	if (!ret->id[0])
		return err_new(R_NO_OAUTH,
		    "No OAuth application is registered for this program.");
	e = connection_way(app, a, c, at);
	if (e)
		return e;
	/* For those who are signed in here it is asked anew. */
	if (c->id.v == 0)
		return discovery_find(app->discovery, &app->clock, ret, a,
		    ret_server);
	return oauth_discover(ret, a, ret_server);
}

const struct err *
grants_leave(const struct app *app, struct arena *a,
    const struct client *client, const struct grant_way *way,
    const char **ret_url)
{
	struct oauth_server server;
	struct oauth_client c;
	struct account at;
	const struct err *e;

	e = enter(app, a, client, way->connection, &at, &c, &server);
	if (!e)
		*ret_url = oauth_authorize_url(a, &server, c.id, way->redirect,
		    state_of(a, way), verifier_of(a, way));
	return e;
}

/* Who the token belongs to. */
static const struct err *
ask_who(struct arena *a, const struct client *client, const struct account *at,
    struct arrival *ret)
{
	const struct call call = {.method = "GET",
	    .path = ME,
	    .kind = RETRY_READ,
	    .budget_ms = 10000,
	    .idle_ms = 15000,
	    .total_ms = 30000};
	struct answer answer;
	const struct err *e;

	e = client_call(client, a, at, &call, &answer, NULL);
	if (e)
		return e;
	ret->user_id = json_string(json_get(answer.json, "id"), "");
	ret->user = json_string(json_get(answer.json, "userName"), "");
	if (!ret->user_id[0] || !ret->user[0])
		return err_new(R_NOT_API, "%s does not say who is signed in.",
		    at->host);
	return NULL;
}

const struct err *
grants_arrive(const struct app *app, struct arena *a,
    const struct client *client, const struct grant_way *way, const char *state,
    const char *code, struct arrival *ret)
{
	struct oauth_server server;
	struct oauth_client c;
	struct account at;
	const struct err *e;

	assert(grants_fits(a, way, state));
	e = enter(app, a, client, way->connection, &at, &c, &server);
	if (!e)
		e = oauth_exchange(&c, a, &server, way->redirect, code,
		    verifier_of(a, way), &ret->grant);
	if (e)
		return e;
	at.token = ret->grant.access;
	return ask_who(a, client, &at, ret);
}

/*
 * Keeping.
 */

/* Where access tokens are sealed: apart from what they are got with. */
static struct seal_place
access_place(const struct connection *c)
{
	struct seal_place place = connection_place(c->id, c->owner, c->base);

	place.table = "connection access";
	return place;
}

static const char *
close_access(const struct app *app, struct arena *a, const struct connection *c,
    const struct oauth_grant *grant)
{
	const struct seal_place place = access_place(c);

	return seal_close(a, app->seal, &place, grant->access);
}

static const char *
close_refresh(const struct app *app, struct arena *a,
    const struct connection *c, const struct oauth_grant *grant)
{
	const struct seal_place place = connection_place(c->id, c->owner,
	    c->base);

	return seal_close(a, app->seal, &place, grant->refresh);
}

static int64_t
until_of(const struct app *app, const struct oauth_grant *grant)
{
	int64_t life = grant->life_s * 1000;

	return clock_now_ms(&app->clock) + life -
	    (life / 2 < EARLY_MS ? life / 2 : EARLY_MS);
}

const struct err *
grants_keep(const struct app *app, struct arena *a, const struct connection *c,
    const struct arrival *arrival)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	const struct oauth_grant *grant = &arrival->grant;
	const struct err *e;

	e = db_begin(app->db, &tx);
	if (!e)
		e = q_connection_sign_in(app->db,
		    grant->refresh ? close_refresh(app, a, c, grant) : NULL,
		    close_access(app, a, c, grant), until_of(app, grant),
		    arrival->user, clock_now_ms(&app->clock), c->id, c->base,
		    c->workspace_id);
	if (!e && db_changes(app->db) == 0)
		e = err_new(R_CONFLICT,
		    "The connection was changed meanwhile.");
	if (!e)
		e = db_commit(&tx);
	return e;
}

static const struct err *
sign_out(const struct app *app, const struct user *user,
    struct connection_id id, const char *base)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	const struct err *e;

	e = db_begin(app->db, &tx);
	if (!e)
		e = q_connection_sign_out(app->db, clock_now_ms(&app->clock),
		    user->id, id, base);
	if (!e)
		e = db_commit(&tx);
	return e;
}

const struct err *
grants_forget(const struct app *app, struct arena *a, const struct user *user,
    struct connection_id id)
{
	struct connection c;
	const struct err *e = connections_get(app, a, user, id, &c);

	if (!e && c.auth != CONNECTION_PERSON)
		e = err_new(W_NOT_FOUND, "Nobody signs in for %s.", c.name);
	return e ? e : sign_out(app, user, id, NULL);
}

const struct err *
grants_forget_portal(const struct app *app, struct arena *a,
    const struct user *user)
{
	struct connection portal;
	const struct err *e;
	bool any;

	e = grants_portal(app, a, &portal, &any);
	if (e || !any)
		return e;
	return sign_out(app, user, (struct connection_id){0}, portal.base);
}

/*
 * Using.
 */

/* A connection whose token is wanted. */
struct wanted {
	const struct app *app;
	struct arena *arena;
	struct client client; /* that is not stopped while it asks for tokens */
	const struct client *caller;
	struct connection c; /* as it was; box and access as they are now */
	const char *refused; /* a token that was not accepted, or NULL */

	bool entered; /* the following are set */
	struct account at;
	struct oauth_client oauth;
	struct oauth_server server;
};

static const struct err *
not_signed_in(const struct wanted *w)
{
	return err_new(R_SIGN_IN, "Nobody is signed in to %s.", w->c.host);
}

/* What is kept now. A token is never sent to where another one leads. */
static const struct err *
look(struct wanted *w)
{
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	const struct q_connection_grant_row *row;
	const struct connection *c = &w->c;
	const struct err *e;

	e = q_connection_grant(w->app->db, &a, c->id, c->owner, &row);
	if (e)
		return e;
	if (!row || !str_eq(row->base, c->base) ||
	    !str_eq(row->workspace, c->workspace_id) ||
	    !str_eq(row->auth, connection_auth_name(c->auth)) ||
	    !str_eq(row->client_id, c->client_id))
		return err_new(R_CONFLICT,
		    "The connection was changed meanwhile.");
	if (!str_eq(row->box, c->box))
		w->c.box = row->box ? arena_strdup(w->arena, row->box) : NULL;
	if (!str_eq(row->access, c->access))
		w->c.access = row->access ? arena_strdup(w->arena, row->access)
		                          : NULL;
	w->c.access_until_ms = row->access_until;
	return NULL;
}

/* The access token that is kept, unless it was refused; *ret_fresh: it is not
 * yet time for another one. */
static const struct err *
find_access(struct wanted *w, const char **ret, bool *ret_fresh)
{
	const struct seal_place place = access_place(&w->c);
	const struct err *e = NULL;

	*ret = NULL;
	*ret_fresh = w->c.access_until_ms > clock_now_ms(&w->app->clock);
	if (w->c.access)
		e = seal_open(w->arena, w->app->seal, &place, w->c.access, ret);
	if (!e && crypto_equal(*ret, w->refused))
		*ret = NULL;
	*ret_fresh = *ret_fresh && *ret;
	return e;
}

/* Whether it is this worker that renews. */
static const struct err *
claim(const struct wanted *w, int64_t *ret_lease)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	int64_t now = clock_now_ms(&w->app->clock);
	const struct err *e;

	*ret_lease = 0;
	e = db_begin(w->app->db, &tx);
	if (!e)
		e = q_connection_claim(w->app->db, now + LEASE_MS, w->c.id,
		    now);
	if (!e && db_changes(w->app->db) == 1)
		*ret_lease = now + LEASE_MS;
	if (!e)
		e = db_commit(&tx);
	return e;
}

static const struct err *
release(const struct wanted *w, int64_t lease)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	const struct err *e;

	e = db_begin(w->app->db, &tx);
	if (!e)
		e = q_connection_release(w->app->db, w->c.id, lease);
	if (!e)
		e = db_commit(&tx);
	return e;
}

/* What came is kept. Where nothing came, what was there stays, but for a
 * refresh token that is not accepted: it will not be the next time either. */
static const struct err *
settle(const struct wanted *w, int64_t lease, const struct oauth_grant *grant,
    const struct err *failure)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	bool person = w->c.auth == CONNECTION_PERSON;
	const char *box = w->c.box;
	const char *access = w->c.access;
	int64_t until = w->c.access_until_ms;
	const struct err *e;

	if (failure && person && failure->code == R_SIGN_IN)
		box = access = NULL;
	if (!failure) {
		access = close_access(w->app, w->arena, &w->c, grant);
		until = until_of(w->app, grant);
		if (person && grant->refresh)
			box = close_refresh(w->app, w->arena, &w->c, grant);
	}
	e = db_begin(w->app->db, &tx);
	if (!e)
		e = q_connection_renewed(w->app->db, box, access, until,
		    w->c.id, lease);
	if (!e)
		e = db_commit(&tx);
	return e;
}

static const struct err *
ask(struct wanted *w, struct oauth_grant *ret)
{
	const struct seal_place place = connection_place(w->c.id, w->c.owner,
	    w->c.base);
	const struct err *e;
	const char *kept;

	e = seal_open(w->arena, w->app->seal, &place, w->c.box, &kept);
	if (e)
		return e;
	if (w->c.auth == CONNECTION_PERSON)
		return oauth_refresh(&w->oauth, w->arena, &w->server, kept,
		    ret);
	w->oauth.secret = kept;
	return oauth_credentials(&w->oauth, w->arena, &w->server, ret);
}

/* With the lease, and having looked again: whoever had it before may have got
 * a token meanwhile. */
static const struct err *
renew(struct wanted *w, int64_t lease, const char **ret)
{
	struct oauth_grant grant = {0};
	const struct err *failure;
	const struct err *e;
	bool fresh;

	e = look(w);
	if (!e)
		e = find_access(w, ret, &fresh);
	if (e || fresh || !w->c.box) {
		const struct err *released = release(w, lease);

		return e       ? e
		    : released ? released
		    : fresh    ? NULL
		               : not_signed_in(w);
	}
	failure = ask(w, &grant);
	e = settle(w, lease, &grant, failure);
	if (!failure)
		*ret = grant.access;
	/* What is kept may do for some minutes yet. */
	else if (failure->code != R_SIGN_IN && *ret)
		failure = NULL;
	return failure ? failure : e;
}

/* The way to the token endpoint, before there is a lease to keep. */
static const struct err *
prepare(struct wanted *w)
{
	const struct err *e = NULL;

	if (!w->entered)
		e = enter(w->app, w->arena, &w->client, &w->c, &w->at,
		    &w->oauth, &w->server);
	w->entered = !e;
	return e;
}

/* The kept token, or a new one; who is not the first to want that waits. */
static const struct err *
find_token(struct wanted *w, const char **ret)
{
	int64_t end = clock_monotonic_us() + LEASE_MS * 1000;
	const struct err *e;
	int64_t lease;
	bool fresh;

	for (;;) {
		e = look(w);
		if (!e)
			e = find_access(w, ret, &fresh);
		if (e || fresh)
			return e;
		if (!w->c.box)
			return not_signed_in(w);
		e = prepare(w);
		/* As in renew(). */
		if (e && *ret)
			return NULL;
		if (!e)
			e = claim(w, &lease);
		if (e)
			return e;
		if (lease)
			return renew(w, lease, ret);
		if (clock_monotonic_us() > end ||
		    (w->caller->on_wait &&
		        !w->caller->on_wait(w->caller->context)))
			return err_of(R_SLOW);
		poll(NULL, 0, LOOK_MS);
	}
}

/* A refresh token that was sent is spent, so its answer is waited for: whoever
 * wants to stop is told so afterwards. */
static bool
keep_waiting(void *context)
{
	const struct wanted *w = context;

	if (w->caller->on_wait)
		(void)w->caller->on_wait(w->caller->context);
	return true;
}

/* As struct account has it. */
static const struct err *
renew_account(void *context, struct arena *a UNUSED, const char *refused,
    const char **ret_token)
{
	struct wanted *w = context;

	w->refused = refused;
	return find_token(w, ret_token);
}

const struct err *
grants_account(const struct app *app, struct arena *a,
    const struct client *client, const struct connection *c,
    struct account *ret)
{
	struct wanted *w = arena_new(a, struct wanted);

	*w = (struct wanted){.app = app,
	    .arena = a,
	    .client = *client,
	    .caller = client,
	    .c = *c};
	w->client.on_wait = keep_waiting;
	w->client.context = w;
	ret->renew = renew_account;
	ret->renew_context = w;
	return renew_account(w, a, NULL, &ret->token);
}

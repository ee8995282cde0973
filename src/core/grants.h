/*
 * What a workspace grants by OAuth: to a person who signs in there, and to a
 * service principal. A connection keeps the grant sealed; access tokens are
 * renewed by the calls pool alone, before they run out, and by one worker at a
 * time, since a refresh token may work but once.
 *
 * Signing in leaves for the workspace and comes back. What the browser keeps
 * meanwhile, in a cookie, is a secret of its own; state and verifier are
 * derived from it and from where the way leads, so nothing is stored here, and
 * whoever comes back in another browser, or for a connection that leads
 * elsewhere by now, is not let in.
 */
#ifndef T2C_GRANTS_H
#define T2C_GRANTS_H

#include "core/connections.h"
#include "remote/oauth.h"

/* One way to a workspace and back. */
struct grant_way {
	const struct connection *connection; /* or what grants_portal() makes */
	const char *redirect; /* of this program: "https://…/oauth/callback" */
	const char *secret;   /* of the browser: crypto_token() */
};

/* Who has come back, and with what. */
struct arrival {
	struct oauth_grant grant;
	const char *user_id; /* of the workspace: "1000012345" */
	const char *user;    /* "ann@example.com" */
};

/* Whether people can sign in to the workspace of this base. */
bool grants_possible(const struct app *app, const char *base);
/* The workspace by which people sign in to this program, as a connection that
 * is nobody's; *ret_any is false where the configuration names none. */
const struct err *grants_portal(const struct app *app, struct arena *a,
    struct connection *ret, bool *ret_any) MUST_USE;

/* Where the browser goes. R_NO_OAUTH. In the calls pool, as what follows. */
const struct err *grants_leave(const struct app *app, struct arena *a,
    const struct client *client, const struct grant_way *way,
    const char **ret_url) MUST_USE;
/* Whether the state that came back belongs to the way; looked at before
 * anything else that came. */
bool grants_fits(struct arena *a, const struct grant_way *way,
    const char *state);
/* The code that came back, with a state that fits, becomes a grant. R_SIGN_IN
 * where the workspace does not accept it. */
const struct err *grants_arrive(const struct app *app, struct arena *a,
    const struct client *client, const struct grant_way *way, const char *state,
    const char *code, struct arrival *ret) MUST_USE;
/* The connection acts as that person from now on. R_CONFLICT where it was
 * changed meanwhile. */
const struct err *grants_keep(const struct app *app, struct arena *a,
    const struct connection *c, const struct arrival *arrival) MUST_USE;
/* Its tokens are forgotten; nothing where there are none. W_NOT_FOUND. */
const struct err *grants_forget(const struct app *app, struct arena *a,
    const struct user *user, struct connection_id id) MUST_USE;
/* Those of a person, of the workspace by which people sign in here. */
const struct err *grants_forget_portal(const struct app *app, struct arena *a,
    const struct user *user) MUST_USE;

/* Puts an access token into the account, and the way to another one. */
const struct err *grants_account(const struct app *app, struct arena *a,
    const struct client *client, const struct connection *c,
    struct account *ret) MUST_USE;

#endif

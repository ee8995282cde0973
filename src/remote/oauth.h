/*
 * OAuth 2.0 of a Databricks workspace, as a client of it: authorization code
 * with PKCE for a person (RFC 6749, 4.1; RFC 7636), refresh tokens (RFC 6749,
 * 6), and client credentials for a service principal (RFC 6749, 4.4).
 *
 * The endpoints are those that the workspace names, and must be its own: a
 * code, a refresh token or a secret goes to no other host.
 */
#ifndef T2C_OAUTH_CLIENT_H
#define T2C_OAUTH_CLIENT_H

#include "remote/client.h"

struct oauth_server {
	const char *authorize; /* a URL for the browser */
	const char *token;     /* a path of the workspace */
};

/* What a token endpoint gives. */
struct oauth_grant {
	const char *access;
	const char *refresh; /* NULL: none, or the old one stays */
	int64_t life_s;      /* of the access token */
};

/* A way into the workspace, and as which client. */
struct oauth_client {
	const struct client *client;
	const struct account *at; /* without a token */
	const char *id;
	const char *secret; /* of a service principal; NULL: a public client */
};

/* R_NO_OAUTH where the workspace offers none, or at another host. */
const struct err *oauth_discover(const struct oauth_client *c, struct arena *a,
    struct oauth_server *ret) MUST_USE;
/* Where the browser goes. */
const char *oauth_authorize_url(struct arena *a,
    const struct oauth_server *server, const char *client_id,
    const char *redirect, const char *state, const char *verifier)
    RETURNS_NONNULL;

/* Each of them: R_SIGN_IN where the workspace does not accept what it was
 * sent, R_NO_OAUTH where it does not know this program, else as
 * client_call(). */
const struct err *oauth_exchange(const struct oauth_client *c, struct arena *a,
    const struct oauth_server *server, const char *redirect, const char *code,
    const char *verifier, struct oauth_grant *ret) MUST_USE;
const struct err *oauth_refresh(const struct oauth_client *c, struct arena *a,
    const struct oauth_server *server, const char *refresh,
    struct oauth_grant *ret) MUST_USE;
const struct err *oauth_credentials(const struct oauth_client *c,
    struct arena *a, const struct oauth_server *server, struct oauth_grant *ret)
    MUST_USE;

#endif

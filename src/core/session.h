/*
 * Signing in, and the session that follows. The token is 256 random bits in
 * the cookie; the database keeps only its SHA-256 hash. A session ends
 * by sign-out, 30 minutes of idleness, 8 hours of life (both configurable), a
 * password change, or a disabled account.
 */
#ifndef T2C_SESSION_H
#define T2C_SESSION_H

#include "core/user.h"

struct session {
	struct session_id id;
	struct user user;
	const char *csrf; /* token that every form of it carries */
};

/* Checks name and password and starts a session; a token that the browser had
 * before is ended (rotation). Failures: A_WRONG for unknown name, wrong
 * password and disabled account alike, after the same work; A_THROTTLED after
 * repeated failures of the name or the address (message says until when).
 * *ret_token is for the cookie, and nowhere else. */
const struct err *session_sign_in(const struct app *app, struct arena *a,
    const char *name, const char *password, const char *address,
    const char *old_token, const char **ret_token, struct session *ret)
    MUST_USE;

/* The same for somebody whom a workspace has signed in: its base, and the id
 * and name that it tells. The first time makes an account, of that name as far
 * as it can be one: A_EXTERNAL where a local one has it. A_FORBIDDEN where it
 * is disabled. */
const struct err *session_sign_in_external(const struct app *app,
    struct arena *a, const char *base, const char *user_id, const char *name,
    const char *old_token, const char **ret_token, struct session *ret)
    MUST_USE;

/* The session of a cookie's token, *ret NULL if there is none (any more).
 * Counts as activity; written to disk at most once a minute, and left out
 * where that is not possible at once (call it before db_read_only()). */
const struct err *session_find(const struct app *app, struct arena *a,
    const char *token, const struct session **ret) MUST_USE;

const struct err *session_end(const struct app *app, struct session_id id)
    MUST_USE;

#endif

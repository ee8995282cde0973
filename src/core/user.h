/*
 * Local accounts. Passwords are hashed with Argon2id (libsodium's
 * INTERACTIVE limits: about 100 ms and 64 MB); at most two hashes run at a
 * time on the machine, further ones wait.
 */
#ifndef T2C_USER_H
#define T2C_USER_H

#include "core/app.h"
#include "core/ids.h"
#include "base/err.h"

enum user_role {
	USER_ROLE_NONE,
	USER_ROLE_USER,
	USER_ROLE_EDITOR,
	USER_ROLE_ADMIN
};

#define USER_NAME_MAX 64 /* characters */
#define PASSWORD_MIN 12  /* characters */
#define PASSWORD_MAX 256 /* bytes */

struct user {
	struct user_id id;
	const char *name;
	enum user_role role;
	bool must_change_password; /* signed in with a one-time password */
	bool disabled;
	bool is_external; /* signs in with a workspace, has no password here */
	int64_t created_ms;
	int64_t last_login_ms; /* 0: never */
};

struct users {
	struct user *v;
	size_t n;
	size_t cap;
};

/* A random one-time password that people can type: groups of letters and
 * digits without lookalikes, at least 100 bits. */
const char *user_make_password(struct arena *a);
/* "user", "editor", "admin"; ROLE_NONE for anything else. */
const char *user_role_name(enum user_role role);
enum user_role user_role_find(const char *name);
/* Administrators see everybody's mappings and generations. */
bool user_sees_all(const struct user *user);
/* Editors and administrators write the organisation's patterns. */
bool user_edits_patterns(const struct user *user);

/* What a name is made of. */
bool user_is_name_chr(char c);
/* A_NAME_INVALID, A_NAME_TAKEN, A_PASSWORD_WEAK. one_time: the password must
 * be changed at the first sign-in (and may then be weak in no way either).
 * Names are compared without regard to case. */
const struct err *user_create(const struct app *app, struct arena *a,
    const char *name, enum user_role role, const char *password, bool one_time,
    struct user *ret) MUST_USE;
const struct err *user_find(const struct app *app, struct arena *a,
    const char *name, const struct user **ret) MUST_USE;
/* By name. */
const struct err *user_list(const struct app *app, struct arena *a,
    struct users *ret) MUST_USE;
/* Sets a new password and ends all sessions of the user but keep (may be
 * {0}). A_PASSWORD_WEAK; W_NOT_FOUND; A_FORBIDDEN for somebody who signs in
 * with a workspace. */
const struct err *user_set_password(const struct app *app, struct user_id id,
    const char *password, bool one_time, struct session_id keep) MUST_USE;
/* A_WRONG unless it is the user's password. For a change by the person.
 * Failures count as failed sign-ins do: A_THROTTLED after too many. */
const struct err *user_check_password(const struct app *app, struct user_id id,
    const char *password) MUST_USE;
/* A disabled user's sessions end, and no new one starts. W_NOT_FOUND. */
const struct err *user_set_disabled(const struct app *app, struct user_id id,
    bool disabled) MUST_USE;

#endif

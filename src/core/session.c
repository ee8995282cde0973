#include "base/base.h"

#include "core/session.h"

#include "core/throttle.h"
#include "db/db.h"
#include "db/queries.h"
#include "sys/config.h"
#include "sys/crypto.h"

#include <string.h>

#define MINUTE_MS ((int64_t)60 * 1000)
#define HOUR_MS (60 * MINUTE_MS)
/* Noting activity is worth no more waiting than this. */
#define TOUCH_WAIT_MS 20
/* A clock that was set back must not prolong a session; one that is corrected
 * a little must not end it. */
#define BACKWARDS_MS (5 * MINUTE_MS)

static const char *
hash_token(struct arena *a, const char *token)
{
	return crypto_sha256(a, slice_of(token));
}

static const struct err *
wrong(void)
{
	return err_of(A_WRONG);
}

/* One and the same work and answer, whatever is wrong. */
static const struct err *
check(const struct app *app, struct arena *a, const char *name,
    const char *password, const struct q_user **ret)
{
	const struct q_user *row;
	const struct err *e;
	bool right;

	e = q_user_by_name(app->db, a, name, &row);
	if (!e)
		e = password_verify(app->hasher,
		    row && row->password[0] ? row->password : NULL, password,
		    &right);
	if (e)
		return e;
	if (!row || !right || row->disabled)
		return wrong();
	*ret = row;
	return NULL;
}

/* Meanwhile somebody may have changed the password or disabled the account,
 * and has ended all sessions there were. */
static const struct err *
check_again(const struct app *app, struct arena *a, const struct q_user *was)
{
	const struct q_user *now;
	const struct err *e;

	e = q_user_by_id(app->db, a, was->id, &now);
	if (!e &&
	    (!now || now->disabled || !str_eq(now->password, was->password)))
		e = wrong();
	return e;
}

static const struct err *
start(const struct app *app, struct arena *a, const struct q_user *user,
    const struct attempt *attempt, const char *old_token, const char *token,
    struct session_id *ret)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	struct q_session_create_row row;
	const struct err *e;
	int64_t now = clock_now_ms(&app->clock);

	e = db_begin(app->db, &tx);
	if (!e)
		e = check_again(app, a, user);
	if (!e && attempt)
		e = throttle_forgive(app, attempt);
	if (!e)
		e = q_session_purge(app->db,
		    now - app->config->session_idle_min * MINUTE_MS);
	if (!e && !str_empty(old_token))
		e = q_session_end_token(app->db, hash_token(a, old_token));
	if (!e)
		e = q_session_create(app->db, a, hash_token(a, token), user->id,
		    now, &row);
	if (!e)
		e = q_user_signed_in(app->db, now, user->id);
	if (!e)
		e = db_commit(&tx);
	if (!e)
		*ret = row.id;
	return e;
}

static const char *
csrf_of(struct arena *a, const char *token)
{
	return crypto_mac(a, token, "csrf");
}

static struct session
session_of(const struct app *app, struct arena *a, const struct q_user *user,
    const char *token, struct session_id id)
{
	return (struct session){
	    .id = id,
	    .user =
	        {
	            .id = user->id,
	            .name = user->name,
	            .role = user_role_find(user->role),
	            .must_change_password = user->must_change != 0,
	            .is_external = user->external != NULL,
	            .created_ms = user->created,
	            .last_login_ms = clock_now_ms(&app->clock),
	        },
	    .csrf = csrf_of(a, token),
	};
}

const struct err *
session_sign_in(const struct app *app, struct arena *a, const char *name,
    const char *password, const char *address, const char *old_token,
    const char **ret_token, struct session *ret)
{
	const char *token = crypto_token(a);
	const struct q_user *user;
	const struct err *e;
	struct session_id id;
	struct attempt attempt;

	/* Longer ones belong to nobody; hashing them would only cost. */
	if (strlen(password) > PASSWORD_MAX)
		password = "";
	e = throttle_enter(app, a, name, address, &attempt);
	if (e)
		return e;
	e = check(app, a, name, password, &user);
	if (!e)
		e = start(app, a, user, &attempt, old_token, token, &id);
	if (e && e->code != A_WRONG)
		throttle_withdraw(app, &attempt);
	if (e)
		return e;
	*ret_token = token;
	*ret = session_of(app, a, user, token, id);
	return NULL;
}

/* A name that an account may have: what the workspace says, as far as it can be
 * one. */
static const char *
account_name(struct arena *a, const char *told)
{
	char *name = arena_strdup(a, utf8_cut(a, told, USER_NAME_MAX));

	for (size_t i = 0; name[i]; i++) {
		if (!user_is_name_chr(name[i]))
			name[i] = '-';
	}
	return name;
}

/* Under the first of these names that is free; a local account has its own. */
static const struct err *
create_external(const struct app *app, struct arena *a, const char *external,
    const char *user_id, const char *told, const struct q_user **ret)
{
	const struct q_user_create_external_row *row = NULL;
	const char *name = account_name(a, told);
	const struct err *e;

	e = q_user_by_name(app->db, a, name, ret);
	if (!e && *ret && !(*ret)->external)
		return err_new(A_EXTERNAL, "There is a local account %s.",
		    name);
	/* Somebody of another workspace, or an account there that is gone. */
	if (!e && *ret)
		name = account_name(a,
		    arena_printf(a, "%.40s-%.20s", name, user_id));
	if (!e)
		e = q_user_create_external(app->db, a, name,
		    clock_now_ms(&app->clock), external, &row);
	if (!e && !row)
		e = err_new(A_EXTERNAL, "There is an account %s already.",
		    name);
	return e ? e : q_user_by_id(app->db, a, row->id, ret);
}

/* The account of somebody whom a workspace knows; made at the first time. */
static const struct err *
find_external(const struct app *app, struct arena *a, const char *external,
    const char *user_id, const char *name, const struct q_user **ret)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	const struct err *e;

	e = db_begin(app->db, &tx);
	if (!e)
		e = q_user_by_external(app->db, a, external, ret);
	if (!e && !*ret)
		e = create_external(app, a, external, user_id, name, ret);
	if (!e)
		e = db_commit(&tx);
	return e;
}

const struct err *
session_sign_in_external(const struct app *app, struct arena *a,
    const char *base, const char *user_id, const char *name,
    const char *old_token, const char **ret_token, struct session *ret)
{
	const char *token = crypto_token(a);
	const struct q_user *user;
	const struct err *e;
	struct session_id id;

	e = find_external(app, a, arena_printf(a, "%s %s", base, user_id),
	    user_id, name, &user);
	if (!e && user->disabled)
		e = err_new(A_FORBIDDEN, "The account %s is disabled.",
		    user->name);
	if (!e)
		e = start(app, a, user, NULL, old_token, token, &id);
	if (e)
		return e;
	*ret_token = token;
	*ret = session_of(app, a, user, token, id);
	return NULL;
}

static bool
is_over(const struct config *c, const struct q_session_by_token_row *row,
    int64_t now)
{
	return row->disabled ||
	    now >= row->seen + c->session_idle_min * MINUTE_MS ||
	    now >= row->created + c->session_life_h * HOUR_MS ||
	    now < row->seen - BACKWARDS_MS;
}

/* Left out where it cannot be done at once: the next request tries again, and
 * pages stay readable while nothing can be written. */
static void
touch(const struct app *app, struct session_id id, int64_t now)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	const struct err *e;

	e = db_begin_within(app->db, &tx, TOUCH_WAIT_MS);
	if (!e)
		e = q_session_touch(app->db, now, id);
	if (!e)
		e = db_commit(&tx);
	(void)e;
}

const struct err *
session_find(const struct app *app, struct arena *a, const char *token,
    const struct session **ret)
{
	const struct q_session_by_token_row *row;
	const struct err *e;
	struct session *session;
	int64_t now = clock_now_ms(&app->clock);

	*ret = NULL;
	if (!token || strlen(token) != CRYPTO_TOKEN_LENGTH)
		return NULL;
	e = q_session_by_token(app->db, a, hash_token(a, token), &row);
	if (e || !row || is_over(app->config, row, now))
		return e;
	if (now - row->seen >= MINUTE_MS)
		touch(app, row->id, now);
	session = arena_new(a, struct session);
	session->id = row->id;
	session->csrf = csrf_of(a, token);
	session->user = (struct user){
	    .id = row->user,
	    .name = row->name,
	    .role = user_role_find(row->role),
	    .must_change_password = row->must_change != 0,
	    .is_external = row->external != NULL,
	    .created_ms = row->user_created,
	    .last_login_ms = row->last_login,
	};
	*ret = session;
	return NULL;
}

const struct err *
session_end(const struct app *app, struct session_id id)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	const struct err *e;

	e = db_begin(app->db, &tx);
	if (!e)
		e = q_session_end(app->db, id);
	if (!e)
		e = db_commit(&tx);
	return e;
}

#include "base/base.h"

#include "core/user.h"

#include "core/password.h"
#include "core/throttle.h"
#include "db/db.h"
#include "db/queries.h"
#include "sys/crypto.h"

#include <string.h>

static const char *const roles[] = {
    [USER_ROLE_NONE] = "",
    [USER_ROLE_USER] = "user",
    [USER_ROLE_EDITOR] = "editor",
    [USER_ROLE_ADMIN] = "admin",
};

const char *
user_role_name(enum user_role role)
{
	return roles[role];
}

enum user_role
user_role_find(const char *name)
{
	unsigned int i;

	for (i = USER_ROLE_NONE + 1; i < COUNT_OF(roles); i++) {
		if (str_eq(name, roles[i]))
			return (enum user_role)i;
	}
	return USER_ROLE_NONE;
}

bool
user_sees_all(const struct user *user)
{
	return user->role == USER_ROLE_ADMIN;
}

bool
user_edits_patterns(const struct user *user)
{
	return user->role == USER_ROLE_EDITOR || user->role == USER_ROLE_ADMIN;
}

const char *
user_make_password(struct arena *a)
{
	/* 31 characters: 24 of them have 118 bits. */
	static const char letters[] = "23456789abcdefghjkmnpqrstuvwxyz";
	char *p = arena_alloc(a, 30);
	int i;

	for (i = 0; i < 29; i++)
		p[i] = i % 5 == 4
		    ? '-'
		    : letters[crypto_random_below(sizeof(letters) - 1)];
	return p;
}

static struct user
user_of(const struct q_user *row)
{
	return (struct user){
	    .id = row->id,
	    .name = row->name,
	    .role = user_role_find(row->role),
	    .must_change_password = row->must_change != 0,
	    .disabled = row->disabled != 0,
	    .is_external = row->external != NULL,
	    .created_ms = row->created,
	    .last_login_ms = row->last_login,
	};
}

bool
user_is_name_chr(char c)
{
	return chr_is_alnum(c) || (c && strchr(".-_@+", c));
}

static const struct err *
check_name(const char *name)
{
	size_t n = strlen(name);
	size_t i;

	for (i = 0; i < n; i++) {
		if (!user_is_name_chr(name[i]))
			break;
	}
	if (n == 0 || n > USER_NAME_MAX || i < n)
		return err_of(A_NAME_INVALID);
	return NULL;
}

const struct err *
user_create(const struct app *app, struct arena *a, const char *name,
    enum user_role role, const char *password, bool one_time, struct user *ret)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	const struct q_user_create_row *row;
	const struct err *e;
	const char *hash;
	int64_t now = clock_now_ms(&app->clock);

	assert(role != USER_ROLE_NONE);
	e = check_name(name);
	if (!e)
		e = password_judge(password, name);
	if (!e)
		e = password_hash(app->hasher, a, password, &hash);
	if (!e)
		e = db_begin(app->db, &tx);
	if (e)
		return e;
	e = q_user_create(app->db, a, name, user_role_name(role), hash,
	    one_time, now, &row);
	if (!e && !row)
		e = err_of(A_NAME_TAKEN);
	if (!e)
		e = db_commit(&tx);
	if (e)
		return e;
	*ret = (struct user){
	    .id = row->id,
	    .name = arena_strdup(a, name),
	    .role = role,
	    .must_change_password = one_time,
	    .created_ms = now,
	};
	return NULL;
}

const struct err *
user_find(const struct app *app, struct arena *a, const char *name,
    const struct user **ret)
{
	const struct q_user *row;
	const struct err *e;
	struct user *user;

	e = q_user_by_name(app->db, a, name, &row);
	if (e)
		return e;
	if (!row) {
		*ret = NULL;
		return NULL;
	}
	user = arena_new(a, struct user);
	*user = user_of(row);
	*ret = user;
	return NULL;
}

const struct err *
user_list(const struct app *app, struct arena *a, struct users *ret)
{
	struct q_user_list_rows rows;
	const struct err *e;
	size_t i;

	e = q_user_list(app->db, a, &rows);
	if (e)
		return e;
	*ret = (struct users){0};
	for (i = 0; i < rows.n; i++)
		*LIST_ADD(a, ret) = user_of(&rows.v[i]);
	return NULL;
}

static const struct err *
get_row(const struct app *app, struct arena *a, struct user_id id,
    const struct q_user **ret)
{
	const struct err *e = q_user_by_id(app->db, a, id, ret);

	if (!e && !*ret)
		e = db_no_row();
	return e;
}

const struct err *
user_set_password(const struct app *app, struct user_id id,
    const char *password, bool one_time, struct session_id keep)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	const struct q_user *row;
	const struct err *e;
	const char *hash;

	e = get_row(app, &a, id, &row);
	if (!e && row->external)
		e = err_new(A_FORBIDDEN,
		    "%s signs in with a workspace and has no password here.",
		    row->name);
	if (!e)
		e = password_judge(password, row->name);
	if (!e)
		e = password_hash(app->hasher, &a, password, &hash);
	if (!e)
		e = db_begin(app->db, &tx);
	if (!e)
		e = q_user_set_password(app->db, hash, one_time, id);
	if (!e)
		e = q_session_end_of_user(app->db, id, keep);
	if (!e)
		e = db_commit(&tx);
	return e;
}

const struct err *
user_check_password(const struct app *app, struct user_id id,
    const char *password)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	const struct q_user *row;
	const struct err *e;
	struct attempt attempt;
	bool right;

	e = get_row(app, &a, id, &row);
	if (!e)
		e = throttle_enter(app, &a, row->name, "", &attempt);
	if (e)
		return e;
	e = password_verify(app->hasher,
	    row->password[0] ? row->password : NULL, password, &right);
	if (e) {
		throttle_withdraw(app, &attempt);
		return e;
	}
	if (!right)
		return err_new(A_WRONG, "The current password is wrong.");
	e = db_begin(app->db, &tx);
	if (!e)
		e = throttle_forgive(app, &attempt);
	if (!e)
		e = db_commit(&tx);
	return e;
}

const struct err *
user_set_disabled(const struct app *app, struct user_id id, bool disabled)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	const struct err *e;

	e = db_begin(app->db, &tx);
	if (!e)
		e = q_user_set_disabled(app->db, disabled, id);
	if (!e && db_changes(app->db) == 0)
		e = db_no_row();
	if (!e && disabled)
		e = q_session_end_of_user(app->db, id, (struct session_id){0});
	if (!e)
		e = db_commit(&tx);
	return e;
}

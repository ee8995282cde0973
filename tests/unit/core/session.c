#include "base/base.h"

#include "core/session.h"

#include "db/db.h"
#include "fixture.h"

#include <string.h>

#define ADDRESS "192.0.2.7"

static const struct err *
sign_in_from(struct fixture *f, const char *address, const char *name,
    const char *password, const char *old, const char **ret)
{
	struct session session;

	return session_sign_in(&f->app, &f->arena, name, password, address, old,
	    ret, &session);
}

static const struct err *
sign_in(struct fixture *f, const char *name, const char *password)
{
	const char *token;

	return sign_in_from(f, ADDRESS, name, password, NULL, &token);
}

/* The token of a new session. */
static const char *
start(struct fixture *f, const char *name)
{
	const char *token = NULL;

	ok(sign_in_from(f, ADDRESS, name, GOOD_PASSWORD, NULL, &token));
	return token;
}

static const struct session *
find(struct fixture *f, const char *token)
{
	const struct session *session;

	ok(session_find(&f->app, &f->arena, token, &session));
	return session;
}

static void
test_sign_in_and_find(void **state)
{
	struct fixture *f = *state;
	const struct session *found;
	struct session made;
	const char *token;

	ok(session_sign_in(&f->app, &f->arena, "Ann", GOOD_PASSWORD, ADDRESS,
	    "", &token, &made));
	assert_string_equal(made.user.name, "ann");
	assert_int_equal(made.user.last_login_ms, START_MS);
	found = find(f, token);
	assert_non_null(found);
	assert_int_equal(found->id.v, made.id.v);
	assert_int_equal(found->user.id.v, f->ann.id.v);
	assert_int_equal(found->user.role, USER_ROLE_USER);
	assert_int_equal(found->user.last_login_ms, START_MS);
	assert_string_equal(found->csrf, made.csrf);
	assert_string_not_equal(found->csrf, token);
}

static void
test_wrong_in_every_way_is_one_answer(void **state)
{
	struct fixture *f = *state;
	char huge[1000];
	const struct err *name;
	const struct err *password;

	memset(huge, 'x', sizeof(huge) - 1);
	huge[sizeof(huge) - 1] = '\0';
	name = sign_in(f, "nobody", GOOD_PASSWORD);
	password = sign_in(f, "ann", OTHER_PASSWORD);
	fails(name, A_WRONG);
	fails(password, A_WRONG);
	assert_string_equal(name->message, password->message);
	fails(sign_in(f, "ann", ""), A_WRONG);
	fails(sign_in(f, "", ""), A_WRONG);
	fails(sign_in(f, "ann", huge), A_WRONG);
	fails(sign_in(f, huge, GOOD_PASSWORD), A_WRONG);
	ok(user_set_disabled(&f->app, f->bob.id, true));
	fails(sign_in(f, "bob", GOOD_PASSWORD), A_WRONG);
}

static void
test_tokens_that_are_none(void **state)
{
	struct fixture *f = *state;

	assert_null(find(f, NULL));
	assert_null(find(f, ""));
	assert_null(find(f, "short"));
	assert_null(find(f, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
	assert_null(find(f, "' OR 1 = 1 -- AAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
}

/* Who has the database does not have a session. */
static void
test_token_is_not_stored(void **state)
{
	static const struct db_query q_hash = {
	    "hash", "SELECT token_hash FROM session", 900};
	struct fixture *f = *state;
	const char *token = start(f, "ann");
	const struct err *e;
	struct db_stmt *q;
	const char *hash;

	ok(db_use(f->app.db, &q_hash, &q));
	assert_true(db_next(q, &e));
	hash = db_column_text(q, 0, &f->arena);
	ok(db_last(q));
	assert_int_equal(strlen(hash), 64);
	assert_null(strstr(hash, token));
	assert_null(find(f, hash));
}

static void
test_idle_session_ends(void **state)
{
	struct fixture *f = *state;
	const char *token = start(f, "ann");

	fixture_pass_time(f, 30 * MINUTE - 1);
	assert_non_null(find(f, token));
	fixture_pass_time(f, 30 * MINUTE - 1);
	assert_non_null(find(f, token));
	fixture_pass_time(f, 30 * MINUTE);
	assert_null(find(f, token));
}

static void
test_busy_session_ends_after_hours(void **state)
{
	struct fixture *f = *state;
	const char *token = start(f, "ann");
	int64_t end = START_MS + 8 * HOUR;

	while (f->app.clock.fixed_ms + 20 * MINUTE < end) {
		fixture_pass_time(f, 20 * MINUTE);
		assert_non_null(find(f, token));
	}
	f->app.clock.fixed_ms = end - 1;
	assert_non_null(find(f, token));
	f->app.clock.fixed_ms = end;
	assert_null(find(f, token));
}

static void
test_configured_limits(void **state)
{
	struct fixture *f = *state;
	const char *token = start(f, "ann");

	f->config.session_idle_min = 5;
	fixture_pass_time(f, 5 * MINUTE - 1);
	assert_non_null(find(f, token));
	fixture_pass_time(f, 5 * MINUTE);
	assert_null(find(f, token));
}

static void
test_clock_set_back_does_not_prolong(void **state)
{
	struct fixture *f = *state;
	const char *token = start(f, "ann");

	fixture_pass_time(f, -MINUTE);
	assert_non_null(find(f, token));
	fixture_pass_time(f, -10 * MINUTE);
	assert_null(find(f, token));
}

static int64_t
writes(struct fixture *f, const char *token)
{
	static const struct db_query q_seen = {
	    "seen", "SELECT max(seen) FROM session", 901};
	const struct err *e;
	struct db_stmt *q;
	int64_t seen;

	assert_non_null(find(f, token));
	ok(db_use(f->app.db, &q_seen, &q));
	assert_true(db_next(q, &e));
	seen = db_column_int(q, 0);
	ok(db_last(q));
	return seen;
}

static void
test_activity_is_written_once_a_minute(void **state)
{
	struct fixture *f = *state;
	const char *token = start(f, "ann");

	fixture_pass_time(f, MINUTE - 1);
	assert_int_equal(writes(f, token), START_MS);
	fixture_pass_time(f, 1);
	assert_int_equal(writes(f, token), START_MS + MINUTE);
	fixture_pass_time(f, MINUTE / 2);
	assert_int_equal(writes(f, token), START_MS + MINUTE);
	/* Where nothing may be written, reading goes on. */
	fixture_pass_time(f, MINUTE);
	db_read_only(f->app.db, true);
	assert_int_equal(writes(f, token), START_MS + MINUTE);
	db_read_only(f->app.db, false);
}

static void
test_rotation(void **state)
{
	struct fixture *f = *state;
	const char *first = start(f, "ann");
	const char *second;

	ok(sign_in_from(f, ADDRESS, "ann", GOOD_PASSWORD, first, &second));
	assert_string_not_equal(first, second);
	assert_null(find(f, first));
	assert_non_null(find(f, second));
	/* A token that somebody else planted is ended, never adopted. */
	fails(sign_in_from(f, ADDRESS, "ann", "wrong", second, &first),
	    A_WRONG);
	assert_non_null(find(f, second));
}

static void
test_sign_out(void **state)
{
	struct fixture *f = *state;
	const char *one = start(f, "ann");
	const char *two = start(f, "ann");

	ok(session_end(&f->app, find(f, one)->id));
	assert_null(find(f, one));
	assert_non_null(find(f, two));
	ok(session_end(&f->app, (struct session_id){99}));
}

static void
test_password_change_ends_the_others(void **state)
{
	struct fixture *f = *state;
	const char *one = start(f, "ann");
	const char *two = start(f, "ann");
	const char *bobs = start(f, "bob");

	ok(user_set_password(&f->app, f->ann.id, OTHER_PASSWORD, false,
	    find(f, one)->id));
	assert_non_null(find(f, one));
	assert_null(find(f, two));
	assert_non_null(find(f, bobs));
	ok(user_set_password(&f->app, f->ann.id, GOOD_PASSWORD, true,
	    (struct session_id){0}));
	assert_null(find(f, one));
}

static void
test_one_time_password(void **state)
{
	struct fixture *f = *state;
	const char *token;

	ok(user_set_password(&f->app, f->ann.id, OTHER_PASSWORD, true,
	    (struct session_id){0}));
	ok(sign_in_from(f, ADDRESS, "ann", OTHER_PASSWORD, NULL, &token));
	assert_true(find(f, token)->user.must_change_password);
	ok(user_set_password(&f->app, f->ann.id, GOOD_PASSWORD, false,
	    find(f, token)->id));
	assert_false(find(f, token)->user.must_change_password);
}

static void
test_disabled_account(void **state)
{
	struct fixture *f = *state;
	const char *token = start(f, "ann");

	ok(user_set_disabled(&f->app, f->ann.id, true));
	assert_null(find(f, token));
	fails(sign_in(f, "ann", GOOD_PASSWORD), A_WRONG);
	ok(user_set_disabled(&f->app, f->ann.id, false));
	assert_null(find(f, token));
	ok(sign_in(f, "ann", GOOD_PASSWORD));
}

static void
test_old_sessions_are_purged(void **state)
{
	static const struct db_query q_count = {
	    "count", "SELECT count(*) FROM session", 902};
	struct fixture *f = *state;
	const struct err *e;
	struct db_stmt *q;

	start(f, "ann");
	start(f, "ann");
	fixture_pass_time(f, HOUR);
	start(f, "bob");
	ok(db_use(f->app.db, &q_count, &q));
	assert_true(db_next(q, &e));
	assert_int_equal(db_column_int(q, 0), 1);
	ok(db_last(q));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FIXTURE_TEST(test_sign_in_and_find),
	    FIXTURE_TEST(test_wrong_in_every_way_is_one_answer),
	    FIXTURE_TEST(test_tokens_that_are_none),
	    FIXTURE_TEST(test_token_is_not_stored),
	    FIXTURE_TEST(test_idle_session_ends),
	    FIXTURE_TEST(test_busy_session_ends_after_hours),
	    FIXTURE_TEST(test_configured_limits),
	    FIXTURE_TEST(test_clock_set_back_does_not_prolong),
	    FIXTURE_TEST(test_activity_is_written_once_a_minute),
	    FIXTURE_TEST(test_rotation),
	    FIXTURE_TEST(test_sign_out),
	    FIXTURE_TEST(test_password_change_ends_the_others),
	    FIXTURE_TEST(test_one_time_password),
	    FIXTURE_TEST(test_disabled_account),
	    FIXTURE_TEST(test_old_sessions_are_purged),
	};

	return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}

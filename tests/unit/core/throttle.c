#include "base/base.h"

#include "core/throttle.h"

#include "core/session.h"
#include "db/db.h"
#include "fixture.h"

#include <string.h>

#define SECOND ((int64_t)1000)

static const struct err *
try_from(struct fixture *f, const char *address, const char *name,
    const char *password)
{
	struct session session;
	const char *token;

	return session_sign_in(&f->app, &f->arena, name, password, address,
	    NULL, &token, &session);
}

static void
fail_times(struct fixture *f, const char *address, const char *name, int n)
{
	int i;

	for (i = 0; i < n; i++)
		fails(try_from(f, address, name, "wrong"), A_WRONG);
}

static void
test_fifth_failure_of_a_name(void **state)
{
	struct fixture *f = *state;
	const struct err *e;

	fail_times(f, "192.0.2.1", "ann", 4);
	ok(try_from(f, "192.0.2.1", "ann", GOOD_PASSWORD));
	fail_times(f, "192.0.2.1", "ann", 5);
	e = try_from(f, "198.51.100.9", "ann", GOOD_PASSWORD);
	fails(e, A_THROTTLED);
	assert_non_null(strstr(e->message, "in 30 seconds"));
	ok(try_from(f, "192.0.2.1", "bob", GOOD_PASSWORD));
	fixture_pass_time(f, 29 * SECOND);
	e = try_from(f, "192.0.2.1", "ANN", GOOD_PASSWORD);
	fails(e, A_THROTTLED);
	assert_non_null(strstr(e->message, "in 1 second."));
	fixture_pass_time(f, SECOND);
	ok(try_from(f, "192.0.2.1", "ann", GOOD_PASSWORD));
	/* Forgiven. */
	fail_times(f, "192.0.2.1", "ann", 5);
}

static void
test_waits_double_up_to_a_quarter_of_an_hour(void **state)
{
	static const int64_t waits[] = {30, 60, 120, 240};
	struct fixture *f = *state;
	const struct err *e;
	size_t i;

	fail_times(f, "192.0.2.1", "ann", 5);
	for (i = 0; i < COUNT_OF(waits); i++) {
		fixture_pass_time(f, waits[i] * SECOND - 1);
		fails(try_from(f, "192.0.2.1", "ann", "x"), A_THROTTLED);
		fixture_pass_time(f, 1);
		fails(try_from(f, "192.0.2.1", "ann", "x"), A_WRONG);
	}
	e = try_from(f, "192.0.2.1", "ann", "x");
	fails(e, A_THROTTLED);
	assert_non_null(strstr(e->message, "in 8 minutes"));
	/* Nothing is remembered for longer than a quarter of an hour. */
	fixture_pass_time(f, 15 * MINUTE);
	ok(try_from(f, "192.0.2.1", "ann", GOOD_PASSWORD));
}

static void
test_longest_wait(void **state)
{
	struct fixture *f = *state;
	struct db_tx tx SCOPED(db_rollback) = {0};
	struct attempt attempt;

	/* As many as a burst could begin at once. */
	ok(throttle_enter(&f->app, &f->arena, "ann", "", &attempt));
	ok(db_begin(f->app.db, &tx));
	ok(db_script(f->app.db,
	    "INSERT INTO login_failure (account, address, "
	    "at) SELECT f.account, '', f.at FROM login_failure f, user a, "
	    "user b, user c"));
	ok(db_commit(&tx));
	fixture_pass_time(f, 15 * MINUTE - 1);
	fails(try_from(f, "192.0.2.1", "ann", GOOD_PASSWORD), A_THROTTLED);
	fixture_pass_time(f, 1);
	ok(try_from(f, "192.0.2.1", "ann", GOOD_PASSWORD));
}

static void
test_unknown_names_count_alike(void **state)
{
	struct fixture *f = *state;
	const struct err *known;
	const struct err *unknown;

	fail_times(f, "192.0.2.1", "ann", 5);
	fail_times(f, "192.0.2.2", "nobody", 5);
	known = try_from(f, "192.0.2.1", "ann", "x");
	unknown = try_from(f, "192.0.2.2", "nobody", "x");
	fails(known, A_THROTTLED);
	fails(unknown, A_THROTTLED);
	assert_string_equal(known->message, unknown->message);
}

static void
fail_as_many_people(struct fixture *f, const char *address, int n)
{
	int i;

	for (i = 0; i < n; i++)
		fail_times(f, address, arena_printf(&f->arena, "p%d", i), 1);
}

static void
test_address_that_tries_many_names(void **state)
{
	struct fixture *f = *state;

	fail_as_many_people(f, "192.0.2.1", 19);
	ok(try_from(f, "192.0.2.1", "ann", GOOD_PASSWORD));
	fail_times(f, "192.0.2.1", "ann", 1);
	fails(try_from(f, "192.0.2.1", "ann", GOOD_PASSWORD), A_THROTTLED);
	ok(try_from(f, "192.0.2.2", "ann", GOOD_PASSWORD));
	/* The success from elsewhere does not forgive the address. */
	fails(try_from(f, "192.0.2.1", "bob", GOOD_PASSWORD), A_THROTTLED);
	fixture_pass_time(f, 15 * MINUTE + 1);
	fail_as_many_people(f, "192.0.2.1", 20);
}

static void
test_ipv6_counts_by_network(void **state)
{
	struct fixture *f = *state;

	fail_as_many_people(f, "2001:db8::1", 10);
	fail_as_many_people(f, "2001:db8::ffff:2", 10);
	fails(try_from(f, "2001:db8::3", "ann", GOOD_PASSWORD), A_THROTTLED);
	ok(try_from(f, "2001:db8:0:1::3", "ann", GOOD_PASSWORD));
	fail_as_many_people(f, "::ffff:192.0.2.1", 20);
	ok(try_from(f, "::ffff:192.0.2.2", "ann", GOOD_PASSWORD));
}

/* A clock that jumps must neither lock people out nor forget for good. */
static void
test_clock_set_back(void **state)
{
	struct fixture *f = *state;

	fail_times(f, "192.0.2.1", "ann", 5);
	fixture_pass_time(f, -24 * HOUR);
	ok(try_from(f, "192.0.2.1", "ann", GOOD_PASSWORD));
}

static int64_t
failures(struct fixture *f)
{
	static const struct db_query q_count = {
	    "count", "SELECT count(*) FROM login_failure", 900};
	const struct err *e;
	struct db_stmt *q;
	int64_t n;

	ok(db_use(f->app.db, &q_count, &q));
	assert_true(db_next(q, &e));
	n = db_column_int(q, 0);
	ok(db_last(q));
	return n;
}

static void
test_attempt_that_was_not_judged_does_not_count(void **state)
{
	struct fixture *f = *state;
	struct attempt attempt;

	ok(throttle_enter(&f->app, &f->arena, "ann", "192.0.2.1", &attempt));
	assert_int_equal(failures(f), 1);
	throttle_withdraw(&f->app, &attempt);
	assert_int_equal(failures(f), 0);
}

static void
test_old_failures_are_purged(void **state)
{
	struct fixture *f = *state;

	fail_times(f, "192.0.2.1", "ann", 3);
	assert_int_equal(failures(f), 3);
	fixture_pass_time(f, 15 * MINUTE);
	fail_times(f, "192.0.2.1", "bob", 1);
	assert_int_equal(failures(f), 1);
}

/* People type passwords into name fields. */
static void
test_names_are_not_stored(void **state)
{
	static const struct db_query q_account = {
	    "account", "SELECT account FROM login_failure", 901};
	struct fixture *f = *state;
	const struct err *e;
	struct db_stmt *q;

	fail_times(f, "192.0.2.1", GOOD_PASSWORD, 1);
	ok(db_use(f->app.db, &q_account, &q));
	assert_true(db_next(q, &e));
	assert_int_equal(strlen(db_column_text(q, 0, &f->arena)), 64);
	ok(db_last(q));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FIXTURE_TEST(test_fifth_failure_of_a_name),
	    FIXTURE_TEST(test_waits_double_up_to_a_quarter_of_an_hour),
	    FIXTURE_TEST(test_longest_wait),
	    FIXTURE_TEST(test_unknown_names_count_alike),
	    FIXTURE_TEST(test_address_that_tries_many_names),
	    FIXTURE_TEST(test_ipv6_counts_by_network),
	    FIXTURE_TEST(test_clock_set_back),
	    FIXTURE_TEST(test_attempt_that_was_not_judged_does_not_count),
	    FIXTURE_TEST(test_old_failures_are_purged),
	    FIXTURE_TEST(test_names_are_not_stored),
	};

	return cmocka_run_group_tests_name("throttle", tests, NULL, NULL);
}

/*
 * Two workers and one grant. The other one is a second handle on the same file,
 * and acts while the first one waits for the workspace: from within its
 * on_wait, so nothing here depends on time.
 */
#include "base/base.h"

#include "core/grants.h"

#include "core/connection_parts.h"
#include "db/db.h"
#include "db/queries.h"
#include "fixture.h"
#include "../sys/peer.h"

#include <string.h>

#define ELSEWHERE "https://adb-9.9.azuredatabricks.net"
#define JSON(status, body)                                                     \
	"HTTP/1.1 " status "\r\nContent-Type: application/json\r\n\r\n" body
#define RENEWED                                                                \
	JSON("200 OK",                                                         \
	    "{\"access_token\":\"access-2\","                                  \
	    "\"refresh_token\":\"refresh-2\",\"expires_in\":3600}")
#define DISCOVERED                                                             \
	JSON("200 OK",                                                         \
	    "{\"authorization_endpoint\":"                                     \
	    "\"http://127.0.0.1:{port}/oidc/v1/authorize\","                   \
	    "\"token_endpoint\":\"http://127.0.0.1:{port}/oidc/v1/token\"}")
/* The places of the paths in the peer's list. */
#define TOKEN 0
#define DISCOVERY 1

static struct state {
	struct fixture *f;
	struct app other; /* the second worker */
	struct peer peer;
	struct peer_answer answers[3];
	struct connection_id id;
	/* What the other one does, once: with the lease taken, or before. */
	void (*act)(void);
	bool at_lease;
} now;

static struct connection
connection(const struct app *app)
{
	struct connection c;

	ok(connections_get(app, &now.f->arena, &now.f->ann, now.id, &c));
	return c;
}

/* Until when somebody renews; 0: nobody. */
static bool
is_claimed(void)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	struct app *app = &now.other;
	int64_t at = app->clock.fixed_ms;

	/* It is rolled back. */
	ok(db_begin(app->db, &tx));
	ok(q_connection_claim(app->db, at + MINUTE, now.id, at));
	return db_changes(app->db) == 0;
}

static bool
on_wait(void *context UNUSED)
{
	void (*act)(void) = now.act;

	if (act && (!now.at_lease || is_claimed())) {
		now.act = NULL;
		act();
	}
	return true;
}

static bool
stop_waiting(void *context UNUSED)
{
	return false;
}

static bool
no_pause(const struct client *c UNUSED, int64_t ms UNUSED)
{
	return true;
}

static struct client
client(const struct app *app, bool (*waits)(void *))
{
	return (struct client){.http = app->http,
	    .release = "1",
	    .id = "worker",
	    .on_wait = waits,
	    .pause = no_pause};
}

/* The refresh token that is kept. */
static const char *
kept(void)
{
	const struct connection c = connection(&now.f->app);
	const struct seal_place place = connection_place(c.id, c.owner, c.base);
	const char *token;

	ok(seal_open(&now.f->arena, now.f->app.seal, &place, c.box, &token));
	return token;
}

/* A token for that worker, in place of a refused one or NULL. */
static const struct err *
find(const struct app *app, bool (*waits)(void *), const char *refused,
    const char **ret)
{
	struct client *c = arena_new(&now.f->arena, struct client);
	struct connection of = connection(app);
	struct account account = {0};
	const struct err *e;

	*c = client(app, waits);
	e = grants_account(app, &now.f->arena, c, &of, &account);
	if (!e && refused)
		e = account.renew(account.renew_context, &now.f->arena, refused,
		    &account.token);
	*ret = account.token;
	return e;
}

static int
setup(void **state)
{
	struct fixture *f;

	fixture_setup(state);
	f = *state;
	now = (struct state){.f = f, .at_lease = true};
	f->config.oauth_client_id = "registered";
	f->app.makes_calls = true;
	app_close(&f->app);
	ok(app_reopen(&f->arena, &f->app));
	now.other = f->app;
	ok(app_reopen(&f->arena, &now.other));
	return 0;
}

static int
teardown(void **state)
{
	if (now.peer.pid)
		peer_stop(&now.peer);
	app_close(&now.other);
	return fixture_teardown(state);
}

static void
pass_time(int64_t ms)
{
	fixture_pass_time(now.f, ms);
	now.other.clock = now.f->app.clock;
}

static void
keep(const struct app *app, const char *access, const char *refresh)
{
	const struct connection c = connection(app);
	const struct arrival arrival = {
	    .grant = {.access = access, .refresh = refresh, .life_s = 3600},
	    .user_id = "1",
	    .user = "ann@example.com"};

	ok(grants_keep(app, &now.f->arena, &c, &arrival));
}

static struct connection_entry
entry_of(enum connection_auth auth, const char *address)
{
	return (struct connection_entry){.name = "Prod",
	    .provider = CHAT_DATABRICKS,
	    .address = address,
	    .auth = auth,
	    .token = auth == CONNECTION_CLIENT ? "the-secret" : "",
	    .model = "claude",
	    .client_id = auth == CONNECTION_CLIENT ? "principal" : "",
	    .instructions = "",
	    .max_tokens = 4000,
	    .first_s = 30,
	    .total_s = 120};
}

static void
save(const struct app *app, enum connection_auth auth, const char *address)
{
	const struct connection_entry entry = entry_of(auth, address);
	enum connection_part part;

	ok(connections_save(app, &now.f->arena, &now.f->ann, NULL, now.id,
	    &entry, &now.id, &part));
}

/* A workspace whose token endpoint says that, and a connection to it of a
 * person who has signed in. */
static void
connect_person(const char *token)
{
	struct fixture *f = now.f;

	now.answers[TOKEN] = (struct peer_answer){
	    .path = "/oidc/v1/token", .bytes = token};
	now.answers[DISCOVERY] = (struct peer_answer){
	    .path = "/oidc/.well-known/", .bytes = DISCOVERED};
	peer_start(&now.peer, now.answers);
	f->config.simulator = peer_url(&f->arena, &now.peer, "");
	save(&f->app, CONNECTION_PERSON, f->config.simulator);
	keep(&f->app, "access-1", "refresh-1");
}

static int
renewals(void)
{
	return peer_served(&now.peer, TOKEN);
}

static void
test_what_is_fresh_is_used(void **state UNUSED)
{
	const char *token;

	connect_person(RENEWED);
	ok(find(&now.f->app, NULL, NULL, &token));
	assert_string_equal(token, "access-1");
	/* Five minutes before it runs out. */
	pass_time(54 * MINUTE);
	ok(find(&now.f->app, NULL, NULL, &token));
	assert_int_equal(renewals(), 0);
	pass_time(2 * MINUTE);
	ok(find(&now.f->app, NULL, NULL, &token));
	assert_string_equal(token, "access-2");
	assert_int_equal(renewals(), 1);
	ok(find(&now.other, NULL, NULL, &token));
	assert_string_equal(token, "access-2");
	assert_int_equal(renewals(), 1);
}

/* It has the lease; who comes then asks for none. */
static void
come_second(void)
{
	const char *token;

	fails(find(&now.other, stop_waiting, NULL, &token), R_SLOW);
}

static void
test_one_renews_at_a_time(void **state UNUSED)
{
	const char *token;

	connect_person(RENEWED);
	pass_time(HOUR);
	now.act = come_second;
	ok(find(&now.f->app, on_wait, NULL, &token));
	assert_null(now.act);
	assert_string_equal(token, "access-2");
	assert_int_equal(renewals(), 1);
	ok(find(&now.other, stop_waiting, NULL, &token));
	assert_string_equal(token, "access-2");
	assert_int_equal(renewals(), 1);
	assert_string_equal(kept(), "refresh-2");
	assert_false(is_claimed());
	pass_time(HOUR);
	ok(find(&now.other, NULL, NULL, &token));
	assert_int_equal(renewals(), 2);
}

static void
claim(const struct app *app, int64_t until)
{
	struct db_tx tx SCOPED(db_rollback) = {0};

	ok(db_begin(app->db, &tx));
	ok(q_connection_claim(app->db, until, now.id, app->clock.fixed_ms));
	assert_int_equal(db_changes(app->db), 1);
	ok(db_commit(&tx));
}

/* The first one gets its token while the other one waits. */
static void
finish_first(void)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	const struct app *app = &now.f->app;
	const char *token;

	ok(db_begin(app->db, &tx));
	ok(q_connection_release(app->db, now.id, app->clock.fixed_ms + MINUTE));
	ok(db_commit(&tx));
	ok(find(app, NULL, NULL, &token));
	assert_string_equal(token, "access-2");
}

static void
test_who_waits_uses_what_came(void **state UNUSED)
{
	const char *token;

	connect_person(RENEWED);
	pass_time(HOUR);
	claim(&now.f->app, now.f->app.clock.fixed_ms + MINUTE);
	now.act = finish_first;
	ok(find(&now.other, on_wait, NULL, &token));
	assert_null(now.act);
	assert_string_equal(token, "access-2");
	assert_int_equal(renewals(), 1);
}

static void
test_a_lease_that_ran_out(void **state UNUSED)
{
	const char *token;

	connect_person(RENEWED);
	pass_time(HOUR);
	claim(&now.f->app, now.f->app.clock.fixed_ms + MINUTE);
	fails(find(&now.other, stop_waiting, NULL, &token), R_SLOW);
	pass_time(MINUTE);
	fails(find(&now.other, stop_waiting, NULL, &token), R_SLOW);
	assert_int_equal(renewals(), 0);
	pass_time(1);
	ok(find(&now.other, stop_waiting, NULL, &token));
	assert_string_equal(token, "access-2");
	assert_int_equal(renewals(), 1);
}

/* Of a worker whose clock was wrong. */
static void
test_a_lease_that_nobody_can_have(void **state UNUSED)
{
	const char *token;

	connect_person(RENEWED);
	pass_time(HOUR);
	claim(&now.f->app, now.f->app.clock.fixed_ms + HOUR);
	ok(find(&now.other, stop_waiting, NULL, &token));
	assert_string_equal(token, "access-2");
}

static void
sign_out(void)
{
	ok(grants_forget(&now.other, &now.f->arena, &now.f->ann, now.id));
}

static void
test_a_sign_out_is_not_undone(void **state UNUSED)
{
	struct connection c;
	const char *token;

	connect_person(RENEWED);
	pass_time(HOUR);
	now.act = sign_out;
	/* What is under way may still be answered. */
	ok(find(&now.f->app, on_wait, NULL, &token));
	assert_null(now.act);
	assert_int_equal(renewals(), 1);
	c = connection(&now.f->app);
	assert_null(c.box);
	assert_null(c.access);
	assert_string_equal(c.signed_in, "");
	fails(find(&now.f->app, NULL, NULL, &token), R_SIGN_IN);
	assert_int_equal(renewals(), 1);
}

static void
move(void)
{
	save(&now.other, CONNECTION_PERSON, ELSEWHERE);
}

static void
move_and_sign_in(void)
{
	move();
	keep(&now.other, "access-9", "refresh-9");
}

/* Tokens of one host never become those of another. */
static void
test_an_edit_during_a_renewal(void **state UNUSED)
{
	struct connection c;
	const char *token;

	connect_person(RENEWED);
	pass_time(HOUR);
	now.act = move;
	ok(find(&now.f->app, on_wait, NULL, &token));
	assert_null(now.act);
	assert_int_equal(renewals(), 1);
	c = connection(&now.f->app);
	assert_string_equal(c.base, ELSEWHERE);
	assert_null(c.box);
	assert_null(c.access);
}

static void
test_a_sign_in_elsewhere_during_a_renewal(void **state UNUSED)
{
	const char *token;

	connect_person(RENEWED);
	pass_time(HOUR);
	now.act = move_and_sign_in;
	ok(find(&now.f->app, on_wait, NULL, &token));
	assert_null(now.act);
	assert_string_equal(connection(&now.f->app).base, ELSEWHERE);
	ok(find(&now.f->app, NULL, NULL, &token));
	assert_string_equal(token, "access-9");
}

/* Between the look at the row and the lease. */
static void
test_an_edit_before_a_renewal(void **state UNUSED)
{
	const char *token;

	connect_person(RENEWED);
	pass_time(HOUR);
	now.at_lease = false;
	now.act = move_and_sign_in;
	fails(find(&now.f->app, on_wait, NULL, &token), R_CONFLICT);
	assert_null(now.act);
	assert_int_equal(renewals(), 0);
	assert_false(is_claimed());
	ok(find(&now.f->app, NULL, NULL, &token));
	assert_string_equal(token, "access-9");
}

/* What is kept after the token endpoint did not give a token. */
static void
test_what_a_failure_forgets(void **state UNUSED)
{
	static const struct {
		const char *answer;
		enum err_code code;
		bool forgets;
	} cases[] = {
	    {JSON("400 Bad", "{\"error\":\"invalid_grant\"}"), R_SIGN_IN, true},
	    {JSON("401 No", "{\"error\":\"invalid_client\"}"), R_NO_OAUTH,
	        false},
	    {JSON("400 Bad",
	         "{\"error\":\"unauthorized_client\","
	         "\"error_description\":\"No such application.\"}"),
	        R_NO_OAUTH, false},
	    {JSON("503 Later", "{}"), R_UNAVAILABLE, false},
	    {JSON("429 Many", "{}"), R_THROTTLED, false},
	    {JSON("200 OK", "{}"), R_NOT_API, false},
	    {"", R_CUT, false},
	};
	const char *token;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		enum err_code code;
		const struct err *e;
		struct connection c;

		now.id = (struct connection_id){0};
		connect_person(cases[i].answer);
		e = find(&now.f->app, NULL, "access-1", &token);
		code = e ? e->code : 0;
		c = connection(&now.f->app);
		if (code != cases[i].code || !c.box != cases[i].forgets ||
		    !c.access != cases[i].forgets)
			fail_msg("%s: %s", cases[i].answer,
			    code ? code_info(code)->id : "no error");
		assert_false(is_claimed());
		assert_true(renewals() > 0);
		err_clear();
		peer_stop(&now.peer);
		ok(connections_remove(&now.f->app, &now.f->arena, &now.f->ann,
		    now.id));
	}
	now.peer.pid = 0;
}

/* A secret stays: an administrator may mend it over there. */
static void
test_a_secret_is_not_forgotten(void **state UNUSED)
{
	const char *token;

	connect_person(JSON("401 No", "{\"error\":\"invalid_client\"}"));
	save(&now.f->app, CONNECTION_CLIENT, now.f->config.simulator);
	fails(find(&now.f->app, NULL, NULL, &token), R_SIGN_IN);
	assert_int_equal(renewals(), 1);
	assert_non_null(connection(&now.f->app).box);
	assert_false(is_claimed());
}

/* A token that runs out in minutes does until then. */
static void
test_a_token_that_still_works(void **state UNUSED)
{
	const char *token;

	connect_person(JSON("503 Later", "{}"));
	pass_time(56 * MINUTE);
	ok(find(&now.f->app, NULL, NULL, &token));
	assert_string_equal(token, "access-1");
	assert_true(renewals() > 0);
}

#define GRANT_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    GRANT_TEST(test_what_is_fresh_is_used),
	    GRANT_TEST(test_one_renews_at_a_time),
	    GRANT_TEST(test_who_waits_uses_what_came),
	    GRANT_TEST(test_a_lease_that_ran_out),
	    GRANT_TEST(test_a_lease_that_nobody_can_have),
	    GRANT_TEST(test_a_sign_out_is_not_undone),
	    GRANT_TEST(test_an_edit_during_a_renewal),
	    GRANT_TEST(test_a_sign_in_elsewhere_during_a_renewal),
	    GRANT_TEST(test_an_edit_before_a_renewal),
	    GRANT_TEST(test_what_a_failure_forgets),
	    GRANT_TEST(test_a_secret_is_not_forgotten),
	    GRANT_TEST(test_a_token_that_still_works),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * How often the workspace by which people sign in is asked where they do that.
 */
#include "base/base.h"

#include "core/discovery.h"

#include "core/grants.h"
#include "fixture.h"
#include "../sys/peer.h"

#include <string.h>

#define JSON(status, body)                                                     \
	"HTTP/1.1 " status "\r\nContent-Type: application/json\r\n\r\n" body

static const struct peer_answer answers[] = {
    {"/oidc/.well-known/",
        JSON("200 OK",
            "{\"authorization_endpoint\":"
            "\"http://127.0.0.1:{port}/oidc/v1/authorize\","
            "\"token_endpoint\":"
            "\"http://127.0.0.1:{port}/oidc/v1/token\"}"),
        false, NULL},
    {NULL, NULL, false, NULL},
};

static const struct peer_answer none[] = {
    {"/oidc/.well-known/", JSON("404 None", "{}"), false, NULL},
    {NULL, NULL, false, NULL},
};

static void
start(struct fixture *f, struct peer *peer, const struct peer_answer *with)
{
	peer_start(peer, with);
	f->config.simulator = peer_url(&f->arena, peer, "");
	f->config.sign_in_workspace = "simulator";
	f->app.makes_calls = true;
	app_close(&f->app);
	ok(app_reopen(&f->arena, &f->app));
}

/* As somebody who sets out for it. */
static const struct err *
leave(struct fixture *f, const char **ret_url)
{
	const struct client c = {
	    .http = f->app.http, .release = "1", .id = "r"};
	struct connection portal;
	struct grant_way way = {.connection = &portal,
	    .redirect = "http://127.0.0.1/oauth/callback",
	    .secret = "secret-of-the-browser"};
	bool any;

	ok(grants_portal(&f->app, &f->arena, &portal, &any));
	assert_true(any);
	return grants_leave(&f->app, &f->arena, &c, &way, ret_url);
}

static void
test_it_is_asked_once_in_a_while(void **state)
{
	struct fixture *f = *state;
	struct peer peer;
	const char *url;

	start(f, &peer, answers);
	for (int i = 0; i < 5; i++) {
		ok(leave(f, &url));
		assert_true(str_starts(url,
		    peer_url(&f->arena, &peer, "/oidc/v1/authorize?")));
	}
	assert_int_equal(peer_served(&peer, 0), 1);
	fixture_pass_time(f, DISCOVERY_GOOD_MS - 1);
	ok(leave(f, &url));
	assert_int_equal(peer_served(&peer, 0), 1);
	fixture_pass_time(f, 1);
	ok(leave(f, &url));
	assert_int_equal(peer_served(&peer, 0), 2);
	/* A clock that was put back. */
	fixture_pass_time(f, -1);
	ok(leave(f, &url));
	assert_int_equal(peer_served(&peer, 0), 3);
	peer_stop(&peer);
}

static void
test_one_that_offers_none(void **state)
{
	struct fixture *f = *state;
	struct peer peer;
	const char *url;

	start(f, &peer, none);
	for (int i = 0; i < 5; i++) {
		const struct err *e = leave(f, &url);

		assert_non_null(e);
		assert_int_equal(e->code, R_NO_OAUTH);
		assert_non_null(strstr(e->message, "offers no sign-in"));
		err_clear();
	}
	assert_int_equal(peer_served(&peer, 0), 1);
	fixture_pass_time(f, DISCOVERY_BAD_MS - 1);
	fails(leave(f, &url), R_NO_OAUTH);
	assert_int_equal(peer_served(&peer, 0), 1);
	fixture_pass_time(f, 1);
	fails(leave(f, &url), R_NO_OAUTH);
	assert_int_equal(peer_served(&peer, 0), 2);
	peer_stop(&peer);
}

/* What one has said is not another one's. */
static void
test_another_workspace(void **state)
{
	struct fixture *f = *state;
	struct peer first;
	struct peer second;
	const char *url;

	start(f, &first, answers);
	ok(leave(f, &url));
	peer_start(&second, answers);
	f->config.simulator = peer_url(&f->arena, &second, "");
	ok(leave(f, &url));
	assert_true(str_starts(url,
	    peer_url(&f->arena, &second, "/oidc/v1/authorize?")));
	assert_int_equal(peer_served(&second, 0), 1);
	peer_stop(&first);
	peer_stop(&second);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FIXTURE_TEST(test_it_is_asked_once_in_a_while),
	    FIXTURE_TEST(test_one_that_offers_none),
	    FIXTURE_TEST(test_another_workspace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

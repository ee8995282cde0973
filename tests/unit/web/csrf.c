/* That a POST comes from a form of ours: over the real site map with every
 * handler replaced by one that counts. */
#include "base/base.h"

#include "testing.h"

#include "probe.h"

#include <string.h>

/*
 * Forgeries: what another site, or somebody who has seen something, could
 * make a browser send. Each is applied to a request that would otherwise be
 * accepted.
 */
struct forgery {
	const char *name;
	void (*forge)(struct testing *t, struct req *req, const char *token);
	const char *code;
};

static void
set_body(struct req *req, const char *token)
{
	req->body = slice_of(arena_printf(req->arena, "csrf=%s", token));
}

static void
forge_none(struct testing *t, struct req *req, const char *token)
{
	(void)t;
	(void)token;
	req->body = (struct slice){0};
}

static void
forge_empty(struct testing *t, struct req *req, const char *token)
{
	(void)t;
	(void)token;
	set_body(req, "");
}

static void
forge_changed(struct testing *t, struct req *req, const char *token)
{
	char *copy = arena_strdup(req->arena, token);

	(void)t;
	copy[strlen(copy) - 1] = copy[strlen(copy) - 1] == 'A' ? 'B' : 'A';
	set_body(req, copy);
}

static void
forge_cut(struct testing *t, struct req *req, const char *token)
{
	(void)t;
	set_body(req, arena_strndup(req->arena, token, strlen(token) - 1));
}

static void
forge_other_session(struct testing *t, struct req *req, const char *token)
{
	(void)token;
	set_body(req, t->csrf[WHO_OTHER]);
}

static void
forge_in_query(struct testing *t, struct req *req, const char *token)
{
	(void)t;
	req->body = (struct slice){0};
	req->query = arena_printf(req->arena, "csrf=%s", token);
}

static void
forge_origin(struct testing *t, struct req *req, const char *token)
{
	(void)t;
	(void)token;
	req->origin = "http://evil.test";
}

static void
forge_origin_null(struct testing *t, struct req *req, const char *token)
{
	(void)t;
	(void)token;
	req->origin = "null";
}

static void
forge_origin_scheme(struct testing *t, struct req *req, const char *token)
{
	(void)t;
	(void)token;
	req->origin = "https://t2c.test";
}

static void
forge_origin_port(struct testing *t, struct req *req, const char *token)
{
	(void)t;
	(void)token;
	req->origin = "http://t2c.test:8081";
}

static void
forge_cross_site(struct testing *t, struct req *req, const char *token)
{
	(void)t;
	(void)token;
	req->origin = NULL;
	req->fetch_site = "cross-site";
}

static void
forge_same_site(struct testing *t, struct req *req, const char *token)
{
	(void)t;
	(void)token;
	req->origin = NULL;
	req->fetch_site = "same-site";
}

static const struct forgery forgeries[] = {
    {"no token", forge_none, "A105"},
    {"empty token", forge_empty, "A105"},
    {"changed token", forge_changed, "A105"},
    {"cut token", forge_cut, "A105"},
    {"token of another session", forge_other_session, "A105"},
    {"token in the address", forge_in_query, "A105"},
    {"another site", forge_origin, "A106"},
    {"sandboxed page", forge_origin_null, "A106"},
    {"another scheme", forge_origin_scheme, "A106"},
    {"another port", forge_origin_port, "A106"},
    {"Sec-Fetch-Site: cross-site", forge_cross_site, "A106"},
    {"Sec-Fetch-Site: same-site", forge_same_site, "A106"},
};

/* By who may do everything, so that nothing else can be in the way. */
static void
test_csrf(void **state)
{
	struct testing *t = *state;
	const char *token = t->csrf[WHO_ADMIN];

	for (size_t i = 0; i < n_routes; i++) {
		const struct route *r = &routes[i];

		if (r->method != METHOD_POST)
			continue;
		probe_post(t, WHO_ADMIN, r, token);
		assert_true(probe_reaches(t));
		for (size_t k = 0; k < COUNT_OF(forgeries); k++) {
			struct req *req = probe_post(t, WHO_ADMIN, r, token);

			forgeries[k].forge(t, req, token);
			if (probe_reaches(t))
				fail_msg("%s: %s", r->path, forgeries[k].name);
			assert_status(t, 403);
			assert_shows(t, forgeries[k].code);
		}
	}
}

/* Before anybody is signed in, the cookie and the form must agree. */
static void
test_csrf_anonymous(void **state)
{
	static const struct route login = {METHOD_POST, "/login", probe_handler,
	    .access = ACCESS_PUBLIC, .calls = true};
	static const char good[] =
	    "0123456789abcdefghijklmnopqrstuvwxyzABCDEF_";
	static const struct {
		const char *cookie, *field;
		bool pass;
	} cases[] = {
	    {good, good, true},
	    {NULL, good, false},
	    {good, NULL, false},
	    {good, "", false},
	    {good, "0123456789abcdefghijklmnopqrstuvwxyzABCDEF-", false},
	    {"", "", false},
	    {"short", "short", false},
	    {"0123456789abcdefghijklmnopqrstuvwxyzABCDEF!",
	        "0123456789abcdefghijklmnopqrstuvwxyzABCDEF!", false},
	};
	struct testing *t = *state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct req *req = probe_post(t, WHO_NOBODY, &login,
		    cases[i].field);

		if (cases[i].cookie)
			req->cookies = arena_printf(req->arena, "t2c_form=%s",
			    cases[i].cookie);
		probe_handled = 0;
		dispatch_routes(&login, 1, &t->app, req, &t->resp);
		assert_int_equal(probe_handled, cases[i].pass);
	}
	/* On TLS only the cookie that nobody else can set counts. */
	for (int prefixed = 0; prefixed < 2; prefixed++) {
		struct req *req = probe_post(t, WHO_NOBODY, &login, good);

		req->secure = true;
		req->origin = "https://t2c.test";
		req->cookies = arena_printf(req->arena, "%st2c_form=%s",
		    prefixed ? "__Host-" : "", good);
		probe_handled = 0;
		dispatch_routes(&login, 1, &t->app, req, &t->resp);
		assert_int_equal(probe_handled, prefixed);
	}
}

static void
test_csrf_accepted(void **state)
{
	static const struct {
		const char *origin, *site;
	} cases[] = {
	    {"http://t2c.test", "same-origin"},
	    {"http://t2c.test", NULL},
	    {NULL, "same-origin"},
	    {NULL, "none"},
	    {NULL, NULL},
	    {"HTTP://T2C.test", "same-origin"},
	};
	struct testing *t = *state;
	const struct route *r = NULL;

	for (size_t i = 0; i < n_routes && !r; i++)
		if (str_eq(routes[i].path, "/logout"))
			r = &routes[i];
	assert_non_null(r);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct req *req = probe_post(t, WHO_USER, r, t->csrf[WHO_USER]);

		req->origin = cases[i].origin;
		req->fetch_site = cases[i].site;
		assert_true(probe_reaches(t));
	}
	/* The header stands for the field. */
	probe_post(t, WHO_USER, r, NULL)->csrf_header = t->csrf[WHO_USER];
	assert_true(probe_reaches(t));
	/* A header that is wrong is not rescued by a field that is right. */
	probe_post(t, WHO_USER, r, t->csrf[WHO_USER])->csrf_header = "x";
	assert_false(probe_reaches(t));
	/* Behind a proxy that renames the host, the configuration says who
	 * we are. */
	t->config.public_url = "https://public.test/";
	probe_post(t, WHO_USER, r, t->csrf[WHO_USER])->origin =
	    "https://public.test";
	t->req.cookies = arena_printf(t->req.arena, "__Host-t2c=%s",
	    t->token[WHO_USER]);
	assert_true(probe_reaches(t));
	t->config.public_url = "";
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_csrf),
	    cmocka_unit_test(test_csrf_anonymous),
	    cmocka_unit_test(test_csrf_accepted),
	};

	return cmocka_run_group_tests(tests, probe_setup, testing_teardown);
}

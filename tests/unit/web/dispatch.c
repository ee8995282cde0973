/* The phases before a handler: route, session, access, CSRF; over the real
 * site map with every handler replaced by one that counts. */
#include "testing.h"

#include "base/log.h"
#include "web/csrf.h"
#include "web/page.h"
#include "web/reply.h"
#include "web/url.h"

#include <string.h>

static struct route probes[128];
static int handled;

static const struct err *
count(struct req *req, struct resp *resp)
{
	handled++;
	return resp_text(req, resp, SLICE("handled"));
}

static int
setup(void **state)
{
	assert(n_routes <= COUNT_OF(probes));
	for (size_t i = 0; i < n_routes; i++) {
		probes[i] = routes[i];
		probes[i].handler = count;
		/* Forms are another test's business. */
		probes[i].form = NULL;
	}
	return testing_setup(state);
}

/* Sends t->req to the probes; whether a handler ran. */
static bool
reaches(struct testing *t)
{
	handled = 0;
	dispatch_routes(probes, n_routes, &t->app, &t->req, &t->resp);
	assert_true(handled <= 1);
	return handled == 1;
}

/* An address that the route's pattern matches. */
static const char *
target_of(struct testing *t, const struct route *route)
{
	struct buf b;

	buf_init(&b, &t->arena, 1000);
	for (const char *p = route->path; *p; p++) {
		if (*p != ':') {
			buf_add_chr(&b, *p);
			continue;
		}
		buf_add_str(&b, str_starts(p, ":id") ||
		    str_starts(p, ":number") ? "7" : "word");
		while (p[1] && p[1] != '/')
			p++;
	}
	return buf_str(&b);
}

static struct req *
post_request(struct testing *t, enum who who, const struct route *route,
    const char *csrf)
{
	struct req *req = request(t, who, METHOD_POST, target_of(t, route));

	req->content_type = "application/x-www-form-urlencoded";
	req->body = slice_of(csrf ? arena_printf(req->arena, "csrf=%s", csrf) :
	    "");
	return req;
}

static void
test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_routes; i++) {
		const struct route *r = &routes[i];

		assert_true(r->method == METHOD_GET ||
		    r->method == METHOD_POST);
		assert_true(r->path[0] == '/');
		assert_true(r->path[1] == '\0' || !str_ends(r->path, "/"));
		assert_non_null(r->handler);
		assert_in_range(r->access, ACCESS_PUBLIC, ACCESS_ADMIN);
		assert_true(!r->form || r->method == METHOD_POST);
		assert_true(!r->again || r->form);
		/* A page's form is shown again; the API answers. */
		assert_true(!r->form || r->again || r->api);
		assert_true(!r->api || str_starts(r->path, "/api/"));
		assert_true(!r->writes || r->method == METHOD_GET);
		for (size_t k = 0; k < i; k++)
			assert_false(r->method == routes[k].method &&
			    str_eq(r->path, routes[k].path));
	}
}

/* Each address leads to its own row, and to no earlier one. */
static void
test_routes_match(void **state)
{
	struct testing *t = *state;

	for (size_t i = 0; i < n_routes; i++) {
		const struct route *found;
		unsigned int methods;

		request(t, WHO_USER, routes[i].method,
		    target_of(t, &routes[i]));
		found = route_find(routes, n_routes, &t->req, &methods);
		assert_ptr_equal(found, &routes[i]);
	}
}

static bool
may(enum who who, const struct route *r)
{
	switch (r->access) {
	case ACCESS_PUBLIC:
		return true;
	case ACCESS_SIGNED_IN:
		return who == WHO_USER || who == WHO_OTHER ||
		    who == WHO_ADMIN || (who == WHO_NEW && r->one_time);
	case ACCESS_ADMIN:
		return who == WHO_ADMIN;
	case ACCESS__NONE:
		break;
	}
	return false;
}

static void
assert_turned_away(struct testing *t, enum who who, const struct route *r)
{
	if (r->api) {
		assert_status(t, who == WHO_NOBODY ? 401 : 403);
		assert_string_equal(reply_header(t, "Content-Type"),
		    "application/json");
		assert_shows(t, who == WHO_NOBODY ? "\"A101\"" :
		    who == WHO_NEW ? "\"A111\"" : "\"A104\"");
	} else if (who == WHO_NOBODY) {
		assert_status(t, 303);
		assert_true(str_starts(reply_header(t, "Location"),
		    "/login"));
	} else if (who == WHO_NEW) {
		assert_status(t, 303);
		assert_location(t, "/account");
	} else {
		assert_status(t, 403);
	}
}

static void
test_access(void **state)
{
	struct testing *t = *state;

	for (size_t i = 0; i < n_routes; i++) {
		const struct route *r = &routes[i];

		for (enum who who = WHO_NOBODY; who < WHO__COUNT; who++) {
			struct req *req;

			if (r->method == METHOD_GET)
				request(t, who, METHOD_GET, target_of(t, r));
			else
				post_request(t, who, r, t->csrf[who]);
			req = &t->req;
			if (who == WHO_NOBODY && r->method == METHOD_POST) {
				req->cookies = arena_printf(req->arena,
				    "t2c_form=%s", t->csrf[WHO_ADMIN]);
				req->csrf_header = t->csrf[WHO_ADMIN];
				req->body = (struct slice){0};
			}
			assert_int_equal(reaches(t), may(who, r));
			if (!may(who, r))
				assert_turned_away(t, who, r);
		}
	}
}

static void
test_admin(void **state)
{
	static const struct route list[] = {
		{METHOD_GET, "/admin", count, .access = ACCESS_ADMIN},
	};
	struct testing *t = *state;

	for (enum who who = WHO_NOBODY; who < WHO__COUNT; who++) {
		request(t, who, METHOD_GET, "/admin");
		handled = 0;
		dispatch_routes(list, 1, &t->app, &t->req, &t->resp);
		assert_int_equal(handled, who == WHO_ADMIN);
		if (who == WHO_USER) {
			assert_status(t, 403);
			assert_shows(t, "A104");
		}
	}
}

static void
test_pools(void **state)
{
	struct testing *t = *state;

	log_set_level(LOG_LEVEL_ERROR);
	request(t, WHO_NOBODY, METHOD_GET, "/login");
	t->req.calls_pool = false;
	assert_false(reaches(t));
	assert_status(t, 500);
	assert_hides(t, "pool");
}

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

static void
test_csrf(void **state)
{
	struct testing *t = *state;
	const char *token = t->csrf[WHO_USER];

	for (size_t i = 0; i < n_routes; i++) {
		const struct route *r = &routes[i];

		if (r->method != METHOD_POST)
			continue;
		post_request(t, WHO_USER, r, token);
		assert_true(reaches(t));
		for (size_t k = 0; k < COUNT_OF(forgeries); k++) {
			struct req *req = post_request(t, WHO_USER, r, token);

			forgeries[k].forge(t, req, token);
			if (reaches(t))
				fail_msg("%s: %s", r->path,
				    forgeries[k].name);
			assert_status(t, 403);
			assert_shows(t, forgeries[k].code);
		}
	}
}

/* Before anybody is signed in, the cookie and the form must agree. */
static void
test_csrf_anonymous(void **state)
{
	static const struct route login = {METHOD_POST, "/login", count,
	    .access = ACCESS_PUBLIC, .calls = true};
	static const char good[] =
	    "0123456789abcdefghijklmnopqrstuvwxyzABCDEF_";
	static const struct { const char *cookie, *field; bool pass; }
	cases[] = {
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
		struct req *req = post_request(t, WHO_NOBODY, &login,
		    cases[i].field);

		if (cases[i].cookie)
			req->cookies = arena_printf(req->arena, "t2c_form=%s",
			    cases[i].cookie);
		handled = 0;
		dispatch_routes(&login, 1, &t->app, req, &t->resp);
		assert_int_equal(handled, cases[i].pass);
	}
	/* On TLS only the cookie that nobody else can set counts. */
	for (int prefixed = 0; prefixed < 2; prefixed++) {
		struct req *req = post_request(t, WHO_NOBODY, &login, good);

		req->secure = true;
		req->origin = "https://t2c.test";
		req->cookies = arena_printf(req->arena, "%st2c_form=%s",
		    prefixed ? "__Host-" : "", good);
		handled = 0;
		dispatch_routes(&login, 1, &t->app, req, &t->resp);
		assert_int_equal(handled, prefixed);
	}
}

static void
test_csrf_accepted(void **state)
{
	static const struct { const char *origin, *site; } cases[] = {
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
		struct req *req = post_request(t, WHO_USER, r,
		    t->csrf[WHO_USER]);

		req->origin = cases[i].origin;
		req->fetch_site = cases[i].site;
		assert_true(reaches(t));
	}
	/* The header stands for the field. */
	post_request(t, WHO_USER, r, NULL)->csrf_header = t->csrf[WHO_USER];
	assert_true(reaches(t));
	/* A header that is wrong is not rescued by a field that is right. */
	post_request(t, WHO_USER, r, t->csrf[WHO_USER])->csrf_header = "x";
	assert_false(reaches(t));
	/* Behind a proxy that renames the host, the configuration says who
	 * we are. */
	t->config.public_url = "https://public.test/";
	post_request(t, WHO_USER, r, t->csrf[WHO_USER])->origin =
	    "https://public.test";
	t->req.cookies = arena_printf(t->req.arena, "__Host-t2c=%s",
	    t->token[WHO_USER]);
	assert_true(reaches(t));
	t->config.public_url = "";
}

static void
test_methods(void **state)
{
	struct testing *t = *state;

	request(t, WHO_USER, METHOD_POST, "/errors");
	assert_false(reaches(t));
	assert_status(t, 405);
	assert_string_equal(reply_header(t, "Allow"), "GET, HEAD");
	request(t, WHO_USER, METHOD_GET, "/logout");
	assert_false(reaches(t));
	assert_status(t, 405);
	assert_string_equal(reply_header(t, "Allow"), "POST");
	request(t, WHO_USER, METHOD_HEAD, "/logout");
	assert_false(reaches(t));
	assert_status(t, 405);
	assert_int_equal(t->resp.body.n, 0);
	request(t, WHO_NOBODY, METHOD_NONE, "/login");
	assert_false(reaches(t));
	assert_status(t, 405);
	assert_string_equal(reply_header(t, "Allow"), "GET, HEAD, POST");
	request(t, WHO_NOBODY, METHOD_NONE, "/nowhere");
	assert_false(reaches(t));
	assert_status(t, 404);
}

static void
test_head(void **state)
{
	struct testing *t = *state;
	const char *length;

	get(t, WHO_NOBODY, "/errors");
	assert_status(t, 200);
	length = arena_printf(&t->arena, "%zu", t->resp.body.n);
	assert_string_equal(reply_header(t, "Content-Length"), length);
	request(t, WHO_NOBODY, METHOD_HEAD, "/errors");
	dispatch_request(t);
	assert_status(t, 200);
	assert_string_equal(reply_header(t, "Content-Length"), length);
	assert_int_equal(t->resp.body.n, 0);
}

static void
test_paths(void **state)
{
	static const struct { const char *target; int status; } cases[] = {
		{"/errors", 200},
		{"/errors?x=%41", 200},
		{"/errors?x=%zz", 400},
		{"/errors?%00=1", 400},
		{"/errors?x=%00", 400},
		{"/errors?x=%ff", 400},
		{"/Errors", 404},
		{"/errors.", 404},
		{"/errors%20", 404},
		{"/%65rrors", 200},
		{"/..", 400},
		{"/a/../errors", 400},
		{"//errors", 400},
		{"/errors%00", 400},
		{"/errors%2f", 400},
		{"errors", 400},
		{"", 400},
		{"/mappings/0", 404},
		{"/mappings/-1", 404},
		{"/mappings/+1", 404},
		{"/mappings/01", 404},
		{"/mappings/1x", 404},
		{"/mappings/9223372036854775807", 200},
		{"/mappings/9223372036854775808", 404},
		{"/samples/a b", 404},
		{"/samples/a%20b", 404},
		{"/samples/a.csv", 200},
		{"/samples/<script>", 404},
	};
	struct testing *t = *state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		request(t, WHO_USER, METHOD_GET, cases[i].target);
		reaches(t);
		if (t->resp.status != cases[i].status)
			fail_msg("%s: %d", cases[i].target, t->resp.status);
	}
}

static void
test_slash(void **state)
{
	struct testing *t = *state;

	request(t, WHO_NOBODY, METHOD_GET, "/errors/?a=b");
	assert_false(reaches(t));
	assert_status(t, 308);
	assert_location(t, "/errors?a=b");
	request(t, WHO_NOBODY, METHOD_GET, "/nowhere/");
	assert_false(reaches(t));
	assert_status(t, 404);
	request(t, WHO_USER, METHOD_POST, "/logout/");
	assert_false(reaches(t));
	assert_status(t, 404);
}

static void
test_errors_page(void **state)
{
	struct testing *t = *state;

	get(t, WHO_NOBODY, "/nowhere<script>");
	assert_status(t, 404);
	assert_shows(t, "<h1>Not found</h1>");
	assert_shows(t, "W404");
	assert_shows(t, "0123456789abcdef");
	assert_hides(t, "<script");
	assert_hides(t, "Sign out");
	get(t, WHO_USER, "/nowhere");
	assert_status(t, 404);
	assert_shows(t, "Sign out");
	get(t, WHO_NOBODY, "/api/nowhere");
	assert_status(t, 404);
	assert_string_equal(reply_body(t),
	    "{\"error\":{\"code\":\"W404\",\"title\":\"Not found\","
	    "\"message\":\"There is nothing here, or it is not yours.\","
	    "\"fix\":\"Check the address, or start from the home page.\","
	    "\"request_id\":\"0123456789abcdef\"}}");
}

static const struct err *
fail_inside(struct req *req, struct resp *resp)
{
	resp->header[HEADER_CONTENT_DISPOSITION] = "attachment";
	flash_set(req, resp, "ok", "done");
	return err_system(S_DATABASE, "secret detail");
}

static const struct err *
write_inside(struct req *req, struct resp *resp)
{
	(void)resp;
	return session_end(req->app, req->session->id);
}

static const struct err *
render_nothing(struct req *req, struct resp *resp)
{
	return page_render(req, resp, "x", view_new(req->arena, "nothing"));
}

static void
test_failing_handlers(void **state)
{
	static const struct route list[] = {
		{METHOD_GET, "/fail", fail_inside, .access = ACCESS_PUBLIC},
		{METHOD_GET, "/api/fail", fail_inside,
		    .access = ACCESS_PUBLIC, .api = true},
		{METHOD_GET, "/write", write_inside,
		    .access = ACCESS_SIGNED_IN},
		{METHOD_GET, "/nothing", render_nothing,
		    .access = ACCESS_PUBLIC},
	};
	struct testing *t = *state;

	for (size_t i = 0; i < COUNT_OF(list); i++) {
		request(t, WHO_USER, METHOD_GET, list[i].path);
		dispatch_routes(list, COUNT_OF(list), &t->app, &t->req,
		    &t->resp);
		assert_status(t, 500);
		assert_hides(t, "secret");
		assert_hides(t, "nothing");
		assert_shows(t, i < 2 ? "S501" : "S500");
		/* Nothing of what the handler began is sent. */
		assert_null(reply_header(t, "Content-Disposition"));
		assert_null(reply_header(t, "Set-Cookie"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_routes_match),
		cmocka_unit_test(test_access),
		cmocka_unit_test(test_admin),
		cmocka_unit_test(test_pools),
		cmocka_unit_test(test_csrf),
		cmocka_unit_test(test_csrf_anonymous),
		cmocka_unit_test(test_csrf_accepted),
		cmocka_unit_test(test_methods),
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_slash),
		cmocka_unit_test(test_errors_page),
		cmocka_unit_test(test_failing_handlers),
	};

	return cmocka_run_group_tests(tests, setup, testing_teardown);
}

/* The phases before a handler: route, session, access; over the real site map
 * with every handler replaced by one that counts. */
#include "base/base.h"

#include "testing.h"

#include "base/log.h"
#include "probe.h"
#include "web/page.h"
#include "web/reply.h"

#include <string.h>

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
		    probe_target(t, &routes[i]));
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
		    who == WHO_EDITOR || who == WHO_ADMIN ||
		    (who == WHO_NEW && r->one_time);
	case ACCESS_EDITOR:
		return who == WHO_EDITOR || who == WHO_ADMIN;
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
		assert_shows(t,
		    who == WHO_NOBODY    ? "\"A101\""
		        : who == WHO_NEW ? "\"A111\""
		                         : "\"A104\"");
	} else if (who == WHO_NOBODY) {
		assert_status(t, 303);
		assert_true(str_starts(reply_header(t, "Location"), "/login"));
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
				request(t, who, METHOD_GET, probe_target(t, r));
			else
				probe_post(t, who, r, t->csrf[who]);
			req = &t->req;
			if (who == WHO_NOBODY && r->method == METHOD_POST) {
				req->cookies = arena_printf(req->arena,
				    "t2c_form=%s", t->csrf[WHO_ADMIN]);
				req->csrf_header = t->csrf[WHO_ADMIN];
				req->body = (struct slice){0};
			}
			assert_int_equal(probe_reaches(t), may(who, r));
			if (!may(who, r))
				assert_turned_away(t, who, r);
		}
	}
}

static void
test_admin(void **state)
{
	static const struct route list[] = {
	    {METHOD_GET, "/admin", probe_handler, .access = ACCESS_ADMIN},
	};
	struct testing *t = *state;

	for (enum who who = WHO_NOBODY; who < WHO__COUNT; who++) {
		request(t, who, METHOD_GET, "/admin");
		probe_handled = 0;
		dispatch_routes(list, 1, &t->app, &t->req, &t->resp);
		assert_int_equal(probe_handled, who == WHO_ADMIN);
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
	assert_false(probe_reaches(t));
	assert_status(t, 500);
	assert_hides(t, "pool");
}

static void
test_methods(void **state)
{
	struct testing *t = *state;

	request(t, WHO_USER, METHOD_POST, "/errors");
	assert_false(probe_reaches(t));
	assert_status(t, 405);
	assert_string_equal(reply_header(t, "Allow"), "GET, HEAD");
	request(t, WHO_USER, METHOD_GET, "/logout");
	assert_false(probe_reaches(t));
	assert_status(t, 405);
	assert_string_equal(reply_header(t, "Allow"), "POST");
	request(t, WHO_USER, METHOD_HEAD, "/logout");
	assert_false(probe_reaches(t));
	assert_status(t, 405);
	assert_int_equal(t->resp.body.n, 0);
	request(t, WHO_NOBODY, METHOD_NONE, "/login");
	assert_false(probe_reaches(t));
	assert_status(t, 405);
	assert_string_equal(reply_header(t, "Allow"), "GET, HEAD, POST");
	request(t, WHO_NOBODY, METHOD_NONE, "/nowhere");
	assert_false(probe_reaches(t));
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
	static const struct {
		const char *target;
		int status;
	} cases[] = {
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
		probe_reaches(t);
		if (t->resp.status != cases[i].status)
			fail_msg("%s: %d", cases[i].target, t->resp.status);
	}
}

static void
test_slash(void **state)
{
	struct testing *t = *state;

	request(t, WHO_NOBODY, METHOD_GET, "/errors/?a=b");
	assert_false(probe_reaches(t));
	assert_status(t, 308);
	assert_location(t, "/errors?a=b");
	request(t, WHO_NOBODY, METHOD_GET, "/nowhere/");
	assert_false(probe_reaches(t));
	assert_status(t, 404);
	request(t, WHO_USER, METHOD_POST, "/logout/");
	assert_false(probe_reaches(t));
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
	    {METHOD_GET, "/api/fail", fail_inside, .access = ACCESS_PUBLIC,
	        .api = true},
	    {METHOD_GET, "/write", write_inside, .access = ACCESS_SIGNED_IN},
	    {METHOD_GET, "/nothing", render_nothing, .access = ACCESS_PUBLIC},
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
	    cmocka_unit_test(test_methods),
	    cmocka_unit_test(test_head),
	    cmocka_unit_test(test_paths),
	    cmocka_unit_test(test_slash),
	    cmocka_unit_test(test_errors_page),
	    cmocka_unit_test(test_failing_handlers),
	};

	return cmocka_run_group_tests(tests, probe_setup, testing_teardown);
}

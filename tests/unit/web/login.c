/* Signing in and out, and one's own password: through the pages, with the
 * real accounts beneath. */
#include "base/base.h"

#include "testing.h"

#include "web/reply.h"

#include <stdio.h>
#include <string.h>

/* Opens the sign-in page and sends its form as it came, with these values. A
 * browser's cookies are kept in *jar. */
static void
sign_in(struct testing *t, const char *target, const char *name,
    const char *password, const char *jar)
{
	const char *csrf;
	const char *next;
	const char *cookie;
	struct req *req;

	request(t, WHO_NOBODY, METHOD_GET, target)->cookies = jar;
	dispatch_request(t);
	assert_status(t, 200);
	csrf = arena_strdup(&t->arena, reply_input(t, "csrf"));
	next = arena_strdup(&t->arena, reply_input(t, "next"));
	cookie = reply_cookie(t, "t2c_form");
	cookie = cookie
	    ? arena_printf(&t->arena, "%s; t2c_form=%s", jar ? jar : "", cookie)
	    : jar;
	req = request(t, WHO_NOBODY, METHOD_POST, "/login");
	req->cookies = cookie;
	req->content_type = "application/x-www-form-urlencoded";
	req->body = slice_of(arena_printf(req->arena,
	    "csrf=%s&next=%s&name=%s&password=%s", csrf, next, name, password));
	dispatch_request(t);
}

#define GOOD "correct+horse+battery+staple"

static void
get_with(struct testing *t, const char *cookies, const char *target)
{
	request(t, WHO_NOBODY, METHOD_GET, target)->cookies = cookies;
	dispatch_request(t);
}

static void
test_sign_in_and_out(void **state)
{
	struct testing *t = *state;
	const char *jar;
	const char *csrf;
	struct req *req;

	sign_in(t, "/login", "ada", GOOD, NULL);
	assert_status(t, 303);
	assert_location(t, "/");
	assert_non_null(reply_cookie(t, "t2c"));
	assert_string_equal(reply_cookie(t, "t2c_form"), "");
	jar = arena_printf(&t->arena, "t2c=%s", reply_cookie(t, "t2c"));
	get_with(t, jar, "/account");
	assert_status(t, 200);
	assert_shows(t, "ada");
	csrf = arena_strdup(&t->arena, reply_input(t, "csrf"));
	/* Nothing to do at the sign-in page. */
	get_with(t, jar, "/login?next=/errors");
	assert_status(t, 303);
	assert_location(t, "/errors");
	/* Out. */
	req = request(t, WHO_NOBODY, METHOD_POST, "/logout");
	req->cookies = jar;
	req->content_type = "application/x-www-form-urlencoded";
	req->body = slice_of(arena_printf(req->arena, "csrf=%s", csrf));
	dispatch_request(t);
	assert_status(t, 303);
	assert_location(t, "/login");
	assert_string_equal(reply_cookie(t, "t2c"), "");
	/* The old cookie is worth nothing, to a reader or to a form. */
	get_with(t, jar, "/account");
	assert_location(t, "/login?next=%2Faccount");
	req = request(t, WHO_NOBODY, METHOD_POST, "/account");
	req->cookies = jar;
	req->csrf_header = csrf;
	dispatch_request(t);
	assert_status(t, 303);
	assert_location(t, "/login?next=%2Faccount");
}

static void
test_wrong(void **state)
{
	static const struct {
		const char *name, *password;
	} cases[] = {
	    {"grace", "wrong"},
	    {"nobody-of-this-name", "wrong"},
	    {"GRACE%27--", "x"},
	};
	struct testing *t = *state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		sign_in(t, "/login?next=/errors", cases[i].name,
		    cases[i].password, NULL);
		assert_status(t, 401);
		assert_shows(t, code_info(A_WRONG)->cause);
		assert_null(reply_cookie(t, "t2c"));
		/* The name stays, the password does not. */
		assert_hides(t, "value=\"wrong\"");
		assert_string_equal(reply_input(t, "next"), "/errors");
	}
	assert_string_equal(reply_input(t, "name"), "GRACE'--");
	sign_in(t, "/login", "", "", NULL);
	assert_status(t, 422);
	assert_shows(t, "Name is missing.");
	assert_shows(t, "Password is missing.");
}

static void
test_throttled(void **state)
{
	struct testing *t = *state;
	int status = 401;

	for (int i = 0; i < 50 && status == 401; i++) {
		sign_in(t, "/login", "throttled", "wrong", NULL);
		status = t->resp.status;
	}
	assert_status(t, 429);
	assert_string_equal(reply_input(t, "name"), "throttled");
	t->app.clock.fixed_ms += 24 * 3600 * INT64_C(1000);
}

/* Whatever stands in next, signing in leads to this site. */
static void
test_open_redirect(void **state)
{
	static const struct {
		const char *next, *want;
	} cases[] = {
	    {"/errors%3Fa=b%26c=d%23e", "/errors?a=b&c=d#e"},
	    {"/mappings/7", "/mappings/7"},
	    {"//evil.test", "/"},
	    {"///evil.test", "/"},
	    {"/%2Fevil.test", "/"},
	    {"/%5Cevil.test", "/"},
	    {"/%09/evil.test", "/"},
	    {"%09//evil.test", "/"},
	    {"%5C%5Cevil.test", "/"},
	    {"https://evil.test", "/"},
	    {"https:evil.test", "/"},
	    {"javascript:alert(1)", "/"},
	    {"evil.test", "/"},
	    {"/a%0D%0ASet-Cookie:x=1", "/"},
	    {"/%20/evil.test", "/"},
	    {"@evil.test", "/"},
	    {"", "/"},
	};
	struct testing *t = *state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *cookie =
		    "t2c_form="
		    "0123456789abcdefghijklmnopqrstuvwxyzABCDEF_";
		struct req *req = request(t, WHO_NOBODY, METHOD_POST, "/login");

		req->cookies = cookie;
		req->csrf_header = cookie + strlen("t2c_form=");
		req->content_type = "application/x-www-form-urlencoded";
		req->body = slice_of(arena_printf(req->arena,
		    "name=ada&password=" GOOD "&next=%s", cases[i].next));
		dispatch_request(t);
		assert_status(t, 303);
		assert_location(t, cases[i].want);
		/* And the page that is skipped by those who are in. */
		request(t, WHO_USER, METHOD_GET,
		    arena_printf(&t->arena, "/login?next=%s", cases[i].next));
		dispatch_request(t);
		assert_status(t, 303);
		assert_location(t, cases[i].want);
	}
}

static void
test_next(void **state)
{
	struct testing *t = *state;

	get(t, WHO_NOBODY, "/generations/7?a=b&c=%20d");
	assert_location(t,
	    "/login?next=%2Fgenerations%2F7%3Fa%3Db%26c%3D%2520d");
	get(t, WHO_NOBODY, "/");
	assert_location(t, "/login");
	/* A form that came too late leads back to its page. */
	post(t, WHO_NOBODY, "/account", "");
	assert_location(t, "/login?next=%2Faccount");
	post(t, WHO_NOBODY, "/logout", "");
	assert_location(t, "/login");
	get(t, WHO_NOBODY, "/login?next=%22%3E%3Cscript%3E");
	assert_status(t, 200);
	assert_hides(t, "<script");
}

/* The session is a new one, whatever the browser came with. */
static void
test_fixation(void **state)
{
	struct testing *t = *state;
	const char *planted = "t2c=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	const char *old;
	const char *fresh;

	sign_in(t, "/login", "ada", GOOD, planted);
	assert_status(t, 303);
	old = arena_strdup(&t->arena, reply_cookie(t, "t2c"));
	assert_string_not_equal(old, planted + 4);
	get_with(t, planted, "/account");
	assert_status(t, 303);
	/* Signing in again from a page opened before ends the first. */
	request(t, WHO_NOBODY, METHOD_POST, "/login");
	t->req.cookies = arena_printf(&t->request, "t2c=%s; t2c_form=%s", old,
	    planted + 4);
	t->req.csrf_header = planted + 4;
	t->req.content_type = "application/x-www-form-urlencoded";
	t->req.body = SLICE("name=ada&password=" GOOD);
	dispatch_request(t);
	assert_status(t, 303);
	fresh = arena_strdup(&t->arena, reply_cookie(t, "t2c"));
	assert_string_not_equal(old, fresh);
	get_with(t, arena_printf(&t->arena, "t2c=%s", old), "/account");
	assert_status(t, 303);
	get_with(t, arena_printf(&t->arena, "t2c=%s", fresh), "/account");
	assert_status(t, 200);
	/* Two different session cookies are none. */
	get_with(t, arena_printf(&t->arena, "t2c=%s; %s", fresh, planted),
	    "/account");
	assert_status(t, 303);
}

static void
test_one_time_password(void **state)
{
	struct testing *t = *state;

	get(t, WHO_NEW, "/mappings/new");
	assert_status(t, 303);
	assert_location(t, "/account");
	get(t, WHO_NEW, "/account");
	assert_status(t, 200);
	assert_shows(t, "one-time password");
	get(t, WHO_NEW, "/errors");
	assert_status(t, 200);
	post(t, WHO_NEW, "/account",
	    "username=new&current=" GOOD "&password=" GOOD "&repeat=" GOOD);
	assert_status(t, 422);
	assert_shows(t, "The new password is the current one.");
	post(t, WHO_NEW, "/account",
	    "current=" GOOD "&password=another+long+passphrase"
	    "&repeat=another+long+passphrase");
	assert_status(t, 303);
	get(t, WHO_NEW, "/");
	assert_location(t, "/mappings/new");
}

static void
test_account(void **state)
{
	static const struct {
		const char *body, *shows;
		int status;
	} cases[] = {
	    {"current=wrong&password=another+long+phrase&"
	     "repeat=another+long+phrase",
	        "This is not your current password.", 422},
	    {"current=" GOOD "&password=another+long+phrase&repeat=x", "differ",
	        422},
	    {"current=" GOOD "&password=short&repeat=short",
	        "id=\"password-error\"", 422},
	    {"current=&password=&repeat=", "is missing", 422},
	    {"current=a&password=b&repeat=c&extra=1", "W400", 400},
	};
	struct testing *t = *state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		post(t, WHO_ADMIN, "/account", cases[i].body);
		assert_status(t, cases[i].status);
		assert_shows(t, cases[i].shows);
		assert_hides(t, "value=\"another");
		assert_hides(t, "value=\"correct");
	}
	post(t, WHO_ADMIN, "/account",
	    "current=" GOOD
	    "&password=another+long+phrase&repeat=another+long+phrase");
	assert_status(t, 303);
	assert_location(t, "/account");
	assert_true(str_starts(reply_cookie(t, "t2c_flash"), "ok.Your%20"));
	/* This session stays. */
	get(t, WHO_ADMIN, "/account");
	assert_status(t, 200);
}

static void
test_health(void **state)
{
	struct testing *t = *state;

	get(t, WHO_NOBODY, "/healthz");
	assert_status(t, 200);
	assert_string_equal(reply_body(t), "ok\ndatabase: ok\ndisk: ok\n");
	assert_string_equal(reply_header(t, "Cache-Control"), "no-store");
	request(t, WHO_NOBODY, METHOD_GET, "/healthz")->accept =
	    "application/json";
	dispatch_request(t);
	assert_string_equal(reply_body(t),
	    "{\"status\":\"ok\",\"database\":\"ok\",\"disk\":\"ok\"}");
}

static void
test_catalogue(void **state)
{
	struct testing *t = *state;

	get(t, WHO_NOBODY, "/errors");
	assert_status(t, 200);
	for (unsigned int code = 0; code < ERR__COUNT; code++)
		assert_shows(t,
		    arena_printf(&t->request, "id=\"%s\"",
		        code_info(code)->id));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sign_in_and_out),
	    cmocka_unit_test(test_wrong),
	    cmocka_unit_test(test_open_redirect),
	    cmocka_unit_test(test_next),
	    cmocka_unit_test(test_fixation),
	    cmocka_unit_test(test_one_time_password),
	    cmocka_unit_test(test_account),
	    cmocka_unit_test(test_health),
	    cmocka_unit_test(test_catalogue),
	    cmocka_unit_test(test_throttled),
	};

	return cmocka_run_group_tests(tests, testing_setup, testing_teardown);
}

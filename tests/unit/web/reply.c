/* The reply door: headers, cookies, downloads, the message of the last page. */
#include "base/base.h"

#include "testing.h"

#include "web/page.h"
#include "web/reply.h"
#include "web/url.h"
#include "web/view.h"

#include <string.h>

static struct {
	const char *file_name;
	const char *kind;
	const char *message;
	const char *location;
} now;

static const struct err *
text(struct req *req, struct resp *resp)
{
	return resp_text(req, resp, SLICE("<b>text</b>"));
}

static const struct err *
json(struct req *req, struct resp *resp)
{
	return resp_json(req, resp, SLICE("{}"));
}

static const struct err *
download(struct req *req, struct resp *resp)
{
	return resp_download(req, resp, "text/x-python", now.file_name,
	    SLICE("print(1)\n"));
}

static const struct err *
redirect(struct req *req, struct resp *resp)
{
	return resp_redirect(req, resp, url_local(req->arena, now.location));
}

static const struct err *
split(struct req *req, struct resp *resp)
{
	resp->header[HEADER_LOCATION] = "/a\r\nSet-Cookie: evil=1\r\n\r\n<x>";
	resp->header[HEADER_CACHE_CONTROL] = "max-age=60";
	return resp_text(req, resp, SLICE(""));
}

static const struct err *
leave_message(struct req *req, struct resp *resp)
{
	flash_set(req, resp, now.kind, now.message);
	return resp_redirect(req, resp, url_path(req->arena, "/errors"));
}

static const struct err *
be_busy(struct req *req, struct resp *resp)
{
	(void)req;
	(void)resp;
	return err_new(S_BUSY, "Busy.");
}

static const struct route list[] = {
    {METHOD_GET, "/text", text, .access = ACCESS_PUBLIC},
    {METHOD_GET, "/json", json, .access = ACCESS_PUBLIC},
    {METHOD_GET, "/download", download, .access = ACCESS_PUBLIC},
    {METHOD_GET, "/redirect", redirect, .access = ACCESS_PUBLIC},
    {METHOD_GET, "/split", split, .access = ACCESS_PUBLIC},
    {METHOD_GET, "/message", leave_message, .access = ACCESS_PUBLIC},
    {METHOD_GET, "/fail", be_busy, .access = ACCESS_PUBLIC},
    {METHOD_GET, "/signed-in", text, .access = ACCESS_SIGNED_IN},
};

static void
ask(struct testing *t, enum who who, const char *target)
{
	request(t, who, METHOD_GET, target);
	dispatch_routes(list, COUNT_OF(list), &t->app, &t->req, &t->resp);
}

static void
assert_security_headers(struct testing *t)
{
	static const struct {
		const char *name, *value;
	} want[] = {
	    {"Content-Security-Policy",
	        "default-src 'none'; style-src "
	        "'self'; img-src 'self'; form-action 'self'; "
	        "frame-ancestors 'none'; base-uri 'none'"},
	    {"X-Content-Type-Options", "nosniff"},
	    {"Referrer-Policy", "same-origin"},
	    {"Cross-Origin-Opener-Policy", "same-origin"},
	    {"Cross-Origin-Resource-Policy", "same-origin"},
	    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
	};

	for (size_t i = 0; i < COUNT_OF(want); i++) {
		const char *value = reply_header(t, want[i].name);

		assert_non_null(value);
		assert_string_equal(value, want[i].value);
	}
	assert_non_null(reply_header(t, "Cache-Control"));
	assert_non_null(reply_header(t, "Content-Length"));
	/* The block ends once, at its end. */
	assert_true(strstr(t->resp.head.p, "\r\n\r\n") ==
	    t->resp.head.p + t->resp.head.n - 4);
}

static void
test_headers(void **state)
{
	static const char *const targets[] = {"/text", "/json", "/download",
	    "/redirect", "/split", "/message", "/fail", "/signed-in",
	    "/nowhere", "/..", "/text/", "/signed-in?x=%"};
	struct testing *t = *state;

	now.file_name = "a.py";
	now.location = "/a";
	now.kind = "ok";
	now.message = "m";
	for (size_t i = 0; i < COUNT_OF(targets); i++) {
		for (enum who who = WHO_NOBODY; who < WHO__COUNT; who++) {
			ask(t, who, targets[i]);
			assert_security_headers(t);
			if (who != WHO_NOBODY && t->resp.status == 200 &&
			    i != 4)
				assert_string_equal(reply_header(t,
				                        "Cache-Control"),
				    "private, no-store");
		}
	}
}

static void
test_types(void **state)
{
	struct testing *t = *state;

	ask(t, WHO_NOBODY, "/text");
	assert_string_equal(reply_header(t, "Content-Type"),
	    "text/plain; charset=utf-8");
	ask(t, WHO_NOBODY, "/json");
	assert_string_equal(reply_header(t, "Content-Type"),
	    "application/json");
	ask(t, WHO_NOBODY, "/fail");
	assert_status(t, 503);
	assert_string_equal(reply_header(t, "Content-Type"),
	    "text/html; charset=utf-8");
	assert_string_equal(reply_header(t, "Retry-After"), "2");
	assert_string_equal(reply_header(t, "Cache-Control"),
	    "private, no-store");
}

static void
test_no_splitting(void **state)
{
	struct testing *t = *state;

	ask(t, WHO_NOBODY, "/split");
	assert_null(reply_header(t, "Set-Cookie"));
	assert_string_equal(reply_header(t, "Location"),
	    "/aSet-Cookie: evil=1<x>");
	assert_string_equal(reply_header(t, "Cache-Control"), "max-age=60");
}

static void
test_downloads(void **state)
{
	static const struct {
		const char *name, *want;
	} cases[] = {
	    {"orders.py",
	        "attachment; filename=\"orders.py\"; "
	        "filename*=UTF-8''orders.py"},
	    {"a b\"c\\d.py",
	        "attachment; filename=\"a_b_c_d.py\"; "
	        "filename*=UTF-8''a%20b_c_d.py"},
	    {"\xc3\xa9t\xc3\xa9.py",
	        "attachment; filename=\"_t_.py\"; "
	        "filename*=UTF-8''%C3%A9t%C3%A9.py"},
	    {"../../etc/passwd",
	        "attachment; "
	        "filename=\"_._.._etc_passwd\"; "
	        "filename*=UTF-8''_._.._etc_passwd"},
	    {".htaccess", NULL},
	    {"a\r\nSet-Cookie: x=1", NULL},
	    {"a\xe2\x80\xaeyp.exe", NULL},
	    {"", NULL},
	    {"\xff\xfe", NULL},
	};
	struct testing *t = *state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *value;

		now.file_name = cases[i].name;
		ask(t, WHO_NOBODY, "/download");
		assert_status(t, 200);
		value = reply_header(t, "Content-Disposition");
		assert_true(str_starts(value, "attachment; filename=\""));
		assert_null(strstr(value, "filename=\"."));
		assert_null(strstr(value, "\"\""));
		assert_null(strstr(value, "%E2%80%AE"));
		assert_null(strstr(value, "''."));
		assert_null(reply_header(t, "Set-Cookie"));
		if (cases[i].want)
			assert_string_equal(value, cases[i].want);
	}
}

static void
test_cookies(void **state)
{
	struct testing *t = *state;

	now.kind = "ok";
	now.message = "Saved; \"x\" = 1";
	ask(t, WHO_NOBODY, "/message");
	assert_string_equal(reply_header(t, "Set-Cookie"),
	    "t2c_flash=ok.Saved%3B%20%22x%22%20%3D%201; Path=/; HttpOnly; "
	    "SameSite=Lax; Max-Age=60");
	request(t, WHO_NOBODY, METHOD_GET, "/message");
	t->req.secure = true;
	dispatch_routes(list, COUNT_OF(list), &t->app, &t->req, &t->resp);
	assert_string_equal(reply_header(t, "Set-Cookie"),
	    "__Host-t2c_flash=ok.Saved%3B%20%22x%22%20%3D%201; Path=/; "
	    "HttpOnly; SameSite=Lax; Secure; Max-Age=60");
	t->config.public_url = "https://t2c.test";
	ask(t, WHO_NOBODY, "/message");
	assert_non_null(reply_cookie(t, "__Host-t2c_flash"));
	t->config.public_url = "";
}

/* Leaves the message, then looks at a page with what the browser kept. */
static void
show_message(struct testing *t, const char *kind, const char *message)
{
	const char *cookie;

	now.kind = kind;
	now.message = message;
	ask(t, WHO_NOBODY, "/message");
	cookie = arena_strdup(&t->arena, reply_cookie(t, "t2c_flash"));
	request(t, WHO_NOBODY, METHOD_GET, "/errors");
	t->req.cookies = arena_printf(&t->request, "t2c_flash=%s", cookie);
	dispatch_request(t);
	assert_status(t, 200);
}

static void
test_flash(void **state)
{
	struct testing *t = *state;
	struct buf b;

	show_message(t, "ok", "<script>alert(1)</script> \xc3\xa9");
	assert_shows(t, "class=\"flash flash-ok\" role=\"status\"");
	assert_shows(t,
	    "<p>&lt;script&gt;alert(1)&lt;/script&gt; "
	    "\xc3\xa9</p>");
	/* Once. */
	assert_string_equal(reply_header(t, "Set-Cookie"),
	    "t2c_flash=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
	show_message(t, "problem", "No.");
	assert_shows(t, "class=\"flash flash-problem\" role=\"alert\"");
	buf_init(&b, &t->arena, 10000);
	buf_add_chr(&b, 'x');
	while (b.n < 1000)
		buf_add_str(&b, "\xc3\xa9");
	show_message(t, "note", buf_str(&b));
	assert_shows(t, "\xc3\xa9</p></div>");
	assert_hides(t, "\xef\xbf\xbd");
}

static void
test_forged_flash(void **state)
{
	static const char *const values[] = {
	    "ok", "ok.%", "evil.x", ".x", "ok.%zz", "\"><script>.x", "ok%2Ex"};
	struct testing *t = *state;

	for (size_t i = 0; i < COUNT_OF(values); i++) {
		request(t, WHO_NOBODY, METHOD_GET, "/errors");
		t->req.cookies = arena_printf(&t->request, "t2c_flash=%s",
		    values[i]);
		dispatch_request(t);
		assert_status(t, 200);
		assert_hides(t, "class=\"flash");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_headers),
	    cmocka_unit_test(test_types),
	    cmocka_unit_test(test_no_splitting),
	    cmocka_unit_test(test_downloads),
	    cmocka_unit_test(test_cookies),
	    cmocka_unit_test(test_flash),
	    cmocka_unit_test(test_forged_flash),
	};

	return cmocka_run_group_tests(tests, testing_setup, testing_teardown);
}

/* A form that comes after its session ended is given back, not thrown away. */
#include "base/base.h"

#include "testing.h"

#include <string.h>

#define TYPED                                                                  \
	"text=a%2Cb%0D%0A%3Cscript%3E&name=my%20sheet.csv&key="                \
	"0123456789abcdef"

static void
test_signed_out(void **state)
{
	struct testing *t = *state;

	post(t, WHO_NOBODY, "/mappings", TYPED);
	assert_status(t, 401);
	assert_shows(t, "A101");
	assert_shows(t, "<form method=\"post\" action=\"/mappings\">");
	assert_string_equal(reply_input(t, "text"), "a,b\r\n<script>");
	assert_string_equal(reply_input(t, "name"), "my sheet.csv");
	assert_string_equal(reply_input(t, "key"), "0123456789abcdef");
	assert_hides(t, "<script");
}

/* The way back: signed in again elsewhere, the form has the old token. */
static void
test_signed_in_anew(void **state)
{
	struct testing *t = *state;
	const char *body = "csrf=stale&" TYPED;
	const char *again;
	struct req *req;

	req = request(t, WHO_USER, METHOD_POST, "/mappings");
	req->content_type = "application/x-www-form-urlencoded";
	req->body = slice_of(body);
	req->origin = "http://t2c.test";
	dispatch_request(t);
	assert_status(t, 403);
	assert_shows(t, "A105");
	again = reply_input(t, "csrf");
	assert_string_equal(again, t->csrf[WHO_USER]);
	assert_string_equal(reply_input(t, "text"), "a,b\r\n<script>");
	/* Without an Origin it might come from anywhere. */
	req = request(t, WHO_USER, METHOD_POST, "/mappings");
	req->content_type = "application/x-www-form-urlencoded";
	req->body = slice_of(body);
	req->origin = NULL;
	dispatch_request(t);
	assert_status(t, 403);
	assert_hides(t, "my sheet.csv");
}

static void
test_files_are_named(void **state)
{
	static const char *const pairs[] = {"name", "x.csv", NULL};
	struct testing *t = *state;

	post_file(t, WHO_NOBODY, "/mappings", pairs, "file", "sales.csv",
	    SLICE("a,b\n"));
	assert_status(t, 401);
	assert_shows(t, "sales.csv");
	assert_shows(t, "enctype=\"multipart/form-data\"");
	assert_null(reply_input(t, "file"));
}

/* Nothing of a form with passwords stands in a page. */
static void
test_passwords_are_not_kept(void **state)
{
	struct testing *t = *state;

	post(t, WHO_NOBODY, "/account",
	    "current=secret1&password=secret2&repeat=secret2");
	assert_status(t, 303);
	assert_location(t, "/login?next=%2Faccount");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_signed_out),
	    cmocka_unit_test(test_signed_in_anew),
	    cmocka_unit_test(test_files_are_named),
	    cmocka_unit_test(test_passwords_are_not_kept),
	};

	return cmocka_run_group_tests(tests, testing_setup, testing_teardown);
}

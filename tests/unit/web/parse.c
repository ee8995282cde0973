/* Query strings, multipart bodies, cookies, header values, request targets. */
#include "base/base.h"

#include "testing.h"

#include "web/cookies.h"
#include "web/header.h"
#include "web/parts.h"

#include <string.h>

static struct arena arena = ARENA_INIT;

static int
clear(void **state)
{
	(void)state;
	arena_done(&arena);
	err_clear();
	return 0;
}

/* "name=value|name(file)=value" */
static const char *
describe(const struct parts *parts)
{
	struct buf b;

	buf_init(&b, &arena, 1 << 20);
	for (size_t i = 0; i < parts->n; i++) {
		const struct part *p = &parts->v[i];

		if (i > 0)
			buf_add_chr(&b, '|');
		buf_add_str(&b, p->name);
		if (p->file_name)
			buf_printf(&b, "(%s)", p->file_name);
		buf_add_chr(&b, '=');
		buf_add_slice(&b, p->value);
	}
	return buf_str(&b);
}

static void
test_query(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
	    {"", ""},
	    {"a=1", "a=1"},
	    {"a=1&b=2", "a=1|b=2"},
	    {"a", "a="},
	    {"a=", "a="},
	    {"&&a=1&&b=2&", "a=1|b=2"},
	    {"a=b=c", "a=b=c"},
	    {"a=1+2%2B3", "a=1 2+3"},
	    {"a%20b=%C3%A9", "a b=\xc3\xa9"},
	    {"a=1&a=2", "a=1|a=2"},
	    {"a=%26%3d", "a=&="},
	    {"a=%0D%0A", "a=\r\n"},
	    {"a=%ff", "a=\xff"},
	    {"=1", NULL},
	    {"=", NULL},
	    {"a=%", NULL},
	    {"a=%4", NULL},
	    {"a=%4g", NULL},
	    {"%zz=1", NULL},
	    {"%00=1", NULL},
	    {"%ff=1", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct parts parts = {0};
		const struct err *e;

		e = query_read(&arena, slice_of(cases[i].text), &parts);
		if ((e == NULL) != (cases[i].want != NULL))
			fail_msg("%s: %s", cases[i].text,
			    e ? e->message : "accepted");
		if (!e)
			assert_string_equal(describe(&parts), cases[i].want);
		else
			assert_int_equal(e->code, W_BAD_REQUEST);
	}
}

static void
test_too_many(void **state)
{
	struct parts parts = {0};
	struct buf b;

	(void)state;
	buf_init(&b, &arena, 1 << 20);
	for (int i = 0; i < PARTS_MAX; i++)
		buf_add_str(&b, "a&");
	assert_no_err(query_read(&arena, buf_slice(&b), &parts));
	buf_add_str(&b, "b");
	parts = (struct parts){0};
	assert_non_null(query_read(&arena, buf_slice(&b), &parts));
	parts = (struct parts){0};
	buf_init(&b, &arena, 1 << 20);
	for (int i = 0; i <= PART_NAME_MAX; i++)
		buf_add_chr(&b, 'n');
	assert_non_null(query_read(&arena, buf_slice(&b), &parts));
}

#define D "Content-Disposition: form-data; name="
#define OPEN "--B\r\n"
#define NEXT "\r\n--B\r\n"
#define CLOSE "\r\n--B--\r\n"

static const struct {
	const char *body, *want;
} multipart_cases[] = {
    /* What browsers send. */
    {OPEN D "\"a\"\r\n\r\n1" CLOSE, "a=1"},
    {OPEN D "\"a\"\r\n\r\n1" NEXT D "\"b\"\r\n\r\n2" CLOSE, "a=1|b=2"},
    {OPEN D "\"f\"; filename=\"x.csv\"\r\nContent-Type: text/csv\r\n\r\n"
            "a,b\r\n1,2\r\n" CLOSE,
        "f(x.csv)=a,b\r\n1,2\r\n"},
    {OPEN D "\"f\"; filename=\"\"\r\nContent-Type: "
            "application/octet-stream\r\n\r\n" CLOSE,
        "f()="},
    {OPEN D "\"a\"\r\n\r\n" CLOSE, "a="},
    {OPEN D "\"a\"\r\n\r\n--Bx" CLOSE, NULL},
    {OPEN D "\"a\"\r\n\r\n --B" CLOSE, "a= --B"},
    {OPEN D "\"a\"\r\n\r\n--B--", "a="},
    {OPEN D "\"a\"\r\n\r\n\r\n--C\r\n" CLOSE, "a=\r\n--C\r\n"},
    {OPEN D "\"a\"\r\n\r\n\n--B\n" CLOSE, "a=\n--B\n"},
    {"--B--", ""},
    {"--B--\r\n", ""},
    {"--B--\r\n\r\n", ""},
    /* Names as they are escaped by browsers. */
    {OPEN D "\"a%22b\"\r\n\r\n1" CLOSE, "a\"b=1"},
    {OPEN D "\"a%0D%0Ab\"\r\n\r\n1" CLOSE, "a\r\nb=1"},
    {OPEN D "\"100%25\"\r\n\r\n1" CLOSE, "100%25=1"},
    {OPEN D "\"a%\"\r\n\r\n1" CLOSE, "a%=1"},
    {OPEN D "\"a\\\"b\"\r\n\r\n1" CLOSE, "a\"b=1"},
    {OPEN D "a\r\n\r\n1" CLOSE, "a=1"},
    {OPEN "CONTENT-DISPOSITION:form-data;name=\"a\"\r\n\r\n1" CLOSE, "a=1"},
    {OPEN D "\"f\"; filename=\"C:\\dir\\x y.csv\"\r\n\r\n1" CLOSE,
        "f(x y.csv)=1"},
    {OPEN D "\"f\"; filename=\"../../etc/passwd\"\r\n\r\n1" CLOSE,
        "f(passwd)=1"},
    {OPEN D "\"f\"; filename=\"a;b=c.csv\"\r\n\r\n1" CLOSE, "f(a;b=c.csv)=1"},
    {OPEN D "\"f\"; filename=\"\xc3\xa9.csv\"\r\n\r\n1" CLOSE,
        "f(\xc3\xa9.csv)=1"},
    {OPEN D "\"f\"; filename=\"\xff.csv\"\r\n\r\n1" CLOSE, "f(unnamed)=1"},
    {OPEN D "\"f\"; filename=\"a\"; filename*=UTF-8''b\r\n\r\n1" CLOSE,
        "f(a)=1"},
    {OPEN D "\"f\"; filename*=UTF-8''b\r\n\r\n1" CLOSE, "f=1"},
    {OPEN "X-Other: 1\r\n" D "\"a\"\r\nContent-Transfer-Encoding: "
          "binary\r\n\r\n1" CLOSE,
        "a=1"},
    /* What nobody honest sends. */
    {"", NULL},
    {"--", NULL},
    {"--B", NULL},
    {"--B\r\n", NULL},
    {"preamble\r\n--B--", NULL},
    {"\r\n--B--", NULL},
    {"--Bx\r\n", NULL},
    {OPEN D "\"a\"\r\n\r\n1", NULL},
    {OPEN D "\"a\"\r\n\r\n1\r\n--B", NULL},
    {OPEN D "\"a\"\r\n\r\n1\r\n--B-", NULL},
    {OPEN D "\"a\"\r\n\r\n1\r\n--Bx", NULL},
    {OPEN D "\"a\"\r\n\r\n1" CLOSE "epilogue", NULL},
    {OPEN D "\"a\"\r\n1" CLOSE, NULL},
    {OPEN D "\"a\"\n\n1" CLOSE, NULL},
    {OPEN "\r\n1" CLOSE, NULL},
    {OPEN "Content-Disposition: form-data\r\n\r\n1" CLOSE, NULL},
    {OPEN "Content-Disposition: attachment; name=\"a\"\r\n\r\n1" CLOSE, NULL},
    {OPEN D "\"\"\r\n\r\n1" CLOSE, NULL},
    {OPEN D "\"a\r\n\r\n1" CLOSE, NULL},
    {OPEN D "\"a\"; name=\"b\"\r\n\r\n1" CLOSE, NULL},
    {OPEN D "\"a\"\r\n" D "\"b\"\r\n\r\n1" CLOSE, NULL},
    {OPEN D "\"a\" x\r\n\r\n1" CLOSE, NULL},
    {OPEN D "\"\xff\"\r\n\r\n1" CLOSE, NULL},
    {OPEN "no colon\r\n\r\n1" CLOSE, NULL},
    {OPEN D "\"a\"\r\nContent-Type: multipart/mixed; boundary=C\r\n\r\n"
            "--C--" CLOSE,
        NULL},
    {OPEN D "\"a\"\r\nContent-Transfer-Encoding: base64\r\n\r\nMQ==" CLOSE,
        NULL},
};

static void
test_multipart(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(multipart_cases); i++) {
		const char *body = multipart_cases[i].body;
		const char *want = multipart_cases[i].want;
		struct parts parts = {0};
		const struct err *e;

		e = multipart_read(&arena, "multipart/form-data; boundary=B",
		    slice_of(body), &parts);
		if ((e == NULL) != (want != NULL))
			fail_msg("%s: %s", body, e ? e->message : "accepted");
		if (!e)
			assert_string_equal(describe(&parts), want);
		else
			assert_int_equal(e->code, W_BAD_REQUEST);
	}
}

/* Cut at every byte, a body is refused and never read past its end. */
static void
test_multipart_cut(void **state)
{
	static const char body[] = OPEN D
	    "\"a\"\r\n\r\n1" NEXT D
	    "\"f\"; filename=\"x\"\r\n\r\n\x00\xff\r\n" CLOSE;

	(void)state;
	for (size_t n = 0; n < sizeof(body) - 1; n++) {
		/* Of exactly this size, for the sanitizer. */
		char *copy = arena_memdup(&arena, body, n);
		struct parts parts = {0};
		const struct err *e;

		e = multipart_read(&arena, "multipart/form-data; boundary=B",
		    (struct slice){copy, n}, &parts);
		assert_int_equal(e == NULL, n >= sizeof(body) - 3);
	}
}

static void
test_boundaries(void **state)
{
	static const struct {
		const char *type;
		bool good;
	} cases[] = {
	    {"multipart/form-data; boundary=B", true},
	    {"multipart/form-data;boundary=\"B\"", true},
	    {"multipart/form-data; charset=utf-8; BOUNDARY=B", true},
	    {"multipart/form-data", false},
	    {"multipart/form-data; boundary=", false},
	    {"multipart/form-data; boundary=\"\"", false},
	    {"multipart/form-data; boundary=\"B", false},
	    {"multipart/form-data; boundary=B; boundary=C", false},
	    {"multipart/form-data; boundary=\"B\x01\"", false},
	    {"multipart/form-data; boundary=B B", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct parts parts = {0};
		const struct err *e;

		e = body_read(&arena, cases[i].type, SLICE("--B--\r\n"),
		    &parts);
		if ((e == NULL) != cases[i].good)
			fail_msg("%s", cases[i].type);
	}
}

static void
test_bodies(void **state)
{
	static const struct {
		const char *type, *body, *want;
		int code;
	} cases[] = {
	    {NULL, "", "", 0},
	    {"", "", "", 0},
	    {NULL, "a=1", NULL, W_MEDIA_TYPE},
	    {"text/plain", "a=1", NULL, W_MEDIA_TYPE},
	    {"text/plain", "", NULL, W_MEDIA_TYPE},
	    {"application/x-www-form-urlencoded", "a=1", "a=1", 0},
	    {"Application/X-WWW-Form-Urlencoded; charset=UTF-8", "a=1", "a=1",
	        0},
	    {"application/json", "{}", "", 0},
	    {"application/json; charset=utf-8",
	        "{\"a\":\"x\",\"b\":-7,\"c\":true,\"d\":false,"
	        "\"e\":null}",
	        "a=x|b=-7|c=true|d=false", 0},
	    {"application/json", "{\"a\":9007199254740993}",
	        "a=9007199254740993", 0},
	    {"application/json", "{\"a\":9223372036854775807}",
	        "a=9223372036854775807", 0},
	    {"application/json", "{\"a\":9223372036854775808}", NULL,
	        W_BAD_REQUEST},
	    {"application/json", "{\"a\":1.5}", NULL, W_BAD_REQUEST},
	    {"application/json", "{\"a\":1e999}", NULL, W_BAD_REQUEST},
	    {"application/json", "{\"a\":[1]}", NULL, W_BAD_REQUEST},
	    {"application/json", "{\"a\":{}}", NULL, W_BAD_REQUEST},
	    {"application/json", "{\"\":1}", NULL, W_BAD_REQUEST},
	    {"application/json", "[]", NULL, W_BAD_REQUEST},
	    {"application/json", "1", NULL, W_BAD_REQUEST},
	    {"application/json", "{", NULL, W_BAD_REQUEST},
	    {"application/json", "", NULL, W_BAD_REQUEST},
	    {"application/json", "{} x", NULL, W_BAD_REQUEST},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct parts parts = {0};
		const struct err *e;

		e = body_read(&arena, cases[i].type, slice_of(cases[i].body),
		    &parts);
		if ((e == NULL) != (cases[i].want != NULL) ||
		    (e && (int)e->code != cases[i].code))
			fail_msg("%s: %s", cases[i].body,
			    e ? code_info(e->code)->id : "accepted");
		if (!e)
			assert_string_equal(describe(&parts), cases[i].want);
	}
}

static void
test_find(void **state)
{
	struct parts parts = {0};

	(void)state;
	assert_no_err(query_read(&arena, SLICE("a=1&b=x%00y&a=2"), &parts));
	assert_string_equal(parts_find(&arena, &parts, "a"), "1");
	assert_null(parts_find(&arena, &parts, "b"));
	assert_null(parts_find(&arena, &parts, "c"));
}

static void
test_cookies(void **state)
{
	static const struct {
		const char *header, *want;
	} cases[] = {
	    {NULL, NULL},
	    {"", NULL},
	    {"t2c=abc", "abc"},
	    {"a=1; t2c=abc; b=2", "abc"},
	    {"a=1;t2c=abc;b=2", "abc"},
	    {" ; ;; t2c=abc;", "abc"},
	    {"t2c = abc", NULL},
	    {"xt2c=abc", NULL},
	    {"t2c2=abc", NULL},
	    {"T2C=abc", NULL},
	    {"t2c", NULL},
	    {"t2c=", NULL},
	    {"t2c=a=b", "a=b"},
	    {"t2c=\"abc\"", NULL},
	    {"t2c=a b", NULL},
	    {"t2c=a,b", NULL},
	    {"t2c=a\\b", NULL},
	    {"t2c=a\x01", NULL},
	    {"t2c=\xc3\xa9", NULL},
	    {"t2c=abc; t2c=abc", "abc"},
	    {"t2c=abc; t2c=def", NULL},
	    {"t2c=abc; t2c=", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *got = cookies_find(&arena, cases[i].header, "t2c");

		if (!str_eq(got, cases[i].want))
			fail_msg("%s: %s", cases[i].header, got ? got : "none");
	}
}

static void
test_targets(void **state)
{
	static const struct {
		const char *target, *path, *query;
	} cases[] = {
	    {"/", "/", ""},
	    {"/a/b", "/a/b", ""},
	    {"/a/b/", "/a/b/", ""},
	    {"/a?b=c", "/a", "b=c"},
	    {"/a?b=c?d/../e", "/a", "b=c?d/../e"},
	    {"/a#b?c", "/a", ""},
	    {"/a?b#c", "/a", "b"},
	    {"/a%20b", "/a b", ""},
	    {"/a+b", "/a+b", ""},
	    {"/%C3%A9", "/\xc3\xa9", ""},
	    {"/a..b/.c/d.", "/a..b/.c/d.", ""},
	    {"", NULL, ""},
	    {"a", NULL, ""},
	    {"*", NULL, ""},
	    {"http://x/", NULL, ""},
	    {"//", NULL, ""},
	    {"//a", NULL, ""},
	    {"/a//b", NULL, ""},
	    {"/.", NULL, ""},
	    {"/..", NULL, ""},
	    {"/../a", NULL, ""},
	    {"/a/../b", NULL, ""},
	    {"/a/./b", NULL, ""},
	    {"/a/..", NULL, ""},
	    {"/%2e%2e/a", NULL, ""},
	    {"/a/%2E%2e", NULL, ""},
	    {"/a%2Fb", NULL, ""},
	    {"/a%2fb", NULL, ""},
	    {"/a%5cb", NULL, ""},
	    {"/a\\b", NULL, ""},
	    {"/a%00b", NULL, ""},
	    {"/a%0ab", NULL, ""},
	    {"/a%7f", NULL, ""},
	    {"/a%ff", NULL, ""},
	    {"/a%c0%af", NULL, ""},
	    {"/a%", NULL, ""},
	    {"/a%2", NULL, ""},
	    {"/a%zz", NULL, ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct req req = {.arena = &arena};

		req_set_target(&req, cases[i].target);
		if (!str_eq(req.path, cases[i].path) ||
		    !str_eq(req.query, cases[i].query))
			fail_msg("%s: %s ? %s", cases[i].target,
			    req.path ? req.path : "none", req.query);
	}
}

static void
test_header_values(void **state)
{
	struct header_value h;
	struct slice s;
	struct buf b;

	(void)state;
	assert_true(header_parse(&arena, SLICE("a/b ; X=\"1;2\" ;y=z;"), &h));
	assert_string_equal(h.value, "a/b");
	assert_true(header_param(&h, "x", &s) && slice_is(s, "1;2"));
	assert_true(header_param(&h, "Y", &s) && slice_is(s, "z"));
	assert_false(header_param(&h, "z", &s));
	assert_false(header_parse(&arena, SLICE(""), &h));
	assert_false(header_parse(&arena, SLICE("a; b"), &h));
	assert_false(header_parse(&arena, SLICE("a; =b"), &h));
	assert_false(header_parse(&arena, SLICE("a; b=c d"), &h));
	assert_false(header_parse(&arena, SLICE("a; b=1; B=2"), &h));
	assert_false(header_parse(&arena, SLICE("a\0; b=1"), &h));
	buf_init(&b, &arena, 10000);
	buf_add_str(&b, "a");
	for (int i = 0; i <= HEADER_PARAMS_MAX; i++)
		buf_printf(&b, ";p%d=1", i);
	assert_false(header_parse(&arena, buf_slice(&b), &h));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(test_query, clear),
	    cmocka_unit_test_teardown(test_too_many, clear),
	    cmocka_unit_test_teardown(test_multipart, clear),
	    cmocka_unit_test_teardown(test_multipart_cut, clear),
	    cmocka_unit_test_teardown(test_boundaries, clear),
	    cmocka_unit_test_teardown(test_bodies, clear),
	    cmocka_unit_test_teardown(test_find, clear),
	    cmocka_unit_test_teardown(test_cookies, clear),
	    cmocka_unit_test_teardown(test_targets, clear),
	    cmocka_unit_test_teardown(test_header_values, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/base.h"

#include "remote/host.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define NAME "adb-1.2.azuredatabricks.net"

/* What is typed, and the base of it; for models base and port are the same. */
static const struct {
	enum host_kind kind;
	const char *text;
	const char *base;
	const char *id;
} good[] = {
    {HOST_WORKSPACE, NAME, "https://" NAME, NULL},
    {HOST_WORKSPACE, " \t" NAME "\n", "https://" NAME, NULL},
    {HOST_WORKSPACE, "ADB-1.2.AzureDatabricks.NET", "https://" NAME, NULL},
    {HOST_WORKSPACE, "https://" NAME, "https://" NAME, NULL},
    {HOST_WORKSPACE, "HTTPS://" NAME "/", "https://" NAME, NULL},
    {HOST_WORKSPACE, "https://" NAME ":443/a/b?x#y", "https://" NAME, NULL},
    {HOST_WORKSPACE, NAME "/?o=123", "https://" NAME, "123"},
    {HOST_WORKSPACE, NAME "?w=9&o=7#job/1", "https://" NAME, "7"},
    {HOST_WORKSPACE, NAME "/x?a=1&w=9007199254740993&b=2#o=1", "https://" NAME,
        "9007199254740993"},
    {HOST_WORKSPACE, NAME "/#o=1", "https://" NAME, NULL},
    {HOST_WORKSPACE, NAME "/?o=abc", "https://" NAME, NULL},
    {HOST_WORKSPACE, NAME "/?o=12345678901234567890", "https://" NAME, NULL},
    {HOST_WORKSPACE, "a--b.xn--q.example", "https://a--b.xn--q.example", NULL},
    {HOST_MODEL, "https://llm.intranet/v1/", "https://llm.intranet/v1", NULL},
    {HOST_MODEL, "http://llm:8000/v1", "http://llm:8000/v1", NULL},
    {HOST_MODEL, "http://llm:80", "http://llm", NULL},
    {HOST_MODEL, "http://llm:443/", "http://llm:443", NULL},
    {HOST_MODEL, "llm:8443", "https://llm:8443", NULL},
    {HOST_MODEL, "http://10.1.2.3:11434", "http://10.1.2.3:11434", NULL},
    {HOST_MODEL, "127.0.0.1:8080/a-b/c.d", "https://127.0.0.1:8080/a-b/c.d",
        NULL},
};

/* What must not pass, of a workspace; most of it not as a model either. */
static const char *const bad[] = {
    "",
    " ",
    "https://",
    "http://" NAME,
    "ftp://" NAME,
    "file:///etc/passwd",
    "javascript:alert(1)",
    "//" NAME,
    "https:" NAME,
    "https:/" NAME,
    "https:///" NAME,
    "https://https://" NAME,
    NAME ":80",
    NAME ":8443",
    NAME ":",
    NAME ":0",
    NAME ":+443",
    NAME ":0443x",
    NAME ":443:443",
    NAME ":65979",
    NAME ":000000443",
    NAME ".",
    "." NAME,
    "a..example",
    "-a.example",
    "a-.example",
    "a_b.example",
    "localhost",
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "127.0.0.0x1",
    "017700000001",
    "0",
    "0.0.0.0",
    "169.254.169.254",
    "a.169.254.169.254",
    "1.2.3.4.5",
    "1.2.3",
    "a.1",
    "a.0x1",
    "a.0xg",
    "[::1]",
    "[::ffff:7f00:1]",
    "https://[::1]/",
    "::1",
    "fe80::1%25lo",
    "user@" NAME,
    "user:pass@" NAME,
    NAME "@127.0.0.1",
    "https://" NAME "@evil.example",
    "https://evil.example\\@" NAME,
    "https://" NAME "\\evil.example",
    "\\\\" NAME,
    NAME "%2eevil.example",
    NAME "%00.evil.example",
    NAME "/%2e%2e",
    "a b.example",
    NAME "\r\nHost: evil",
    NAME "\tx",
    "a\x01.example",
    "a\x7f.example",
    "\xc3\xa4.example",
    "\xd0\xb0zure.example",
    "a\xe3\x80\x82"
    "example",
    "\xe2\x91\xa0.example",
    "*.example",
    "a,b.example",
    "a;b.example",
    "a.example!",
    "a.exam'ple",
    "a.exam\"ple",
    "<a>.example",
    "a.{example}",
    "$(id).example",
    "`id`.example",
    "a|b.example",
    "a&b.example",
    "a=b.example",
    "a+b.example",
    "a^b.example",
    "a~b.example",
    "(a).example",
};

/* What a model's base may have least of all. */
static const char *const bad_model[] = {
    "http://llm/v1?key=1",
    "http://llm/v1#x",
    "http://llm/../v1",
    "http://llm/./v1",
    "http://llm//v1",
    "http://llm/v1/..",
    "http://llm/a;b",
    "http://llm/a:b",
    "http://256.1.1.1",
    "http://1.2.3",
    "http://01.2.3.4",
    "http://1.2.3.4.",
    "http://1..3.4",
    "http://llm:99999",
    "gopher://llm",
};

static void
test_good(void **state)
{
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(good); i++) {
		struct host host;
		const struct err *e = host_parse(&a, good[i].text, good[i].kind,
		    &host);

		if (e)
			fail_msg("%s: %s", good[i].text, e->message);
		assert_string_equal(host.base, good[i].base);
		assert_true(str_eq(host.workspace_id, good[i].id));
		assert_true(host.plain == str_starts(good[i].base, "http:"));
	}
	arena_done(&a);
}

static void
refuse(struct arena *a, const char *text, enum host_kind kind)
{
	struct host host;
	const struct err *e = host_parse(a, text, kind, &host);

	if (!e)
		fail_msg("accepted: %s as %s", text, host.base);
	assert_int_equal(e->code, R_HOST);
	err_clear();
}

static void
test_bad(void **state)
{
	struct arena a = ARENA_INIT;
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(bad); i++)
		refuse(&a, bad[i], HOST_WORKSPACE);
	for (i = 0; i < COUNT_OF(bad_model); i++)
		refuse(&a, bad_model[i], HOST_MODEL);
	buf_init(&b, &a, 1000);
	for (i = 0; i < 64; i++)
		buf_add_chr(&b, 'a');
	refuse(&a, arena_printf(&a, "%s.example", buf_str(&b)), HOST_WORKSPACE);
	for (i = 0; i < 100; i++)
		buf_add_str(&b, ".aa");
	refuse(&a, buf_str(&b) + 60, HOST_MODEL);
	arena_done(&a);
}

static void
test_allowed(void **state)
{
	static const struct {
		const char *host;
		const char *entries;
		bool allowed;
	} rows[] = {
	    {"https://a.example", "a.example", true},
	    {"https://a.example", "b.example, A.Example", true},
	    {"https://a.example", "", false},
	    {"https://a.example", "example", false},
	    {"https://a.example", "*.example", true},
	    {"https://b.a.example", "*.example", true},
	    {"https://example", "*.example", false},
	    {"https://badexample", "*.example", false},
	    {"https://a.example", "*", false},
	    {"https://a.example", "*.", false},
	    {"https://a.example", "*ample", false},
	    {"https://a.example:8443", "a.example", false},
	    {"https://a.example:8443", "a.example:8443", true},
	    {"http://a.example", "a.example", true},
	    {"http://a.example", "a.example:80", true},
	    {"http://a.example", "a.example:443", false},
	    {"https://a.example", "a.example:", false},
	    {"https://a.example", "\n\ta.example", true},
	    {"http://10.0.0.1:9", "10.0.0.1:9", true},
	};
	struct arena a = ARENA_INIT;
	struct host host;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(rows); i++) {
		assert_null(host_parse(&a, rows[i].host, HOST_MODEL, &host));
		if (host_allowed(&host, rows[i].entries) != rows[i].allowed)
			fail_msg("%s in %s", rows[i].host, rows[i].entries);
	}
	arena_done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good),
	    cmocka_unit_test(test_bad),
	    cmocka_unit_test(test_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/base.h"

#include "remote/fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define LOGIN "<html><head><TITLE>Sign in</TITLE></head><body>x</body></html>"

/* Answers of other servers, and what they are read as. */
static const struct {
	int status;
	const char *type; /* NULL: JSON */
	const char *body;
	enum err_code code;
	const char *name;
	const char *message;
} rows[] = {
    {400, NULL,
        "{\"error_code\":\"INVALID_PARAMETER_VALUE\",\"message\":\"No\"}",
        R_INVALID, "INVALID_PARAMETER_VALUE", "No"},
    {400, NULL,
        "{\"error_code\":\"INVALID_PARAMETER_VALUE\","
        "\"message\":\"Job 7 does not exist.\"}",
        R_MISSING, "INVALID_PARAMETER_VALUE", "Job 7 does not exist."},
    {400, NULL,
        "{\"error_code\":\"INVALID_PARAMETER_VALUE\","
        "\"message\":\"Run: 1 in job: 2 doesn't exist\"}",
        R_MISSING, "INVALID_PARAMETER_VALUE", "Run: 1 in job: 2 doesn't exist"},
    {400, NULL,
        "{\"error_code\":\"REQUEST_LIMIT_EXCEEDED\",\"message\":\"slow\"}",
        R_THROTTLED, "REQUEST_LIMIT_EXCEEDED", "slow"},
    {500, NULL, "{\"detail\":\"REQUEST_LIMIT_EXCEEDED for this\"}", R_THROTTLED,
        "", "REQUEST_LIMIT_EXCEEDED for this"},
    {403, NULL, "{\"error_code\":403,\"message\":\"Invalid access token.\"}",
        R_TOKEN, "403", "Invalid access token."},
    {403, NULL,
        "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"No CAN_QUERY\"}",
        R_DENIED, "PERMISSION_DENIED", "No CAN_QUERY"},
    {401, NULL, "{\"message\":\"Token is expired\"}", R_TOKEN, "",
        "Token is expired"},
    {401, NULL, "", R_TOKEN, "", ""},
    {404, NULL, "{\"error_code\":\"ENDPOINT_NOT_FOUND\",\"message\":\"none\"}",
        R_MISSING, "ENDPOINT_NOT_FOUND", "none"},
    {404, NULL, "{\"detail\":\"gone\",\"status\":\"404\"}", R_MISSING, "",
        "gone"},
    {409, NULL, "{\"scimType\":\"uniqueness\",\"detail\":\"null\"}", R_CONFLICT,
        "uniqueness", ""},
    {500, NULL, "{\"error\":\"ContextNotFound\"}", R_BROKEN, "",
        "ContextNotFound"},
    {400, NULL,
        "{\"error\":\"invalid_grant\","
        "\"error_description\":\"Refresh token is invalid\"}",
        R_TOKEN, "invalid_grant", "Refresh token is invalid"},
    {400, NULL, "{\"errorCode\":\"E07\",\"errorSummary\":\"no\"}", R_INVALID,
        "E07", "no"},
    {503, "text/plain", "TEMPORARILY_UNAVAILABLE: The service is busy",
        R_UNAVAILABLE, "TEMPORARILY_UNAVAILABLE", "The service is busy"},
    {400, "text/plain", "Not a code: at all", R_INVALID, "",
        "Not a code: at all"},
    {502, "text/html", "<html><body><pre>\n bad\n gateway </pre></body></html>",
        R_UNAVAILABLE, "", "bad  gateway"},
    {502, "text/html", LOGIN, R_UNAVAILABLE, "", "Sign in"},
    {502, "text/html", "<html><title>no end", R_UNAVAILABLE, "", "no end"},
    {502, "text/html", "<html>", R_UNAVAILABLE, "", ""},
    {503, "text/plain", "", R_UNAVAILABLE, "", ""},
    {500, NULL, "{\"error_code\":", R_BROKEN, "", "{\"error_code\":"},
    {500, NULL, "{\"message\":\"a\\u0000b\"}", R_BROKEN, "", "a"},
    {500, NULL, "{\"message\":\"a\\u001b[31m\\nb\"}", R_BROKEN, "", "a [31m b"},
    {500, NULL, "\"\xff\"", R_BROKEN, "", "\"\xef\xbf\xbd\""},
    {500, NULL,
        "{\"message\":\"ClusterNotReadyException: Cluster is starting\"}",
        R_UNAVAILABLE, "", "ClusterNotReadyException: Cluster is starting"},
    {504, NULL, "{}", R_SLOW, "", ""},
    {499, NULL, "{\"error_code\":\"CANCELLED\"}", R_CANCELLED, "CANCELLED", ""},
    /* OpenAI and what speaks like it. */
    {401, NULL,
        "{\"error\":{\"message\":\"Incorrect API key\","
        "\"type\":\"invalid_request_error\",\"code\":\"invalid_api_key\"}}",
        R_TOKEN, "invalid_api_key", "Incorrect API key"},
    {429, NULL,
        "{\"error\":{\"message\":\"wait\",\"type\":\"tokens\","
        "\"code\":\"rate_limit_exceeded\"}}",
        R_THROTTLED, "rate_limit_exceeded", "wait"},
    /* Anthropic. */
    {529, NULL,
        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
        "\"message\":\"Overloaded\"}}",
        R_UNAVAILABLE, "overloaded_error", "Overloaded"},
    /* A model of somebody else behind the workspace. */
    {403, NULL,
        "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\""
        "{\\\"external_model_provider\\\":\\\"custom\\\","
        "\\\"external_model_error\\\":{\\\"message\\\":\\\"quota\\\"}}\"}",
        R_DENIED, "PERMISSION_DENIED", "quota"},
    /* What is no API. */
    {302, NULL, "", R_NOT_API, "", ""},
    {200, "text/html; charset=utf-8", LOGIN, R_NOT_API, "", ""},
};

static struct http_reply
reply_of(struct arena *a, int status, const char *type, const char *body)
{
	struct http_reply reply = {.end = HTTP_DONE,
	    .problem = "",
	    .status = status,
	    .body = slice_of(body),
	    .sent = true};

	http_add_header(a, &reply.headers, "content-type",
	    type ? type : "application/json");
	return reply;
}

static void
test_every_form(void **state)
{
	struct arena a = ARENA_INIT;
	struct fault f;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(rows); i++) {
		struct http_reply reply = reply_of(&a, rows[i].status,
		    rows[i].type, rows[i].body);

		assert_true(fault_read(&a, &reply, true, &f));
		if (f.code != rows[i].code || !str_eq(f.name, rows[i].name) ||
		    !str_eq(f.message, rows[i].message))
			fail_msg("%d %s: %s, \"%s\", \"%s\"", rows[i].status,
			    rows[i].body, code_info(f.code)->id, f.name,
			    f.message);
		assert_true(f.sent);
	}
	arena_done(&a);
}

static void
test_no_fault(void **state)
{
	struct arena a = ARENA_INIT;
	struct http_reply reply = reply_of(&a, 200,
	    "application/json; charset=utf-8", "{}");
	struct fault f;

	(void)state;
	assert_false(fault_read(&a, &reply, true, &f));
	reply = reply_of(&a, 200, "text/html", "");
	assert_false(fault_read(&a, &reply, true, &f));
	reply = reply_of(&a, 200, "text/x-python", "print()");
	assert_false(fault_read(&a, &reply, false, &f));
	assert_true(fault_read(&a, &reply, true, &f));
	arena_done(&a);
}

static void
test_what_else_is_told(void **state)
{
	struct arena a = ARENA_INIT;
	struct http_reply reply = reply_of(&a, 429, NULL,
	    "{\"message\":\"m\",\"details\":[{\"@type\":\"x.RetryInfo\","
	    "\"retry_delay\":\"2.25s\"},{\"@type\":\"x.RequestInfo\","
	    "\"request_id\":\"abc\"},{\"@type\":7},8]}");
	struct fault f;

	(void)state;
	reply.pause_s = 1;
	assert_true(fault_read(&a, &reply, true, &f));
	assert_string_equal(f.request_id, "abc");
	assert_true(f.pause_ms == 2250);
	reply = reply_of(&a, 503, NULL, "{}");
	reply.pause_s = INT64_C(1000000000);
	http_add_header(&a, &reply.headers, "x-request-id", "r\x01");
	http_add_header(&a, &reply.headers, "X-Databricks-Reason-Phrase",
	    "zzz");
	assert_true(fault_read(&a, &reply, true, &f));
	assert_true(f.pause_ms == 3600000);
	assert_string_equal(f.request_id, "r");
	assert_string_equal(f.message, "zzz");
	arena_done(&a);
}

static void
test_no_answer(void **state)
{
	static const struct {
		enum http_end end;
		enum err_code code;
	} ends[] = {
	    {HTTP_BAD_URL, R_BARRED},
	    {HTTP_BARRED, R_BARRED},
	    {HTTP_NO_HOST, R_UNREACHABLE},
	    {HTTP_REFUSED, R_UNREACHABLE},
	    {HTTP_UNTRUSTED, R_UNTRUSTED},
	    {HTTP_SLOW, R_SLOW},
	    {HTTP_CUT, R_CUT},
	    {HTTP_TOO_LARGE, R_TOO_LARGE},
	    {HTTP_STOPPED, R_CANCELLED},
	};
	struct arena a = ARENA_INIT;
	struct fault f;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(ends); i++) {
		struct http_reply reply = {
		    .end = ends[i].end, .status = 200, .problem = "why\n"};

		assert_true(fault_read(&a, &reply, true, &f));
		assert_int_equal(f.code, ends[i].code);
		assert_string_equal(f.message, "why");
		assert_false(f.sent);
	}
	arena_done(&a);
}

static void
test_in_a_stream(void **state)
{
	struct arena a = ARENA_INIT;
	const struct json *v = NULL;
	struct fault f;

	(void)state;
	assert_null(json_parse(&a,
	    SLICE("{\"error_code\":\"RESOURCE_EXHAUSTED\",\"message\":\"m\"}"),
	    &v));
	assert_true(fault_in_stream(&a, v, &f));
	assert_int_equal(f.code, R_THROTTLED);
	assert_null(json_parse(&a, SLICE("{\"error\":{\"message\":\"m\"}}"),
	    &v));
	assert_true(fault_in_stream(&a, v, &f));
	assert_int_equal(f.code, R_BROKEN);
	assert_string_equal(f.message, "m");
	assert_null(json_parse(&a, SLICE("{\"choices\":[],\"error\":null}"),
	    &v));
	assert_false(fault_in_stream(&a, v, &f));
	assert_null(json_parse(&a, SLICE("{\"usage\":{}}"), &v));
	assert_false(fault_in_stream(&a, v, &f));
	arena_done(&a);
}

static void
test_words(void **state)
{
	struct fault f = {.code = R_DENIED,
	    .status = 403,
	    .name = "NO",
	    .message = "not you"};

	(void)state;
	assert_string_equal(fault_err(&f, "host")->message,
	    "host says NO: not you");
	f.name = "";
	assert_string_equal(fault_err(&f, "host")->message,
	    "host says 403: not you");
	f = (struct fault){.code = R_CUT, .name = "", .message = ""};
	assert_int_equal(fault_err(&f, "host")->code, R_CUT);
	assert_string_equal(fault_err(&f, "host")->message,
	    "host: The connection ended before the answer was complete.");
	err_clear();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_form),
	    cmocka_unit_test(test_no_fault),
	    cmocka_unit_test(test_what_else_is_told),
	    cmocka_unit_test(test_no_answer),
	    cmocka_unit_test(test_in_a_stream),
	    cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

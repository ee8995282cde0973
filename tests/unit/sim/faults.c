#include "base/base.h"

#include "sim/faults.h"

#include "box.h"
#include "sim/route.h"
#include "sim/store.h"

#include <string.h>

static void
test_matching(void **state)
{
	static const struct {
		const char *pattern;
		const char *method;
		const char *path;
		bool matches;
	} cases[] = {
	    {"GET /a", "GET", "/a", true},
	    {"GET /a", "POST", "/a", false},
	    {"GET /a", "GET", "/ab", false},
	    {"GET /a*", "GET", "/ab", true},
	    {"GET /a*", "GET", "/a", true},
	    {"* /a*", "DELETE", "/a/b", true},
	    {"* *", "GET", "/", true},
	    {"POST /s/*/x", "POST", "/s/one/x", true},
	    {"POST /s/*/x", "POST", "/s/one/x/x", true},
	    {"POST /s/*/x", "POST", "/s/one/y", false},
	    {"GET *b*", "GET", "/aab", true},
	    {"GET *ab", "GET", "/aaab", true},
	    {"/a", "GET", "/a", false},
	    {"", "GET", "/a", false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		if (fault_matches(cases[i].pattern, cases[i].method,
		        cases[i].path) != cases[i].matches)
			fail_msg("%s %s %s", cases[i].pattern, cases[i].method,
			    cases[i].path);
	}
}

static void
test_fields(void **state)
{
	static const struct {
		const char *form;
		bool fits;
	} cases[] = {
	    {"pattern=GET+%2Fa", true},
	    {"pattern=GET+%2Fa&status=503&times=-1&retry_after=2", true},
	    {"pattern=GET+%2Fa&status=&times=&body=&cut=", true},
	    {"pattern=*+*&status=0&latency_ms=5&after=on", true},
	    {"pattern=/a", false},
	    {"status=503", false},
	    {"pattern=GET+%2Fa&status=100", false},
	    {"pattern=GET+%2Fa&status=600", false},
	    {"pattern=GET+%2Fa&times=-2", false},
	    {"pattern=GET+%2Fa&body=xml", false},
	    {"pattern=GET+%2Fa&cut=off", false},
	    {"pattern=GET+%2Fa&misbehaviour=lies", false},
	    {"pattern=GET+%2Fa&stauts=503", false},
	};
	struct arena a = ARENA_INIT;
	struct sim_fault fault;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct fields f = {0};
		const struct err *e;

		fields_add_form(&a, &f, slice_of(cases[i].form));
		e = fault_from(&a, &f, &fault);
		if (!e != cases[i].fits)
			fail_msg("%s: %s", cases[i].form, e ? e->message : "");
	}
	arena_done(&a);
	err_clear();
}

#define ME "/api/2.0/preview/scim/v2/Me"

static void
test_counted(void **state)
{
	struct box *box = *state;
	struct sim_resp resp;

	resp = box_ask(box, "POST", "/control/faults",
	    "{\"pattern\": \"GET /api*\", \"status\": 503, \"times\": 2, "
	    "\"retry_after\": 7}");
	assert_int_equal(resp.status, 200);
	resp = box_ask(box, "GET", ME, "");
	assert_int_equal(resp.status, 503);
	assert_string_equal(fields_get(&resp.headers, "Retry-After", ""), "7");
	assert_true(box_says(&resp, "TEMPORARILY_UNAVAILABLE"));
	resp = box_ask(box, "GET", ME, "");
	assert_int_equal(resp.status, 503);
	resp = box_ask(box, "GET", ME, "");
	assert_int_equal(resp.status, 200);
	assert_true(box_says(&resp, "\"ann@simulated.example\""));
	resp = box_ask(box, "GET", "/control/faults", "");
	assert_true(box_says(&resp, "\"used\":2"));
	assert_true(box_says(&resp, "\"times\":0"));
}

/* A file by hand, as the manual has it; and one that is broken. */
static void
test_file(void **state)
{
	static const char text[] = "{\"faults\": [{\"pattern\": \"GET /api*\","
	                           " \"status\": 403, \"body\": \"numeric\"}]}";
	struct box *box = *state;
	struct sim_resp resp;

	box_write(box, "faults.json", text);
	resp = box_ask(box, "GET", ME, "");
	assert_int_equal(resp.status, 403);
	assert_true(box_says(&resp, "\"error_code\":403"));
	box_write(box, "faults.json", "{");
	resp = box_ask(box, "GET", ME, "");
	assert_int_equal(resp.status, 500);
	assert_true(box_says(&resp, "The simulator itself has failed"));
}

static void
test_bodies(void **state)
{
	static const struct {
		const char *body;
		const char *says;
		const char *says_not;
	} cases[] = {
	    {"error", "{\"error_code\":\"MINE\",\"message\":\"why\"}", "why "},
	    {"numeric", "{\"error_code\":500,\"message\":\"why\"}", "MINE"},
	    {"message", "{\"message\":\"why\"}", "error_code"},
	    {"api12", "{\"error\":\"why\"}", "message"},
	    {"scim", "{\"status\":\"500\",\"detail\":\"why\"}", "message"},
	    {"html", "<pre>why</pre>", "{"},
	    {"text", "MINE: why", "{"},
	};
	struct box *box = *state;
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++) {
		struct sim_fault fault = {.status = 500,
		    .body = cases[i].body,
		    .code = "MINE",
		    .message = "why",
		    .retry_after = -1,
		    .cut = "none"};
		struct sim_req req = {.arena = &box->arena, .sim = &box->sim};
		struct sim_resp resp = {0};

		fault_apply(&req, &fault, &resp);
		if (!box_says(&resp, cases[i].says) ||
		    box_says(&resp, cases[i].says_not))
			fail_msg("%s: %.*s", cases[i].body, (int)resp.body.n,
			    resp.body.p);
	}
}

static void
test_tokens(void **state)
{
	static const struct {
		const char *token;
		int status;
		const char *says;
	} cases[] = {
	    {"dapi-ann", 200, "ann@simulated.example"},
	    {"dapi0123456789", 200, "user-"},
	    {"dapi-expired-1", 401, "Token is expired"},
	    {"dapi-revoked", 403, "\"error_code\":403"},
	    {"ghp_1", 401, "UNAUTHENTICATED"},
	    {"", 401, "UNAUTHENTICATED"},
	    {NULL, 401, "UNAUTHENTICATED"},
	};
	struct box *box = *state;
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++) {
		struct sim_resp resp;

		box->token = cases[i].token;
		resp = box_ask(box, "GET", ME, "");

		if (resp.status != cases[i].status ||
		    !box_says(&resp, cases[i].says))
			fail_msg("%s: %d %.*s", cases[i].token, resp.status,
			    (int)resp.body.n, resp.body.p);
	}
}

static void
test_settings(void **state)
{
	struct box *box = *state;
	struct settings settings;
	struct sim_resp resp;

	fields_add(&box->arena, &box->sim.preset, "drip_ms", "5");
	fields_add(&box->arena, &box->sim.preset, "user", "bo@x.example");
	resp = box_ask(box, "POST", "/control/settings",
	    "{\"drip_ms\": 7, \"misbehaviour\": \"stall\"}");
	assert_int_equal(resp.status, 200);
	resp = box_ask(box, "POST", "/control/settings",
	    "{\"drip_ms\": 8, \"misbehaviour\": \"lies\"}");
	assert_int_equal(resp.status, 400);
	ok(store_settings(&box->arena, &box->sim, &settings));
	assert_int_equal(settings.drip_ms, 7);
	assert_string_equal(settings.misbehaviour, "stall");
	assert_string_equal(settings.user, "bo@x.example");
	assert_int_equal(settings.tokens_per_second, 60);
}

static void
test_routes(void **state)
{
	static const struct {
		const char *form;
		const char *path;
		const char *part; /* NULL: does not match */
	} cases[] = {
	    {"/a/:name", "/a/b", "b"},
	    {"/:name/c/:other", "/b/c/d", "b"},
	    {"/:name/c/:other", "/b/c/", NULL},
	    {"/a/:name/c", "/a/b/c", "b"},
	    {"/a/:name", "/a/", NULL},
	    {"/a/:name", "/a/b/c", NULL},
	    {"/a/:name/c", "/a/b", NULL},
	    {"/a", "/a", ""},
	    {"/a", "/ab", NULL},
	    {"/a/*", "/a/b/c", "b/c"},
	    {"/a/*", "/a/", NULL},
	    {"/a/*", "/a", NULL},
	};
	struct box *box = *state;
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++) {
		const char *part[2] = {"", ""};
		bool matches = route_matches(&box->arena, cases[i].form,
		    cases[i].path, part);

		if (matches != (cases[i].part != NULL))
			fail_msg("%s %s", cases[i].form, cases[i].path);
		if (matches)
			assert_string_equal(part[0], cases[i].part);
		if (matches && strstr(cases[i].form, ":other"))
			assert_string_equal(part[1], "d");
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_matching),
	    cmocka_unit_test(test_fields),
	    BOX_TEST(test_counted),
	    BOX_TEST(test_file),
	    BOX_TEST(test_bodies),
	    BOX_TEST(test_tokens),
	    BOX_TEST(test_settings),
	    BOX_TEST(test_routes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * The client against the simulated workspace, which behaves as its document,
 * docs/simulator.md, says: errors in all their forms, numbers above 2^53,
 * answers that are lost after their effect, pauses that are asked for, streams
 * in every shape.
 */
#include "base/base.h"

#include "simulated.h"

#include "remote/oauth.h"

#include <string.h>

#define MAX_TEXT 100000
#define ME "/api/2.0/preview/scim/v2/Me"

static void
test_who(void **state)
{
	(void)state;
	assert_int_equal(simulated_ask("GET", ME, ""), -1);
	assert_string_equal(json_string(json_get(simulated.answer.json,
	                                    "userName"),
	                        ""),
	    "ann@simulated.example");
	assert_non_null(http_header(&simulated.answer.reply,
	    "X-Databricks-Org-Id"));
	assert_int_equal(simulated_ask_as("secret", "GET", ME, "", RETRY_READ,
	                     false),
	    R_TOKEN);
	assert_int_equal(simulated_ask_as("dapi-expired-1", "GET", ME, "",
	                     RETRY_READ, false),
	    R_TOKEN);
	assert_int_equal(simulated_ask_as("dapi-revoked-1", "GET", ME, "",
	                     RETRY_READ, false),
	    R_TOKEN);
}

/* Each form of an error, with each status that matters. */
static void
test_forms_of_errors(void **state)
{
	static const char *const forms[] = {"error", "numeric", "message",
	    "api12", "scim", "html", "text", "empty"};
	static const struct {
		int status;
		enum err_code code;
	} rows[] = {
	    {400, R_INVALID},
	    {401, R_TOKEN},
	    {403, R_DENIED},
	    {404, R_MISSING},
	    {409, R_CONFLICT},
	    {429, R_THROTTLED},
	    {500, R_BROKEN},
	    {503, R_UNAVAILABLE},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		for (size_t k = 0; k < COUNT_OF(forms); k++) {
			int code;

			simulated_control("faults",
			    arena_printf(&simulated.arena,
			        "{\"pattern\":\"GET *Me\",\"status\":%d,"
			        "\"body\":\"%s\",\"times\":-1}",
			        rows[i].status, forms[k]));
			code = simulated_ask("GET", ME, "");
			simulated_control("faults/clear", "{}");
			if (code != (int)rows[i].code &&
			    !(str_eq(forms[k], "html") && code == R_NOT_API))
				fail_msg("%d %s: %s", rows[i].status, forms[k],
				    code < 0
				        ? "none"
				        : code_info((enum err_code)code)->id);
		}
	}
}

static void
test_pauses(void **state)
{
	(void)state;
	simulated_control("faults",
	    "{\"pattern\":\"GET *Me\",\"status\":429,\"retry_after\":3,"
	    "\"times\":2}");
	assert_int_equal(simulated_ask("GET", ME, ""), -1);
	assert_int_equal(simulated.answer.tries, 3);
	assert_true(simulated.paused_ms >= 6000);
	simulated_control("faults", "{\"pattern\":\"GET *Me\",\"status\":503}");
	assert_int_equal(simulated_ask("GET", ME, ""), -1);
	assert_int_equal(simulated.answer.tries, 2);
	simulated_control("faults",
	    "{\"pattern\":\"GET *Me\",\"cut\":\"middle\"}");
	assert_int_equal(simulated_ask("GET", ME, ""), -1);
	assert_int_equal(simulated.answer.tries, 2);
	simulated_control("faults",
	    "{\"pattern\":\"GET *Me\",\"cut\":\"before\"}");
	assert_int_equal(simulated_ask("GET", ME, ""), -1);
	simulated_control("faults",
	    "{\"pattern\":\"GET *Me\",\"cut\":\"stall\"}");
	assert_int_equal(simulated_ask("GET", ME, ""), -1);
	simulated_control("faults/clear", "{}");
}

/* A job's number is read as it is; a run that was begun is not begun again. */
static void
test_jobs(void **state)
{
	int64_t job;
	int64_t first;
	int64_t second;

	(void)state;
	assert_int_equal(simulated_ask_as("dapi-ann", "POST",
	                     "/api/2.2/jobs/create",
	                     "{\"name\":\"j\",\"tasks\":[{\"task_key\":\"t\","
	                     "\"notebook_task\":{\"notebook_path\":\"/a\"}}]}",
	                     RETRY_ONCE, false),
	    -1);
	assert_true(json_to_int(json_get(simulated.answer.json, "job_id"), 1,
	    INT64_MAX, &job));
	assert_true(job > INT64_C(1) << 53);
	simulated_control("faults",
	    "{\"pattern\":\"POST *run-now\",\"cut\":\"before\","
	    "\"after\":true}");
	assert_int_equal(simulated_ask_as("dapi-ann", "POST",
	                     "/api/2.2/jobs/run-now",
	                     arena_printf(&simulated.arena,
	                         "{\"job_id\":%" PRId64
	                         ",\"idempotency_token\":\"a\"}",
	                         job),
	                     RETRY_ONCE, false),
	    R_CUT);
	assert_true(simulated.fault.sent);
	assert_int_equal(simulated.answer.tries, 1);
	/* The same token is the same run. */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(simulated_ask_as("dapi-ann", "POST",
		                     "/api/2.2/jobs/run-now",
		                     arena_printf(&simulated.arena,
		                         "{\"job_id\":%" PRId64
		                         ",\"idempotency_token\":\"a\"}",
		                         job),
		                     RETRY_REPEATABLE, false),
		    -1);
		assert_true(json_to_int(json_get(simulated.answer.json,
		                            "run_id"),
		    1, INT64_MAX, i == 0 ? &first : &second));
	}
	assert_true(first == second);
}

/* What a model says, however it is cut up; the outcome and the end. */
static int
chat_with(const char *misbehaviour)
{
	struct chat chat = {.provider = CHAT_DATABRICKS,
	    .model = "databricks-claude-sonnet-4-5",
	    .instructions = "",
	    .max_tokens = 4000,
	    .temperature_percent = 5};
	struct call call;
	int code;

	simulated_control("settings",
	    arena_printf(&simulated.arena, "{\"misbehaviour\":\"%s\"}",
	        misbehaviour));
	chat_add(&simulated.arena, &chat, CHAT_USER, "Good morning.");
	assert_true(chat_call(&simulated.arena, &chat, &call));
	chat_reader_init(&simulated.reader, &simulated.arena, MAX_TEXT);
	code = simulated_ask_as("dapi-ann", call.method, call.path,
	    slice_dup(&simulated.arena, call.body), RETRY_ONCE, true);
	chat_read_end(&simulated.reader);
	return code;
}

static void
test_streams(void **state)
{
	static const char *const whole[] = {"none", "array", "bytes"};
	const char *text;

	(void)state;
	assert_int_equal(chat_with("none"), -1);
	text = arena_strdup(&simulated.arena,
	    buf_str(&simulated.reader.answer.text));
	assert_non_null(strstr(text, "simulated model"));
	for (size_t i = 0; i < COUNT_OF(whole); i++) {
		assert_int_equal(chat_with(whole[i]), -1);
		assert_string_equal(buf_str(&simulated.reader.answer.text),
		    text);
		assert_int_equal(simulated.reader.answer.end, CHAT_COMPLETE);
		assert_true(simulated.reader.answer.tokens_out > 0);
	}
	assert_int_equal(chat_with("truncated"), -1);
	assert_int_equal(simulated.reader.answer.end, CHAT_CUT);
	assert_true(str_starts(text, buf_str(&simulated.reader.answer.text)));
	assert_int_equal(chat_with("error"), -1);
	assert_true(simulated.reader.answer.failed);
	(void)chat_with("garbage");
	assert_true(simulated.reader.answer.failed);
	assert_int_equal(simulated.reader.answer.fault.code, R_NOT_API);
	assert_int_equal(chat_with("stall"), R_SLOW);
	simulated_control("settings", "{\"misbehaviour\":\"none\"}");
}

static bool
count_page(void *context, const struct json *page)
{
	int *n = context;
	const struct json *list = json_get(page, "schemas");
	const struct json *item;

	n[0]++;
	for (item = list ? list->child : NULL; item; item = item->next)
		n[1]++;
	return n[1] < n[2];
}

/* Pages may be empty; the last one is that which names no other. */
static void
test_pages_of_a_list(void **state)
{
	const struct client client = simulated_client();
	const struct account as = simulated_account("dapi-ann");
	struct call call = {.method = "GET",
	    .path = "/api/2.1/unity-catalog/schemas",
	    .kind = RETRY_READ,
	    .idle_ms = 1000,
	    .total_ms = 20000};
	int n[3] = {0, 0, 1000};
	struct pages pages = {.parameter = "page_token",
	    .member = "next_page_token",
	    .on_page = count_page,
	    .context = n};
	int all;

	(void)state;
	call_add(&simulated.arena, &call, "catalog_name", "crm");
	simulated_control("settings", "{\"page_size\":1,\"empty_pages\":2}");
	assert_null(client_pages(&client, &simulated.arena, &as, &call,
	    &pages));
	all = n[1];
	assert_true(all > 0);
	assert_int_equal(n[0], all + 2);
	/* Who has enough is not asked for more. */
	n[0] = n[1] = 0;
	n[2] = 1;
	assert_null(client_pages(&client, &simulated.arena, &as, &call,
	    &pages));
	assert_int_equal(n[0], 3);
	/* A page that is always the next one. */
	n[0] = n[1] = 0;
	n[2] = 1000;
	pages.parameter = "ignored";
	assert_int_equal(client_pages(&client, &simulated.arena, &as, &call,
	                     &pages)
	                     ->code,
	    R_NOT_API);
	simulated_control("settings", "{\"page_size\":50,\"empty_pages\":1}");
}

/* As an application, or as a service principal with its secret. */
static int
sign_in(const char *secret, const char *refresh, struct oauth_grant *ret)
{
	const struct client client = simulated_client();
	const struct account at = simulated_account(NULL);
	const struct oauth_client c = {
	    .client = &client, .at = &at, .id = "app", .secret = secret};
	struct oauth_server server;
	const struct err *e;

	e = oauth_discover(&c, &simulated.arena, &server);
	if (!e)
		e = refresh
		    ? oauth_refresh(&c, &simulated.arena, &server, refresh, ret)
		    : oauth_credentials(&c, &simulated.arena, &server, ret);
	if (e && secret)
		assert_null(strstr(e->message, secret));
	return e ? (int)e->code : -1;
}

static void
test_oauth(void **state)
{
	struct oauth_grant grant;

	(void)state;
	assert_int_equal(sign_in("dose-1", NULL, &grant), -1);
	assert_int_equal(grant.life_s, 3600);
	assert_null(grant.refresh);
	assert_int_equal(simulated_ask_as(grant.access, "GET", ME, "",
	                     RETRY_READ, false),
	    -1);
	assert_int_equal(sign_in("guessed", NULL, &grant), R_SIGN_IN);
	assert_int_equal(sign_in(NULL, "invented", &grant), R_SIGN_IN);
	/* A pause, and then it works. */
	simulated_control("faults",
	    "{\"pattern\":\"POST *token\",\"status\":503}");
	assert_int_equal(sign_in("dose-1", NULL, &grant), -1);
	assert_true(simulated.pauses > 0);
	simulated_control("faults",
	    "{\"pattern\":\"GET *oauth-authorization-server\","
	    "\"status\":404,\"body\":\"error\",\"times\":-1}");
	assert_int_equal(sign_in("dose-1", NULL, &grant), R_NO_OAUTH);
	simulated_control("faults/clear", "{}");
}

static void
test_authorize_url(void **state)
{
	const struct oauth_server server = {
	    .authorize = "https://h/oidc/v1/authorize"};

	(void)state;
	assert_string_equal(oauth_authorize_url(&simulated.arena, &server,
	                        "a b", "https://t/oauth/callback", "s",
	                        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
	    "https://h/oidc/v1/authorize?response_type=code&client_id=a%20b"
	    "&redirect_uri=https%3A%2F%2Ft%2Foauth%2Fcallback"
	    "&scope=all-apis%20offline_access&state=s&code_challenge="
	    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
	    "&code_challenge_method=S256");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_who),
	    cmocka_unit_test(test_forms_of_errors),
	    cmocka_unit_test(test_pauses),
	    cmocka_unit_test(test_jobs),
	    cmocka_unit_test(test_streams),
	    cmocka_unit_test(test_pages_of_a_list),
	    cmocka_unit_test(test_oauth),
	    cmocka_unit_test(test_authorize_url),
	};

	return cmocka_run_group_tests(tests, simulated_setup,
	    simulated_teardown);
}

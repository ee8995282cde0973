/*
 * Connections as people enter, change and remove them, and that no page shows a
 * token.
 */
#include "base/base.h"

#include "testing.h"

#include <string.h>

#define CANARY "dapi-canary-1"
#define ENTRY                                                                  \
	"provider=databricks&name=Prod&address=https%3A%2F%2F"                 \
	"adb-1.2.azuredatabricks.net%2F%3Fo%3D77&auth=stored&model=claude"     \
	"&temperature=0.05&max_tokens=4000&first_s=30&total_s=120"             \
	"&instructions="

static void
test_enter(void **state)
{
	struct testing *t = *state;

	get(t, WHO_USER, "/connections");
	assert_shows(t, "No connections yet");
	get(t, WHO_USER, "/connections/new");
	assert_status(t, 200);
	assert_hides(t, "simulated workspace");
	post(t, WHO_USER, "/connections/new", ENTRY);
	assert_status(t, 422);
	assert_shows(t, "Enter the token.");
	assert_shows(t, "value=\"Prod\"");
	post(t, WHO_USER, "/connections/new", ENTRY "&token=" CANARY);
	assert_location(t, "/connections/1");
	follow(t, WHO_USER);
	assert_shows(t, "stored, sealed");
	assert_shows(t, "Not tested");
	assert_hides(t, "dapi");
	get(t, WHO_USER, "/connections");
	assert_shows(t, "Databricks workspace");
	assert_hides(t, "dapi");
	get(t, WHO_OTHER, "/connections/1");
	assert_status(t, 404);
	get(t, WHO_ADMIN, "/connections/1/edit");
	assert_status(t, 404);
}

static void
test_change(void **state)
{
	struct testing *t = *state;

	get(t, WHO_USER, "/connections/1/edit");
	assert_shows(t, "Empty: the stored token");
	assert_hides(t, "dapi");
	post(t, WHO_USER, "/connections/1/edit",
	    ENTRY "&token=" CANARY "&first_s=300");
	assert_status(t, 400);
	post(t, WHO_USER, "/connections/1/edit",
	    "provider=databricks&name=Prod&address=evil.example&auth=stored"
	    "&token=" CANARY
	    "&temperature=3&max_tokens=99&first_s=9&total_s=8");
	assert_status(t, 422);
	assert_shows(t, "a number from 0 to 2");
	assert_shows(t, "evil.example");
	assert_hides(t, "dapi");
	post(t, WHO_USER, "/connections/1/edit", ENTRY "&token=");
	assert_location(t, "/connections/1");
}

/* The form comes back when the session has ended, without the token. */
static void
test_a_form_that_comes_too_late(void **state)
{
	struct testing *t = *state;
	struct req *req = request(t, WHO_NOBODY, METHOD_POST,
	    "/connections/new");

	req->content_type = "application/x-www-form-urlencoded";
	req->origin = "http://t2c.test";
	req->body = SLICE(ENTRY "&token=" CANARY);
	dispatch_request(t);
	assert_status(t, 401);
	assert_shows(t, "Prod");
	assert_hides(t, "dapi");
}

static void
test_remove(void **state)
{
	struct testing *t = *state;

	post(t, WHO_OTHER, "/connections/1/remove", "");
	assert_status(t, 404);
	post(t, WHO_USER, "/connections/1/default", "");
	assert_location(t, "/connections/1");
	post(t, WHO_USER, "/connections/1/remove", "");
	assert_location(t, "/connections");
	get(t, WHO_USER, "/connections/1");
	assert_status(t, 404);
}

static void
test_the_simulated_workspace(void **state)
{
	struct testing *t = *state;

	t->config.simulator = "http://127.0.0.1:9";
	get(t, WHO_USER, "/connections/new");
	assert_shows(t, "Connect the simulated workspace");
	post(t, WHO_USER, "/connections/new",
	    "provider=databricks&name=Sim&address=http%3A%2F%2F127.0.0.1%3A9"
	    "&auth=stored&token=dapi-simulated-1&max_tokens=4000&first_s=30"
	    "&total_s=120");
	follow(t, WHO_USER);
	assert_shows(t, "nothing in it is real");
	t->config.simulator = "";
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_enter),
	    cmocka_unit_test(test_change),
	    cmocka_unit_test(test_a_form_that_comes_too_late),
	    cmocka_unit_test(test_remove),
	    cmocka_unit_test(test_the_simulated_workspace),
	};

	return cmocka_run_group_tests(tests, testing_setup, testing_teardown);
}

#include "base/base.h"

#include "box.h"

#include "base/str.h"

#define WAREHOUSES "/api/2.0/sql/warehouses"
#define RUNS WAREHOUSES "/51a0000000000001"
#define STOPPED WAREHOUSES "/51a0000000000002"

static void
is_in_state(struct box *box, const char *path, const char *state)
{
	assert_string_equal(json_string(json_get(box_get(box, path), "state"),
	                        ""),
	    state);
}

static void
test_starting_and_stopping(void **state)
{
	struct box *box = *state;
	struct sim_resp resp;
	int i;

	fields_add(&box->arena, &box->sim.preset, "run_polls", "2");
	is_in_state(box, STOPPED, "STOPPED");
	for (i = 0; i < 2; i++) {
		resp = box_ask(box, "POST", STOPPED "/start", "");
		answers(resp, 200);
		assert_true(slice_is(resp.body, "{}"));
	}
	is_in_state(box, STOPPED, "STARTING");
	is_in_state(box, STOPPED, "STARTING");
	/* It is on its way, and does not begin anew. */
	resp = box_ask(box, "POST", STOPPED "/start", "");
	is_in_state(box, STOPPED, "RUNNING");
	resp = box_ask(box, "POST", STOPPED "/start", "");
	is_in_state(box, STOPPED, "RUNNING");
	resp = box_ask(box, "POST", STOPPED "/stop", "");
	is_in_state(box, STOPPED, "STOPPING");
	is_in_state(box, STOPPED, "STOPPING");
	is_in_state(box, STOPPED, "STOPPED");
	is_in_state(box, RUNS, "RUNNING");
	resp = box_ask(box, "POST", WAREHOUSES "/0/start", "");
	answers(resp, 404);
	assert_true(box_says(&resp, "RESOURCE_DOES_NOT_EXIST"));
	/* What Ann does, Bob does not see. */
	resp = box_ask(box, "POST", RUNS "/stop", "");
	box->token = "dapi-bob";
	is_in_state(box, RUNS, "RUNNING");
}

static void
test_a_statement_starts_it(void **state)
{
	struct box *box = *state;
	struct sim_resp resp;

	resp = box_ask(box, "POST", "/api/2.0/sql/statements",
	    "{\"warehouse_id\": \"51a0000000000002\", "
	    "\"statement\": \"SELECT 1\"}");
	answers(resp, 200);
	is_in_state(box, STOPPED, "RUNNING");
	resp = box_ask(box, "POST", "/api/2.0/sql/statements",
	    "{\"warehouse_id\": \"51a0\", \"statement\": \"SELECT 1\"}");
	answers(resp, 400);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    BOX_TEST(test_starting_and_stopping),
	    BOX_TEST(test_a_statement_starts_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/base.h"

#include "box.h"

#include "sim/engine.h"
#include "sim/sql_type.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STATEMENTS "/api/2.0/sql/statements"
#define HOUR_MS INT64_C(3600000)

static struct sim_resp
execute(struct box *box, const char *sql, const char *more)
{
	return box_ask(box, "POST", STATEMENTS,
	    arena_printf(&box->arena,
	        "{\"warehouse_id\": \"51a0000000000001\", "
	        "\"statement\": \"%s\"%s}",
	        sql, more));
}

/* A program that takes the place of Python and its database: it has the task
 * in $task. */
static void
engine_is(struct box *box, const char *script)
{
	const char *path = temp_path(&box->arena, box->sim.dir, "engine");

	unlink(path);
	box_write(box, "engine",
	    arena_printf(&box->arena, "#!/bin/sh\nread -r task\n%s\n", script));
	assert_int_equal(chmod(path, 0700), 0);
	box->sim.engine = path;
}

static const char *
state_of(struct box *box, const struct sim_resp *resp)
{
	const struct json *status = json_get(box_json(box, resp), "status");

	return json_string(json_get(status, "state"), "");
}

static void
test_without_a_database(void **state)
{
	struct box *box = *state;
	struct sim_resp resp;

	resp = execute(box, "(select 1)", "");
	answers(resp, 200);
	assert_true(box_says(&resp,
	    "runs no SQL: it knows only the "
	    "statements that answers.json has"));
	resp = execute(box, "INSERT INTO t VALUES (1)", "");
	assert_true(box_says(&resp, "\"result\":{}"));
	assert_string_equal(state_of(box, &resp), "SUCCEEDED");
}

static void
test_scripts_come_first(void **state)
{
	struct box *box = *state;
	struct sim_resp resp;

	box_write(box, "answers.json",
	    "{\"answers\": [{\"pattern\": \"*orders*\", \"columns\": "
	    "[{\"name\": \"a\", \"type\": \"DECIMAL(10,2)\"}], "
	    "\"rows\": [[\"scripted\"]]}, {\"pattern\": \"*bad*\", "
	    "\"error\": \"[X] bad\", \"sql_state\": \"42P01\"}]}");
	engine_is(box,
	    "echo '{\"columns\": [{\"name\": \"b\", \"type\": \"BIGINT\"}], "
	    "\"rows\": [[\"1\"]]}'");
	resp = execute(box, "SELECT * FROM orders", "");
	assert_true(box_says(&resp, "[[\"scripted\"]]"));
	assert_true(box_says(&resp,
	    "\"type_name\":\"DECIMAL\",\"type_text\":\"DECIMAL(10,2)\","
	    "\"type_precision\":10,\"type_scale\":2"));
	resp = execute(box, "SELECT bad", "");
	answers(resp, 200);
	assert_true(box_says(&resp,
	    "{\"state\":\"FAILED\",\"error\":{\"error_code\":\"BAD_REQUEST\","
	    "\"message\":\"[X] bad\"},\"sql_state\":\"42P01\"}"));
	resp = execute(box, "SELECT * FROM t", "");
	assert_true(box_says(&resp, "\"data_array\":[[\"1\"]]"));
	assert_true(box_says(&resp, "\"type_name\":\"LONG\""));
}

/* The database is asked once; what it said is kept. */
static void
test_it_runs_once(void **state)
{
	struct box *box = *state;
	const char *count = temp_path(&box->arena, box->sim.dir, "count");
	struct sim_resp resp;
	const char *path;
	struct stat st;
	int i;

	engine_is(box,
	    arena_printf(&box->arena,
	        "echo x >>%s\necho '{\"columns\": [{\"name\": \"b\"}], "
	        "\"rows\": [[\"1\"]]}'",
	        count));
	resp = execute(box, "SELECT 1", ", \"wait_timeout\": \"0s\"");
	assert_string_equal(state_of(box, &resp), "PENDING");
	path = arena_printf(&box->arena, STATEMENTS "/%s",
	    json_string(json_get(box_json(box, &resp), "statement_id"), ""));
	for (i = 0; i < 3; i++)
		resp = box_ask(box, "GET", path, "");
	assert_string_equal(state_of(box, &resp), "SUCCEEDED");
	assert_int_equal(stat(count, &st), 0);
	assert_int_equal(st.st_size, 2);
}

static void
test_what_the_database_is_told(void **state)
{
	struct box *box = *state;
	struct sim_resp resp;

	engine_is(box,
	    "case $task in *'\"sql\":\"SELECT :a; $(id) `id`\"'*) ;; "
	    "*) exit 3 ;; esac\n"
	    "case $task in *'\"parameters\":[{\"name\":\"a\","
	    "\"value\":null,\"type\":\"INT\"}]'*) ;; *) exit 4 ;; esac\n"
	    "case $task in *'\"use_catalog\":\"c\",\"use_schema\":\"s\","
	    "\"rows\":8,\"bytes\":9}'*) ;; *) exit 5 ;; esac\n"
	    "case $task in *'\"full_name\":\"crm.landing.customers\"'*) ;; "
	    "*) exit 6 ;; esac\n"
	    "echo '{}'");
	resp = execute(box, "SELECT :a; $(id) `id`",
	    ", \"catalog\": \"c\", \"schema\": \"s\", \"row_limit\": 7, "
	    "\"byte_limit\": 9, \"parameters\": [{\"name\": \"a\", "
	    "\"value\": null, \"type\": \"INT\"}]");
	answers(resp, 200);
	assert_string_equal(state_of(box, &resp), "SUCCEEDED");
	assert_true(box_says(&resp, "\"result\":{}"));
	resp = execute(box, "SELECT 1", ", \"parameters\": [{}]");
	answers(resp, 400);
	resp = execute(box, "SELECT 1",
	    ", \"parameters\": [{\"name\": \"a\", \"value\": 1}]");
	answers(resp, 400);
}

/* The database does not come to an end, or says what nobody understands. */
static void
test_a_database_that_breaks(void **state)
{
	static const struct {
		const char *script;
		const char *code;
	} cases[] = {
	    {"exit 1", "INTERNAL_ERROR"},
	    {"kill -9 $$", "INTERNAL_ERROR"},
	    {"while :; do :; done", "DEADLINE_EXCEEDED"},
	    {"exec cat /dev/zero", "RESOURCE_EXHAUSTED"},
	};
	struct box *box = *state;
	struct sim_resp resp;
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++) {
		/* What is written for ever must not be late. */
		box->sim.preset = (struct fields){0};
		fields_add(&box->arena, &box->sim.preset, "statement_s",
		    i == 2 ? "1" : "50");
		engine_is(box, cases[i].script);
		resp = execute(box, "SELECT 1", "");
		answers(resp, 200);
		assert_string_equal(state_of(box, &resp), "FAILED");
		if (!box_says(&resp, cases[i].code))
			fail_msg("%s: %.*s", cases[i].script, (int)resp.body.n,
			    resp.body.p);
	}
	engine_is(box, "echo no JSON");
	resp = execute(box, "SELECT 1", "");
	answers(resp, 500);
	engine_is(box, "echo '{}'");
	resp = execute(box, "SELECT 1", "");
	answers(resp, 200);
}

/* Answers of so many rows, each of a value of so many bytes. */
static void
answer_with(struct box *box, int rows, size_t bytes)
{
	char *value = arena_alloc(&box->arena, bytes + 1);
	struct json_writer w;
	struct buf b;

	memset(value, 'x', bytes);
	buf_init(&b, &box->arena, (size_t)64 << 20);
	json_init(&w, &b, false);
	json_object(&w);
	json_key(&w, "answers");
	json_array(&w);
	json_object(&w);
	json_key_str(&w, "pattern", "*");
	json_key(&w, "columns");
	json_array(&w);
	json_array_end(&w);
	json_key(&w, "rows");
	json_array(&w);
	while (rows-- > 0) {
		json_array(&w);
		json_str(&w, value);
		json_null(&w);
		json_array_end(&w);
	}
	json_array_end(&w);
	json_object_end(&w);
	json_array_end(&w);
	json_object_end(&w);
	box_write(box, "answers.json", buf_str(&b));
}

static void
test_limits(void **state)
{
	static const struct {
		const char *more;
		const char *says;
	} cases[] = {
	    {"",
	        "\"total_row_count\":5,\"total_byte_count\":50,"
	        "\"truncated\":false"},
	    {", \"row_limit\": 5",
	        "\"total_row_count\":5,"
	        "\"total_byte_count\":50,"
	        "\"truncated\":false"},
	    {", \"row_limit\": 4",
	        "\"total_row_count\":4,"
	        "\"total_byte_count\":40,"
	        "\"truncated\":true"},
	    {", \"byte_limit\": 50",
	        "\"total_row_count\":5,"
	        "\"total_byte_count\":50,"
	        "\"truncated\":false"},
	    {", \"byte_limit\": 49",
	        "\"total_row_count\":4,"
	        "\"total_byte_count\":40,"
	        "\"truncated\":true"},
	    {", \"byte_limit\": 9", "\"result\":{}"},
	};
	struct box *box = *state;
	struct sim_resp resp;
	size_t i;

	answer_with(box, 5, 10);
	for (i = 0; i < COUNT_OF(cases); i++) {
		resp = execute(box, "SELECT 1", cases[i].more);
		if (!box_says(&resp, cases[i].says))
			fail_msg("%s: %.*s", cases[i].more, (int)resp.body.n,
			    resp.body.p);
	}
	fields_add(&box->arena, &box->sim.preset, "chunk_rows", "1");
	answer_with(box, 26, (size_t)1 << 20);
	resp = execute(box, "SELECT 1", "");
	assert_string_equal(state_of(box, &resp), "FAILED");
	assert_true(box_says(&resp, "Inline byte limit exceeded."));
	assert_true(box_says(&resp, "26214400 bytes"));
	answer_with(box, 100001, 1);
	resp = execute(box, "SELECT 1", "");
	assert_true(box_says(&resp, "\"total_row_count\":100000,"));
	assert_true(box_says(&resp, "\"truncated\":true"));
}

static void
test_results_live_for_an_hour(void **state)
{
	struct box *box = *state;
	struct sim_resp resp;
	const char *path;

	box->sim.clock.fixed_ms = 10 * HOUR_MS;
	resp = execute(box, "SELECT 1", "");
	path = arena_printf(&box->arena, STATEMENTS "/%s",
	    json_string(json_get(box_json(box, &resp), "statement_id"), ""));
	box->sim.clock.fixed_ms += HOUR_MS;
	execute(box, "SELECT 2", "");
	box_get(box, path);
	box->sim.clock.fixed_ms++;
	execute(box, "SELECT 3", "");
	resp = box_ask(box, "GET", path, "");
	answers(resp, 404);
}

static void
test_finding_an_engine(void **state)
{
	struct box *box = *state;
	const char *found = "";

	engine_is(box, "[ \"$5 $6\" = '-c import duckdb' ]");
	ok(engine_find(&box->arena, box->sim.engine, &found));
	assert_string_equal(found, box->sim.engine);
	ok(engine_find(&box->arena, "none", &found));
	assert_null(found);
	fails(engine_find(&box->arena, "/nonexistent", &found), S_USAGE);
	engine_is(box, "exit 1");
	fails(engine_find(&box->arena, box->sim.engine, &found), S_USAGE);
	assert_int_equal(setenv("PATH", box->sim.dir, 1), 0);
	ok(engine_find(&box->arena, NULL, &found));
	assert_null(found);
}

static void
test_types(void **state)
{
	static const struct {
		const char *type;
		const char *json;
	} cases[] = {
	    {"bigint", "{\"type_name\":\"LONG\",\"type_text\":\"bigint\"}"},
	    {"INT", "{\"type_name\":\"INT\",\"type_text\":\"INT\"}"},
	    {"TINYINT", "{\"type_name\":\"BYTE\",\"type_text\":\"TINYINT\"}"},
	    {"VOID", "{\"type_name\":\"NULL\",\"type_text\":\"VOID\"}"},
	    {"ARRAY<DECIMAL(3,1)>",
	        "{\"type_name\":\"ARRAY\","
	        "\"type_text\":\"ARRAY<DECIMAL(3,1)>\"}"},
	    {"DECIMAL(38, 0)",
	        "{\"type_name\":\"DECIMAL\","
	        "\"type_text\":\"DECIMAL(38, 0)\","
	        "\"type_precision\":38,\"type_scale\":0}"},
	    {"DECIMAL",
	        "{\"type_name\":\"DECIMAL\","
	        "\"type_text\":\"DECIMAL\"}"},
	    {"DECIMAL(a,b)",
	        "{\"type_name\":\"DECIMAL\","
	        "\"type_text\":\"DECIMAL(a,b)\"}"},
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct json_writer w;
		struct buf b;

		buf_init(&b, &a, 1000);
		json_init(&w, &b, false);
		json_object(&w);
		sql_type_json(&w, &a, cases[i].type);
		json_object_end(&w);
		assert_string_equal(buf_str(&b), cases[i].json);
	}
	arena_done(&a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    BOX_TEST(test_without_a_database),
	    BOX_TEST(test_scripts_come_first),
	    BOX_TEST(test_it_runs_once),
	    BOX_TEST(test_what_the_database_is_told),
	    BOX_TEST(test_a_database_that_breaks),
	    BOX_TEST(test_limits),
	    BOX_TEST(test_results_live_for_an_hour),
	    BOX_TEST(test_finding_an_engine),
	    cmocka_unit_test(test_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

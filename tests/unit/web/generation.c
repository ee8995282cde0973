/* The code page of a generation: the tests beside the code. */
#include "base/base.h"

#include "testing.h"

#include "core/compile.h"
#include "core/generations.h"

#define SHEET                                                                  \
	"source_table,source_column,target_table,target_column,"               \
	"transformation\n"                                                     \
	"s.orders,id,s.t,id,\n"                                                \
	"s.orders,,s.t,at,current_timestamp()\n"

static struct generation_id
store(struct testing *t, const char *name, bool with_tests)
{
	struct generation g = {.revision_number = 1,
	    .name = name,
	    .pattern = "full_load",
	    .options = "{}",
	    .engine = "compiler",
	    .compiler = "0",
	    .targets = "s.t",
	    .target_count = 1,
	    .status = GENERATION_SUCCEEDED,
	    .error = ""};
	struct plan_options options = {0};
	struct compiled compiled;
	struct generation_id id;

	assert_no_err(mappings_create(&t->app, &t->user[WHO_USER], name, name,
	    SLICE(SHEET), &g.mapping));
	assert_no_err(compile_run(&t->arena, SLICE(SHEET), name,
	    pattern_find(&t->patterns, "full_load"), &options, "0", &compiled));
	assert_int_equal(compiled.problems.errors, 0);
	g.code = slice_dup(&t->arena, compiled.code);
	g.plan = compiled.plan_json;
	if (with_tests) {
		g.tests = slice_dup(&t->arena, compiled.tests);
		g.untested = untested_json(&t->arena, &compiled.untested);
	}
	assert_no_err(generations_create(&t->app, &t->user[WHO_USER], name, &g,
	    &id));
	return id;
}

static const char *
page_of(struct testing *t, struct generation_id id, const char *rest)
{
	return arena_printf(&t->arena, "/generations/%" PRId64 "%s", id.v,
	    rest);
}

static void
test_tabs(void **state)
{
	struct testing *t = *state;
	struct generation_id id = store(t, "orders.csv", true);

	get(t, WHO_USER, page_of(t, id, ""));
	assert_status(t, 200);
	assert_shows(t, "aria-current=\"page\">Code</a>");
	assert_shows(t, page_of(t, id, "/tests\">Tests</a>"));
	assert_shows(t, "Databricks notebook source");
	assert_shows(t, "Its value differs from run to run.");
	get(t, WHO_USER, page_of(t, id, "/tests"));
	assert_status(t, 200);
	assert_shows(t, "aria-current=\"page\">Tests</a>");
	assert_shows(t, "test_orders.py");
	assert_shows(t, "SOURCE_ORDERS");
	assert_hides(t, "Databricks notebook source");
	/* Lines of the tests come from no row of the sheet. */
	assert_hides(t, "line-row");
}

static void
test_download(void **state)
{
	struct testing *t = *state;
	struct generation_id id = store(t, "down.csv", true);

	get(t, WHO_USER, page_of(t, id, "/tests.py"));
	assert_status(t, 200);
	assert_shows(t, "import pytest");
	assert_shows(t, "with_name(\"down.py\")");
	get(t, WHO_USER, page_of(t, id, "/tests/raw"));
	assert_status(t, 200);
	get(t, WHO_OTHER, page_of(t, id, "/tests.py"));
	assert_status(t, 404);
	get(t, WHO_NOBODY, page_of(t, id, "/tests"));
	assert_status(t, 303);
}

static void
test_older_than_tests(void **state)
{
	struct testing *t = *state;
	struct generation_id id = store(t, "old.csv", false);

	get(t, WHO_USER, page_of(t, id, ""));
	assert_status(t, 200);
	assert_hides(t, ">Tests</a>");
	get(t, WHO_USER, page_of(t, id, "/tests"));
	assert_status(t, 404);
	assert_shows(t, "older than the tests");
	get(t, WHO_USER, page_of(t, id, "/tests.py"));
	assert_status(t, 404);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_tabs),
	    cmocka_unit_test(test_download),
	    cmocka_unit_test(test_older_than_tests),
	};

	return cmocka_run_group_tests(tests, testing_setup, testing_teardown);
}

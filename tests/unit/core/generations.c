#include "base/base.h"

#include "core/generations.h"

#include "base/clock.h"
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct mapping_id
make_mapping(struct fixture *f, const struct user *user)
{
	struct mapping_id id = {0};

	ok(mappings_create(&f->app, user, NULL, "a.csv", SLICE("a,b\n"), &id));
	return id;
}

static struct generation
sample(struct mapping_id mapping)
{
	return (struct generation){
	    .mapping = mapping,
	    .revision_number = 1,
	    .name = "orders.csv",
	    .pattern = "merge_upsert",
	    .options = "{\"keys\":[\"id\"]}",
	    .engine = "compiler",
	    .compiler = "0.1.0",
	    .targets = "shop.silver.orders, shop.silver.lines",
	    .target_count = 2,
	    .column_count = 31,
	    .status = GENERATION_SUCCEEDED,
	    .error = "",
	    .duration_us = 1234,
	    .code = "# Databricks notebook source\n",
	    .plan = "{\"plan\":1}",
	};
}

static struct generation_id
make(struct fixture *f, const struct user *user, const struct generation *g)
{
	struct generation_id id = {0};

	ok(generations_create(&f->app, user, NULL, g, &id));
	return id;
}

static void
test_create_and_get(void **state)
{
	struct fixture *f = *state;
	struct generation g = sample(make_mapping(f, &f->ann));
	struct generation_id id = make(f, &f->ann, &g);
	struct generation got;

	ok(generations_get(&f->app, &f->arena, &f->ann, id, &got));
	assert_int_equal(got.id.v, id.v);
	assert_int_equal(got.mapping.v, g.mapping.v);
	assert_int_equal(got.revision_number, 1);
	assert_string_equal(got.name, g.name);
	assert_string_equal(got.pattern, g.pattern);
	assert_string_equal(got.options, g.options);
	assert_string_equal(got.engine, g.engine);
	assert_string_equal(got.compiler, g.compiler);
	assert_string_equal(got.targets, g.targets);
	assert_int_equal(got.target_count, 2);
	assert_int_equal(got.column_count, 31);
	assert_int_equal(got.status, GENERATION_SUCCEEDED);
	assert_string_equal(got.error, "");
	assert_int_equal(got.duration_us, 1234);
	assert_int_equal(got.created_ms, START_MS);
	assert_string_equal(got.owner, "ann");
	assert_string_equal(got.code, g.code);
	assert_string_equal(got.plan, g.plan);
	assert_null(got.tests);
	assert_string_equal(got.untested, "[]");
}

static void
test_tests_are_kept(void **state)
{
	struct fixture *f = *state;
	struct generation g = sample(make_mapping(f, &f->ann));
	struct generation got;

	g.tests = "import pytest\n";
	g.untested = "[{\"column\":\"at\"}]";
	ok(generations_get(&f->app, &f->arena, &f->ann, make(f, &f->ann, &g),
	    &got));
	assert_string_equal(got.tests, g.tests);
	assert_string_equal(got.untested, g.untested);
}

static void
test_failed_one(void **state)
{
	struct fixture *f = *state;
	struct generation g = sample(make_mapping(f, &f->ann));
	struct generation got;

	g.status = GENERATION_FAILED;
	g.error = "no key";
	g.code = "";
	ok(generations_get(&f->app, &f->arena, &f->ann, make(f, &f->ann, &g),
	    &got));
	assert_int_equal(got.status, GENERATION_FAILED);
	assert_string_equal(got.error, "no key");
	assert_string_equal(got.code, "");
	assert_string_equal(generation_status_name(got.status), "failed");
}

static void
test_key_makes_one_row(void **state)
{
	struct fixture *f = *state;
	struct generation g = sample(make_mapping(f, &f->ann));
	struct generation_id first;
	struct generation_id again;

	ok(generations_find_key(&f->app, &f->ann, "key", &again));
	assert_int_equal(again.v, 0);
	ok(generations_create(&f->app, &f->ann, "key", &g, &first));
	ok(generations_create(&f->app, &f->ann, "key", &g, &again));
	assert_int_equal(first.v, again.v);
	ok(generations_find_key(&f->app, &f->ann, "key", &again));
	assert_int_equal(first.v, again.v);
	ok(generations_find_key(&f->app, &f->admin, "key", &again));
	assert_int_equal(again.v, 0);
	ok(generations_find_key(&f->app, &f->ann, "", &again));
	assert_int_equal(again.v, 0);
	ok(generations_create(&f->app, &f->admin, "key", &g, &again));
	assert_int_not_equal(first.v, again.v);
}

static void
test_ownership(void **state)
{
	struct fixture *f = *state;
	struct generation g = sample(make_mapping(f, &f->ann));
	struct generation_id id = make(f, &f->ann, &g);
	struct generation_id other;
	struct generation_list list;
	struct generation got;

	fails(generations_get(&f->app, &f->arena, &f->bob, id, &got),
	    W_NOT_FOUND);
	ok(generations_get(&f->app, &f->arena, &f->admin, id, &got));
	fails(generations_create(&f->app, &f->bob, NULL, &g, &other),
	    W_NOT_FOUND);
	ok(generations_create(&f->app, &f->admin, NULL, &g, &other));
	fails(generations_get(&f->app, &f->arena, &f->ann, other, &got),
	    W_NOT_FOUND);
	ok(generations_of_mapping(&f->app, &f->arena, &f->ann, g.mapping, 10,
	    &list));
	assert_int_equal(list.n, 1);
	ok(generations_of_mapping(&f->app, &f->arena, &f->admin, g.mapping, 10,
	    &list));
	assert_int_equal(list.n, 2);
	assert_int_equal(list.v[0].id.v, other.v);
	ok(generations_of_mapping(&f->app, &f->arena, &f->admin, g.mapping, 1,
	    &list));
	assert_int_equal(list.n, 1);
	ok(generations_of_mapping(&f->app, &f->arena, &f->bob, g.mapping, 10,
	    &list));
	assert_int_equal(list.n, 0);
	g.revision_number = 2;
	fails(generations_create(&f->app, &f->ann, NULL, &g, &other),
	    W_NOT_FOUND);
}

#define ROWS 1000
/* Ann owns three of four, Bob the rest; nine in ten succeeded. */
#define ANNS (ROWS / 4 * 3)

static void
fill(struct fixture *f)
{
	struct mapping_id mapping[2] = {
	    make_mapping(f, &f->ann),
	    make_mapping(f, &f->bob),
	};
	int i;

	for (i = 0; i < ROWS; i++) {
		bool bobs = i % 4 == 3;
		struct generation g = sample(mapping[bobs]);

		fixture_pass_time(f, 1000);
		g.name = arena_printf(&f->arena, "%s %03d.csv",
		    i % 2 ? "Orders" : "customers", i);
		g.pattern = i % 3 ? "full_load" : "merge_upsert";
		g.targets = arena_printf(&f->arena, "silver.t%d", i % 7);
		g.status = i % 10 ? GENERATION_SUCCEEDED : GENERATION_FAILED;
		g.duration_us = (i * 37) % 1000;
		make(f, bobs ? &f->bob : &f->ann, &g);
	}
}

static int
setup_filled(void **state)
{
	int rc = fixture_setup(state);

	fill(*state);
	return rc;
}

static struct generation_list
list(struct fixture *f, const struct user *user,
    struct generation_filter filter, int64_t want_total)
{
	struct generation_list found = {0};
	int64_t total = -1;

	if (filter.limit == 0)
		filter.limit = ROWS;
	ok(generations_list(&f->app, &f->arena, user, &filter, &found, &total));
	assert_int_equal(total, want_total);
	return found;
}

static void
test_usual_order(void **state)
{
	struct fixture *f = *state;
	struct generation_list l;
	size_t i;

	l = list(f, &f->admin, (struct generation_filter){0}, ROWS);
	assert_int_equal(l.n, ROWS);
	for (i = 1; i < l.n; i++)
		assert_true(l.v[i - 1].created_ms > l.v[i].created_ms);
	assert_string_equal(l.v[0].code, "");
	assert_string_equal(l.v[0].plan, "");
	l = list(f, &f->ann, (struct generation_filter){0}, ANNS);
	assert_int_equal(l.n, ANNS);
	for (i = 0; i < l.n; i++)
		assert_string_equal(l.v[i].owner, "ann");
}

static void
test_pages(void **state)
{
	struct fixture *f = *state;
	struct generation_filter filter = {.limit = 30};
	int64_t previous = INT64_MAX;
	size_t seen = 0;

	for (; seen < ROWS; filter.offset += filter.limit) {
		struct generation_list l = list(f, &f->admin, filter, ROWS);
		size_t i;

		for (i = 0; i < l.n; i++) {
			assert_true(l.v[i].id.v < previous);
			previous = l.v[i].id.v;
		}
		seen += l.n;
		assert_true(l.n > 0);
	}
	assert_int_equal(seen, ROWS);
	assert_int_equal(list(f, &f->admin, filter, ROWS).n, 0);
}

static void
test_filters(void **state)
{
	static const struct {
		struct generation_filter filter;
		int64_t want; /* for the administrator */
		int64_t anns;
	} cases[] = {
	    {{.text = "orders"}, 500, 250},
	    {{.text = "ORDERS 00"}, 5, 3},
	    {{.text = "silver.T3"}, 143, 107},
	    {{.text = "%"}, 0, 0},
	    {{.text = "_"}, 0, 0},
	    {{.text = "\\"}, 0, 0},
	    {{.text = ""}, ROWS, ANNS},
	    {{.text = "' OR 1 = 1"}, 0, 0},
	    {{.pattern = "full_load"}, 666, 500},
	    {{.pattern = "none"}, 0, 0},
	    {{.pattern = ""}, ROWS, ANNS},
	    {{.status = "failed"}, 100, 100},
	    {{.status = "succeeded"}, 900, 650},
	    {{.status = "failed", .pattern = "merge_upsert"}, 34, 34},
	    {{.owner = "bob"}, 250, 0},
	    {{.owner = "ANN"}, ANNS, ANNS},
	    {{.owner = "nobody"}, 0, 0},
	    {{.from_ms = START_MS + 901 * 1000}, 100, 75},
	    {{.to_ms = START_MS + 101 * 1000}, 100, 75},
	    {{.from_ms = START_MS + 11000, .to_ms = START_MS + 21000}, 10, 7},
	    {{.from_ms = START_MS, .to_ms = START_MS}, 0, 0},
	};
	struct fixture *f = *state;
	char text[1000];
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++) {
		struct generation_filter filter = cases[i].filter;
		int sort;

		for (sort = 0; sort < SORT__COUNT; sort++) {
			filter.sort = (enum generation_sort)sort;
			assert_int_equal(list(f, &f->admin, filter,
			                     cases[i].want)
			                     .n,
			    cases[i].want);
			assert_int_equal(list(f, &f->ann, filter, cases[i].anns)
			                     .n,
			    cases[i].anns);
		}
	}
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	list(f, &f->admin, (struct generation_filter){.text = text}, 0);
}

/* Below, equal and above zero as a is to stand before, beside, behind b. */
static int
compare(enum generation_sort sort, const struct generation *a,
    const struct generation *b)
{
	switch (sort) {
	case SORT_CREATED:
		return a->created_ms < b->created_ms ? -1 : 1;
	case SORT_NAME:
		return strcasecmp(a->name, b->name);
	case SORT_PATTERN:
		return strcmp(a->pattern, b->pattern);
	case SORT_TARGET:
		return strcmp(a->targets, b->targets);
	case SORT_STATUS:
		return strcmp(generation_status_name(a->status),
		    generation_status_name(b->status));
	case SORT_DURATION:
		return (int)(a->duration_us - b->duration_us);
	case SORT_OWNER:
		return strcmp(a->owner, b->owner);
	case SORT__COUNT:
		break;
	}
	return 0;
}

static void
check_order(struct fixture *f, enum generation_sort sort, bool ascending)
{
	struct generation_filter filter = {
	    .sort = sort,
	    .ascending = ascending,
	};
	struct generation_list l = list(f, &f->admin, filter, ROWS);
	struct generation_list page;
	size_t i;

	assert_int_equal(l.n, ROWS);
	for (i = 1; i < l.n; i++) {
		int order = compare(sort, &l.v[i - 1], &l.v[i]);

		assert_true(ascending ? order <= 0 : order >= 0);
		/* Ties: the newest first, whatever the direction. */
		if (order == 0)
			assert_true(l.v[i - 1].id.v > l.v[i].id.v);
	}
	filter.limit = 7;
	filter.offset = 500;
	page = list(f, &f->admin, filter, ROWS);
	for (i = 0; i < page.n; i++)
		assert_int_equal(page.v[i].id.v, l.v[500 + i].id.v);
}

static void
test_sorts(void **state)
{
	struct fixture *f = *state;
	int sort;

	for (sort = 0; sort < SORT__COUNT; sort++) {
		check_order(f, (enum generation_sort)sort, false);
		check_order(f, (enum generation_sort)sort, true);
	}
}

int
main(void)
{
#define FILLED_TEST(f)                                                         \
	cmocka_unit_test_setup_teardown(f, setup_filled, fixture_teardown)
	const struct CMUnitTest tests[] = {
	    FIXTURE_TEST(test_create_and_get),
	    FIXTURE_TEST(test_tests_are_kept),
	    FIXTURE_TEST(test_failed_one),
	    FIXTURE_TEST(test_key_makes_one_row),
	    FIXTURE_TEST(test_ownership),
	    FILLED_TEST(test_usual_order),
	    FILLED_TEST(test_pages),
	    FILLED_TEST(test_filters),
	    FILLED_TEST(test_sorts),
	};

	return cmocka_run_group_tests_name("generations", tests, NULL, NULL);
}

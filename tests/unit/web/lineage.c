/* The page of a generation's lineage, and its download. */
#include "base/base.h"

#include "testing.h"

#include "core/compile.h"
#include "core/generations.h"

#include <string.h>

#define HEAD                                                                   \
	"source_table,source_column,target_table,target_column,"               \
	"transformation,join\n"

static struct generation_id
store(struct testing *t, const char *name, const char *sheet, const char *plan,
    enum generation_status status)
{
	struct generation g = {.revision_number = 1,
	    .name = name,
	    .pattern = "full_load",
	    .options = "{}",
	    .engine = "compiler",
	    .compiler = "0",
	    .targets = "s.t",
	    .target_count = 1,
	    .status = status,
	    .error = "",
	    .code = "x = 1\n",
	    .plan = plan};
	struct plan_options options = {0};
	struct compiled compiled;
	struct generation_id id;

	assert_no_err(mappings_create(&t->app, &t->user[WHO_USER], name, name,
	    slice_of(sheet), &g.mapping));
	assert_no_err(compile_run(&t->arena, slice_of(sheet), name,
	    pattern_find(&t->patterns, "full_load"), &options, "0", &compiled));
	assert_int_equal(compiled.problems.errors, 0);
	if (!plan)
		g.plan = compiled.plan_json;
	assert_no_err(generations_create(&t->app, &t->user[WHO_USER], name, &g,
	    &id));
	return id;
}

static const char *
page_of(struct testing *t, struct generation_id id, const char *rest)
{
	return arena_printf(&t->arena, "/generations/%" PRId64 "/lineage%s",
	    id.v, rest);
}

static int
count(struct testing *t, const char *text)
{
	const char *p = reply_body(t);
	int n = 0;

	for (; (p = strstr(p, text)) != NULL; p++)
		n++;
	return n;
}

static const char two[] = HEAD "s.a a,id,s.t,id,,\n"
                               "s.b b,v,s.t,v,upper(a.x) || v,b.k = a.id\n"
                               "s.a a,,s.t,now,current_date(),\n"
                               "s.b b,Id,s.u,other,,\n";

static void
test_picture(void **state)
{
	struct testing *t = *state;
	struct generation_id id = store(t, "two.csv", two, NULL,
	    GENERATION_SUCCEEDED);

	get(t, WHO_USER, page_of(t, id, ""));
	assert_status(t, 200);
	/* id, a.x and v, and the join's two. */
	assert_int_equal(count(t, "<path class=\"graph-edge"), 5);
	assert_int_equal(count(t, "graph-edge graph-indirect\""), 2);
	/* Three of the target; id, x and k, v of the sources. */
	assert_int_equal(count(t, "<a class=\"graph-cell\""), 7);
	assert_int_equal(count(t, "<a class=\"graph-node"), 3);
	/* Each in the picture and in the table. */
	assert_int_equal(count(t, "href=\"/mappings/1?row=3#R3\""), 3);
	assert_int_equal(count(t, "/lineage?source=1&amp;column=x\""), 2);
	assert_shows(t, "no source column");
	assert_shows(t, "upper(a.x) || b.v");
	assert_shows(t, "b.k = a.id");
	assert_shows(t, "lineage.json");
	get(t, WHO_USER, page_of(t, id, "?target=2"));
	assert_int_equal(count(t, "<path class=\"graph-edge"), 1);
	assert_shows(t, "/lineage?target=2&amp;source=1&amp;column=Id\"");
	get(t, WHO_USER, page_of(t, id, "?target=3"));
	assert_int_equal(count(t, "<path class=\"graph-edge"), 5);
	get(t, WHO_USER,
	    arena_printf(&t->arena, "/generations/%" PRId64, id.v));
	assert_shows(t, page_of(t, id, "\""));
}

static void
test_filter(void **state)
{
	struct testing *t = *state;
	struct generation_id id = store(t, "filter.csv", two, NULL,
	    GENERATION_SUCCEEDED);

	/* Part of a name on either side, in any case. */
	get(t, WHO_USER, page_of(t, id, "?column=NO"));
	assert_shows(t, "current_date()");
	assert_hides(t, "upper(a.x)");
	get(t, WHO_USER, page_of(t, id, "?column=x"));
	assert_shows(t, "upper(a.x)");
	assert_hides(t, "current_date()");
	assert_hides(t, "b.k = a.id");
	/* One column of one source: the whole name. */
	get(t, WHO_USER, page_of(t, id, "?source=1&column=ID"));
	assert_shows(t, "Only what reads <b class=\"mono\">a.ID</b>");
	assert_shows(t, "b.k = a.id");
	assert_hides(t, "upper(a.x)");
	get(t, WHO_USER, page_of(t, id, "?source=1&column=i"));
	assert_shows(t, "Nothing matches");
	get(t, WHO_USER, page_of(t, id, "?source=2"));
	assert_shows(t, "upper(a.x)");
	assert_hides(t, "current_date()");
	get(t, WHO_USER, page_of(t, id, "?source=3&column=x"));
	assert_shows(t, "upper(a.x)");
	assert_hides(t, "Only what reads");
}

/* As wide as a target may be. */
static void
test_wide(void **state)
{
	struct testing *t = *state;
	struct generation_id id;
	struct buf b;
	int i;

	buf_init(&b, &t->arena, 1 << 20);
	buf_add_str(&b, HEAD);
	for (i = 0; i < MAPPING_MAX_COLUMNS; i++)
		buf_printf(&b, "s.a a,c%d,s.t,t%d,,\n", i, i);
	id = store(t, "wide.csv", buf_str(&b), NULL, GENERATION_SUCCEEDED);
	get(t, WHO_USER, page_of(t, id, ""));
	assert_shows(t, "too many columns to draw");
	assert_shows(t, ">2,000 columns<");
	assert_int_equal(count(t, "<path class=\"graph-edge"), 1);
	assert_int_equal(count(t, "<th scope=\"row\""), 100);
	assert_shows(t, "lineage?page=2\"");
	assert_true(t->resp.body.n < 100000);
	get(t, WHO_USER, page_of(t, id, "?page=20"));
	assert_shows(t, "<span class=\"mono\">t1999</span>");
	get(t, WHO_USER, page_of(t, id, "?column=t199"));
	assert_hides(t, "too many columns to draw");
	assert_int_equal(count(t, "<path class=\"graph-edge"), 11);
	/* Where a target column leads: to its row's page of the sheet. */
	get(t, WHO_USER, "/mappings/3?row=150#R150");
	assert_shows(t, "id=\"R150\"");
	assert_hides(t, "id=\"R2\"");
}

/* One column that reads very many. */
static void
test_long_expression(void **state)
{
	struct testing *t = *state;
	struct generation_id id;
	struct buf b;
	int i;

	buf_init(&b, &t->arena, 1 << 20);
	buf_add_str(&b, HEAD "s.a a,,s.t,v,\"concat(c0");
	for (i = 1; i < 1051; i++)
		buf_printf(&b, ", c%d", i);
	buf_add_str(&b, ")\",\n");
	id = store(t, "long.csv", buf_str(&b), NULL, GENERATION_SUCCEEDED);
	get(t, WHO_USER, page_of(t, id, ""));
	assert_shows(t, "too many columns to draw");
	assert_int_equal(count(t, "<li><a class=\"mono\""), 50);
	assert_shows(t, "and 1,001 more");
}

static void
test_download(void **state)
{
	struct testing *t = *state;
	struct generation_id id = store(t, "my orders.csv", two, NULL,
	    GENERATION_SUCCEEDED);

	get(t, WHO_USER, page_of(t, id, ".json"));
	assert_status(t, 200);
	assert_string_equal(reply_header(t, "Content-Type"),
	    "application/json");
	assert_non_null(strstr(reply_header(t, "Content-Disposition"),
	    "lineage.json"));
	assert_shows(t, "\"eventTime\": \"2026-03-01T14:05:09.000Z\"");
	assert_shows(t, "\"name\": \"my orders\"");
	assert_shows(t, "\"subtype\": \"JOIN\"");
	get(t, WHO_OTHER, page_of(t, id, ".json"));
	assert_status(t, 404);
	get(t, WHO_OTHER, page_of(t, id, ""));
	assert_status(t, 404);
	get(t, WHO_NOBODY, page_of(t, id, ""));
	assert_status(t, 303);
	get(t, WHO_ADMIN, page_of(t, id, ""));
	assert_status(t, 200);
}

static void
test_without_lineage(void **state)
{
	static const char old[] =
	    "{\"pipelines\":[{\"target\":{\"table\":\"s.t\"},\"sources\":"
	    "[{\"alias\":\"a\",\"from\":{\"table\":\"s.a\"}}],\"columns\":"
	    "[{\"name\":\"id\",\"copy\":\"id\",\"row\":2}]}]}";
	struct testing *t = *state;
	struct generation_id id;

	id = store(t, "old.csv", two, old, GENERATION_SUCCEEDED);
	get(t, WHO_USER, page_of(t, id, ""));
	assert_status(t, 200);
	assert_shows(t, "older than the record of lineage");
	assert_shows(t, "not recorded");
	get(t, WHO_USER, page_of(t, id, ".json"));
	assert_hides(t, "columnLineage");
	id = store(t, "none.csv", two, "{}", GENERATION_SUCCEEDED);
	get(t, WHO_USER, page_of(t, id, "?target=1&source=1&column=x"));
	assert_status(t, 200);
	assert_shows(t, "names no target");
	id = store(t, "failed.csv", two, "{}", GENERATION_FAILED);
	get(t, WHO_USER, page_of(t, id, ""));
	assert_status(t, 404);
	get(t, WHO_USER, page_of(t, id, ".json"));
	assert_status(t, 404);
}

/* Rows may stand elsewhere in a later revision. */
static void
test_changed_sheet(void **state)
{
	struct testing *t = *state;
	struct generation_id id = store(t, "changed.csv", two, NULL,
	    GENERATION_SUCCEEDED);
	const char *page = page_of(t, id, "");
	struct mapping_id mapping;

	assert_no_err(mappings_create(&t->app, &t->user[WHO_USER],
	    "changed.csv", "", slice_of(""), &mapping));
	get(t, WHO_USER, page);
	assert_hides(t, "was changed after revision");
	assert_no_err(mappings_revise(&t->app, &t->user[WHO_USER], mapping, 1,
	    "row 2", SLICE(HEAD "s.a a,id,s.t,id,,\n")));
	get(t, WHO_USER, page);
	assert_shows(t, "was changed after revision 1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_picture),
	    cmocka_unit_test(test_filter),
	    cmocka_unit_test(test_wide),
	    cmocka_unit_test(test_long_expression),
	    cmocka_unit_test(test_download),
	    cmocka_unit_test(test_without_lineage),
	    cmocka_unit_test(test_changed_sheet),
	};

	return cmocka_run_group_tests(tests, testing_setup, testing_teardown);
}

#include "base/base.h"

#include "mapping/mapping.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
test_tables(void **state)
{
	static const struct {
		const char *text;
		const char *name;
		const char *alias;
		const char *last; /* the last part, unquoted */
		size_t n_parts;
	} cases[] = {
	    {"orders", "orders", NULL, "orders", 1},
	    {" shop.orders ", "shop.orders", NULL, "orders", 2},
	    {"a.b.c", "a.b.c", NULL, "c", 3},
	    {"a.b.c x", "a.b.c", "x", "c", 3},
	    {"a.b.c  as\tx", "a.b.c", "x", "c", 3},
	    {"a AS as_of", "a", "as_of", "a", 1},
	    {"a asset", "a", "asset", "a", 1},
	    {"a `x`", "a", "x", "a", 1},
	    {"a.b.`odd c`", "a.b.`odd c`", NULL, "odd c", 3},
	    {"`a-b`.c", "`a-b`.c", NULL, "c", 2},
	    {"`a``b`", "`a``b`", NULL, "a`b", 1},
	    {"`a.b`", "`a.b`", NULL, "a.b", 1},
	    {"`c` o", "c", "o", "c", 1},
	    {"delta.orders", "delta.orders", NULL, "orders", 2},
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		const char *message = "";
		const char *alias;
		struct table_ref t;

		if (!table_ref_parse(&a, slice_of(cases[i].text), &t, &alias,
		        &message))
			fail_msg("%s: %s", cases[i].text, message);
		assert_int_equal(t.kind, TABLE_NAME);
		assert_string_equal(t.name, cases[i].name);
		assert_int_equal(t.n_parts, cases[i].n_parts);
		assert_string_equal(t.part[t.n_parts - 1], cases[i].last);
		assert_true(str_eq(alias, cases[i].alias));
	}
	arena_done(&a);
}

static void
test_paths(void **state)
{
	static const struct {
		const char *text;
		const char *name;
		const char *alias;
		const char *format;
	} cases[] = {
	    {"/Volumes/a/b/x.parquet", "/Volumes/a/b/x.parquet", NULL,
	        "parquet"},
	    {"/v/x.CSV s", "/v/x.CSV", "s", "csv"},
	    {"/v/x.csv.gz", "/v/x.csv.gz", NULL, "csv"},
	    {"/v/x.json", "/v/x.json", NULL, "json"},
	    {"/v/x.jsonl", "/v/x.jsonl", NULL, "json"},
	    {"/v/x.ndjson.gz", "/v/x.ndjson.gz", NULL, "json"},
	    {"/v/x.orc", "/v/x.orc", NULL, "orc"},
	    {"/v/x.avro", "/v/x.avro", NULL, "avro"},
	    {"/v/x.txt", "/v/x.txt", NULL, "text"},
	    {"/v/x.text", "/v/x.text", NULL, "text"},
	    {"/v/x.delta", "/v/x.delta", NULL, "delta"},
	    {"/v/x.xlsx", "/v/x.xlsx", NULL, NULL},
	    {"/v/*.csv", "/v/*.csv", NULL, "csv"},
	    {"/v/folder", "/v/folder", NULL, "delta"},
	    {"/v/v1.2/", "/v/v1.2/", NULL, "delta"},
	    {"/v/v1.2", "/v/v1.2", NULL, NULL},
	    {"/v/.hidden", "/v/.hidden", NULL, "delta"},
	    {"/v/x.parquet/", "/v/x.parquet/", NULL, "parquet"},
	    {"/v/folder AS f", "/v/folder", "f", "delta"},
	    {"dbfs:/mnt/x.csv", "dbfs:/mnt/x.csv", NULL, "csv"},
	    {"abfss://c@acc.dfs.core.windows.net/p/x.parquet p",
	        "abfss://c@acc.dfs.core.windows.net/p/x.parquet", "p",
	        "parquet"},
	    {"s3://b/x", "s3://b/x", NULL, "delta"},
	    {"gs://b/x.json", "gs://b/x.json", NULL, "json"},
	    {"file:/tmp/x.csv", "file:/tmp/x.csv", NULL, "csv"},
	    {"`/v/my file.csv` f", "/v/my file.csv", "f", "csv"},
	    {"`/v/my folder` f", "/v/my folder", "f", "delta"},
	    {"delta.`/mnt/x` d", "/mnt/x", "d", "delta"},
	    {"Parquet.`s3://b/x`", "s3://b/x", NULL, "parquet"},
	    {"/v/a..b/x.csv", "/v/a..b/x.csv", NULL, "csv"},
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		const char *message = "";
		const char *alias;
		struct table_ref t;

		if (!table_ref_parse(&a, slice_of(cases[i].text), &t, &alias,
		        &message))
			fail_msg("%s: %s", cases[i].text, message);
		assert_int_equal(t.kind, TABLE_PATH);
		assert_int_equal(t.n_parts, 0);
		assert_string_equal(t.name, cases[i].name);
		assert_true(str_eq(alias, cases[i].alias));
		if (!str_eq(t.format, cases[i].format))
			fail_msg("%s is %s", cases[i].text, t.format);
	}
	arena_done(&a);
}

static void
test_neither(void **state)
{
	static const struct {
		const char *text;
		const char *says;
	} cases[] = {
	    {"", "missing"},
	    {"a..b", "missing"},
	    {".a", "missing"},
	    {"a.", "missing"},
	    {"a.b.c.d", "three parts"},
	    {"a-b", "backticks"},
	    {"gr\xc3\xbcn", "backticks"},
	    {"`a", "never closed"},
	    {"``", "between the backticks"},
	    {"`a`b", "backticks"},
	    {"a b c", "one word"},
	    {"a 1b", "one word"},
	    {"a as", "missing"},
	    {"a left", "cannot be an alias"},
	    {"a JOIN b ON a.x = b.x", "one word"},
	    {"a, b", "Only one table"},
	    {"(select 1)", "query"},
	    {"f(x)", "query"},
	    {"C:\\data\\x.csv", "path starts"},
	    {"data/x.csv", "path starts"},
	    {"https://x.org/a.csv", "web address"},
	    {"/v/../x.csv", "\"..\""},
	    {"/..", "\"..\""},
	    {"/", "no file"},
	    {"s3://", "no file"},
	    {"/v/my folder", "AS"},
	    {"/v/my file.csv", "AS"},
	    {"s3://k:s@b/x", "password"},
	    {"https", ""},
	    {"abfss://c@a.net/x?sig=abc", "password"},
	    {"delta.`/a/../b`", "\"..\""},
	    {"`/v/x\ny.csv`", "line ends"},
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		const char *message = "";
		const char *alias = "untouched";
		struct table_ref t;
		bool ok = table_ref_parse(&a, slice_of(cases[i].text), &t,
		    &alias, &message);

		assert_int_equal(ok, cases[i].says[0] == '\0');
		if (!ok)
			assert_string_equal(alias, "untouched");
		if (!strstr(message, cases[i].says))
			fail_msg("%s: %s", cases[i].text, message);
	}
	arena_done(&a);
}

static void
test_same(void **state)
{
	static const struct {
		const char *a;
		const char *b;
		bool same;
	} cases[] = {
	    {"a.b", "A.B", true},
	    {"a.b", "`A`.b x", true},
	    {"a.b", "b", false},
	    {"`a.b`", "a.b", false},
	    {"/v/x", "/v/x/", true},
	    {"/v/x", "/v/X", false},
	    {"/v/x", "x", false},
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		const char *ignored;
		struct table_ref x;
		struct table_ref y;

		assert_true(table_ref_parse(&a, slice_of(cases[i].a), &x,
		    &ignored, &ignored));
		assert_true(table_ref_parse(&a, slice_of(cases[i].b), &y,
		    &ignored, &ignored));
		assert_int_equal(table_ref_equal(&x, &y), cases[i].same);
		assert_int_equal(table_ref_equal(&y, &x), cases[i].same);
	}
	arena_done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_tables),
	    cmocka_unit_test(test_paths),
	    cmocka_unit_test(test_neither),
	    cmocka_unit_test(test_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

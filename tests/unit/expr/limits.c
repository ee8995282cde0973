#include "base/base.h"

#include "expr/expr.h"

#include "base/buf.h"
#include "base/clock.h"
#include "expr/functions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* before, n times part, between, n times closing, after */
static const char *
repeat(struct arena *a, size_t n, const char *part, const char *between,
    const char *closing)
{
	struct buf b;
	size_t i;

	buf_init(&b, a, (size_t)4 * 1024 * 1024);
	for (i = 0; i < n; i++)
		buf_add_str(&b, part);
	buf_add_str(&b, between);
	for (i = 0; i < n; i++)
		buf_add_str(&b, closing);
	assert_false(buf_full(&b));
	return buf_str(&b);
}

static const struct {
	const char *part;
	const char *between;
	const char *closing;
	size_t fits;
	size_t too_many;
} nests[] = {
    {"(", "a", ")", 199, 200},
    {"f(", "a", ")", 199, 200},
    {"NOT ", "a", "", 199, 200},
    {"- ", "a", "", 199, 200},
    {"CASE WHEN a THEN ", "b", " END", 199, 200},
    {"CAST(", "a", " AS int)", 199, 200},
    {"f(x -> ", "a", ")", 99, 200},
    {"a[", "b", "]", 199, 100000},
    {"extract(DAY FROM ", "a", ")", 199, 5000},
    {"trim(BOTH FROM ", "a", ")", 199, 5000},
    {"position('x' IN ", "a", ")", 199, 5000},
    {"substring(a FROM ", "b", ")", 199, 5000},
    {"(a, ", "b", ")", 199, 5000},
    {"array(f(a) OVER (PARTITION BY ", "b", "))", 99, 5000},
    {"a BETWEEN (", "1", ") AND 2", 199, 5000},
    {"a || ", "b", "", 999, 1000},
    {"a AND ", "b", "", 999, 1000},
    {"a = ", "b", "", 999, 1000},
    {"a OR (", "b", ")", 198, 200},
    {"a + ", "b", "", 999, 16000},
    {"", "a", "[0]", 999, 1000},
    {"", "a", "::int", 999, 1000},
};

static void
test_depth(void **state)
{
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(nests); i++) {
		const char *text = repeat(&a, nests[i].fits, nests[i].part,
		    nests[i].between, nests[i].closing);
		struct expr_parsed p;

		expr_parse(&a, text, &p);
		if (!p.root && nests[i].fits > 0)
			fail_msg("%zu × %s%s", nests[i].fits, nests[i].part,
			    nests[i].closing);
		if (p.root) {
			assert_true(p.root->height <= EXPR_MAX_HEIGHT);
			expr_dump(&a, p.root);
		}
		text = repeat(&a, nests[i].too_many, nests[i].part,
		    nests[i].between, nests[i].closing);
		expr_parse(&a, text, &p);
		if (p.root || p.findings.v[0].code != E_TOO_DEEP)
			fail_msg("%zu × %s%s", nests[i].too_many, nests[i].part,
			    nests[i].closing);
	}
	arena_done(&a);
}

static const char *const large[][3] = {
    {"", "concat(a", ", first_name"},
    {"", "x in (1", ", 'abc'"},
    {"(", "", ""},
    {"'abc'", "", ""},
    {"'abc' ", "", ""},
    {"a ", "", ""},
    {"name value ", "", ""},
    {"take the first name and ", "", ""},
    {"((a,", "", ""},
    {"f(a,", "", ""},
    {"x.", "", ""},
    {"/*", "", ""},
    {"`", "", ""},
    {"''", "", ""},
    {"-", "", ""},
    {"- ", "", ""},
    {"a:", "", ""},
    {"ä", "", ""},
    {"if x is null then ", "", ""},
    {"dateadd(day,1,", "", ""},
    {"(a,", "", ""},
    {"fo(a)+", "", ""},
    {"1.", "", ""},
    {"1e", "", ""},
    {"x->", "", ""},
    {"a=NULL,", "", ""},
    {"interval 1 day ", "", ""},
    {"case when ", "", ""},
    {"\\", "", ""},
    {"array<", "cast(a as ", ""},
    {"sum(a) over (order by ", "", ""},
};

/* A cell may have 32 kB: nothing in it may overflow the stack or never end. */
static void
test_large(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(large); i++) {
		struct arena a = ARENA_INIT;
		struct expr_parsed p;
		struct buf b;

		buf_init(&b, &a, (size_t)64 * 1024);
		buf_add_str(&b, large[i][1]);
		while (b.n < (size_t)32 * 1024)
			buf_add_str(&b,
			    large[i][0][0] ? large[i][0] : large[i][2]);
		expr_parse(&a, buf_str(&b), &p);
		assert_true(p.findings.n <= EXPR_MAX_FINDINGS + 1);
		arena_done(&a);
	}
}

static void
test_too_long(void **state)
{
	struct arena a = ARENA_INIT;
	struct expr_parsed p;

	(void)state;
	expr_parse(&a, repeat(&a, EXPR_MAX_BYTES / 2, "1 ", "", ""), &p);
	assert_null(p.root);
	expr_parse(&a, repeat(&a, EXPR_MAX_BYTES / 2, "1 ", "2", ""), &p);
	assert_null(p.root);
	assert_string_equal(p.findings.v[0].message,
	    "The text is longer than 1 MB.");
	arena_done(&a);
}

/* The first error finds room among any number of warnings. */
static void
test_findings(void **state)
{
	struct arena a = ARENA_INIT;
	struct expr_parsed p;
	const char *text;

	(void)state;
	text = repeat(&a, 50, "concat(a = NULL, ", "sum(a)", ")");
	expr_parse(&a, text, &p);
	assert_non_null(p.root);
	assert_int_equal(p.errors, 1);
	assert_int_equal(p.findings.n, EXPR_MAX_FINDINGS + 1);
	text = repeat(&a, 50, "concat(sum(a), ", "1", ")");
	expr_parse(&a, text, &p);
	assert_int_equal(p.errors, EXPR_MAX_FINDINGS);
	assert_int_equal(p.findings.n, EXPR_MAX_FINDINGS);
	arena_done(&a);
}

static void
test_functions(void **state)
{
	static const char *const names[] = {"abs", "xxhash64", "count",
	    "zip_with", "ai_query", "current_timestamp", "try_variant_get"};
	static const char *const foreign[] = {
	    "adddate", "getdate", "iif", "vlookup", "yearmonth"};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(names); i++) {
		const struct function *f = function_find(names[i]);

		if (!f || f->min > f->max)
			fail_msg("%s", names[i]);
	}
	for (i = 0; i < COUNT_OF(foreign); i++)
		assert_non_null(function_instead(foreign[i]));
	assert_null(function_find("ABS"));
	assert_null(function_find(""));
	assert_null(function_near("a"));
	assert_string_equal(function_near("initcp"), "initcap");
	assert_null(function_near("something_of_my_own"));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_depth),
	    cmocka_unit_test(test_large),
	    cmocka_unit_test(test_too_long),
	    cmocka_unit_test(test_findings),
	    cmocka_unit_test(test_functions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

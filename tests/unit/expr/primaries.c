#include "base/base.h"

#include "expr/expr.h"

#include "expr_cases.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/*
 * Texts that Spark 3.5 or 4.0 parses to the same tree (the path raw:x is
 * Databricks only), in the prefix form of expr_dump().
 */
static const struct expr_case cases[] = {
    {"CASE WHEN a THEN b END", "(case (when a b))"},
    {"CASE a WHEN 1 THEN 2 WHEN 3 THEN 4 ELSE 5 END",
        "(case a (when 1 2) (when 3 4) (else 5))"},
    {"CASE WHEN a THEN CASE WHEN b THEN c END ELSE d END",
        "(case (when a (case (when b c))) (else d))"},
    {"CASE WHEN a THEN b END + 1", "(+ (case (when a b)) 1)"},
    {"CASE -1 WHEN a THEN b END", "(case -1 (when a b))"},
    {"case when end is null then start else end end",
        "(case (when (is (null `end`)) start) (else `end`))"},
    {"case when coalesce(end, 1) then end end",
        "(case (when (call coalesce `end` 1) `end`))"},
};

static const struct expr_case casts[] = {
    {"CAST(a AS INT)", "(cast a int)"},
    {"cast(a as decimal)", "(cast a decimal(10,0))"},
    {"CAST(a AS DECIMAL(12, 2))", "(cast a decimal(12,2))"},
    {"TRY_CAST(a AS DATE)", "(try_cast a date)"},
    {"cast(a as numeric(5))", "(cast a decimal(5,0))"},
    {"CAST(a AS ARRAY<INT>)", "(cast a array<int>)"},
    {"CAST(a AS ARRAY<ARRAY<STRING>>)", "(cast a array<array<string>>)"},
    {"CAST(a AS MAP<STRING, ARRAY<MAP<INT, INT>>>)",
        "(cast a map<string,array<map<int,int>>>)"},
    {"CAST(a AS STRUCT<x: INT, `y z`: STRING NOT NULL COMMENT 'c'>)",
        "(cast a struct<x:int,`y z`:string not null comment 'c'>)"},
    {"CAST(a AS STRUCT<>)", "(cast a struct<>)"},
    {"CAST(a AS INTERVAL DAY TO SECOND)", "(cast a interval day to second)"},
    {"CAST(a AS interval)", "(cast a interval)"},
    {"CAST(a AS INTEGER)", "(cast a int)"},
    {"CAST(a AS LONG)", "(cast a bigint)"},
    {"CAST(a AS REAL)", "(cast a float)"},
    {"CAST(a AS timestamp_ltz)", "(cast a timestamp)"},
    {"a::int::string", "(:: (:: a int) string)"},
    {"a.b::date", "(:: a.b date)"},
    {"a[0]::int", "(:: ([] a 0) int)"},
};

static const struct expr_case names[] = {
    {"a", "a"},
    {"A", "A"},
    {"_a", "_a"},
    {"a1", "a1"},
    {"1a", "`1a`"},
    {"a.b.c.d", "a.b.c.d"},
    {"a.1b", "a.`1b`"},
    {"t.end", "t.`end`"},
    {"`a`", "a"},
    {"`a b`", "`a b`"},
    {"`a``b`", "`a``b`"},
    {"`a`.`b c`.d", "a.`b c`.d"},
    {"a.`order`", "a.`order`"},
    {"(a)", "a"},
    {"((a))", "a"},
    {"(a).b", "(.b a)"},
    {"a[0]", "([] a 0)"},
    {"a[b + 1]", "([] a (+ b 1))"},
    {"a[0].b", "(.b ([] a 0))"},
    {"a.b[0].c['k']", "([] (.c ([] a.b 0)) 'k')"},
    {"f(x).y", "(.y (call f x))"},
    {"f(x)[0].y", "(.y ([] (call f x) 0))"},
    {"'a'[0]", "([] 'a' 0)"},
    {"(a, b)", "(row a b)"},
    {"(a AS x, b)", "(row (as a 'x') b)"},
    {"((a, b), c)", "(row (row a b) c)"},
    {"array(1, 2)[0]", "([] (call array 1 2) 0)"},
    {"map('k', 1).k", "(.k (call map 'k' 1))"},
    {"struct(a, b AS c)", "(call struct a (as b 'c'))"},
};

static const struct expr_case literals[] = {
    {"1", "1"},
    {"0", "0"},
    {"007", "007"},
    {"1.5", "1.5"},
    {".5", ".5"},
    {"5.", "5."},
    {"1e5", "1e5"},
    {"1E-3", "1E-3"},
    {"1.5e+2", "1.5e+2"},
    {"1L", "1L"},
    {"2S", "2S"},
    {"3Y", "3Y"},
    {"-128Y", "-128Y"},
    {"1.5D", "1.5D"},
    {"2F", "2F"},
    {"1e3d", "1e3d"},
    {"100BD", "100BD"},
    {"1.5bd", "1.5bd"},
    {"12345678901234567890123456789012345678",
        "12345678901234567890123456789012345678"},
    {"true", "true"},
    {"FALSE", "false"},
    {"null", "null"},
    {"''", "''"},
    {"'a'", "'a'"},
    {"\"a\"", "'a'"},
    {"'a' 'b'", "'ab'"},
    {"'a''b'", "'ab'"},
    {"\"a\"\"b\"", "'ab'"},
    {"'it\\'s'", "'it\\'s'"},
    {"'\\\\'", "'\\\\'"},
    {"'\\n\\t\\u0041\\U0001F600\\101\\%\\_\\q'", "'\\n\\tA😀A\\\\%\\\\_q'"},
    {"r'\\d'", "'\\\\d'"},
    {"R\"\\d\"", "'\\\\d'"},
    {"'ä€😀'", "'ä€😀'"},
    {"DATE'2020-01-01'", "(date '2020-01-01')"},
    {"date '2020-1-1'", "(date '2020-1-1')"},
    {"date'2020'", "(date '2020')"},
    {"date'2020-01-01T10:00'", "(date '2020-01-01T10:00')"},
    {"date'today'", "(date 'today')"},
    {"TIMESTAMP'2020-01-01 10:00:00'", "(timestamp '2020-01-01 10:00:00')"},
    {"timestamp'2020-01-01T10:00:00.123+02:00'",
        "(timestamp '2020-01-01T10:00:00.123+02:00')"},
    {"timestamp'2020-01-01'", "(timestamp '2020-01-01')"},
    {"timestamp'10:00'", "(timestamp '10:00')"},
    {"timestamp_ntz'2020-01-01 00:00:00'",
        "(timestamp_ntz '2020-01-01 00:00:00')"},
    {"X'1F'", "(x '1F')"},
    {"x'abc'", "(x 'abc')"},
    {"x''", "(x '')"},
    {"INTERVAL 3 DAYS", "(interval 3 days)"},
    {"INTERVAL -1 MONTH", "(interval -1 month)"},
    {"INTERVAL '5' MINUTE", "(interval 5 minute)"},
    {"INTERVAL 1 YEAR 2 MONTHS", "(interval 1 year 2 months)"},
    {"INTERVAL 1 DAY 2 HOURS 3.5 SECONDS",
        "(interval 1 day 2 hours 3.5 seconds)"},
    {"INTERVAL '1 day'", "(interval '1 day')"},
    {"INTERVAL '1 day 2 hours'", "(interval '1 day 2 hours')"},
    {"INTERVAL '1-2' YEAR TO MONTH", "(interval 1-2 year to month)"},
    {"INTERVAL '1 2:03:04.5' DAY TO SECOND",
        "(interval 1 2:03:04.5 day to second)"},
    {"INTERVAL '1:30' HOUR TO MINUTE", "(interval 1:30 hour to minute)"},
    {"a + INTERVAL 1 DAY * 2", "(+ a (* (interval 1 day) 2))"},
    {"interval", "`interval`"},
    {"interval + 1", "(+ `interval` 1)"},
    {"interval - a", "(- `interval` a)"},
};

static void
test_cases(void **state)
{
	(void)state;
	expr_cases_check(cases, COUNT_OF(cases));
}

static void
test_casts(void **state)
{
	(void)state;
	expr_cases_check(casts, COUNT_OF(casts));
}

static void
test_names(void **state)
{
	(void)state;
	expr_cases_check(names, COUNT_OF(names));
}

static void
test_literals(void **state)
{
	(void)state;
	expr_cases_check(literals, COUNT_OF(literals));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_casts),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_literals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

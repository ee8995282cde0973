#include "base/base.h"

#include "expr/expr.h"

#include "expr_cases.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/*
 * Texts that do not parse, with the code and the bytes of the finding.
 */
static const struct expr_case operator_errors[] = {
    {"", "E101 0-0"},
    {"   ", "E101 3-3"},
    {"-- nothing", "E101 10-10"},
    {"a as x", "E101 2-4"},
    {"a x", "E101 2-3"},
    {"first name", "E101 6-10"},
    {"a, b", "E101 1-2"},
    {"a;", "E108 1-2"},
    {"a b c", "E101 2-3"},
    {")", "E101 0-1"},
    {"(a", "E101 0-1"},
    {"(a, b", "E101 0-1"},
    {"a)", "E101 1-2"},
    {"((a)", "E101 0-1"},
    {"f(a", "E101 1-2"},
    {"f(a))", "E101 4-5"},
    {"f(a b)", "E101 4-5"},
    {"f(a,, b)", "E101 4-5"},
    {"f(a,)", "E101 4-5"},
    {"f(,)", "E101 2-3"},
    {"()", "E101 1-2"},
    {"a +", "E101 3-3"},
    {"+", "E101 1-1"},
    {"a + * b", "E110 4-5"},
    {"* 2", "E110 0-1"},
    {"*", "E110 0-1"},
    {"t.*", "E110 2-3"},
    {"f(*)", "E110 2-3"},
    {"count(t.*)", "E110 8-9"},
    {"count(DISTINCT *)", "E110 15-16"},
    {"a ==", "E101 4-4"},
    {"a = = b", "E101 2-3"},
    {"a === b", "E101 2-4"},
    {"a =< b", "E101 2-3"},
    {"a => b", "E101 2-4"},
    {"a > = b", "E101 2-3"},
    {"a < > b", "E101 2-3"},
    {"a ! = b", "E101 2-3"},
    {"a && b", "E101 2-3"},
    {"a | | b", "E101 2-3"},
    {"a ** 2", "E101 2-3"},
    {"a // 2", "E101 2-3"},
    {"a !in (1)", "E101 2-3"},
    {"a = NOT b", "E101 4-7"},
    {"- NOT a", "E101 2-5"},
    {"NOT", "E101 3-3"},
    {"not and b", "E101 4-7"},
    {"AND a = 1", "E101 0-3"},
    {"OR(a, b)", "E101 0-2"},
    {"a AND", "E101 5-5"},
    {"a IS", "E101 4-4"},
    {"a IS NOT", "E101 8-8"},
    {"a IS EMPTY", "E101 5-10"},
    {"a IS 'x'", "E101 5-8"},
    {"a IS NOT IN (1)", "E101 9-11"},
    {"a IS DISTINCT b", "E101 14-15"},
    {"a NOT NULL", "E101 2-5"},
    {"a NOT = b", "E101 2-5"},
    {"a NOT b", "E101 6-7"},
    {"a ISNULL", "E101 2-8"},
    {"a IN", "E101 4-4"},
    {"a IN 'x'", "E101 5-8"},
    {"a IN ()", "E101 6-7"},
    {"a IN (1", "E101 7-7"},
    {"a IN (1,)", "E101 8-9"},
    {"a BETWEEN 1", "E101 11-11"},
    {"a BETWEEN 1 OR 2", "E101 12-14"},
    {"a BETWEEN 1 AND", "E101 15-15"},
    {"a LIKE", "E101 6-6"},
    {"a LIKE 'x' ESCAPE", "E101 17-17"},
    {"a LIKE 'x' ESCAPE 'ab'", "E101 18-22"},
    {"a LIKE ALL ()", "E101 12-13"},
    {"a IS NULL IS NULL", "E101 10-12"},
    {"a IN (1) = b", "E101 9-10"},
};

static const struct expr_case primary_errors[] = {
    {"CASE", "E101 0-4"},
    {"CASE a", "E101 6-6"},
    {"CASE WHEN", "E101 9-9"},
    {"CASE WHEN a", "E101 11-11"},
    {"CASE WHEN a END", "E101 12-15"},
    {"CASE WHEN a THEN", "E101 16-16"},
    {"CASE WHEN a THEN END", "E101 17-20"},
    {"CASE WHEN a THEN b", "E101 18-18"},
    {"CASE WHEN a THEN b ELSE", "E101 23-23"},
    {"CASE WHEN a THEN b ELSE c", "E101 25-25"},
    {"CASE WHEN a THEN b ELSE c ELSE d END", "E101 26-30"},
    {"CASE a THEN b END", "E101 7-11"},
    {"CASE WHEN a THEN b ELSE IF c THEN d END", "E101 24-26"},
    {"CASE WHEN a THEN b ELSIF c THEN d END", "E101 19-24"},
    {"WHEN a THEN b END", "E101 0-4"},
    {"a THEN b", "E101 2-6"},
    {"a END", "E101 2-5"},
    {"a ELSE b", "E101 2-6"},
    {"if(a > 1; 2; 3)", "E101 8-9"},
    {"=A1*2", "E101 0-1"},
    {"CAST(a)", "E101 6-7"},
    {"CAST(a AS)", "E101 9-10"},
    {"CAST(a AS INT", "E101 13-13"},
    {"CAST(a, INT)", "E101 6-7"},
    {"CAST(a INT)", "E101 7-10"},
    {"CAST(a AS NUMBER(10,2))", "E101 10-16"},
    {"CAST(a AS VARCHAR)", "E101 10-17"},
    {"CAST(a AS DECIMAL(40,2))", "E101 18-20"},
    {"CAST(a AS DECIMAL(2,3))", "E101 17-18"},
    {"CAST(a AS STRING(10))", "E101 16-17"},
    {"CAST(a AS SRING)", "E101 10-15"},
    {"CAST(a AS ARRAY)", "E101 15-16"},
    {"CAST(a AS ARRAY<INT)", "E101 19-20"},
    {"a::", "E101 3-3"},
    {"a::NUMBER", "E101 3-9"},
    {"a:int", "E101 2-5"},
    {"a : b", "E101 2-3"},
    {":a", "E101 0-1"},
    {"?x", "E101 0-1"},
    {"a ? b : c", "E101 2-3"},
    {"a[0", "E101 3-3"},
    {"a[]", "E101 2-3"},
    {"a[1 AND 2]", "E101 4-7"},
    {"[First]", "E101 0-1"},
    {"[1, 2]", "E101 0-1"},
    {"a.", "E101 2-2"},
    {"a..b", "E101 2-3"},
    {"a.1", "E101 1-3"},
    {"a.\"b\"", "E101 2-5"},
    {"a.'b'", "E101 2-5"},
    {"1.5.5", "E101 3-5"},
    {"1a.2", "E101 2-4"},
};

static const struct expr_case literal_errors[] = {
    {"'abc", "E107 0-4"},
    {"\"abc", "E107 0-4"},
    {"`abc", "E107 0-4"},
    {"a /* b", "E107 2-6"},
    {"/*+ hint */ a", "E101 0-3"},
    {"'O'Brien'", "E101 3-8"},
    {"a 'x'", "E101 2-5"},
    {"'x' a", "E101 4-5"},
    {"N'x'", "E101 0-1"},
    {"time'10:00'", "E101 0-4"},
    {"date'31.12.2020'", "E101 4-16"},
    {"DATE'2020-02-30'", "E101 4-16"},
    {"timestamp'2020-01-01 25:00'", "E101 9-27"},
    {"x'zz'", "E101 1-5"},
    {"300Y", "E101 0-4"},
    {"40000S", "E101 0-6"},
    {"9223372036854775808L", "E101 0-20"},
    {"1e309", "E101 0-5"},
    {"1e39f", "E101 0-5"},
    {"123456789012345678901234567890123456789", "E101 0-39"},
    {"INTERVAL 3", "E101 10-10"},
    {"INTERVAL 1.5 DAYS", "E101 9-12"},
    {"INTERVAL 1 YEAR 2 DAYS", "E101 9-10"},
    {"INTERVAL '1' FOO", "E101 9-12"},
    {"INTERVAL 'x' DAY", "E101 9-12"},
    {"INTERVAL a DAY", "E101 9-10"},
    {"INTERVAL '1 2' DAY TO SECOND", "E101 9-14"},
    {"INTERVAL '1day'", "E101 9-15"},
    {"amount * 1,19", "E101 10-11"},
    {"x -> x + 1", "E101 2-4"},
    {"payload -> 'name'", "E101 8-10"},
    {"f((x) -> x)", "E101 6-8"},
    {"f((a, b, c, d) -> a)", "E101 15-17"},
    {"array(1) >> 2", "E101 9-10"},
};

static const struct expr_case statement_errors[] = {
    {"SELECT a FROM b", "E108 0-6"},
    {"select", "E108 0-6"},
    {"(SELECT 1)", "E104 1-7"},
    {"a IN (SELECT 1)", "E104 6-12"},
    {"EXISTS (SELECT 1)", "E104 8-14"},
    {"f((SELECT 1))", "E104 2-3"},
    {"UPDATE t SET a = 1", "E108 0-6"},
    {"INSERT INTO t VALUES (1)", "E108 0-6"},
    {"WITH x AS (SELECT 1) SELECT 1", "E108 0-4"},
    {"WHERE a = 1", "E108 0-5"},
    {"ON a.id = b.id", "E108 0-2"},
    {"a FROM b", "E108 2-6"},
    {"a WHERE b", "E108 2-7"},
    {"a ORDER BY b", "E108 2-7"},
    {"a UNION b", "E108 2-7"},
    {"a LEFT JOIN b", "E108 2-6"},
    {"TOP 1 a", "E108 0-3"},
    {"DISTINCT a", "E101 0-8"},
    {"x := a", "E112 2-3"},
    {"a mod b", "E101 2-5"},
    {"a XOR b", "E101 2-5"},
    {"a EQUALS b", "E101 2-8"},
    {"a CONTAINS 'x'", "E101 2-10"},
    {"a AT TIME ZONE 'UTC'", "E101 2-4"},
    {"a if b else c", "E101 2-4"},
    {"a OVER (ORDER BY b)", "E101 2-6"},
    {"sum(a) OVER", "E101 11-11"},
    {"sum(a) OVER (PARTITION b)", "E101 23-24"},
    {"sum(a) OVER (PARTITION BY b ROWS BETWEEN 1 PRECEDING)", "E101 52-53"},
    {"sum(a) OVER (ORDER BY b ROWS c PRECEDING)", "E101 29-30"},
    {"sum(a) FILTER (a > 0)", "E101 15-16"},
    {"first(a IGNORE NULLS) OVER (ORDER BY b)", "E101 22-26"},
    {"lag(a IGNORE NULLS)", "E101 6-12"},
    {"percentile_cont(0.5) WITHIN GROUP (a)", "E101 35-36"},
    {"identifier('a')", "E101 0-10"},
    {"col('a')", "E101 0-3"},
    {"F.col(\"a\")", "E101 2-5"},
    {"dateadd('day', 1, d)", "E109 8-13"},
    {"extract(YEAR, d FROM e)", "E108 16-20"},
    {"trim(BOTH 'x' a)", "E101 14-15"},
    {"overlay(a PLACING b)", "E101 19-20"},
    {"a.id = b.id(+)", "E101 12-13"},
};

static const struct expr_case character_errors[] = {
    {"@var", "E111 0-1"},
    {"${x}", "E111 0-1"},
    {"{{ x }}", "E111 0-1"},
    {"a # b", "E111 2-3"},
    {"a \\ b", "E111 2-3"},
    {"‘text’", "E111 0-3"},
    {"“text”", "E111 0-3"},
    {"a – b", "E111 2-5"},
    {"a − 1", "E111 2-5"},
    {"a ≠ b", "E111 2-5"},
    {"a × b", "E111 2-4"},
    {"a\xe2\x80\x8b"
     "b",
        "E111 1-4"},
    {"straße", "E111 0-7"},
    {"größe + 1", "E111 0-7"},
    {"über.alles", "E111 0-5"},
    {"a €", "E111 2-5"},
    {"😀", "E111 0-4"},
};

static void
test_operator_errors(void **state)
{
	(void)state;
	expr_cases_check(operator_errors, COUNT_OF(operator_errors));
}

static void
test_primary_errors(void **state)
{
	(void)state;
	expr_cases_check(primary_errors, COUNT_OF(primary_errors));
}

static void
test_literal_errors(void **state)
{
	(void)state;
	expr_cases_check(literal_errors, COUNT_OF(literal_errors));
}

static void
test_statement_errors(void **state)
{
	(void)state;
	expr_cases_check(statement_errors, COUNT_OF(statement_errors));
}

static void
test_character_errors(void **state)
{
	(void)state;
	expr_cases_check(character_errors, COUNT_OF(character_errors));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_operator_errors),
	    cmocka_unit_test(test_primary_errors),
	    cmocka_unit_test(test_literal_errors),
	    cmocka_unit_test(test_statement_errors),
	    cmocka_unit_test(test_character_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

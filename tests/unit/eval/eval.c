#include "base/base.h"

#include "eval/eval.h"

#include "eval_rows.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct sample {
	const char *text;
	const char *want;
};

static const struct sample operators[] = {
    {"1", "int: 1 | 1 | 1 | 1"},
    {"-2147483648",
        "int: -2147483648 | -2147483648 | -2147483648 | "
        "-2147483648"},
    {"2147483648", "bigint: 2147483648 | 2147483648 | 2147483648 | 2147483648"},
    {"0.05", "decimal(2,2): 0.05 | 0.05 | 0.05 | 0.05"},
    {"i + 1", "int: 2 | NULL | -6 | differs"},
    {"i + l", "bigint: 11 | NULL | -7 | -9223372034707292161"},
    {"i / 2", "double: 0.5 | NULL | -3.5 | 1.0737418235E9"},
    {"i % 4", "int: 1 | NULL | -3 | 3"},
    {"pmod(i, 4)", "int: 1 | NULL | 1 | 3"},
    {"i div 2", "bigint: 0 | NULL | -3 | 1073741823"},
    {"i / l", "double: 0.1 | NULL | differs | -2.328306435454494E-10"},
    {"d * d",
        "decimal(25,4): 151.2900 | NULL | 0.0025 | "
        "99999999999800000000.0001"},
    {"d / 3",
        "decimal(16,6): 4.100000 | NULL | -0.016667 | "
        "3333333333.330000"},
    {"d * 1.5", "decimal(15,3): 18.450 | NULL | -0.075 | 14999999999.985"},
    {"d + i", "decimal(13,2): 13.30 | NULL | -7.05 | 12147483646.99"},
    {"d % 5", "decimal(3,2): 2.30 | NULL | -0.05 | 4.99"},
    {"n + 1", "differs"},
    {"-d", "decimal(12,2): -12.30 | NULL | 0.05 | -9999999999.99"},
    {"try_add(i, 1)", "int: 2 | NULL | -6 | NULL"},
    {"try_divide(1, l)", "double: 0.1 | NULL | NULL | -1.0842021724855044E-19"},
    {"i = 1", "boolean: true | NULL | false | false"},
    {"i <=> NULL", "boolean: false | true | false | false"},
    {"x = x", "boolean: true | NULL | true | true"},
    {"x > 1", "boolean: true | NULL | true | false"},
    {"n = 12", "boolean: true | NULL | differs | false"},
    {"d = 12.3", "boolean: true | NULL | false | false"},
    {"a < '2024-01-01'", "boolean: false | NULL | true | true"},
    {"b AND NULL", "boolean: NULL | NULL | false | NULL"},
    {"b OR NULL", "boolean: true | NULL | NULL | true"},
    {"NOT b", "boolean: false | NULL | true | false"},
    {"b IS NOT TRUE", "boolean: false | true | true | false"},
    {"i IS DISTINCT FROM 1", "boolean: false | true | true | true"},
    {"i IN (1, NULL)", "boolean: true | NULL | NULL | NULL"},
    {"i NOT IN (1, 2)", "boolean: false | NULL | true | true"},
    {"i BETWEEN 0 AND l", "boolean: true | NULL | false | false"},
    {"s || '!'", "string: Abc! | NULL | ! |  \xc3\xa4 b!"},
    {"i & 3", "int: 1 | NULL | 1 | 3"},
    {"nothing + 1", "unknown"},
    {"no_such_function(i)", "unknown"},
    {"current_date()", "date: unknown | unknown | unknown | unknown"},
};

static const struct sample conditions[] = {
    {"CASE WHEN i > 0 THEN 'p' WHEN i < 0 THEN 'n' END",
        "string: p | NULL | n | p"},
    {"CASE i WHEN 1 THEN 1 ELSE 2.5 END",
        "decimal(11,1): 1.0 | 2.5 | 2.5 | 2.5"},
    {"CASE WHEN l = 0 THEN 0 ELSE 1 / l END",
        "double: 0.1 | NULL | 0.0 | -1.0842021724855044E-19"},
    {"coalesce(i, 0)", "int: 1 | 0 | -7 | 2147483647"},
    {"coalesce(s, 1)", "differs"},
    {"nvl(a, DATE'2000-01-01')",
        "date: 2024-02-29 | 2000-01-01 | 1969-12-31 | 2023-12-31"},
    {"nvl2(i, 'y', 'n')", "string: y | n | y | y"},
    {"nullif(s, '')", "string: Abc | NULL | NULL |  \xc3\xa4 b"},
    {"if(b, i, l)", "bigint: 1 | NULL | 0 | 2147483647"},
    {"greatest(i, l, 5)", "bigint: 10 | 5 | 5 | 2147483647"},
    {"least(i, NULL)", "int: 1 | NULL | -7 | 2147483647"},
    {"decode(i, 1, 'a', NULL, 'none', 'b')", "string: a | none | b | b"},
};

static const struct sample casts[] = {
    {"CAST(n AS INT)", "int: 12 | NULL | differs | -3"},
    {"TRY_CAST(n AS INT)", "int: 12 | NULL | NULL | -3"},
    {"CAST(i AS STRING)", "string: 1 | NULL | -7 | 2147483647"},
    {"CAST(d AS STRING)", "string: 12.30 | NULL | -0.05 | 9999999999.99"},
    {"CAST(d AS INT)", "int: 12 | NULL | 0 | differs"},
    {"CAST(d AS DECIMAL(12,1))",
        "decimal(12,1): 12.3 | NULL | -0.1 | 10000000000.0"},
    {"CAST(x AS INT)", "int: 1 | NULL | differs | 0"},
    {"CAST(x AS STRING)", "string: 1.5 | NULL | NaN | -0.0"},
    {"CAST(1e10 AS STRING)", "string: 1.0E10 | 1.0E10 | 1.0E10 | 1.0E10"},
    {"CAST(1e-8 AS STRING)", "string: differs | differs | differs | differs"},
    {"CAST(m AS DATE)", "date: 2024-02-29 | NULL | 1969-12-31 | 2024-10-27"},
    {"CAST(m AS STRING)",
        "string: 2024-02-29 12:30:45.5 | NULL | "
        "1969-12-31 23:59:59.999999 | 2024-10-27 02:30:00"},
    {"CAST(m AS BIGINT)", "bigint: 1709209845 | NULL | -1 | 1729996200"},
    {"CAST(a AS INT)", "differs"},
    {"CAST(b AS INT)", "int: 1 | NULL | 0 | 1"},
    {"CAST('2024-02-30' AS DATE)",
        "date: differs | differs | differs | differs"},
    {"TRY_CAST('2024-02-30' AS DATE)", "date: NULL | NULL | NULL | NULL"},
    {"CAST(s AS VARIANT)", "unknown"},
};

static const struct sample windows[] = {
    {"row_number() OVER (PARTITION BY g ORDER BY k DESC)",
        "int: 3 | 2 | 1 | 1"},
    {"row_number() OVER (ORDER BY g)",
        "int: differs | differs | differs | differs"},
    {"rank() OVER (ORDER BY g)", "int: 1 | 1 | 4 | 1"},
    {"dense_rank() OVER (ORDER BY g)", "int: 1 | 1 | 2 | 1"},
    {"rank() OVER (ORDER BY i)", "int: 3 | 1 | 2 | 4"},
    {"rank() OVER (ORDER BY i NULLS LAST)", "int: 2 | 4 | 1 | 3"},
    {"rank() OVER (ORDER BY i DESC)", "int: 2 | 4 | 3 | 1"},
    {"rank() OVER (ORDER BY i DESC NULLS FIRST)", "int: 3 | 1 | 4 | 2"},
    {"row_number() OVER (PARTITION BY g)", "unknown"},
    {"lag(k) OVER (PARTITION BY g ORDER BY k)", "int: NULL | 1 | NULL | 2"},
    {"lead(k, 2, 0) OVER (ORDER BY k)", "int: 3 | 4 | 0 | 0"},
    {"first_value(k) OVER (PARTITION BY g ORDER BY k)", "int: 1 | 1 | 3 | 1"},
    {"last_value(k) OVER (PARTITION BY g ORDER BY k)", "int: 1 | 2 | 3 | 4"},
    {"first_value(i) IGNORE NULLS OVER (ORDER BY k DESC)",
        "int: 2147483647 | 2147483647 | 2147483647 | 2147483647"},
    {"sum(k) OVER (PARTITION BY g)", "bigint: 7 | 7 | 3 | 7"},
    {"sum(k) OVER (ORDER BY k)", "bigint: 1 | 3 | 6 | 10"},
    {"sum(k) OVER (ORDER BY g)", "bigint: 7 | 7 | 10 | 7"},
    {"sum(k) OVER (ORDER BY k ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING)",
        "bigint: 3 | 6 | 9 | 7"},
    {"sum(k) OVER (ORDER BY g ROWS 1 PRECEDING)",
        "bigint: differs | differs | differs | differs"},
    {"avg(k) OVER ()", "double: 2.5 | 2.5 | 2.5 | 2.5"},
    {"avg(d) OVER (PARTITION BY g)",
        "decimal(16,6): 5000000006.145000 | 5000000006.145000 | -0.050000 | "
        "5000000006.145000"},
    {"count(i) OVER ()", "bigint: 3 | 3 | 3 | 3"},
    {"max(s) OVER (PARTITION BY g)", "string: Abc | Abc |  | Abc"},
    {"ntile(3) OVER (ORDER BY k)", "int: 1 | 1 | 2 | 3"},
};

static void
check(const struct sample *samples, size_t n)
{
	struct arena a = ARENA_INIT;
	size_t failed = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		const char *got = eval_rows_text(&a, samples[i].text);

		if (str_eq(got, samples[i].want))
			continue;
		print_error("%s\n  is   %s\n  want %s\n", samples[i].text, got,
		    samples[i].want);
		failed++;
	}
	arena_done(&a);
	assert_int_equal(failed, 0);
}

static void
test_operators(void **state)
{
	(void)state;
	check(operators, COUNT_OF(operators));
}

static void
test_conditions(void **state)
{
	(void)state;
	check(conditions, COUNT_OF(conditions));
}

static void
test_casts(void **state)
{
	(void)state;
	check(casts, COUNT_OF(casts));
}

static void
test_windows(void **state)
{
	(void)state;
	check(windows, COUNT_OF(windows));
}

/* One row at a time is the same as all of them. */
static void
test_one_row(void **state)
{
	struct arena a = ARENA_INIT;
	struct eval_scope scope = eval_rows_scope(&a);
	struct expr_parsed p;
	const char *why;
	struct value v;

	(void)state;
	expr_parse(&a, "i + 1", &p);
	assert_int_equal(eval_expr(&a, &scope, p.root, 2, &v, &why),
	    EVAL_VALUE);
	assert_int_equal(v.integer, -6);
	assert_null(why);
	assert_int_equal(eval_expr(&a, &scope, p.root, 3, &v, &why),
	    EVAL_DIFFERS);
	assert_string_equal(why, "A number overflows.");
	arena_done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_operators),
	    cmocka_unit_test(test_conditions),
	    cmocka_unit_test(test_casts),
	    cmocka_unit_test(test_windows),
	    cmocka_unit_test(test_one_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

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
static const struct expr_case calls[] = {
    {"f()", "(call f)"},
    {"f(a)", "(call f a)"},
    {"f (a)", "(call f a)"},
    {"F(A)", "(call f A)"},
    {"`my f`(a)", "(call my f a)"},
    {"a.b.f(c)", "(call a.b.f c)"},
    {"f(DISTINCT a, b)", "(call f distinct a b)"},
    {"f(ALL a)", "(call f a)"},
    {"f(all)", "(call f `all`)"},
    {"f(k => 1, b)", "(call f (=> 'k' 1) b)"},
    {"f(x -> x + 1)", "(call f (-> (x) (+ x 1)))"},
    {"f(a, (x, y) -> x + y, x -> x AND b)",
        "(call f a (-> (x y) (+ x y)) (-> (x) (and x b)))"},
    {"f(x -> f(y -> x + y))", "(call f (-> (x) (call f (-> (y) (+ x y)))))"},
    {"count(*)", "(call count *)"},
    {"count(*) FILTER (WHERE a > 0)", "(call count * (filter (> a 0)))"},
    {"count(DISTINCT a)", "(call count distinct a)"},
    {"sum(a) OVER ()", "(call sum a (over))"},
    {"sum(a) OVER (PARTITION BY b)", "(call sum a (over (partition b)))"},
    {"sum(a) OVER (PARTITION BY b, c ORDER BY d DESC NULLS LAST, e)",
        "(call sum a (over (partition b c) (order d e)))"},
    {"sum(a) OVER (ORDER BY b ROWS 1 PRECEDING)",
        "(call sum a (over (order b)))"},
    {"sum(a) OVER (ORDER BY b RANGE BETWEEN INTERVAL 7 DAYS PRECEDING "
     "AND CURRENT ROW)",
        "(call sum a (over (order b)))"},
    {"sum(a) OVER (DISTRIBUTE BY b SORT BY c)",
        "(call sum a (over (partition b) (order c)))"},
    {"sum(a) OVER (CLUSTER BY b)", "(call sum a (over (partition b)))"},
    {"lag(a) IGNORE NULLS OVER (ORDER BY b)",
        "(call lag a (nulls ignore) (over (order b)))"},
    {"first(a IGNORE NULLS)", "(call first a (nulls ignore))"},
    {"first(a) RESPECT NULLS", "(call first a (nulls respect))"},
    {"percentile_cont(0.5) WITHIN GROUP (ORDER BY a DESC)",
        "(call percentile_cont 0.5 (within a))"},
    {"current_date", "(call current_date)"},
    {"current_date()", "(call current_date)"},
    {"CURRENT_TIMESTAMP", "(call current_timestamp)"},
    {"current_user", "(call current_user)"},
    {"user", "`user`"},
    {"extract(YEAR FROM d)", "(call extract year d)"},
    {"EXTRACT(day FROM a - b)", "(call extract day (- a b))"},
    {"extract(a, b)", "(call extract a b)"},
    {"trim(a)", "(call trim a)"},
    {"trim('x', a)", "(call trim 'x' a)"},
    {"TRIM(FROM a)", "(call trim both a)"},
    {"TRIM(BOTH FROM a)", "(call trim both a)"},
    {"TRIM('x' FROM a)", "(call trim both 'x' a)"},
    {"TRIM(LEADING 'x' FROM a)", "(call trim leading 'x' a)"},
    {"trim(both)", "(call trim `both`)"},
    {"trim(TRAILING end FROM x)", "(call trim trailing `end` x)"},
    {"substring(a, 1, 2)", "(call substring a 1 2)"},
    {"substring(a FROM 1)", "(call substring a 1)"},
    {"substr(a FROM 1 FOR 2)", "(call substr a 1 2)"},
    {"substring(a, 1 FOR 2)", "(call substring a 1 2)"},
    {"position('x' IN a)", "(call position 'x' a)"},
    {"position('x', a)", "(call position 'x' a)"},
    {"overlay(a PLACING b FROM 1)", "(call overlay a b 1)"},
    {"overlay(a PLACING b FROM 1 FOR 2)", "(call overlay a b 1 2)"},
    {"overlay(a, b, 1)", "(call overlay a b 1)"},
    {"dateadd(DAY, 1, d)", "(call dateadd day 1 d)"},
    {"DATEADD(day, 1)", "(call dateadd day 1)"},
    {"datediff(MONTH, a, b)", "(call datediff month a b)"},
    {"timestampdiff(HOUR, a, b)", "(call timestampdiff hour a b)"},
    {"date_add(day, 1)", "(call date_add day 1)"},
    {"if(a, b, c)", "(call if a b c)"},
    {"left(a, 1)", "(call left a 1)"},
    {"right(a, 1)", "(call right a 1)"},
    {"replace(a, 'x', 'y')", "(call replace a 'x' 'y')"},
    {"exists(a, x -> x > 1)", "(call exists a (-> (x) (> x 1)))"},
    {"filter(a, x -> x IS NOT NULL)",
        "(call filter a (-> (x) (is (not-null x))))"},
    {"any(a)", "(call any a)"},
    {"like(a, 'x')", "(call like a 'x')"},
    {"a COLLATE utf8_lcase = 'x'", "(= (call collate a 'utf8_lcase') 'x')"},
    {"raw:customer", "(: raw 'customer')"},
    {"raw:customer.id", "(.id (: raw 'customer'))"},
    {"raw:items[0].`sku no`::string",
        "(:: (.`sku no` ([] (: raw 'items') 0)) string)"},
    {"raw:a:b", "(: (: raw 'a') 'b')"},
    {"f(x):y", "(: (call f x) 'y')"},
    {"  a  ", "a"},
    {"a -- c", "a"},
    {"a /* c */ + /* /* d */ */ b", "(+ a b)"},
};

static void
test_calls(void **state)
{
	(void)state;
	expr_cases_check(calls, COUNT_OF(calls));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_calls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

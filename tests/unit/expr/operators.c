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
static const struct expr_case operators[] = {
    {"a+b*c", "(+ a (* b c))"},
    {"a-b-c", "(- (- a b) c)"},
    {"a - -b", "(- a (- b))"},
    {"-a*b", "(* (- a) b)"},
    {"-1", "-1"},
    {"- 1", "-1"},
    {"+1", "(+ 1)"},
    {"-a::int", "(- (:: a int))"},
    {"-1::int", "(:: -1 int)"},
    {"1-1+x", "(+ (- 1 1) x)"},
    {"a*b+c*d", "(+ (* a b) (* c d))"},
    {"a/b/c", "(/ (/ a b) c)"},
    {"a DIV b % c", "(% (div a b) c)"},
    {"a || b + c", "(+ (|| a b) c)"},
    {"a || b * c", "(|| a (* b c))"},
    {"a + b << c - d", "(<< (+ a b) (- c d))"},
    {"a >> b >>> c", "(>>> (>> a b) c)"},
    {"a & b | c ^ d", "(| (& a b) (^ c d))"},
    {"a | b & c ^ d", "(| a (^ (& b c) d))"},
    {"a < b + c", "(< a (+ b c))"},
    {"a = b = c", "(= (= a b) c)"},
    {"a < b = c > d", "(> (= (< a b) c) d)"},
    {"a == b", "(== a b)"},
    {"a <=> b", "(<=> a b)"},
    {"a != b", "(!= a b)"},
    {"a <> b", "(<> a b)"},
    {"a !> b", "(!> a b)"},
    {"a !< b", "(!< a b)"},
    {"~a & b", "(& (~ a) b)"},
    {"NOT a AND b OR c", "(or (and (not a) b) c)"},
    {"NOT a = b", "(not (= a b))"},
    {"not not a", "(not (not a))"},
    {"! a", "(not a)"},
    {"a OR b AND c", "(or a (and b c))"},
    {"a AND b AND c AND d", "(and (and (and a b) c) d)"},
    {"a OR b OR c", "(or (or a b) c)"},
    {"(a OR b) AND c", "(and (or a b) c)"},
    {"a BETWEEN 1 AND 2 AND b", "(and (between a 1 2) b)"},
    {"NOT a BETWEEN 1 AND 2 AND b", "(and (not (between a 1 2)) b)"},
    {"a BETWEEN b AND c = d", "(between a b (= c d))"},
    {"a NOT BETWEEN b + 1 AND c", "(not-between a (+ b 1) c)"},
    {"a = b IS NULL", "(is (null (= a b)))"},
    {"a IS NOT NULL", "(is (not-null a))"},
    {"a IS NULL", "(is (null a))"},
    {"a IS NOT TRUE", "(is (not-true a))"},
    {"a IS FALSE", "(is (false a))"},
    {"a IS NOT UNKNOWN", "(is (not-unknown a))"},
    {"a IS DISTINCT FROM b AND c", "(and (is (distinct from a b)) c)"},
    {"a IS NOT DISTINCT FROM b", "(is (not-distinct from a b))"},
    {"a IN (1)", "(in a 1)"},
    {"a NOT IN (1, 'x', b + c)", "(not-in a 1 'x' (+ b c))"},
    {"(a, b) IN ((1, 2))", "(in (row a b) (row 1 2))"},
    {"a LIKE 'x%'", "(like a 'x%')"},
    {"a NOT LIKE 'x' ESCAPE '/'", "(not-like a 'x' '/')"},
    {"a ILIKE b", "(ilike a b)"},
    {"a NOT RLIKE b", "(not-rlike a b)"},
    {"a REGEXP b", "(rlike a b)"},
    {"a LIKE ANY ('x', 'y')", "(like any a 'x' 'y')"},
    {"a NOT ILIKE SOME ('x')", "(not-ilike any a 'x')"},
    {"a LIKE ALL (b, c)", "(like all a b c)"},
    {"a + b LIKE c || d", "(like (+ a b) (|| c d))"},
};

static void
test_operators(void **state)
{
	(void)state;
	expr_cases_check(operators, COUNT_OF(operators));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_operators),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

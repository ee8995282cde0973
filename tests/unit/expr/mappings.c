#include "base/base.h"

#include "expr/expr.h"

#include "expr_cases.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/*
 * What mapping sheets really hold, in the prefix form of expr_dump().
 */
static const struct expr_case mappings[] = {
    {"first_name || ' ' || last_name", "(|| (|| first_name ' ') last_name)"},
    {"concat_ws(' ', first_name, last_name)",
        "(call concat_ws ' ' first_name last_name)"},
    {"CASE WHEN status = 'A' THEN 'Active' WHEN status = 'I' THEN "
     "'Inactive' ELSE 'Unknown' END",
        "(case (when (= status 'A') 'Active') (when (= status 'I') "
        "'Inactive') (else 'Unknown'))"},
    {"CASE status WHEN 'A' THEN 1 ELSE 0 END",
        "(case status (when 'A' 1) (else 0))"},
    {"coalesce(amount, 0) * 1.19", "(* (call coalesce amount 0) 1.19)"},
    {"CAST(amount AS DECIMAL(12,2))", "(cast amount decimal(12,2))"},
    {"try_cast(birth_date AS DATE)", "(try_cast birth_date date)"},
    {"to_date(order_date, 'yyyy-MM-dd')",
        "(call to_date order_date 'yyyy-MM-dd')"},
    {"date_format(order_date, 'yyyyMM')",
        "(call date_format order_date 'yyyyMM')"},
    {"upper(trim(name))", "(call upper (call trim name))"},
    {"sum(amount) OVER (PARTITION BY customer_id ORDER BY order_date "
     "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)",
        "(call sum amount (over (partition customer_id) (order "
        "order_date)))"},
    {"row_number() OVER (PARTITION BY id ORDER BY updated_at DESC NULLS "
     "LAST)",
        "(call row_number (over (partition id) (order updated_at)))"},
    {"lag(amount, 1, 0) OVER (PARTITION BY customer_id ORDER BY "
     "order_date)",
        "(call lag amount 1 0 (over (partition customer_id) (order "
        "order_date)))"},
    {"md5(concat_ws('|', coalesce(a, ''), coalesce(b, '')))",
        "(call md5 (call concat_ws '|' (call coalesce a '') (call "
        "coalesce b '')))"},
    {"sha2(concat(a, b), 256)", "(call sha2 (call concat a b) 256)"},
    {"if(a > 0, 'Y', 'N')", "(call if (> a 0) 'Y' 'N')"},
    {"nvl(a, b)", "(call nvl a b)"},
    {"nvl2(a, b, c)", "(call nvl2 a b c)"},
    {"decode(x, 1, 'one', 2, 'two', 'other')",
        "(call decode x 1 'one' 2 'two' 'other')"},
    {"date_add(order_date, 30)", "(call date_add order_date 30)"},
    {"DATEADD(DAY, 30, order_date)", "(call dateadd day 30 order_date)"},
    {"DATEDIFF(DAY, a, b)", "(call datediff day a b)"},
    {"datediff(a, b)", "(call datediff a b)"},
    {"extract(YEAR FROM order_date)", "(call extract year order_date)"},
    {"order_date + INTERVAL 30 DAYS", "(+ order_date (interval 30 days))"},
    {"order_date - INTERVAL '1' MONTH", "(- order_date (interval 1 month))"},
    {"current_timestamp()", "(call current_timestamp)"},
    {"get_json_object(payload, '$.customer.id')",
        "(call get_json_object payload '$.customer.id')"},
    {"from_json(payload, 'a INT, b STRING')",
        "(call from_json payload 'a INT, b STRING')"},
    {"from_json(payload, 'a INT, b STRING').a",
        "(.a (call from_json payload 'a INT, b STRING'))"},
    {"split(name, ' ')[0]", "([] (call split name ' ') 0)"},
    {"element_at(split(name, ' '), -1)",
        "(call element_at (call split name ' ') -1)"},
    {"transform(items, x -> x.price * x.qty)",
        "(call transform items (-> (x) (* x.price x.qty)))"},
    {"aggregate(items, 0, (acc, x) -> acc + x.price, acc -> acc * 2)",
        "(call aggregate items 0 (-> (acc x) (+ acc x.price)) (-> (acc) "
        "(* acc 2)))"},
    {"filter(items, x -> x.price > 10 AND x.qty IS NOT NULL)",
        "(call filter items (-> (x) (and (> x.price 10) (is (not-null "
        "x.qty)))))"},
    {"exists(items, i -> i.sku = 'A')",
        "(call exists items (-> (i) (= i.sku 'A')))"},
    {"map('a', 1, 'b', 2)['a']", "([] (call map 'a' 1 'b' 2) 'a')"},
    {"named_struct('a', a, 'b', b)", "(call named_struct 'a' a 'b' b)"},
    {"struct(a AS x, b AS y).x", "(.x (call struct (as a 'x') (as b 'y')))"},
    {"array(1, 2, 3)", "(call array 1 2 3)"},
    {"size(items) > 0", "(> (call size items) 0)"},
    {"status IN ('A', 'B') AND amount BETWEEN 1 AND 100",
        "(and (in status 'A' 'B') (between amount 1 100))"},
    {"name LIKE 'A%' OR name ILIKE '%b'",
        "(or (like name 'A%') (ilike name '%b'))"},
    {"name NOT LIKE '%x%' ESCAPE '/'", "(not-like name '%x%' '/')"},
    {"name RLIKE '^[A-Z]{3}$'", "(rlike name '^[A-Z]{3}$')"},
    {"name LIKE ANY ('a%', 'b%')", "(like any name 'a%' 'b%')"},
    {"NOT (a AND b) OR c", "(or (not (and a b)) c)"},
    {"-amount", "(- amount)"},
    {"- -amount", "(- (- amount))"},
    {"a % 2 = 0", "(= (% a 2) 0)"},
    {"a DIV 2", "(div a 2)"},
    {"a & 1 = 1", "(= (& a 1) 1)"},
    {"round(amount / nullif(qty, 0), 2)",
        "(call round (/ amount (call nullif qty 0)) 2)"},
    {"amount::decimal(12,2)", "(:: amount decimal(12,2))"},
    {"raw:customer.id::string", "(:: (.id (: raw 'customer')) string)"},
    {"raw:items[0].sku", "(.sku ([] (: raw 'items') 0))"},
    {"`Order No` || '-' || `Line No`", "(|| (|| `Order No` '-') `Line No`)"},
    {"src.`First Name`", "src.`First Name`"},
    {"t.a.b.c", "t.a.b.c"},
    {"date'2020-01-01'", "(date '2020-01-01')"},
    {"timestamp'2020-01-01 00:00:00'", "(timestamp '2020-01-01 00:00:00')"},
    {"\"double quoted\"", "'double quoted'"},
    {"regexp_replace(phone, '[^0-9]', '')",
        "(call regexp_replace phone '[^0-9]' '')"},
    {"regexp_extract(name, r'(\\w+)', 1)",
        "(call regexp_extract name '(\\\\w+)' 1)"},
    {"substring(name FROM 1 FOR 3)", "(call substring name 1 3)"},
    {"substring(name, 1, 3)", "(call substring name 1 3)"},
    {"substr(name, 2)", "(call substr name 2)"},
    {"left(name, 3)", "(call left name 3)"},
    {"trim(BOTH ' ' FROM name)", "(call trim both ' ' name)"},
    {"trim(LEADING '0' FROM account)", "(call trim leading '0' account)"},
    {"overlay(name PLACING 'x' FROM 2 FOR 1)", "(call overlay name 'x' 2 1)"},
    {"position('a' IN name)", "(call position 'a' name)"},
    {"count(*) OVER (PARTITION BY a)", "(call count * (over (partition a)))"},
    {"max(a) FILTER (WHERE b > 0)", "(call max a (filter (> b 0)))"},
    {"first_value(a) IGNORE NULLS OVER (ORDER BY b)",
        "(call first_value a (nulls ignore) (over (order b)))"},
    {"first(a, true)", "(call first a true)"},
    {"percentile_approx(a, 0.5)", "(call percentile_approx a 0.5)"},
    {"a -- trailing", "a"},
    {"/* lead */ a", "a"},
    {"a + /* mid */ b", "(+ a b)"},
    {"CASE WHEN a = 1 THEN CASE WHEN b = 2 THEN 3 END END",
        "(case (when (= a 1) (case (when (= b 2) 3))))"},
    {"my_catalog.my_schema.my_udf(a, b)",
        "(call my_catalog.my_schema.my_udf a b)"},
    {"monotonically_increasing_id()", "(call monotonically_increasing_id)"},
    {"cast(null as string)", "(cast null string)"},
    {"cast(a as array<struct<x:int,y:map<string,double>>>)",
        "(cast a array<struct<x:int,y:map<string,double>>>)"},
    {"(a, b) IN ((1, 2), (3, 4))", "(in (row a b) (row 1 2) (row 3 4))"},
    {"a = 1 = true", "(= (= a 1) true)"},
    {"'2020-01-01' < order_date", "(< '2020-01-01' order_date)"},
    {"interval 3 days", "(interval 3 days)"},
    {"make_date(y, m, d)", "(call make_date y m d)"},
    {"timestampdiff(MONTH, birth_date, current_date())",
        "(call timestampdiff month birth_date (call current_date))"},
    {"to_timestamp(a, 'yyyy-MM-dd HH:mm:ss')",
        "(call to_timestamp a 'yyyy-MM-dd HH:mm:ss')"},
    {"from_utc_timestamp(ts, 'Europe/Berlin')",
        "(call from_utc_timestamp ts 'Europe/Berlin')"},
    {"a IS TRUE", "(is (true a))"},
    {"a IS NOT FALSE", "(is (not-false a))"},
    {"a IS UNKNOWN", "(is (unknown a))"},
    {"default", "`default`"},
    {"timestamp", "timestamp"},
};

static void
test_mappings(void **state)
{
	(void)state;
	expr_cases_check(mappings, COUNT_OF(mappings));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_mappings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

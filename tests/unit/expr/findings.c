#include "base/base.h"

#include "expr/expr.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* What is remarkable in texts that do parse. */
static const struct {
	const char *text;
	const char *want; /* findings as "E106 0-3", blank between */
	const char *fix;  /* part of the first one's; NULL: any */
} cases[] = {
    {"upper(a) || 'x'", "", NULL},
    {"sum(a)", "E106 0-3", NULL},
    {"1 + max(a)", "E106 4-7", NULL},
    {"count(*)", "E106 0-5", NULL},
    {"sum(a) OVER (PARTITION BY b)", "", NULL},
    {"sum(max(a)) OVER ()", "E106 4-7", NULL},
    {"sum(a) FILTER (WHERE b)", "E106 0-3", NULL},
    {"explode(a)", "E114 0-7", NULL},
    {"inline(a)", "E114 0-6", NULL},
    {"rank()", "E115 0-4", "rank(…) OVER"},
    {"rank() OVER (PARTITION BY a)", "E115 0-4", "Add ORDER BY"},
    {"rank() OVER (PARTITION BY a ORDER BY b)", "", NULL},
    {"upper(a) OVER ()", "E115 0-5", "Remove OVER"},
    {"rand() OVER ()", "E115 0-4", "Remove OVER"},
    {"count(DISTINCT a) OVER ()", "E115 0-5", "collect_set"},
    {"sum(a) FILTER (WHERE b) OVER ()", "E115 0-3", "CASE WHEN"},
    {"sum(a) OVER w", "E115 0-3", "in parentheses"},
    {"upper(a) FILTER (WHERE b)", "E115 0-5", "CASE WHEN"},
    {"my_udf(a)", "E103 0-6", NULL},
    {"cat.sch.my_udf(a)", "", NULL},
    {"h3_longlatash3(a, b, 9)", "", NULL},
    {"inicap(a)", "E103 0-6", NULL},
    {"iif(a, b, c)", "E103 0-3", "if(condition, a, b)"},
    {"GETDATE()", "E103 0-7", "current_timestamp()"},
    {"VLOOKUP(a, b)", "E103 0-7", "with a join"},
    {"F.upper(a)", "E103 0-7", "Write upper"},
    {"isnull(a, 0)", "E109 0-6", "coalesce(x, y)"},
    {"nvl2(a, b, c)", "", NULL},
    {"upper()", "E109 0-5", NULL},
    {"upper(a, b)", "E109 0-5", NULL},
    {"if(a, b)", "E109 0-2", NULL},
    {"map(1, 2, 3)", "E109 0-3", NULL},
    {"dateadd(dd, 1, a)", "E109 0-7", "Write DAY instead of dd."},
    {"dateadd(DAY, 1, a)", "", NULL},
    {"trim(BOTH 'x' FROM a)", "", NULL},
    {"upper(lower())", "E109 6-11", NULL},
    {"'a' + b", "E116 0-3", "||"},
    {"a + ' '", "E116 4-7", "||"},
    {"a + '1'", "", NULL},
    {"a & 'x'", "E116 4-7", "||"},
    {"'it''s'", "E117 3-5", "\\'"},
    {"'it' 's'", "", NULL},
    {"\"a\"\"b\"", "E117 2-4", "\\\""},
    {"a = NULL", "E118 4-8", "IS NULL"},
    {"NULL <> a", "E118 0-4", "IS NOT NULL"},
    {"a <=> NULL", "", NULL},
    {"a IN (1, NULL)", "E118 9-13", "OR x IS NULL"},
    {"a NOT IN (NULL)", "E118 10-14", "Remove NULL"},
    {"sum(a) + foo(b) = NULL", "E106 0-3 E103 9-12 E118 18-22", NULL},
};

static void
test_findings(void **state)
{
	struct arena a = ARENA_INIT;
	size_t i;
	size_t k;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct expr_parsed p;
		struct buf b;

		expr_parse(&a, cases[i].text, &p);
		assert_non_null(p.root);
		buf_init(&b, &a, 1000);
		for (k = 0; k < p.findings.n; k++) {
			const struct expr_finding *f = &p.findings.v[k];

			assert_true(str_ends(f->message, ".") ||
			    str_ends(f->message, "?"));
			buf_printf(&b, "%s%s %zu-%zu", k ? " " : "",
			    code_info(f->code)->id, f->start, f->end);
		}
		if (!str_eq(buf_str(&b), cases[i].want))
			fail_msg("%s: %s", cases[i].text, buf_str(&b));
		if (cases[i].fix &&
		    (!p.findings.v[0].fix ||
		        !strstr(p.findings.v[0].fix, cases[i].fix)))
			fail_msg("%s: %s", cases[i].text, p.findings.v[0].fix);
	}
	arena_done(&a);
}

/* a(ggregate) w(indow) v(olatile) g(enerator) l(iteral) c(ondition) */
static const struct {
	const char *text;
	const char *want;
} flags[] = {
    {"a", "c"},
    {"1", "l"},
    {"-1", "l"},
    {"+1", "l"},
    {"- - 1", ""},
    {"'x'", "l"},
    {"NULL", "lc"},
    {"true", "lc"},
    {"DATE'2026-01-01'", "l"},
    {"(0)", "l"},
    {"-a", ""},
    {"~1", ""},
    {"INTERVAL 1 DAY", ""},
    {"sum(a)", "a"},
    {"max(a)", "ac"},
    {"sum(a) OVER ()", "w"},
    {"rank() OVER (ORDER BY a) = 1", "wc"},
    {"explode(a)", "gc"},
    {"uuid()", "v"},
    {"now() > a", "vc"},
    {"current_date", "v"},
    {"current_user()", "v"},
    {"rand()", "v"},
    {"unix_timestamp()", "v"},
    {"unix_timestamp(a)", ""},
    {"DATE'today'", "vl"},
    {"TIMESTAMP'10:00'", "vl"},
    {"DATE'epoch'", "l"},
    {"ai_query('m', a)", "vc"},
    {"version()", ""},
    {"a + 1", ""},
    {"a || b", ""},
    {"a = 1", "c"},
    {"a AND b", "c"},
    {"NOT a", "c"},
    {"a IN (1)", "c"},
    {"a LIKE 'x'", "c"},
    {"a IS NULL", "c"},
    {"a BETWEEN 1 AND 2", "c"},
    {"a[0]", "c"},
    {"f(a).b", "c"},
    {"(a, b)", ""},
    {"upper(a)", ""},
    {"udf(a)", "c"},
    {"coalesce(a, b)", "c"},
    {"CAST(a AS BOOLEAN)", "c"},
    {"CAST(a AS INT)", ""},
    {"CASE WHEN a THEN 1 END", ""},
    {"CASE WHEN a THEN b ELSE 'x' END", ""},
    {"CASE WHEN a THEN b ELSE true END", "c"},
    {"CASE 1 WHEN a THEN b END", "c"},
};

static void
test_flags(void **state)
{
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(flags); i++) {
		struct expr_parsed p;
		const char *got;

		expr_parse(&a, flags[i].text, &p);
		got = arena_printf(&a, "%s%s%s%s%s%s",
		    p.is_aggregate ? "a" : "", p.is_window ? "w" : "",
		    p.is_volatile ? "v" : "", p.is_generator ? "g" : "",
		    p.is_literal ? "l" : "", p.is_condition ? "c" : "");
		if (!str_eq(got, flags[i].want))
			fail_msg("%s: %s", flags[i].text, got);
	}
	arena_done(&a);
}

static void
test_suggestions(void **state)
{
	static const char *const pairs[][2] = {
	    {"inicap(a)", "initcap?"},
	    {"coalese(a, b)", "coalesce?"},
	    {"cocnat(a, b)", "concat?"},
	    {"to_dat(a)", "to_date?"},
	    {"my_own_function(a)", "is not a function of Spark SQL."},
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(pairs); i++) {
		struct expr_parsed p;

		expr_parse(&a, pairs[i][0], &p);
		assert_int_equal(p.errors, 0);
		if (!str_ends(p.findings.v[0].message, pairs[i][1]))
			fail_msg("%s", p.findings.v[0].message);
	}
	arena_done(&a);
}

static void
test_assignment(void **state)
{
	struct arena a = ARENA_INIT;
	struct expr_parsed p;

	(void)state;
	expr_parse(&a, "t.Total = a + b", &p);
	assert_true(expr_assigns(&p, "total"));
	assert_false(expr_assigns(&p, "t"));
	expr_parse(&a, "a + b = total", &p);
	assert_false(expr_assigns(&p, "total"));
	expr_parse(&a, "total <> a", &p);
	assert_false(expr_assigns(&p, "total"));
	expr_parse(&a, "total = ", &p);
	assert_false(expr_assigns(&p, "total"));
	arena_done(&a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_findings),
	    cmocka_unit_test(test_flags),
	    cmocka_unit_test(test_suggestions),
	    cmocka_unit_test(test_assignment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

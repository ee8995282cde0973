#include "base/base.h"

#include "expr/expr.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct uses {
	const char *text;
	const char *columns;   /* "a@0 t.b@4": where each starts */
	const char *functions; /* "upper@0 !my_udf@6": ! is unknown */
};

static const struct uses cases[] = {
    {"a", "a@0", ""},
    {"1 + 'x'", "", ""},
    {"a + t.b * a", "a@0 t.b@4 a@10", ""},
    {"`odd name`.b", "odd name.b@0", ""},
    {"a.b.c.d", "a.b.c.d@0", ""},
    {"a.b[c].d", "a.b@0 c@4", ""},
    {"upper(a)", "a@6", "upper@0"},
    {"UPPER ( lower(a) )", "a@14", "upper@0 lower@8"},
    {"my_udf(a) + cat.s.f(b)", "a@7 b@20", "!my_udf@0 !cat.s.f@12"},
    {"current_date", "", "current_date@0"},
    {"current_date.a", "current_date.a@0", ""},
    {"user", "user@0", ""},
    {"CASE a WHEN b THEN c ELSE d END", "a@5 b@12 c@19 d@26", ""},
    {"CAST(a AS DATE)", "a@5", ""},
    {"a IN (b, c)", "a@0 b@6 c@9", ""},
    {"a LIKE b ESCAPE '/'", "a@0 b@7", ""},
    {"transform(a, x -> x + y)", "a@10 y@22", "transform@0"},
    {"aggregate(a, b, (acc, x) -> ACC + x.price + c)", "a@10 b@13 c@44",
        "aggregate@0"},
    {"transform(a, x -> transform(x, y -> x + y + z)) + x + y",
        "a@10 z@44 x@50 y@54", "transform@0 transform@18"},
    {"extract(year FROM d)", "d@18", "extract@0"},
    {"dateadd(day, n, d)", "n@13 d@16", "dateadd@0"},
    {"dateadd(day, n)", "day@8 n@13", "dateadd@0"},
    {"trim(BOTH a FROM b)", "a@10 b@17", "trim@0"},
    {"count(*)", "", "count@0"},
    {"sum(a) FILTER (WHERE b) OVER (PARTITION BY c ORDER BY d)",
        "a@4 b@21 c@43 d@54", "sum@0"},
    {"percentile_cont(0.5) WITHIN GROUP (ORDER BY a)", "a@44",
        "percentile_cont@0"},
    {"f(k => a)", "a@7", "!f@0"},
    {"struct(a AS x)", "a@7", "struct@0"},
    {"raw:customer.id", "raw@0", ""},
    {"(a).b", "a@1", ""},
    {"a COLLATE utf8_lcase", "a@0", "collate@0"},
    {"a /* b */ + -- c\n d", "a@0 d@18", ""},
};

static const char *
describe_columns(struct arena *a, const struct expr_parsed *p)
{
	struct buf b;
	size_t i;
	size_t k;

	buf_init(&b, a, 1000);
	for (i = 0; i < p->columns.n; i++) {
		const struct expr_column *c = &p->columns.v[i];

		for (k = 0; k < c->n_parts; k++)
			buf_printf(&b, "%s%s",
			    k       ? "."
			        : i ? " "
			            : "",
			    c->part[k]);
		buf_printf(&b, "@%zu", c->start);
	}
	return buf_str(&b);
}

static const char *
describe_functions(struct arena *a, const struct expr_parsed *p)
{
	struct buf b;
	size_t i;

	buf_init(&b, a, 1000);
	for (i = 0; i < p->functions.n; i++) {
		const struct expr_function *f = &p->functions.v[i];

		buf_printf(&b, "%s%s%s@%zu", i ? " " : "", f->known ? "" : "!",
		    f->name, f->start);
	}
	return buf_str(&b);
}

static void
test_uses(void **state)
{
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct expr_parsed p;

		expr_parse(&a, cases[i].text, &p);
		assert_non_null(p.root);
		assert_string_equal(describe_columns(&a, &p), cases[i].columns);
		assert_string_equal(describe_functions(&a, &p),
		    cases[i].functions);
	}
	arena_done(&a);
}

static const char *
add_source(const struct expr_column *c, void *data)
{
	if (c->n_parts > 1)
		return NULL;
	return arena_printf(data, "src.%s", expr_quote_name(data, c->part[0]));
}

static void
test_rewrite(void **state)
{
	static const struct {
		const char *text;
		const char *same;
		const char *renamed;
	} rows[] = {
	    {"a", "a", "src.a"},
	    {"  a\n+\t b ", "a + b", "src.a + src.b"},
	    {"a+b", "a+b", "src.a+src.b"},
	    {"a -- c\n + /* d */ b", "a + b", "src.a + src.b"},
	    {"a/**/b", NULL, NULL},
	    {"a/**/+b", "a +b", "src.a +src.b"},
	    {"'a  b' || \"c\n--d\"", "'a  b' || \"c\n--d\"",
	        "'a  b' || \"c\n--d\""},
	    {"t . a + b", "t . a + b", "t . a + src.b"},
	    {"`a b` + `order`", "`a b` + `order`", "src.`a b` + src.`order`"},
	    {"CASE WHEN`a`=1THEN END", NULL, NULL},
	    {"CASE WHEN`a`THEN`b`ELSE'x'END", "CASE WHEN`a`THEN`b`ELSE'x'END",
	        "CASE WHEN src.a THEN src.b ELSE'x'END"},
	    {"transform(a, x -> x + b)", "transform(a, x -> x + b)",
	        "transform(src.a, x -> x + src.b)"},
	    {"dateadd(day, n, d)", "dateadd(day, n, d)",
	        "dateadd(day, src.n, src.d)"},
	    {"raw:customer.id", "raw:customer.id", "src.raw:customer.id"},
	    {"end", "end", "src.`end`"},
	    {"a \xc2\xa0 + b", "a + b", "src.a + src.b"},
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(rows); i++) {
		struct expr_parsed p;

		expr_parse(&a, rows[i].text, &p);
		if (!rows[i].same) {
			assert_null(p.root);
			continue;
		}
		assert_string_equal(expr_rewrite(&a, &p, NULL, NULL),
		    rows[i].same);
		assert_string_equal(expr_rewrite(&a, &p, add_source, &a),
		    rows[i].renamed);
	}
	arena_done(&a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_uses),
	    cmocka_unit_test(test_rewrite),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

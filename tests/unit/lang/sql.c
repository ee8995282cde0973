#include "base/base.h"

#include "lang/lang.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
test_check(void **state)
{
	static const struct {
		const char *text;
		size_t line; /* of the error; 0: there is none */
		size_t column;
	} cases[] = {
	    {"", 0, 0},
	    {"SELECT f(a, (b)) FROM t;\n", 0, 0},
	    {"SELECT ')', \"(\", `(`; -- (\nSELECT 1 /* ( */;", 0, 0},
	    {"SELECT 'it\\'s (', 'a\nb';", 0, 0},
	    {"SELECT `a``(`;", 0, 0},
	    {"SELECT r'\\', f(R\"(\\\"), bar'\\'';", 0, 0},
	    {"SELECT r'a\\''(';", 0, 0},
	    {"SELECT 1 -- it's", 0, 0},
	    {"SELECT\n (a;", 2, 4},
	    {"SELECT (a", 1, 8},
	    {"SELECT a);", 1, 9},
	    {"SELECT 'a\\';", 1, 8},
	    {"SELECT 1;\nSELECT `a;", 2, 8},
	    {"SELECT /* a", 1, 8},
	    {"/*/", 1, 1},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		SCOPED(arena_done) struct arena a = ARENA_INIT;
		struct lang_error e = {0};
		bool ok = lang_check(&a, LANG_SQL, slice_of(cases[i].text), &e);

		if (ok != (cases[i].line == 0) || e.line != cases[i].line ||
		    e.column != cases[i].column)
			fail_msg("%s: %d %zu:%zu", cases[i].text, ok, e.line,
			    e.column);
	}
}

static void
test_kinds(void **state)
{
	static const char letter[SPAN__COUNT] = {
	    [SPAN_KEYWORD] = 'k',
	    [SPAN_STRING] = 's',
	    [SPAN_NUMBER] = 'n',
	    [SPAN_COMMENT] = 'c',
	    [SPAN_FUNCTION] = 'f',
	    [SPAN_CONSTANT] = 'C',
	};
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
	    {"", ""},
	    {"SELECT a, 1.5 FROM t", "kkkkkk    n n kkkk"},
	    {"select f(x) as y -- no", "kkkkkk f    kk   ccccc"},
	    {"'it\\'s' \"q\" `SELECT`", "sssssss sss"},
	    {"coalesce(a.from, NULL)", "ffffffff         CCCC"},
	    {"IDENTIFIER(:set) /* x\n */ IS", "ffffffffff       cccccccc kk"},
	    {"selected, \xc3\xa4", ""},
	};
	size_t i;
	size_t j;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		SCOPED(arena_done) struct arena a = ARENA_INIT;
		struct spans spans = {0};
		struct buf got;

		lang_highlight(&a, LANG_SQL, slice_of(cases[i].text), &spans);
		buf_init(&got, &a, 200);
		for (j = 0; j < spans.n; j++) {
			while (got.n < spans.v[j].start)
				buf_add_chr(&got, ' ');
			while (got.n < spans.v[j].end)
				buf_add_chr(&got, letter[spans.v[j].kind]);
		}
		assert_string_equal(buf_str(&got), cases[i].want);
	}
}

static void
test_language(void **state)
{
	(void)state;
	assert_int_equal(lang_of(SLICE("-- Databricks notebook source\nx")),
	    LANG_SQL);
	assert_int_equal(lang_of(SLICE("# Databricks notebook source\nx")),
	    LANG_PYTHON);
	assert_int_equal(lang_of(SLICE("import x")), LANG_PYTHON);
	assert_int_equal(lang_of(SLICE("")), LANG_PYTHON);
	assert_string_equal(lang_extension(LANG_SQL), "sql");
	assert_string_equal(lang_extension(LANG_PYTHON), "py");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_check),
	    cmocka_unit_test(test_kinds),
	    cmocka_unit_test(test_language),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

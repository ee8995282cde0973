#include "base/base.h"

#include "lang/lang.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* SQL and Scala, which are read as words and signs. */
#define SQL LANG_SQL
#define SCALA LANG_SCALA

static void
test_check(void **state)
{
	static const struct {
		enum lang lang;
		const char *text;
		size_t line; /* of the error; 0: there is none */
		size_t column;
	} cases[] = {
	    {SQL, "", 0, 0},
	    {SQL, "SELECT f(a, (b)) FROM t;\n", 0, 0},
	    {SQL, "SELECT ')', \"(\", `(`; -- (\nSELECT 1 /* ( */;", 0, 0},
	    {SQL, "SELECT 'it\\'s (', 'a\nb';", 0, 0},
	    {SQL, "SELECT `a``(`;", 0, 0},
	    {SQL, "SELECT r'\\', f(R\"(\\\"), bar'\\'';", 0, 0},
	    {SQL, "SELECT r'a\\''(';", 0, 0},
	    {SQL, "SELECT 1 -- it's", 0, 0},
	    {SQL, "SELECT\n (a;", 2, 4},
	    {SQL, "SELECT (a", 1, 8},
	    {SQL, "SELECT a);", 1, 9},
	    {SQL, "SELECT 'a\\';", 1, 8},
	    {SQL, "SELECT 1;\nSELECT `a;", 2, 8},
	    {SQL, "SELECT /* a", 1, 8},
	    {SQL, "/*/", 1, 1},
	    {SCALA, "", 0, 0},
	    {SCALA, "f(a)[T] { case (x, 'b') => `a(` }", 0, 0},
	    {SCALA, "'(' + '\\'' + '\\u0028' + \"(\\\"(\" // it's", 0, 0},
	    {SCALA, "\"\"\"a \"( b\\\"\"\"\" /* ( /* ( */ ( */", 0, 0},
	    {SCALA, "s\"$a(${f(\")\", s\"${1}}\")}(\"", 0, 0},
	    {SCALA, "\"${(\"", 0, 0},
	    {SCALA, "f(a]", 1, 4},
	    {SCALA, "f(a))", 1, 5},
	    {SCALA, "if (a) {\n  f((b)", 2, 4},
	    {SCALA, "f(\"a\n\")", 1, 3},
	    {SCALA, "\"a\\\"", 1, 1},
	    {SCALA, "\"\"\"a\"\"", 1, 1},
	    {SCALA, "s\"${a\"", 1, 1},
	    {SCALA, "s\"${s\"${s\"${s\"${s\"${s\"${s\"${s\"${s\"${s\"${s\"${",
	        1, 1},
	    {SCALA, "/* /* */", 1, 1},
	    {SCALA, "/*/", 1, 1},
	    {SCALA, "a `b", 1, 3},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		SCOPED(arena_done) struct arena a = ARENA_INIT;
		struct lang_error e = {0};
		bool ok = lang_check(&a, cases[i].lang, slice_of(cases[i].text),
		    &e);

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
	    [SPAN_TYPE] = 't',
	};
	static const struct {
		enum lang lang;
		const char *text;
		const char *want;
	} cases[] = {
	    {SQL, "", ""},
	    {SQL, "SELECT a, 1.5 FROM t", "kkkkkk    n n kkkk"},
	    {SQL, "select f(x) as y -- no", "kkkkkk f    kk   ccccc"},
	    {SQL, "'it\\'s' \"q\" `SELECT`", "sssssss sss"},
	    {SQL, "coalesce(a.from, NULL)", "ffffffff         CCCC"},
	    {SQL, "IDENTIFIER(:set) /* x\n */ IS",
	        "ffffffffff       cccccccc kk"},
	    {SQL, "selected, \xc3\xa4", ""},
	    {SCALA, "val x = f(1) // no", "kkk     f n  ccccc"},
	    {SCALA, "def f: Seq[T] = null", "kkk    ttt t    CCCC"},
	    {SCALA, "s\"a${b}\" + 'c' `val`", "ssssssss   sss"},
	    {SCALA, "values, 'a, \xc3\xa4", ""},
	};
	size_t i;
	size_t j;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		SCOPED(arena_done) struct arena a = ARENA_INIT;
		struct spans spans = {0};
		struct buf got;

		lang_highlight(&a, cases[i].lang, slice_of(cases[i].text),
		    &spans);
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
	assert_int_equal(lang_of(SLICE("// Databricks notebook source\nx")),
	    LANG_SCALA);
	assert_int_equal(lang_of(SLICE("# Databricks notebook source\nx")),
	    LANG_PYTHON);
	assert_int_equal(lang_of(SLICE("import x")), LANG_PYTHON);
	assert_int_equal(lang_of(SLICE("")), LANG_PYTHON);
	assert_string_equal(lang_extension(LANG_SQL), "sql");
	assert_string_equal(lang_extension(LANG_SCALA), "scala");
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

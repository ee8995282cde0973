#include "base/base.h"

#include "lang/lang.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* One letter a byte: what kind of word it belongs to, blank for plain. */
static const char *
painted(struct arena *a, struct slice text)
{
	static const char letter[SPAN__COUNT] = {
	    [SPAN_KEYWORD] = 'k',
	    [SPAN_STRING] = 's',
	    [SPAN_NUMBER] = 'n',
	    [SPAN_COMMENT] = 'c',
	    [SPAN_FUNCTION] = 'f',
	    [SPAN_CONSTANT] = 'C',
	    [SPAN_DECORATOR] = 'd',
	    [SPAN_TYPE] = 't',
	};
	struct spans spans = {0};
	struct buf b;
	size_t i;

	lang_highlight(a, LANG_PYTHON, text, &spans);
	buf_init(&b, a, text.n);
	for (i = 0; i < spans.n; i++) {
		const struct span *s = &spans.v[i];

		assert_true(s->start >= b.n && s->start < s->end);
		assert_true(s->end <= text.n && s->kind != SPAN_PLAIN);
		while (b.n < s->start)
			buf_add_chr(&b, ' ');
		while (b.n < s->end)
			buf_add_chr(&b, letter[s->kind]);
	}
	return buf_str(&b);
}

static void
test_kinds(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
	    {"", ""},
	    {"x = y", ""},
	    {"x = 1.5 # one", "    nnn ccccc"},
	    {"if not a in b: pass", "kk kkk   kk    kkkk"},
	    {"a is not None or False", "  kk kkk CCCC kk CCCCC"},
	    {"MAX_ROWS = F.col('a')", "CCCCCCCC     fff sss"},
	    {"f(x).g.h(K=1)", "f      f   n"},
	    {"Status.DONE", "       CCCC"},
	    {"def f(a: int = 1) -> dict[str, T.X]:",
	        "kkk f    ttt   n     tttt ttt  t t"},
	    {"class A(B): x: 'Y'", "kkkkk t        sss"},
	    {"@dlt.table(n='x')\ndef f(): ...",
	        "dddddddddd   sss  kkk f    CCC"},
	    {"f\"a{x!r:>{w}}b{{\" 'c'", "sss  ssss    ssss sss"},
	    {"f'{g(\"a\", 1)}'", "ss f sss  n  s"},
	    {"rb'\\n' \"\"\"a\nb\"\"\"", "ssssss sssssssss"},
	    {"match x:\n  case 1: pass", "kkkkk      kkkk n  kkkk"},
	    {"print(match)", "fffff"},
	    {"\xc3\xa4 = '\xc3\xb6'", "     ssss"},
	    /* What is no Python still has words. */
	    {"x = = 1 if", "      n kk"},
	    {"f('a' (\nreturn 1", "  sss          n"},
	    {"x = 'a\ny = 1", "           n"},
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		const char *got = painted(&a, slice_of(cases[i].text));

		if (!str_eq(got, cases[i].want))
			fail_msg("%s\n%s\n%s", cases[i].text, got,
			    cases[i].want);
	}
	arena_done(&a);
}

/* Cells do not spoil each other, and no bytes do harm. */
static void
test_cells(void **state)
{
	static const char text[] = "# Databricks notebook source\n"
	                           "x = '''\n"
	                           "# COMMAND ----------\n"
	                           "y = 1\n";
	struct arena a = ARENA_INIT;

	(void)state;
	assert_true(str_ends(painted(&a, slice_of(text)), "cc     n"));
	painted(&a, SLICE("x\0 = \xff'a\xff\n\xe2\x80"));
	arena_done(&a);
}

/* As long as a generated notebook may be, and longer than we parse. */
static void
test_long(void **state)
{
	struct arena a = ARENA_INIT;
	struct spans spans = {0};
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, &a, (size_t)1024 * 1024);
	for (i = 0; i < 20000; i++)
		buf_add_str(&b, "x = f('a', 1)\n");
	lang_highlight(&a, LANG_PYTHON, buf_slice(&b), &spans);
	assert_int_equal(spans.n, 60000);
	/* One statement of that size, which is painted line by line. */
	spans = (struct spans){0};
	buf_init(&b, &a, (size_t)1024 * 1024);
	buf_add_str(&b, "if x:\n");
	for (i = 0; i < 20000; i++)
		buf_add_str(&b, "  x = f('a', 1)\n");
	lang_highlight(&a, LANG_PYTHON, buf_slice(&b), &spans);
	assert_int_equal(spans.n, 60001);
	spans = (struct spans){0};
	buf_init(&b, &a, (size_t)1024 * 1024);
	for (i = 0; i < 100000; i++)
		buf_add_str(&b, "(1,");
	buf_add_str(&b, "\n");
	lang_highlight(&a, LANG_PYTHON, buf_slice(&b), &spans);
	assert_int_equal(spans.n, 0);
	arena_done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_kinds),
	    cmocka_unit_test(test_cells),
	    cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

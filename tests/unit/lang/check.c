#include "base/base.h"

#include "lang/lang.h"

#include "base/buf.h"
#include "base/clock.h"
#include "lang/tree.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define CELL "# COMMAND ----------\n"
#define NOTEBOOK "# Databricks notebook source\n"

static void
test_good(void **state)
{
	static const char *const cases[] = {
	    "",
	    "\n\n",
	    "# only a comment",
	    "\xef\xbb\xbfx = 1\n",
	    "x = 1",
	    "x = 1\r\ny = 2\r\n",
	    "def f(a, /, b, *, c=1, **d):\n\treturn a\n",
	    "if a:\n    b\nelif c: d\nelse:\n    e\n",
	    "try:\n  a\nexcept* E as e:\n  b\nfinally:\n  c\n",
	    "match x:\n    case {\"a\": 1}:\n        pass\n",
	    "match = case = type = 1\nprint(match.group(1))\n",
	    "print >>f, x\nprint - 1\nprint in y\n",
	    "@a.b(c)\n# note\n@d\nasync def f() -> dict[str, T]:\n  ...\n",
	    "x = (1,\n     2)\ny = [\n]\n",
	    "x = 1 + \\\n    2\n",
	    "x = a if b else c\nf = lambda *, k: k\n",
	    "s = 'it''s' \"a\" f'{x}' rb'\\\\'\n",
	    "s = f\"{x!r:>{w}} {{}} {d['k']} {y:%Y-%m-%d (%H)}\"\n",
	    "s = f\"{x[\"k\"]}\"\n",
	    "s = rf'\\{x}' f'\\N{DIGIT ONE}'\n",
	    "s = f'''{\nx\n}'''\n",
	    "s = '''a\n  b'''; t = 1\n",
	    "s = 'a\\\nb'\n",
	    "n = 1_000 + 0x1F + 1e-5 + 1.5.real + 1..real + .5 + 1j\n",
	    "n = 1if x else 2\n",
	    "from . import a\nfrom .. import (b, c,)\nfrom d import *\n",
	    "\xc3\xa4\xc3\xb6 = '\xe2\x80\x9cquoted\xe2\x80\x9d'\n",
	    "x[:, 1] = y[..., None]\n",
	    "for x, in y: z = ... if x is not None else not y\n",
	    "for x in y: pass\nelse: pass\n",
	    "class A: pass\nclass B(A, metaclass=M):\n  x: int = 1\n",
	    "def f(x=1, *args): yield\nraise\n",
	    "if x:\n\tif y:\n\t\tz\n",
	    "async def f():\n  async with a as b, c:\n    await d\n",
	    "with (open(a) as b, open(c) as d):\n  pass\n",
	    /* Two cells, the first of which ends with a comment. */
	    NOTEBOOK "x = 1\n# note\n" CELL "y = 2\n",
	    /* Python does not look at them together either. */
	    NOTEBOOK "if a:\n  b\n" CELL "# MAGIC %sql it's (\nc\n",
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct lang_error e = {0};

		if (!lang_check(&a, LANG_PYTHON, slice_of(cases[i]), &e))
			fail_msg("%s: %zu:%zu %s", cases[i], e.line, e.column,
			    e.message);
	}
	arena_done(&a);
}

static const char near[] = "This is not valid Python near ";
static const char comma[] = "Something is missing here, perhaps a comma";

static const struct {
	const char *text;
	size_t line;
	size_t column;
	const char *message; /* how it starts */
} bad[] = {
    /* brackets */
    {"a = 1\nb = f(1, 2\n\nc = 3\n", 2, 6, "\"(\" is never closed."},
    {"f(1, [2\nreturn 3\n", 1, 6, "\"[\" is never closed."},
    {"f(1,\n  2]\n", 2, 4, "\"]\" does not close the \"(\" of line 1."},
    {"f(1))\n", 1, 5, "\")\" closes nothing."},
    {"f(a\n  b)\n", 1, 4, comma},
    {"f(a b)\n", 1, 4, comma},
    {"f(a,, b)\n", 1, 5, "A value is missing here."},
    {"f(def)\n", 1, 3, "\"def\" cannot stand within brackets."},
    /* strings */
    {"x = 'abc\ny = 1\n", 1, 5, "The string is not closed on its line."},
    {"x = 1\ny = \"\"\"abc\n", 2, 5, "The string in triple quotes"},
    {"x = f'{a'\n", 1, 7, "\"{\" is never closed."},
    {"x = f'{a\n", 1, 5, "The string is not closed on its line."},
    {"x = f'a}'\n", 1, 8, "A single \"}\""},
    {"x = f'{a:>5\n'\n", 1, 5, "The string is not closed on its line."},
    {"x = f'{a)}'\n", 1, 9, "\")\" does not close the \"{\" of line 1."},
    /* lines and blocks */
    {"if x:\ny = 1\n", 2, 1, "The indented block of line 1 is missing."},
    {"class A:\n", 1, 1, "The indented block of this line is missing."},
    {"x = 1\n  y = 2\n", 2, 3, "The line is indented more"},
    {"  x = 1\n", 1, 3, "The line is indented more"},
    {"if x:\n    a\n  b\n", 3, 3, "The indentation fits none"},
    {"if x:\n        a\n\tb\n", 3, 2, "The indentation mixes tabs"},
    {"def f(x)\n    return x\n", 1, 9, "A \":\" is missing here."},
    {"for i in f(3) g(i)\n", 1, 14, "A \":\" is missing here."},
    {"x = 1 +\ny = 2\n", 1, 8, "The line ends in the middle"},
    {"x =\ny = 2\n", 1, 4, "The line ends in the middle"},
    {"import\nx\n", 1, 7, "The line ends in the middle"},
    {"x = {1: 2}:\n  y\n", 1, 12, "The line ends with \":\" but"},
    {"else:\n  x\n", 1, 1, "There is nothing above that \"else\""},
    {"if a:\n  b\nc\nelif d: e\n", 4, 1, "There is nothing above"},
    /* values */
    {"x = 1 2\n", 1, 6, comma},
    {"x = 'a' b\n", 1, 8, comma},
    {"Here is the code\n", 1, 12, comma},
    {"print 'a'\n", 1, 7, "This is a function in Python 3;"},
    {"a.class = 1\n", 1, 3, "\"class\" is a word of Python"},
    {"x = else\n", 1, 5, "\"else\" cannot stand here."},
    {"return if x\n", 1, 8, "\"if\" cannot stand here."},
    /* characters */
    {"x = \xe2\x80\x9c"
     "a\n",
        1, 5, "The character \xe2\x80\x9c (U+201C)"},
    {"x =\xc2\xa0"
     "1\n",
        1, 4, "The invisible character U+00A0"},
    {"x = a ? b : c\n", 1, 7, "The character ? is not used"},
    {"```python\n", 1, 1, "The character ` is not used"},
    {"%pip install x\n", 1, 1, "A magic command is written"},
    {"x = '\xff'\n", 1, 6, "The text is not UTF-8 here."},
    /* the grammar */
    {"x = = 3\n", 1, 5, near},
    {"x = 1\ny = a..b\nz = 1\n", 2, 7, near},
    {"class A:\n  def f(self):\n    x = 1\n  def (self):\n    y\n", 4, 3, near},
    {"if a:\n  b\nelif\n", 3, 5, "A \":\" is missing here."},
    {"try:\n  a\nexcept E as :\n  b\n", 3, 12,
        "A name or a value is missing here."},
    {"match x:\n  case 1 +:\n    y\n", 2, 10,
        "This is not valid Python near \"+:\"."},
    {"@a b\ndef f(): pass\n", 1, 3, comma},
    /* cells */
    {NOTEBOOK "x = 1\n" CELL "f(\n" CELL "y = = 1\n", 4, 2,
        "\"(\" is never closed."},
    {NOTEBOOK "x = = 1\n" CELL "f(\n", 2, 5, near},
    {NOTEBOOK "if x:\n" CELL "  y\n", 2, 1, "The indented block of this"},
};

static void
test_bad(void **state)
{
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(bad); i++) {
		struct lang_error e = {0};
		struct slice text = slice_of(bad[i].text);

		if (lang_check(&a, LANG_PYTHON, text, &e))
			fail_msg("%s: accepted", bad[i].text);
		if (e.line != bad[i].line || e.column != bad[i].column ||
		    !str_starts(e.message, bad[i].message))
			fail_msg("%s: %zu:%zu %s", bad[i].text, e.line,
			    e.column, e.message);
	}
	arena_done(&a);
}

static void
test_nul(void **state)
{
	struct arena a = ARENA_INIT;
	struct lang_error e = {0};

	(void)state;
	assert_false(lang_check(&a, LANG_PYTHON, SLICE("x = 1\ny\0= 2\n"), &e));
	assert_int_equal(e.line, 2);
	assert_int_equal(e.column, 2);
	arena_done(&a);
}

/* A text as the parts say, the middle one repeated. */
static struct slice
repeated(struct arena *a, const char *before, const char *part, size_t n,
    const char *after)
{
	struct buf b;

	buf_init(&b, a, LANG_MAX_BYTES * 2);
	buf_add_str(&b, before);
	while (n-- > 0)
		buf_add_str(&b, part);
	buf_add_str(&b, after);
	return buf_slice(&b);
}

/* Texts that are large, deep or hostile: an answer in a short time. */
static void
test_limits(void **state)
{
	static const struct {
		const char *before;
		const char *part;
		size_t n;
		const char *after;
		const char *message; /* "" if there is none */
	} cases[] = {
	    {"", "x = f(1)\n", 100000, "", ""},
	    {"", "x = f(1)\n", 100000, "y = = 1\n", near},
	    {"x = [\n", "  f('a', 1),\n", 4000, "]\n", ""},
	    {"x = [\n", "  f('a', 1),\n", 4000, "f(..1)]\n", near},
	    {"x = [", "1,", 40000, "]\n", "The statement is too long"},
	    {"class A:\n", "  x = f('a')\n", 20000, "", ""},
	    {"class A:\n", "  x = f('a')\n", 20000, "  y = = 1\n", near},
	    {"", "(", 200000, "", "\"(\" is never closed."},
	    {"", "f\"{", 60000, "", "\"{\" is never closed."},
	    {"", "(", 20000, "\n", "\"(\" is never closed."},
	    {"x = ", "(", 20000, ")\n", "\"(\" is never closed."},
	    {"x = ", "-", 20000, "1\n", ""},
	    {"x = ", "a if ", 10000, "\n", "The line ends in the middle"},
	    {"", "if x:\n", 20000, "", "The indented block of line 1"},
	    {"(", "1+", 300000, "1\n\na b c d e f g)", comma},
	    {NOTEBOOK, "(]\n" CELL, 50000, "", "\"]\" does not close"},
	    {"", "#", LANG_MAX_BYTES + 1, "", "The text is too long"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct arena a = ARENA_INIT;
		struct lang_error e = {.message = ""};
		struct slice text = repeated(&a, cases[i].before, cases[i].part,
		    cases[i].n, cases[i].after);
		bool ok = lang_check(&a, LANG_PYTHON, text, &e);

		if (ok != str_empty(cases[i].message) ||
		    !str_starts(e.message, cases[i].message))
			fail_msg("%s: %zu:%zu %s", cases[i].part, e.line,
			    e.column, e.message);
		arena_done(&a);
	}
}

static void
test_deadline(void **state)
{
	struct deadline past = {clock_monotonic_us() - 1};
	SCOPED(tree_done) TSTree *tree = NULL;

	(void)state;
	assert_null(tree_parse(SLICE("x = 1\n"), 4, past));
	tree = tree_parse(SLICE("x = 1\n"), 4, tree_deadline(6));
	assert_non_null(tree);
	assert_false(ts_node_has_error(ts_tree_root_node(tree)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good),
	    cmocka_unit_test(test_bad),
	    cmocka_unit_test(test_nul),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_deadline),
	};

	tree_least_us = INT64_C(600000000);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

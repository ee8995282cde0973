#include "base/base.h"

#include "lang/lang.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define CELL "# COMMAND ----------\n"
#define NOTEBOOK "# Databricks notebook source\n"

static const struct {
	const char *text;
	const char *want; /* "first-last title", a line each */
} cases[] = {
    {"", ""},
    {"\n \n", ""},
    {NOTEBOOK, ""},
    {NOTEBOOK CELL "\n" CELL, ""},
    {"x = 1\ny = 2", "1-2 x\n"},
    {"\nimport a\nx = 1\n\n", "2-3 x\n"},
    {"import a\nf(x=1)\n", "1-2 import a\n"},
    /* Without the first line it is no notebook. */
    {"x = 1\n" CELL "y = 2\n", "1-3 x\n"},
    {NOTEBOOK "x = 1\n\n" CELL "\ny = 2\n", "2-2 x\n6-6 y\n"},
    {"\xef\xbb\xbf" NOTEBOOK "x = 1\n" CELL "y = 2\n", "1-2 x\n4-4 y\n"},
    {NOTEBOOK "# MAGIC %md\n# MAGIC # Load **orders**\n# MAGIC Words.\n",
        "2-4 Load **orders**\n"},
    {NOTEBOOK "# MAGIC %md ## Short\n", "2-2 Short\n"},
    {NOTEBOOK "# MAGIC %md\n# MAGIC No heading.\n", "2-3 No heading.\n"},
    {NOTEBOOK "# MAGIC %sql\n# MAGIC SELECT 1\n", "2-3 %sql\n"},
    {NOTEBOOK "# DBTITLE 1,Read it\n# Not this\nx = 1\n", "2-4 Read it\n"},
    {NOTEBOOK "# ------\n# First words\ndef f():\n", "2-4 First words\n"},
    {NOTEBOOK "import a\ndef read(x):\n    # no\n", "2-4 read\n"},
    {NOTEBOOK "class A(B):\n  x = 1\n", "2-3 A\n"},
    {NOTEBOOK "async def g():\n  pass\n", "2-3 g\n"},
    {NOTEBOOK "f()\na.b, c = 1, 2\n", "2-3 a.b, c\n"},
    {NOTEBOOK "x: int = 3\n", "2-2 x\n"},
    {NOTEBOOK "if x == 1:\n    y = 2\n", "2-3 if x == 1:\n"},
    {NOTEBOOK "\"\"\"The module.\"\"\"\nx = 1\n", "2-3 The module.\n"},
    {NOTEBOOK ")\n", "2-2 ...\n"},
    {NOTEBOOK "x = 1\r\n# COMMAND ----------  \r\ny = 2\r\n", "2-2 x\n4-4 y\n"},
    /* Not a separator. */
    {NOTEBOOK "x = 1\n  " CELL "#COMMAND ----------\n", "2-4 x\n"},
    {"-- Databricks notebook source\n-- Rows\nSELECT 1\n"
     "-- COMMAND ----------\nSELECT 2\n",
        "2-3 Rows\n5-5 SELECT 2\n"},
    {"// Databricks notebook source\n// COMMAND ----------\n"
     "object Job {\n",
        "3-3 Job\n"},
};

static void
test_sections(void **state)
{
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct sections sections = {0};
		struct buf b;
		size_t j;

		buf_init(&b, &a, 1000);
		lang_sections(&a, slice_of(cases[i].text), &sections);
		for (j = 0; j < sections.n; j++)
			buf_printf(&b, "%zu-%zu %s\n", sections.v[j].first_line,
			    sections.v[j].last_line, sections.v[j].title);
		if (!str_eq(buf_str(&b), cases[i].want))
			fail_msg("%s\n%s", cases[i].text, buf_str(&b));
	}
	arena_done(&a);
}

static void
test_long_title(void **state)
{
	struct arena a = ARENA_INIT;
	struct sections sections = {0};
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, &a, 1000);
	buf_add_str(&b, "# ");
	for (i = 0; i < 100; i++)
		buf_add_str(&b, "\xc3\xa4");
	lang_sections(&a, buf_slice(&b), &sections);
	assert_int_equal(sections.n, 1);
	assert_int_equal(utf8_length(slice_of(sections.v[0].title)), 80);
	arena_done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sections),
	    cmocka_unit_test(test_long_title),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/base.h"

#include "model/reply.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
test_code_is_found(void **state)
{
	static const struct {
		const char *answer;
		const char *code;
		size_t line;
		bool cut;
		bool prose;
	} cases[] = {
	    {"```python\nx = 1\n```\n", "x = 1\n", 2, false, false},
	    {"```py\nx = 1\n```", "x = 1\n", 2, false, false},
	    {"~~~\nx = 1\n~~~\n", "x = 1\n", 2, false, false},
	    {"````python\ns = '''\n```\n'''\n````\n", "s = '''\n```\n'''\n", 2,
	        false, false},
	    {"Here is the code:\n\n```Python\nx = 1\n```\n\nIt does one thing "
	     "and one thing alone.\n",
	        "x = 1\n", 4, false, true},
	    {"```bash\npip install delta-spark==3.2.0 pyspark==3.5.0\n```\n"
	     "```python\nx = 1\n```\n",
	        "x = 1\n", 5, false, true},
	    {"```python\nx = 1\n```\nor\n```python\nx = 1\ny = 2\n```\n",
	        "x = 1\ny = 2\n", 6, false, true},
	    {"```python\nx = 1\ny = ", "x = 1\ny = ", 2, true, false},
	    {"x = 1\n", "x = 1\n", 1, false, false},
	    {"# Databricks notebook source\nx = 1\n",
	        "# Databricks notebook source\nx = 1\n", 1, false, false},
	    {"Sure, here it is.\n\nimport re\nx = 1\n\nLet me know if it "
	     "helps.\n",
	        "import re\nx = 1\n", 3, false, true},
	    {"# The load\nfrom pyspark.sql import functions as F\n",
	        "from pyspark.sql import functions as F\n", 2, false, true},
	    {"1. A list\n```\r\nx = 1\r\n```\r\n", "x = 1\r\n", 3, false, true},
	    {"  ```python\n  x = 1\n  ```\n", "  x = 1\n", 2, false, false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct reply r;

		reply_read(slice_of(cases[i].answer), &r);
		if (!slice_is(r.code, cases[i].code) ||
		    r.first_line != cases[i].line || r.is_cut != cases[i].cut ||
		    r.has_prose != cases[i].prose)
			fail_msg("%s: line %zu, cut %d, prose %d: %.*s",
			    cases[i].answer, r.first_line, r.is_cut,
			    r.has_prose, (int)r.code.n, r.code.p);
	}
}

static void
test_there_is_no_code(void **state)
{
	static const char *const cases[] = {"", "\n \n", "I cannot do that.",
	    "```sql\nSELECT 1\n```", "```python\n\n```\n", "```",
	    "from here on, nothing", "The answer is (a) or (b)."};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct reply r;

		reply_read(slice_of(cases[i]), &r);
		if (r.code.n > 0)
			fail_msg("%s: %.*s", cases[i], (int)r.code.n, r.code.p);
		assert_int_equal(r.first_line, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_code_is_found),
	    cmocka_unit_test(test_there_is_no_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

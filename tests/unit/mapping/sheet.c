#include "base/base.h"

#include "mapping/sheet.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* A sheet in one line: headers and rows by |, cells by !, row numbers first. */
static const char *
show(struct arena *a, const struct sheet *s)
{
	struct buf b;
	size_t i;
	size_t k;

	buf_init(&b, a, SHEET_MAX_BYTES);
	buf_printf(&b, "%" PRId64, s->header_row);
	for (k = 0; k < s->n_headers; k++)
		buf_printf(&b, "!%s", s->header[k]);
	for (i = 0; i < s->rows.n; i++) {
		buf_printf(&b, "|%" PRId64, s->rows.v[i].row);
		for (k = 0; k < s->n_headers; k++)
			buf_printf(&b, "!%s", s->rows.v[i].cell[k]);
	}
	return buf_str(&b);
}

static const struct {
	const char *text;
	const char *want;
	char separator;
	const char *newline;
} shapes[] = {
    {"a,b\n1,2\n", "1!a!b|2!1!2", ',', "\n"},
    {"a,b\r\n1,2", "1!a!b|2!1!2", ',', "\r\n"},
    {"a,b\r1,2\r", "1!a!b|2!1!2", ',', "\r"},
    {"a,b\r\n1,2\n3,4\r", "1!a!b|2!1!2|3!3!4", ',', "\r\n"},
    {"a", "1!a", ',', "\n"},
    {"a,", "1!a", ',', "\n"},
    {"a,\n1,2", "1!a!|2!1!2", ',', "\n"},
    {"a;b;c\n1;2", "1!a!b!c|2!1!2!", ';', "\n"},
    {"a\tb\n1\t2\n", "1!a!b|2!1!2", '\t', "\n"},
    {"a|b\n1|2\n", "1!a!b|2!1!2", '|', "\n"},
    /* Empty rows and columns at the edges; a row number stays. */
    {"\n\na,b\n\n1,2\n,\n ,\t\n3,4\n\n", "3!a!b|5!1!2|8!3!4", ',', "\n"},
    {"a,b,,\n1,2,,\n3,4,,\n", "1!a!b|2!1!2|3!3!4", ',', "\n"},
    {",a,,b\n,1,,2\n", "1!!a!!b|2!!1!!2", ',', "\n"},
    /* Quotes */
    {"a,b\n\"1,1\",\"2\n2\"\n3,4\n", "1!a!b|2!1,1!2\n2|3!3!4", ',', "\n"},
    {"a,b\n\"say \"\"x\"\"\",\"\"\n", "1!a!b|2!say \"x\"!", ',', "\n"},
    {"a,b\n\"\"\"\",x\n", "1!a!b|2!\"!x", ',', "\n"},
    {"a,b\n \"1\" , \"2,2\"\t\n", "1!a!b|2!1!2,2", ',', "\n"},
    {"a,b\n1 \"x\" y,\" 2 \"\n", "1!a!b|2!1 \"x\" y! 2 ", ',', "\n"},
    {"a,b\n\"x\r\ny\rz\",2\n", "1!a!b|2!x\ny\nz!2", ',', "\n"},
    /* The separator that Excel is told */
    {"sep=;\na;b\n1;2\n", "2!a!b|3!1!2", ';', "\n"},
    {"SEP=|\r\na|b\r\n", "2!a!b", '|', "\r\n"},
    {"sep=,\na;b\n", "2!a;b", ',', "\n"},
    {"sep=x\n", "1!sep=x", ',', "\n"},
    /* Headers known here say which separator it is. */
    {"target_table;rule\nx;a,b,c\ny;1,5\n",
        "1!target_table!rule|2!x!a,b,c|3!y!1,5", ';', "\n"},
    {"rule,target_table\na;b;c,x\n1;5;6,y\n",
        "1!rule!target_table|2!a;b;c!x|3!1;5;6!y", ',', "\n"},
    {"Rule (a, b, c, d)|Target Table\nx|y\n",
        "1!Rule (a, b, c, d)!Target Table|2!x!y", '|', "\n"},
    /* Without any, what makes even rows. */
    {"Quelle;Ziel\na;1,5\nb;2,5\n", "1!Quelle!Ziel|2!a!1,5|3!b!2,5", ';', "\n"},
};

static void
test_shapes(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(shapes); i++) {
		struct problems problems = {0};
		struct arena a = ARENA_INIT;
		struct sheet s;

		if (!sheet_read(&a, slice_of(shapes[i].text), &s, &problems))
			fail_msg("%s", shapes[i].text);
		assert_int_equal(problems.n, 0);
		assert_string_equal(show(&a, &s), shapes[i].want);
		assert_int_equal(s.separator, shapes[i].separator);
		assert_string_equal(s.newline, shapes[i].newline);
		arena_done(&a);
	}
}

static void
test_extra_cells(void **state)
{
	struct problems problems = {0};
	struct arena a = ARENA_INIT;
	struct sheet s;

	(void)state;
	assert_true(sheet_read(&a, SLICE("a,b\n1,2,3,,5\n6,7\n"), &s,
	    &problems));
	assert_string_equal(show(&a, &s), "1!a!b!!!|2!1!2!3!!5|3!6!7!!!");
	assert_int_equal(s.n_extra, 3);
	assert_int_equal(problems.n, 1);
	assert_int_equal(problems.v[0].code, M_EXTRA_CELLS);
	assert_int_equal(problems.v[0].row, 2);
	assert_int_equal(problems.v[0].column, 2);
	/* Nothing that was typed is lost by writing, and nothing is invented:
	 * the header row stays as it is. */
	assert_true(slice_is(sheet_write(&a, &s), "a,b\n1,2,3,,5\n6,7,,,\n"));
	s.header[3] = "d";
	assert_true(slice_is(sheet_write(&a, &s),
	    "a,b,,d\n1,2,3,,5\n6,7,,,\n"));
	arena_done(&a);
}

static void
test_write(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
	    {"a,b\n1,2\n", "a,b\n1,2\n"},
	    {"\xef\xbb\xbf"
	     "a;b\r\n\r\n1;2\r\n",
	        "a;b\n\n1;2\n"},
	    {"\n\na,b\n1,2\n", "\n\na,b\n1,2\n"},
	    {"sep=|\na|b\n1|2\n", "sep=|\na|b\n1|2\n"},
	    {"a,b\n\"x\"\"y\",\"1\n2\"\n", "a,b\n\"x\"\"y\",\"1\n2\"\n"},
	    {"a,b\n\"plain\",\"x;y\"\n", "a,b\nplain,\"x;y\"\n"},
	    {"a,b\n 1 ,2\n", "a,b\n 1 ,2\n"},
	    {"gr\xfcn,b\n", "gr\xc3\xbcn,b\n"},
	    {"\"sep=x\",b\n", "\"sep=x\",b\n"},
	    {"\"<html\",b\n", "\"<html\",b\n"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct problems problems = {0};
		struct arena a = ARENA_INIT;
		struct sheet s;
		struct sheet again;
		struct slice out;

		assert_true(sheet_read(&a, slice_of(cases[i].text), &s,
		    &problems));
		out = sheet_write(&a, &s);
		if (!slice_is(out, cases[i].want))
			fail_msg("%s", out.p);
		assert_true(sheet_read(&a, out, &again, &problems));
		assert_string_equal(show(&a, &again), show(&a, &s));
		assert_int_equal(again.separator, s.separator);
		arena_done(&a);
	}
}

static void
test_torn(void **state)
{
	static const struct {
		const char *text;
		int column; /* -1: no problem */
	} cases[] = {
	    {"a,b,c\nf(x, y)\n", 0},
	    {"a,b,c\nz,f(g(x, 1), y)\n", -2},
	    {"a,b,c\n(x), y)\n", -1},
	    {"a,b,c\n\"f(x\", y)\n", -1},
	    {"a,b,c\n'(', y)\n", -1},
	    {"a;b;c\nf(x; y)\n", -1},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct problems problems = {0};
		struct arena a = ARENA_INIT;
		struct sheet s;

		assert_true(sheet_read(&a, slice_of(cases[i].text), &s,
		    &problems));
		assert_int_equal(problems.n, cases[i].column != -1);
		if (problems.n > 0)
			assert_int_equal(problems.v[0].code,
			    cases[i].column < 0 ? M_EXTRA_CELLS : M_CELL_TORN);
		if (cases[i].column >= 0)
			assert_int_equal(problems.v[0].column, cases[i].column);
		arena_done(&a);
	}
}

/* Sheets that say nothing in many bytes take no time. */
static void
test_much_of_nothing(void **state)
{
	static const char fill[] = {',', '\n', '"', ' ', ';', 'x', '(', '\t'};
	struct arena a = ARENA_INIT;
	size_t n = SHEET_MAX_BYTES;
	char *p = arena_alloc(&a, n);
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(fill); i++) {
		struct problems problems = {0};
		struct arena b = ARENA_INIT;
		struct sheet s;

		memset(p, fill[i], n);
		if (!sheet_read(&b, (struct slice){p, n}, &s, &problems))
			assert_int_equal(problems.n, 1);
		arena_done(&b);
	}
	arena_done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_shapes),
	    cmocka_unit_test(test_extra_cells),
	    cmocka_unit_test(test_write),
	    cmocka_unit_test(test_torn),
	    cmocka_unit_test(test_much_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

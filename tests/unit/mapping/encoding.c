#include "base/base.h"

#include "mapping/encoding.h"

#include "mapping/sheet.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define BYTES(literal) "" literal, sizeof(literal) - 1

static void
test_texts(void **state)
{
	static const struct {
		const char *p;
		size_t n;
		const char *want;
		const char *encoding;
		bool bom;
	} cases[] = {
	    {BYTES(""), "", "UTF-8", false},
	    {BYTES("a,b"), "a,b", "UTF-8", false},
	    {BYTES("\xef\xbb\xbf"
	           "a"),
	        "a", "UTF-8", true},
	    {BYTES("\xef\xbb\xbf\xef\xbb\xbf"
	           "a"),
	        "a", "UTF-8", true},
	    {BYTES("gr\xc3\xbcn"), "gr\xc3\xbcn", "UTF-8", false},
	    {BYTES("a\x1a"), "a", "UTF-8", false},
	    {BYTES("gr\xfcn"), "gr\xc3\xbcn", "Windows-1252", false},
	    {BYTES("5 \x80, \x93x\x94"),
	        "5 \xe2\x82\xac, \xe2\x80\x9cx\xe2\x80\x9d", "Windows-1252",
	        false},
	    {BYTES("\xff\xfe"
	           "a\0\xe4\0"),
	        "a\xc3\xa4", "UTF-16LE", true},
	    {BYTES("\xfe\xff"
	           "\0a\0\xe4"),
	        "a\xc3\xa4", "UTF-16BE", true},
	    {BYTES("a\0b\0,\0"), "ab,", "UTF-16LE", false},
	    {BYTES("\0a\0b\0,"), "ab,", "UTF-16BE", false},
	    {BYTES("\xff\xfe\x3d\xd8\x00\xde"), "\xf0\x9f\x98\x80", "UTF-16LE",
	        true},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct slice s = {cases[i].p, cases[i].n};
		struct problems problems = {0};
		struct arena a = ARENA_INIT;
		struct decoded d;

		assert_true(encoding_decode(&a, s, &d, &problems));
		assert_int_equal(problems.n, 0);
		assert_string_equal(d.p, cases[i].want);
		assert_int_equal(d.n, slice_of(cases[i].want).n);
		assert_string_equal(d.encoding, cases[i].encoding);
		assert_int_equal(d.bom, cases[i].bom);
		arena_done(&a);
	}
}

static void
test_refused(void **state)
{
	static const struct {
		const char *p;
		size_t n;
		enum err_code code;
		const char *says;
	} cases[] = {
	    {BYTES("PK\x03\x04zip"), M_NOT_TEXT, "Excel"},
	    {BYTES("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), M_NOT_TEXT, ".xls"},
	    {BYTES("%PDF-1.4"), M_NOT_TEXT, "PDF"},
	    {BYTES("\x1f\x8b\x08"), M_NOT_TEXT, "gzip"},
	    {BYTES("\x89PNG\r\n\x1a\n"), M_NOT_TEXT, "PNG"},
	    {BYTES("PAR1\x15\x04"), M_NOT_TEXT, "Parquet"},
	    {BYTES(" <HTML><body>"), M_NOT_TEXT, "web page"},
	    {BYTES("<?xml version=\"1.0\"?>"), M_NOT_TEXT, "XML"},
	    {BYTES("a,b\nc\0,d"), M_NOT_TEXT, "zero"},
	    {BYTES("\xff\xfe\0\0"), M_NOT_TEXT, "zero"},
	    {BYTES("\xef\xbb\xbf"
	           "a\n\xfc"),
	        M_ENCODING, "line 2"},
	    {BYTES("\xc3\xbc\n\xc3\xbc\r\n\xfc"), M_ENCODING, "line 3"},
	    {BYTES("a\x81"), M_ENCODING, "0x81"},
	    {BYTES("\xff\xfe"
	           "a\0b"),
	        M_ENCODING, "UTF-16"},
	    {BYTES("\xff\xfe"
	           "a\0\n\0\x00\xd8"),
	        M_ENCODING, "line 2"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct slice s = {cases[i].p, cases[i].n};
		struct problems problems = {0};
		struct arena a = ARENA_INIT;
		struct decoded d;

		assert_false(encoding_decode(&a, s, &d, &problems));
		assert_int_equal(problems.n, 1);
		assert_int_equal(problems.v[0].code, cases[i].code);
		assert_int_equal(problems.v[0].row, 0);
		assert_int_equal(problems.v[0].column, -1);
		if (!strstr(problems.v[0].message, cases[i].says))
			fail_msg("%s", problems.v[0].message);
		arena_done(&a);
	}
}

/* A person with a workbook is told how to make a CSV of it. */
static void
test_workbook_fix(void **state)
{
	struct problems problems = {0};
	struct arena a = ARENA_INIT;
	struct decoded d;

	(void)state;
	assert_false(encoding_decode(&a, SLICE("PK\x03\x04"), &d, &problems));
	assert_non_null(strstr(problems.v[0].fix, "CSV UTF-8"));
	assert_non_null(strstr(problems.v[0].fix, "LibreOffice"));
	arena_done(&a);
}

/* The limit holds for what was sent and for what it becomes. */
static void
test_size(void **state)
{
	struct arena a = ARENA_INIT;
	char *p = arena_alloc(&a, SHEET_MAX_BYTES + 1);
	struct problems problems = {0};
	struct decoded d;

	(void)state;
	memset(p, 'a', SHEET_MAX_BYTES + 1);
	assert_true(encoding_decode(&a, (struct slice){p, SHEET_MAX_BYTES}, &d,
	    &problems));
	assert_false(encoding_decode(&a, (struct slice){p, SHEET_MAX_BYTES + 1},
	    &d, &problems));
	assert_int_equal(problems.v[0].code, M_TOO_LARGE);
	memset(p, 0xe4, SHEET_MAX_BYTES / 2 + 1);
	assert_false(encoding_decode(&a, (struct slice){p, SHEET_MAX_BYTES}, &d,
	    &problems));
	assert_int_equal(problems.n, 2);
	assert_int_equal(problems.v[1].code, M_TOO_LARGE);
	arena_done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_texts),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_workbook_fix),
	    cmocka_unit_test(test_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

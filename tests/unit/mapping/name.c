#include "base/base.h"

#include "mapping/name.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
test_trim(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
	    {"", ""},
	    {" \t\r\n", ""},
	    {" a b ", "a b"},
	    {"\xc2\xa0"
	     "a\xc2\xa0 ",
	        "a"}, /* no-break */
	    {"\xef\xbb\xbf"
	     "a",
	        "a"},               /* byte order mark */
	    {"a\xe2\x80\x8b", "a"}, /* zero width */
	    {"\xe2\x80\x8b", ""},
	    {"\xc3\xa4", "\xc3\xa4"},
	    {"\xe2\x82\xac ", "\xe2\x82\xac"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct slice s = cell_trim(slice_of(cases[i].text));

		assert_true(slice_is(s, cases[i].want));
		assert_int_equal(cell_is_blank(slice_of(cases[i].text)),
		    s.n == 0);
	}
}

static void
test_names_without_case(void **state)
{
	static const struct {
		const char *a;
		const char *b;
		bool same;
	} cases[] = {
	    {"", "", true},
	    {"a", "", false},
	    {"Order_ID", "order_id", true},
	    {"orders", "order", false},
	    /* Latin-1, Latin Extended-A, Greek, Cyrillic */
	    {"GR\xc3\x96SSE", "gr\xc3\xb6sse", true},
	    {"\xc3\x97", "\xc3\xb7", false},
	    {"\xc5\x81\xc3\xb3"
	     "d\xc5\xba",
	        "\xc5\x82\xc3\x93"
	        "d\xc5\xb9",
	        true},
	    {"\xc5\xb8", "\xc3\xbf", true},
	    {"\xce\xa3", "\xcf\x83", true},
	    {"\xd0\x8f\xd0\x96", "\xd1\x9f\xd0\xb6", true},
	    /* What is no UTF-8 equals itself alone. */
	    {"\xff", "\xff", true},
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		const char *x = name_fold(&a, slice_of(cases[i].a));
		const char *y = name_fold(&a, slice_of(cases[i].b));

		assert_int_equal(name_equal(cases[i].a, cases[i].b),
		    cases[i].same);
		assert_int_equal(name_equal(cases[i].b, cases[i].a),
		    cases[i].same);
		assert_int_equal(str_eq(x, y), cases[i].same);
	}
	assert_string_equal(name_fold(&a,
	                        SLICE("A\xef\xbf\xbd\xff"
	                              "B")),
	    "a\xef\xbf\xbd\xff"
	    "b");
	arena_done(&a);
}

static void
test_identifiers(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
	    {"sales", "sales"},
	    {"Sales_2024", "Sales_2024"},
	    {"2024", "t_2024"},
	    {"a-b c", "a_b_c"},
	    {"--a--", "a"},
	    {"*", "data"},
	    {"", "data"},
	    {"\xc3\xa4pfel", "pfel"},
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		const char *s = name_make_identifier(&a,
		    slice_of(cases[i].text));

		assert_string_equal(s, cases[i].want);
		assert_true(name_is_identifier(slice_of(s)));
	}
	assert_false(name_is_identifier(SLICE("")));
	assert_false(name_is_identifier(SLICE("1a")));
	assert_false(name_is_identifier(SLICE("a b")));
	assert_true(name_is_identifier(SLICE("_")));
	arena_done(&a);
}

static void
test_invisible(void **state)
{
	static const struct {
		const char *text;
		enum visible kind;
		int at; /* -1: nothing is found */
		uint32_t cp;
	} cases[] = {
	    {"a\tb\r\nc", VISIBLE_TEXT, -1, 0},
	    {"a\xc2\xa0"
	     "b",
	        VISIBLE_TEXT, -1, 0},
	    {"a\xc2\xa0"
	     "b",
	        VISIBLE_NAME, 1, 0xa0},
	    {"ab\x01", VISIBLE_TEXT, 2, 1},
	    {"\x7f", VISIBLE_NAME, 0, 0x7f},
	    {"\xc2\x85", VISIBLE_TEXT, 0, 0x85},
	    {"\xc3\xa4\xe2\x80\xae", VISIBLE_TEXT, 2, 0x202e},
	    {"\xe2\x81\xa6", VISIBLE_TEXT, 0, 0x2066},
	    {"a\xe2\x80\x8d", VISIBLE_TEXT, -1, 0},
	    {"a\xe2\x80\x8d", VISIBLE_NAME, 1, 0x200d},
	    {"a\xe2\x80\x8f", VISIBLE_TEXT, -1, 0},
	    {"a\xe2\x80\x8f", VISIBLE_NAME, 1, 0x200f},
	    {"\xe2\x82\xac", VISIBLE_NAME, -1, 0},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		size_t at = 99;
		size_t n = 99;
		uint32_t cp = 0;
		bool found = text_find_invisible(slice_of(cases[i].text),
		    cases[i].kind, &at, &n, &cp);

		assert_int_equal(found, cases[i].at >= 0);
		if (found) {
			assert_int_equal(at, cases[i].at);
			assert_int_equal(cp, cases[i].cp);
		}
	}
}

static void
test_shown(void **state)
{
	struct arena a = ARENA_INIT;

	(void)state;
	assert_string_equal(text_shown(&a, SLICE("")), "");
	assert_string_equal(text_shown(&a, SLICE(" a\n\n b\x1b[31m ")),
	    "a b [31m");
	assert_string_equal(text_shown(&a,
	                        SLICE("\xe2\x80\xae"
	                              "abc")),
	    "abc");
	assert_string_equal(text_shown(&a,
	                        SLICE("1234567890123456789012345678"
	                              "9012345678901234567890")),
	    "1234567890123456789012345678901234567890\xe2\x80\xa6");
	arena_done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_trim),
	    cmocka_unit_test(test_names_without_case),
	    cmocka_unit_test(test_identifiers),
	    cmocka_unit_test(test_invisible),
	    cmocka_unit_test(test_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

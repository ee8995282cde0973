#include "base/base.h"

#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
test_numbers(void **state)
{
	static const struct {
		const char *text;
		int64_t min;
		int64_t max;
		bool ok;
		int64_t value;
	} cases[] = {
	    {"0", 0, 9, true, 0},
	    {"9", 0, 9, true, 9},
	    {"10", 0, 9, false, 0},
	    {"-1", 0, 9, false, 0},
	    {"-1", -1, 9, true, -1},
	    {"007", 0, 9, true, 7},
	    {"9223372036854775807", 0, INT64_MAX, true, INT64_MAX},
	    {"9223372036854775808", 0, INT64_MAX, false, 0},
	    {"-9223372036854775808", INT64_MIN, 0, true, INT64_MIN},
	    {"-9223372036854775809", INT64_MIN, 0, false, 0},
	    {"", 0, 9, false, 0},
	    {"-", -9, 9, false, 0},
	    {"+1", 0, 9, false, 0},
	    {" 1", 0, 9, false, 0},
	    {"1 ", 0, 9, false, 0},
	    {"1x", 0, 9, false, 0},
	    {"0x1", 0, 9, false, 0},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		int64_t value = 42;
		bool ok = str_to_int(cases[i].text, cases[i].min, cases[i].max,
		    &value);

		if (ok != cases[i].ok)
			fail_msg("%s", cases[i].text);
		assert_int_equal(value, ok ? cases[i].value : 42);
	}
}

static void
test_hundredths(void **state)
{
	static const struct {
		const char *text;
		int64_t value; /* -1: refused */
	} cases[] = {{"0", 0}, {"0.05", 5}, {"0,5", 50}, {"1", 100},
	    {"2.", 200}, {"2.00", 200}, {"1.75", 175}, {"2.01", -1}, {"", -1},
	    {".5", -1}, {"-1", -1}, {"0.055", -1}, {"1e1", -1}, {"1 ", -1},
	    {"0.5.", -1}, {"99999999999999999999", -1}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int64_t value = -1;

		if (str_to_hundredths(cases[i].text, 200, &value) !=
		        (cases[i].value >= 0) ||
		    value != cases[i].value)
			fail_msg("%s", cases[i].text);
	}
}

static void
test_comparing(void **state)
{
	static const char *const words[] = {"a", "b"};

	(void)state;
	assert_true(str_eq("a", "a"));
	assert_false(str_eq("a", NULL));
	assert_true(str_eq(NULL, NULL));
	assert_true(str_ieq("Order_ID", "oRDER_id"));
	assert_false(str_ieq("a", "ab"));
	assert_false(str_ieq("ab", "a"));
	/* ASCII only: a locale must not decide what equals what. */
	assert_false(str_ieq("\xc3\x84", "\xc3\xa4"));
	assert_true(slice_eq((struct slice){NULL, 0}, SLICE("")));
	assert_true(str_starts("abc", "ab"));
	assert_false(str_starts("a", "ab"));
	assert_true(str_ends("abc", "bc"));
	assert_false(str_ends("c", "bc"));
	assert_true(STR_IS_IN("b", words));
	assert_false(STR_IS_IN("B", words));
	assert_false(STR_IS_IN("", words));
}

static void
test_trimming(void **state)
{
	struct arena a = ARENA_INIT;

	(void)state;
	assert_string_equal(str_trim(&a, " \t\r\n a b \v\f"), "a b");
	assert_string_equal(str_trim(&a, "   "), "");
	assert_string_equal(str_trim(&a, ""), "");
	arena_done(&a);
}

static void
test_utf8(void **state)
{
	static const struct {
		const char *text;
		bool valid;
	} cases[] = {
	    {"", true},
	    {"plain", true},
	    {"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", true},
	    {"\xf4\x8f\xbf\xbf", true},
	    {"\xf4\x90\x80\x80", false}, /* above U+10FFFF */
	    {"\xed\xa0\x80", false},     /* a surrogate */
	    {"\xed\x9f\xbf", true},
	    {"\xc0\xaf", false}, /* overlong */
	    {"\xe0\x80\xaf", false},
	    {"\xf0\x80\x80\xaf", false},
	    {"\xc3", false}, /* cut off */
	    {"\xe2\x82", false},
	    {"\x80", false},
	    {"a\xff", false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		if (utf8_valid(slice_of(cases[i].text)) != cases[i].valid)
			fail_msg("case %zu", i);
	}
}

static void
test_utf8_round_trip(void **state)
{
	static const uint32_t points[] = {0x00, 0x7f, 0x80, 0x7ff, 0x800,
	    0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(points); i++) {
		char bytes[4];
		uint32_t back;
		size_t n = utf8_put(points[i], bytes);

		assert_int_equal(utf8_next(bytes, n, &back), n);
		assert_int_equal(back, points[i]);
	}
}

static void
test_cutting(void **state)
{
	struct arena a = ARENA_INIT;

	(void)state;
	assert_string_equal(utf8_cut(&a, "abc", 3), "abc");
	assert_string_equal(utf8_cut(&a, "abcd", 3), "abc\xe2\x80\xa6");
	/* Four bytes, two characters: nothing to cut. */
	assert_string_equal(utf8_cut(&a, "\xc3\xa4\xc3\xb6", 2),
	    "\xc3\xa4\xc3\xb6");
	assert_int_equal(utf8_length(SLICE("\xc3\xa4x\xe2\x82\xac")), 3);
	arena_done(&a);
}

static void
test_newlines(void **state)
{
	struct arena a = ARENA_INIT;

	(void)state;
	assert_string_equal(slice_dup_lf(&a, SLICE("a\r\nb\rc\n\r\r\n")),
	    "a\nb\nc\n\n\n");
	assert_string_equal(slice_dup_lf(&a, SLICE("a\r")), "a\n");
	assert_string_equal(slice_dup_lf(&a, SLICE("")), "");
	arena_done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_numbers),
	    cmocka_unit_test(test_hundredths),
	    cmocka_unit_test(test_comparing),
	    cmocka_unit_test(test_trimming),
	    cmocka_unit_test(test_utf8),
	    cmocka_unit_test(test_utf8_round_trip),
	    cmocka_unit_test(test_cutting),
	    cmocka_unit_test(test_newlines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

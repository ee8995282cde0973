#include "base/base.h"

#include "base/base64.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* The vectors of RFC 4648, section 10, and the digits where the alphabets
 * differ. */
static const struct {
	const char *bytes;
	const char *usual;
	const char *for_urls;
} cases[] = {
    {"", "", ""},
    {"f", "Zg==", "Zg"},
    {"fo", "Zm8=", "Zm8"},
    {"foo", "Zm9v", "Zm9v"},
    {"foob", "Zm9vYg==", "Zm9vYg"},
    {"fooba", "Zm9vYmE=", "Zm9vYmE"},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
    {"\xfb\xff\xbf", "+/+/", "-_-_"},
};

static void
test_both_ways(void **state)
{
	struct arena a = ARENA_INIT;
	struct slice back;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct slice bytes = slice_of(cases[i].bytes);

		assert_string_equal(base64_encode(&a, bytes), cases[i].usual);
		assert_string_equal(base64url_encode(&a, bytes),
		    cases[i].for_urls);
		assert_true(base64_decode(&a, slice_of(cases[i].usual), &back));
		assert_true(slice_eq(back, bytes));
	}
	arena_done(&a);
}

static void
test_refused(void **state)
{
	static const char *const texts[] = {"Z", "Zg", "Zg=", "Zg===", "=",
	    "-_-_", "Zm9v=", "Zg==Zg==", "Z===", "Zm9v*"};
	struct arena a = ARENA_INIT;
	struct slice bytes;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(texts); i++) {
		if (base64_decode(&a, slice_of(texts[i]), &bytes))
			fail_msg("%s", texts[i]);
	}
	assert_true(base64_decode(&a, SLICE("Zm9v\nYmFy\r\n"), &bytes));
	assert_true(slice_is(bytes, "foobar"));
	arena_done(&a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_both_ways),
	    cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

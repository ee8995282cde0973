#include "base/base.h"

#include "eval/decimal.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct long_decimal
parse(const char *text)
{
	struct long_decimal d;

	if (!decimal_parse(slice_of(text), &d))
		fail_msg("%s is no number", text);
	return d;
}

/* The operands as DECIMALs, the result rounded to a scale. */
static void
test_operations(void **state)
{
	static const struct {
		const char *left;
		char op;
		const char *right;
		int scale;
		const char *want;
	} cases[] = {
	    {"1.5", '+', "2.25", 2, "3.75"},
	    {"-1.5", '+', "1.5", 1, "0.0"},
	    {"0.01", '+', "-1", 2, "-0.99"},
	    {"99999999999999999999999999999999999999", '+', "1", 0,
	        "100000000000000000000000000000000000000"},
	    {"12.30", '*', "-3", 2, "-36.90"},
	    {"99999999999999999999999999999999999999", '*',
	        "99999999999999999999999999999999999999", 0,
	        "9999999999999999999999999999999999999800000000000000000000000"
	        "000000000000001"},
	    {"0", '*', "-5", 0, "0"},
	    {"1", '/', "3", 10, "0.3333333333"},
	    {"2", '/', "3", 3, "0.667"},
	    {"-1", '/', "8", 2, "-0.13"},
	    {"1", '/', "99999999999999999999999999999999999999", 38,
	        "0.00000000000000000000000000000000000001"},
	    {"10", '/', "0.5", 0, "20"},
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct long_decimal l = parse(cases[i].left);
		struct long_decimal r = parse(cases[i].right);
		struct value divisor =
		    value_decimal(value_type_decimal(38, (unsigned)r.scale), 0);
		struct long_decimal result;

		if (cases[i].op == '+') {
			result = decimal_add(&l, &r);
		} else if (cases[i].op == '*') {
			result = decimal_multiply(&l, &r);
		} else {
			assert_true(decimal_fit(&r, divisor.type,
			    &divisor.decimal));
			result = decimal_divide(&l, &divisor);
		}
		decimal_round(&result, cases[i].scale, ROUND_HALF_UP);
		while (result.scale < cases[i].scale) {
			struct long_decimal zero = decimal_of(0,
			    cases[i].scale);

			result = decimal_add(&result, &zero);
		}
		assert_string_equal(decimal_text(&a, &result), cases[i].want);
	}
	arena_done(&a);
}

static void
test_rounding(void **state)
{
	static const struct {
		const char *text;
		int scale;
		enum rounding how;
		const char *want;
	} cases[] = {
	    {"2.5", 0, ROUND_HALF_UP, "3"},
	    {"-2.5", 0, ROUND_HALF_UP, "-3"},
	    {"2.5", 0, ROUND_HALF_EVEN, "2"},
	    {"3.5", 0, ROUND_HALF_EVEN, "4"},
	    {"2.51", 0, ROUND_HALF_EVEN, "3"},
	    {"0.5", 0, ROUND_HALF_EVEN, "0"},
	    {"-1.01", 0, ROUND_FLOOR, "-2"},
	    {"-1.99", 0, ROUND_CEILING, "-1"},
	    {"0.001", 0, ROUND_CEILING, "1"},
	    {"0.001", 2, ROUND_CEILING, "0.01"},
	    {"-9.99", 0, ROUND_DOWN, "-9"},
	    {"99.95", 1, ROUND_HALF_UP, "100.0"},
	    {"0.04", 1, ROUND_HALF_UP, "0.0"},
	    {"0.0004", 1, ROUND_HALF_UP, "0.0"},
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct long_decimal d = parse(cases[i].text);

		decimal_round(&d, cases[i].scale, cases[i].how);
		assert_string_equal(decimal_text(&a, &d), cases[i].want);
	}
	arena_done(&a);
}

static void
test_limit(void **state)
{
	struct long_decimal d = parse("99.96");
	struct arena a = ARENA_INIT;

	(void)state;
	decimal_limit(&d, 3);
	assert_string_equal(decimal_text(&a, &d), "100");
	arena_done(&a);
}

static void
test_parse(void **state)
{
	static const char *const bad[] = {"", "-", ".", "1e", "1e+", "e5",
	    "1.2.3", "1 ", " 1", "0x1", "1d", "--1"};
	struct long_decimal d;
	int64_t whole;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(bad); i++)
		assert_false(decimal_parse(slice_of(bad[i]), &d));
	d = parse("-0");
	assert_false(d.negative);
	d = parse("+1.5E+3");
	assert_true(decimal_whole(&d, &whole));
	assert_int_equal(whole, 1500);
	d = parse("9223372036854775808");
	assert_false(decimal_whole(&d, &whole));
	d = parse("-9223372036854775808");
	assert_true(decimal_whole(&d, &whole));
	assert_true(whole == INT64_MIN);
	d = parse("1e400");
	assert_false(decimal_whole(&d, &whole));
}

static void
test_fit(void **state)
{
	struct long_decimal d = parse("9.995");
	int128 unscaled;

	(void)state;
	assert_true(decimal_fit(&d, value_type_decimal(4, 2), &unscaled));
	assert_true(unscaled == 1000);
	assert_false(decimal_fit(&d, value_type_decimal(3, 2), &unscaled));
	d = parse("-1e37");
	assert_true(decimal_fit(&d, value_type_decimal(38, 0), &unscaled));
	assert_true(unscaled == -decimal_power(37));
	d = parse("0.0000");
	assert_true(decimal_fit(&d, value_type_decimal(1, 0), &unscaled));
	assert_true(unscaled == 0);
}

static void
test_doubles(void **state)
{
	static const double cases[] = {
	    0.1, 1e22, 1e-300, 5e-324, 1.7976931348623157e308, 123456.789};
	struct long_decimal d;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		d = decimal_of_double(cases[i]);
		assert_true(decimal_double(&d) == cases[i]);
	}
	d = decimal_of_double(0.1);
	assert_int_equal(d.n, 1);
	assert_int_equal(d.scale, 1);
	d = decimal_of_float(0.1f);
	assert_int_equal(d.n, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_operations),
	    cmocka_unit_test(test_rounding),
	    cmocka_unit_test(test_limit),
	    cmocka_unit_test(test_parse),
	    cmocka_unit_test(test_fit),
	    cmocka_unit_test(test_doubles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/base.h"

#include "eval/value.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
test_types(void **state)
{
	static const char *const good[] = {"void", "boolean", "tinyint", "int",
	    "bigint", "decimal(38,10)", "float", "double", "string", "binary",
	    "date", "timestamp", "timestamp_ntz", "interval year to month",
	    "interval day", "interval hour to second", "array<int>",
	    "map<string,array<decimal(3,1)>>",
	    "struct<a:int,b:struct<c:string>>", "struct<>"};
	static const char *const bad[] = {"", "variant", "interval", "decimal",
	    "decimal(39,0)", "decimal(3,4)", "decimal(0,0)", "array<>",
	    "array<int", "int ", "intx", "map<int>", "struct<a>",
	    "string collate unicode"};
	struct arena a = ARENA_INIT;
	struct value_type type;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(good); i++) {
		assert_true(value_type_parse(&a, good[i], &type));
		assert_string_equal(value_type_text(&a, type), good[i]);
	}
	for (i = 0; i < COUNT_OF(bad); i++)
		assert_false(value_type_parse(&a, bad[i], &type));
	assert_true(value_type_parse(&a, "varchar(20)", &type));
	assert_int_equal(type.kind, VALUE_STRING);
	assert_true(value_type_parse(&a,
	    "struct<`a b`:int not null comment 'it\\'s',c:date>", &type));
	assert_string_equal(type.field[0].name, "a b");
	assert_int_equal(type.field[1].type.kind, VALUE_DATE);
	arena_done(&a);
}

static void
test_format(void **state)
{
	static const struct {
		double d;
		const char *text;
	} reals[] = {{0, "0.0"}, {-0.0, "-0.0"}, {1, "1.0"}, {0.001, "0.001"},
	    {0.00099, "9.9E-4"}, {9999999, "9999999.0"}, {1e7, "1.0E7"},
	    {123456.75, "123456.75"}, {1.5e300, "1.5E300"}, {0.1, "0.1"},
	    {1.25e-7, "1.25E-7"}, {NAN, "NaN"}, {-INFINITY, "-Infinity"}};
	struct arena a = ARENA_INIT;
	struct value v;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(reals); i++) {
		v = value_real(VALUE_DOUBLE, reals[i].d);
		assert_string_equal(value_format(&a, &v), reals[i].text);
	}
	v = value_real(VALUE_FLOAT, (double)0.1f);
	assert_string_equal(value_format(&a, &v), "0.1");
	v = value_decimal(value_type_decimal(10, 3), -5);
	assert_string_equal(value_format(&a, &v), "-0.005");
	v = value_null(v.type);
	assert_string_equal(value_format(&a, &v), "NULL");
	arena_done(&a);
}

static void
test_certain(void **state)
{
	struct value v = value_real(VALUE_DOUBLE, 2e23);

	(void)state;
	assert_false(value_format_is_certain(&v));
	v = value_real(VALUE_DOUBLE, 0.1 + 0.2);
	assert_true(value_format_is_certain(&v));
	v = value_decimal(value_type_decimal(10, 7), 1);
	assert_false(value_format_is_certain(&v));
	v = value_decimal(value_type_decimal(10, 6), 1);
	assert_true(value_format_is_certain(&v));
}

/* Each value is below the next one. */
static void
test_order(void **state)
{
	struct value v[6];
	size_t i;
	size_t j;

	(void)state;
	v[0] = value_null(value_type_of(VALUE_DOUBLE));
	v[1] = value_real(VALUE_DOUBLE, -INFINITY);
	v[2] = value_real(VALUE_DOUBLE, -1);
	v[3] = value_real(VALUE_DOUBLE, 0);
	v[4] = value_real(VALUE_DOUBLE, INFINITY);
	v[5] = value_real(VALUE_DOUBLE, NAN);
	for (i = 0; i < COUNT_OF(v); i++) {
		for (j = 0; j < COUNT_OF(v); j++) {
			int order = value_compare(&v[i], &v[j]);

			assert_true(i < j ? order < 0
			        : i > j   ? order > 0
			                  : order == 0);
		}
	}
	v[0] = value_real(VALUE_DOUBLE, -0.0);
	assert_int_equal(value_compare(&v[0], &v[3]), 0);
	v[0] = value_string("a");
	v[1] = value_string("a\xc3\xa4");
	assert_true(value_compare(&v[0], &v[1]) < 0);
	v[0] = value_decimal(value_type_decimal(3, 1), 15);
	v[1] = value_decimal(value_type_decimal(4, 2), 150);
	assert_int_equal(value_compare(&v[0], &v[1]), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_types),
	    cmocka_unit_test(test_format),
	    cmocka_unit_test(test_certain),
	    cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

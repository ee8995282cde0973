#include "base/base.h"

#include "expr/type.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *text;
	const char *canonical;
	enum type_class cls;
} good[] = {
    {"INT", "int", TYPE_NUMBER},
    {" integer ", "int", TYPE_NUMBER},
    {"long", "bigint", TYPE_NUMBER},
    {"short", "smallint", TYPE_NUMBER},
    {"byte", "tinyint", TYPE_NUMBER},
    {"real", "float", TYPE_NUMBER},
    {"double", "double", TYPE_NUMBER},
    {"decimal", "decimal(10,0)", TYPE_NUMBER},
    {"dec(5)", "decimal(5,0)", TYPE_NUMBER},
    {"NUMERIC( 12 , 2 )", "decimal(12,2)", TYPE_NUMBER},
    {"decimal(38,38)", "decimal(38,38)", TYPE_NUMBER},
    {"String", "string", TYPE_STRING},
    {"char(3)", "char(3)", TYPE_STRING},
    {"character(3)", "char(3)", TYPE_STRING},
    {"VARCHAR(20)", "varchar(20)", TYPE_STRING},
    {"boolean", "boolean", TYPE_BOOLEAN},
    {"binary", "binary", TYPE_BINARY},
    {"date", "date", TYPE_DATE},
    {"timestamp", "timestamp", TYPE_TIMESTAMP},
    {"timestamp_ltz", "timestamp", TYPE_TIMESTAMP},
    {"timestamp_ntz", "timestamp_ntz", TYPE_TIMESTAMP},
    {"interval", "interval", TYPE_INTERVAL},
    {"INTERVAL YEAR TO MONTH", "interval year to month", TYPE_INTERVAL},
    {"interval day to second", "interval day to second", TYPE_INTERVAL},
    {"interval hour", "interval hour", TYPE_INTERVAL},
    {"variant", "variant", TYPE_OTHER},
    {"void", "void", TYPE_OTHER},
    {"array<int>", "array<int>", TYPE_NESTED},
    {"ARRAY < ARRAY < STRING >>", "array<array<string>>", TYPE_NESTED},
    {"map<string,map<int,array<long>>>", "map<string,map<int,array<bigint>>>",
        TYPE_NESTED},
    {"struct<a:int, `b c` string NOT NULL COMMENT 'it\\'s'>",
        "struct<a:int,`b c`:string not null comment 'it\\'s'>", TYPE_NESTED},
    {"struct<>", "struct<>", TYPE_NESTED},
    {"struct<end: int>", "struct<`end`:int>", TYPE_NESTED},
    {"int -- comment", "int", TYPE_NUMBER},
};

static const struct {
	const char *text;
	const char *says; /* part of the message */
} bad[] = {
    {"", "Expected a data type"},
    {"number", "use DECIMAL(38,0)"},
    {"NUMBER(10,2)", "use DECIMAL(10,2)"},
    {"number(9)", "use DECIMAL(9)"},
    {"varchar2(20)", "use VARCHAR(20)"},
    {"nvarchar(50)", "use VARCHAR(50)"},
    {"nvarchar(max)", "use STRING"},
    {"text", "use STRING"},
    {"datetime", "use TIMESTAMP"},
    {"int8", "use BIGINT"},
    {"bool", "use BOOLEAN"},
    {"uuid", "use STRING"},
    {"sting", "did you mean string"},
    {"decimel(10,2)", "did you mean decimal"},
    {"wibble", "STRING, BIGINT"},
    {"varchar", "varchar(50)"},
    {"char", "STRING"},
    {"string(10)", "VARCHAR(10)"},
    {"int(11)", "use int alone"},
    {"timestamp(6)", "use timestamp alone"},
    {"decimal(39)", "larger than 38"},
    {"decimal(3,4)", "more digits behind the point"},
    {"decimal(10,2", "Expected )"},
    {"decimal()", "Expected a whole number"},
    {"double precision", "use DOUBLE"},
    {"char varying(10)", "use VARCHAR"},
    {"int unsigned", "UNSIGNED"},
    {"timestamp with time zone", "TIMESTAMP_NTZ"},
    {"timestamp without time zone", "TIMESTAMP_NTZ"},
    {"interval month to day", "YEAR TO MONTH"},
    {"interval second to day", "YEAR TO MONTH"},
    {"array", "Expected <"},
    {"array<int", "Expected >"},
    {"map<int>", "Expected a comma"},
    {"struct<a>", "Expected a data type"},
    {"struct<a:int,>", "Expected the name"},
    {"int not null", "nothing behind the type"},
    {"'int'", "Expected a data type"},
    {"int'", "never closed"},
};

static void
test_good(void **state)
{
	struct arena a = ARENA_INIT;
	const char *message = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(good); i++) {
		struct type type;

		if (!type_parse(&a, slice_of(good[i].text), &type, &message))
			fail_msg("%s: %s", good[i].text, message);
		assert_string_equal(type.text, good[i].canonical);
		assert_int_equal(type.cls, good[i].cls);
	}
	arena_done(&a);
}

static void
test_bad(void **state)
{
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(bad); i++) {
		struct type type = {"untouched", TYPE_OTHER};
		const char *message = NULL;

		assert_false(type_parse(&a, slice_of(bad[i].text), &type,
		    &message));
		assert_string_equal(type.text, "untouched");
		if (!strstr(message, bad[i].says))
			fail_msg("%s: %s", bad[i].text, message);
	}
	arena_done(&a);
}

/* A slice need not end with NUL. */
static void
test_slice(void **state)
{
	struct arena a = ARENA_INIT;
	const char *message = NULL;
	struct type type;

	(void)state;
	assert_true(type_parse(&a, (struct slice){"integers", 7}, &type,
	    &message));
	assert_string_equal(type.text, "int");
	assert_true(type_parse(&a, (struct slice){"decimal(1,0)2", 12}, &type,
	    &message));
	assert_string_equal(type.text, "decimal(1,0)");
	arena_done(&a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good),
	    cmocka_unit_test(test_bad),
	    cmocka_unit_test(test_slice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

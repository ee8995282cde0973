#include "base/base.h"

#include "mapping/field.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct {
	const char *header;
	enum mapping_field want;
} headers[] = {
    {"source_table", FIELD_SOURCE_TABLE},
    {"Source Table", FIELD_SOURCE_TABLE},
    {" SRC-ENTITY\n", FIELD_SOURCE_TABLE},
    {"src.object", FIELD_SOURCE_TABLE},
    {"Source Dataset", FIELD_SOURCE_TABLE},
    {"Source Table Name", FIELD_SOURCE_TABLE},
    {"source", FIELD_SOURCE_TABLE},
    {"\xef\xbb\xbfsource_table", FIELD_SOURCE_TABLE},
    {"source\xc2\xa0table", FIELD_SOURCE_TABLE},
    {"\"source_table\"", FIELD_SOURCE_TABLE},
    {"src_col", FIELD_SOURCE_COLUMN},
    {"SourceField", FIELD_SOURCE_COLUMN},
    {"source attribute", FIELD_SOURCE_COLUMN},
    {"source name", FIELD_SOURCE_COLUMN},
    {"Tgt Table", FIELD_TARGET_TABLE},
    {"dest_entity", FIELD_TARGET_TABLE},
    {"Destination", FIELD_TARGET_TABLE},
    {"tgt_col", FIELD_TARGET_COLUMN},
    {"Destination Field Name", FIELD_TARGET_COLUMN},
    {"Transformation", FIELD_TRANSFORMATION},
    {"transform", FIELD_TRANSFORMATION},
    {"Mapping Rule", FIELD_TRANSFORMATION},
    {"Transformation Rule", FIELD_TRANSFORMATION},
    {"Business Rule", FIELD_TRANSFORMATION},
    {"Transformation Logic", FIELD_TRANSFORMATION},
    {"Derivation", FIELD_TRANSFORMATION},
    {"expression", FIELD_TRANSFORMATION},
    {"rule", FIELD_RULE},
    {"DQ Rules", FIELD_RULE},
    {"quality check", FIELD_RULE},
    {"Validation Rule", FIELD_RULE},
    {"Constraint", FIELD_RULE},
    {"Role", FIELD_ROLE},
    {"PK", FIELD_KEY},
    {"Primary Key", FIELD_KEY},
    {"is_key", FIELD_KEY},
    {"Business key", FIELD_KEY},
    {"merge key", FIELD_KEY},
    {"Join Condition", FIELD_JOIN},
    {"JOIN ON", FIELD_JOIN},
    {"where", FIELD_FILTER},
    {"Filter Condition", FIELD_FILTER},
    {"Data Type", FIELD_DATA_TYPE},
    {"datatype", FIELD_DATA_TYPE},
    {"Target Data Type", FIELD_DATA_TYPE},
    {"target type", FIELD_DATA_TYPE},
    {"Default Value", FIELD_DEFAULT},
    {"null default", FIELD_DEFAULT},
    {"Remarks", FIELD_COMMENT},
    {"Desc.", FIELD_COMMENT},
    {"notes", FIELD_COMMENT},
    {"Source Alias", FIELD_ALIAS},
    {"", FIELD__COUNT},
    {"-", FIELD__COUNT},
    {"Quelle", FIELD__COUNT},
    {"table", FIELD__COUNT},
    {"source data type", FIELD__COUNT},
    {"sourcetables", FIELD__COUNT},
    {"source_table_of_the_mapping_sheet_of_our_house", FIELD__COUNT},
};

static void
test_headers(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(headers); i++) {
		if (mapping_field_find(headers[i].header) != headers[i].want)
			fail_msg("%s", headers[i].header);
	}
}

/* Every canonical name is found as itself. */
static void
test_names(void **state)
{
	int f;

	(void)state;
	for (f = 0; f < FIELD__COUNT; f++)
		assert_int_equal(mapping_field_find(
		                     mapping_field_name((enum mapping_field)f)),
		    f);
}

static void
test_guesses(void **state)
{
	static const struct {
		const char *header;
		enum mapping_field want;
	} cases[] = {
	    {"suorce_table", FIELD_SOURCE_TABLE},
	    {"sourcetables", FIELD_SOURCE_TABLE},
	    {"Target Colum", FIELD_TARGET_COLUMN},
	    {"tagret_tabel", FIELD_TARGET_TABLE},
	    {"tranformation", FIELD_TRANSFORMATION},
	    {"commnt", FIELD_COMMENT},
	    {"flter", FIELD_FILTER},
	    {"rol", FIELD_ROLE},
	    {"Quelle", FIELD__COUNT},
	    {"kez", FIELD__COUNT}, /* too short to tell */
	    {"source data type", FIELD__COUNT},
	    {"", FIELD__COUNT},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		if (field_guess(slice_of(cases[i].header)) != cases[i].want)
			fail_msg("%s", cases[i].header);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_headers),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_guesses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

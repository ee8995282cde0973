#include "base/base.h"

#include "expr/expr.h"

#include "expr/keywords.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char *const names[][2] = {
    {"a", "a"},
    {"_a1", "_a1"},
    {"Name", "Name"},
    {"date", "date"},
    {"year", "year"},
    {"name", "name"},
    {"value", "value"},
    {"a b", "`a b`"},
    {"a`b", "`a``b`"},
    {"`", "````"},
    {"a.b", "`a.b`"},
    {"1a", "`1a`"},
    {"1e5", "`1e5`"},
    {"a-b", "`a-b`"},
    {"a$", "`a$`"},
    {"straße", "`straße`"},
    {"a\nb", "`a\nb`"},
    {"\"a\"", "`\"a\"`"},
    {"", "``"},
    /* reserved in the standard's mode, or no alias in the default one */
    {"order", "`order`"},
    {"Order", "`Order`"},
    {"SELECT", "`SELECT`"},
    {"end", "`end`"},
    {"from", "`from`"},
    {"to", "`to`"},
    {"user", "`user`"},
    {"check", "`check`"},
    {"table", "`table`"},
    {"time", "`time`"},
    {"column", "`column`"},
    {"left", "`left`"},
    {"anti", "`anti`"},
    {"semi", "`semi`"},
    {"minus", "`minus`"},
    {"current_date", "`current_date`"},
    {"null", "`null`"},
    {"true", "`true`"},
    {"default", "`default`"},
    {"sql", "`sql`"},
};

static const char *const strings[][2] = {
    {"", "''"},
    {"a", "'a'"},
    {"it's", "'it\\'s'"},
    {"\"", "'\"'"},
    {"a\\b", "'a\\\\b'"},
    {"\n\r\t", "'\\n\\r\\t'"},
    {"%_", "'%_'"},
    {"\\%", "'\\\\%'"},
    {"ä€", "'ä€'"},
    {"\x1a", "'\\Z'"},
    {"'; DROP TABLE x; --", "'\\'; DROP TABLE x; --'"},
};

static void
test_names(void **state)
{
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(names); i++)
		assert_string_equal(expr_quote_name(&a, names[i][0]),
		    names[i][1]);
	arena_done(&a);
}

static void
test_strings(void **state)
{
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(strings); i++) {
		struct expr_parsed p;

		assert_string_equal(expr_quote_string(&a, strings[i][0]),
		    strings[i][1]);
		expr_parse(&a, strings[i][1], &p);
		assert_string_equal(p.root->value, strings[i][0]);
	}
	arena_done(&a);
}

/* Whatever a column is called, its quoted name is read as that column. */
static void
test_keywords_as_names(void **state)
{
	struct arena a = ARENA_INIT;
	int k;

	(void)state;
	for (k = KW_NONE + 1; k < KW__COUNT; k++) {
		const char *word = keyword_text((enum keyword)k);
		const char *name = expr_quote_name(&a, word);
		struct expr_parsed p;

		assert_int_equal(keyword_find(slice_of(word)), k);
		expr_parse(&a,
		    arena_printf(&a,
		        "CASE WHEN %s THEN %s + %s "
		        "ELSE f(%s, %s) IS NULL END",
		        name, name, name, name, name),
		    &p);
		if (p.columns.n != 5)
			fail_msg("%s", name);
	}
	arena_done(&a);
}

static void
test_keywords(void **state)
{
	int k;

	(void)state;
	for (k = KW_NONE + 2; k < KW__COUNT; k++)
		assert_true(strcmp(keyword_text((enum keyword)(k - 1)),
		                keyword_text((enum keyword)k)) < 0);
	assert_int_equal(keyword_find(SLICE("CASE")), KW_CASE);
	assert_int_equal(keyword_find(SLICE("cAsE")), KW_CASE);
	assert_int_equal(keyword_find(SLICE("cas")), KW_NONE);
	assert_int_equal(keyword_find(SLICE("")), KW_NONE);
}

static void
test_one_line(void **state)
{
	static const struct {
		const char *text;
		const char *want; /* NULL: cannot be */
	} cases[] = {
	    {"a + 1", "a + 1"},
	    {"a +\n1", "a + 1"},
	    {"'a\nb' || \"c\r\nd\"", "'a\\nb' || \"c\\r\\nd\""},
	    {"'a\\\nb'", "'a\\nb'"},
	    {"'it\\'s\n'", "'it\\'s\\n'"},
	    {"'a\\\\\n'", "'a\\\\\\n'"},
	    {"'\"\n\"'", "'\"\\n\"'"},
	    {"r'a' || 'b\n'", "r'a' || 'b\\n'"},
	    {"r'a\\' || '\n'", "r'a\\' || '\\n'"},
	    {"bar'\n'", "bar'\\n'"},
	    {"r'a\nb'", NULL},
	    {"R\"\n\"", NULL},
	    {"f(r'\n')", NULL},
	    {"`a\nb`", NULL},
	    {"'a$' || \"$x\"", "'a\\u0024' || \"\\u0024x\""},
	    {"'\\$'", "'\\u0024'"},
	    {"r'^a$'", NULL},
	    {"`a$`", NULL},
	    {"`r` || '\n'", "`r` || '\\n'"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		SCOPED(arena_done) struct arena a = ARENA_INIT;
		const char *got = expr_one_line(&a, cases[i].text);

		if (!cases[i].want)
			assert_null(got);
		else
			assert_string_equal(got, cases[i].want);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_strings),
	    cmocka_unit_test(test_keywords_as_names),
	    cmocka_unit_test(test_keywords),
	    cmocka_unit_test(test_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

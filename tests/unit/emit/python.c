#include "base/base.h"

#include "emit/python_layout.h"

#include "lang/lang.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
test_strings(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
	    {"", "\"\""},
	    {"plain", "\"plain\""},
	    {"it's", "\"it's\""},
	    {"say \"x\"", "'say \"x\"'"},
	    {"it's \"x\"", "\"it's \\\"x\\\"\""},
	    {"back\\slash", "\"back\\\\slash\""},
	    {"\\\"", "'\\\\\"'"},
	    {"a\nb\tc\rd", "\"a\\nb\\tc\\rd\""},
	    {"# COMMAND ----------", "\"# COMMAND ----------\""},
	    {"\n# COMMAND ----------\n", "\"\\n# COMMAND ----------\\n\""},
	    {"\x01\x7f", "\"\\x01\\x7f\""},
	    {"\xc3\xa4\xe2\x82\xac", "\"\xc3\xa4\xe2\x82\xac\""},
	    /* A right-to-left override and a zero-width blank. */
	    {"\xe2\x80\xae\xe2\x80\x8b", "\"\\u202e\\u200b\""},
	    {"\xe2\x80\xa8", "\"\\u2028\""},
	    {"\xf3\xa0\x80\x81", "\"\\U000e0001\""},
	    {"{x} ${y} %s", "\"{x} ${y} %s\""},
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(python_string(&a, cases[i].text),
		    cases[i].want);
	arena_done(&a);
}

/* Whatever stands in a sheet, a literal of it is one Python string. */
static void
test_strings_are_one_token(void **state)
{
	static const char alphabet[] = "\"'\\\n\r\t#`{}$a )(";
	struct arena a = ARENA_INIT;
	uint32_t seed = 12345;
	int round;

	(void)state;
	for (round = 0; round < 2000; round++) {
		struct lang_error where;
		char text[9] = {0};
		const char *code;
		size_t i;

		for (i = 0; i < 8; i++) {
			seed = seed * 1664525 + 1013904223;
			text[i] =
			    alphabet[(seed >> 16) % (sizeof(alphabet) - 1)];
		}
		code = arena_printf(&a, "x = %s\n", python_string(&a, text));
		if (!lang_check(&a, LANG_PYTHON, slice_of(code), &where))
			fail_msg("%s", code);
		assert_null(strchr(code + 4, '\n')[1] ? code : NULL);
		arena_reset(&a);
	}
	arena_done(&a);
}

static void
test_comments_stay_on_their_line(void **state)
{
	struct arena a = ARENA_INIT;

	(void)state;
	assert_string_equal(python_comment(&a, "a\nb\"\"\"\\c\xe2\x80\xae"),
	    "a b'''/c");
	arena_done(&a);
}

static void
test_splitting(void **state)
{
	struct arena a = ARENA_INIT;
	struct python_pieces pieces = {0};
	struct buf whole;
	size_t i;

	(void)state;
	python_split(&a,
	    "case when upper(status) in ('C') then 'closed' else "
	    "lower(trim(status)) end",
	    32, &pieces);
	assert_int_equal(pieces.n, 3);
	assert_string_equal(pieces.v[0], "\"case when upper(status) in\"");
	assert_string_equal(pieces.v[1], "\" ('C') then 'closed' else\"");
	assert_string_equal(pieces.v[2], "\" lower(trim(status)) end\"");
	/* Nothing is lost where there is no blank to cut at. */
	pieces.n = 0;
	python_split(&a, "0123456789012345678901234567890123456789", 22,
	    &pieces);
	buf_init(&whole, &a, 100);
	for (i = 0; i < pieces.n; i++)
		buf_add(&whole, pieces.v[i] + 1, slice_of(pieces.v[i]).n - 2);
	assert_string_equal(buf_str(&whole),
	    "0123456789012345678901234567890123456789");
	arena_done(&a);
}

static const char *
call(struct arena *a, const char *name, const char *const *args, size_t n)
{
	struct python_node *node = python_function(a, name);
	struct buf out;
	struct source_map map = {0};
	struct python py = {.out = &out, .arena = a, .map = &map};
	size_t i;

	buf_init(&out, a, 10000);
	for (i = 0; i < n; i++)
		python_add_atom(a, node, args[i]);
	python_put_statement(&py, 1, "", node);
	return buf_str(&out);
}

static void
test_calls_break_like_black(void **state)
{
	static const char *const args[] = {"alpha", "beta"};
	static const char *const wide[] = {
	    "a_rather_long_argument_of_forty_characters",
	    "another_long_argument_of_forty_characters"};
	static const char *const wider[] = {
	    "a_rather_long_argument_of_forty_characters_and_some_more",
	    "another_long_argument_of_forty_characters_and_some_more"};
	struct arena a = ARENA_INIT;

	(void)state;
	assert_string_equal(call(&a, "run", args, 2), "    run(alpha, beta)\n");
	assert_string_equal(call(&a, "run_something_long", wide, 2),
	    "    run_something_long(\n"
	    "        a_rather_long_argument_of_forty_characters, "
	    "another_long_argument_of_forty_characters\n"
	    "    )\n");
	assert_string_equal(call(&a, "run", wider, 2),
	    "    run(\n"
	    "        a_rather_long_argument_of_forty_characters_and_some_more,"
	    "\n"
	    "        another_long_argument_of_forty_characters_and_some_more,"
	    "\n"
	    "    )\n");
	arena_done(&a);
}

static void
test_source_maps(void **state)
{
	static const char *const broken[] = {"", "{}", "[{}]",
	    "[{\"first\":1,\"last\":2}]",
	    "[{\"first\":0,\"last\":2,\"row\":1}]",
	    "[{\"first\":1,\"last\":\"2\",\"row\":1}]"};
	struct arena a = ARENA_INIT;
	struct source_map map = {0};
	struct source_map again = {0};
	size_t i;

	(void)state;
	*LIST_ADD(&a, &map) = (struct source_span){3, 5, 7};
	*LIST_ADD(&a, &map) = (struct source_span){6, 6, 2};
	assert_null(source_map_read(&a, slice_of(source_map_json(&a, &map)),
	    &again));
	assert_int_equal(again.n, 2);
	assert_int_equal(again.v[0].last, 5);
	assert_int_equal(again.v[1].row, 2);
	assert_null(source_map_read(&a, SLICE("[]"), &again));
	assert_int_equal(again.n, 2);
	for (i = 0; i < COUNT_OF(broken); i++)
		assert_non_null(source_map_read(&a, slice_of(broken[i]),
		    &again));
	err_clear();
	arena_done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_strings),
	    cmocka_unit_test(test_strings_are_one_token),
	    cmocka_unit_test(test_comments_stay_on_their_line),
	    cmocka_unit_test(test_splitting),
	    cmocka_unit_test(test_calls_break_like_black),
	    cmocka_unit_test(test_source_maps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

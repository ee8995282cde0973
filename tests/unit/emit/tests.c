/* The text of generated tests: what stands in it, and that it is Python. */
#include "base/base.h"

#include "emit/tests.h"

#include "emit/text_table.h"
#include "lang/lang.h"

#include "planning.h"

#include <string.h>

#define HEAD                                                                   \
	"source_table|source_column|target_table|target_column|"               \
	"transformation|role|data_type|comment\n"

static const char *
emit(struct fixture *f, struct untested_list *untested)
{
	struct lang_error where;
	struct slice tests;

	assert_int_equal(f->problems.errors, 0);
	assert_null(emit_tests(&f->arena, &f->plan, "orders", &tests,
	    untested));
	if (!lang_check(&f->arena, LANG_PYTHON, tests, &where))
		fail_msg("line %zu: %s\n%.*s", where.line, where.message,
		    (int)tests.n, tests.p);
	return slice_dup(&f->arena, tests);
}

static void
expect(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("%s\nis not in\n%s", part, text);
}

static void
test_cells(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
	    {"plain", "plain"},
	    {"two words", "two words"},
	    {"say \"hi\"", "say \"hi\""},
	    {"it's", "it's"},
	    {"", "''"},
	    {" a ", "' a '"},
	    {"NULL", "'NULL'"},
	    {"'a'", "'\\\\'a\\\\''"},
	    {"a|b", "'a\\\\x7cb'"},
	    {"a # b", "'a \\\\x23 b'"},
	    {"a\\b", "'a\\\\\\\\b'"},
	    {"a\nb", "'a\\\\nb'"},
	    {"\"\"\"", "'\\\\x22\\\\x22\\\\x22'"},
	    {"\xe2\x80\xae", "'\\\\u202e'"},
	    {"M\xc3\x9cLLER", "M\xc3\x9cLLER"},
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(text_cell(&a, cases[i].text),
		    cases[i].want);
	arena_done(&a);
}

/* Lines are never longer than lines may be, nor do they end in blanks. */
static void
test_tables_keep_to_the_width(void **state)
{
	struct arena a = ARENA_INIT;
	size_t length;

	(void)state;
	for (length = 1; length < 250; length++) {
		struct text_table table = {0};
		struct source_map map = {0};
		struct buf out;
		struct python py = {.out = &out, .arena = &a, .map = &map};
		const char *cell = arena_printf(&a, "%*s", (int)length, "x");
		const char *p;
		size_t i;

		buf_init(&out, &a, 100000);
		for (i = 0; i < 7; i++) {
			struct text_column *c = LIST_ADD(&a, &table.columns);

			*LIST_ADD(&a, &c->cells) = "name";
			*LIST_ADD(&a, &c->cells) = text_cell(&a, cell);
			*LIST_ADD(&a, &c->cells) = "NULL";
		}
		text_remark(&a, &table, 1, "a remark");
		text_table_put(&py, 1, "x", &table);
		for (p = buf_str(&out); *p; p += strcspn(p, "\n") + 1) {
			size_t n = strcspn(p, "\n");

			assert_true(n <= PYTHON_WIDTH);
			assert_true(n == 0 || p[n - 1] != ' ');
		}
	}
	arena_done(&a);
}

static void
test_values(void **state)
{
	struct fixture *f = *state;
	struct untested_list untested;
	const char *text;

	plan(f,
	    HEAD "a.b.orders|id|a.c.orders|id||key|BIGINT|the key\n"
	         "a.b.orders|state|a.c.orders|state|"
	         "case when state = 'A' then 'new' else 'old' end|||\n"
	         "a.b.orders||a.c.orders|at|current_timestamp()|||\n",
	    "merge", NULL);
	text = emit(f, &untested);
	expect(text,
	    "SOURCE_ORDERS = \"\"\"\n"
	    "id     | state\n"
	    "string | string\n"
	    "1      | A\n"
	    "2      | other\n");
	expect(text,
	    "EXPECTED_ORDERS = \"\"\"\n"
	    "id | state\n"
	    "1  | new\n"
	    "2  | old\n");
	expect(text,
	    "    \"id\": \"bigint\",\n    \"state\": \"string\",\n"
	    "    \"at\": \"timestamp\",\n");
	expect(text, "    \"id\": \"the key\",\n");
	expect(text, "# at: Its value differs from run to run.\n");
	expect(text, "def test_changes_orders(target_orders, spark):\n");
	assert_int_equal(untested.n, 1);
	assert_string_equal(untested.v[0].column, "at");
	assert_string_equal(untested_json(&f->arena, &untested),
	    "[{\"pipeline\":\"orders\",\"column\":\"at\",\"why\":"
	    "\"Its value differs from run to run.\"}]");
}

/* Two pipelines keep apart, and the same plan gives the same bytes. */
static void
test_two_pipelines(void **state)
{
	struct fixture *f = *state;
	struct untested_list untested;
	const char *text;

	plan(f,
	    HEAD "a.b.orders|id|a.c.one|id||||\n"
	         "a.c.one|id|a.c.two|id||||\n",
	    "full_load", NULL);
	text = emit(f, &untested);
	expect(text, "SOURCE_ORDERS_OF_ONE = ");
	expect(text, "SOURCE_ONE_OF_TWO = ");
	expect(text, "monkeypatch.setattr(code, \"TARGET_ONE\", view(");
	expect(text, "def test_load_two(");
	assert_string_equal(emit(f, &untested), text);
}

/* Neither the name of the sheet nor that of the pattern ends the docstring. */
static void
test_hostile_names(void **state)
{
	static const char *const names[] = {
	    "a\"\"\"b", "x\\", "\"", "a\nb", "'''", "\xe2\x80\xae"};
	struct fixture *f = *state;
	size_t i;

	plan(f, HEAD "a.b.s|x|a.b.t|x||||\n", "full_load", NULL);
	for (i = 0; i < COUNT_OF(names); i++) {
		struct pattern pattern = *f->plan.pattern;
		struct untested_list untested;
		struct lang_error where;
		struct slice tests;

		pattern.title = names[i];
		f->plan.pattern = &pattern;
		f->plan.mapping_name = names[i];
		assert_null(emit_tests(&f->arena, &f->plan, names[i], &tests,
		    &untested));
		assert_true(lang_check(&f->arena, LANG_PYTHON, tests, &where));
		expect(slice_dup(&f->arena, tests),
		    "\"\"\"\n\nimport ast\nimport os\n");
	}
}

/* Whatever stands in a sheet, the tests of it are Python. */
static void
test_hostile_texts(void **state)
{
	static const char *const texts[] = {"\"\"\"", "'''", "\\", "\\\"", "|",
	    "# x", "{x}", "${y}", "%s", "a\tb", "\xe2\x80\xa8", "$\\'"};
	struct fixture *f = *state;
	struct untested_list untested;
	size_t i;

	for (i = 0; i < COUNT_OF(texts); i++) {
		const char *literal = expr_quote_string(&f->arena, texts[i]);
		const char *cell = arena_printf(&f->arena, "\"concat(x, %s)\"",
		    str_eq(texts[i], "\"\"\"") ? "'q'" : literal);

		if (strchr(texts[i], '"'))
			continue;
		plan(f,
		    arena_printf(&f->arena,
		        HEAD "a.b.s|x|a.b.t|x|||STRING|%s\n"
		             "a.b.s||a.b.t|y|%s|||\n"
		             "a.b.s||a.b.t|z|x = %s|||\n",
		        strchr(texts[i], '|') || strchr(texts[i], '\'')
		            ? ""
		            : texts[i],
		        strchr(texts[i], '|') ? "x" : cell,
		        strchr(texts[i], '|') ? "'p'" : literal),
		    "full_load", NULL);
		emit(f, &untested);
	}
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cells),
	    cmocka_unit_test(test_tables_keep_to_the_width),
	    TEST(test_values),
	    TEST(test_two_pipelines),
	    TEST(test_hostile_names),
	    TEST(test_hostile_texts),
	};

	return cmocka_run_group_tests_name("tests", tests, NULL, NULL);
}

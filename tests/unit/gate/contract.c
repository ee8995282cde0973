/*
 * What compiled tests need of code, and what is said of code that lacks it.
 */
#include "base/base.h"

#include "gating.h"

#include "base/buf.h"
#include "lang/pytree.h"
#include "model/contract.h"
#include "sys/files.h"

#include <string.h>

static struct {
	struct arena arena;
	struct patterns patterns;
	struct compiled compiled;
	struct contract contract;
} now;

static void
compile(const char *pattern, const char *path, const char *options)
{
	struct arena *a = &now.arena;
	struct slice sheet;

	assert_null(file_read(a, arena_printf(a, "%s/%s", gating_top(), path),
	    1024 * 1024, &sheet));
	gating_compile(a, &now.patterns, pattern, slice_dup(a, sheet), options,
	    &now.compiled);
	contract_read(a, now.compiled.code, now.compiled.tests, &now.contract);
}

/* The compiled code with one text in place of another, at its first place. */
static const char *
changed(const char *from, const char *to)
{
	const char *code = slice_dup(&now.arena, now.compiled.code);
	const char *at = strstr(code, from);

	assert_non_null(at);
	return arena_printf(&now.arena, "%.*s%s%s", (int)(at - code), code, to,
	    at + strlen(from));
}

static const char *
remarks(const char *code)
{
	struct gate_report report = {0};

	contract_check(&now.arena, &now.contract, slice_of(code), &report);
	assert_true(report.verdict != GATE_REFUSED);
	return report.n > 0 ? gating_words(&now.arena, &report) : "";
}

static void
test_compiled_code_has_all(void **state)
{
	static const char *const cases[][3] = {
	    {"full_load", "samples/sales_full_load.csv", ""},
	    {"incremental", "samples/orders_incremental.csv", ""},
	    {"merge", "samples/order_lines_merge.csv", "order_by=changed_at"},
	    {"scd2", "samples/customers_scd2.csv", ""},
	    {"scd1_snapshot", "patterns/scd1_snapshot/example.csv", ""},
	    {"change_feed", "patterns/change_feed/example.csv",
	        "deleted=is_deleted"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		compile(cases[i][0], cases[i][1], cases[i][2]);
		assert_true(now.contract.n >= 3);
		assert_string_equal(remarks(slice_dup(&now.arena,
		                        now.compiled.code)),
		    "");
	}
}

/* What the grammar finds of what contract_read() finds by its words. */
static void
count_uses(const struct py_node *n, size_t *ret)
{
	const struct py_node *of = n->n > 0 ? n->child[0] : NULL;
	const char *name = NULL;

	if (n->kind == PY_ATTRIBUTE)
		name = n->text;
	if (n->kind == PY_CALL && str_eq(pytree_called(n), "setattr")) {
		of = pytree_argument(n, 0, NULL);
		name = pytree_argument(n, 1, NULL)->text;
	}
	if (name && of->kind == PY_NAME && str_eq(of->text, "code")) {
		size_t i;

		for (i = 0; i < now.contract.n; i++) {
			if (str_eq(now.contract.v[i].name, name))
				break;
		}
		if (i == now.contract.n)
			fail_msg("code.%s is not found", name);
		ret[i]++;
	}
	for (size_t i = 0; i < n->n; i++)
		count_uses(n->child[i], ret);
}

static void
test_the_words_are_those_of_the_grammar(void **state)
{
	static const char *const cases[][2] = {
	    {"full_load", "samples/sales_full_load.csv"},
	    {"incremental", "samples/orders_incremental.csv"},
	    {"scd2", "samples/customers_scd2.csv"},
	    {"scd1_snapshot", "patterns/scd1_snapshot/example.csv"},
	};
	size_t uses[64];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct py_node *root;

		compile(cases[i][0], cases[i][1], "");
		assert_true(now.contract.n <= COUNT_OF(uses));
		memset(uses, 0, sizeof(uses));
		assert_true(pytree_read(&now.arena, now.compiled.tests, &root));
		count_uses(root, uses);
		for (size_t j = 0; j < now.contract.n; j++) {
			if (uses[j] == 0)
				fail_msg("nothing uses code.%s",
				    now.contract.v[j].name);
		}
	}
}

/* What a sheet says stands in strings and comments. */
static void
test_texts_ask_for_nothing(void **state)
{
	static const struct {
		const char *tests;
		const char *name; /* NULL: none */
	} cases[] = {
	    {"# code.a\n", NULL},
	    {"x = 'code.a'\n", NULL},
	    {"x = \"it's code.a\"\n", NULL},
	    {"x = 'it\\'s code.a'\n", NULL},
	    {"x = \"\"\"a \"quote\" code.a\n'code.b'\"\"\"\n", NULL},
	    {"x = '' # code.a", NULL},
	    {"x = 'never closed code.a", NULL},
	    {"x = 'ends with \\", NULL},
	    {"x.code.a\n", NULL},
	    {"xcode.a\n", NULL},
	    {"f(code, 'a')\n", NULL},
	    {"setattr('code', 'a')\n", NULL},
	    {"setattr(code, '')\n", NULL},
	    {"x = ''\ncode.a\n", "a"},
	    {"x = \"\"\"\n\"\"\"; code.a(1)\n", "a"},
	    {"setattr(\n    code,  # to\n    'a', 1)\n", "a"},
	    {"f(code.a, code.a)", "a"},
	    {"code.a", "a"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct contract found;
		const char *name = NULL;

		contract_read(&now.arena, SLICE(""), slice_of(cases[i].tests),
		    &found);
		if (found.n > 0)
			name = found.v[0].name;
		if (found.n > 1 || !str_eq(name, cases[i].name))
			fail_msg("%s: %s", cases[i].tests,
			    name ? name : "nothing");
	}
}

static void
test_what_other_code_lacks(void **state)
{
	const char *said;

	(void)state;
	compile("merge", "samples/order_lines_merge.csv", "");
	said = remarks(changed("def transform_order_lines(", "def lines("));
	assert_non_null(strstr(said,
	    "the function transform_order_lines(order_items, products), which "
	    "the code does not have"));
	said = remarks(changed("def write_order_lines(",
	    "def write_order_lines(mode, "));
	assert_non_null(strstr(said, "which the code has otherwise"));
	said = remarks(changed("\nTARGET_ORDER_LINES =", "\nTARGET ="));
	assert_non_null(strstr(said, "the constant TARGET_ORDER_LINES"));
	/* Other names of parameters are as good. */
	said = remarks(changed("def transform_order_lines(order_items:",
	    "def transform_order_lines(items:"));
	assert_string_equal(said, "");
	assert_string_equal(remarks("not Python ("), "");
}

static void
test_no_tests_ask_for_nothing(void **state)
{
	(void)state;
	compile("merge", "samples/order_lines_merge.csv", "");
	contract_read(&now.arena, now.compiled.code, SLICE(""), &now.contract);
	assert_int_equal(now.contract.n, 0);
	assert_string_equal(remarks("x = 1\n"), "");
}

static int
setup(void **state)
{
	(void)state;
	gating_patterns(&now.arena, &now.patterns);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_done(&now.arena);
	err_clear();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_compiled_code_has_all),
	    cmocka_unit_test(test_the_words_are_those_of_the_grammar),
	    cmocka_unit_test(test_texts_ask_for_nothing),
	    cmocka_unit_test(test_what_other_code_lacks),
	    cmocka_unit_test(test_no_tests_ask_for_nothing),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

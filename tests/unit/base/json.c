#include "base/base.h"

#include "base/json.h"

#include "base/yaml.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
test_writing(void **state)
{
	struct arena a = ARENA_INIT;
	struct json_writer w;
	struct buf b;

	(void)state;
	buf_init(&b, &a, 1000);
	json_init(&w, &b, false);
	json_object(&w);
	json_key_str(&w, "a\"b", "x\n\t\\\x01\x7f\xc3\xa4");
	json_key_int(&w, "n", INT64_MIN);
	json_key(&w, "list");
	json_array(&w);
	json_bool(&w, true);
	json_null(&w);
	json_array(&w);
	json_array_end(&w);
	json_array_end(&w);
	json_object_end(&w);
	assert_string_equal(buf_str(&b),
	    "{\"a\\\"b\":\"x\\n\\t\\\\\\u0001\\u007f\xc3\xa4\","
	    "\"n\":-9223372036854775808,\"list\":[true,null,[]]}");
	arena_done(&a);
}

/* A tree is written as it was read. */
static void
test_copying(void **state)
{
	static const char text[] =
	    "{\"id\":7000000000000000001,\"e\":1.50e-3,\"b\":[true,false,null],"
	    "\"o\":{},\"a\":[],\"s\":\"\\\"{}[]1\",\"\":[[-1,{\"x\":2}]]}";
	struct arena a = ARENA_INIT;
	const struct json *v = NULL;
	struct json_writer w;
	struct buf b;

	(void)state;
	assert_null(json_parse(&a, slice_of(text), &v));
	buf_init(&b, &a, 1000);
	json_init(&w, &b, false);
	json_array(&w);
	json_value(&w, v);
	json_value(&w, NULL);
	json_array_end(&w);
	assert_string_equal(buf_str(&b), arena_printf(&a, "[%s,null]", text));
	arena_done(&a);
}

static void
test_pretty(void **state)
{
	struct arena a = ARENA_INIT;
	struct json_writer w;
	struct buf b;

	(void)state;
	buf_init(&b, &a, 1000);
	json_init(&w, &b, true);
	json_object(&w);
	json_key(&w, "empty");
	json_array(&w);
	json_array_end(&w);
	json_key(&w, "full");
	json_array(&w);
	json_int(&w, 1);
	json_int(&w, 2);
	json_array_end(&w);
	json_object_end(&w);
	assert_string_equal(buf_str(&b),
	    "{\n  \"empty\": [],\n  \"full\": [\n    1,\n    2\n  ]\n}\n");
	arena_done(&a);
}

static void
test_reading(void **state)
{
	struct arena a = ARENA_INIT;
	const struct json *v = NULL;

	(void)state;
	assert_null(json_parse(&a,
	    SLICE(" {\"a\": [1, true, null, \"\\u00e4\"],"
	          " \"b\": {}} "),
	    &v));
	assert_int_equal(v->kind, JSON_OBJECT);
	assert_int_equal(json_get(v, "a")->kind, JSON_ARRAY);
	assert_true(json_get(v, "a")->child->number == 1);
	assert_true(json_get(v, "a")->child->next->boolean);
	assert_string_equal(json_get(v, "a")->child->next->next->next->string,
	    "\xc3\xa4");
	assert_null(json_get(v, "c"));
	assert_null(json_get(NULL, "c"));
	assert_string_equal(json_string(json_get(v, "b"), "none"), "none");
	arena_done(&a);
}

/* Ids of the platform are above 2^53. */
static void
test_integers(void **state)
{
	struct arena a = ARENA_INIT;
	const struct json *v = NULL;
	int64_t n = 7;

	(void)state;
	assert_null(json_parse(&a,
	    SLICE("{\"1\\\"\": [\"2\", 9007199254740993], \"-3\":\"\\\\\",\n"
	          "\"a\":-9223372036854775808,\"b\":9223372036854775807,"
	          "\"c\":1e3,\"d\":1.5,\"e\":\"4\",\"f\":-0,"
	          "\"g\":9223372036854775808}"),
	    &v));
	assert_true(json_to_int(v->child->child->next, 0, INT64_MAX, &n));
	assert_true(n == INT64_C(9007199254740993));
	assert_true(json_to_int(json_get(v, "a"), INT64_MIN, 0, &n));
	assert_true(n == INT64_MIN);
	assert_true(json_to_int(json_get(v, "b"), 0, INT64_MAX, &n));
	assert_true(n == INT64_MAX);
	assert_true(json_to_int(json_get(v, "c"), 1000, 1000, &n));
	assert_true(n == 1000);
	assert_false(json_to_int(json_get(v, "c"), 0, 999, &n));
	assert_false(json_to_int(json_get(v, "d"), 0, 9, &n));
	assert_false(json_to_int(json_get(v, "e"), 0, 9, &n));
	assert_true(json_to_int(json_get(v, "f"), 0, 9, &n));
	assert_true(n == 0);
	assert_false(json_to_int(json_get(v, "g"), 0, INT64_MAX, &n));
	assert_false(json_to_int(NULL, 0, 9, &n));
	arena_done(&a);
}

static void
test_refused(void **state)
{
	static const char *const texts[] = {
	    "",
	    "{",
	    "{\"a\":}",
	    "[1,]",
	    "1 2",
	    "{\"a\":1}x",
	    "nul",
	    "\"\xff\"",
	    "[1",
	    "'a'",
	};
	struct arena a = ARENA_INIT;
	const struct json *v = NULL;
	char deep[200];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(texts); i++) {
		if (!json_parse(&a, slice_of(texts[i]), &v))
			fail_msg("accepted: %s", texts[i]);
	}
	memset(deep, '[', 100);
	memset(deep + 100, ']', 100);
	assert_non_null(json_parse(&a, (struct slice){deep, 200}, &v));
	assert_int_equal(json_parse_own(&a, SLICE("{"), &v)->code, S_INTERNAL);
	assert_null(json_parse_own(&a, SLICE("{}"), &v));
	assert_null(json_parse(&a, (struct slice){deep + 40, 120}, &v));
	assert_non_null(json_parse(&a, (struct slice){"\"a\0b\"", 5}, &v));
	arena_done(&a);
	err_clear();
}

static void
test_yaml(void **state)
{
	struct arena a = ARENA_INIT;
	const struct json *v = NULL;

	(void)state;
	assert_null(yaml_parse(&a,
	    SLICE("# c\nname: merge\nposition: 3\n"
	          "on: true\ntext: 'true'\nnone:\nlist:\n  - a: 1\n  - b: two\n"
	          "folded: >-\n  one\n  two\n"),
	    &v));
	assert_string_equal(json_string(json_get(v, "name"), ""), "merge");
	assert_true(json_get(v, "position")->number == 3);
	assert_int_equal(json_get(v, "on")->kind, JSON_BOOL);
	assert_int_equal(json_get(v, "text")->kind, JSON_STRING);
	assert_int_equal(json_get(v, "none")->kind, JSON_NULL);
	assert_string_equal(json_string(json_get(v, "folded"), ""), "one two");
	assert_string_equal(json_string(json_get(json_get(v, "list")
	                                             ->child->next,
	                                    "b"),
	                        ""),
	    "two");
	arena_done(&a);
}

/* Faults and values say where they are. */
static void
test_yaml_lines(void **state)
{
	static const struct {
		const char *text;
		size_t line;
	} faults[] = {
	    {"a: 1\nb: 2\na: 3\n", 3},
	    {"a: 1\n\nb: \x01\n", 3},
	    {"a: 1\nb: \xff\n", 2},
	    {"a:\n  - 1\n  - *x\n", 3},
	    {"a: 1\n b: 2\n", 2},
	    {"", 1},
	};
	struct arena a = ARENA_INIT;
	struct yaml_fault fault;
	const struct json *v = NULL;
	size_t i;

	(void)state;
	assert_true(yaml_read(&a,
	    SLICE("# c\na: 1\nlist:\n  - x: 1\n    y: 2\n  - z\nt: |\n  u\n"),
	    &v, &fault));
	assert_int_equal(v->line, 2);
	assert_int_equal(json_get(v, "list")->line, 3);
	assert_int_equal(json_get(v, "list")->child->line, 4);
	assert_int_equal(json_get(json_get(v, "list")->child, "y")->line, 5);
	assert_int_equal(json_get(v, "list")->child->next->line, 6);
	assert_int_equal(json_get(v, "t")->line, 7);
	for (i = 0; i < COUNT_OF(faults); i++) {
		if (yaml_read(&a, slice_of(faults[i].text), &v, &fault))
			fail_msg("accepted: %s", faults[i].text);
		if (fault.line != faults[i].line)
			fail_msg("line %zu: %s", fault.line, faults[i].text);
	}
	arena_done(&a);
}

/* As many keys as fit into a document: looking for doubles is linear. */
static void
test_yaml_many_keys(void **state)
{
	struct arena a = ARENA_INIT;
	const struct json *v = NULL;
	struct yaml_fault fault;
	struct buf b;
	int i;

	(void)state;
	buf_init(&b, &a, SIZE_MAX - 1);
	for (i = 0; i < 30000; i++)
		buf_printf(&b, "k%d:\n", i);
	assert_true(yaml_read(&a, buf_slice(&b), &v, &fault));
	buf_add_str(&b, "k7:\n");
	assert_false(yaml_read(&a, buf_slice(&b), &v, &fault));
	assert_int_equal(fault.line, 30001);
	arena_done(&a);
}

static void
test_yaml_refused(void **state)
{
	static const char *const texts[] = {
	    "",
	    "a: [",
	    "a: 1\na: 2\n",
	    "a: &x 1\nb: *x\n",
	    "? [a]\n: b\n",
	    "a: \x01\n",
	    "a: 'open\n",
	    "a: !!int 1\n",
	    "a: !x [1]\n",
	    "!x a: 1\n",
	    "a: \"\\0\"\n",
	    "\"b\\0\": 1\n",
	    "a: 1\n---\nb: 2\n",
	    "a: 1\n...\n---\n",
	    "*x : 1\n",
	    "a: &x [1, 2]\n",
	    "a: &x {b: 1}\nc:\n  <<: *x\n",
	    "a: \xff\n",
	    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[ 1 "
	    "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
	    "]]]]]]]]]]",
	};
	struct arena a = ARENA_INIT;
	const struct json *v = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(texts); i++) {
		const struct err *e = yaml_parse(&a, slice_of(texts[i]), &v);

		if (!e)
			fail_msg("accepted: %s", texts[i]);
		assert_int_equal(e->code, P_DEFINITION);
	}
	arena_done(&a);
	err_clear();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_writing),
	    cmocka_unit_test(test_copying),
	    cmocka_unit_test(test_pretty),
	    cmocka_unit_test(test_reading),
	    cmocka_unit_test(test_integers),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_yaml),
	    cmocka_unit_test(test_yaml_lines),
	    cmocka_unit_test(test_yaml_many_keys),
	    cmocka_unit_test(test_yaml_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/base.h"

#include "sim/workspace.h"

#include "sim/tree.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
test_paths(void **state)
{
	static const struct {
		const char *path;
		const char *clean; /* NULL: refused */
		const char *parent;
	} cases[] = {
	    {"/", "/", "/"},
	    {"//", "/", "/"},
	    {"/a", "/a", "/"},
	    {"/a/", "/a", "/"},
	    {"/a//b///", "/a/b", "/a"},
	    {"/Workspace", "/", "/"},
	    {"//Workspace//a", "/a", "/"},
	    {"/Workspaces/a", "/Workspaces/a", "/Workspaces"},
	    {"a", NULL, NULL},
	    {"", NULL, NULL},
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		const char *clean = tree_path(&a, cases[i].path);

		if (!str_eq(clean, cases[i].clean))
			fail_msg("%s: %s", cases[i].path, clean);
		if (clean)
			assert_string_equal(tree_parent(&a, clean),
			    cases[i].parent);
	}
	arena_done(&a);
}

static void
test_below(void **state)
{
	(void)state;
	assert_true(tree_is_below("/a/b", "/a"));
	assert_true(tree_is_below("/a/b/c", "/a"));
	assert_true(tree_is_below("/a", "/"));
	assert_false(tree_is_below("/", "/"));
	assert_false(tree_is_below("/a", "/a"));
	assert_false(tree_is_below("/ab", "/a"));
	assert_false(tree_is_below("/a", "/a/b"));
}

static void
test_languages(void **state)
{
	static const struct {
		const char *path;
		const char *content;
		const char *language;
	} cases[] = {
	    {"/a.py", "# Databricks notebook source\nx", "PYTHON"},
	    {"/a.py", "# Databricks notebook source", "PYTHON"},
	    {"/a.py", "# Databricks notebook source\r\nx", "PYTHON"},
	    {"/a.sql", "-- Databricks notebook source\n", "SQL"},
	    {"/a.scala", "// Databricks notebook source\n", "SCALA"},
	    {"/a.r", "# Databricks notebook source\n", "R"},
	    {"/a.sql", "# Databricks notebook source\n", NULL},
	    {"/a.txt", "# Databricks notebook source\n", NULL},
	    {"/a.py", "x\n# Databricks notebook source\n", NULL},
	    {"/a.py", "", NULL},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		const char *language = workspace_language(cases[i].path,
		    slice_of(cases[i].content));

		if (!str_eq(language, cases[i].language))
			fail_msg("%zu: %s", i, language);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_paths),
	    cmocka_unit_test(test_below),
	    cmocka_unit_test(test_languages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/base.h"

#include "emit/tests.h"

#include "base/json.h"
#include "emit/helper.h"
#include "emit/pyspark_parts.h"
#include "emit/python_layout.h"
#include "emit/tests_parts.h"

const char *
tests_source(const struct tests *t, size_t source)
{
	const char *id = pyspark_constant(t->arena,
	    t->pipeline->sources.v[source].id);

	if (t->plan->pipelines.n == 1)
		return arena_printf(t->arena, "SOURCE_%s", id);
	return arena_printf(t->arena, "SOURCE_%s_OF_%s", id, t->upper);
}

bool
tests_states(const struct tests *t, size_t column)
{
	return !t->trial->columns.v[column].why;
}

const char *
tests_name(const struct tests *t, const char *what)
{
	return arena_printf(t->arena, "%s_%s", what, t->pipeline->id);
}

const char *
tests_upper(const struct tests *t, const char *what)
{
	return arena_printf(t->arena, "%s_%s", what, t->upper);
}

void
tests_put_gap(struct tests *t)
{
	python_line(t->py, 0, "%s", "");
	python_line(t->py, 0, "%s", "");
}

void
tests_put_call(struct tests *t, int level, const char *prefix, const char *name,
    const char *const *arguments)
{
	struct python_node *call = python_function(t->arena, name);

	for (; *arguments; arguments++)
		python_add_atom(t->arena, call, *arguments);
	python_put_statement(t->py, level, prefix, call);
}

void
tests_put_head(struct tests *t, const char *name, const char *const *fixtures,
    const char *doc)
{
	struct python_node *function = python_function(t->arena,
	    arena_printf(t->arena, "%s_%s", name, t->pipeline->id));

	for (; *fixtures; fixtures++)
		python_add_atom(t->arena, function, *fixtures);
	python_put_def(t->py, function, NULL);
	python_line(t->py, 1, "\"\"\"%s\"\"\"",
	    utf8_cut(t->arena, python_comment(t->arena, doc),
	        PYTHON_WIDTH - 10));
}

static bool
is_module(const struct plan *plan)
{
	return plan->output == OUTPUT_MODULE;
}

/* A name that people chose, as a docstring may show it. */
static const char *
shown(struct python *py, const char *name)
{
	return utf8_cut(py->arena, python_comment(py->arena, name), 60);
}

static void
put_docstring(struct python *py, const struct plan *plan, const char *name)
{
	python_line(py, 0, "\"\"\"Tests of %s.py, compiled", shown(py, name));
	python_line(py, 0, "with it from the mapping sheet %s.",
	    shown(py, plan->mapping_name));
	python_line(py, 0, "%s", "");
	python_line(py, 0, "    pip install pytest chispa delta-spark");
	python_line(py, 0, "    pytest test_%s.py", shown(py, name));
	python_line(py, 0, "%s", "");
	python_line(py, 0,
	    "They run on a laptop, and on a Databricks cluster in the session "
	    "that is there. The %s",
	    is_module(plan) ? "module" : "notebook");
	python_line(py, 0,
	    "stands beside this file, or where the environment variable "
	    "TESTED_FILE says. On a cluster");
	python_line(py, 0,
	    "TEST_SCHEMA names the schema for tables of the tests, which they "
	    "drop, and TEST_FOLDER a folder");
	python_line(py, 0, "in a volume for files.");
	python_line(py, 0, "%s", "");
	python_line(py, 0,
	    "What is expected was computed from the mapping sheet, not by "
	    "the code.");
	python_line(py, 0, "Pattern: %s. Compiled by text2code %s.",
	    shown(py, plan->pattern->title), plan->release);
	python_line(py, 0, "\"\"\"");
}

/* FILE = Path(os.environ.get(…) or Path(__file__).with_name(…)) */
static void
put_file(struct python *py, const char *name)
{
	struct python_node *call = python_function(py->arena, "Path");
	const char *file = python_string(py->arena,
	    arena_printf(py->arena, "%s.py", name));

	python_add_atom(py->arena, call,
	    arena_printf(py->arena,
	        "os.environ.get(\"TESTED_FILE\") or "
	        "Path(__file__).with_name(%s)",
	        file));
	python_put_statement(py, 0, "FILE = ", call);
}

static void
put_imports(struct python *py, const struct plan *plan, const char *name)
{
	static const char *const local[][2] = {
	    {"spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension"},
	    {"spark.sql.catalog.spark_catalog",
	        "org.apache.spark.sql.delta.catalog.DeltaCatalog"},
	    {"spark.sql.shuffle.partitions", "1"},
	    {"spark.databricks.delta.snapshotPartitions", "1"},
	    {"spark.ui.enabled", "false"},
	};
	bool module = is_module(plan);
	size_t i;

	python_line(py, 0, "%s", "");
	python_line(py, 0, "import ast");
	python_line(py, 0, "import os");
	python_line(py, 0, "import re");
	if (module)
		python_line(py, 0, "import sys");
	python_line(py, 0, "import tempfile");
	python_line(py, 0, "from collections.abc import Callable, Iterator");
	if (module) {
		python_line(py, 0, "from dataclasses import fields");
		python_line(py, 0,
		    "from importlib.util import module_from_spec, "
		    "spec_from_file_location");
		python_line(py, 0, "from inspect import signature");
	}
	python_line(py, 0, "from pathlib import Path");
	python_line(py, 0, "from types import ModuleType%s",
	    module ? "" : ", SimpleNamespace");
	python_line(py, 0, "from uuid import uuid4");
	python_line(py, 0, "%s", "");
	python_line(py, 0, "import pytest");
	python_line(py, 0, "from chispa import assert_df_equality");
	python_line(py, 0, "from pyspark.sql import DataFrame, SparkSession");
	python_line(py, 0, "from pyspark.sql import functions as F");
	python_line(py, 0, "%s", "");
	put_file(py, name);
	python_line(py, 0, "# The session where there is none yet.");
	python_line(py, 0, "LOCAL = {");
	for (i = 0; i < COUNT_OF(local); i++)
		python_line(py, 1, "\"%s\": \"%s\",", local[i][0], local[i][1]);
	python_line(py, 1,
	    "\"spark.sql.warehouse.dir\": tempfile.gettempdir(),");
	python_line(py, 0, "}");
}

static void
put_helpers(struct python *py, const struct plan *plan)
{
	static const char *const helpers[] = {"split", "read", "names_of",
	    "types_of", "columns_of", "quoted", "literal", "typed", "table",
	    "in_order", "check", "check_schema", "check_column",
	    "check_lacking"};
	static const char *const fixtures[] = {"spark", "place"};
	bool views = false;
	bool files = false;
	size_t i;
	size_t j;

	for (i = 0; i < plan->pipelines.n; i++) {
		const struct plan_pipeline *p = &plan->pipelines.v[i];

		for (j = 0; j < p->sources.n; j++) {
			bool is_path = p->sources.v[j].table->kind ==
			    TABLE_PATH;

			files = files || is_path;
			views = views || !is_path;
		}
	}
	for (i = 0; i < COUNT_OF(helpers); i++)
		helper_put(py, helpers[i]);
	helper_put(py, "rearranged");
	if (views)
		helper_put(py, "view");
	if (files)
		helper_put(py, "files");
	helper_put(py, is_module(plan) ? "Job" : "Widgets");
	if (pattern_compiles(plan->pattern))
		helper_put(py, "Target");
	for (i = 0; i < COUNT_OF(fixtures); i++)
		helper_put(py, fixtures[i]);
	helper_put(py, is_module(plan) ? "module" : "notebook");
}

static void
put_pipeline(struct python *py, const struct plan *plan,
    const struct plan_pipeline *p, struct untested_list *untested)
{
	struct arena *a = py->arena;
	struct trial trial;
	struct tests t = {py, a, plan, p, &trial, pyspark_constant(a, p->id)};
	size_t i;

	trial_make(a, p, &trial);
	if (trial.why)
		*LIST_ADD(a, untested) = (struct untested){
		    p->id, NULL, trial.why};
	for (i = 0; i < trial.columns.n; i++) {
		if (!tests_states(&t, i))
			*LIST_ADD(a, untested) = (struct untested){p->id,
			    trial.columns.v[i].plan->name,
			    trial.columns.v[i].why};
	}
	tests_put_tables(&t);
	tests_put_transform(&t);
	/* How rows are written is the model's affair. */
	if (!pattern_compiles(plan->pattern))
		return;
	tests_put_rules(&t);
	tests_put_target(&t);
	tests_put_load(&t);
	tests_put_pattern(&t);
}

const char *
untested_json(struct arena *a, const struct untested_list *list)
{
	struct json_writer w;
	struct buf b;
	size_t i;

	buf_init(&b, a, TESTS_MAX_BYTES);
	json_init(&w, &b, false);
	json_array(&w);
	for (i = 0; i < list->n; i++) {
		json_object(&w);
		json_key_str(&w, "pipeline", list->v[i].pipeline);
		json_key_str(&w, "column", list->v[i].column);
		json_key_str(&w, "why", list->v[i].why);
		json_object_end(&w);
	}
	json_array_end(&w);
	return buf_str(&b);
}

const struct err *
emit_tests(struct arena *a, const struct plan *plan, const char *name,
    struct slice *ret, struct untested_list *ret_untested)
{
	struct buf out;
	struct source_map map = {0};
	struct python py = {.out = &out, .arena = a, .map = &map};
	size_t i;

	*ret_untested = (struct untested_list){0};
	*ret = (struct slice){NULL, 0};
	/* They call functions of Python. */
	if (plan->output == OUTPUT_LAKEFLOW || plan->output == OUTPUT_SQL ||
	    plan->output == OUTPUT_SCALA)
		return NULL;
	buf_init(&out, a, TESTS_MAX_BYTES);
	put_docstring(&py, plan, name);
	put_imports(&py, plan, name);
	put_helpers(&py, plan);
	for (i = 0; i < plan->pipelines.n; i++)
		put_pipeline(&py, plan, &plan->pipelines.v[i], ret_untested);
	if (buf_full(&out))
		return err_new(P_TOO_LARGE,
		    "The tests of this sheet would be larger than %zu MB.",
		    TESTS_MAX_BYTES / (1024 * 1024));
	*ret = buf_slice(&out);
	return NULL;
}

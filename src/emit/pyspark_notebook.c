#include "base/base.h"

#include "emit/pyspark_parts.h"

const char *
pyspark_constant(struct arena *a, const char *parameter)
{
	char *name = arena_strdup(a, parameter);
	size_t i;

	for (i = 0; name[i]; i++)
		name[i] = chr_upper(name[i]);
	return name;
}

static void
put_blank(struct python *py)
{
	python_line(py, 0, "%s", "");
}

static void
put_cell(struct python *py)
{
	put_blank(py);
	python_line(py, 0, "# COMMAND ----------");
	put_blank(py);
}

/* A new cell with a title. */
static void
put_titled_cell(struct python *py, const char *title)
{
	put_cell(py);
	python_line(py, 0, "# DBTITLE 1,%s", title);
}

/* Backticks would end a code span of Markdown. */
static const char *
markdown_code(struct arena *a, const char *text)
{
	char *s = arena_strdup(a, python_comment(a, text));
	size_t i;

	for (i = 0; s[i]; i++) {
		if (s[i] == '`')
			s[i] = '\'';
	}
	return s;
}

/* Titles of the program's own patterns are plain text; others may be any. */
static void
put_pattern(struct python *py, const struct plan *plan)
{
	const struct pattern *p = plan->pattern;
	struct arena *a = py->arena;

	if (!p->extends) {
		python_line(py, 0,
		    "# MAGIC Pattern: %s. Compiled by text2code %s.", p->title,
		    plan->release);
		return;
	}
	python_line(py, 0, "# MAGIC Pattern: `%s`%s,",
	    markdown_code(a, p->title),
	    p->version > 0 ? arena_printf(a, ", version %" PRId64, p->version)
	                   : "");
	python_line(py, 0, "# MAGIC derived from %s. Compiled by text2code %s.",
	    p->extends, plan->release);
}

static void
put_title(struct python *py, const struct plan *plan)
{
	struct arena *a = py->arena;
	size_t i;

	python_line(py, 0, "# Databricks notebook source");
	python_line(py, 0, "# MAGIC %%md");
	python_line(py, 0, "# MAGIC # %s",
	    markdown_code(a, plan->mapping_name));
	for (i = 0; i < plan->pipelines.n; i++) {
		const struct plan_pipeline *p = &plan->pipelines.v[i];
		struct plan_words words = {0};
		size_t j;

		python_line(py, 0, "# MAGIC");
		python_line(py, 0,
		    "# MAGIC `%s`:", markdown_code(a, p->target->name));
		plan_describe(a, p, plan->pattern, &words);
		for (j = 0; j < words.n; j++)
			python_put_words(py, "# MAGIC - ", "# MAGIC   ",
			    python_comment(a, words.v[j]));
	}
	python_line(py, 0, "# MAGIC");
	put_pattern(py, plan);
}

static void
put_imports(struct python *py, const struct plan *plan)
{
	const struct pyspark_needs needs = pyspark_needs_of(plan);

	put_titled_cell(py, "Imports");
	if (needs.definition)
		python_line(py, 0, "import json");
	python_line(py, 0, "import logging");
	if (needs.batch)
		python_line(py, 0, "import uuid");
	if (needs.history)
		python_line(py, 0, "from dataclasses import dataclass");
	put_blank(py);
	pyspark_put_library_imports(py, &needs, "");
	put_blank(py);
	python_line(py, 0,
	    "logging.basicConfig(format=\"" PYSPARK_LOG_FORMAT "\")");
	python_line(py, 0, "logger = logging.getLogger(\"%s\")",
	    pyspark_logger(plan));
	python_line(py, 0, "logger.setLevel(logging.INFO)");
}

static void
put_parameters(struct python *py, const struct plan *plan)
{
	size_t i;

	put_titled_cell(py, "Parameters");
	for (i = 0; i < plan->parameters.n; i++) {
		const struct plan_parameter *p = &plan->parameters.v[i];
		struct python_node *call = python_function(py->arena,
		    "dbutils.widgets.text");

		python_add_text(py->arena, call, p->name);
		python_add_text(py->arena, call, p->initial);
		python_add_text(py->arena, call, p->label);
		python_put_statement(py, 0, "", call);
	}
	put_blank(py);
	for (i = 0; i < plan->parameters.n; i++) {
		const char *name = plan->parameters.v[i].name;

		python_line(py, 0, "%s = dbutils.widgets.get(\"%s\")%s",
		    pyspark_constant(py->arena, name), name,
		    str_eq(name, PLAN_BATCH_ID) ? " or str(uuid.uuid4())" : "");
	}
}

void
pyspark_notebook_head(struct python *py, const struct plan *plan)
{
	put_title(py, plan);
	put_imports(py, plan);
	put_parameters(py, plan);
	put_titled_cell(py, "Helpers");
}

void
pyspark_put_section(struct python *py, const struct plan_pipeline *p,
    const char *what)
{
	if (!py->is_module) {
		put_blank(py);
		put_titled_cell(py,
		    arena_printf(py->arena, "%s: %s", p->id, what));
	}
	put_blank(py);
	put_blank(py);
}

void
pyspark_notebook_run(struct python *py, const struct plan *plan)
{
	size_t i;

	put_blank(py);
	put_titled_cell(py, "Run");
	python_line(py, 0, "if __name__ == \"__main__\":");
	for (i = 0; i < plan->pipelines.n; i++)
		python_line(py, 1, "load_%s()", plan->pipelines.v[i].id);
}

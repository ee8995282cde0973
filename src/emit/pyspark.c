#include "base/base.h"

#include "emit/pyspark.h"

#include "emit/helper.h"
#include "emit/pyspark_parts.h"
#include "emit/python_layout.h"

#include <string.h>

const char *
pyspark_constant(struct arena *a, const char *parameter)
{
	char *name = arena_strdup(a, parameter);
	size_t i;

	for (i = 0; name[i]; i++)
		name[i] = chr_upper(name[i]);
	return name;
}

const char *
pyspark_shown(struct arena *a, const char *name)
{
	return utf8_cut(a, python_comment(a, name), 40);
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

/* A list item of Markdown, broken before blanks. */
static void
put_bullet(struct python *py, const char *text)
{
	const size_t width = PYTHON_WIDTH - 10;
	const char *lead = "-";
	size_t n = strlen(text);

	while (n > 0) {
		size_t cut = n;
		size_t i;

		for (i = 1; n > width && i <= width; i++) {
			if (text[i] == ' ')
				cut = i;
		}
		python_line(py, 0, "# MAGIC %s %.*s", lead, (int)cut, text);
		lead = " ";
		text += cut;
		n -= cut;
		if (n > 0) {
			text++;
			n--;
		}
	}
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
			put_bullet(py, python_comment(a, words.v[j]));
	}
	python_line(py, 0, "# MAGIC");
	python_line(py, 0, "# MAGIC Pattern: %s. Compiled by text2code %s.",
	    plan->pattern->title, plan->release);
}

static void
put_imports(struct python *py, const struct plan *plan)
{
	bool window = false;
	bool column = false;
	size_t i;

	for (i = 0; i < plan->pipelines.n; i++) {
		const struct plan_pipeline *p = &plan->pipelines.v[i];

		window = window || p->order_by >= 0;
		column = column || p->columns.n > PYSPARK_COLUMNS_AT_ONCE;
	}
	put_titled_cell(py, "Imports");
	python_line(py, 0, "import logging");
	if (plan->pattern->strategy == STRATEGY_SCD2)
		python_line(py, 0, "from dataclasses import dataclass");
	put_blank(py);
	if (plan->pattern->strategy != STRATEGY_FULL_LOAD)
		python_line(py, 0, "from delta.tables import DeltaTable");
	python_line(py, 0, "from pyspark.sql import %sDataFrame%s",
	    column ? "Column, " : "", window ? ", Window" : "");
	python_line(py, 0, "from pyspark.sql import functions as F");
	put_blank(py);
	python_line(py, 0,
	    "logging.basicConfig(format=\"%%(asctime)s "
	    "%%(levelname)s %%(name)s: %%(message)s\")");
	python_line(py, 0, "logger = logging.getLogger(\"%s\")",
	    plan->pipelines.n == 1 ? plan->pipelines.v[0].id : "pipelines");
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
	for (i = 0; i < plan->parameters.n; i++)
		python_line(py, 0, "%s = dbutils.widgets.get(\"%s\")",
		    pyspark_constant(py->arena, plan->parameters.v[i].name),
		    plan->parameters.v[i].name);
}

/* What each strategy needs of helpers.py, besides require_columns(). */
static const char *const helpers[STRATEGY__COUNT][16] = {
    [STRATEGY_INCREMENTAL] = {"log_changes"},
    [STRATEGY_MERGE] = {"require_unique", "log_changes"},
    [STRATEGY_SCD2] = {"require_unique", "log_changes", "History", "same",
        "as_versions", "values_of", "sightings_of", "sightings_behind",
        "surrogate_of", "versions_of", "merge_versions"},
};

static void
put_helpers(struct python *py, const struct plan *plan)
{
	const char *const *name = helpers[plan->pattern->strategy];
	bool keys = false;
	bool vanished = false;
	bool late = false;
	bool lacking = false;
	size_t i;

	for (i = 0; i < plan->pipelines.n; i++) {
		const struct plan_pipeline *p = &plan->pipelines.v[i];

		keys = keys || p->keys.n > 0;
		lacking = lacking || p->add_columns;
		vanished = vanished || p->vanished == VANISHED_END;
		late = late || p->late_rows == LATE_IGNORE;
	}
	put_titled_cell(py, "Helpers");
	helper_put(py, "require_columns");
	if (lacking)
		helper_put(py, "lacking_columns");
	if (plan->pattern->strategy == STRATEGY_INCREMENTAL && keys)
		helper_put(py, "require_unique");
	for (; *name; name++)
		helper_put(py, *name);
	if (plan->pattern->strategy == STRATEGY_SCD2 && vanished)
		helper_put(py, "with_vanished");
	if (plan->pattern->strategy == STRATEGY_SCD2 && late)
		helper_put(py, "without_late");
}

const char *
pyspark_read(struct arena *a, const struct table_ref *table,
    const char *parameter)
{
	const char *constant = pyspark_constant(a, parameter);

	if (table->kind == TABLE_NAME)
		return arena_printf(a, "spark.read.table(%s)", constant);
	return arena_printf(a, "spark.read.format(\"%s\")%s.load(%s)",
	    table->format,
	    str_eq(table->format, "csv") ? ".option(\"header\", \"true\")" : "",
	    constant);
}

static void
put_read(struct python *py, const struct plan_source *s)
{
	const char *constant = pyspark_constant(py->arena, s->widget);
	struct arena *a = py->arena;
	struct python_node *names = python_list(a);
	struct python_node *call = python_function(a, "require_columns");
	size_t i;

	python_line(py, 2, "%s = %s", s->id,
	    pyspark_read(a, s->table, s->widget));
	python_mark(py, python_line_number(py) - 1, s->row);
	if (s->needs.n == 0)
		return;
	for (i = 0; i < s->needs.n; i++)
		python_add_text(a, names, s->needs.v[i]);
	python_add_atom(a, call, s->id);
	python_add_atom(a, call, constant);
	python_add(a, call, NULL, names);
	python_put_statement(py, 2, "", call);
}

static void
put_load(struct python *py, const struct plan_pipeline *p)
{
	const char *target = pyspark_constant(py->arena, p->widget);
	struct python_node *call = python_function(py->arena,
	    arena_printf(py->arena, "transform_%s", p->id));
	size_t i;

	python_line(py, 0, "def load_%s() -> None:", p->id);
	python_line(py, 1,
	    "\"\"\"Read the sources, build the target rows and "
	    "write them.\"\"\"");
	python_line(py, 1, "logger.info(\"Loading %%s\", %s)", target);
	python_line(py, 1, "try:");
	for (i = 0; i < p->sources.n; i++) {
		put_read(py, &p->sources.v[i]);
		python_add_atom(py->arena, call, p->sources.v[i].id);
	}
	python_put_statement(py, 2, "rows = ", call);
	python_line(py, 2, "write_%s(rows)", p->id);
	python_line(py, 1, "except Exception:");
	python_line(py, 2, "logger.exception(\"Loading %%s failed\", %s)",
	    target);
	python_line(py, 2, "raise");
}

/* A cell that holds functions of one pipeline; a function comes before it. */
static void
put_pipeline_cell(struct python *py, const struct plan_pipeline *p,
    const char *what)
{
	put_blank(py);
	put_titled_cell(py, arena_printf(py->arena, "%s: %s", p->id, what));
	put_blank(py);
	put_blank(py);
}

static void
put_pipeline(struct python *py, const struct plan *plan,
    const struct plan_pipeline *p)
{
	put_pipeline_cell(py, p, "transform");
	pyspark_transform(py, p);
	put_pipeline_cell(py, p, "write");
	pyspark_write(py, plan, p);
	put_pipeline_cell(py, p, "load");
	put_load(py, p);
}

const struct err *
emit_pyspark(struct arena *a, const struct plan *plan, struct slice *ret,
    struct source_map *ret_map)
{
	struct buf out;
	struct source_map map = {0};
	struct python py = {&out, a, &map, 0, 0};
	size_t i;

	buf_init(&out, a, PYSPARK_MAX_BYTES);
	put_title(&py, plan);
	put_imports(&py, plan);
	put_parameters(&py, plan);
	put_helpers(&py, plan);
	for (i = 0; i < plan->pipelines.n; i++)
		put_pipeline(&py, plan, &plan->pipelines.v[i]);
	put_blank(&py);
	put_titled_cell(&py, "Run");
	python_line(&py, 0, "if __name__ == \"__main__\":");
	for (i = 0; i < plan->pipelines.n; i++)
		python_line(&py, 1, "load_%s()", plan->pipelines.v[i].id);
	if (buf_full(&out))
		return err_new(P_TOO_LARGE,
		    "The code of this sheet would be "
		    "larger than %zu MB.",
		    PYSPARK_MAX_BYTES / (1024 * 1024));
	*ret = buf_slice(&out);
	*ret_map = map;
	return NULL;
}

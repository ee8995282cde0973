#include "base/base.h"

#include "emit/pyspark.h"

#include "emit/pyspark_parts.h"
#include "expr/expr.h"

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
	bool batch = false;
	bool defined = false;
	bool delta = plan->pattern->strategy != STRATEGY_FULL_LOAD;
	size_t i;

	for (i = 0; i < plan->pipelines.n; i++) {
		const struct plan_pipeline *p = &plan->pipelines.v[i];

		window = window || p->order_by >= 0;
		column = column || p->columns.n > PYSPARK_COLUMNS_AT_ONCE;
		defined = defined || pyspark_defines(p);
	}
	for (i = 0; i < plan->parameters.n; i++)
		batch = batch ||
		    str_eq(plan->parameters.v[i].name, PLAN_BATCH_ID);
	put_titled_cell(py, "Imports");
	if (defined)
		python_line(py, 0, "import json");
	python_line(py, 0, "import logging");
	if (batch)
		python_line(py, 0, "import uuid");
	if (plan->pattern->strategy == STRATEGY_SCD2)
		python_line(py, 0, "from dataclasses import dataclass");
	put_blank(py);
	if (delta || defined)
		python_line(py, 0, "from delta.tables import DeltaTable%s",
		    defined ? ", DeltaTableBuilder" : "");
	python_line(py, 0, "from pyspark.sql import %sDataFrame%s",
	    column ? "Column, " : "", window ? ", Window" : "");
	python_line(py, 0, "from pyspark.sql import functions as F");
	if (defined)
		python_line(py, 0, "from pyspark.sql.types import StructType");
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
	for (i = 0; i < plan->parameters.n; i++) {
		const char *name = plan->parameters.v[i].name;

		python_line(py, 0, "%s = dbutils.widgets.get(\"%s\")%s",
		    pyspark_constant(py->arena, name), name,
		    str_eq(name, PLAN_BATCH_ID) ? " or str(uuid.uuid4())" : "");
	}
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

/* A joined source has one row for what the join asks for; NULL asks for
 * nothing. */
static void
put_single_match(struct python *py, const struct plan_source *s)
{
	struct arena *a = py->arena;
	struct python_node *call = python_function(a, "require_unique");
	struct python_node *rows = python_atom(a, s->id);
	size_t i;

	if (s->match.n == 0) {
		const char *constant = pyspark_constant(a, s->widget);

		python_line(py, 2, "if %s.limit(2).count() > 1:", s->id);
		python_line(py, 3,
		    "raise RuntimeError(f\"{%s}: a join would take each of "
		    "several rows\")",
		    constant);
		return;
	}
	for (i = 0; i < s->match.n; i++) {
		rows = python_method(a, rows, "where");
		python_add_text(a, rows,
		    arena_printf(a, "%s IS NOT NULL",
		        expr_quote_name(a, s->match.v[i])));
	}
	python_add(a, call, NULL, rows);
	python_add_atom(a, call, pyspark_constant(a, s->widget));
	for (i = 0; i < s->match.n; i++)
		python_add_text(a, call, expr_quote_name(a, s->match.v[i]));
	python_of_row(call, s->row);
	python_put_statement(py, 2, "", call);
}

static void
put_load(struct python *py, const struct plan *plan,
    const struct plan_pipeline *p)
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
	for (i = 1; p->single_matches && i < p->sources.n; i++)
		put_single_match(py, &p->sources.v[i]);
	python_put_statement(py, 2, "rows = ", call);
	/* An append first finds out what is new. */
	if (plan->pattern->strategy != STRATEGY_INCREMENTAL)
		pyspark_sort_out(py, 2, p, "rows");
	python_line(py, 2, "write_%s(rows%s)", p->id,
	    pyspark_write_takes_failed(p) ? ", failed" : "");
	if (plan->pattern->strategy != STRATEGY_INCREMENTAL)
		pyspark_release(py, 2, p, "rows");
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
	if (p->rules.n > 0) {
		put_pipeline_cell(py, p, "rules");
		pyspark_rules(py, plan, p);
	}
	put_pipeline_cell(py, p, "write");
	pyspark_write(py, plan, p);
	put_pipeline_cell(py, p, "load");
	put_load(py, plan, p);
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
	put_titled_cell(&py, "Helpers");
	pyspark_helpers(&py, plan);
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

#include "base/base.h"

#include "emit/pyspark_parts.h"

struct pyspark_needs
pyspark_needs_of(const struct plan *plan)
{
	struct pyspark_needs needs = {
	    .history = plan->pattern->strategy == STRATEGY_SCD2,
	    .delta = plan->pattern->strategy != STRATEGY_FULL_LOAD};
	size_t i;

	for (i = 0; i < plan->pipelines.n; i++) {
		const struct plan_pipeline *p = &plan->pipelines.v[i];

		needs.window = needs.window || p->order_by >= 0;
		needs.column = needs.column ||
		    p->columns.n > PYSPARK_COLUMNS_AT_ONCE;
		needs.definition = needs.definition || pipeline_defines(p);
		needs.batch = needs.batch || pyspark_transform_takes_job(p);
	}
	needs.delta = needs.delta || needs.definition;
	return needs;
}

void
pyspark_put_library_imports(struct python *py,
    const struct pyspark_needs *needs, const char *session)
{
	if (needs->delta)
		python_line(py, 0, "from delta.tables import DeltaTable%s",
		    needs->definition ? ", DeltaTableBuilder" : "");
	python_line(py, 0, "from pyspark.sql import %sDataFrame%s%s",
	    needs->column ? "Column, " : "", session,
	    needs->window ? ", Window" : "");
	python_line(py, 0, "from pyspark.sql import functions as F");
	if (needs->definition)
		python_line(py, 0, "from pyspark.sql.types import StructType");
}

const char *
pyspark_logger(const struct plan *plan)
{
	return plan->pipelines.n == 1 ? plan->pipelines.v[0].id : "pipelines";
}

void
pyspark_put_docstring(struct python *py, const struct plan *plan)
{
	struct arena *a = py->arena;
	size_t i;
	size_t k;

	python_line(py, 0, "\"\"\"%s: %s.",
	    utf8_cut(a, python_comment(a, plan->mapping_name), 60),
	    python_comment(a, plan->pattern->title));
	for (i = 0; i < plan->pipelines.n; i++) {
		const struct plan_pipeline *p = &plan->pipelines.v[i];
		struct plan_words words = {0};

		python_line(py, 0, "%s", "");
		python_put_words(py, "", "",
		    arena_printf(a, "%s:", python_comment(a, p->target->name)));
		python_line(py, 0, "%s", "");
		plan_describe(a, p, plan->pattern, &words);
		for (k = 0; k < words.n; k++)
			python_put_words(py, "- ", "  ",
			    python_comment(a, words.v[k]));
	}
	python_line(py, 0, "%s", "");
	if (plan->pattern->version > 0)
		python_line(py, 0, "Version %" PRId64 " of the pattern.",
		    plan->pattern->version);
	if (plan->pattern->extends)
		python_line(py, 0, "Derived from %s.", plan->pattern->extends);
	python_line(py, 0, "Compiled by text2code %s.", plan->release);
	python_line(py, 0, "\"\"\"");
}

static void
put_imports(struct python *py, const struct pyspark_needs *needs)
{
	python_line(py, 0, "%s", "");
	python_line(py, 0, "import argparse");
	if (needs->definition)
		python_line(py, 0, "import json");
	python_line(py, 0, "import logging");
	if (needs->batch)
		python_line(py, 0, "import uuid");
	python_line(py, 0, "from dataclasses import dataclass, field, fields");
	python_line(py, 0, "%s", "");
	pyspark_put_library_imports(py, needs, ", SparkSession");
}

static void
put_parameter(struct python *py, const struct plan_parameter *p)
{
	struct arena *a = py->arena;
	struct python_node *call = python_function(a, "field");
	struct python_node *metadata = python_dict(a);

	if (str_eq(p->name, PLAN_BATCH_ID))
		python_add(a, call, "default_factory=",
		    python_atom(a, "lambda: str(uuid.uuid4())"));
	else
		python_add(a, call, "default=", python_text(a, p->initial));
	python_add(a, metadata, "\"help\": ", python_text(a, p->label));
	python_add(a, call, "metadata=", metadata);
	python_put_statement(py, 1, arena_printf(a, "%s: str = ", p->name),
	    call);
}

void
pyspark_module_head(struct python *py, const struct plan *plan)
{
	const struct pyspark_needs needs = pyspark_needs_of(plan);
	size_t i;

	pyspark_put_docstring(py, plan);
	put_imports(py, &needs);
	python_line(py, 0, "%s", "");
	python_line(py, 0, "logger = logging.getLogger(\"%s\")",
	    pyspark_logger(plan));
	python_line(py, 0, "%s", "");
	python_line(py, 0, "%s", "");
	python_line(py, 0, "@dataclass(frozen=True)");
	python_line(py, 0, "class Job:");
	python_line(py, 1,
	    "\"\"\"The session and the parameters of one run.\"\"\"");
	python_line(py, 0, "%s", "");
	python_line(py, 1, "spark: SparkSession");
	for (i = 0; i < plan->parameters.n; i++)
		put_parameter(py, &plan->parameters.v[i]);
}

void
pyspark_module_run(struct python *py, const struct plan *plan)
{
	struct arena *a = py->arena;
	struct python_node *parser = python_function(a,
	    "argparse.ArgumentParser");
	size_t i;

	python_add(a, parser,
	    "description=", python_text(a, plan->mapping_name));
	python_line(py, 0, "%s", "");
	python_line(py, 0, "%s", "");
	python_line(py, 0, "def main() -> None:");
	python_line(py, 1,
	    "\"\"\"Run the loads; each parameter is an option of the command "
	    "line.\"\"\"");
	python_put_statement(py, 1, "parser = ", parser);
	python_line(py, 1, "for option in fields(Job)[1:]:");
	python_line(py, 2, "name = \"--\" + option.name.replace(\"_\", \"-\")");
	python_line(py, 2,
	    "parser.add_argument(name, dest=option.name, "
	    "help=option.metadata[\"help\"])");
	python_line(py, 1, "given = vars(parser.parse_args())");
	python_line(py, 1,
	    "values = {name: value for name, value in given.items() "
	    "if value is not None}");
	python_line(py, 1, "logging.basicConfig(");
	python_line(py, 2,
	    "level=logging.INFO, format=\"" PYSPARK_LOG_FORMAT "\"");
	python_line(py, 1, ")");
	python_line(py, 1,
	    "job = Job(SparkSession.builder.getOrCreate(), **values)");
	for (i = 0; i < plan->pipelines.n; i++)
		python_line(py, 1, "load_%s(job)", plan->pipelines.v[i].id);
	python_line(py, 0, "%s", "");
	python_line(py, 0, "%s", "");
	python_line(py, 0, "if __name__ == \"__main__\":");
	python_line(py, 1, "main()");
}

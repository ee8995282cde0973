#include "base/base.h"

#include "emit/pyspark_parts.h"

#include "emit/cells.h"

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
put_imports(struct python *py, const struct plan *plan)
{
	const struct pyspark_needs needs = pyspark_needs_of(plan);

	cells_put(py, "#", "Imports");
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

	cells_put(py, "#", "Parameters");
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
	cells_put_title(py, plan, "#");
	put_imports(py, plan);
	put_parameters(py, plan);
	cells_put(py, "#", "Helpers");
}

void
pyspark_put_section(struct python *py, const struct plan_pipeline *p,
    const char *what)
{
	if (!py->is_module) {
		put_blank(py);
		cells_put(py, "#",
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
	cells_put(py, "#", "Run");
	python_line(py, 0, "if __name__ == \"__main__\":");
	for (i = 0; i < plan->pipelines.n; i++)
		python_line(py, 1, "load_%s()", plan->pipelines.v[i].id);
}

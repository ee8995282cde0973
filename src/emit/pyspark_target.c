#include "base/base.h"

#include "emit/pyspark_parts.h"
#include "emit/python_layout.h"

/* Columns that the target lacks: a write of no rows adds them. */
static void
put_add_columns(struct python *py, const struct plan_pipeline *p,
    const char *rows)
{
	struct arena *a = py->arena;
	const char *target = pyspark_constant(a, p->widget);
	bool path = p->target->kind == TABLE_PATH;
	struct python_node *call;

	python_line(py, 1, "lacking = lacking_columns(%s, %s)",
	    pyspark_read(a, p->target, p->widget), rows);
	python_line(py, 1, "if lacking.columns:");
	call = python_method(a, python_atom(a, "lacking.write"), "format");
	python_add_text(a, call, "delta");
	call = python_method(a, call, "mode");
	python_add_text(a, call, "append");
	call = python_method(a, call, "option");
	python_add_text(a, call, "mergeSchema");
	python_add_text(a, call, "true");
	call = python_method(a, call, path ? "save" : "saveAsTable");
	python_add_atom(a, call, target);
	python_put_statement(py, 2, "", call);
}

void
pyspark_ensure_target(struct python *py, const struct plan_pipeline *p,
    const char *rows)
{
	const char *target = pyspark_constant(py->arena, p->widget);
	bool path = p->target->kind == TABLE_PATH;

	python_line(py, 1,
	    "%s.limit(0).write.format(\"delta\").mode("
	    "\"ignore\").%s(%s)",
	    rows, path ? "save" : "saveAsTable", target);
	if (p->add_columns)
		put_add_columns(py, p, rows);
	python_line(py, 1, "target = DeltaTable.%s(spark, %s)",
	    path ? "forPath" : "forName", target);
	python_line(py, 1, "require_columns(target.toDF(), %s, %s.columns)",
	    target, rows);
}

void
pyspark_full_load(struct python *py, const struct plan_pipeline *p)
{
	const char *target = pyspark_constant(py->arena, p->widget);
	bool path = p->target->kind == TABLE_PATH;
	const char *save = path ? "save" : "saveAsTable";

	python_line(py, 0, "def write_%s(rows: DataFrame) -> None:", p->id);
	python_line(py, 1,
	    "\"\"\"Replace the content of the target in one "
	    "transaction; if it fails, the old rows stay.\"\"\"");
	if (p->overwrite_schema) {
		python_line(py, 1, "(");
		python_line(py, 2, "rows.write.format(\"delta\")");
		python_line(py, 2, ".mode(\"overwrite\")");
		python_line(py, 2, ".option(\"overwriteSchema\", \"true\")");
		python_line(py, 2, ".%s(%s)", save, target);
		python_line(py, 1, ")");
	} else {
		python_line(py, 1,
		    "rows.write.format(\"delta\").mode("
		    "\"overwrite\").%s(%s)",
		    save, target);
	}
	python_line(py, 1, "count = %s.count()",
	    pyspark_read(py->arena, p->target, p->widget));
	python_line(py, 1, "logger.info(\"%%s holds %%d rows\", %s, count)",
	    target);
}

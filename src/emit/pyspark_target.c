#include "base/base.h"

#include "emit/pyspark_parts.h"
#include "emit/python_layout.h"
#include "expr/expr.h"

/* Writes rows into the target. rows is what the writer is taken of; option is
 * set to true, or NULL. */
static void
put_write(struct python *py, int level, const struct plan_pipeline *p,
    struct python_node *rows, const char *mode, const char *option)
{
	struct arena *a = py->arena;
	struct python_node *call = python_method(a, rows, "write.format");
	size_t i;

	python_add_text(a, call, "delta");
	call = python_method(a, call, "mode");
	python_add_text(a, call, mode);
	if (option) {
		call = python_method(a, call, "option");
		python_add_text(a, call, option);
		python_add_text(a, call, "true");
	}
	if (p->partitions.n > 0 && !str_eq(mode, "append")) {
		call = python_method(a, call, "partitionBy");
		for (i = 0; i < p->partitions.n; i++)
			python_add_text(a, call,
			    expr_quote_name(a,
			        p->columns.v[p->partitions.v[i]].name));
	}
	call = python_method(a, call,
	    p->target->kind == TABLE_PATH ? "save" : "saveAsTable");
	python_add_atom(a, call, pyspark_constant(a, p->widget));
	python_put_statement(py, level, "", call);
}

void
pyspark_ensure_target(struct python *py, const struct plan_pipeline *p,
    const char *rows)
{
	struct arena *a = py->arena;
	const char *target = pyspark_constant(a, p->widget);
	struct python_node *none = python_method(a, python_atom(a, rows),
	    "limit");

	python_add_atom(a, none, "0");
	put_write(py, 1, p, none, "ignore", NULL);
	if (p->add_columns) {
		python_line(py, 1, "lacking = lacking_columns(%s, %s)",
		    pyspark_read(a, p->target, p->widget), rows);
		python_line(py, 1, "if lacking.columns:");
		/* A write of no rows adds its columns. */
		put_write(py, 2, p, python_atom(a, "lacking"), "append",
		    "mergeSchema");
	}
	python_line(py, 1, "target = DeltaTable.%s(spark, %s)",
	    p->target->kind == TABLE_PATH ? "forPath" : "forName", target);
	python_line(py, 1, "require_columns(target.toDF(), %s, %s.columns)",
	    target, rows);
}

void
pyspark_full_load(struct python *py, const struct plan_pipeline *p)
{
	const char *target = pyspark_constant(py->arena, p->widget);

	python_line(py, 0, "def write_%s(rows: DataFrame) -> None:", p->id);
	python_line(py, 1,
	    "\"\"\"Replace the content of the target in one "
	    "transaction; if it fails, the old rows stay.\"\"\"");
	put_write(py, 1, p, python_atom(py->arena, "rows"), "overwrite",
	    p->overwrite_schema ? "overwriteSchema" : NULL);
	python_line(py, 1, "count = %s.count()",
	    pyspark_read(py->arena, p->target, p->widget));
	python_line(py, 1, "logger.info(\"%%s holds %%d rows\", %s, count)",
	    target);
}

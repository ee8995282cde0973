#include "base/base.h"

#include "emit/pyspark_parts.h"
#include "expr/expr.h"

void
pyspark_put_write(struct python *py, int level, const struct table_ref *table,
    const char *parameter, struct python_node *writer, const char *mode,
    const char *option)
{
	struct arena *a = py->arena;
	struct python_node *call = python_method(a, writer, "mode");

	python_add_text(a, call, mode);
	if (option) {
		call = python_method(a, call, "option");
		python_add_text(a, call, option);
		python_add_text(a, call, "true");
	}
	call = python_method(a, call,
	    table->kind == TABLE_PATH ? "save" : "saveAsTable");
	python_add_atom(a, call, pyspark_parameter(py, parameter));
	python_put_statement(py, level, "", call);
}

struct python_node *
pyspark_writer(struct arena *a, struct python_node *rows)
{
	struct python_node *call = python_method(a, rows, "write.format");

	python_add_text(a, call, "delta");
	return call;
}

static void
add_names(struct arena *a, struct python_node *call,
    const struct plan_pipeline *p, const struct plan_indices *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		python_add_text(a, call,
		    expr_quote_name(a, p->columns.v[list->v[i]].name));
}

/* What makes the files of a new target. */
static struct python_node *
partitioned(struct arena *a, struct python_node *node, const char *method,
    const struct plan_pipeline *p, const struct plan_indices *list)
{
	struct python_node *call;

	if (list->n == 0)
		return node;
	call = python_method(a, node, method);
	add_names(a, call, p, list);
	return call;
}

/* Makes a target that a write of rows could not define. */
static void
put_definition(struct python *py, const struct plan_pipeline *p,
    const char *rows)
{
	struct arena *a = py->arena;
	struct python_node *table = python_function(a,
	    "DeltaTable.createIfNotExists");
	struct python_node *call = python_function(a, "with_columns_of");

	python_add_atom(a, table, pyspark_session(py));
	table = python_method(a, table,
	    p->target->kind == TABLE_PATH ? "location" : "tableName");
	python_add_atom(a, table, pyspark_parameter(py, p->widget));
	if (p->comment[0]) {
		table = python_method(a, table, "comment");
		python_add_text(a, table, p->comment);
	}
	table = partitioned(a, table, "partitionedBy", p, &p->partitions);
	table = partitioned(a, table, "clusterBy", p, &p->clusters);
	python_put_statement(py, 1, "table = ", table);
	python_add_atom(a, call, "table");
	python_add_atom(a, call, rows);
	python_put_statement(py, 1, "", python_method(a, call, "execute"));
}

void
pyspark_ensure_target(struct python *py, const struct plan_pipeline *p,
    const char *rows)
{
	struct arena *a = py->arena;
	const char *target = pyspark_parameter(py, p->widget);
	struct python_node *none = python_method(a, python_atom(a, rows),
	    "limit");
	struct python_node *call;

	python_add_atom(a, none, "0");
	if (pipeline_defines(p))
		put_definition(py, p, rows);
	else
		pyspark_put_write(py, 1, p->target, p->widget,
		    partitioned(a, pyspark_writer(a, none), "partitionBy", p,
		        &p->partitions),
		    "ignore", NULL);
	if (p->add_columns) {
		call = python_function(a, "lacking_columns");
		python_add(a, call, NULL,
		    pyspark_read(py, p->target, p->widget));
		python_add_atom(a, call, rows);
		python_put_statement(py, 1, "lacking = ", call);
		python_line(py, 1, "if lacking.columns:");
		/* A write of no rows adds its columns. */
		pyspark_put_write(py, 2, p->target, p->widget,
		    pyspark_writer(a, python_atom(a, "lacking")), "append",
		    "mergeSchema");
	}
	python_line(py, 1, "target = %s", pyspark_table(py, p->target, target));
	python_line(py, 1, "require_columns(target.toDF(), %s, %s.columns)",
	    target, rows);
}

const char *
pyspark_table(const struct python *py, const struct table_ref *table,
    const char *where)
{
	return arena_printf(py->arena, "DeltaTable.%s(%s, %s)",
	    table->kind == TABLE_PATH ? "forPath" : "forName",
	    pyspark_session(py), where);
}

void
pyspark_full_load(struct python *py, const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	const char *target = pyspark_parameter(py, p->widget);
	const char *schema = "overwriteSchema";
	struct python_node *writer;

	pyspark_put_write_def(py, p);
	python_line(py, 1,
	    "\"\"\"Replace the content of the target in one "
	    "transaction; if it fails, the old rows stay.\"\"\"");
	if (pipeline_defines(p))
		put_definition(py, p, "rows");
	writer = pyspark_writer(a, python_atom(a, "rows"));
	if (p->clusters.n > 0) {
		/* Another overwrite would be of the clustering, too. */
		writer = python_method(a, writer, "option");
		python_add_text(a, writer, "replaceWhere");
		python_add_text(a, writer, "true");
		schema = "mergeSchema";
	}
	pyspark_put_write(py, 1, p->target, p->widget,
	    partitioned(a, writer, "partitionBy", p, &p->partitions),
	    "overwrite", p->overwrite_schema ? schema : NULL);
	python_put_statement(py, 1, "count = ",
	    python_method(a, pyspark_read(py, p->target, p->widget), "count"));
	python_line(py, 1, "logger.info(\"%%s holds %%d rows\", %s, count)",
	    target);
}

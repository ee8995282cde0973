#include "base/base.h"

#include "emit/pyspark_parts.h"

#include "emit/pyspark.h"
#include "expr/expr.h"

static void
put_latest(struct python *py, const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	struct python_node *keys = python_function(a, "Window.partitionBy");
	struct python_node *order = python_method(a, keys, "orderBy");
	struct python_node *newest = python_atom(a, "newest");
	size_t i;

	python_line(py, 0,
	    "def latest_%s(rows: DataFrame) -> DataFrame:", p->id);
	python_line(py, 1,
	    "\"\"\"Return the newest rows of each key by %s; "
	    "equal rows become one.\"\"\"",
	    pyspark_shown_column(a, p, p->order_by));
	for (i = 0; i < p->keys.n; i++)
		python_add_text(a, keys, pyspark_quoted(a, p, p->keys.v[i]));
	python_add_atom(a, order,
	    arena_printf(a, "F.col(%s).desc_nulls_last()",
	        python_string(a, pyspark_quoted(a, p, (size_t)p->order_by))));
	python_put_statement(py, 1, "newest_first = ", order);
	python_line(py, 1,
	    "newest = rows.withColumn(\"_rank\", F.rank().over("
	    "newest_first)).where(\"_rank = 1\")");
	newest = python_method(a, newest, "drop");
	python_add_text(a, newest, "_rank");
	python_put_statement(py, 1, "return ", pyspark_distinct(a, newest, p));
	python_line(py, 0, "%s", "");
	python_line(py, 0, "%s", "");
}

/* The stored row is not newer than the incoming one. */
static void
add_in_order(struct arena *a, const struct plan_pipeline *p, const char *lead,
    struct python_pieces *pieces)
{
	const char *name = pyspark_quoted(a, p, (size_t)p->order_by);

	python_add_piece(a, pieces, "%s(target.%s IS NULL", lead, name);
	python_add_piece(a, pieces,
	    " OR (source.%s IS NOT NULL AND source.%s >= target.%s))", name,
	    name, name);
}

/* That a column would stay as it is. */
static const char *
unchanged_value(struct arena *a, const struct plan_pipeline *p, size_t i)
{
	const char *name = pyspark_quoted(a, p, i);

	if (!p->ignore_nulls)
		return pyspark_same_value(a, p, i);
	return arena_printf(a, "target.%s <=> coalesce(source.%s, target.%s)",
	    name, name, name);
}

/* The condition under which a stored row gives way to the incoming one.
 * `false IN (…)` stays flat where AND would nest: Spark's parser overflows its
 * stack at some 2,000 of those. Returns false where no column can differ. */
static bool
put_outdated(struct python *py, const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	struct python_pieces pieces = {0};
	size_t i;

	python_add_piece(py->arena, &pieces, "false IN (");
	for (i = 0; i < p->columns.n; i++) {
		if (pipeline_compares(p, i))
			python_add_piece(py->arena, &pieces, "%s%s",
			    pieces.n > 1 ? ", " : "", unchanged_value(a, p, i));
	}
	if (pieces.n == 1)
		return false;
	if (p->order_by >= 0) {
		python_line(py, 1,
		    "# True where the stored row differs and is "
		    "not newer than the incoming one.");
		add_in_order(a, p, ") AND ", &pieces);
	} else {
		python_line(py, 1,
		    "# True where the stored row differs from "
		    "the incoming one.");
		python_add_piece(py->arena, &pieces, ")");
	}
	python_put_pieces(py, 1, "outdated", &pieces);
	return true;
}

/* Rows that are deleted in the sources, or are no longer there, join the
 * changes with a mark. */
static void
put_deletions(struct python *py, const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	struct python_node *call;

	python_line(py, 1,
	    "changes = changes.withColumn(\"_deleted\", F.lit(False))");
	if (p->deleted >= 0) {
		const char *same = "same_key";

		if (p->order_by >= 0) {
			struct python_pieces order = {0};

			add_in_order(a, p, "", &order);
			python_put_pieces(py, 1, "in_order", &order);
			python_line(py, 1,
			    "deletable = f\"{same_key} AND {in_order}\"");
			same = "deletable";
		}
		python_line(py, 1,
		    "deleted = deleted.alias(\"source\").join("
		    "stored.alias(\"target\"), F.expr(%s), \"left_semi\")",
		    same);
		python_line(py, 1,
		    "changes = changes.unionByName(deleted.withColumn("
		    "\"_deleted\", F.lit(True)))");
	}
	if (p->vanished != VANISHED_END)
		return;
	python_line(py, 1,
	    "vanished = stored.alias(\"target\").join("
	    "batch.alias(\"source\"), F.expr(same_key), \"left_anti\")");
	call = python_method(a, python_atom(a, "vanished"), "select");
	pyspark_add_keys(a, call, p);
	python_put_statement(py, 1, "vanished = ", call);
	if (pipeline_tells_failed(p))
		python_line(py, 1,
		    "vanished = vanished.alias(\"target\").join("
		    "failed.alias(\"source\"), F.expr(same_key), "
		    "\"left_anti\")");
	python_line(py, 1,
	    "vanished = vanished.withColumn(\"_deleted\", F.lit(True))");
	python_line(py, 1,
	    "changes = changes.unionByName(vanished, "
	    "allowMissingColumns=True)");
}

/* The rows of a batch that are there to stay, and those deleted. */
static void
put_split(struct python *py, const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	const char *flag;

	if (p->vanished == VANISHED_END) {
		python_line(py, 1, "if batch.isEmpty():");
		python_line(py, 2,
		    "raise RuntimeError(\"The sources have no rows, so that "
		    "all would be deleted\")");
	}
	if (p->deleted < 0)
		return;
	flag = pyspark_quoted(a, p, (size_t)p->deleted);
	python_line(py, 1, "deleted = batch.where(%s)",
	    python_string(a, arena_printf(a, "coalesce(%s, false)", flag)));
	python_line(py, 1, "present = batch.where(%s)",
	    python_string(a, arena_printf(a, "NOT coalesce(%s, false)", flag)));
}

/* What the target does not say yet. */
static void
put_changes(struct python *py, const struct plan_pipeline *p, bool update)
{
	python_line(py, 1,
	    "# A merge rewrites every file that holds a "
	    "matching key, so it is given only real changes.");
	python_line(py, 1, "unchanged = %s",
	    update ? "f\"{same_key} AND NOT ({outdated})\"" : "same_key");
	/* A read of its own: columns that the merge and its source share by
	 * identity cannot be told apart where Delta reads the source twice. */
	python_put_statement(py, 1,
	    "stored = ", pyspark_read(py, p->target, p->widget));
	put_split(py, p);
	python_line(py, 1,
	    "changes = %s.alias(\"source\").join("
	    "stored.alias(\"target\"), F.expr(unchanged), \"left_anti\")",
	    p->deleted < 0 ? "batch" : "present");
	if (pipeline_deletes(p))
		put_deletions(py, p);
}

static void
put_merge_start(struct python *py, const struct plan_pipeline *p)
{
	struct arena *a = py->arena;

	pyspark_put_write_def(py, p);
	python_line(py, 1, "%s",
	    pipeline_deletes(p)
	        ? "\"\"\"Update, insert and delete what changed; a "
	          "second run changes nothing.\"\"\""
	        : "\"\"\"Update the rows that changed and insert the "
	          "new ones; a second run changes nothing.\"\"\"");
	if (p->deleted >= 0)
		python_line(py, 1, "kept = rows.drop(%s)",
		    python_string(a, p->columns.v[p->deleted].name));
	pyspark_ensure_target(py, p, p->deleted < 0 ? "rows" : "kept");
	if (p->order_by >= 0)
		python_line(py, 1, "batch = latest_%s(rows)", p->id);
	else
		python_line(py, 1, "batch = rows");
}

void
pyspark_merge(struct python *py, const struct plan_pipeline *p)
{
	const char *target = pyspark_parameter(py, p->widget);
	struct python_pieces terms = {0};
	struct python_node *call;
	bool update;

	if (p->order_by >= 0)
		put_latest(py, p);
	put_merge_start(py, p);
	call = pyspark_require_unique(py->arena, "target.toDF()", target);
	pyspark_add_keys(py->arena, call, p);
	python_put_statement(py, 1, "", call);
	call = pyspark_require_unique(py->arena, "batch",
	    pyspark_new_rows_name(py, p));
	pyspark_add_keys(py->arena, call, p);
	python_put_statement(py, 1, "", call);
	python_line(py, 0, "%s", "");
	pyspark_add_same(py->arena, p, &p->keys, &terms);
	python_put_pieces(py, 1, "same_key", &terms);
	update = put_outdated(py, p);
	put_changes(py, p, update);
	pyspark_put_values(py, p);
	if (p->ignore_nulls && update)
		python_line(py, 1,
		    "updates = {column: f\"coalesce({value}, target.{column})"
		    "\" for column, value in values.items()}");
	pyspark_put_insert(py, p, "changes", update);
	pyspark_put_log_changes(py, p,
	    pipeline_deletes(p) ? "\"Inserted\", \"Updated\", \"Deleted\""
	                        : "\"Inserted\", \"Updated\"");
}

#include "base/base.h"

#include "emit/pyspark_parts.h"

#include "emit/pyspark.h"
#include "expr/expr.h"

/* What happens to rows without a watermark. */
static void
put_null_policy(struct python *py, const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	const char *name = pyspark_quoted(a, p, (size_t)p->watermark);
	const char *target = pyspark_parameter(py, p->widget);

	switch (p->null_watermark) {
	case NULLS_REFUSE:
		python_line(py, 1, "unmarked = rows.where(%s).count()",
		    python_string(a, arena_printf(a, "%s IS NULL", name)));
		python_line(py, 1, "if unmarked:");
		python_line(py, 2,
		    "raise RuntimeError(f\"{%s}: {unmarked} "
		    "source rows have no watermark\")",
		    target);
		break;
	case NULLS_SKIP:
		python_line(py, 1, "rows = rows.where(%s)",
		    python_string(a, arena_printf(a, "%s IS NOT NULL", name)));
		break;
	case NULLS_LOAD:
		break;
	}
}

/* Rows of keys that were put aside are awaited, however late they are. */
static void
put_awaited(struct python *py, const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	const char *held = pyspark_parameter(py, p->quarantine.widget);
	struct python_pieces same = {0};

	python_line(py, 2, "if %s(%s):",
	    p->quarantine.table.kind == TABLE_PATH
	        ? "DeltaTable.isDeltaTable"
	        : arena_printf(a, "%s.catalog.tableExists",
	              pyspark_session(py)),
	    p->quarantine.table.kind == TABLE_PATH
	        ? arena_printf(a, "%s, %s", pyspark_session(py), held)
	        : held);
	python_line(py, 3,
	    "# Rows of keys in the quarantine are awaited, however late.");
	pyspark_add_same(a, p, &p->keys, &same);
	python_put_pieces(py, 3, "same_key", &same);
	python_put_statement(py, 3, "held = ",
	    pyspark_read(py, &p->quarantine.table, p->quarantine.widget));
	python_line(py, 3,
	    "awaited = rows.alias(\"source\").join(held.alias(\"target\"), "
	    "F.expr(same_key), \"left_semi\")");
	python_line(py, 3, "new = new.unionByName(awaited)");
	python_line(py, 2, "rows = new");
}

static void
put_watermark_filter(struct python *py, const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	const char *target = pyspark_parameter(py, p->widget);
	const char *name = python_string(a,
	    pyspark_quoted(a, p, (size_t)p->watermark));
	const char *raw = python_string(a, p->columns.v[p->watermark].name);
	const char *condition;
	struct python_node *call = python_method(a, python_atom(a, "rows"),
	    "where");

	python_line(py, 1,
	    "# As text, the value loses nothing on its way "
	    "through Python, whatever its type.");
	python_line(py, 1,
	    "highest = target.agg(F.max(%s).cast(\"string\"))"
	    ".first()[0]",
	    name);
	python_line(py, 1,
	    "logger.info(\"%%s: the highest watermark so far is "
	    "%%s\", %s, highest)",
	    target);
	python_line(py, 1, "if highest is not None:");
	python_line(py, 2,
	    "watermark = F.lit(highest).cast(rows.schema[%s]"
	    ".dataType)",
	    raw);
	condition = arena_printf(a, "F.col(%s) >= watermark", name);
	if (p->null_watermark == NULLS_LOAD)
		condition = arena_printf(a, "F.col(%s).isNull() | (%s)", name,
		    condition);
	python_add_atom(a, call, condition);
	python_put_statement(py, 2,
	    pipeline_releases(p) ? "new = " : "rows = ", call);
	if (pipeline_releases(p))
		put_awaited(py, p);
}

/* What tells the rows of a batch. */
static void
add_row_key(struct arena *a, struct python_node *call,
    const struct plan_pipeline *p)
{
	size_t i;

	for (i = 0; i < p->columns.n; i++) {
		if (pipeline_tells_row(p, i))
			python_add_text(a, call, pyspark_quoted(a, p, i));
	}
}

/* Each row once. Rows that are spread by their key need no second exchange
 * where keys must be unique; and where Spark 4.0 itself spreads them by all
 * columns, some 2,000 of those overflow its stack. */
static void
put_return_distinct(struct python *py, const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	struct python_node *rows = python_atom(a, "rows");
	struct python_node *spread = python_method(a, rows, "repartition");

	if (p->keys.n > 0) {
		python_line(py, 1, "%s",
		    "# One exchange serves this step and the next ones.");
		add_row_key(a, spread, p);
		python_put_statement(py, 1, "rows = ", spread);
	}
	python_put_statement(py, 1, "return ", pyspark_distinct(a, rows, p));
}

static void
put_new_rows(struct python *py, const struct plan_pipeline *p)
{
	const char *shown = pyspark_shown_column(py->arena, p, p->watermark);
	const char *name = arena_printf(py->arena, "new_%s", p->id);
	bool all = p->late_rows == LATE_LOAD;

	if (all)
		pyspark_put_def(py, "DataFrame", name, "rows: DataFrame", NULL);
	else
		pyspark_put_def(py, "DataFrame", name, "rows: DataFrame",
		    "target: DataFrame", NULL);
	if (all) {
		python_line(py, 1,
		    "\"\"\"Return all rows, each once; late "
		    "ones are loaded too.\"\"\"");
	} else {
		python_line(py, 1,
		    "\"\"\"Return the rows at or above the "
		    "target's highest %s, each once.",
		    shown);
		python_line(py, 0, "%s", "");
		python_line(py, 1,
		    "Rows below it are late and are not "
		    "loaded. Rows equal to it are kept, because more rows");
		python_line(py, 1, "with that value may have arrived since.");
		python_line(py, 1, "\"\"\"");
	}
	put_null_policy(py, p);
	if (!all)
		put_watermark_filter(py, p);
	put_return_distinct(py, p);
}

/* The columns that tell whether the target holds a row already. */
static void
identity_terms(struct python *py, const struct plan_pipeline *p,
    struct python_pieces *terms)
{
	size_t i;

	for (i = 0; i < p->columns.n; i++) {
		if (pipeline_tells_row(p, i))
			python_add_piece(py->arena, terms, "%s%s",
			    terms->n ? " AND " : "",
			    pyspark_same_value(py->arena, p, i));
	}
}

static void
put_require_unique_rows(struct python *py, const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	struct python_node *call = pyspark_require_unique(a, "batch",
	    pyspark_new_rows_name(py, p));

	add_row_key(a, call, p);
	python_put_statement(py, 1, "", call);
}

void
pyspark_incremental(struct python *py, const struct plan_pipeline *p)
{
	struct python_pieces terms = {0};

	put_new_rows(py, p);
	python_line(py, 0, "%s", "");
	python_line(py, 0, "%s", "");
	pyspark_put_write_def(py, p);
	python_line(py, 1,
	    "\"\"\"Append the rows that the target does not "
	    "hold yet; a second run adds nothing.\"\"\"");
	pyspark_ensure_target(py, p, "rows");
	if (p->late_rows == LATE_LOAD)
		python_line(py, 1, "batch = new_%s(rows%s)", p->id,
		    pyspark_job(py));
	else
		python_line(py, 1, "batch = new_%s(rows, target.toDF()%s)",
		    p->id, pyspark_job(py));
	pyspark_sort_out(py, 1, p, "batch", "batch");
	if (p->keys.n > 0)
		put_require_unique_rows(py, p);
	python_line(py, 0, "%s", "");
	identity_terms(py, p, &terms);
	python_put_pieces(py, 1, "same_row", &terms);
	pyspark_put_values(py, p);
	pyspark_put_insert(py, p, "batch", false);
	pyspark_put_log_changes(py, p, "\"Inserted\"");
	pyspark_release(py, 1, p, "batch");
}

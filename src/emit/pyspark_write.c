#include "base/base.h"

#include "emit/pyspark_parts.h"
#include "emit/python_layout.h"

#include "emit/pyspark.h"
#include "expr/expr.h"

static const char *
shown_column(struct arena *a, const struct plan_pipeline *p, int index)
{
	return pyspark_shown(a, p->columns.v[index].name);
}

static const char *
quoted_column(struct arena *a, const struct plan_pipeline *p, size_t index)
{
	return expr_quote_name(a, p->columns.v[index].name);
}

static void
add_keys(struct arena *a, struct python_node *call,
    const struct plan_pipeline *p)
{
	size_t i;

	for (i = 0; i < p->columns.n; i++) {
		if (p->columns.v[i].is_key)
			python_add_text(a, call, quoted_column(a, p, i));
	}
}

static bool
has_volatile(const struct plan_pipeline *p)
{
	size_t i;

	for (i = 0; i < p->columns.n; i++) {
		if (p->columns.v[i].is_volatile)
			return true;
	}
	return false;
}

/* Equal rows become one; columns that differ from run to run do not make a
 * difference. */
static struct python_node *
distinct(struct arena *a, struct python_node *rows,
    const struct plan_pipeline *p)
{
	struct python_node *names = python_list(a);
	struct python_node *call;
	size_t i;

	if (!has_volatile(p))
		return python_method(a, rows, "distinct");
	for (i = 0; i < p->columns.n; i++) {
		if (!p->columns.v[i].is_volatile)
			python_add_text(a, names, p->columns.v[i].name);
	}
	call = python_method(a, rows, "dropDuplicates");
	python_add(a, call, NULL, names);
	return call;
}

static const char *
same_value(struct arena *a, const struct plan_pipeline *p, size_t i)
{
	const char *name = quoted_column(a, p, i);

	return arena_printf(a, "target.%s <=> source.%s", name, name);
}

/* What happens to rows without a watermark. */
static void
put_null_policy(struct python *py, const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	const char *name = quoted_column(a, p, (size_t)p->watermark);
	const char *target = pyspark_constant(a, p->widget);

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

static void
put_watermark_filter(struct python *py, const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	const char *target = pyspark_constant(a, p->widget);
	const char *name = python_string(a,
	    quoted_column(a, p, (size_t)p->watermark));
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
	python_put_statement(py, 2, "rows = ", call);
}

static void
put_new_rows(struct python *py, const struct plan_pipeline *p)
{
	const char *shown = shown_column(py->arena, p, p->watermark);
	bool all = p->late_rows == LATE_LOAD;

	if (all)
		python_line(py, 0,
		    "def new_%s(rows: DataFrame) -> DataFrame:", p->id);
	else
		python_line(py, 0,
		    "def new_%s(rows: DataFrame, target: "
		    "DataFrame) -> DataFrame:",
		    p->id);
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
	python_put_statement(py, 1, "return ",
	    distinct(py->arena, python_atom(py->arena, "rows"), p));
}

/* The columns that tell whether the target holds a row already. */
static void
identity_terms(struct python *py, const struct plan_pipeline *p,
    struct python_pieces *terms)
{
	size_t i;

	for (i = 0; i < p->columns.n; i++) {
		const struct plan_column *c = &p->columns.v[i];

		if (p->keys.n > 0 ? c->is_key || (int)i == p->watermark
		                  : !c->is_volatile)
			python_add_piece(py->arena, terms, "%s%s",
			    terms->n ? " AND " : "",
			    same_value(py->arena, p, i));
	}
}

/* require_unique(rows, name, and the keys that are added) */
static struct python_node *
require_unique(struct arena *a, const char *rows, const char *name)
{
	struct python_node *call = python_function(a, "require_unique");

	python_add_atom(a, call, rows);
	python_add_atom(a, call, name);
	return call;
}

static const char *
new_rows_name(struct arena *a, const struct plan_pipeline *p)
{
	return arena_printf(a, "f\"New rows for {%s}\"",
	    pyspark_constant(a, p->widget));
}

static void
put_require_unique_rows(struct python *py, const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	struct python_node *call = require_unique(a, "batch",
	    new_rows_name(a, p));
	size_t i;

	for (i = 0; i < p->columns.n; i++) {
		if (p->columns.v[i].is_key || (int)i == p->watermark)
			python_add_text(a, call, quoted_column(a, p, i));
	}
	python_put_statement(py, 1, "", call);
}

/* Does the merge delete rows, which the column _deleted marks? */
static bool
deletes(const struct plan_pipeline *p)
{
	return p->deleted >= 0 || p->vanished == VANISHED_END;
}

static bool
is_plain_name(const char *name)
{
	const char *p;

	for (p = name; *p; p++) {
		if (!chr_is_alnum(*p) && *p != '_')
			return false;
	}
	return !chr_is_digit(name[0]);
}

/* What a merge writes into each column. */
static void
put_values(struct python *py, const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	bool plain = true;
	size_t i;

	for (i = 0; i < p->columns.n; i++)
		plain = plain &&
		    str_eq(p->columns.v[i].name, quoted_column(a, p, i)) &&
		    is_plain_name(p->columns.v[i].name);
	if (plain) {
		python_line(py, 1,
		    "values = {column: f\"source.{column}\" "
		    "for column in %s.columns}",
		    p->deleted < 0 ? "rows" : "kept");
		return;
	}
	python_line(py, 1, "values = {");
	for (i = 0; i < p->columns.n; i++) {
		const char *name = quoted_column(a, p, i);

		if ((int)i == p->deleted)
			continue;
		python_line(py, 2, "%s: %s,", python_string(a, name),
		    python_string(a, arena_printf(a, "source.%s", name)));
	}
	python_line(py, 1, "}");
}

static void
put_insert(struct python *py, const struct plan_pipeline *p, const char *batch,
    bool update)
{
	python_line(py, 1, "version = target.history(1).first().version");
	python_line(py, 1, "(");
	python_line(py, 2, "target.alias(\"target\")");
	python_line(py, 2, ".merge(%s.alias(\"source\"), same_%s)", batch,
	    str_eq(batch, "batch") ? "row" : "key");
	if (deletes(p))
		python_line(py, 2,
		    ".whenMatchedDelete(condition=\"source._deleted\")");
	if (update)
		python_line(py, 2,
		    ".whenMatchedUpdate(condition=outdated, set=%s)",
		    p->ignore_nulls ? "updates" : "values");
	python_line(py, 2, ".whenNotMatchedInsert(values=values)");
	python_line(py, 2, ".execute()");
	python_line(py, 1, ")");
}

static void
put_log_changes(struct python *py, const struct plan_pipeline *p,
    const char *changes)
{
	python_line(py, 1, "log_changes(target, %s, version, %s)",
	    pyspark_constant(py->arena, p->widget), changes);
}

static void
put_incremental(struct python *py, const struct plan_pipeline *p)
{
	struct python_pieces terms = {0};

	put_new_rows(py, p);
	python_line(py, 0, "%s", "");
	python_line(py, 0, "%s", "");
	python_line(py, 0, "def write_%s(rows: DataFrame) -> None:", p->id);
	python_line(py, 1,
	    "\"\"\"Append the rows that the target does not "
	    "hold yet; a second run adds nothing.\"\"\"");
	pyspark_ensure_target(py, p, "rows");
	if (p->late_rows == LATE_LOAD)
		python_line(py, 1, "batch = new_%s(rows)", p->id);
	else
		python_line(py, 1, "batch = new_%s(rows, target.toDF())",
		    p->id);
	if (p->keys.n > 0)
		put_require_unique_rows(py, p);
	python_line(py, 0, "%s", "");
	identity_terms(py, p, &terms);
	python_put_pieces(py, "same_row", &terms);
	put_values(py, p);
	put_insert(py, p, "batch", false);
	put_log_changes(py, p, "\"Inserted\"");
}

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
	    shown_column(a, p, p->order_by));
	for (i = 0; i < p->keys.n; i++)
		python_add_text(a, keys, quoted_column(a, p, p->keys.v[i]));
	python_add_atom(a, order,
	    arena_printf(a, "F.col(%s).desc_nulls_last()",
	        python_string(a, quoted_column(a, p, (size_t)p->order_by))));
	python_put_statement(py, 1, "newest_first = ", order);
	python_line(py, 1,
	    "newest = rows.withColumn(\"_rank\", F.rank().over("
	    "newest_first)).where(\"_rank = 1\")");
	newest = python_method(a, newest, "drop");
	python_add_text(a, newest, "_rank");
	python_put_statement(py, 1, "return ", distinct(a, newest, p));
	python_line(py, 0, "%s", "");
	python_line(py, 0, "%s", "");
}

/* The stored row is not newer than the incoming one. */
static void
add_in_order(struct arena *a, const struct plan_pipeline *p, const char *lead,
    struct python_pieces *pieces)
{
	const char *name = quoted_column(a, p, (size_t)p->order_by);

	python_add_piece(a, pieces, "%s(target.%s IS NULL", lead, name);
	python_add_piece(a, pieces,
	    " OR (source.%s IS NOT NULL AND source.%s >= target.%s))", name,
	    name, name);
}

/* That a column would stay as it is. */
static const char *
unchanged_value(struct arena *a, const struct plan_pipeline *p, size_t i)
{
	const char *name = quoted_column(a, p, i);

	if (!p->ignore_nulls)
		return same_value(a, p, i);
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
		const struct plan_column *c = &p->columns.v[i];

		if (!c->is_key && !c->is_volatile && (int)i != p->deleted)
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
	python_put_pieces(py, "outdated", &pieces);
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
			python_put_pieces(py, "in_order", &order);
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
	add_keys(a, call, p);
	python_put_statement(py, 1, "vanished = ", call);
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
	flag = quoted_column(a, p, (size_t)p->deleted);
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
	python_line(py, 1, "stored = %s",
	    pyspark_read(py->arena, p->target, p->widget));
	put_split(py, p);
	python_line(py, 1,
	    "changes = %s.alias(\"source\").join("
	    "stored.alias(\"target\"), F.expr(unchanged), \"left_anti\")",
	    p->deleted < 0 ? "batch" : "present");
	if (deletes(p))
		put_deletions(py, p);
}

static void
put_merge_start(struct python *py, const struct plan_pipeline *p)
{
	struct arena *a = py->arena;

	python_line(py, 0, "def write_%s(rows: DataFrame) -> None:", p->id);
	python_line(py, 1, "%s",
	    deletes(p) ? "\"\"\"Update, insert and delete what changed; a "
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

static void
put_merge(struct python *py, const struct plan_pipeline *p)
{
	const char *target = pyspark_constant(py->arena, p->widget);
	struct python_pieces terms = {0};
	struct python_node *call;
	bool update;
	size_t i;

	if (p->order_by >= 0)
		put_latest(py, p);
	put_merge_start(py, p);
	call = require_unique(py->arena, "target.toDF()", target);
	add_keys(py->arena, call, p);
	python_put_statement(py, 1, "", call);
	call = require_unique(py->arena, "batch", new_rows_name(py->arena, p));
	add_keys(py->arena, call, p);
	python_put_statement(py, 1, "", call);
	python_line(py, 0, "%s", "");
	for (i = 0; i < p->keys.n; i++)
		python_add_piece(py->arena, &terms, "%s%s", i ? " AND " : "",
		    same_value(py->arena, p, p->keys.v[i]));
	python_put_pieces(py, "same_key", &terms);
	update = put_outdated(py, p);
	put_changes(py, p, update);
	put_values(py, p);
	if (p->ignore_nulls && update)
		python_line(py, 1,
		    "updates = {column: f\"coalesce({value}, target.{column})"
		    "\" for column, value in values.items()}");
	put_insert(py, p, "changes", update);
	put_log_changes(py, p,
	    deletes(p) ? "\"Inserted\", \"Updated\", \"Deleted\""
	               : "\"Inserted\", \"Updated\"");
}

void
pyspark_write(struct python *py, const struct plan *plan,
    const struct plan_pipeline *p)
{
	switch (plan->pattern->strategy) {
	case STRATEGY_FULL_LOAD:
		pyspark_full_load(py, p);
		break;
	case STRATEGY_INCREMENTAL:
		put_incremental(py, p);
		break;
	case STRATEGY_MERGE:
		put_merge(py, p);
		break;
	case STRATEGY_SCD2:
		pyspark_history(py, p);
		break;
	case STRATEGY__COUNT:
		break;
	}
}

#include "base/base.h"

#include "emit/pyspark_parts.h"
#include "emit/python_layout.h"

#include "emit/pyspark.h"
#include "expr/expr.h"

#include <stdarg.h>

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

static void PRINTF(3, 4) add_piece(struct arena *a,
    struct python_pieces *pieces, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	*LIST_ADD(a, pieces) = arena_vprintf(a, format, ap);
	va_end(ap);
}

/* name = "…", in one line where it fits, else a piece a line. Each piece is a
 * literal of its own, so that odd names are escaped like everywhere else. */
static void
put_text(struct python *py, const char *name,
    const struct python_pieces *pieces)
{
	struct arena *a = py->arena;
	struct buf whole;
	struct buf literals;
	const char *line;
	size_t i;

	/* Characters have up to four bytes. */
	buf_init(&whole, a, 4 * PYTHON_WIDTH);
	buf_init(&literals, a, 4 * PYTHON_WIDTH);
	for (i = 0; i < pieces->n; i++) {
		buf_printf(&whole, "%s", pieces->v[i]);
		buf_printf(&literals, "%s%s", i ? " " : "",
		    python_string(a, pieces->v[i]));
	}
	line = arena_printf(a, "%s = %s", name,
	    python_string(a, buf_str(&whole)));
	/* Brackets help only where they make room. */
	if (!buf_full(&whole) &&
	    (python_fits(1, line) ||
	        (pieces->n == 1 && !python_fits(2, buf_str(&literals))))) {
		python_line(py, 1, "%s", line);
		return;
	}
	python_line(py, 1, "%s = (", name);
	if (!buf_full(&literals) && python_fits(2, buf_str(&literals))) {
		python_line(py, 2, "%s", buf_str(&literals));
	} else {
		for (i = 0; i < pieces->n; i++)
			python_line(py, 2, "%s",
			    python_string(a, pieces->v[i]));
	}
	python_line(py, 1, ")");
}

static void
put_ensure_target(struct python *py, const struct plan_pipeline *p)
{
	const char *target = pyspark_constant(py->arena, p->widget);
	bool path = p->target->kind == TABLE_PATH;

	python_line(py, 1,
	    "rows.limit(0).write.format(\"delta\").mode("
	    "\"ignore\").%s(%s)",
	    path ? "save" : "saveAsTable", target);
	python_line(py, 1, "target = DeltaTable.%s(spark, %s)",
	    path ? "forPath" : "forName", target);
	python_line(py, 1, "require_columns(target.toDF(), %s, rows.columns)",
	    target);
}

static void
put_full_load(struct python *py, const struct plan_pipeline *p)
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
			add_piece(py->arena, terms, "%s%s",
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
		    "for column in rows.columns}");
		return;
	}
	python_line(py, 1, "values = {");
	for (i = 0; i < p->columns.n; i++) {
		const char *name = quoted_column(a, p, i);

		python_line(py, 2, "%s: %s,", python_string(a, name),
		    python_string(a, arena_printf(a, "source.%s", name)));
	}
	python_line(py, 1, "}");
}

static void
put_insert(struct python *py, const char *batch, bool update)
{
	python_line(py, 1, "version = target.history(1).first().version");
	python_line(py, 1, "(");
	python_line(py, 2, "target.alias(\"target\")");
	python_line(py, 2, ".merge(%s.alias(\"source\"), same_%s)", batch,
	    str_eq(batch, "batch") ? "row" : "key");
	if (update)
		python_line(py, 2,
		    ".whenMatchedUpdate(condition=outdated, "
		    "set=values)");
	python_line(py, 2, ".whenNotMatchedInsert(values=values)");
	python_line(py, 2, ".execute()");
	python_line(py, 1, ")");
}

static void
put_log_changes(struct python *py, const struct plan_pipeline *p)
{
	python_line(py, 1, "log_changes(target, %s, version)",
	    pyspark_constant(py->arena, p->widget));
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
	put_ensure_target(py, p);
	if (p->late_rows == LATE_LOAD)
		python_line(py, 1, "batch = new_%s(rows)", p->id);
	else
		python_line(py, 1, "batch = new_%s(rows, target.toDF())",
		    p->id);
	if (p->keys.n > 0)
		put_require_unique_rows(py, p);
	python_line(py, 0, "%s", "");
	identity_terms(py, p, &terms);
	put_text(py, "same_row", &terms);
	put_values(py, p);
	put_insert(py, "batch", false);
	put_log_changes(py, p);
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

/* The condition under which a stored row gives way to the incoming one.
 * `false IN (…)` stays flat where AND would nest: Spark's parser overflows its
 * stack at some 2,000 of those. Returns false where no column can differ. */
static bool
put_outdated(struct python *py, const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	struct python_pieces pieces = {0};
	size_t i;

	add_piece(py->arena, &pieces, "false IN (");
	for (i = 0; i < p->columns.n; i++) {
		if (!p->columns.v[i].is_key && !p->columns.v[i].is_volatile)
			add_piece(py->arena, &pieces, "%s%s",
			    pieces.n > 1 ? ", " : "", same_value(a, p, i));
	}
	if (pieces.n == 1)
		return false;
	if (p->order_by >= 0) {
		const char *name = quoted_column(a, p, (size_t)p->order_by);

		python_line(py, 1,
		    "# True where the stored row differs and is "
		    "not newer than the incoming one.");
		add_piece(py->arena, &pieces, ") AND (target.%s IS NULL", name);
		add_piece(py->arena, &pieces,
		    " OR (source.%s IS NOT NULL AND source.%s >= "
		    "target.%s))",
		    name, name, name);
	} else {
		python_line(py, 1,
		    "# True where the stored row differs from "
		    "the incoming one.");
		add_piece(py->arena, &pieces, ")");
	}
	put_text(py, "outdated", &pieces);
	return true;
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
	python_line(py, 0, "def write_%s(rows: DataFrame) -> None:", p->id);
	python_line(py, 1,
	    "\"\"\"Update the rows that changed and insert the "
	    "new ones; a second run changes nothing.\"\"\"");
	put_ensure_target(py, p);
	if (p->order_by >= 0)
		python_line(py, 1, "batch = latest_%s(rows)", p->id);
	else
		python_line(py, 1, "batch = rows");
	call = require_unique(py->arena, "target.toDF()", target);
	add_keys(py->arena, call, p);
	python_put_statement(py, 1, "", call);
	call = require_unique(py->arena, "batch", new_rows_name(py->arena, p));
	add_keys(py->arena, call, p);
	python_put_statement(py, 1, "", call);
	python_line(py, 0, "%s", "");
	for (i = 0; i < p->keys.n; i++)
		add_piece(py->arena, &terms, "%s%s", i ? " AND " : "",
		    same_value(py->arena, p, p->keys.v[i]));
	put_text(py, "same_key", &terms);
	update = put_outdated(py, p);
	python_line(py, 1,
	    "# A merge rewrites every file that holds a "
	    "matching key, so it is given only real changes.");
	python_line(py, 1, "unchanged = %s",
	    update ? "f\"{same_key} AND NOT ({outdated})\"" : "same_key");
	/* A read of its own: columns that the merge and its source share by
	 * identity cannot be told apart where Delta reads the source twice. */
	python_line(py, 1, "stored = %s",
	    pyspark_read(py->arena, p->target, p->widget));
	python_line(py, 1,
	    "changes = batch.alias(\"source\").join("
	    "stored.alias(\"target\"), F.expr(unchanged), \"left_anti\")");
	put_values(py, p);
	put_insert(py, "changes", update);
	put_log_changes(py, p);
}

void
pyspark_write(struct python *py, const struct plan *plan,
    const struct plan_pipeline *p)
{
	switch (plan->pattern->strategy) {
	case STRATEGY_FULL_LOAD:
		put_full_load(py, p);
		break;
	case STRATEGY_INCREMENTAL:
		put_incremental(py, p);
		break;
	case STRATEGY_MERGE:
		put_merge(py, p);
		break;
	case STRATEGY__COUNT:
		break;
	}
}

#include "base/base.h"

#include "emit/scala_parts.h"

#include "expr/expr.h"

void
scala_put_write(struct scala *s, const char *what)
{
	SCALA_LINE(s, 0, "/** %s */", what);
	SCALA_LINE(s, 0, "def write%s(rows: DataFrame%s): Unit = {", s->id,
	    pipeline_tells_failed(s->p) ? ", failed: DataFrame" : "");
}

void
scala_put_writer(struct scala *s, int level, const char *rows,
    const struct table_ref *table, const char *parameter, const char *mode,
    const struct python_pieces *with)
{
	struct arena *a = s->arena;
	struct python_pieces calls = {0};
	size_t i;

	python_add_piece(a, &calls, "%s.write", rows);
	python_add_piece(a, &calls, ".format(\"delta\")");
	for (i = 0; with && i < with->n; i++)
		python_add_piece(a, &calls, "%s", with->v[i]);
	python_add_piece(a, &calls, ".mode(\"%s\")", mode);
	python_add_piece(a, &calls, ".%s(%s)",
	    table->kind == TABLE_PATH ? "save" : "saveAsTable",
	    scala_value(a, parameter));
	scala_put_chain(s, level, "", &calls);
}

const char *
scala_table(struct scala *s, const struct table_ref *table,
    const char *parameter)
{
	return arena_printf(s->arena, "DeltaTable.%s(spark, %s)",
	    table->kind == TABLE_PATH ? "forPath" : "forName",
	    scala_value(s->arena, parameter));
}

/* Adds .method("a", "b"), or nothing without columns. */
static void
add_layout(struct scala *s, struct python_pieces *calls, const char *method,
    const struct plan_indices *columns)
{
	struct python_pieces names = {0};

	scala_add_names(s, &names, columns);
	if (names.n > 0)
		python_add_piece(s->arena, calls, ".%s(%s)", method,
		    python_join(s->arena, &names, ", "));
}

/* Adds .option("name", "true"). */
static void
add_option(struct scala *s, struct python_pieces *calls, const char *name)
{
	python_add_piece(s->arena, calls, ".option(\"%s\", \"true\")", name);
}

/* Makes a target that a write of rows could not define. */
static void
put_definition(struct scala *s, const char *rows)
{
	const struct plan_pipeline *p = s->p;
	struct arena *a = s->arena;
	struct python_pieces calls = {0};

	python_add_piece(a, &calls, "DeltaTable");
	python_add_piece(a, &calls, ".createIfNotExists(spark)");
	python_add_piece(a, &calls, ".%s(%s)",
	    p->target->kind == TABLE_PATH ? "location" : "tableName",
	    s->target);
	if (p->comment[0])
		python_add_piece(a, &calls, ".comment(%s)",
		    scala_string(a, p->comment));
	add_layout(s, &calls, "partitionedBy", &p->partitions);
	add_layout(s, &calls, "clusterBy", &p->clusters);
	python_add_piece(a, &calls, ".addColumns(nullable(%s.schema))", rows);
	python_add_piece(a, &calls, ".execute()");
	scala_put_chain(s, 1, "", &calls);
}

void
scala_ensure_target(struct scala *s, const char *rows)
{
	const struct plan_pipeline *p = s->p;
	struct arena *a = s->arena;
	struct python_pieces layout = {0};
	struct python_pieces merges = {0};

	add_layout(s, &layout, "partitionBy", &p->partitions);
	if (pipeline_defines(p))
		put_definition(s, rows);
	else
		scala_put_writer(s, 1, arena_printf(a, "%s.limit(0)", rows),
		    p->target, p->widget, "ignore", &layout);
	if (p->add_columns) {
		SCALA_LINE(s, 1, "val lacking = lackingColumns(%s, %s)",
		    scala_read(s, p->target, p->widget), rows);
		SCALA_LINE(s, 1, "%s",
		    "// A write of no rows adds its columns.");
		SCALA_LINE(s, 1, "if (lacking.columns.nonEmpty)");
		add_option(s, &merges, "mergeSchema");
		scala_put_writer(s, 2, "lacking", p->target, p->widget,
		    "append", &merges);
	}
	SCALA_LINE(s, 1, "val target = %s",
	    scala_table(s, p->target, p->widget));
	SCALA_LINE(s, 1, "requireColumns(target.toDF, %s, %s.columns.toSeq)",
	    s->target, rows);
}

const char *
scala_of_volatile(struct scala *s, const char *function, const char *rows)
{
	struct python_pieces arguments = {0};
	size_t i;

	python_add_piece(s->arena, &arguments, "%s", rows);
	for (i = 0; i < s->p->columns.n; i++) {
		const struct plan_column *c = &s->p->columns.v[i];

		if (c->is_volatile)
			python_add_piece(s->arena, &arguments, "%s",
			    scala_string(s->arena, c->name));
	}
	return arena_printf(s->arena, "%s(%s)", function,
	    python_join(s->arena, &arguments, ", "));
}

void
scala_full_load(struct scala *s)
{
	const struct plan_pipeline *p = s->p;
	bool clusters = p->clusters.n > 0;
	struct python_pieces with = {0};

	scala_put_write(s,
	    "Replace the content of the target in one transaction; if it "
	    "fails, the old rows stay.");
	if (pipeline_defines(p))
		put_definition(s, "rows");
	add_layout(s, &with, "partitionBy", &p->partitions);
	/* Another overwrite would be of the clustering, too. */
	if (clusters)
		add_option(s, &with, "replaceWhere");
	if (p->overwrite_schema)
		add_option(s, &with,
		    clusters ? "mergeSchema" : "overwriteSchema");
	scala_put_writer(s, 1, "rows", p->target, p->widget, "overwrite",
	    &with);
	SCALA_LINE(s, 1, "println(s\"$%s holds ${%s.count()} rows\")",
	    s->target, scala_read(s, p->target, p->widget));
	SCALA_LINE(s, 0, "}");
}

/* What tells whether the target holds a row already. */
static void
put_row_key(struct scala *s)
{
	struct python_pieces names = {0};
	size_t i;

	for (i = 0; i < s->p->columns.n; i++) {
		if (pipeline_tells_row(s->p, i))
			python_add_piece(s->arena, &names, "%s",
			    scala_name(s, i));
	}
	SCALA_LINE(s, 1, "%s",
	    "// These tell whether the target holds a row already.");
	scala_put_list(s, 1, "val rowKey = Seq(", &names, ")");
}

/* Rows of keys that were put aside are awaited, however late they are. */
static void
put_awaited(struct scala *s)
{
	const struct plan_pipeline *p = s->p;
	const struct table_ref *table = &p->quarantine.table;
	struct arena *a = s->arena;
	const char *where = scala_value(a, p->quarantine.widget);
	const char *known = p->null_watermark == NULLS_SKIP ? "marked" : "rows";
	struct python_pieces keys = {0};

	SCALA_LINE(s, 1, "%s",
	    "// Rows of keys in the quarantine are awaited, however late.");
	scala_add_names(s, &keys, &p->keys);
	scala_put_list(s, 1, "val sameKey = same(Seq(", &keys, "))");
	SCALA_LINE(s, 1, "val awaited =");
	SCALA_LINE(s, 2, "if (!%s(%s)) recent",
	    table->kind == TABLE_PATH ? "DeltaTable.isDeltaTable"
	                              : "spark.catalog.tableExists",
	    table->kind == TABLE_PATH ? arena_printf(a, "spark, %s", where)
	                              : where);
	SCALA_LINE(s, 2, "else {");
	SCALA_LINE(s, 3, "val held = %s",
	    scala_read(s, table, p->quarantine.widget));
	SCALA_LINE(s, 3,
	    "recent.unionByName(%s.as(\"source\").join(held.as(\"target\"), "
	    "expr(sameKey), \"left_semi\"))",
	    known);
	SCALA_LINE(s, 2, "}");
}

/* The rows that are not too old, each once. */
static void
put_batch(struct scala *s)
{
	const struct plan_pipeline *p = s->p;
	struct arena *a = s->arena;
	const char *name = expr_quote_name(a, p->columns.v[p->watermark].name);
	const char *rows = "rows";

	if (p->null_watermark == NULLS_REFUSE) {
		SCALA_LINE(s, 1, "val unmarked = rows.where(%s).count()",
		    scala_string(a, arena_printf(a, "%s IS NULL", name)));
		SCALA_LINE(s, 1,
		    "if (unmarked > 0) sys.error(s\"$%s: $unmarked source rows "
		    "have no watermark\")",
		    s->target);
	} else if (p->null_watermark == NULLS_SKIP) {
		SCALA_LINE(s, 1, "val marked = rows.where(%s)",
		    scala_string(a, arena_printf(a, "%s IS NOT NULL", name)));
		rows = "marked";
	}
	if (p->late_rows != LATE_LOAD) {
		SCALA_LINE(s, 1,
		    "val recent = notLate(%s, target.toDF, %s, %s)", rows,
		    s->target, scala_string(a, name));
		rows = "recent";
		if (pipeline_releases(p)) {
			put_awaited(s);
			rows = "awaited";
		}
	}
	/* Where Spark 4.0 itself spreads rows by all columns, some 2,000 of
	 * those overflow its stack. */
	if (p->keys.n > 0) {
		SCALA_LINE(s, 1, "%s",
		    "// One exchange serves this step and the next ones.");
		SCALA_LINE(s, 1,
		    "val spread = %s.repartition(rowKey.map(col): _*)", rows);
		rows = "spread";
	}
	SCALA_LINE(s, 1, "val batch = %s",
	    scala_of_volatile(s, "eachOnce", rows));
}

void
scala_incremental(struct scala *s)
{
	const char *batch;

	scala_put_write(s,
	    "Append the rows that the target does not hold yet; a second run "
	    "adds nothing.");
	scala_ensure_target(s, "rows");
	put_row_key(s);
	put_batch(s);
	batch = scala_sort_out(s, 1, "batch");
	if (s->p->keys.n > 0)
		SCALA_LINE(s, 1,
		    "requireUnique(%s, s\"New rows for $%s\", rowKey)", batch,
		    s->target);
	SCALA_LINE(s, 0, "%s", "");
	SCALA_LINE(s, 1,
	    "val values = rows.columns.map(quoted).map(column => column -> "
	    "s\"source.$column\").toMap");
	SCALA_LINE(s, 1, "val version = versionOf(target)");
	SCALA_LINE(s, 1, "target");
	SCALA_LINE(s, 2, ".as(\"target\")");
	SCALA_LINE(s, 2, ".merge(%s.as(\"source\"), same(rowKey))", batch);
	SCALA_LINE(s, 2, ".whenNotMatched()");
	SCALA_LINE(s, 2, ".insertExpr(values)");
	SCALA_LINE(s, 2, ".execute()");
	SCALA_LINE(s, 1, "logChanges(target, %s, version, \"Inserted\")",
	    s->target);
	scala_release(s, 1, batch);
	SCALA_LINE(s, 0, "}");
}

/* The row of the sheet of each column. */
static void
put_sheet_rows(struct scala *s)
{
	struct python_pieces list = {0};
	struct row_runs runs = {0};
	size_t i;

	pipeline_rows(s->arena, s->p, &runs);
	for (i = 0; i < runs.n; i++) {
		const struct row_run *r = &runs.v[i];

		if (r->first == r->last)
			python_add_piece(s->arena, &list, "Seq(%" PRId64 ")",
			    r->first);
		else
			python_add_piece(s->arena, &list,
			    "(%" PRId64 " to %" PRId64 "%s)", r->first, r->last,
			    r->step == 1 ? ""
			                 : arena_printf(s->arena,
			                       " by %" PRId64, r->step));
	}
	scala_put_list(s, 3, "val sheetRows = Seq(", &list, ").flatten");
}

/* A joined source has one row for what the join asks for; NULL asks for
 * nothing. */
static void
put_single_matches(struct scala *s)
{
	size_t i;
	size_t j;

	for (i = 1; s->p->single_matches && i < s->p->sources.n; i++) {
		const struct plan_source *from = &s->p->sources.v[i];
		struct arena *a = s->arena;
		struct python_pieces names = {0};

		for (j = 0; j < from->match.n; j++)
			python_add_piece(a, &names, "%s",
			    scala_string(a,
			        expr_quote_name(a, from->match.v[j])));
		python_put_of_row(&s->out, 2, from->row,
		    arena_printf(a, "requireSingleMatches(%s, %s, %s)",
		        scala_read(s, from->table, from->widget),
		        scala_value(a, from->widget), scala_seq(s, &names)));
	}
}

void
scala_load(struct scala *s)
{
	bool is_append = s->plan->pattern->strategy == STRATEGY_INCREMENTAL;
	const char *passed = "rows";

	SCALA_LINE(s, 0,
	    "/** Read the sources, build the target rows and write them. */");
	SCALA_LINE(s, 0, "def load%s(): Unit = {", s->id);
	SCALA_LINE(s, 1, "println(s\"Loading $%s\")", s->target);
	SCALA_LINE(s, 1, "val rows = transform%s()", s->id);
	SCALA_LINE(s, 1, "try {");
	put_single_matches(s);
	/* An append first finds out what is new. */
	if (!is_append)
		passed = scala_sort_out(s, 2, "rows");
	SCALA_LINE(s, 2, "write%s(%s%s)", s->id, passed,
	    pipeline_tells_failed(s->p) ? ", failed" : "");
	if (!is_append)
		scala_release(s, 2, passed);
	SCALA_LINE(s, 1, "} catch {");
	SCALA_LINE(s, 2, "case NonFatal(error) =>");
	put_sheet_rows(s);
	SCALA_LINE(s, 3, "logFailingColumn(error, rows, %s, sheetRows)",
	    s->target);
	SCALA_LINE(s, 3, "throw error");
	SCALA_LINE(s, 1, "}");
	SCALA_LINE(s, 0, "}");
}

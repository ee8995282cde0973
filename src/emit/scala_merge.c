#include "base/base.h"

#include "emit/scala_parts.h"

#include "expr/expr.h"

static const char *
quoted(struct scala *s, int column)
{
	return expr_quote_name(s->arena, s->p->columns.v[column].name);
}

/* The newest rows of each key, or all rows where nothing says which is newer;
 * and neither they nor the stored ones have a key twice. */
static void
put_batch(struct scala *s)
{
	struct arena *a = s->arena;
	struct python_pieces keys = {0};

	scala_add_names(s, &keys, &s->p->keys);
	scala_put_list(s, 1, "val keys = Seq(", &keys, ")");
	if (s->p->order_by < 0)
		SCALA_LINE(s, 1, "val batch = rows");
	else
		SCALA_LINE(s, 1, "val batch = %s",
		    scala_of_volatile(s, "eachOnce",
		        arena_printf(a, "newestOf(rows, keys, %s)",
		            scala_name(s, (size_t)s->p->order_by))));
	SCALA_LINE(s, 1, "requireUnique(target.toDF, %s, keys)", s->target);
	SCALA_LINE(s, 1, "requireUnique(batch, s\"New rows for $%s\", keys)",
	    s->target);
	if (s->p->vanished == VANISHED_END)
		SCALA_LINE(s, 1,
		    "if (batch.isEmpty) sys.error(\"The sources have no rows, "
		    "so that all would be deleted\")");
}

/* What the merge compares: false if nothing can differ. */
static bool
put_outdated(struct scala *s)
{
	const struct plan_pipeline *p = s->p;
	struct python_pieces others = {0};
	bool any = false;
	size_t i;

	for (i = 0; i < p->columns.n; i++) {
		const struct plan_column *c = &p->columns.v[i];

		if ((int)i == p->deleted)
			continue;
		if (pipeline_compares(p, i))
			any = true;
		else
			python_add_piece(s->arena, &others, "%s",
			    scala_string(s->arena, c->name));
	}
	SCALA_LINE(s, 1, "val columns = %s.columns.toSeq",
	    p->deleted < 0 ? "rows" : "kept");
	if (!any)
		return false;
	if (p->ignore_nulls)
		SCALA_LINE(s, 1,
		    "def updated(column: String) = s\"coalesce(source.$column, "
		    "target.$column)\"");
	else
		SCALA_LINE(s, 1,
		    "def updated(column: String) = s\"source.$column\"");
	scala_put_list(s, 1, "val compared = columns.diff(Seq(", &others,
	    ")).map(quoted)");
	SCALA_LINE(s, 1,
	    "val unchanged = compared.map(column => s\"target.$column <=> "
	    "${updated(column)}\")");
	/* AND would nest: Spark's parser overflows its stack at some 2,000. */
	SCALA_LINE(s, 1,
	    "val outdated = s\"false IN (${unchanged.mkString(\", "
	    "\")})%s\"",
	    p->order_by < 0 ? "" : " AND $notNewer");
	return true;
}

/* The changes of rows that are there to stay. */
static void
put_present(struct scala *s, bool update, const char *name)
{
	const struct plan_pipeline *p = s->p;
	struct arena *a = s->arena;
	const char *flag = p->deleted < 0 ? NULL : quoted(s, p->deleted);
	struct python_pieces calls = {0};

	python_add_piece(a, &calls, "batch");
	if (flag)
		python_add_piece(a, &calls, ".where(%s)",
		    scala_string(a,
		        arena_printf(a, "NOT coalesce(%s, false)", flag)));
	python_add_piece(a, &calls, ".as(\"source\")");
	python_add_piece(a, &calls,
	    ".join(stored.as(\"target\"), expr(%s), \"left_anti\")",
	    update ? "s\"$sameKey AND NOT ($outdated)\"" : "sameKey");
	if (pipeline_deletes(p))
		python_add_piece(a, &calls,
		    ".withColumn(\"_deleted\", lit(false))");
	scala_put_chain(s, 1, arena_printf(a, "val %s = ", name), &calls);
}

/* Rows that say that a key was deleted. */
static void
put_deleted(struct scala *s)
{
	const struct plan_pipeline *p = s->p;
	struct arena *a = s->arena;
	struct python_pieces calls = {0};

	python_add_piece(a, &calls, "batch");
	python_add_piece(a, &calls, ".where(%s)",
	    scala_string(a,
	        arena_printf(a, "coalesce(%s, false)", quoted(s, p->deleted))));
	python_add_piece(a, &calls, ".as(\"source\")");
	python_add_piece(a, &calls,
	    ".join(stored.as(\"target\"), expr(%s), \"left_semi\")",
	    p->order_by < 0 ? "sameKey" : "s\"$sameKey AND $notNewer\"");
	python_add_piece(a, &calls, ".withColumn(\"_deleted\", lit(true))");
	scala_put_chain(s, 1, "val deleted = ", &calls);
}

/* Keys that the sources no longer have. */
static void
put_vanished(struct scala *s)
{
	struct arena *a = s->arena;
	struct python_pieces calls = {0};

	python_add_piece(a, &calls, "stored");
	python_add_piece(a, &calls, ".as(\"target\")");
	python_add_piece(a, &calls,
	    ".join(batch.as(\"source\"), expr(sameKey), \"left_anti\")");
	if (pipeline_tells_failed(s->p))
		python_add_piece(a, &calls,
		    ".join(failed.as(\"source\"), expr(sameKey), "
		    "\"left_anti\")");
	python_add_piece(a, &calls, ".select(keys.map(col): _*)");
	python_add_piece(a, &calls, ".withColumn(\"_deleted\", lit(true))");
	scala_put_chain(s, 1, "val vanished = ", &calls);
}

/* What the target does not say yet. */
static void
put_changes(struct scala *s, bool update)
{
	const struct plan_pipeline *p = s->p;
	struct arena *a = s->arena;
	struct python_pieces calls = {0};

	/* A read of its own: columns that the merge and its source share by
	 * identity cannot be told apart where Delta reads the source twice. */
	SCALA_LINE(s, 1, "val stored = %s",
	    scala_read(s, p->target, p->widget));
	SCALA_LINE(s, 1, "%s",
	    "// A merge rewrites every file that holds a matching key, so it "
	    "is given only real changes.");
	put_present(s, update, pipeline_deletes(p) ? "present" : "changes");
	if (!pipeline_deletes(p))
		return;
	python_add_piece(a, &calls, "present");
	if (p->deleted >= 0) {
		put_deleted(s);
		python_add_piece(a, &calls, ".unionByName(deleted)");
	}
	if (p->vanished == VANISHED_END) {
		put_vanished(s);
		python_add_piece(a, &calls,
		    ".unionByName(vanished, allowMissingColumns = true)");
	}
	scala_put_chain(s, 1, "val changes = ", &calls);
}

static void
put_merge(struct scala *s, bool update)
{
	bool deletes = pipeline_deletes(s->p);

	SCALA_LINE(s, 0, "%s", "");
	SCALA_LINE(s, 1, "val names = columns.map(quoted)");
	SCALA_LINE(s, 1, "val version = versionOf(target)");
	SCALA_LINE(s, 1, "target");
	SCALA_LINE(s, 2, ".as(\"target\")");
	SCALA_LINE(s, 2, ".merge(changes.as(\"source\"), sameKey)");
	if (deletes) {
		SCALA_LINE(s, 2, ".whenMatched(\"source._deleted\")");
		SCALA_LINE(s, 2, ".delete()");
	}
	if (update) {
		SCALA_LINE(s, 2, ".whenMatched(outdated)");
		SCALA_LINE(s, 2,
		    ".updateExpr(names.map(name => name -> "
		    "updated(name)).toMap)");
	}
	SCALA_LINE(s, 2, ".whenNotMatched()");
	SCALA_LINE(s, 2,
	    ".insertExpr(names.map(name => name -> s\"source.$name\").toMap)");
	SCALA_LINE(s, 2, ".execute()");
	SCALA_LINE(s, 1,
	    "logChanges(target, %s, version, \"Inserted\", \"Updated\"%s)",
	    s->target, deletes ? ", \"Deleted\"" : "");
	SCALA_LINE(s, 0, "}");
}

void
scala_merge(struct scala *s)
{
	const struct plan_pipeline *p = s->p;
	bool update;

	scala_put_write(s,
	    pipeline_deletes(p)
	        ? "Update, insert and delete what changed; a second run "
	          "changes nothing."
	        : "Update the rows that changed and insert the new ones; a "
	          "second run changes nothing.");
	if (p->deleted >= 0)
		SCALA_LINE(s, 1, "val kept = rows.drop(%s)",
		    scala_string(s->arena, p->columns.v[p->deleted].name));
	scala_ensure_target(s, p->deleted < 0 ? "rows" : "kept");
	put_batch(s);
	SCALA_LINE(s, 0, "%s", "");
	SCALA_LINE(s, 1, "val sameKey = same(keys)");
	if (p->order_by >= 0)
		SCALA_LINE(s, 1, "val notNewer = inOrder(%s)",
		    scala_name(s, (size_t)p->order_by));
	update = put_outdated(s);
	put_changes(s, update);
	put_merge(s, update);
}

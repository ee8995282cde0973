#include "base/base.h"

#include "emit/sql_parts.h"

void
sql_put_update(struct sql *s, const char *condition,
    const struct python_pieces *names, const struct python_pieces *values)
{
	size_t i;

	SQL_LINE(s, 0, "WHEN MATCHED%s%s THEN UPDATE SET",
	    condition ? " AND " : "", condition ? condition : "");
	for (i = 0; i < names->n; i++)
		SQL_LINE(s, 1, "%s = %s%s", names->v[i], values->v[i],
		    i + 1 < names->n ? "," : "");
}

void
sql_put_insert(struct sql *s, const struct python_pieces *names)
{
	struct python_pieces values = sql_prefixed(s, names, "source.");

	sql_put_list(s, 0, "WHEN NOT MATCHED THEN INSERT (", names, ")");
	sql_put_list(s, 0, "VALUES (", &values, ");");
}

void
sql_full_load(struct sql *s)
{
	bool checks = s->p->rules.n > 0 || pipeline_matches_once(s->p);

	sql_put_new(s, 0, !checks);
	sql_put_rules(s, 0, "new");
	sql_put_matches(s, 0);
	sql_end_problems(s, 0, true);
	sql_put_checked(s, 0, "new", s->p->columns.n, 0, ";");
}

/* The rows that the target's highest watermark allows. Rows without one pass
 * unless they are left out; those that are refused are a problem. */
static void
put_new_rows(struct sql *s, bool is_last)
{
	const struct plan_pipeline *p = s->p;
	struct arena *a = s->arena;
	const char *mark = sql_name(s, (size_t)p->watermark);
	const char *known = p->null_watermark == NULLS_SKIP
	    ? arena_printf(a, "%s IS NOT NULL", mark)
	    : NULL;

	if (p->late_rows == LATE_LOAD) {
		sql_put_batch(s, 1, "Each row once; late ones are loaded, too",
		    "new", known, is_last);
		return;
	}
	sql_begin(s, 1, "stored", "How far the target goes");
	SQL_LINE(s, 2, "SELECT max(%s) AS _highest FROM %s", mark, s->target);
	sql_end(s, 1, false);
	sql_put_batch(s, 1,
	    "Rows from there on, each once: more rows with that value may have "
	    "come",
	    "new CROSS JOIN stored",
	    arena_printf(a, "%s%scoalesce(%s >= _highest, true)",
	        known ? known : "", known ? " AND " : "", mark),
	    is_last);
}

/* What tells rows of a batch: keys and watermark, or all that lasts. */
static struct python_pieces
identity(struct sql *s)
{
	struct python_pieces names = {0};
	size_t i;

	for (i = 0; i < s->p->columns.n; i++) {
		if (pipeline_tells_row(s->p, i))
			python_add_piece(s->arena, &names, "%s",
			    sql_name(s, i));
	}
	return names;
}

/* Where the first column stands that tells rows. */
static size_t
identity_at(const struct sql *s)
{
	size_t i;

	for (i = 0; i < s->p->columns.n; i++) {
		const struct plan_column *c = &s->p->columns.v[i];

		if (s->p->keys.n > 0 ? c->is_key : !c->is_volatile)
			break;
	}
	return i;
}

static const char *
new_rows_of(const struct sql *s)
{
	return arena_printf(s->arena, "concat('New rows for ', :%s)",
	    s->p->widget);
}

static void
put_incremental_problems(struct sql *s)
{
	const struct plan_pipeline *p = s->p;
	struct python_pieces names = identity(s);

	if (p->null_watermark == NULLS_REFUSE)
		sql_put_problem(s, 1,
		    arena_printf(s->arena,
		        "concat(:%s, ': ', count(*), ' source rows have no "
		        "watermark')",
		        p->widget),
		    arena_printf(s->arena, "new WHERE %s IS NULL",
		        sql_name(s, (size_t)p->watermark)),
		    "count(*) > 0");
	sql_put_rules(s, 1, "batch");
	if (p->keys.n > 0)
		sql_put_repeated(s, 1, new_rows_of(s), "batch", &names);
	sql_put_matches(s, 1);
	sql_end_problems(s, 1, true);
}

static void
put_merge(struct sql *s)
{
	SQL_LINE(s, 0, "MERGE INTO %s AS target", s->target);
	SQL_LINE(s, 0, "USING (");
}

static void
put_on(struct sql *s, const struct python_pieces *names)
{
	struct python_pieces same = sql_same(s, names);

	SQL_LINE(s, 0, ") AS source");
	SQL_LINE(s, 0, "ON %s", python_join(s->arena, &same, " AND "));
}

void
sql_incremental(struct sql *s)
{
	struct python_pieces names = identity(s);
	struct python_pieces written = {0};
	bool checks = s->p->null_watermark == NULLS_REFUSE ||
	    s->p->rules.n > 0 || s->p->keys.n > 0 ||
	    pipeline_matches_once(s->p);

	put_merge(s);
	sql_put_new(s, 1, false);
	put_new_rows(s, !checks);
	put_incremental_problems(s);
	sql_put_checked(s, 1, "batch", s->p->columns.n, identity_at(s), "");
	put_on(s, &names);
	sql_add_written(s, &written);
	sql_put_insert(s, &written);
}

/* The newest rows of each key, or all rows where nothing says which is newer;
 * the name of the query. */
static const char *
put_batch(struct sql *s, const struct python_pieces *keys)
{
	if (s->p->order_by < 0)
		return "new";
	sql_begin(s, 1, "ranked", "How new a row is among those of its key");
	SQL_LINE(s, 2, "SELECT");
	SQL_LINE(s, 3, "*,");
	SQL_LINE(s, 3,
	    "rank() OVER (PARTITION BY %s ORDER BY %s DESC NULLS LAST) AS "
	    "_rank",
	    python_join(s->arena, keys, ", "),
	    sql_name(s, (size_t)s->p->order_by));
	SQL_LINE(s, 2, "FROM new");
	sql_end(s, 1, false);
	sql_put_batch(s, 1, "The newest row of each key; equal rows become one",
	    "ranked", "_rank = 1", false);
	return "batch";
}

/* The stored row is not newer than the incoming one. */
static const char *
in_order(struct sql *s)
{
	const char *name = sql_name(s, (size_t)s->p->order_by);

	return arena_printf(s->arena,
	    "(target.%s IS NULL OR (source.%s IS NOT NULL AND source.%s >= "
	    "target.%s))",
	    name, name, name, name);
}

/* The columns that a merge compares. */
static struct python_pieces
compared(struct sql *s)
{
	struct python_pieces names = {0};
	size_t i;

	for (i = 0; i < s->p->columns.n; i++) {
		if (pipeline_compares(s->p, i))
			python_add_piece(s->arena, &names, "%s",
			    sql_name(s, i));
	}
	return names;
}

/* The stored row gives way to the incoming one; NULL where no column can
 * differ. AND would nest where IN stays flat. */
static const char *
outdated(struct sql *s)
{
	struct python_pieces names = compared(s);
	struct python_pieces same = {0};
	size_t i;

	if (names.n == 0)
		return NULL;
	for (i = 0; i < names.n; i++) {
		const char *name = names.v[i];

		if (s->p->ignore_nulls)
			python_add_piece(s->arena, &same,
			    "target.%s <=> coalesce(source.%s, target.%s)",
			    name, name, name);
		else
			python_add_piece(s->arena, &same,
			    "target.%s <=> source.%s", name, name);
	}
	return arena_printf(s->arena, "false IN (%s)%s%s",
	    python_join(s->arena, &same, ", "),
	    s->p->order_by < 0 ? "" : " AND ",
	    s->p->order_by < 0 ? "" : in_order(s));
}

/* One part of the changes: rows of the batch that do, or do not, meet stored
 * ones. */
static void
put_part(struct sql *s, const char *mark, const char *from, const char *join,
    const char *on, const char *flag)
{
	struct python_pieces names = {0};
	struct python_pieces shown;

	sql_add_written(s, &names);
	shown = sql_prefixed(s, &names, "source.");
	if (mark)
		python_add_piece(s->arena, &shown, "%s AS _deleted", mark);
	sql_put_list(s, 2, "SELECT ", &shown, "");
	SQL_LINE(s, 2, "FROM %s AS source", from);
	SQL_LINE(s, 2, "%s JOIN %s AS target", join, s->target);
	SQL_LINE(s, 3, "ON %s", on);
	if (flag)
		SQL_LINE(s, 2, "WHERE %s", flag);
}

static void
put_deleted(struct sql *s, const char *batch, const char *same)
{
	const char *on = s->p->order_by < 0
	    ? same
	    : arena_printf(s->arena, "%s AND %s", same, in_order(s));

	SQL_LINE(s, 2, "UNION ALL");
	put_part(s, "true", batch, "LEFT SEMI", on,
	    arena_printf(s->arena, "coalesce(source.%s, false)",
	        sql_name(s, (size_t)s->p->deleted)));
}

static void
put_vanished(struct sql *s, const char *batch, const char *same)
{
	struct python_pieces shown = {0};
	size_t i;

	for (i = 0; i < s->p->columns.n; i++) {
		const char *name = sql_name(s, i);

		if ((int)i == s->p->deleted)
			continue;
		if (s->p->columns.v[i].is_key)
			python_add_piece(s->arena, &shown, "target.%s", name);
		else
			python_add_piece(s->arena, &shown, "NULL AS %s", name);
	}
	python_add_piece(s->arena, &shown, "true AS _deleted");
	SQL_LINE(s, 2, "UNION ALL");
	sql_put_list(s, 2, "SELECT ", &shown, "");
	SQL_LINE(s, 2, "FROM %s AS target", s->target);
	SQL_LINE(s, 2, "LEFT ANTI JOIN %s AS source", batch);
	SQL_LINE(s, 3, "ON %s", same);
}

/* What the target does not say yet. A merge rewrites every file that holds a
 * matching key, so it is given only real changes. */
static void
put_changes(struct sql *s, const char *batch, const struct python_pieces *keys,
    const char *old)
{
	const struct plan_pipeline *p = s->p;
	bool deletes = pipeline_deletes(p);
	const char *same = sql_same_all(s, keys);
	const char *unchanged = !old
	    ? same
	    : arena_printf(s->arena, "%s AND NOT (%s)", same, old);

	sql_begin(s, 1, "changes",
	    "What the target does not say yet: a merge rewrites all files with "
	    "matching keys");
	put_part(s, deletes ? "false" : NULL, batch, "LEFT ANTI", unchanged,
	    p->deleted < 0
	        ? NULL
	        : arena_printf(s->arena, "NOT coalesce(source.%s, false)",
	              sql_name(s, (size_t)p->deleted)));
	if (p->deleted >= 0)
		put_deleted(s, batch, same);
	if (p->vanished == VANISHED_END)
		put_vanished(s, batch, same);
	sql_end(s, 1, true);
}

static void
put_merge_problems(struct sql *s, const char *batch,
    const struct python_pieces *keys)
{
	sql_put_repeated(s, 1, new_rows_of(s), batch, keys);
	sql_put_repeated(s, 1, arena_printf(s->arena, ":%s", s->p->widget),
	    s->target, keys);
	if (s->p->vanished == VANISHED_END)
		sql_put_problem(s, 1,
		    "'The sources have no rows, so that all would be deleted'",
		    batch, "count(*) = 0");
	sql_put_rules(s, 1, "new");
	sql_put_matches(s, 1);
	sql_end_problems(s, 1, false);
}

/* What each column becomes. */
static struct python_pieces
updates(struct sql *s, const struct python_pieces *names)
{
	struct python_pieces values = {0};
	size_t i;

	for (i = 0; i < names->n; i++) {
		if (s->p->ignore_nulls)
			python_add_piece(s->arena, &values,
			    "coalesce(source.%s, target.%s)", names->v[i],
			    names->v[i]);
		else
			python_add_piece(s->arena, &values, "source.%s",
			    names->v[i]);
	}
	return values;
}

/* Where the first key stands among the columns that are written. */
static size_t
key_at(const struct sql *s)
{
	size_t at = 0;
	size_t i;

	for (i = 0; i < s->p->columns.n && !s->p->columns.v[i].is_key; i++)
		at += (int)i == s->p->deleted ? 0 : 1;
	return at;
}

void
sql_merge(struct sql *s)
{
	const struct plan_pipeline *p = s->p;
	bool deletes = pipeline_deletes(p);
	struct python_pieces keys = {0};
	struct python_pieces written = {0};
	struct python_pieces values;
	const char *batch;
	const char *old;

	sql_add_names(s, &keys, &p->keys);
	sql_add_written(s, &written);
	put_merge(s);
	sql_put_new(s, 1, false);
	batch = put_batch(s, &keys);
	put_merge_problems(s, batch, &keys);
	old = outdated(s);
	put_changes(s, batch, &keys, old);
	sql_put_checked(s, 1, "changes", written.n + (deletes ? 1 : 0),
	    key_at(s), "");
	put_on(s, &keys);
	if (deletes)
		SQL_LINE(s, 0, "WHEN MATCHED AND source._deleted THEN DELETE");
	values = updates(s, &written);
	if (old)
		sql_put_update(s, old, &written, &values);
	sql_put_insert(s, &written);
}

#include "base/base.h"

#include "emit/sql_parts.h"

#include "expr/expr.h"

/* The columns of a target that keeps versions, by what they are to it. */
struct names {
	struct python_pieces keys;
	struct python_pieces tracked;  /* a change opens a version */
	struct python_pieces latest;   /* every version has the latest value */
	struct python_pieces changing; /* as latest, but differs in every run */
	struct python_pieces start;    /* keys and where a version starts */
	const char *time;
	const char *from;
	const char *to;
	const char *current;
};

static struct names
names_of(struct sql *s)
{
	const struct plan_pipeline *p = s->p;
	struct arena *a = s->arena;
	struct names n = {0};
	struct python_pieces *const lists[] = {
	    [PART_KEY] = &n.keys,
	    [PART_TRACKED] = &n.tracked,
	    [PART_LATEST] = &n.latest,
	    [PART_VOLATILE] = &n.changing,
	    [PART_OTHER] = NULL,
	};
	size_t i;

	for (i = 0; i < p->columns.n; i++) {
		struct python_pieces *list = lists[pipeline_part(p, i)];

		if (list)
			python_add_piece(a, list, "%s", sql_name(s, i));
	}
	n.time = sql_name(s, (size_t)p->order_by);
	n.from = expr_quote_name(a, p->history.valid_from);
	n.to = expr_quote_name(a, p->history.valid_to);
	n.current = expr_quote_name(a, p->history.is_current);
	for (i = 0; i < n.keys.n; i++)
		python_add_piece(a, &n.start, "%s", n.keys.v[i]);
	python_add_piece(a, &n.start, "%s", n.from);
	return n;
}

/* SELECT: a key had these values at some time, or was deleted then. */
static void
put_sighting(struct sql *s, const struct names *n, const char *prefix,
    const char *at, const char *deleted)
{
	struct python_pieces shown = sql_prefixed(s, &n->keys, prefix);
	struct python_pieces tracked = sql_prefixed(s, &n->tracked, prefix);
	struct python_pieces latest = sql_prefixed(s, &n->latest, prefix);
	struct python_pieces changing = sql_prefixed(s, &n->changing, prefix);

	python_add_piece(s->arena, &shown, "%s AS _at", at);
	python_add_piece(s->arena, &shown, "%s AS _deleted", deleted);
	python_add_piece(s->arena, &shown, "struct(%s) AS _tracked",
	    python_join(s->arena, &tracked, ", "));
	python_add_piece(s->arena, &shown, "struct(%s AS _at%s%s) AS _latest",
	    at, latest.n ? ", " : "", python_join(s->arena, &latest, ", "));
	python_add_piece(s->arena, &shown, "struct(%s AS _at%s%s) AS _volatile",
	    at, changing.n ? ", " : "", python_join(s->arena, &changing, ", "));
	sql_put_list(s, 2, "SELECT ", &shown, "");
}

/* The rows of the batch. */
static void
put_seen(struct sql *s, const struct names *n)
{
	const char *deleted = "false";

	if (s->p->deleted >= 0)
		deleted = arena_printf(s->arena, "coalesce(%s, false)",
		    sql_name(s, (size_t)s->p->deleted));
	sql_begin(s, 1, "seen",
	    "The batch as sightings: a key had these values then, or was "
	    "deleted");
	put_sighting(s, n, "", n->time, deleted);
	SQL_LINE(s, 2, "FROM new");
	sql_end(s, 1, false);
}

/* When keys that vanished ended: the parameter, or now where the times of the
 * history are times. */
static const char *
vanished_at(struct sql *s)
{
	const char *type = s->p->columns.v[s->p->order_by].type;
	const char *given = arena_printf(s->arena,
	    "CAST(nullif(:" PLAN_SNAPSHOT_AT ", '') AS %s)", type);

	if (!str_starts(type, "timestamp") && !str_eq(type, "date"))
		return given;
	return arena_printf(s->arena,
	    "CASE WHEN :" PLAN_SNAPSHOT_AT " = '' THEN CAST("
	    "current_timestamp() AS %s) ELSE %s END",
	    type, given);
}

/* Current keys that the batch, which is whole, does not have. */
static void
put_vanished(struct sql *s, const struct names *n)
{
	sql_begin(s, 1, "vanished",
	    "Keys that are current and not in the batch");
	put_sighting(s, n, "target.", vanished_at(s), "true");
	SQL_LINE(s, 2, "FROM %s AS target", s->target);
	SQL_LINE(s, 2, "LEFT ANTI JOIN seen AS source");
	SQL_LINE(s, 3, "ON %s", sql_same_all(s, &n->keys));
	SQL_LINE(s, 2, "WHERE target.%s", n->current);
	sql_end(s, 1, false);
	sql_begin(s, 1, "news", "All sightings of this run");
	SQL_LINE(s, 2, "SELECT * FROM seen UNION ALL SELECT * FROM vanished");
	sql_end(s, 1, false);
}

/* The stored versions of the keys, and the sightings that they were made of. */
static void
put_stored(struct sql *s, const struct names *n, const char *news)
{
	sql_begin(s, 1, "touched", "The stored versions of these keys");
	SQL_LINE(s, 2, "SELECT target.*");
	SQL_LINE(s, 2, "FROM %s AS target", s->target);
	SQL_LINE(s, 2, "LEFT SEMI JOIN %s AS source", news);
	SQL_LINE(s, 3, "ON %s", sql_same_all(s, &n->keys));
	sql_end(s, 1, false);
	sql_begin(s, 1, "behind", "The sightings that those were made of");
	put_sighting(s, n, "", "_seen.at", "_seen.deleted");
	SQL_LINE(s, 2, "FROM touched");
	SQL_LINE(s, 2,
	    "LATERAL VIEW explode(concat(array(struct(%s AS at, false AS "
	    "deleted)), _sightings)) seen AS _seen",
	    n->from);
	sql_end(s, 1, false);
}

/* Without what is older than the newest that is stored of its key. */
static const char *
put_timely(struct sql *s, const struct names *n, const char *news)
{
	const char *keys = python_join(s->arena, &n->keys, ", ");

	if (s->p->late_rows != LATE_IGNORE)
		return news;
	sql_begin(s, 1, "newest",
	    "The newest sighting that is stored of each key");
	SQL_LINE(s, 2, "SELECT %s, max(_at) AS _newest", keys);
	SQL_LINE(s, 2, "FROM behind");
	SQL_LINE(s, 2, "GROUP BY %s", keys);
	sql_end(s, 1, false);
	sql_begin(s, 1, "timely", "Sightings that are not older");
	SQL_LINE(s, 2, "SELECT source.*");
	SQL_LINE(s, 2, "FROM %s AS source", news);
	SQL_LINE(s, 2, "LEFT JOIN newest AS target");
	SQL_LINE(s, 3, "ON %s", sql_same_all(s, &n->keys));
	SQL_LINE(s, 2, "WHERE _newest IS NULL OR _at >= _newest");
	sql_end(s, 1, false);
	return "timely";
}

/* Of several sightings at one time a deletion wins, else the greatest values;
 * a version opens where the tracked values are others than before. */
static void
put_opened(struct sql *s, const struct names *n, const char *news)
{
	const char *keys = python_join(s->arena, &n->keys, ", ");

	sql_begin(s, 1, "ranked",
	    "Of several sightings at one time a deletion wins, else the "
	    "greatest values");
	SQL_LINE(s, 2, "SELECT");
	SQL_LINE(s, 3, "*,");
	SQL_LINE(s, 3,
	    "row_number() OVER (PARTITION BY %s, _at ORDER BY _deleted DESC, "
	    "_tracked DESC, _latest DESC) AS _rank",
	    keys);
	SQL_LINE(s, 2, "FROM (SELECT * FROM behind UNION ALL SELECT * FROM %s)",
	    news);
	sql_end(s, 1, false);
	sql_begin(s, 1, "sightings", "The one sighting of each time");
	SQL_LINE(s, 2, "SELECT");
	SQL_LINE(s, 3, "%s, _at, _deleted,", keys);
	SQL_LINE(s, 3, "CASE WHEN NOT _deleted THEN _tracked END AS _tracked,");
	SQL_LINE(s, 3,
	    "CASE WHEN NOT _deleted THEN struct(_latest, _volatile) END AS "
	    "_newest");
	SQL_LINE(s, 2, "FROM ranked");
	SQL_LINE(s, 2, "WHERE _rank = 1");
	sql_end(s, 1, false);
	sql_begin(s, 1, "opened",
	    "A version opens where the tracked values are others than before");
	SQL_LINE(s, 2, "SELECT");
	SQL_LINE(s, 3, "*,");
	SQL_LINE(s, 3,
	    "NOT _deleted AND NOT (_tracked <=> lag(_tracked) OVER (PARTITION "
	    "BY %s ORDER BY _at)) AS _opens",
	    keys);
	SQL_LINE(s, 2, "FROM sightings");
	sql_end(s, 1, false);
	sql_begin(s, 1, "numbered",
	    "Versions by number, and the newest values of each key");
	SQL_LINE(s, 2, "SELECT");
	SQL_LINE(s, 3, "%s, _at, _deleted, _tracked, _opens,", keys);
	SQL_LINE(s, 3,
	    "sum(CAST(_opens AS INT)) OVER (PARTITION BY %s ORDER BY _at) AS "
	    "_version,",
	    keys);
	SQL_LINE(s, 3,
	    "last(_newest, true) OVER (PARTITION BY %s ORDER BY _at ROWS "
	    "BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS _newest",
	    keys);
	SQL_LINE(s, 2, "FROM opened");
	sql_end(s, 1, false);
}

static void
add_fields(struct sql *s, struct python_pieces *list,
    const struct python_pieces *names, const char *prefix)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		python_add_piece(s->arena, list, "%s.%s AS %s", prefix,
		    names->v[i], names->v[i]);
}

/* All columns of a version, in the order of the target. */
static void
put_versions(struct sql *s, const struct names *n)
{
	struct python_pieces shown = {0};
	const char *keys = python_join(s->arena, &n->keys, ", ");
	size_t i;

	sql_begin(s, 1, "grouped",
	    "One row a version, and the sightings that confirm it");
	SQL_LINE(s, 2, "SELECT");
	SQL_LINE(s, 3, "%s,", keys);
	SQL_LINE(s, 3, "min(_at) AS _from,");
	SQL_LINE(s, 3, "min(CASE WHEN _deleted THEN _at END) AS _gone,");
	SQL_LINE(s, 3, "min_by(_tracked, _at) AS _tracked,");
	SQL_LINE(s, 3, "first(_newest) AS _newest,");
	SQL_LINE(s, 3,
	    "sort_array(collect_list(CASE WHEN NOT _opens THEN struct(_at AS "
	    "at, _deleted AS deleted) END)) AS _sightings");
	SQL_LINE(s, 2, "FROM numbered");
	SQL_LINE(s, 2, "WHERE _version > 0");
	SQL_LINE(s, 2, "GROUP BY %s, _version", keys);
	sql_end(s, 1, false);
	sql_begin(s, 1, "ended",
	    "A version ends where the key was deleted, or where the next one "
	    "starts");
	SQL_LINE(s, 2, "SELECT");
	SQL_LINE(s, 3, "*,");
	SQL_LINE(s, 3,
	    "coalesce(_gone, lead(_from) OVER (PARTITION BY %s ORDER BY "
	    "_from)) AS _to",
	    keys);
	SQL_LINE(s, 2, "FROM grouped");
	sql_end(s, 1, false);
	for (i = 0; i < n->keys.n; i++)
		python_add_piece(s->arena, &shown, "%s", n->keys.v[i]);
	add_fields(s, &shown, &n->tracked, "_tracked");
	add_fields(s, &shown, &n->latest, "_newest._latest");
	add_fields(s, &shown, &n->changing, "_newest._volatile");
	python_add_piece(s->arena, &shown, "_from AS %s", n->time);
	python_add_piece(s->arena, &shown, "_from AS %s", n->from);
	python_add_piece(s->arena, &shown, "_to AS %s", n->to);
	python_add_piece(s->arena, &shown, "_to IS NULL AS %s", n->current);
	python_add_piece(s->arena, &shown, "_sightings");
	/* Times in full and in UTC: the hash is the same in every session. */
	if (s->p->history.surrogate[0])
		python_add_piece(s->arena, &shown,
		    "sha2(to_json(struct(%s, _from), map('timeZone', 'UTC', "
		    "'timestampFormat', 'yyyy-MM-dd\\'T\\'HH:mm:ss.SSSSSS', "
		    "'timestampNTZFormat', "
		    "'yyyy-MM-dd\\'T\\'HH:mm:ss.SSSSSS')), 256) AS %s",
		    keys, expr_quote_name(s->arena, s->p->history.surrogate));
	sql_begin(s, 1, "versions", "The versions as the target has them");
	sql_put_list(s, 2, "SELECT ", &shown, "");
	SQL_LINE(s, 2, "FROM ended");
	sql_end(s, 1, false);
}

/* The columns of a version besides those that tell it; of these, the ones that
 * make it another. */
static struct python_pieces
others_of(struct sql *s, const struct names *n, bool compared)
{
	struct python_pieces list = {0};
	size_t i;

	for (i = 0; i < n->tracked.n; i++)
		python_add_piece(s->arena, &list, "%s", n->tracked.v[i]);
	for (i = 0; i < n->latest.n; i++)
		python_add_piece(s->arena, &list, "%s", n->latest.v[i]);
	python_add_piece(s->arena, &list, "%s", n->to);
	python_add_piece(s->arena, &list, "_sightings");
	if (compared)
		return list;
	for (i = 0; i < n->changing.n; i++)
		python_add_piece(s->arena, &list, "%s", n->changing.v[i]);
	python_add_piece(s->arena, &list, "%s", n->time);
	python_add_piece(s->arena, &list, "%s", n->current);
	if (s->p->history.surrogate[0])
		python_add_piece(s->arena, &list, "%s",
		    expr_quote_name(s->arena, s->p->history.surrogate));
	return list;
}

static void
put_problems(struct sql *s, const struct names *n)
{
	const char *widget = s->p->widget;
	struct arena *a = s->arena;
	bool ends = s->p->vanished == VANISHED_END;

	sql_put_problem(s, 1,
	    arena_printf(a, "concat(:%s, ': ', count(*), ' rows have no ', %s)",
	        widget, sql_string(s, n->time)),
	    arena_printf(a, "new WHERE %s IS NULL", n->time), "count(*) > 0");
	sql_put_repeated(s, 1, arena_printf(a, ":%s", widget), "touched",
	    &n->start);
	if (ends)
		sql_put_problem(s, 1,
		    "'The source has no rows, so that every key would be "
		    "closed'",
		    "seen", "count(*) = 0");
	if (ends)
		sql_put_problem(s, 1,
		    "concat('The parameter " PLAN_SNAPSHOT_AT
		    " does not say when the vanished keys ended: ', "
		    ":" PLAN_SNAPSHOT_AT ")",
		    arena_printf(a, "(SELECT %s AS _now) WHERE _now IS NULL",
		        vanished_at(s)),
		    "count(*) > 0");
	sql_put_rules(s, 1, "new");
	sql_put_matches(s, 1);
	sql_end_problems(s, 1, false);
}

static void
put_changes(struct sql *s, const struct names *n,
    const struct python_pieces *others)
{
	struct python_pieces compared = others_of(s, n, true);
	struct python_pieces same = sql_same(s, &compared);
	struct python_pieces shown = {0};
	size_t i;

	for (i = 0; i < n->start.n; i++)
		python_add_piece(s->arena, &shown,
		    "coalesce(source.%s, target.%s) AS %s", n->start.v[i],
		    n->start.v[i], n->start.v[i]);
	for (i = 0; i < others->n; i++)
		python_add_piece(s->arena, &shown, "source.%s", others->v[i]);
	python_add_piece(s->arena, &shown, "source.%s IS NULL AS _obsolete",
	    n->from);
	sql_begin(s, 1, "changes",
	    "What the target does not say yet: a merge rewrites all files with "
	    "matching keys");
	sql_put_list(s, 2, "SELECT ", &shown, "");
	SQL_LINE(s, 2, "FROM versions AS source");
	SQL_LINE(s, 2, "FULL JOIN touched AS target");
	SQL_LINE(s, 3, "ON %s", sql_same_all(s, &n->start));
	SQL_LINE(s, 2, "WHERE target.%s IS NULL OR source.%s IS NULL", n->from,
	    n->from);
	/* AND would nest where IN stays flat. */
	SQL_LINE(s, 3, "OR false IN (%s)", python_join(s->arena, &same, ", "));
	sql_end(s, 1, true);
}

void
sql_history(struct sql *s)
{
	const struct names n = names_of(s);
	struct python_pieces others = others_of(s, &n, false);
	struct python_pieces written = {0};
	struct python_pieces values;
	const char *news = "seen";
	size_t i;

	SQL_LINE(s, 0, "MERGE INTO %s AS target", s->target);
	SQL_LINE(s, 0, "USING (");
	sql_put_new(s, 1, false);
	put_seen(s, &n);
	if (s->p->vanished == VANISHED_END) {
		put_vanished(s, &n);
		news = "news";
	}
	put_stored(s, &n, news);
	put_opened(s, &n, put_timely(s, &n, news));
	put_versions(s, &n);
	put_problems(s, &n);
	put_changes(s, &n, &others);
	sql_put_checked(s, 1, "changes", n.start.n + others.n + 1, 0, "");
	SQL_LINE(s, 0, ") AS source");
	SQL_LINE(s, 0, "ON %s", sql_same_all(s, &n.start));
	SQL_LINE(s, 0, "WHEN MATCHED AND source._obsolete THEN DELETE");
	for (i = 0; i < n.start.n; i++)
		python_add_piece(s->arena, &written, "%s", n.start.v[i]);
	for (i = 0; i < others.n; i++)
		python_add_piece(s->arena, &written, "%s", others.v[i]);
	values = sql_prefixed(s, &written, "source.");
	sql_put_update(s, NULL, &written, &values);
	sql_put_insert(s, &written);
}

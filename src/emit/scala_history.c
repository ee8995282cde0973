#include "base/base.h"

#include "emit/scala_parts.h"

#include "expr/expr.h"

static void
put_columns(struct scala *s, const char *label, enum part part)
{
	struct python_pieces names = {0};
	size_t i;

	for (i = 0; i < s->p->columns.n; i++) {
		if (pipeline_part(s->p, i) == part)
			python_add_piece(s->arena, &names, "%s",
			    scala_name(s, i));
	}
	scala_put_list(s, 2, arena_printf(s->arena, "%s = Seq(", label), &names,
	    "),");
}

static void
put_name(struct scala *s, const char *label, const char *name, const char *end)
{
	SCALA_LINE(s, 2, "%s = %s%s", label,
	    scala_string(s->arena, expr_quote_name(s->arena, name)), end);
}

/* The names once, for all the functions. */
static void
put_names(struct scala *s)
{
	const struct plan_history *h = &s->p->history;

	SCALA_LINE(s, 1, "val history = History(");
	put_columns(s, "keys", PART_KEY);
	put_columns(s, "tracked", PART_TRACKED);
	put_columns(s, "latest", PART_LATEST);
	put_columns(s, "volatile", PART_VOLATILE);
	put_name(s, "sequence", s->p->columns.v[s->p->order_by].name, ",");
	put_name(s, "validFrom", h->valid_from, ",");
	put_name(s, "validTo", h->valid_to, ",");
	put_name(s, "isCurrent", h->is_current, ",");
	SCALA_LINE(s, 2, "surrogate = %s",
	    !h->surrogate[0]
	        ? "None"
	        : arena_printf(s->arena, "Some(%s)",
	              scala_string(s->arena,
	                  expr_quote_name(s->arena, h->surrogate))));
	SCALA_LINE(s, 1, ")");
}

/* The sightings that count, and their variable. Rows that broke a rule are
 * there, too. */
static const char *
put_seen(struct scala *s, const char *deleted)
{
	const struct plan_pipeline *p = s->p;
	struct arena *a = s->arena;
	const char *seen = "seen";

	SCALA_LINE(s, 1, "val seen = sightingsOf(rows, history, %s, %s)",
	    s->target, deleted);
	if (p->vanished == VANISHED_END) {
		SCALA_LINE(s, 1, "val keyColumns = history.keys.map(col)");
		SCALA_LINE(s, 1, "val present = seen.select(keyColumns: _*)%s",
		    pipeline_tells_failed(p)
		        ? ".unionByName(failed.select(keyColumns: _*))"
		        : "");
		SCALA_LINE(s, 1,
		    "val all = withVanished(seen, present, stored, history, "
		    "%s)",
		    scala_value(a, PLAN_SNAPSHOT_AT));
		seen = "all";
	}
	if (p->late_rows == LATE_IGNORE) {
		SCALA_LINE(s, 1,
		    "val recent = withoutLate(%s, stored, history)", seen);
		seen = "recent";
	}
	return seen;
}

void
scala_history(struct scala *s)
{
	const struct plan_pipeline *p = s->p;
	struct arena *a = s->arena;
	const char *rows = "rows";
	const char *deleted = "\"false\"";

	scala_put_write(s,
	    "Bring the versions of the keys in the batch up to date; a second "
	    "run changes nothing.");
	put_names(s);
	if (p->deleted >= 0) {
		const char *name = p->columns.v[p->deleted].name;

		rows = arena_printf(a, "rows.drop(%s)", scala_string(a, name));
		deleted = scala_string(a,
		    arena_printf(a, "coalesce(%s, false)",
		        expr_quote_name(a, name)));
	}
	SCALA_LINE(s, 1, "val versions = asVersions(%s, history)", rows);
	scala_ensure_target(s, "versions");
	SCALA_LINE(s, 1, "val stored = %s",
	    scala_read(s, p->target, p->widget));
	rows = put_seen(s, deleted);
	SCALA_LINE(s, 1, "val version = versionOf(target)");
	SCALA_LINE(s, 1, "mergeVersions(target, stored, %s, %s, history)", rows,
	    s->target);
	SCALA_LINE(s, 1,
	    "logChanges(target, %s, version, \"Inserted\", \"Updated\", "
	    "\"Deleted\")",
	    s->target);
	SCALA_LINE(s, 0, "}");
}

#include "base/base.h"

#include "emit/pyspark_parts.h"

#include "expr/expr.h"

static void
add_columns(struct arena *a, struct python_node *call, const char *label,
    const struct plan_pipeline *p, enum part part)
{
	struct python_node *names = python_list(a);
	size_t i;

	for (i = 0; i < p->columns.n; i++) {
		if (pipeline_part(p, i) == part)
			python_add_text(a, names,
			    expr_quote_name(a, p->columns.v[i].name));
	}
	python_add(a, call, label, names);
}

static void
add_name(struct arena *a, struct python_node *call, const char *label,
    const char *name)
{
	python_add(a, call, label, python_text(a, expr_quote_name(a, name)));
}

/* history = History(…): the names once, for all the functions. */
static void
put_names(struct python *py, const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	struct python_node *call = python_function(a, "History");

	add_columns(a, call, "keys=", p, PART_KEY);
	add_columns(a, call, "tracked=", p, PART_TRACKED);
	add_columns(a, call, "latest=", p, PART_LATEST);
	add_columns(a, call, "volatile=", p, PART_VOLATILE);
	add_name(a, call, "sequence=", p->columns.v[p->order_by].name);
	add_name(a, call, "valid_from=", p->history.valid_from);
	add_name(a, call, "valid_to=", p->history.valid_to);
	add_name(a, call, "is_current=", p->history.is_current);
	if (p->history.surrogate[0])
		add_name(a, call, "surrogate=", p->history.surrogate);
	python_put_statement(py, 1, "history = ", call);
}

/* Rows that broke a rule are there, too. */
static void
put_vanished(struct python *py, const struct plan_pipeline *p)
{
	python_line(py, 1, "present = seen.select(*history.keys)");
	if (pipeline_tells_failed(p))
		python_line(py, 1,
		    "present = present.unionByName(failed.select(*history.keys)"
		    ")");
	python_line(py, 1,
	    "seen = with_vanished(seen, present, stored, history, %s)",
	    pyspark_parameter(py, PLAN_SNAPSHOT_AT));
}

void
pyspark_history(struct python *py, const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	const char *target = pyspark_parameter(py, p->widget);
	const char *rows = "rows";
	const char *deleted = "false";

	pyspark_put_write_def(py, p);
	python_line(py, 1,
	    "\"\"\"Bring the versions of the keys in the "
	    "batch up to date; a second run changes nothing.\"\"\"");
	put_names(py, p);
	if (p->deleted >= 0) {
		const char *name = p->columns.v[p->deleted].name;

		rows = arena_printf(a, "rows.drop(%s)", python_string(a, name));
		deleted = arena_printf(a, "coalesce(%s, false)",
		    expr_quote_name(a, name));
	}
	python_line(py, 1, "versions = as_versions(%s, history)", rows);
	pyspark_ensure_target(py, p, "versions");
	python_put_statement(py, 1,
	    "stored = ", pyspark_read(py, p->target, p->widget));
	python_line(py, 1, "seen = sightings_of(rows, history, %s, %s)", target,
	    python_string(a, deleted));
	if (p->vanished == VANISHED_END)
		put_vanished(py, p);
	if (p->late_rows == LATE_IGNORE)
		python_line(py, 1,
		    "seen = without_late(seen, stored, history)");
	python_line(py, 1, "version = target.history(1).first().version");
	python_line(py, 1, "merge_versions(target, stored, seen, %s, history)",
	    target);
	python_line(py, 1,
	    "log_changes(target, %s, version, \"Inserted\", \"Updated\", "
	    "\"Deleted\")",
	    target);
}

#include "base/base.h"

#include "emit/pyspark_parts.h"

#include "emit/pyspark.h"
#include "expr/expr.h"

const char *
pyspark_shown_column(struct arena *a, const struct plan_pipeline *p, int index)
{
	return pyspark_shown(a, p->columns.v[index].name);
}

const char *
pyspark_quoted(struct arena *a, const struct plan_pipeline *p, size_t index)
{
	return expr_quote_name(a, p->columns.v[index].name);
}

void
pyspark_add_keys(struct arena *a, struct python_node *call,
    const struct plan_pipeline *p)
{
	size_t i;

	for (i = 0; i < p->columns.n; i++) {
		if (p->columns.v[i].is_key)
			python_add_text(a, call, pyspark_quoted(a, p, i));
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

struct python_node *
pyspark_distinct(struct arena *a, struct python_node *rows,
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

const char *
pyspark_same_value(struct arena *a, const struct plan_pipeline *p, size_t i)
{
	const char *name = pyspark_quoted(a, p, i);

	return arena_printf(a, "target.%s <=> source.%s", name, name);
}

void
pyspark_add_same(struct arena *a, const struct plan_pipeline *p,
    const struct plan_indices *columns, struct python_pieces *ret)
{
	size_t i;

	for (i = 0; i < columns->n; i++)
		python_add_piece(a, ret, "%s%s", i ? " AND " : "",
		    pyspark_same_value(a, p, columns->v[i]));
}

struct python_node *
pyspark_require_unique(struct arena *a, const char *rows, const char *name)
{
	struct python_node *call = python_function(a, "require_unique");

	python_add_atom(a, call, rows);
	python_add_atom(a, call, name);
	return call;
}

const char *
pyspark_new_rows_name(const struct python *py, const struct plan_pipeline *p)
{
	return arena_printf(py->arena, "f\"New rows for {%s}\"",
	    pyspark_parameter(py, p->widget));
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

void
pyspark_put_values(struct python *py, const struct plan_pipeline *p)
{
	struct arena *a = py->arena;
	bool plain = true;
	size_t i;

	for (i = 0; i < p->columns.n; i++)
		plain = plain &&
		    str_eq(p->columns.v[i].name, pyspark_quoted(a, p, i)) &&
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
		const char *name = pyspark_quoted(a, p, i);

		if ((int)i == p->deleted)
			continue;
		python_line(py, 2, "%s: %s,", python_string(a, name),
		    python_string(a, arena_printf(a, "source.%s", name)));
	}
	python_line(py, 1, "}");
}

void
pyspark_put_insert(struct python *py, const struct plan_pipeline *p,
    const char *batch, bool update)
{
	python_line(py, 1, "version = target.history(1).first().version");
	python_line(py, 1, "(");
	python_line(py, 2, "target.alias(\"target\")");
	python_line(py, 2, ".merge(%s.alias(\"source\"), same_%s)", batch,
	    str_eq(batch, "batch") ? "row" : "key");
	if (pipeline_deletes(p))
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

void
pyspark_put_log_changes(struct python *py, const struct plan_pipeline *p,
    const char *changes)
{
	python_line(py, 1, "log_changes(target, %s, version, %s)",
	    pyspark_parameter(py, p->widget), changes);
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
		pyspark_incremental(py, p);
		break;
	case STRATEGY_MERGE:
		pyspark_merge(py, p);
		break;
	case STRATEGY_SCD2:
		pyspark_history(py, p);
		break;
	case STRATEGY_PROMPT:
	case STRATEGY__COUNT:
		break;
	}
}

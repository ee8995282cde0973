#include "base/base.h"

#include "trial/trial.h"

#include "trial/scope.h"

#include <string.h>

/* Rows of all sources side by side, on their way through joins and filters. */
struct joined {
	LIST_OF(const struct value *) rows;
};

struct work {
	struct arena *arena;
	struct trial_scope *scope;
	const struct trial_table *sources;
	const char *why; /* NULL while all is known */
};

static struct value *
empty_row(const struct work *w)
{
	struct value *row = arena_array(w->arena, struct value,
	    w->scope->width + 1);
	size_t i;

	for (i = 0; i < w->scope->width; i++)
		row[i] = value_null(w->scope->types[i]);
	return row;
}

/* left, or nothing, beside a row of a source, or nothing. */
static const struct value *
beside(const struct work *w, const struct value *left, size_t source,
    const struct trial_row *right)
{
	size_t first = w->scope->first[source];
	size_t n = w->scope->first[source + 1] - first;
	struct value *row = empty_row(w);

	if (left)
		memcpy(row, left, first * sizeof(*row));
	if (right && n > 0)
		memcpy(row + first, right->v, n * sizeof(*row));
	return row;
}

static bool
holds(struct work *w, const struct expr_parsed *condition,
    const struct value *row)
{
	enum eval_outcome outcome;
	const char *why = NULL;
	bool is_true;

	if (w->why)
		return false;
	is_true = scope_holds(w->arena, w->scope, condition, row, &outcome,
	    &why);
	if (outcome != EVAL_VALUE)
		w->why = arena_printf(w->arena, "%s: %s", condition->text,
		    why ? why : "not understood.");
	return is_true;
}

static void
join(struct work *w, size_t source, struct joined *rows)
{
	const struct plan_source *s = &w->scope->pipeline->sources.v[source];
	const struct trial_table *table = &w->sources[source];
	bool keeps_left = s->join == JOIN_LEFT || s->join == JOIN_FULL;
	bool keeps_right = s->join == JOIN_RIGHT || s->join == JOIN_FULL;
	bool *found = arena_array(w->arena, bool, table->rows.n + 1);
	struct joined result = {0};
	size_t i;
	size_t j;

	for (i = 0; i < rows->rows.n; i++) {
		bool any = false;

		for (j = 0; j < table->rows.n; j++) {
			const struct value *row = beside(w, rows->rows.v[i],
			    source, &table->rows.v[j]);

			if (s->on && !holds(w, w->scope->on[source], row))
				continue;
			*LIST_ADD(w->arena, &result.rows) = row;
			found[j] = true;
			any = true;
		}
		if (!any && keeps_left)
			*LIST_ADD(w->arena, &result.rows) = beside(w,
			    rows->rows.v[i], source, NULL);
	}
	for (j = 0; keeps_right && j < table->rows.n; j++) {
		if (!found[j])
			*LIST_ADD(w->arena, &result.rows) = beside(w, NULL,
			    source, &table->rows.v[j]);
	}
	*rows = result;
}

static void
filter(struct work *w, struct joined *rows)
{
	size_t kept = 0;
	size_t i;
	size_t j;

	for (i = 0; i < rows->rows.n; i++) {
		bool wanted = true;

		for (j = 0; j < w->scope->pipeline->filters.n; j++)
			wanted = wanted &&
			    holds(w, w->scope->filter[j], rows->rows.v[i]);
		if (wanted)
			rows->rows.v[kept++] = rows->rows.v[i];
	}
	rows->rows.n = kept;
}

static void
compute(struct work *w, const struct joined *rows, const struct trial_column *c,
    size_t place, struct trial_table *ret, const char **ret_why)
{
	const struct eval_scope scope = {
	    scope_find, w->scope, rows->rows.v, rows->rows.n};
	const struct eval_result *results;
	size_t i;

	*ret_why = c->why;
	if (c->why || rows->rows.n == 0)
		return;
	results = eval_rows(w->arena, &scope, c->value);
	for (i = 0; i < rows->rows.n; i++) {
		if (results[i].outcome != EVAL_VALUE) {
			*ret_why = results[i].why ? results[i].why
			                          : "not understood.";
			for (; i > 0; i--)
				ret->rows.v[i - 1].v[place] =
				    value_null(ret->fields.v[place].type);
			return;
		}
		ret->rows.v[i].v[place] = results[i].value;
	}
}

bool
trial_transform(struct arena *a, const struct trial *t,
    const struct trial_table *sources, struct trial_table *ret,
    const char **ret_why_not, const char **ret_why)
{
	struct work w = {a, t->scope, sources, NULL};
	struct joined rows = {0};
	size_t i;
	size_t j;

	*ret = (struct trial_table){0};
	for (i = 0; i < sources[0].rows.n; i++)
		*LIST_ADD(a, &rows.rows) = beside(&w, NULL, 0,
		    &sources[0].rows.v[i]);
	for (i = 1; i < t->pipeline->sources.n; i++)
		join(&w, i, &rows);
	filter(&w, &rows);
	*ret_why = w.why;
	if (w.why)
		return false;
	for (i = 0; i < t->columns.n; i++) {
		const struct trial_column *c = &t->columns.v[i];

		*LIST_ADD(a, &ret->fields) = (struct trial_field){c->plan->name,
		    c->is_typed ? c->type : (struct value_type){0}};
	}
	for (i = 0; i < rows.rows.n; i++) {
		struct trial_row *row = LIST_ADD(a, &ret->rows);

		row->v = arena_array(a, struct value, t->columns.n + 1);
		for (j = 0; j < t->columns.n; j++)
			row->v[j] = value_null(ret->fields.v[j].type);
	}
	for (i = 0; i < t->columns.n; i++)
		compute(&w, &rows, &t->columns.v[i], i, ret, &ret_why_not[i]);
	return true;
}

#include "base/base.h"

#include "trial/rules.h"

#include "trial/rows.h"

#define ROWS_TRIED 24
/* Of one column, besides NULL. */
#define VALUES_TRIED 4

/* The pipeline's target as if it were a source that the rules filter: what
 * chooses rows for filters chooses them for rules, too. */
static struct plan_pipeline *
as_source(struct arena *a, const struct trial *t)
{
	const struct plan_pipeline *p = t->pipeline;
	struct plan_pipeline *made = arena_new(a, struct plan_pipeline);
	struct plan_source *source = LIST_ADD(a, &made->sources);
	size_t i;

	source->table = p->target;
	source->id = "rows";
	source->alias = "";
	source->widget = "";
	for (i = 0; i < p->columns.n; i++)
		*LIST_ADD(a, &source->needs) = p->columns.v[i].name;
	for (i = 0; i < p->rules.n; i++)
		*LIST_ADD(a, &made->filters) = p->rules.v[i].condition;
	made->watermark = -1;
	made->order_by = -1;
	made->deleted = -1;
	made->marked = -1;
	return made;
}

/* The target as a trial of its own; false where a rule is not understood. */
static bool
make_trial(struct arena *a, const struct trial *t, struct trial *ret)
{
	struct value_type *types = arena_array(a, struct value_type,
	    t->columns.n + 1);
	size_t i;

	for (i = 0; i < t->columns.n; i++)
		types[i] = t->columns.v[i].is_typed
		    ? t->columns.v[i].type
		    : value_type_of(VALUE_STRING);
	*ret = (struct trial){.pipeline = as_source(a, t)};
	ret->scope = arena_new(a, struct trial_scope);
	return scope_make(a, ret->pipeline, types, ret->scope, &ret->why);
}

static bool
is_exempt(const struct trial *t, const struct value *row)
{
	int flag = plan_flag(t->pipeline);

	return flag >= 0 && !row[flag].is_null && row[flag].boolean;
}

static bool **
look(struct arena *a, const struct trial *t, struct trial *target,
    const struct trial_table *rows, const char **ret_why)
{
	size_t n_rules = t->pipeline->rules.n;
	const struct value **values = arena_array(a, const struct value *,
	    rows->rows.n + 1);
	bool **broken = arena_array(a, bool *, rows->rows.n + 1);
	const struct eval_scope scope = {
	    scope_find, target->scope, values, rows->rows.n};
	size_t i;
	size_t j;

	for (i = 0; i < rows->rows.n; i++) {
		values[i] = rows->rows.v[i].v;
		broken[i] = arena_array(a, bool, n_rules + 1);
	}
	for (j = 0; j < n_rules; j++) {
		const struct eval_result *results = eval_rows(a, &scope,
		    target->scope->filter[j]->root);

		for (i = 0; i < rows->rows.n; i++) {
			const struct value *v = &results[i].value;

			if (results[i].outcome != EVAL_VALUE)
				ret_why[j] = results[i].why ? results[i].why
				                            : "not understood.";
			else
				broken[i][j] = (v->is_null || !v->boolean) &&
				    !is_exempt(t, values[i]);
		}
	}
	return broken;
}

bool **
rules_look(struct arena *a, const struct trial *t,
    const struct trial_table *rows, const char **ret_why)
{
	struct rows_columns columns;
	struct trial target;
	size_t i;
	size_t j;

	if (!make_trial(a, t, &target)) {
		for (i = 0; i < t->pipeline->rules.n; i++)
			ret_why[i] = target.why;
		return NULL;
	}
	for (i = 0; i < t->pipeline->rules.n; i++) {
		rows_columns(a, target.scope, target.scope->filter[i],
		    &columns);
		for (j = 0; j < columns.n; j++)
			ret_why[i] = t->columns.v[columns.v[j]].why
			    ? t->columns.v[columns.v[j]].why
			    : ret_why[i];
	}
	return look(a, t, &target, rows, ret_why);
}

/* Rows that differ in what a window divides them by, as `unique` does. Returns
 * whether there is one. */
static bool
number_windows(struct arena *a, const struct trial *target, struct rows *r)
{
	struct rows_columns columns;
	struct value ignored;
	bool any = false;
	size_t i;
	size_t j;

	for (i = 0; i < target->pipeline->filters.n; i++) {
		if (!target->scope->filter[i]->is_window)
			continue;
		any = true;
		rows_columns(a, target->scope, target->scope->filter[i],
		    &columns);
		for (j = 0; j < columns.n; j++)
			r->is_numbered[columns.v[j]] = guess_number(a,
			    &target->scope->guesses[columns.v[j]], ROWS_TRIED,
			    &ignored);
	}
	return any;
}

/* Does every mode of Spark say the same about the row? */
static bool
is_certain(struct arena *a, const struct trial *target, const struct value *row)
{
	enum eval_outcome outcome;
	const char *why;
	size_t i;

	for (i = 0; i < target->pipeline->filters.n; i++) {
		scope_holds(a, target->scope, target->scope->filter[i]->root,
		    row, &outcome, &why);
		if (outcome == EVAL_DIFFERS)
			return false;
	}
	return true;
}

/* The typical row with another value in one column. */
static void
try_value(struct arena *a, const struct trial *target, const struct rows *r,
    size_t column, size_t value, struct trial_table *ret)
{
	size_t n = target->scope->width;
	struct value *row = arena_array(a, struct value, n + 1);
	size_t i;

	for (i = 0; i < n; i++)
		row[i] = r->is_numbered[i] ? rows_value(r, i, ret->rows.n)
		                           : r->v[0][i];
	if (value < r->n_values[column])
		row[column] = r->values[column][value];
	if (ret->rows.n < ROWS_TRIED && is_certain(a, target, row))
		LIST_ADD(a, &ret->rows)->v = row;
}

void
rules_make(struct arena *a, const struct trial *t, struct trial_rules *ret)
{
	struct trial target;
	struct rows r;
	bool has_windows;
	size_t i;
	size_t j;

	*ret = (struct trial_rules){
	    .why = arena_array(a, const char *, t->pipeline->rules.n + 1)};
	if (!make_trial(a, t, &target)) {
		for (i = 0; i < t->pipeline->rules.n; i++)
			ret->why[i] = target.why;
		return;
	}
	rows_make(a, &target, &r);
	ret->reads = r.is_filtered;
	if (plan_flag(t->pipeline) >= 0)
		r.v[0][plan_flag(t->pipeline)] = value_boolean(false);
	has_windows = number_windows(a, &target, &r);
	for (i = 0; i < target.scope->width; i++)
		*LIST_ADD(a, &ret->rows.fields) = (struct trial_field){
		    target.scope->fields[i], target.scope->types[i]};
	try_value(a, &target, &r, 0, SIZE_MAX, &ret->rows);
	for (i = 0; i < target.scope->width; i++) {
		for (j = 0; r.is_filtered[i] && j < r.n_values[i]; j++) {
			if (j >= VALUES_TRIED && j + 1 < r.n_values[i])
				continue;
			if (value_compare(&r.values[i][j], &r.v[0][i]) != 0)
				try_value(a, &target, &r, i, j, &ret->rows);
		}
	}
	/* The last one is there twice. */
	if (has_windows && ret->rows.rows.n > 1) {
		struct value *last = ret->rows.rows.v[ret->rows.rows.n - 1].v;

		LIST_ADD(a, &ret->rows.rows)->v = last;
	}
	ret->broken = look(a, t, &target, &ret->rows, ret->why);
}

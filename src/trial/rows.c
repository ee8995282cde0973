#include "base/base.h"

#include "trial/rows.h"

#include <string.h>

/* Wide targets are tried with fewer rows: their tables are long enough. */
#define WIDE 200
#define ROWS_WIDE 4
#define ROUNDS 3

void
rows_columns(struct arena *a, struct trial_scope *s,
    const struct expr_parsed *parsed, struct rows_columns *ret)
{
	size_t i;
	size_t j;

	*ret = (struct rows_columns){0};
	for (i = 0; i < parsed->columns.n; i++) {
		const struct expr_column *c = &parsed->columns.v[i];
		struct eval_column found;

		if (!scope_find(s, c->part, c->n_parts, &found))
			continue;
		for (j = 0; j < ret->n && ret->v[j] != found.index; j++)
			;
		if (j == ret->n)
			*LIST_ADD(a, ret) = found.index;
	}
}

static void
collect_values(struct rows *r)
{
	struct trial_scope *s = r->scope;
	size_t i;

	r->values = arena_array(r->arena, struct value *, s->width + 1);
	r->n_values = arena_array(r->arena, size_t, s->width + 1);
	r->is_numbered = arena_array(r->arena, bool, s->width + 1);
	r->is_filtered = arena_array(r->arena, bool, s->width + 1);
	for (i = 0; i < s->width; i++) {
		struct value v[GUESS_MAX_VALUES];

		r->n_values[i] = guess_values(r->arena, &s->guesses[i], v);
		r->values[i] = arena_memdup(r->arena, v,
		    r->n_values[i] * sizeof(v[0]));
	}
}

/* The columns of the conjuncts x = y, which rows that belong together agree
 * in. */
static void
number_equated(struct rows *r, const struct expr_parsed *on,
    const struct expr *e)
{
	size_t i;

	if (e->kind == EXPR_BINARY && str_eq(e->op, "and")) {
		number_equated(r, on, e->arg[0]);
		number_equated(r, on, e->arg[1]);
	}
	if (e->kind != EXPR_BINARY ||
	    !(str_eq(e->op, "=") || str_eq(e->op, "==") ||
	        str_eq(e->op, "<=>")) ||
	    e->arg[0]->kind == EXPR_LITERAL || e->arg[1]->kind == EXPR_LITERAL)
		return;
	for (i = 0; i < on->columns.n; i++) {
		const struct expr_column *c = &on->columns.v[i];
		struct eval_column found;

		if (c->start >= e->start && c->end <= e->end &&
		    scope_find(r->scope, c->part, c->n_parts, &found))
			r->is_numbered[found.index] = true;
	}
}

/* What a key, a watermark or an order column is made of. */
static void
number_column(struct rows *r, int index)
{
	struct rows_columns columns;

	if (index < 0 || !r->scope->value[index]->root)
		return;
	rows_columns(r->arena, r->scope, r->scope->value[index], &columns);
	if (columns.n == 1)
		r->is_numbered[columns.v[0]] = true;
}

/* What windows are ordered by: rows that are equal in it have no order. */
static void
number_windows(struct rows *r, const struct expr_parsed *parsed,
    const struct expr *e)
{
	size_t i;
	size_t j;

	for (i = 0; i < e->n_args; i++)
		number_windows(r, parsed, e->arg[i]);
	for (i = 0; e->over && i < e->over->n_order; i++) {
		const struct expr *order = e->over->order[i];

		for (j = 0; j < parsed->columns.n; j++) {
			const struct expr_column *c = &parsed->columns.v[j];
			struct eval_column found;

			if (c->start >= order->start && c->end <= order->end &&
			    scope_find(r->scope, c->part, c->n_parts, &found))
				r->is_numbered[found.index] = true;
		}
	}
}

static void
choose_numbered(struct rows *r)
{
	const struct plan_pipeline *p = r->scope->pipeline;
	struct rows_columns columns;
	struct value ignored;
	size_t i;
	size_t j;

	for (i = 0; i < p->sources.n; i++) {
		if (r->scope->on[i])
			number_equated(r, r->scope->on[i],
			    r->scope->on[i]->root);
	}
	for (i = 0; i < p->columns.n; i++) {
		const struct expr_parsed *value = r->scope->value[i];

		if (value->root && value->is_window)
			number_windows(r, value, value->root);
	}
	for (i = 0; i < p->keys.n; i++)
		number_column(r, (int)p->keys.v[i]);
	number_column(r, p->watermark);
	number_column(r, p->order_by);
	for (i = 0; i < p->filters.n; i++) {
		rows_columns(r->arena, r->scope, r->scope->filter[i], &columns);
		for (j = 0; j < columns.n; j++)
			r->is_filtered[columns.v[j]] = true;
	}
	for (i = 0; i < r->scope->width; i++) {
		if (!guess_number(r->arena, &r->scope->guesses[i],
		        ROWS_ROOM + 3, &ignored))
			r->is_numbered[i] = false;
	}
}

/* Columns with the same values have them in another order each, so that nobody
 * takes one for another; NULL stays last. */
static const struct value *
own_value(const struct rows *r, size_t column, size_t number)
{
	const struct value *values = r->values[column];
	size_t n = r->n_values[column];
	size_t twins = r->twins[column];

	if (n > 1 && values[n - 1].is_null) {
		if (number % n == n - 1)
			return &values[n - 1];
		number %= n;
		n--;
	}
	/* Forwards from another beginning, and then backwards. */
	number += twins % n;
	return &values[twins / n % 2 ? n - 1 - number % n : number % n];
}

struct value
rows_value(const struct rows *r, size_t column, size_t number)
{
	struct value v;

	if (r->is_numbered[column] &&
	    guess_number(r->arena, &r->scope->guesses[column], number, &v))
		return v;
	if ((r->is_filtered[column] || number == 0) && r->v[0])
		return r->v[0][column];
	return *own_value(r, column, r->is_filtered[column] ? 0 : number);
}

/* Do all the conditions hold for the typical row? */
static bool
is_kept(struct rows *r, const struct value *row)
{
	const struct plan_pipeline *p = r->scope->pipeline;
	enum eval_outcome outcome;
	const char *why;
	size_t i;

	for (i = 0; i < p->filters.n; i++) {
		if (!scope_holds(r->arena, r->scope, r->scope->filter[i]->root,
		        row, &outcome, &why))
			return false;
	}
	return true;
}

bool
rows_search(const struct rows *r, struct value *row,
    const struct rows_columns *c, rows_wanted *wanted, const void *data)
{
	size_t i;
	size_t j;
	size_t k;
	size_t m;

	if (wanted(r, row, data))
		return true;
	for (i = 0; i < c->n; i++) {
		struct value first = row[c->v[i]];

		for (j = 0; j < r->n_values[c->v[i]]; j++) {
			row[c->v[i]] = r->values[c->v[i]][j];
			for (k = i + 1; k <= c->n; k++) {
				size_t other = k < c->n ? c->v[k] : c->v[i];
				size_t n = k < c->n ? r->n_values[other] : 1;
				struct value second = row[other];

				for (m = 0; m < n; m++) {
					if (k < c->n)
						row[other] =
						    r->values[other][m];
					if (wanted(r, row, data))
						return true;
				}
				row[other] = second;
			}
		}
		row[c->v[i]] = first;
	}
	return false;
}

static bool
passes(const struct rows *r, const struct value *row, const void *condition)
{
	enum eval_outcome outcome;
	const char *why;

	return scope_holds(r->arena, r->scope, condition, row, &outcome, &why);
}

/* Lets the typical row pass a filter. */
static void
satisfy(struct rows *r, const struct expr_parsed *filter)
{
	struct rows_columns c;

	rows_columns(r->arena, r->scope, filter, &c);
	rows_search(r, r->v[0], &c, passes, filter->root);
}

/* Of the columns that filters look at, the rows have values that are kept. */
static void
vary_filtered(struct rows *r)
{
	struct value *row = r->v[0];
	size_t i;
	size_t j;
	size_t k;

	for (i = 0; i < r->scope->width; i++) {
		struct value typical = row[i];
		struct value kept[GUESS_MAX_VALUES];
		size_t n = 0;

		if (!r->is_filtered[i] || r->is_numbered[i])
			continue;
		for (j = 0; j < r->n_values[i]; j++) {
			row[i] = r->values[i][j];
			if (is_kept(r, row))
				kept[n++] = row[i];
		}
		row[i] = typical;
		for (k = 1; n > 0 && k < r->n; k++)
			r->v[k][i] = kept[k % n];
	}
}

static void
count_twins(struct rows *r)
{
	size_t seen[VALUE_STRUCT + 1][GUESS_MAX_VALUES + 1] = {0};
	size_t i;

	r->twins = arena_array(r->arena, size_t, r->scope->width + 1);
	for (i = 0; i < r->scope->width; i++) {
		if (!r->is_numbered[i] && !r->is_filtered[i])
			r->twins[i] =
			    seen[r->scope->types[i].kind][r->n_values[i]]++;
	}
}

static void
fill(struct rows *r)
{
	const struct plan_pipeline *p = r->scope->pipeline;
	size_t most = r->scope->width > WIDE ? ROWS_WIDE : ROWS_MAX;
	size_t i;
	size_t j;

	r->most = most + ROWS_ROOM - ROWS_MAX;
	r->n = 3;
	for (i = 0; i < r->scope->width; i++) {
		if (r->n_values[i] > r->n)
			r->n = r->n_values[i] < most ? r->n_values[i] : most;
	}
	for (i = 0; i < r->n; i++) {
		struct value *row = arena_array(r->arena, struct value,
		    r->scope->width + 1);

		for (j = 0; j < r->scope->width; j++)
			row[j] = rows_value(r, j, i);
		r->v[i] = row;
	}
	for (i = 0; i < p->filters.n; i++)
		satisfy(r, r->scope->filter[i]);
	for (i = 1; i < r->n; i++) {
		for (j = 0; j < r->scope->width; j++) {
			if (r->is_filtered[j] && !r->is_numbered[j])
				r->v[i][j] = r->v[0][j];
		}
	}
	vary_filtered(r);
}

/* Gives the columns of an expression other values in a row: those of another
 * row, which are known to be good. */
static void
replace(struct rows *r, const struct rows_columns *columns, size_t row,
    size_t good)
{
	size_t i;

	for (i = 0; i < columns->n; i++) {
		size_t c = columns->v[i];

		if (!r->is_numbered[c])
			r->v[row][c] = r->v[good][c];
	}
}

/* Looks whether an expression has a certain value in each row, and changes
 * the rows where it has none. Returns whether it did. */
static bool
settle(struct rows *r, const struct expr_parsed *parsed, const char **ret_why)
{
	const struct value *const *rows = (const struct value *const *)r->v;
	const struct eval_scope scope = {scope_find, r->scope, rows, r->n};
	const struct eval_result *results = eval_rows(r->arena, &scope,
	    parsed->root);
	struct rows_columns columns = {0};
	size_t good = r->n;
	bool changed = false;
	size_t i;

	for (i = 0; i < r->n; i++) {
		if (results[i].outcome == EVAL_VALUE && good == r->n)
			good = i;
		if (results[i].outcome != EVAL_VALUE && !*ret_why)
			*ret_why = results[i].why ? results[i].why
			                          : "not understood.";
	}
	if (!*ret_why)
		return false;
	rows_columns(r->arena, r->scope, parsed, &columns);
	for (i = 0; i < r->n; i++) {
		if (results[i].outcome == EVAL_VALUE || i == good)
			continue;
		replace(r, &columns, i, good < r->n ? good : 0);
		changed = true;
	}
	return changed;
}

/* Rows that became the same as one before say nothing more. */
static void
drop_equal(struct rows *r)
{
	size_t n = 0;
	size_t i;
	size_t j;
	size_t k;

	for (i = 0; i < r->n; i++) {
		for (j = 0; j < n; j++) {
			for (k = 0; k < r->scope->width; k++) {
				if (value_compare(&r->v[i][k], &r->v[j][k]))
					break;
			}
			if (k == r->scope->width)
				break;
		}
		if (j == n)
			r->v[n++] = r->v[i];
	}
	r->n = n;
}

void
rows_make(struct arena *a, struct trial *t, struct rows *ret)
{
	bool *hopeless = arena_array(a, bool, t->columns.n + 1);
	bool changed = true;
	int round;
	size_t i;

	*ret = (struct rows){.arena = a, .trial = t, .scope = t->scope};
	collect_values(ret);
	choose_numbered(ret);
	count_twins(ret);
	fill(ret);
	for (i = 0; i < t->columns.n; i++)
		hopeless[i] = t->columns.v[i].why != NULL;
	rows_branches(ret);
	for (round = 0; changed && round < ROUNDS; round++) {
		changed = false;
		for (i = 0; i < t->columns.n; i++) {
			const char *why = NULL;

			if (hopeless[i])
				continue;
			if (settle(ret, t->scope->value[i], &why))
				changed = true;
			t->columns.v[i].why = why;
		}
	}
	drop_equal(ret);
}

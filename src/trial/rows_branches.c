#include "base/base.h"

#include "trial/rows.h"

/* Conditions of more branches than that are not looked at. */
#define BRANCHES_MAX 20

/* One branch of a CASE or if(): of its conditions those before `index` do not
 * hold, and that one does; none holds where there is none of that index. */
struct branch {
	const struct expr *condition[BRANCHES_MAX];
	size_t n;
	size_t index;
};

/* The conditions of the expression itself; 0 if it has none. A CASE with an
 * operand compares it with literals, which are among the values anyway. */
static size_t
conditions_of(const struct expr *e, struct branch *ret)
{
	size_t i;

	ret->n = 0;
	if (e->kind == EXPR_CALL && e->n_args == 3 &&
	    (str_eq(e->op, "if") || str_eq(e->op, "iff")))
		ret->condition[ret->n++] = e->arg[0];
	if (e->kind != EXPR_CASE || e->has_operand)
		return ret->n;
	for (i = 0; i + 1 < e->n_args && ret->n < BRANCHES_MAX; i += 2)
		ret->condition[ret->n++] = e->arg[i];
	return ret->n;
}

static bool
is_taken(const struct rows *r, const struct value *row, const void *data)
{
	const struct branch *b = data;
	enum eval_outcome outcome;
	const char *why;
	size_t i;

	for (i = 0; i < b->n && i <= b->index; i++) {
		bool holds = scope_holds(r->arena, r->scope, b->condition[i],
		    row, &outcome, &why);

		if (outcome != EVAL_VALUE || holds != (i == b->index))
			return false;
	}
	return true;
}

/* A row more, with these values. */
static void
add_row(struct rows *r, const struct rows_columns *columns,
    const struct value *values)
{
	struct value *row = arena_array(r->arena, struct value,
	    r->scope->width + 1);
	size_t i;

	for (i = 0; i < r->scope->width; i++)
		row[i] = r->is_numbered[i] ? rows_value(r, i, r->n)
		                           : r->v[0][i];
	for (i = 0; i < columns->n; i++) {
		if (!r->is_numbered[columns->v[i]] &&
		    !r->is_filtered[columns->v[i]])
			row[columns->v[i]] = values[columns->v[i]];
	}
	r->v[r->n++] = row;
}

static void
take_branches(struct rows *r, const struct rows_columns *columns,
    const struct expr *e)
{
	struct value *row;
	struct branch branch;
	size_t i;
	size_t j;

	for (i = 0; i < e->n_args; i++)
		take_branches(r, columns, e->arg[i]);
	if (conditions_of(e, &branch) == 0)
		return;
	row = arena_memdup(r->arena, r->v[0], r->scope->width * sizeof(row[0]));
	for (branch.index = 0; branch.index <= branch.n; branch.index++) {
		for (j = 0; j < r->n && !is_taken(r, r->v[j], &branch); j++)
			;
		if (j == r->n && r->n < r->most &&
		    rows_search(r, row, columns, is_taken, &branch))
			add_row(r, columns, row);
	}
}

void
rows_branches(struct rows *r)
{
	struct rows_columns columns;
	size_t i;

	for (i = 0; i < r->trial->columns.n; i++) {
		if (r->trial->columns.v[i].why)
			continue;
		rows_columns(r->arena, r->scope, r->scope->value[i], &columns);
		/* One column takes all its values by itself. */
		if (columns.n > 1)
			take_branches(r, &columns, r->scope->value[i]->root);
	}
}

#include "base/base.h"

#include "plan/complexity.h"

#include "base/str.h"

static void walk(struct complexity *c, const struct expr *e);

static void
walk_all(struct complexity *c, const struct expr *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		walk(c, list[i]);
}

static void
walk(struct complexity *c, const struct expr *e)
{
	if (!e)
		return;
	if (e->kind == EXPR_CASE)
		c->branches +=
		    (int64_t)(e->n_args - e->has_operand - e->has_else) / 2;
	if (e->kind == EXPR_CALL) {
		c->function_calls++;
		if (str_eq(e->op, "if") || str_eq(e->op, "iff"))
			c->branches++;
	}
	walk_all(c, e->arg, e->n_args);
	walk_all(c, e->within, e->n_within);
	walk(c, e->filter);
	if (e->over) {
		c->windows++;
		walk_all(c, e->over->partition, e->over->n_partition);
		walk_all(c, e->over->order, e->over->n_order);
	}
}

void
complexity_add(struct complexity *c, const struct expr_parsed *parsed)
{
	walk(c, parsed->root);
}

int64_t
complexity_score(const struct complexity *c)
{
	return c->computed_columns + c->function_calls + c->branches +
	    c->filters + 3 * (c->windows + c->joins);
}

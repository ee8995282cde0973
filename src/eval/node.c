#include "base/base.h"

#include "eval/node.h"

enum eval_outcome
node_differs(struct run *r, const char *why)
{
	r->why = why;
	return EVAL_DIFFERS;
}

enum eval_outcome
node_unknown(struct run *r, const char *why)
{
	r->why = why;
	return EVAL_UNKNOWN;
}

enum eval_outcome
node_null(const struct node *n, struct value *ret)
{
	*ret = value_null(n->type);
	return EVAL_VALUE;
}

bool
node_is_constant(const struct node *n)
{
	return n->fn == NULL;
}

enum eval_outcome
node_run(struct run *r, const struct node *n, struct value *ret)
{
	struct value *arg;
	size_t i;

	if (node_is_constant(n)) {
		*ret = n->value;
		return EVAL_VALUE;
	}
	if (++r->steps > RUN_MAX_STEPS ||
	    r->arena->used - r->start > RUN_MAX_BYTES)
		return node_unknown(r, "The expression takes too long.");
	if (n->style == NODE_LAZY)
		return n->fn(r, n, NULL, ret);
	arg = arena_array(r->arena, struct value, n->n_args);
	for (i = 0; i < n->n_args; i++) {
		enum eval_outcome o = node_run(r, n->arg[i], &arg[i]);

		if (o != EVAL_VALUE)
			return o;
	}
	if (n->style == NODE_STRICT) {
		for (i = 0; i < n->n_args; i++) {
			if (arg[i].is_null)
				return node_null(n, ret);
		}
	}
	return n->fn(r, n, arg, ret);
}

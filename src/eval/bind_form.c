#include "base/base.h"

#include "eval/bind.h"

#include "eval/coerce.h"

static enum eval_outcome
run_when(struct run *r, const struct node *n, const struct value *arg UNUSED,
    struct value *ret)
{
	size_t i;

	for (i = 0; i + 1 < n->n_args; i += 2) {
		enum eval_outcome o = node_run(r, n->arg[i], ret);

		if (o != EVAL_VALUE)
			return o;
		if (!ret->is_null && ret->boolean)
			return node_run(r, n->arg[i + 1], ret);
	}
	if (i < n->n_args)
		return node_run(r, n->arg[i], ret);
	return node_null(n, ret);
}

struct node *
bind_when(struct bind *b, const struct node **arg, size_t n)
{
	const struct node **branch = arena_array(b->arena, const struct node *,
	    n);
	struct value_type type;
	struct node *made;
	size_t count = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (i % 2 == 1 || i == n - 1)
			branch[count++] = arg[i];
	}
	if (!coerce_all(b, branch, count, &type))
		return NULL;
	made = bind_node(b, type, run_when, NODE_LAZY, n);
	for (i = 0, count = 0; i < n; i++) {
		if (i % 2 == 1 || i == n - 1)
			made->arg[i] = branch[count++];
		else
			made->arg[i] = bind_condition(b, arg[i]);
		if (!made->arg[i])
			return NULL;
	}
	return made;
}

struct node *
bind_case(struct bind *b, const struct expr *e)
{
	size_t first = e->has_operand ? 1 : 0;
	size_t n = e->n_args - first;
	const struct node **arg = bind_args(b, e->arg, e->n_args);
	size_t i;

	if (!arg)
		return NULL;
	for (i = 0; e->has_operand && i + 1 < n; i += 2) {
		arg[i + 1] = bind_compare(b, "=", arg[0], arg[i + 1]);
		if (!arg[i + 1])
			return NULL;
	}
	return bind_when(b, arg + first, n);
}

/* NULL beats false: x is not in (1, NULL) is not known. */
static enum eval_outcome
run_in(struct run *r UNUSED, const struct node *n, const struct value *arg,
    struct value *ret)
{
	bool unknown = false;
	size_t i;

	if (arg[0].is_null)
		return node_null(n, ret);
	for (i = 1; i < n->n_args; i++) {
		if (arg[i].is_null) {
			unknown = true;
		} else if (value_compare(&arg[0], &arg[i]) == 0) {
			*ret = value_boolean(true);
			return EVAL_VALUE;
		}
	}
	*ret = unknown ? value_null(n->type) : value_boolean(false);
	return EVAL_VALUE;
}

struct node *
bind_in(struct bind *b, const struct expr *e)
{
	const struct node **arg = bind_args(b, e->arg, e->n_args);
	struct value_type type;
	struct node *n;
	size_t i;

	if (!arg || !coerce_all(b, arg, e->n_args, &type))
		return NULL;
	if (type.kind >= VALUE_ARRAY)
		return bind_fail(b, EVAL_UNKNOWN, "IN of %s is not known.",
		    value_type_text(b->arena, type));
	n = bind_node(b, value_type_of(VALUE_BOOLEAN), run_in, NODE_EAGER,
	    e->n_args);
	for (i = 0; i < e->n_args; i++)
		n->arg[i] = arg[i];
	return e->negated ? bind_not(b, n) : n;
}

struct node *
bind_between(struct bind *b, const struct expr *e)
{
	const struct node **arg = bind_args(b, e->arg, 3);
	struct node *low = arg ? bind_compare(b, ">=", arg[0], arg[1]) : NULL;
	struct node *high = low ? bind_compare(b, "<=", arg[0], arg[2]) : NULL;
	struct node *both = high ? bind_logic(b, low, high, false) : NULL;

	return e->negated ? bind_not(b, both) : both;
}

static enum eval_outcome
run_is_null(struct run *r UNUSED, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	*ret = value_boolean(arg[0].is_null);
	return EVAL_VALUE;
}

/* IS TRUE and IS FALSE: n->index is which. */
static enum eval_outcome
run_is_boolean(struct run *r UNUSED, const struct node *n,
    const struct value *arg, struct value *ret)
{
	*ret = value_boolean(!arg[0].is_null &&
	    arg[0].boolean == (n->index == 1));
	return EVAL_VALUE;
}

struct node *
bind_is_null(struct bind *b, const struct node *of)
{
	struct node *n = bind_one(b, value_type_of(VALUE_BOOLEAN), run_is_null,
	    of);

	n->style = NODE_EAGER;
	return n;
}

struct node *
bind_is(struct bind *b, const struct expr *e)
{
	const struct node *of = bind_expr(b, e->arg[0]);
	struct node *n;

	if (!of)
		return NULL;
	if (str_eq(e->op, "distinct from")) {
		const struct node *other = bind_expr(b, e->arg[1]);

		n = bind_compare(b, "<=>", of, other);
		return e->negated ? n : bind_not(b, n);
	}
	if (!str_eq(e->op, "null")) {
		of = bind_condition(b, of);
		if (!of)
			return NULL;
	}
	n = bind_is_null(b, of);
	if (str_eq(e->op, "true") || str_eq(e->op, "false")) {
		n->fn = run_is_boolean;
		n->index = str_eq(e->op, "true") ? 1 : 0;
	}
	return e->negated ? bind_not(b, n) : n;
}

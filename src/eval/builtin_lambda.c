#include "base/base.h"

#include "eval/builtin.h"

#include "eval/coerce.h"

/*
 * Functions that take a lambda. Its node stands last among the arguments; the
 * values of its parameters lie on r->lambda, at the places that were theirs on
 * b->lambda.
 */

struct items {
	struct value *v;
	size_t n;
	size_t cap;
};

/* A lambda over parameters of the given types; fewer may be declared. */
static const struct node *
bind_lambda(struct bind *b, const struct expr *e,
    const struct value_type *parameter, size_t n)
{
	size_t before = b->lambda.n;
	const struct node *body;
	size_t i;

	if (e->kind != EXPR_LAMBDA || e->n_params > n || e->n_params == 0)
		return bind_fail(b, EVAL_UNKNOWN,
		    "This form of a lambda is not known.");
	for (i = 0; i < e->n_params; i++)
		*LIST_ADD(b->arena, &b->lambda) = (struct value_field){
		    e->param[i], parameter[i]};
	body = bind_expr(b, e->arg[0]);
	b->lambda.n = before;
	return body;
}

/* Runs the body with one or two values; n->value.integer is how many it has
 * declared. */
static enum eval_outcome
call(struct run *r, const struct node *n, const struct value *first,
    const struct value *second, struct value *ret)
{
	size_t before = r->lambda.n;
	enum eval_outcome o;

	*LIST_ADD(r->arena, &r->lambda) = *first;
	if (n->value.integer > 1 && second)
		*LIST_ADD(r->arena, &r->lambda) = *second;
	o = node_run(r, n->arg[n->n_args - 1], ret);
	r->lambda.n = before;
	return o;
}

/* transform() and, with n->index, filter(). */
static enum eval_outcome
run_transform(struct run *r, const struct node *n,
    const struct value *arg UNUSED, struct value *ret)
{
	struct items items = {0};
	struct value array;
	enum eval_outcome o = node_run(r, n->arg[0], &array);
	size_t i;

	if (o != EVAL_VALUE)
		return o;
	if (array.is_null)
		return node_null(n, ret);
	for (i = 0; i < array.list.n; i++) {
		struct value at = value_integer(VALUE_INT, (int64_t)i);
		struct value v;

		o = call(r, n, &array.list.v[i], &at, &v);
		if (o != EVAL_VALUE)
			return o;
		if (n->index == 0)
			*LIST_ADD(r->arena, &items) = v;
		else if (!v.is_null && v.boolean)
			*LIST_ADD(r->arena, &items) = array.list.v[i];
	}
	*ret = (struct value){.type = n->type, .list = {items.v, items.n}};
	return EVAL_VALUE;
}

/* exists() and forall(): n->index is the value that decides. */
static enum eval_outcome
run_exists(struct run *r, const struct node *n, const struct value *arg UNUSED,
    struct value *ret)
{
	bool deciding = n->index == 1;
	bool unknown = false;
	struct value array;
	enum eval_outcome o = node_run(r, n->arg[0], &array);
	size_t i;

	if (o != EVAL_VALUE)
		return o;
	if (array.is_null)
		return node_null(n, ret);
	for (i = 0; i < array.list.n; i++) {
		o = call(r, n, &array.list.v[i], NULL, ret);
		if (o != EVAL_VALUE ||
		    (!ret->is_null && ret->boolean == deciding))
			return o;
		unknown = unknown || ret->is_null;
	}
	*ret = unknown ? value_null(n->type) : value_boolean(!deciding);
	return EVAL_VALUE;
}

/* aggregate(array, start, (acc, x) -> …): arg[0], arg[1] and the body. */
static enum eval_outcome
run_aggregate(struct run *r, const struct node *n,
    const struct value *arg UNUSED, struct value *ret)
{
	struct value array;
	struct value sum;
	enum eval_outcome o = node_run(r, n->arg[0], &array);
	size_t i;

	if (o == EVAL_VALUE && array.is_null)
		return node_null(n, ret);
	if (o == EVAL_VALUE)
		o = node_run(r, n->arg[1], &sum);
	for (i = 0; o == EVAL_VALUE && i < array.list.n; i++) {
		struct value next;

		o = call(r, n, &sum, &array.list.v[i], &next);
		sum = next;
	}
	*ret = sum;
	return o;
}

static struct node *
wrong_form(struct bind *b, const struct builtin *f)
{
	return bind_fail(b, EVAL_UNKNOWN, "%s() in this form is not known.",
	    f->name);
}

enum { TRANSFORM, FILTER, EXISTS, FORALL };

static struct node *
bind_each(struct bind *b, const struct builtin *f, const struct expr *e,
    const struct node **arg UNUSED, size_t n UNUSED)
{
	struct value_type parameter[2] = {
	    value_type_of(VALUE_VOID), value_type_of(VALUE_INT)};
	bool two = f->index == TRANSFORM || f->index == FILTER;
	const struct node *array;
	const struct node *body;
	struct node *made;

	if (e->n_args != 2)
		return wrong_form(b, f);
	array = bind_expr(b, e->arg[0]);
	if (!array)
		return NULL;
	if (array->type.kind != VALUE_ARRAY)
		return wrong_form(b, f);
	parameter[0] = array->type.field[0].type;
	body = bind_lambda(b, e->arg[1], parameter, two ? 2 : 1);
	if (body && f->index != TRANSFORM)
		body = bind_condition(b, body);
	if (!body)
		return NULL;
	made = bind_two(b, array->type, f->run, array, body);
	made->style = NODE_LAZY;
	made->value.integer = (int64_t)e->arg[1]->n_params;
	made->index = f->index == EXISTS || f->index == FILTER ? 1 : 0;
	if (f->index == TRANSFORM)
		made->type = value_type_array(b->arena, body->type);
	else if (!two)
		made->type = value_type_of(VALUE_BOOLEAN);
	return made;
}

static struct node *
bind_aggregate(struct bind *b, const struct builtin *f, const struct expr *e,
    const struct node **arg UNUSED, size_t n UNUSED)
{
	struct value_type parameter[2];
	const struct node **two;
	const struct node *body;
	struct node *made;

	if (e->n_args != 3 || e->arg[2]->n_params != 2)
		return wrong_form(b, f);
	two = bind_args(b, e->arg, 2);
	if (!two)
		return NULL;
	if (two[0]->type.kind != VALUE_ARRAY)
		return wrong_form(b, f);
	parameter[0] = two[1]->type;
	parameter[1] = two[0]->type.field[0].type;
	body = bind_lambda(b, e->arg[2], parameter, 2);
	if (!body)
		return NULL;
	if (!value_type_eq(body->type, two[1]->type))
		return bind_fail(b, EVAL_DIFFERS,
		    "%s() starts with %s and goes on with %s.", f->name,
		    value_type_text(b->arena, two[1]->type),
		    value_type_text(b->arena, body->type));
	made = bind_node(b, two[1]->type, run_aggregate, NODE_LAZY, 3);
	made->arg[0] = two[0];
	made->arg[1] = two[1];
	made->arg[2] = body;
	made->value.integer = 2;
	return made;
}

static const struct builtin table[] = {
    {"transform", NULL, run_transform, bind_each, NODE_LAZY, TRANSFORM},
    {"filter", NULL, run_transform, bind_each, NODE_LAZY, FILTER},
    {"exists", NULL, run_exists, bind_each, NODE_LAZY, EXISTS},
    {"forall", NULL, run_exists, bind_each, NODE_LAZY, FORALL},
    {.name = "aggregate", .bind = bind_aggregate},
    {.name = "reduce", .bind = bind_aggregate},
};

const struct builtins builtins_lambda = {table, COUNT_OF(table)};

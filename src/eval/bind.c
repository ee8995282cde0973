#include "base/base.h"

#include "eval/bind.h"

#include "eval/coerce.h"

struct node *
bind_fail(struct bind *b, enum eval_outcome outcome, const char *format, ...)
{
	va_list ap;

	/* What failed first is the reason. */
	if (b->outcome != EVAL_VALUE)
		return NULL;
	va_start(ap, format);
	b->why = arena_vprintf(b->arena, format, ap);
	va_end(ap);
	b->outcome = outcome;
	return NULL;
}

bool
bind_ansi(struct bind *b)
{
	b->ansi_asked = true;
	return b->ansi;
}

struct node *
bind_node(struct bind *b, struct value_type type, node_fn *fn,
    enum node_style style, size_t n_args)
{
	struct node *n = arena_new(b->arena, struct node);

	n->type = type;
	n->fn = fn;
	n->style = style;
	n->arg = arena_array(b->arena, const struct node *, n_args);
	n->n_args = n_args;
	return n;
}

struct node *
bind_one(struct bind *b, struct value_type type, node_fn *fn,
    const struct node *arg)
{
	struct node *n = bind_node(b, type, fn, NODE_STRICT, 1);

	n->arg[0] = arg;
	return n;
}

struct node *
bind_two(struct bind *b, struct value_type type, node_fn *fn,
    const struct node *left, const struct node *right)
{
	struct node *n = bind_node(b, type, fn, NODE_STRICT, 2);

	n->arg[0] = left;
	n->arg[1] = right;
	return n;
}

struct node *
bind_constant(struct bind *b, struct value v)
{
	struct node *n = arena_new(b->arena, struct node);

	n->type = v.type;
	n->value = v;
	return n;
}

const struct node **
bind_args(struct bind *b, const struct expr *const *arg, size_t n)
{
	const struct node **node = arena_array(b->arena, const struct node *,
	    n);
	size_t i;

	for (i = 0; i < n; i++) {
		node[i] = bind_expr(b, arg[i]);
		if (!node[i])
			return NULL;
	}
	return node;
}

static enum eval_outcome
run_column(struct run *r, const struct node *n, const struct value *arg UNUSED,
    struct value *ret)
{
	*ret = r->scope->rows[r->row][n->index];
	ret->type = n->type;
	return EVAL_VALUE;
}

static enum eval_outcome
run_field(struct run *r UNUSED, const struct node *n, const struct value *arg,
    struct value *ret)
{
	*ret = arg[0].list.v[n->index];
	return EVAL_VALUE;
}

static enum eval_outcome
run_array_field(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	struct value *item = arena_array(r->arena, struct value, arg[0].list.n);
	size_t i;

	for (i = 0; i < arg[0].list.n; i++) {
		const struct value *v = &arg[0].list.v[i];

		item[i] = v->is_null ? value_null(n->type.field[0].type)
		                     : v->list.v[n->index];
	}
	*ret = (struct value){.type = n->type, .list = {item, arg[0].list.n}};
	return EVAL_VALUE;
}

struct node *
bind_field(struct bind *b, const struct node *from, const char *name)
{
	bool array = from->type.kind == VALUE_ARRAY;
	struct value_type type = array ? from->type.field[0].type : from->type;
	struct value_type result;
	struct node *n;
	size_t i;

	if (type.kind != VALUE_STRUCT)
		return bind_fail(b, EVAL_UNKNOWN, "%s has no field %s.",
		    value_type_text(b->arena, from->type), name);
	for (i = 0; i < type.n_fields; i++) {
		if (str_ieq(type.field[i].name, name))
			break;
	}
	if (i == type.n_fields)
		return bind_fail(b, EVAL_UNKNOWN, "There is no field %s.",
		    name);
	result = type.field[i].type;
	if (array)
		result = value_type_array(b->arena, result);
	n = bind_one(b, result, array ? run_array_field : run_field, from);
	n->index = i;
	return n;
}

static enum eval_outcome
run_lambda_argument(struct run *r, const struct node *n,
    const struct value *arg UNUSED, struct value *ret)
{
	*ret = r->lambda.v[n->index];
	return EVAL_VALUE;
}

/* The parameter of a lambda around, the innermost of that name. */
static struct node *
bind_parameter(struct bind *b, const char *name)
{
	struct node *n;
	size_t i;

	for (i = b->lambda.n; i > 0; i--) {
		if (!str_ieq(b->lambda.v[i - 1].name, name))
			continue;
		n = bind_node(b, b->lambda.v[i - 1].type, run_lambda_argument,
		    NODE_LAZY, 0);
		n->index = i - 1;
		return n;
	}
	return NULL;
}

static struct node *
bind_column(struct bind *b, const struct expr *e)
{
	struct eval_column column = {0};
	struct node *n = bind_parameter(b, e->part[0]);
	size_t i = 1;

	if (!n) {
		if (!b->scope->find(b->scope->data, e->part, e->n_parts,
		        &column))
			return bind_fail(b, EVAL_UNKNOWN,
			    "There is no column %s.", expr_dump(b->arena, e));
		n = bind_node(b, column.type, run_column, NODE_LAZY, 0);
		n->index = column.index;
		i = column.n_parts;
	}
	for (; n && i < e->n_parts; i++)
		n = bind_field(b, n, e->part[i]);
	return n;
}

static const struct node *
bind_cast(struct bind *b, const struct expr *e)
{
	const struct node *from = bind_expr(b, e->arg[0]);
	struct value_type type;

	if (!from)
		return NULL;
	if (!value_type_parse(b->arena, e->type, &type))
		return bind_fail(b, EVAL_UNKNOWN,
		    "The cast to %s is not known.", e->type);
	if (str_eq(e->op, "::"))
		return bind_fail(b, EVAL_DIFFERS, "Spark 3.5 has no ::.");
	return str_eq(e->op, "try_cast") ? coerce_try_cast(b, from, type)
	                                 : coerce_cast(b, from, type);
}

static const struct node *
bind_any(struct bind *b, const struct expr *e)
{
	const struct node *from;

	switch (e->kind) {
	case EXPR_LITERAL:
		return bind_literal(b, e, false);
	case EXPR_INTERVAL:
		return bind_interval(b, e);
	case EXPR_COLUMN:
		return bind_column(b, e);
	case EXPR_UNARY:
		return bind_unary(b, e);
	case EXPR_BINARY:
		return bind_binary(b, e);
	case EXPR_CASE:
		return bind_case(b, e);
	case EXPR_CAST:
		return bind_cast(b, e);
	case EXPR_IN:
		return bind_in(b, e);
	case EXPR_BETWEEN:
		return bind_between(b, e);
	case EXPR_IS:
		return bind_is(b, e);
	case EXPR_FIELD:
		from = bind_expr(b, e->arg[0]);
		return from ? bind_field(b, from, e->op) : NULL;
	case EXPR_LIKE:
		return bind_like(b, e);
	case EXPR_CALL:
		return e->over ? bind_window(b, e) : bind_call(b, e);
	case EXPR_SUBSCRIPT:
		return bind_subscript(b, e);
	case EXPR_ROW:
		return bind_struct(b, e);
	case EXPR_LAMBDA:
		break;
	}
	return bind_fail(b, EVAL_UNKNOWN, "%s is not known.",
	    expr_dump(b->arena, e));
}

const struct node *
bind_expr(struct bind *b, const struct expr *e)
{
	return bind_any(b, e);
}

#include "base/base.h"

#include "eval/bind.h"

#include "eval/arithmetic.h"
#include "eval/coerce.h"

static enum eval_outcome
run_not(struct run *r UNUSED, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	*ret = value_boolean(!arg[0].boolean);
	return EVAL_VALUE;
}

struct node *
bind_not(struct bind *b, const struct node *n)
{
	if (!n)
		return NULL;
	return bind_one(b, value_type_of(VALUE_BOOLEAN), run_not, n);
}

const struct node *
bind_condition(struct bind *b, const struct node *n)
{
	struct value_type boolean = value_type_of(VALUE_BOOLEAN);

	if (!n || n->type.kind == VALUE_BOOLEAN)
		return n;
	if (n->type.kind == VALUE_VOID)
		return coerce_cast(b, n, boolean);
	return bind_fail(b, EVAL_DIFFERS,
	    "Not every mode of Spark takes %s as a condition.",
	    value_type_text(b->arena, n->type));
}

/* AND and OR: n->index is the value that decides alone. */
static enum eval_outcome
run_logic(struct run *r, const struct node *n, const struct value *arg UNUSED,
    struct value *ret)
{
	bool deciding = n->index == 1;
	enum eval_outcome o;
	bool unknown;

	o = node_run(r, n->arg[0], ret);
	if (o != EVAL_VALUE || (!ret->is_null && ret->boolean == deciding))
		return o;
	unknown = ret->is_null;
	o = node_run(r, n->arg[1], ret);
	if (o != EVAL_VALUE || (!ret->is_null && ret->boolean == deciding))
		return o;
	if (unknown)
		*ret = value_null(n->type);
	return EVAL_VALUE;
}

struct node *
bind_logic(struct bind *b, const struct node *left, const struct node *right,
    bool deciding)
{
	const struct node *x = bind_condition(b, left);
	const struct node *y = bind_condition(b, right);
	struct node *n;

	if (!x || !y)
		return NULL;
	n = bind_two(b, value_type_of(VALUE_BOOLEAN), run_logic, x, y);
	n->style = NODE_LAZY;
	n->index = deciding ? 1 : 0;
	return n;
}

enum comparison { EQ, NEQ, LT, LE, GT, GE, SAME };

static enum eval_outcome
run_compare(struct run *r UNUSED, const struct node *n, const struct value *arg,
    struct value *ret)
{
	int order = value_compare(&arg[0], &arg[1]);
	bool b = false;

	switch ((enum comparison)n->index) {
	case EQ:
	case SAME:
		b = order == 0;
		break;
	case NEQ:
		b = order != 0;
		break;
	case LT:
		b = order < 0;
		break;
	case LE:
		b = order <= 0;
		break;
	case GT:
		b = order > 0;
		break;
	case GE:
		b = order >= 0;
		break;
	}
	*ret = value_boolean(b);
	return EVAL_VALUE;
}

/* Text beside another type is read as that type. */
static bool
compare_type(struct bind *b, struct value_type x, struct value_type y,
    struct value_type *ret)
{
	struct value_type other = x.kind == VALUE_STRING ? y : x;
	bool one_text = (x.kind == VALUE_STRING) != (y.kind == VALUE_STRING);

	if (coerce_tightest(b, x, y, ret))
		return true;
	if (one_text && other.kind < VALUE_MONTHS) {
		*ret = other;
		if (other.kind == VALUE_DECIMAL)
			*ret = value_type_of(VALUE_DOUBLE);
		else if (value_is_numeric(other.kind) && bind_ansi(b))
			*ret = value_type_of(value_is_integral(other.kind)
			        ? VALUE_BIGINT
			        : VALUE_DOUBLE);
		return true;
	}
	if (x.kind >= VALUE_ARRAY && x.kind == y.kind)
		return coerce_wider(b, x, y, ret);
	bind_fail(b, EVAL_DIFFERS,
	    "Not every mode of Spark compares %s with %s.",
	    value_type_text(b->arena, x), value_type_text(b->arena, y));
	return false;
}

static bool
has_map(struct value_type type)
{
	size_t i;

	if (type.kind == VALUE_MAP)
		return true;
	for (i = 0; i < type.n_fields; i++) {
		if (has_map(type.field[i].type))
			return true;
	}
	return false;
}

struct node *
bind_compare(struct bind *b, const char *op, const struct node *left,
    const struct node *right)
{
	static const struct {
		const char *op;
		enum comparison comparison;
	} ops[] = {{"=", EQ}, {"==", EQ}, {"<>", NEQ}, {"!=", NEQ}, {"<", LT},
	    {"<=", LE}, {">", GT}, {">=", GE}, {"<=>", SAME}};
	struct value_type type;
	const struct node *x;
	const struct node *y;
	struct node *n;
	size_t i;

	if (!left || !right || !compare_type(b, left->type, right->type, &type))
		return NULL;
	if (has_map(type))
		return bind_fail(b, EVAL_UNKNOWN, "Maps cannot be compared.");
	x = coerce_cast(b, left, type);
	y = coerce_cast(b, right, type);
	if (!x || !y)
		return NULL;
	n = bind_two(b, value_type_of(VALUE_BOOLEAN), run_compare, x, y);
	for (i = 0; !str_eq(ops[i].op, op); i++)
		assert(i + 1 < COUNT_OF(ops));
	n->index = ops[i].comparison;
	if (n->index == SAME)
		n->style = NODE_EAGER;
	return n;
}

static bool
is_comparison(const char *op)
{
	static const char *const ops[] = {
	    "=", "==", "<>", "!=", "<", "<=", ">", ">=", "<=>"};
	size_t i;

	for (i = 0; i < COUNT_OF(ops); i++) {
		if (str_eq(ops[i], op))
			return true;
	}
	return false;
}

struct node *
bind_binary(struct bind *b, const struct expr *e)
{
	static const char *const arithmetic[] = {
	    "+", "-", "*", "/", "%", "div"};
	const struct node *left;
	const struct node *right;
	size_t i;

	if (str_eq(e->op, ":") || str_eq(e->op, "=>") || str_eq(e->op, "as"))
		return bind_fail(b, EVAL_UNKNOWN,
		    "The operator %s is not known.", e->op);
	left = bind_expr(b, e->arg[0]);
	right = left ? bind_expr(b, e->arg[1]) : NULL;
	if (!right)
		return NULL;
	if (is_comparison(e->op))
		return bind_compare(b, e->op, left, right);
	if (str_eq(e->op, "and") || str_eq(e->op, "or"))
		return bind_logic(b, left, right, str_eq(e->op, "or"));
	for (i = 0; i < COUNT_OF(arithmetic); i++) {
		if (str_eq(e->op, arithmetic[i]))
			return bind_arithmetic(b, e->op, left, right);
	}
	if (str_eq(e->op, "||")) {
		const struct node *both[] = {left, right};

		return bind_concat(b, both, 2);
	}
	if (str_eq(e->op, "&") || str_eq(e->op, "|") || str_eq(e->op, "^"))
		return bind_bits(b, e->op, left, right);
	return bind_fail(b, EVAL_UNKNOWN, "The operator %s is not known.",
	    e->op);
}

struct node *
bind_unary(struct bind *b, const struct expr *e)
{
	const struct node *n;

	if (str_eq(e->op, "-") && e->arg[0]->kind == EXPR_LITERAL &&
	    e->arg[0]->literal == LITERAL_NUMBER)
		return bind_literal(b, e->arg[0], true);
	n = bind_expr(b, e->arg[0]);
	if (!n)
		return NULL;
	if (str_eq(e->op, "not") || str_eq(e->op, "!"))
		return bind_not(b, bind_condition(b, n));
	if (str_eq(e->op, "-") || str_eq(e->op, "+"))
		return bind_sign(b, n, str_eq(e->op, "-"));
	if (str_eq(e->op, "~"))
		return bind_bits(b, e->op, n, NULL);
	return bind_fail(b, EVAL_UNKNOWN, "The operator %s is not known.",
	    e->op);
}

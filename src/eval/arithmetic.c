#include "base/base.h"

#include "eval/arithmetic.h"

#include "eval/coerce.h"
#include "eval/decimal.h"
#include "eval/interval.h"

#include <math.h>

/* n->index of a node: the operator, and whether what fails is NULL. */
#define TRY 0x100

static enum eval_outcome
refuse(struct run *r, const struct node *n, const char *why, struct value *ret)
{
	return n->index & TRY ? node_null(n, ret) : node_differs(r, why);
}

static const char overflow[] = "A number overflows.";
static const char by_zero[] = "Modes of Spark differ about division by zero.";

/* False where it overflows. b is not 0 for a division. */
static bool
integers(enum arithmetic op, int64_t a, int64_t b, int64_t *ret)
{
	switch (op) {
	case ARITHMETIC_ADD:
		return !__builtin_add_overflow(a, b, ret);
	case ARITHMETIC_SUBTRACT:
		return !__builtin_sub_overflow(a, b, ret);
	case ARITHMETIC_MULTIPLY:
		return !__builtin_mul_overflow(a, b, ret);
	case ARITHMETIC_DIVIDE:
	case ARITHMETIC_DIV:
		if (b == -1)
			return !__builtin_sub_overflow((int64_t)0, a, ret);
		*ret = a / b;
		return true;
	case ARITHMETIC_REMAINDER:
		*ret = b == -1 ? 0 : a % b;
		return true;
	case ARITHMETIC_PMOD:
		*ret = a % b;
		*ret += *ret < 0 ? b : 0;
		return true;
	}
	return false;
}

static bool
divides(enum arithmetic op)
{
	return op >= ARITHMETIC_DIVIDE;
}

static enum eval_outcome
run_integers(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	enum arithmetic op = n->index & 0xff;
	int64_t result;

	if (divides(op) && arg[1].integer == 0)
		return refuse(r, n, by_zero, ret);
	if (op == ARITHMETIC_PMOD && arg[1].integer < 0)
		return node_unknown(r, "pmod() of a negative divisor.");
	if (!integers(op, arg[0].integer, arg[1].integer, &result) ||
	    !value_fits(n->type.kind, result))
		return refuse(r, n, overflow, ret);
	*ret = value_integer(n->type.kind, result);
	return EVAL_VALUE;
}

static enum eval_outcome
run_reals(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	enum arithmetic op = n->index & 0xff;
	double a = arg[0].real;
	double b = arg[1].real;
	double result = 0;

	if (divides(op) && b == 0)
		return refuse(r, n, by_zero, ret);
	switch (op) {
	case ARITHMETIC_ADD:
		result = a + b;
		break;
	case ARITHMETIC_SUBTRACT:
		result = a - b;
		break;
	case ARITHMETIC_MULTIPLY:
		result = a * b;
		break;
	case ARITHMETIC_DIVIDE:
	case ARITHMETIC_DIV:
		result = a / b;
		break;
	case ARITHMETIC_REMAINDER:
		result = fmod(a, b);
		break;
	case ARITHMETIC_PMOD:
		result = fmod(a, b);
		if (result < 0)
			result = fmod(result + b, b);
		break;
	}
	if (n->type.kind == VALUE_FLOAT)
		result = (double)(float)result;
	*ret = value_real(n->type.kind, result);
	return EVAL_VALUE;
}

static enum eval_outcome
give(struct run *r, const struct node *n, const struct long_decimal *d,
    struct value *ret)
{
	int128 unscaled;

	if (!decimal_fit(d, n->type, &unscaled))
		return refuse(r, n, overflow, ret);
	*ret = value_decimal(n->type, unscaled);
	return EVAL_VALUE;
}

static enum eval_outcome
multiply(struct run *r, const struct node *n, const struct long_decimal *a,
    const struct long_decimal *b, struct value *ret)
{
	struct long_decimal exact = decimal_multiply(a, b);
	struct long_decimal limited = exact;
	int128 once = 0;
	int128 twice = 0;

	/* Versions of Spark round to 38 digits first, or do not. */
	decimal_limit(&limited, DECIMAL_DIGITS);
	if (decimal_fit(&exact, n->type, &once) !=
	        decimal_fit(&limited, n->type, &twice) ||
	    once != twice)
		return node_differs(r,
		    "Versions of Spark round the product "
		    "in different ways.");
	return give(r, n, &exact, ret);
}

static enum eval_outcome
remainder_of(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	int128 a = arg[0].decimal;
	int128 b = arg[1].decimal;
	int128 rest = a % b;
	struct long_decimal d;

	if ((n->index & 0xff) == ARITHMETIC_PMOD && rest < 0)
		rest = (rest + b) % b;
	d = decimal_of(rest, arg[0].type.scale);
	return give(r, n, &d, ret);
}

static enum eval_outcome
run_decimals(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	enum arithmetic op = n->index & 0xff;
	struct long_decimal a = decimal_of(arg[0].decimal, arg[0].type.scale);
	struct long_decimal b = decimal_of(arg[1].decimal, arg[1].type.scale);
	struct long_decimal result = {0};
	int64_t whole;

	if (divides(op) && arg[1].decimal == 0)
		return refuse(r, n, by_zero, ret);
	switch (op) {
	case ARITHMETIC_MULTIPLY:
		return multiply(r, n, &a, &b, ret);
	case ARITHMETIC_REMAINDER:
	case ARITHMETIC_PMOD:
		return remainder_of(r, n, arg, ret);
	case ARITHMETIC_SUBTRACT:
		b.negative = b.n > 0 && !b.negative;
		FALLTHROUGH;
	case ARITHMETIC_ADD:
		result = decimal_add(&a, &b);
		break;
	case ARITHMETIC_DIVIDE:
		result = decimal_divide(&a, &arg[1]);
		break;
	case ARITHMETIC_DIV:
		/* Of one scale, so that of the points nothing is left. */
		result = decimal_of(arg[0].decimal / arg[1].decimal, 0);
		if (!decimal_whole(&result, &whole))
			return refuse(r, n, overflow, ret);
		*ret = value_integer(VALUE_BIGINT, whole);
		return EVAL_VALUE;
	}
	return give(r, n, &result, ret);
}

static enum eval_outcome
run_negative(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	*ret = arg[0];
	if (n->type.kind == VALUE_DECIMAL) {
		ret->decimal = -ret->decimal;
		return EVAL_VALUE;
	}
	if (n->type.kind == VALUE_FLOAT || n->type.kind == VALUE_DOUBLE) {
		ret->real = -ret->real;
		return EVAL_VALUE;
	}
	if (__builtin_sub_overflow((int64_t)0, arg[0].integer, &ret->integer) ||
	    !value_fits(n->type.kind, ret->integer))
		return node_differs(r, overflow);
	return EVAL_VALUE;
}

static enum eval_outcome
run_same(struct run *r UNUSED, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	*ret = arg[0];
	return EVAL_VALUE;
}

struct node *
bind_sign(struct bind *b, const struct node *n, bool negative)
{
	const struct node *number = n;

	if (n->type.kind == VALUE_STRING)
		number = coerce_cast(b, n, value_type_of(VALUE_DOUBLE));
	else if (!value_is_numeric(n->type.kind) &&
	    n->type.kind != VALUE_MONTHS && n->type.kind != VALUE_MICROS)
		return bind_fail(b, EVAL_DIFFERS, "The sign of %s.",
		    value_type_text(b->arena, n->type));
	if (!number)
		return NULL;
	if (!negative)
		return bind_one(b, number->type, run_same, number);
	return bind_one(b, number->type, run_negative, number);
}

static struct value_type
decimal_result(enum arithmetic op, struct value_type x, struct value_type y)
{
	int whole_x = x.precision - x.scale;
	int whole_y = y.precision - y.scale;
	int scale = x.scale > y.scale ? x.scale : y.scale;
	int more = whole_x > whole_y ? whole_x : whole_y;
	int less = whole_x < whole_y ? whole_x : whole_y;

	switch (op) {
	case ARITHMETIC_ADD:
	case ARITHMETIC_SUBTRACT:
		return coerce_bounded(more + scale + 1, scale);
	case ARITHMETIC_MULTIPLY:
		return coerce_bounded(x.precision + y.precision + 1,
		    x.scale + y.scale);
	case ARITHMETIC_DIVIDE:
		scale = x.scale + y.precision + 1;
		scale = scale < 6 ? 6 : scale;
		return coerce_bounded(whole_x + y.scale + scale, scale);
	case ARITHMETIC_REMAINDER:
	case ARITHMETIC_PMOD:
		return coerce_bounded(less + scale, scale);
	case ARITHMETIC_DIV:
		break;
	}
	return value_type_of(VALUE_BIGINT);
}

static struct node *
bind_decimals(struct bind *b, enum arithmetic op, const struct node *left,
    const struct node *right)
{
	struct value_type x = coerce_number(left);
	struct value_type y = coerce_number(right);
	struct value_type result;
	const struct node *l;
	const struct node *r;

	if (left->type.kind == VALUE_VOID)
		x = y;
	if (right->type.kind == VALUE_VOID)
		y = x;
	result = decimal_result(op, x, y);
	if (op >= ARITHMETIC_REMAINDER) {
		x = coerce_decimals(x, y);
		y = x;
	}
	l = coerce_cast(b, left, x);
	r = coerce_cast(b, right, y);
	return l && r ? bind_two(b, result, run_decimals, l, r) : NULL;
}

/* Text is a number in arithmetic, which one depends on the mode. */
static const struct node *
read_text(struct bind *b, const struct node *n, const struct node *other)
{
	struct value_type type = value_type_of(VALUE_DOUBLE);

	if (n->type.kind != VALUE_STRING)
		return n;
	if (!bind_ansi(b))
		return coerce_cast(b, n, type);
	if (!value_is_numeric(other->type.kind))
		return bind_fail(b, EVAL_DIFFERS,
		    "Not every mode of Spark computes with two texts.");
	if (value_is_integral(other->type.kind))
		type = value_type_of(VALUE_BIGINT);
	return coerce_cast(b, n, type);
}

struct node *
bind_number(struct bind *b, enum arithmetic op, bool is_try,
    const struct node *left, const struct node *right)
{
	const struct node *l = read_text(b, left, right);
	const struct node *r = l ? read_text(b, right, left) : NULL;
	struct value_type type;
	struct node *n;

	if (!r)
		return NULL;
	if (!coerce_tightest(b, l->type, r->type, &type) ||
	    !value_is_numeric(type.kind))
		return bind_fail(b, EVAL_DIFFERS,
		    "Not every mode of Spark computes with %s and %s.",
		    value_type_text(b->arena, left->type),
		    value_type_text(b->arena, right->type));
	if (type.kind == VALUE_DECIMAL) {
		n = bind_decimals(b, op, l, r);
	} else {
		if (op == ARITHMETIC_DIVIDE)
			type = value_type_of(VALUE_DOUBLE);
		else if (op == ARITHMETIC_DIV && value_is_integral(type.kind))
			type = value_type_of(VALUE_BIGINT);
		else if (op == ARITHMETIC_DIV)
			return bind_fail(b, EVAL_DIFFERS,
			    "div is for whole numbers.");
		l = coerce_cast(b, l, type);
		r = coerce_cast(b, r, type);
		if (!l || !r)
			return NULL;
		n = bind_two(b, type,
		    value_is_integral(type.kind) ? run_integers : run_reals, l,
		    r);
	}
	if (n)
		n->index = op | (is_try ? TRY : 0);
	return n;
}

struct node *
bind_arithmetic(struct bind *b, const char *op, const struct node *left,
    const struct node *right)
{
	static const char *const ops[] = {"+", "-", "*", "/", "%", "div"};
	size_t i;

	for (i = 0; !str_eq(ops[i], op); i++)
		assert(i + 1 < COUNT_OF(ops));
	if (interval_concerns(left->type, right->type) && i <= 1)
		return bind_date_arithmetic(b, i == 1, left, right);
	if (interval_concerns(left->type, right->type) &&
	    i == ARITHMETIC_MULTIPLY)
		return bind_interval_multiple(b, left, right);
	return bind_number(b, (enum arithmetic)i, false, left, right);
}

#include "base/base.h"

#include "eval/builtin.h"

#include "eval/arithmetic.h"
#include "eval/coerce.h"
#include "eval/decimal.h"
#include "eval/interval.h"

#include <math.h>

static enum eval_outcome
run_abs(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	*ret = arg[0];
	if (n->type.kind == VALUE_DECIMAL)
		ret->decimal = ret->decimal < 0 ? -ret->decimal : ret->decimal;
	else if (!value_is_integral(n->type.kind))
		ret->real = fabs(ret->real);
	else if (ret->integer < 0 &&
	    (__builtin_sub_overflow((int64_t)0, ret->integer, &ret->integer) ||
	        !value_fits(n->type.kind, ret->integer)))
		return node_differs(r, "A number overflows.");
	return EVAL_VALUE;
}

static enum eval_outcome
give_decimal(struct run *r, const struct node *n, const struct long_decimal *d,
    struct value *ret)
{
	int128 unscaled;

	if (!decimal_fit(d, n->type, &unscaled))
		return node_differs(r, "A number overflows.");
	*ret = value_decimal(n->type, unscaled);
	return EVAL_VALUE;
}

static enum eval_outcome
round_real(struct run *r, const struct node *n, double value, int places,
    enum rounding how, struct value *ret)
{
	struct long_decimal d;

	*ret = value_real(n->type.kind, value);
	if (isnan(value) || isinf(value))
		return EVAL_VALUE;
	/* Of a float too: it is widened first, with all its digits. */
	d = decimal_of_double(value);
	if (!decimal_is_certain(&d, false) && d.scale > places)
		return node_differs(r,
		    "Versions of Java write this number in "
		    "different ways.");
	decimal_round(&d, places, how);
	*ret = value_real(n->type.kind, decimal_double(&d));
	if (n->type.kind == VALUE_FLOAT)
		ret->real = (double)(float)ret->real;
	return EVAL_VALUE;
}

/* round() and bround(): n->index is how, n->value the places. */
static enum eval_outcome
run_round(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	enum rounding how = (enum rounding)n->index;
	int places = (int)n->value.integer;
	struct long_decimal d;
	int64_t whole;

	if (n->type.kind == VALUE_DECIMAL) {
		d = decimal_of(arg[0].decimal, arg[0].type.scale);
		decimal_round(&d, places, how);
		return give_decimal(r, n, &d, ret);
	}
	if (!value_is_integral(n->type.kind))
		return round_real(r, n, arg[0].real, places, how, ret);
	d = decimal_of(arg[0].integer, 0);
	decimal_round(&d, places < 0 ? places : 0, how);
	if (!decimal_whole(&d, &whole) || !value_fits(n->type.kind, whole))
		return node_differs(r, "A number overflows.");
	*ret = value_integer(n->type.kind, whole);
	return EVAL_VALUE;
}

/* One more digit before the point, which 9.9 needs. */
static struct value_type
rounded_type(struct value_type type, int places)
{
	int whole = type.precision - type.scale + 1;
	int scale = places < type.scale ? places : type.scale;

	if (places < 0) {
		whole = whole > 1 - places ? whole : 1 - places;
		scale = 0;
	}
	whole += scale;
	return value_type_decimal((unsigned)(whole < DECIMAL_DIGITS
	                                  ? whole
	                                  : DECIMAL_DIGITS),
	    (unsigned)scale);
}

/* The places as a constant; false after bind_fail(). */
static bool
constant_places(struct bind *b, const struct builtin *f,
    const struct node *const *arg, size_t n, int64_t *ret)
{
	*ret = 0;
	if (n == 1)
		return true;
	if (!node_is_constant(arg[1]) || arg[1]->type.kind != VALUE_INT ||
	    arg[1]->value.is_null || arg[1]->value.integer < -40 ||
	    arg[1]->value.integer > 40) {
		bind_fail(b, EVAL_UNKNOWN,
		    "The second argument of %s() is no literal from -40 to 40.",
		    f->name);
		return false;
	}
	*ret = arg[1]->value.integer;
	return true;
}

static const struct node *
number_argument(struct bind *b, const struct node *n)
{
	if (value_is_numeric(n->type.kind))
		return n;
	return coerce_implicit(b, n, value_type_of(VALUE_DOUBLE));
}

static struct node *
bind_round(struct bind *b, const struct builtin *f, const struct expr *e UNUSED,
    const struct node **arg, size_t n)
{
	const struct node *number;
	struct node *made;
	int64_t places;

	if (n != 1 && n != 2)
		return bind_wrong_count(b, f, n);
	number = number_argument(b, arg[0]);
	if (!number || !constant_places(b, f, arg, n, &places))
		return NULL;
	made = bind_one(b, number->type, run_round, number);
	if (number->type.kind == VALUE_DECIMAL)
		made->type = rounded_type(number->type, (int)places);
	made->index = f->index;
	made->value.integer = places;
	return made;
}

/* ceil(x) and floor(x): whole, of decimals a decimal, else a bigint. */
static enum eval_outcome
run_whole(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	enum rounding how = (enum rounding)n->index;
	struct long_decimal d;
	double real;

	if (n->type.kind == VALUE_DECIMAL) {
		d = decimal_of(arg[0].decimal, arg[0].type.scale);
		decimal_round(&d, (int)n->value.integer, how);
		return give_decimal(r, n, &d, ret);
	}
	if (arg[0].type.kind == VALUE_BIGINT) {
		*ret = arg[0];
		return EVAL_VALUE;
	}
	real = how == ROUND_FLOOR ? floor(arg[0].real) : ceil(arg[0].real);
	if (isnan(real) || real >= 9223372036854775808.0 ||
	    real < -9223372036854775808.0)
		return node_differs(r, "A number overflows.");
	*ret = value_integer(VALUE_BIGINT, (int64_t)real);
	return EVAL_VALUE;
}

static struct node *
bind_whole(struct bind *b, const struct builtin *f, const struct expr *e UNUSED,
    const struct node **arg, size_t n)
{
	const struct node *number;
	struct value_type type = value_type_of(VALUE_BIGINT);
	struct node *made;
	int64_t places;

	if (n != 1 && n != 2)
		return bind_wrong_count(b, f, n);
	number = arg[0];
	if (!value_is_numeric(number->type.kind))
		return bind_fail(b, EVAL_UNKNOWN, "%s() of %s is not known.",
		    f->name, value_type_text(b->arena, number->type));
	if (!constant_places(b, f, arg, n, &places))
		return NULL;
	if (n == 2 && value_is_integral(number->type.kind))
		number = coerce_cast(b, number, coerce_integral(number->type));
	if (!number)
		return NULL;
	if (n == 2 && number->type.kind != VALUE_DECIMAL)
		return bind_fail(b, EVAL_UNKNOWN,
		    "%s() of a double with places is not known.", f->name);
	if (number->type.kind == VALUE_DECIMAL)
		type = n == 1 && number->type.scale == 0
		    ? number->type
		    : rounded_type(number->type, (int)places);
	else
		number = coerce_cast(b, number,
		    value_type_of(value_is_integral(number->type.kind)
		            ? VALUE_BIGINT
		            : VALUE_DOUBLE));
	if (!number)
		return NULL;
	made = bind_one(b, type, run_whole, number);
	made->index = f->index;
	made->value.integer = places;
	return made;
}

static struct node *
bind_abs(struct bind *b, const struct builtin *f, const struct expr *e UNUSED,
    const struct node **arg, size_t n)
{
	const struct node *number = n == 1 ? number_argument(b, arg[0]) : NULL;

	if (n != 1)
		return bind_wrong_count(b, f, n);
	return number ? bind_one(b, number->type, run_abs, number) : NULL;
}

static struct node *
bind_signed(struct bind *b, const struct builtin *f,
    const struct expr *e UNUSED, const struct node **arg, size_t n)
{
	return n == 1 ? bind_sign(b, arg[0], f->index == 1)
	              : bind_wrong_count(b, f, n);
}

static struct node *
bind_binary_number(struct bind *b, const struct builtin *f,
    const struct expr *e UNUSED, const struct node **arg, size_t n)
{
	if (n != 2)
		return bind_wrong_count(b, f, n);
	return bind_number(b, (enum arithmetic)f->index, false, arg[0], arg[1]);
}

/* Dates hardly overflow, so that trying makes no difference to them. */
static struct node *
bind_try(struct bind *b, const struct builtin *f, const struct expr *e UNUSED,
    const struct node **arg, size_t n)
{
	if (n != 2)
		return bind_wrong_count(b, f, n);
	if (f->index <= ARITHMETIC_SUBTRACT &&
	    interval_concerns(arg[0]->type, arg[1]->type))
		return bind_date_arithmetic(b, f->index == ARITHMETIC_SUBTRACT,
		    arg[0], arg[1]);
	if (!value_is_numeric(arg[0]->type.kind) ||
	    !value_is_numeric(arg[1]->type.kind))
		return bind_fail(b, EVAL_UNKNOWN,
		    "%s() of other than numbers is not known.", f->name);
	return bind_number(b, (enum arithmetic)f->index, true, arg[0], arg[1]);
}

enum bits { BITS_AND, BITS_OR, BITS_XOR, BITS_NOT };

static enum eval_outcome
run_bits(struct run *r UNUSED, const struct node *n, const struct value *arg,
    struct value *ret)
{
	*ret = arg[0];
	if (n->index == BITS_AND)
		ret->integer &= arg[1].integer;
	else if (n->index == BITS_OR)
		ret->integer |= arg[1].integer;
	else if (n->index == BITS_XOR)
		ret->integer ^= arg[1].integer;
	else
		ret->integer = ~ret->integer;
	return EVAL_VALUE;
}

struct node *
bind_bits(struct bind *b, const char *op, const struct node *left,
    const struct node *right)
{
	struct value_type type = left->type;
	const struct node *x = left;
	const struct node *y = right;
	struct node *n;

	if (!value_is_integral(left->type.kind) ||
	    (right &&
	        (!value_is_integral(right->type.kind) ||
	            !coerce_tightest(b, left->type, right->type, &type))))
		return bind_fail(b, EVAL_UNKNOWN,
		    "%s of other than whole numbers is not known.", op);
	x = coerce_cast(b, left, type);
	if (!right) {
		n = bind_one(b, type, run_bits, x);
		n->index = BITS_NOT;
		return n;
	}
	y = coerce_cast(b, right, type);
	n = bind_two(b, type, run_bits, x, y);
	n->index = op[0] == '&' ? BITS_AND : op[0] == '|' ? BITS_OR : BITS_XOR;
	return n;
}

/* int(x), string(x), …: casts in the form of a call. */
static struct node *
bind_cast_call(struct bind *b, const struct builtin *f,
    const struct expr *e UNUSED, const struct node **arg, size_t n)
{
	struct value_type type = value_type_of((enum value_kind)f->index);
	const struct node *from;
	struct node *made;

	if (n != 1)
		return bind_wrong_count(b, f, n);
	if (type.kind == VALUE_DECIMAL)
		type = value_type_decimal(10, 0);
	from = coerce_cast(b, arg[0], type);
	if (!from)
		return NULL;
	made = arena_new(b->arena, struct node);
	*made = *from;
	return made;
}

/* One row of a table whose call is bound by bind alone. */
#define CALL(called, how, which)                                               \
	{                                                                      \
		.name = (called), .signature = "", .bind = (how),              \
		.index = (which)                                               \
	}

static const struct builtin table[] = {
    CALL("abs", bind_abs, 0),
    CALL("round", bind_round, ROUND_HALF_UP),
    CALL("bround", bind_round, ROUND_HALF_EVEN),
    CALL("ceil", bind_whole, ROUND_CEILING),
    CALL("ceiling", bind_whole, ROUND_CEILING),
    CALL("floor", bind_whole, ROUND_FLOOR),
    CALL("negative", bind_signed, 1),
    CALL("positive", bind_signed, 0),
    CALL("mod", bind_binary_number, ARITHMETIC_REMAINDER),
    CALL("pmod", bind_binary_number, ARITHMETIC_PMOD),
    CALL("try_add", bind_try, ARITHMETIC_ADD),
    CALL("try_subtract", bind_try, ARITHMETIC_SUBTRACT),
    CALL("try_multiply", bind_try, ARITHMETIC_MULTIPLY),
    CALL("try_divide", bind_try, ARITHMETIC_DIVIDE),
    CALL("boolean", bind_cast_call, VALUE_BOOLEAN),
    CALL("tinyint", bind_cast_call, VALUE_TINYINT),
    CALL("smallint", bind_cast_call, VALUE_SMALLINT),
    CALL("int", bind_cast_call, VALUE_INT),
    CALL("bigint", bind_cast_call, VALUE_BIGINT),
    CALL("decimal", bind_cast_call, VALUE_DECIMAL),
    CALL("float", bind_cast_call, VALUE_FLOAT),
    CALL("double", bind_cast_call, VALUE_DOUBLE),
    CALL("string", bind_cast_call, VALUE_STRING),
    CALL("binary", bind_cast_call, VALUE_BINARY),
    CALL("date", bind_cast_call, VALUE_DATE),
    CALL("timestamp", bind_cast_call, VALUE_TIMESTAMP),
};

const struct builtins builtins_number = {table, COUNT_OF(table)};

#include "base/base.h"

#include "eval/coerce.h"

#include "eval/cast.h"
#include "eval/decimal.h"

static enum eval_outcome
run_cast(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	return cast_value(r, arg, n->type, n->index == 1, ret);
}

static const struct node *
cast(struct bind *b, const struct node *n, struct value_type type, bool is_try)
{
	struct node *made;

	if (value_type_eq(n->type, type))
		return n;
	switch (cast_is_known(n->type, type)) {
	case EVAL_DIFFERS:
		return bind_fail(b, EVAL_DIFFERS,
		    "Not every mode of Spark casts %s to %s.",
		    value_type_text(b->arena, n->type),
		    value_type_text(b->arena, type));
	case EVAL_UNKNOWN:
		return bind_fail(b, EVAL_UNKNOWN,
		    "The cast of %s to %s is not known.",
		    value_type_text(b->arena, n->type),
		    value_type_text(b->arena, type));
	case EVAL_VALUE:
		break;
	}
	made = bind_one(b, type, run_cast, n);
	made->index = is_try ? 1 : 0;
	return made;
}

const struct node *
coerce_cast(struct bind *b, const struct node *n, struct value_type type)
{
	return cast(b, n, type, false);
}

const struct node *
coerce_try_cast(struct bind *b, const struct node *n, struct value_type type)
{
	/* What fails within an array makes the element NULL in one version,
	 * the array in another. */
	if (type.kind >= VALUE_ARRAY && !value_type_eq(n->type, type))
		return bind_fail(b, EVAL_UNKNOWN,
		    "TRY_CAST to a nested type is not known.");
	return cast(b, n, type, true);
}

/* Numbers that always fit another number. */
static bool
is_wider(struct value_type from, struct value_type to)
{
	if (!value_is_numeric(from.kind) || !value_is_numeric(to.kind))
		return false;
	if (to.kind == VALUE_DECIMAL || from.kind == VALUE_DECIMAL)
		return to.kind == VALUE_DOUBLE;
	return from.kind <= to.kind;
}

static bool
is_when(enum value_kind kind)
{
	return kind == VALUE_DATE || kind == VALUE_TIMESTAMP ||
	    kind == VALUE_TIMESTAMP_NTZ;
}

/* Whether both modes take the one type for the other. */
static bool
is_implicit(struct value_type from, struct value_type to)
{
	if (is_wider(from, to))
		return true;
	/* What a long holds beyond an int is an error, or cut off. */
	if (value_is_integral(from.kind) && to.kind == VALUE_INT)
		return true;
	if (to.kind == VALUE_STRING)
		return from.kind <= VALUE_BINARY || is_when(from.kind);
	if (from.kind == VALUE_STRING)
		return to.kind < VALUE_MONTHS;
	if (from.kind == VALUE_ARRAY && to.kind == VALUE_ARRAY)
		return is_implicit(from.field[0].type, to.field[0].type);
	return is_when(from.kind) &&
	    (to.kind == VALUE_DATE || to.kind == VALUE_TIMESTAMP);
}

const struct node *
coerce_implicit(struct bind *b, const struct node *n, struct value_type type)
{
	if (n->type.kind == VALUE_VOID || value_type_eq(n->type, type) ||
	    is_implicit(n->type, type))
		return cast(b, n, type, false);
	return bind_fail(b, EVAL_DIFFERS,
	    "Not every mode of Spark takes %s where %s is wanted.",
	    value_type_text(b->arena, n->type),
	    value_type_text(b->arena, type));
}

struct value_type
coerce_integral(struct value_type type)
{
	static const unsigned digits[] = {3, 5, 10, 20};

	if (!value_is_integral(type.kind))
		return type;
	return value_type_decimal(digits[type.kind - VALUE_TINYINT], 0);
}

struct value_type
coerce_number(const struct node *n)
{
	struct long_decimal d;

	if (!node_is_constant(n) || n->value.is_null ||
	    !value_is_integral(n->type.kind))
		return coerce_integral(n->type);
	d = decimal_of(n->value.integer, 0);
	return value_type_decimal(d.n > 0 ? (unsigned)d.n : 1, 0);
}

static int
max(int a, int b)
{
	return a > b ? a : b;
}

struct value_type
coerce_bounded(int precision, int scale)
{
	int whole = precision - scale;
	int kept = scale < 6 ? scale : 6;

	if (precision <= DECIMAL_DIGITS)
		return value_type_decimal((unsigned)precision, (unsigned)scale);
	return value_type_decimal(DECIMAL_DIGITS,
	    (unsigned)max(DECIMAL_DIGITS - whole, kept));
}

struct value_type
coerce_decimals(struct value_type x, struct value_type y)
{
	int scale = max(x.scale, y.scale);
	int whole = max(x.precision - x.scale, y.precision - y.scale);
	int precision = whole + scale;

	return value_type_decimal((unsigned)(precision < DECIMAL_DIGITS
	                                  ? precision
	                                  : DECIMAL_DIGITS),
	    (unsigned)scale);
}

/* Of two numbers, neither a DECIMAL. */
static struct value_type
wider_number(struct bind *b, struct value_type x, struct value_type y)
{
	struct value_type wider = x.kind > y.kind ? x : y;

	if (wider.kind == VALUE_FLOAT && x.kind != y.kind && bind_ansi(b))
		return value_type_of(VALUE_DOUBLE);
	return wider;
}

bool
coerce_tightest(struct bind *b, struct value_type x, struct value_type y,
    struct value_type *ret)
{
	bool numbers = value_is_numeric(x.kind) && value_is_numeric(y.kind);

	if (x.kind == VALUE_VOID || value_type_eq(x, y)) {
		*ret = y;
		return true;
	}
	if (y.kind == VALUE_VOID) {
		*ret = x;
		return true;
	}
	if (numbers && x.kind != VALUE_DECIMAL && y.kind != VALUE_DECIMAL) {
		*ret = wider_number(b, x, y);
		return true;
	}
	if (numbers) {
		if (x.kind > VALUE_DECIMAL || y.kind > VALUE_DECIMAL)
			*ret = value_type_of(VALUE_DOUBLE);
		else
			*ret = coerce_decimals(coerce_integral(x),
			    coerce_integral(y));
		return true;
	}
	if (is_when(x.kind) && is_when(y.kind)) {
		*ret = value_type_of(x.kind == VALUE_TIMESTAMP ||
		            y.kind == VALUE_TIMESTAMP
		        ? VALUE_TIMESTAMP
		        : VALUE_TIMESTAMP_NTZ);
		return true;
	}
	return false;
}

/* Element by element, for types of one form. */
static bool
wider_nested(struct bind *b, struct value_type x, struct value_type y,
    struct value_type *ret)
{
	struct value_field *f = arena_array(b->arena, struct value_field,
	    x.n_fields);
	size_t i;

	for (i = 0; i < x.n_fields; i++) {
		f[i].name = x.field[i].name;
		if (!str_ieq(f[i].name, y.field[i].name)) {
			bind_fail(b, EVAL_UNKNOWN,
			    "Structs with different fields have no known "
			    "common type.");
			return false;
		}
		if (!coerce_wider(b, x.field[i].type, y.field[i].type,
		        &f[i].type))
			return false;
	}
	*ret = x;
	ret->field = f;
	return true;
}

bool
coerce_wider(struct bind *b, struct value_type x, struct value_type y,
    struct value_type *ret)
{
	struct value_type other = x.kind == VALUE_STRING ? y : x;

	if (coerce_tightest(b, x, y, ret))
		return true;
	if (x.kind >= VALUE_ARRAY && x.kind == y.kind &&
	    x.n_fields == y.n_fields)
		return wider_nested(b, x, y, ret);
	if ((x.kind == VALUE_STRING || y.kind == VALUE_STRING) &&
	    other.kind < VALUE_MONTHS && other.kind != VALUE_BINARY &&
	    other.kind != VALUE_BOOLEAN) {
		*ret = value_type_of(VALUE_STRING);
		if (!bind_ansi(b))
			return true;
		*ret = other;
		if (value_is_numeric(other.kind))
			*ret = value_type_of(value_is_integral(other.kind)
			        ? VALUE_BIGINT
			        : VALUE_DOUBLE);
		return true;
	}
	bind_fail(b, EVAL_DIFFERS,
	    "Not every mode of Spark has a common type of %s and %s.",
	    value_type_text(b->arena, x), value_type_text(b->arena, y));
	return false;
}

bool
coerce_all(struct bind *b, const struct node **arg, size_t n,
    struct value_type *ret)
{
	size_t i;

	*ret = value_type_of(VALUE_VOID);
	for (i = 0; i < n; i++) {
		if (!coerce_wider(b, *ret, arg[i]->type, ret))
			return false;
	}
	for (i = 0; i < n; i++) {
		arg[i] = cast(b, arg[i], *ret, false);
		if (!arg[i])
			return false;
	}
	return true;
}

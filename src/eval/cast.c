#include "base/base.h"

#include "eval/cast.h"

#include "eval/calendar.h"
#include "eval/decimal.h"

#include <math.h>
#include <stdlib.h>

static bool
is_time(enum value_kind kind)
{
	return kind == VALUE_TIMESTAMP || kind == VALUE_TIMESTAMP_NTZ;
}

static enum eval_outcome
nested_is_known(struct value_type from, struct value_type to)
{
	size_t i;

	if (from.n_fields != to.n_fields)
		return EVAL_UNKNOWN;
	for (i = 0; i < from.n_fields; i++) {
		enum eval_outcome o = cast_is_known(from.field[i].type,
		    to.field[i].type);

		if (o != EVAL_VALUE)
			return o;
	}
	return EVAL_VALUE;
}

static enum eval_outcome
known(bool yes)
{
	return yes ? EVAL_VALUE : EVAL_DIFFERS;
}

enum eval_outcome
cast_is_known(struct value_type from, struct value_type to)
{
	enum value_kind f = from.kind;
	enum value_kind t = to.kind;

	if (f == VALUE_VOID || value_type_eq(from, to))
		return EVAL_VALUE;
	if (f >= VALUE_ARRAY && f == t)
		return nested_is_known(from, to);
	if (f == VALUE_MONTHS || f == VALUE_MICROS)
		return t == VALUE_STRING || t == f ? EVAL_VALUE : EVAL_UNKNOWN;
	if (t == VALUE_STRING)
		return EVAL_VALUE;
	if (f == VALUE_STRING)
		return t <= VALUE_TIMESTAMP_NTZ ? EVAL_VALUE : EVAL_UNKNOWN;
	if (f == VALUE_BOOLEAN || value_is_numeric(f))
		return known(t == VALUE_BOOLEAN || value_is_numeric(t) ||
		    (t == VALUE_TIMESTAMP && f != VALUE_BOOLEAN));
	if (f == VALUE_DATE)
		return known(is_time(t));
	if (is_time(f))
		return known(t == VALUE_DATE || is_time(t) ||
		    (f == VALUE_TIMESTAMP && value_is_numeric(t)));
	return EVAL_DIFFERS;
}

/* What is cast, to what, and how. */
struct cast {
	struct run *run;
	const struct value *from;
	struct value_type type;
	bool is_try;
};

static enum eval_outcome
give(const struct cast *c, struct value v, struct value *ret)
{
	*ret = v;
	ret->type = c->type;
	ret->is_null = false;
	return EVAL_VALUE;
}

static enum eval_outcome
refuse(const struct cast *c, const char *why, struct value *ret)
{
	if (!c->is_try)
		return node_differs(c->run, why);
	*ret = value_null(c->type);
	return EVAL_VALUE;
}

static enum eval_outcome
give_integer(const struct cast *c, int64_t n, struct value *ret)
{
	if (!value_fits(c->type.kind, n))
		return refuse(c, "A number does not fit the type.", ret);
	return give(c, (struct value){.integer = n}, ret);
}

static enum eval_outcome
give_decimal(const struct cast *c, const struct long_decimal *d,
    struct value *ret)
{
	int128 unscaled;

	if (!decimal_fit(d, c->type, &unscaled))
		return refuse(c, "A number does not fit the type.", ret);
	return give(c, (struct value){.decimal = unscaled}, ret);
}

static enum eval_outcome
text_to_number(const struct cast *c, struct value *ret)
{
	struct long_decimal d;
	int64_t n = 0;
	double real = 0;
	enum cast_text outcome;

	if (value_is_integral(c->type.kind)) {
		outcome = cast_to_integer(c->from->text, &n);
		if (outcome == CAST_GOOD)
			return give_integer(c, n, ret);
	} else if (c->type.kind == VALUE_DECIMAL) {
		outcome = cast_to_real(c->from->text, false, &real);
		if (outcome == CAST_GOOD) {
			if (!decimal_parse(slice_trim(c->from->text), &d))
				return refuse(c, "The text is no number.", ret);
			return give_decimal(c, &d, ret);
		}
	} else {
		outcome = cast_to_real(c->from->text,
		    c->type.kind == VALUE_FLOAT, &real);
		if (outcome == CAST_GOOD)
			return give(c, (struct value){.real = real}, ret);
	}
	if (outcome == CAST_BAD)
		return refuse(c, "The text is no number.", ret);
	return node_differs(c->run,
	    "Not every Spark reads this text as a "
	    "number.");
}

static enum eval_outcome
text_to_other(const struct cast *c, struct value *ret)
{
	struct value v = {0};
	enum cast_text outcome;
	bool zone = false;

	if (c->type.kind == VALUE_BOOLEAN)
		outcome = cast_to_boolean(c->from->text, &v.boolean);
	else if (c->type.kind == VALUE_DATE)
		outcome = cast_to_date(c->from->text, &v.integer);
	else
		outcome = cast_to_time(c->from->text, &v.integer, &zone);
	if (outcome == CAST_UNSURE ||
	    (zone && c->type.kind == VALUE_TIMESTAMP_NTZ))
		return node_differs(c->run,
		    "Not every Spark reads this text the same.");
	if (outcome == CAST_BAD)
		return refuse(c, "The text does not have the form of the type.",
		    ret);
	return give(c, v, ret);
}

static enum eval_outcome
from_text(const struct cast *c, struct value *ret)
{
	if (c->type.kind == VALUE_STRING || c->type.kind == VALUE_BINARY)
		return give(c, *c->from, ret);
	if (value_is_numeric(c->type.kind))
		return text_to_number(c, ret);
	return text_to_other(c, ret);
}

static enum eval_outcome
to_text(const struct cast *c, struct value *ret)
{
	const struct value *v = c->from;

	if (!value_format_is_certain(v))
		return node_differs(c->run,
		    "Versions of Java write this number in different ways.");
	if (v->type.kind == VALUE_BINARY) {
		if (!utf8_valid(v->text))
			return node_differs(c->run, "The bytes are not UTF-8.");
		return give(c, *v, ret);
	}
	return give(c, value_string(value_format(c->run->arena, v)), ret);
}

/* Doubles of so many seconds or units are cut towards zero. */
static enum eval_outcome
real_to_integer(const struct cast *c, double d, struct value *ret)
{
	if (isnan(d) || d >= 9223372036854775808.0 ||
	    d < -9223372036854775808.0)
		return refuse(c, "A number does not fit the type.", ret);
	return give_integer(c, (int64_t)d, ret);
}

static enum eval_outcome
number_to_time(const struct cast *c, struct value *ret)
{
	const struct value *v = c->from;
	struct long_decimal d;
	int64_t n;

	if (value_is_integral(v->type.kind)) {
		if (__builtin_mul_overflow(v->integer, MICROS_PER_SECOND, &n))
			return refuse(c, "A timestamp is out of range.", ret);
		return give(c, (struct value){.integer = n}, ret);
	}
	if (v->type.kind == VALUE_DECIMAL) {
		d = decimal_of(v->decimal, v->type.scale - 6);
		if (!decimal_whole(&d, &n))
			return refuse(c, "A timestamp is out of range.", ret);
		return give(c, (struct value){.integer = n}, ret);
	}
	return real_to_integer(c, v->real * (double)MICROS_PER_SECOND, ret);
}

static enum eval_outcome
integer_to_number(const struct cast *c, int64_t n, struct value *ret)
{
	struct long_decimal d;

	if (c->type.kind == VALUE_BOOLEAN)
		return give(c, (struct value){.boolean = n != 0}, ret);
	if (c->type.kind == VALUE_DOUBLE)
		return give(c, (struct value){.real = (double)n}, ret);
	if (c->type.kind == VALUE_FLOAT)
		return give(c, (struct value){.real = (double)(float)n}, ret);
	if (c->type.kind != VALUE_DECIMAL)
		return give_integer(c, n, ret);
	d = decimal_of(n, 0);
	return give_decimal(c, &d, ret);
}

static enum eval_outcome
decimal_to_number(const struct cast *c, struct value *ret)
{
	struct long_decimal d = decimal_of(c->from->decimal,
	    c->from->type.scale);
	double real;
	int64_t n;

	if (c->type.kind == VALUE_BOOLEAN)
		return give(c, (struct value){.boolean = d.n > 0}, ret);
	if (c->type.kind == VALUE_DECIMAL)
		return give_decimal(c, &d, ret);
	real = decimal_double(&d);
	if (c->type.kind == VALUE_DOUBLE)
		return give(c, (struct value){.real = real}, ret);
	if (c->type.kind == VALUE_FLOAT) {
		/* Rounded once, not by way of a double. */
		float f = strtof(decimal_text(c->run->arena, &d), NULL);

		return give(c, (struct value){.real = (double)f}, ret);
	}
	if (!decimal_whole(&d, &n))
		return refuse(c, "A number does not fit the type.", ret);
	return give_integer(c, n, ret);
}

static enum eval_outcome
real_to_number(const struct cast *c, struct value *ret)
{
	double real = c->from->real;
	struct long_decimal d;

	if (c->type.kind == VALUE_BOOLEAN) {
		if (isnan(real))
			return node_differs(c->run, "NaN is no boolean.");
		return give(c, (struct value){.boolean = real != 0}, ret);
	}
	if (c->type.kind == VALUE_DOUBLE)
		return give(c, (struct value){.real = real}, ret);
	if (c->type.kind == VALUE_FLOAT)
		return give(c, (struct value){.real = (double)(float)real},
		    ret);
	if (c->type.kind != VALUE_DECIMAL)
		return real_to_integer(c, real, ret);
	if (isnan(real) || isinf(real))
		return refuse(c, "A number does not fit the type.", ret);
	/* A float is widened first, with all its digits. */
	d = decimal_of_double(real);
	if (!decimal_is_certain(&d, false))
		return node_differs(c->run,
		    "Versions of Java write this number in different ways.");
	return give_decimal(c, &d, ret);
}

static enum eval_outcome
from_time(const struct cast *c, struct value *ret)
{
	int64_t n = c->from->integer;
	double seconds = (double)n / (double)MICROS_PER_SECOND;
	struct long_decimal d = decimal_of(n, 6);

	if (c->type.kind == VALUE_DATE)
		return give(c,
		    (struct value){.integer = floor_div(n, MICROS_PER_DAY)},
		    ret);
	if (is_time(c->type.kind))
		return give(c, *c->from, ret);
	if (c->type.kind == VALUE_DECIMAL)
		return give_decimal(c, &d, ret);
	if (c->type.kind == VALUE_DOUBLE)
		return give(c, (struct value){.real = seconds}, ret);
	if (c->type.kind == VALUE_FLOAT)
		return give(c, (struct value){.real = (double)(float)seconds},
		    ret);
	return give_integer(c, floor_div(n, MICROS_PER_SECOND), ret);
}

static enum eval_outcome
from_date(const struct cast *c, struct value *ret)
{
	int64_t n;

	if (__builtin_mul_overflow(c->from->integer, MICROS_PER_DAY, &n))
		return node_differs(c->run, "A timestamp is out of range.");
	return give(c, (struct value){.integer = n}, ret);
}

static enum eval_outcome
nested(const struct cast *c, struct value *ret)
{
	const struct value *v = c->from;
	struct value *item = arena_array(c->run->arena, struct value,
	    v->list.n);
	size_t i;

	for (i = 0; i < v->list.n; i++) {
		struct value_type type =
		    c->type
		        .field[v->type.kind == VALUE_ARRAY  ? 0
		                : v->type.kind == VALUE_MAP ? i % 2
		                                            : i]
		        .type;
		enum eval_outcome o = cast_value(c->run, &v->list.v[i], type,
		    c->is_try, &item[i]);

		if (o != EVAL_VALUE)
			return o;
	}
	return give(c, (struct value){.list = {item, v->list.n}}, ret);
}

enum eval_outcome
cast_value(struct run *r, const struct value *v, struct value_type type,
    bool is_try, struct value *ret)
{
	struct cast c = {r, v, type, is_try};
	enum value_kind from = v->type.kind;

	if (v->is_null || from == VALUE_VOID) {
		*ret = value_null(type);
		return EVAL_VALUE;
	}
	if (value_type_eq(v->type, type) || from == VALUE_MONTHS ||
	    from == VALUE_MICROS) {
		if (type.kind == VALUE_STRING && from != VALUE_STRING)
			return to_text(&c, ret);
		return give(&c, *v, ret);
	}
	if (from == VALUE_STRING)
		return from_text(&c, ret);
	if (type.kind == VALUE_STRING)
		return to_text(&c, ret);
	if (from >= VALUE_ARRAY)
		return nested(&c, ret);
	if (from == VALUE_DATE)
		return from_date(&c, ret);
	if (is_time(from))
		return from_time(&c, ret);
	if (type.kind == VALUE_TIMESTAMP)
		return number_to_time(&c, ret);
	if (from == VALUE_BOOLEAN)
		return integer_to_number(&c, v->boolean ? 1 : 0, ret);
	if (from == VALUE_DECIMAL)
		return decimal_to_number(&c, ret);
	if (value_is_integral(from))
		return integer_to_number(&c, v->integer, ret);
	return real_to_number(&c, ret);
}

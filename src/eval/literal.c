#include "base/base.h"

#include "eval/bind.h"

#include "eval/calendar.h"
#include "eval/cast.h"
#include "eval/decimal.h"
#include "eval/interval.h"

#include <string.h>

static struct node *
whole_number(struct bind *b, const struct long_decimal *d)
{
	int64_t n;

	if (!decimal_whole(d, &n)) {
		int128 unscaled;
		struct value_type type = value_type_decimal((unsigned)d->n, 0);

		if (d->n > DECIMAL_DIGITS || !decimal_fit(d, type, &unscaled))
			return bind_fail(b, EVAL_UNKNOWN,
			    "A number has too many digits.");
		return bind_constant(b, value_decimal(type, unscaled));
	}
	return bind_constant(b,
	    value_integer(n >= INT32_MIN && n <= INT32_MAX ? VALUE_INT
	                                                   : VALUE_BIGINT,
	        n));
}

/* 1.50 is a decimal(3,2), 0.05 a decimal(2,2). */
static struct node *
exact_number(struct bind *b, const struct long_decimal *d)
{
	int digits = d->n > d->scale ? d->n : d->scale;
	struct value_type type;
	int128 unscaled;

	if (d->scale < 0 || digits > DECIMAL_DIGITS)
		return bind_fail(b, EVAL_UNKNOWN,
		    "The type of a number is not known.");
	type = value_type_decimal((unsigned)(digits > 0 ? digits : 1),
	    (unsigned)d->scale);
	if (!decimal_fit(d, type, &unscaled))
		return bind_fail(b, EVAL_UNKNOWN, "A number is too long.");
	return bind_constant(b, value_decimal(type, unscaled));
}

static struct node *
typed_number(struct bind *b, const struct long_decimal *d, char suffix)
{
	static const struct {
		char suffix;
		enum value_kind kind;
	} kinds[] = {
	    {'y', VALUE_TINYINT}, {'s', VALUE_SMALLINT}, {'l', VALUE_BIGINT}};
	double real = decimal_double(d);
	int64_t n;
	size_t i;

	if (suffix == 'd')
		return bind_constant(b, value_real(VALUE_DOUBLE, real));
	if (suffix == 'f') {
		/* Rounding by way of a double is once too often for some. */
		if (d->n > 6)
			return bind_fail(b, EVAL_UNKNOWN,
			    "A FLOAT of so many digits is not known.");
		return bind_constant(b,
		    value_real(VALUE_FLOAT, (double)(float)real));
	}
	for (i = 0; i < COUNT_OF(kinds); i++) {
		if (kinds[i].suffix == suffix && decimal_whole(d, &n))
			return bind_constant(b,
			    value_integer(kinds[i].kind, n));
	}
	return bind_fail(b, EVAL_UNKNOWN, "The form of a number is not known.");
}

static struct node *
number(struct bind *b, const char *text, bool negative)
{
	struct slice s = slice_of(text);
	struct long_decimal d;
	char suffix = '\0';
	bool exact = false;

	if (s.n > 1 && chr_is_alpha(s.p[s.n - 1])) {
		suffix = chr_lower(s.p[--s.n]);
		if (suffix == 'd' && chr_lower(s.p[s.n - 1]) == 'b') {
			exact = true;
			s.n--;
		}
	}
	if (!decimal_parse(s, &d))
		return bind_fail(b, EVAL_UNKNOWN, "The number %s is not known.",
		    text);
	d.negative = d.n > 0 && d.negative != negative;
	if (exact)
		return exact_number(b, &d);
	if (suffix)
		return typed_number(b, &d, suffix);
	if (memchr(s.p, 'e', s.n) || memchr(s.p, 'E', s.n))
		return typed_number(b, &d, 'd');
	if (memchr(s.p, '.', s.n))
		return exact_number(b, &d);
	return whole_number(b, &d);
}

/* X'C3A9' */
static struct node *
bytes(struct bind *b, const char *hex)
{
	size_t n = strlen(hex);
	char *p = arena_alloc(b->arena, n / 2 + 2);
	struct value v;
	size_t at = 0;
	size_t i = 0;

	/* An odd digit in front stands alone. */
	if (n % 2 == 1)
		p[at++] = (char)chr_hex(hex[i++]);
	for (; i < n; i += 2)
		p[at++] = (char)(chr_hex(hex[i]) * 16 + chr_hex(hex[i + 1]));
	v = value_text((struct slice){p, at});
	v.type = value_type_of(VALUE_BINARY);
	return bind_constant(b, v);
}

static struct node *
typed(struct bind *b, const struct expr *e)
{
	struct slice text = slice_of(e->value);
	int64_t n = 0;
	bool zone;

	if (str_eq(e->op, "x"))
		return bytes(b, e->value);
	if (str_eq(e->op, "date") && cast_to_date(text, &n) == CAST_GOOD)
		return bind_constant(b, value_integer(VALUE_DATE, n));
	if (str_eq(e->op, "interval"))
		return bind_interval(b, e);
	if (str_eq(e->op, "timestamp") &&
	    cast_to_time(text, &n, &zone) == CAST_GOOD)
		return bind_constant(b, value_integer(VALUE_TIMESTAMP, n));
	if (str_eq(e->op, "timestamp_ntz") &&
	    cast_to_time(text, &n, &zone) == CAST_GOOD && !zone)
		return bind_constant(b, value_integer(VALUE_TIMESTAMP_NTZ, n));
	return bind_fail(b, EVAL_UNKNOWN, "The literal %s '%s' is not known.",
	    e->op, e->value);
}

struct node *
bind_literal(struct bind *b, const struct expr *e, bool negative)
{
	switch (e->literal) {
	case LITERAL_NULL:
		return bind_constant(b, value_null(value_type_of(VALUE_VOID)));
	case LITERAL_BOOLEAN:
		return bind_constant(b,
		    value_boolean(str_ieq(e->value, "true")));
	case LITERAL_NUMBER:
		return number(b, e->value, negative);
	case LITERAL_STRING:
		return bind_constant(b, value_string(e->value));
	case LITERAL_TYPED:
		break;
	}
	return typed(b, e);
}

struct node *
bind_interval(struct bind *b, const struct expr *e)
{
	struct value v;

	if (!interval_parse(slice_of(e->value), &v))
		return bind_fail(b, EVAL_UNKNOWN, "INTERVAL %s is not known.",
		    e->value);
	return bind_constant(b, v);
}

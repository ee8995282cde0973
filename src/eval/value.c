#include "base/base.h"

#include "eval/value.h"

#include "base/buf.h"
#include "eval/calendar.h"
#include "eval/decimal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MAX_TEXT ((size_t)16 * 1024 * 1024)

bool
value_is_integral(enum value_kind kind)
{
	return kind >= VALUE_TINYINT && kind <= VALUE_BIGINT;
}

bool
value_is_numeric(enum value_kind kind)
{
	return kind >= VALUE_TINYINT && kind <= VALUE_DOUBLE;
}

bool
value_fits(enum value_kind kind, int64_t n)
{
	if (kind == VALUE_TINYINT)
		return n >= INT8_MIN && n <= INT8_MAX;
	if (kind == VALUE_SMALLINT)
		return n >= INT16_MIN && n <= INT16_MAX;
	if (kind == VALUE_INT || kind == VALUE_DATE || kind == VALUE_MONTHS)
		return n >= INT32_MIN && n <= INT32_MAX;
	return true;
}

struct value
value_null(struct value_type type)
{
	return (struct value){.type = type, .is_null = true};
}

struct value
value_boolean(bool b)
{
	return (struct value){
	    .type = value_type_of(VALUE_BOOLEAN), .boolean = b};
}

struct value
value_integer(enum value_kind kind, int64_t n)
{
	return (struct value){.type = value_type_of(kind), .integer = n};
}

struct value
value_real(enum value_kind kind, double d)
{
	return (struct value){.type = value_type_of(kind), .real = d};
}

struct value
value_decimal(struct value_type type, int128 unscaled)
{
	return (struct value){.type = type, .decimal = unscaled};
}

struct value
value_text(struct slice s)
{
	return (struct value){.type = value_type_of(VALUE_STRING), .text = s};
}

struct value
value_string(const char *s)
{
	return value_text(slice_of(s));
}

/* Java's form: 12.0, 0.001, 1.0E7, 1.2E-4. */
static void
add_real(struct buf *b, double value, bool is_float)
{
	struct long_decimal d;
	int exponent;
	int i;

	if (isnan(value) || isinf(value)) {
		buf_add_str(b,
		    isnan(value)    ? "NaN"
		        : value < 0 ? "-Infinity"
		                    : "Infinity");
		return;
	}
	if (signbit(value))
		buf_add_chr(b, '-');
	d = is_float ? decimal_of_float((float)value)
	             : decimal_of_double(value);
	exponent = d.n > 0 ? d.n - d.scale : 1;
	if (exponent > -3 && exponent <= 7) {
		if (exponent <= 0)
			buf_add_str(b, "0.");
		for (i = exponent < 0 ? exponent : 0; i < d.n || i < exponent;
		     i++) {
			if (i > 0 && i == exponent)
				buf_add_chr(b, '.');
			buf_add_chr(b,
			    i < 0 || i >= d.n ? '0' : (char)('0' + d.digit[i]));
		}
		if (d.n <= exponent)
			buf_add_str(b, ".0");
		return;
	}
	buf_printf(b, "%d.", d.digit[0]);
	for (i = 1; i < d.n; i++)
		buf_add_chr(b, (char)('0' + d.digit[i]));
	buf_printf(b, "%sE%d", d.n == 1 ? "0" : "", exponent - 1);
}

bool
value_format_is_certain(const struct value *v)
{
	struct long_decimal d;
	size_t i;

	if (v->is_null)
		return true;
	if (v->type.kind >= VALUE_ARRAY) {
		for (i = 0; i < v->list.n; i++) {
			if (!value_format_is_certain(&v->list.v[i]))
				return false;
		}
		return true;
	}
	if (v->type.kind == VALUE_DECIMAL) {
		d = decimal_of(v->decimal, v->type.scale);
		return (d.n > 0 ? d.n : 1) - 1 - v->type.scale >= -6;
	}
	if (v->type.kind != VALUE_DOUBLE && v->type.kind != VALUE_FLOAT)
		return true;
	if (isnan(v->real) || isinf(v->real) || v->real == 0)
		return true;
	d = v->type.kind == VALUE_FLOAT ? decimal_of_float((float)v->real)
	                                : decimal_of_double(v->real);
	return decimal_is_certain(&d, v->type.kind == VALUE_FLOAT);
}

/* INTERVAL '1 02:03:04.5' DAY TO SECOND: units from first to last. */
static void
add_interval(struct buf *b, const struct value *v)
{
	static const char *const months[] = {"YEAR", "MONTH"};
	static const char *const micros[] = {"DAY", "HOUR", "MINUTE", "SECOND"};
	static const int64_t size[] = {MICROS_PER_DAY, MICROS_PER_HOUR,
	    MICROS_PER_MINUTE, MICROS_PER_SECOND};
	bool is_months = v->type.kind == VALUE_MONTHS;
	const char *const *unit = is_months ? months : micros;
	int first = v->type.precision;
	int last = v->type.scale;
	uint64_t rest = v->integer < 0 ? -(uint64_t)v->integer
	                               : (uint64_t)v->integer;
	int i;

	buf_printf(b, "INTERVAL '%s", v->integer < 0 ? "-" : "");
	for (i = first; i <= last; i++) {
		uint64_t n = is_months ? (i == 0 ? 12 : 1) : (uint64_t)size[i];

		if (i > first)
			buf_add_chr(b, is_months ? '-' : i == 1 ? ' ' : ':');
		buf_printf(b, i > 0 && !is_months ? "%02" PRIu64 : "%" PRIu64,
		    rest / n);
		rest %= n;
	}
	if (!is_months && last == 3 && rest > 0) {
		char text[16];
		int n = snprintf(text, sizeof(text), ".%06" PRIu64, rest);

		while (text[n - 1] == '0')
			n--;
		buf_add(b, text, (size_t)n);
	}
	buf_printf(b, "' %s", unit[first]);
	if (last != first)
		buf_printf(b, " TO %s", unit[last]);
}

static void add_value(struct buf *b, const struct value *v);

static void
add_within(struct buf *b, const struct value *v)
{
	if (v->is_null)
		buf_add_str(b, "null");
	else
		add_value(b, v);
}

static void
add_list(struct buf *b, const struct value *v)
{
	bool map = v->type.kind == VALUE_MAP;
	bool array = v->type.kind == VALUE_ARRAY;
	size_t i;

	buf_add_chr(b, array ? '[' : '{');
	for (i = 0; i < v->list.n; i++) {
		if (i > 0)
			buf_add_str(b, map && i % 2 == 1 ? " -> " : ", ");
		add_within(b, &v->list.v[i]);
	}
	buf_add_chr(b, array ? ']' : '}');
}

static void
add_value(struct buf *b, const struct value *v)
{
	struct long_decimal d;

	switch (v->type.kind) {
	case VALUE_VOID:
		break;
	case VALUE_BOOLEAN:
		buf_add_str(b, v->boolean ? "true" : "false");
		break;
	case VALUE_TINYINT:
	case VALUE_SMALLINT:
	case VALUE_INT:
	case VALUE_BIGINT:
		buf_add_int(b, v->integer);
		break;
	case VALUE_DECIMAL:
		d = decimal_of(v->decimal, v->type.scale);
		buf_add_str(b, decimal_text(b->arena, &d));
		break;
	case VALUE_FLOAT:
	case VALUE_DOUBLE:
		add_real(b, v->real, v->type.kind == VALUE_FLOAT);
		break;
	case VALUE_STRING:
	case VALUE_BINARY:
		buf_add_slice(b, v->text);
		break;
	case VALUE_DATE:
		buf_add_str(b, date_text(b->arena, v->integer));
		break;
	case VALUE_TIMESTAMP:
	case VALUE_TIMESTAMP_NTZ:
		buf_add_str(b, time_text(b->arena, v->integer));
		break;
	case VALUE_MONTHS:
	case VALUE_MICROS:
		add_interval(b, v);
		break;
	case VALUE_ARRAY:
	case VALUE_MAP:
	case VALUE_STRUCT:
		add_list(b, v);
		break;
	}
}

const char *
value_format(struct arena *a, const struct value *v)
{
	struct buf b;

	if (v->is_null)
		return "NULL";
	buf_init(&b, a, MAX_TEXT);
	add_value(&b, v);
	return buf_str(&b);
}

static int
compare_reals(double a, double b)
{
	if (isnan(a) || isnan(b))
		return (isnan(a) ? 1 : 0) - (isnan(b) ? 1 : 0);
	return a < b ? -1 : a > b;
}

static int
compare_texts(struct slice a, struct slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n > 0 ? memcmp(a.p, b.p, n) : 0;

	if (order == 0)
		return a.n < b.n ? -1 : a.n > b.n;
	return order;
}

static int
compare_lists(struct value_list a, struct value_list b)
{
	size_t i;

	for (i = 0; i < a.n && i < b.n; i++) {
		int order = value_compare(&a.v[i], &b.v[i]);

		if (order != 0)
			return order;
	}
	return a.n < b.n ? -1 : a.n > b.n;
}

static int
compare_decimals(const struct value *a, const struct value *b)
{
	struct long_decimal x;
	struct long_decimal y;

	if (a->type.scale == b->type.scale)
		return a->decimal < b->decimal ? -1 : a->decimal > b->decimal;
	x = decimal_of(a->decimal, a->type.scale);
	y = decimal_of(b->decimal, b->type.scale);
	return decimal_compare(&x, &y);
}

int
value_compare(const struct value *a, const struct value *b)
{
	if (a->is_null || b->is_null)
		return (a->is_null ? 0 : 1) - (b->is_null ? 0 : 1);
	switch (a->type.kind) {
	case VALUE_VOID:
		return 0;
	case VALUE_BOOLEAN:
		return (a->boolean ? 1 : 0) - (b->boolean ? 1 : 0);
	case VALUE_DECIMAL:
		return compare_decimals(a, b);
	case VALUE_FLOAT:
	case VALUE_DOUBLE:
		return compare_reals(a->real, b->real);
	case VALUE_STRING:
	case VALUE_BINARY:
		return compare_texts(a->text, b->text);
	case VALUE_ARRAY:
	case VALUE_MAP:
	case VALUE_STRUCT:
		return compare_lists(a->list, b->list);
	case VALUE_TINYINT:
	case VALUE_SMALLINT:
	case VALUE_INT:
	case VALUE_BIGINT:
	case VALUE_DATE:
	case VALUE_TIMESTAMP:
	case VALUE_TIMESTAMP_NTZ:
	case VALUE_MONTHS:
	case VALUE_MICROS:
		break;
	}
	return a->integer < b->integer ? -1 : a->integer > b->integer;
}

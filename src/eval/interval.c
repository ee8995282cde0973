#include "base/base.h"

#include "eval/interval.h"

#include "eval/calendar.h"
#include "eval/coerce.h"
#include "eval/decimal.h"

#include <string.h>

struct unit {
	const char *name;
	enum value_kind kind; /* months or microseconds */
	int64_t size;
	unsigned char field; /* of struct value_type */
};

static const struct unit units[] = {
    {"year", VALUE_MONTHS, 12, 0},
    {"quarter", VALUE_MONTHS, 3, 1},
    {"month", VALUE_MONTHS, 1, 1},
    {"week", VALUE_MICROS, 7 * MICROS_PER_DAY, 0},
    {"dayofyear", VALUE_MICROS, MICROS_PER_DAY, 0},
    {"day", VALUE_MICROS, MICROS_PER_DAY, 0},
    {"hour", VALUE_MICROS, MICROS_PER_HOUR, 1},
    {"minute", VALUE_MICROS, MICROS_PER_MINUTE, 2},
    {"second", VALUE_MICROS, MICROS_PER_SECOND, 3},
    {"millisecond", VALUE_MICROS, 1000, 3},
    {"microsecond", VALUE_MICROS, 1, 3},
};

/* Singular or plural. */
static const struct unit *
unit_find(struct slice word)
{
	size_t i;

	for (i = 0; i < COUNT_OF(units); i++) {
		if (slice_ieq(word, units[i].name) ||
		    (word.n > 0 && chr_lower(word.p[word.n - 1]) == 's' &&
		        slice_ieq((struct slice){word.p, word.n - 1},
		            units[i].name)))
			return &units[i];
	}
	return NULL;
}

static struct slice
take_word(struct slice *s)
{
	struct slice word;

	while (s->n > 0 && chr_is_space(*s->p))
		*s = (struct slice){s->p + 1, s->n - 1};
	word = (struct slice){s->p, 0};
	while (word.n < s->n && !chr_is_space(s->p[word.n]))
		word.n++;
	*s = (struct slice){s->p + word.n, s->n - word.n};
	return word;
}

/* A number of units as microseconds or months; only seconds have fractions. */
static bool
amount(struct slice number, const struct unit *unit, int64_t *ret)
{
	struct long_decimal d;
	struct long_decimal size = decimal_of(unit->size, 0);

	if (!decimal_parse(number, &d) || d.n > 19 || d.scale > 6 ||
	    (d.scale > 0 && unit->size != MICROS_PER_SECOND))
		return false;
	d = decimal_multiply(&d, &size);
	return decimal_whole(&d, ret);
}

static bool
is_special(struct slice words)
{
	struct slice rest = words;

	while (rest.n > 0) {
		if (slice_ieq(take_word(&rest), "to"))
			return true;
	}
	return false;
}

/* 1-2 year to month; 1 02:03:04.5 day to second, and parts of it. */
static bool
parse_to(struct slice words, struct value *ret)
{
	static const char separators[] = " ::";
	bool negative = words.n > 0 && *words.p == '-';
	struct slice rest = words;
	const struct unit *from = NULL;
	const struct unit *to = NULL;
	struct slice value;
	int64_t sum = 0;
	size_t field;
	size_t i;

	if (negative || (words.n > 0 && *words.p == '+'))
		words = (struct slice){words.p + 1, words.n - 1};
	while (rest.n > 0) {
		struct slice word = take_word(&rest);

		if (unit_find(word) && !from)
			from = unit_find(word);
		else if (unit_find(word))
			to = unit_find(word);
	}
	if (!from || !to || from->kind != to->kind)
		return false;
	value = words;
	for (field = from->field; field <= to->field; field++) {
		const struct unit *unit = NULL;
		struct slice number = {value.p, 0};
		int64_t part;

		for (i = 0; i < COUNT_OF(units); i++) {
			if (units[i].kind == from->kind &&
			    units[i].field == field &&
			    units[i].size <= (unit ? unit->size : INT64_MAX) &&
			    (units[i].size >= MICROS_PER_SECOND ||
			        from->kind == VALUE_MONTHS))
				unit = &units[i];
		}
		while (number.n < value.n &&
		    (chr_is_digit(value.p[number.n]) ||
		        value.p[number.n] == '.'))
			number.n++;
		if (!unit || !amount(number, unit, &part) ||
		    __builtin_add_overflow(sum, part, &sum))
			return false;
		value = (struct slice){value.p + number.n, value.n - number.n};
		if (field == to->field)
			break;
		if (value.n == 0 ||
		    *value.p !=
		        (from->kind == VALUE_MONTHS ? '-' : separators[field]))
			return false;
		value = (struct slice){value.p + 1, value.n - 1};
	}
	*ret = value_integer(from->kind,
	    negative && sum > INT64_MIN ? -sum : sum);
	ret->type.precision = from->field;
	ret->type.scale = to->field;
	return value.n == 0 || chr_is_space(*value.p);
}

bool
interval_parse(struct slice words, struct value *ret)
{
	struct slice rest = slice_trim(words);
	int64_t sum = 0;
	bool first = true;

	if (is_special(rest))
		return parse_to(rest, ret);
	*ret = (struct value){0};
	while (rest.n > 0) {
		struct slice number = take_word(&rest);
		const struct unit *unit = unit_find(take_word(&rest));
		int64_t part;

		if (!unit || (!first && unit->kind != ret->type.kind) ||
		    !amount(number, unit, &part) ||
		    __builtin_add_overflow(sum, part, &sum))
			return false;
		if (first)
			ret->type = (struct value_type){.kind = unit->kind,
			    .precision = unit->field,
			    .scale = unit->field};
		if (unit->field < ret->type.precision)
			ret->type.precision = unit->field;
		if (unit->field > ret->type.scale)
			ret->type.scale = unit->field;
		first = false;
		rest = slice_trim(rest);
	}
	ret->integer = sum;
	return !first && value_fits(ret->type.kind, sum);
}

static bool
is_interval(enum value_kind kind)
{
	return kind == VALUE_MONTHS || kind == VALUE_MICROS;
}

static bool
is_time(enum value_kind kind)
{
	return kind == VALUE_TIMESTAMP || kind == VALUE_TIMESTAMP_NTZ;
}

bool
interval_concerns(struct value_type left, struct value_type right)
{
	return left.kind == VALUE_DATE || right.kind == VALUE_DATE ||
	    is_time(left.kind) || is_time(right.kind) ||
	    is_interval(left.kind) || is_interval(right.kind);
}

static const char overflow[] = "A date or time overflows.";

/* n->index: minus. A date and whole days, or months. */
static enum eval_outcome
run_date(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	int64_t by = arg[1].integer;
	int64_t days = arg[0].integer;

	if (arg[1].type.kind == VALUE_MICROS)
		by /= MICROS_PER_DAY;
	by = n->index == 1 ? -by : by;
	if (arg[1].type.kind == VALUE_MONTHS)
		days = date_days(date_add_months(date_of(days), by));
	else
		days += by;
	if (!value_fits(VALUE_DATE, days))
		return node_differs(r, overflow);
	*ret = value_integer(VALUE_DATE, days);
	return EVAL_VALUE;
}

static bool
add_months(int64_t micros, int64_t months, int64_t *ret)
{
	struct time t = time_of(micros);

	t.date = date_add_months(t.date, months);
	/* Years of six digits are as far as microseconds reach. */
	if (t.date.year > 290000 || t.date.year < -290000)
		return false;
	*ret = time_micros(&t);
	return true;
}

static enum eval_outcome
run_time(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	int64_t by = arg[1].integer;
	int64_t micros;
	bool fine;

	if (n->index == 1 && __builtin_sub_overflow((int64_t)0, by, &by))
		return node_differs(r, overflow);
	if (arg[1].type.kind == VALUE_MONTHS)
		fine = add_months(arg[0].integer, by, &micros);
	else
		fine = !__builtin_add_overflow(arg[0].integer, by, &micros);
	if (!fine)
		return node_differs(r, overflow);
	*ret = value_integer(n->type.kind, micros);
	return EVAL_VALUE;
}

static enum eval_outcome
run_difference(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	int64_t difference;

	if (__builtin_sub_overflow(arg[0].integer, arg[1].integer, &difference))
		return node_differs(r, overflow);
	if (arg[0].type.kind == VALUE_DATE &&
	    __builtin_mul_overflow(difference, MICROS_PER_DAY, &difference))
		return node_differs(r, overflow);
	*ret = value_integer(VALUE_MICROS, difference);
	ret->type = n->type;
	return EVAL_VALUE;
}

/* date - date is an interval of days, of timestamps one of all units. */
static struct node *
bind_difference(struct bind *b, const struct node *left,
    const struct node *right)
{
	struct value_type type = value_type_of(VALUE_MICROS);
	struct value_type common;
	const struct node *l;
	const struct node *r;

	if (!coerce_tightest(b, left->type, right->type, &common))
		return bind_fail(b, EVAL_UNKNOWN,
		    "The difference of %s and %s is not known.",
		    value_type_text(b->arena, left->type),
		    value_type_text(b->arena, right->type));
	type.scale = common.kind == VALUE_DATE ? 0 : 3;
	l = coerce_cast(b, left, common);
	r = coerce_cast(b, right, common);
	return l && r ? bind_two(b, type, run_difference, l, r) : NULL;
}

static struct node *
bind_moved(struct bind *b, bool minus, const struct node *left,
    const struct node *right)
{
	const struct node *when = left;
	const struct node *by = right;
	struct node *n;

	if (when->type.kind == VALUE_DATE &&
	    (value_is_integral(by->type.kind) ||
	        by->type.kind == VALUE_MONTHS ||
	        (by->type.kind == VALUE_MICROS && by->type.scale == 0))) {
		if (value_is_integral(by->type.kind))
			by = coerce_implicit(b, by, value_type_of(VALUE_INT));
		if (!by)
			return NULL;
		n = bind_two(b, when->type, run_date, when, by);
		n->index = minus ? 1 : 0;
		return n;
	}
	if (when->type.kind == VALUE_DATE)
		when = coerce_cast(b, when, value_type_of(VALUE_TIMESTAMP));
	if (!when || !is_time(when->type.kind) || !is_interval(by->type.kind))
		return bind_fail(b, EVAL_UNKNOWN,
		    "%s plus or minus %s is not known.",
		    value_type_text(b->arena, left->type),
		    value_type_text(b->arena, right->type));
	n = bind_two(b, when->type, run_time, when, by);
	n->index = minus ? 1 : 0;
	return n;
}

/* Text is a timestamp here, and becomes text again. */
static struct node *
bind_moved_text(struct bind *b, bool minus, const struct node *left,
    const struct node *right)
{
	const struct node *when = coerce_cast(b, left,
	    value_type_of(VALUE_TIMESTAMP));
	struct node *moved = when ? bind_moved(b, minus, when, right) : NULL;
	const struct node *text = moved ? coerce_cast(b, moved, left->type)
	                                : NULL;

	return text ? arena_memdup(b->arena, text, sizeof(*text)) : NULL;
}

struct node *
bind_date_arithmetic(struct bind *b, bool minus, const struct node *left,
    const struct node *right)
{
	bool left_when = left->type.kind == VALUE_DATE ||
	    is_time(left->type.kind);
	bool right_when = right->type.kind == VALUE_DATE ||
	    is_time(right->type.kind);

	if (left_when && right_when && minus)
		return bind_difference(b, left, right);
	if (left_when && !right_when)
		return bind_moved(b, minus, left, right);
	if (right_when && !left_when && !minus)
		return bind_moved(b, false, right, left);
	if (left->type.kind == VALUE_STRING && is_interval(right->type.kind))
		return bind_moved_text(b, minus, left, right);
	return bind_fail(b, EVAL_UNKNOWN, "%s and %s cannot be added here.",
	    value_type_text(b->arena, left->type),
	    value_type_text(b->arena, right->type));
}

static enum eval_outcome
run_multiple(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	int64_t product;

	if (__builtin_mul_overflow(arg[0].integer, arg[1].integer, &product) ||
	    !value_fits(n->type.kind, product))
		return node_differs(r, overflow);
	*ret = value_integer(n->type.kind, product);
	ret->type = n->type;
	return EVAL_VALUE;
}

struct node *
bind_interval_multiple(struct bind *b, const struct node *left,
    const struct node *right)
{
	bool first = is_interval(left->type.kind);
	const struct node *interval = first ? left : right;
	const struct node *number = first ? right : left;
	struct value_type type = interval->type;

	if (!is_interval(type.kind) || !value_is_integral(number->type.kind))
		return bind_fail(b, EVAL_UNKNOWN, "%s times %s is not known.",
		    value_type_text(b->arena, left->type),
		    value_type_text(b->arena, right->type));
	type.precision = 0;
	type.scale = type.kind == VALUE_MONTHS ? 1 : 3;
	return bind_two(b, type, run_multiple, interval, number);
}

bool
interval_add_unit(const char *unit, int64_t n, int64_t micros, int64_t *ret)
{
	const struct unit *u = unit_find(slice_of(unit));
	int64_t by;

	if (!u || __builtin_mul_overflow(n, u->size, &by))
		return false;
	if (u->kind == VALUE_MONTHS)
		return value_fits(VALUE_INT, by) && add_months(micros, by, ret);
	return !__builtin_add_overflow(micros, by, ret);
}

/* Whole months: the last one counts when its day and time are reached. */
static int64_t
whole_months(int64_t from, int64_t to)
{
	struct time a = time_of(from);
	struct time b = time_of(to);
	int64_t months = (b.date.year - a.date.year) * 12 + b.date.month -
	    a.date.month;
	int64_t rest_a = a.date.day * MICROS_PER_DAY +
	    floor_mod(from, MICROS_PER_DAY);
	int64_t rest_b = b.date.day * MICROS_PER_DAY +
	    floor_mod(to, MICROS_PER_DAY);

	if (months > 0 && rest_b < rest_a)
		months--;
	else if (months < 0 && rest_b > rest_a)
		months++;
	return months;
}

bool
interval_whole_units(const char *unit, int64_t from, int64_t to, int64_t *ret)
{
	const struct unit *u = unit_find(slice_of(unit));
	int64_t difference;

	if (!u || str_eq(unit, "dayofyear") ||
	    __builtin_sub_overflow(to, from, &difference))
		return false;
	if (u->kind == VALUE_MONTHS)
		*ret = whole_months(from, to) / u->size;
	else
		*ret = difference / u->size;
	return true;
}

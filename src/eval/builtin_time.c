#include "base/base.h"

#include "eval/builtin.h"

#include "eval/calendar.h"
#include "eval/cast.h"
#include "eval/coerce.h"
#include "eval/time_pattern.h"
#include "eval/zone.h"

static const char overflow[] = "A date or time overflows.";
static const char pattern_unknown[] = "The datetime pattern is not known here.";

/* Text by a pattern, as a timestamp or a date. */
static enum eval_outcome
run_read(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	int64_t micros;

	switch (time_pattern_read(arg[1].text, arg[0].text, &micros)) {
	case TIME_PATTERN_UNKNOWN:
		return node_unknown(r, pattern_unknown);
	case TIME_PATTERN_BAD:
		return node_differs(r,
		    "The text does not follow the datetime pattern.");
	case TIME_PATTERN_GOOD:
		break;
	}
	*ret = value_integer(n->type.kind, micros);
	if (n->type.kind == VALUE_DATE)
		ret->integer = floor_div(micros, MICROS_PER_DAY);
	else if (n->type.kind == VALUE_BIGINT)
		ret->integer = micros / MICROS_PER_SECOND;
	return EVAL_VALUE;
}

static struct node *
copy_of(struct bind *b, const struct node *n)
{
	return n ? arena_memdup(b->arena, n, sizeof(*n)) : NULL;
}

/* to_date(x[, pattern]) and to_timestamp(): f->index is the type. */
static struct node *
bind_read(struct bind *b, const struct builtin *f, const struct expr *e UNUSED,
    const struct node **arg, size_t n)
{
	struct value_type type = value_type_of((enum value_kind)f->index);

	if (n != 1 && n != 2)
		return bind_wrong_count(b, f, n);
	if (arg[0]->type.kind != VALUE_STRING &&
	    arg[0]->type.kind != VALUE_DATE &&
	    arg[0]->type.kind != VALUE_TIMESTAMP &&
	    arg[0]->type.kind != VALUE_TIMESTAMP_NTZ &&
	    arg[0]->type.kind != VALUE_VOID)
		return bind_fail(b, EVAL_UNKNOWN, "%s() of %s is not known.",
		    f->name, value_type_text(b->arena, arg[0]->type));
	if (n == 1 || arg[0]->type.kind != VALUE_STRING)
		return copy_of(b, coerce_cast(b, arg[0], type));
	if (arg[1]->type.kind != VALUE_STRING)
		return bind_fail(b, EVAL_UNKNOWN,
		    "The pattern of %s() is no text.", f->name);
	return bind_two(b, type, run_read, arg[0], arg[1]);
}

static struct node *
bind_try_read(struct bind *b, const struct builtin *f,
    const struct expr *e UNUSED, const struct node **arg, size_t n)
{
	struct value_type type = value_type_of((enum value_kind)f->index);

	if (n == 1 && arg[0]->type.kind == VALUE_STRING)
		return copy_of(b, coerce_try_cast(b, arg[0], type));
	return bind_read(b, f, e, arg, n);
}

static enum eval_outcome
run_date_format(struct run *r, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	struct slice s;

	if (!time_pattern_write(r->arena, arg[1].text, arg[0].integer, &s))
		return node_unknown(r, pattern_unknown);
	*ret = value_text(s);
	return EVAL_VALUE;
}

static const char default_pattern[] = "yyyy-MM-dd HH:mm:ss";

/* from_unixtime(seconds[, pattern]) */
static enum eval_outcome
run_from_unixtime(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	struct slice pattern = n->n_args > 1 ? arg[1].text
	                                     : slice_of(default_pattern);
	struct slice s;
	int64_t micros;

	if (__builtin_mul_overflow(arg[0].integer, MICROS_PER_SECOND, &micros))
		return node_differs(r, overflow);
	if (!time_pattern_write(r->arena, pattern, micros, &s))
		return node_unknown(r, pattern_unknown);
	*ret = value_text(s);
	return EVAL_VALUE;
}

/* Microseconds in units of n->index, rounded down. */
static enum eval_outcome
run_unix(struct run *r UNUSED, const struct node *n, const struct value *arg,
    struct value *ret)
{
	*ret = value_integer(VALUE_BIGINT,
	    floor_div(arg[0].integer, (int64_t)n->index));
	return EVAL_VALUE;
}

/* unix_timestamp() cuts, towards zero. */
static enum eval_outcome
run_unix_cut(struct run *r UNUSED, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	*ret = value_integer(VALUE_BIGINT, arg[0].integer / MICROS_PER_SECOND);
	return EVAL_VALUE;
}

/* unix_timestamp(x[, pattern]): the pattern is for text alone. */
static struct node *
bind_unix_timestamp(struct bind *b, const struct builtin *f,
    const struct expr *e UNUSED, const struct node **arg, size_t n)
{
	struct value_type bigint = value_type_of(VALUE_BIGINT);
	const struct node *pattern;
	const struct node *when;

	if (n != 1 && n != 2)
		return bind_wrong_count(b, f, n);
	if (arg[0]->type.kind == VALUE_STRING) {
		pattern = n == 2
		    ? arg[1]
		    : bind_constant(b, value_string(default_pattern));
		if (pattern->type.kind != VALUE_STRING)
			return bind_fail(b, EVAL_UNKNOWN,
			    "The pattern of %s() is no text.", f->name);
		return bind_two(b, bigint, run_read, arg[0], pattern);
	}
	if (arg[0]->type.kind != VALUE_DATE &&
	    arg[0]->type.kind != VALUE_TIMESTAMP &&
	    arg[0]->type.kind != VALUE_TIMESTAMP_NTZ)
		return bind_fail(b, EVAL_UNKNOWN, "%s() of %s is not known.",
		    f->name, value_type_text(b->arena, arg[0]->type));
	when = coerce_cast(b, arg[0], value_type_of(VALUE_TIMESTAMP));
	return when ? bind_one(b, bigint, run_unix_cut, when) : NULL;
}

/* A whole number of units of n->index microseconds. */
static enum eval_outcome
run_timestamp(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	int64_t micros;

	if (__builtin_mul_overflow(arg[0].integer, (int64_t)n->index, &micros))
		return node_differs(r, overflow);
	*ret = value_integer(VALUE_TIMESTAMP, micros);
	return EVAL_VALUE;
}

static struct node *
bind_timestamp_seconds(struct bind *b, const struct builtin *f,
    const struct expr *e UNUSED, const struct node **arg, size_t n)
{
	if (n != 1 || !value_is_integral(arg[0]->type.kind))
		return bind_fail(b, EVAL_UNKNOWN,
		    "%s() of other than a whole number is not known.", f->name);
	return bind_signature(b, f, arg, n);
}

/* n->index: 1 back to UTC. */
static enum eval_outcome
run_zone(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	int64_t micros = 0;
	bool known = n->index == 1
	    ? zone_to_utc(arg[1].text, arg[0].integer, &micros)
	    : zone_from_utc(arg[1].text, arg[0].integer, &micros);

	if (!known)
		return node_unknown(r,
		    "The time zone, or its rules that year, are not known "
		    "here.");
	*ret = value_integer(VALUE_TIMESTAMP, micros);
	return EVAL_VALUE;
}

static const struct builtin table[] = {
    {.name = "to_date",
        .signature = "",
        .bind = bind_read,
        .index = VALUE_DATE},
    {"to_timestamp", "", NULL, bind_read, NODE_STRICT, VALUE_TIMESTAMP},
    {"try_to_timestamp", "", NULL, bind_try_read, NODE_STRICT, VALUE_TIMESTAMP},
    {.name = "date_format", .signature = "ts:s", .run = run_date_format},
    {.name = "from_unixtime", .signature = "l|s:s", .run = run_from_unixtime},
    {.name = "unix_timestamp", .signature = "", .bind = bind_unix_timestamp},
    {.name = "to_unix_timestamp", .signature = "", .bind = bind_unix_timestamp},
    {"unix_seconds", "t:l", run_unix, NULL, NODE_STRICT, MICROS_PER_SECOND},
    {"unix_millis", "t:l", run_unix, NULL, NODE_STRICT, 1000},
    {"timestamp_seconds", "l:t", run_timestamp, bind_timestamp_seconds,
        NODE_STRICT, MICROS_PER_SECOND},
    {"timestamp_millis", "l:t", run_timestamp, NULL, NODE_STRICT, 1000},
    {.name = "from_utc_timestamp", .signature = "ts:t", .run = run_zone},
    {"to_utc_timestamp", "ts:t", run_zone, NULL, NODE_STRICT, 1},
};

const struct builtins builtins_time = {table, COUNT_OF(table)};

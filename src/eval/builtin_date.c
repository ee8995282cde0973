#include "base/base.h"

#include "eval/builtin.h"

#include "eval/calendar.h"
#include "eval/coerce.h"
#include "eval/interval.h"

#include <math.h>
#include <strings.h>

static const char overflow[] = "A date or time overflows.";

static enum eval_outcome
give_date(struct run *r, int64_t days, struct value *ret)
{
	if (!value_fits(VALUE_DATE, days))
		return node_differs(r, overflow);
	*ret = value_integer(VALUE_DATE, days);
	return EVAL_VALUE;
}

/* n->index: 1 adds, 0 subtracts. */
static enum eval_outcome
run_date_add(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	int64_t by = arg[1].integer;

	return give_date(r, arg[0].integer + (n->index == 1 ? by : -by), ret);
}

static enum eval_outcome
run_datediff(struct run *r, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	int64_t days = arg[0].integer - arg[1].integer;

	if (!value_fits(VALUE_INT, days))
		return node_differs(r, overflow);
	*ret = value_integer(VALUE_INT, days);
	return EVAL_VALUE;
}

/* DATEADD(unit, n, time), always a timestamp. */
static enum eval_outcome
run_add_unit(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	int64_t micros;

	if (!interval_add_unit(n->data, arg[0].integer, arg[1].integer,
	        &micros))
		return node_differs(r, overflow);
	*ret = value_integer(n->type.kind, micros);
	return EVAL_VALUE;
}

static enum eval_outcome
run_diff_unit(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	int64_t units;

	if (!interval_whole_units(n->data, arg[0].integer, arg[1].integer,
	        &units))
		return node_unknown(r, "The unit of a difference.");
	*ret = value_integer(VALUE_BIGINT, units);
	return EVAL_VALUE;
}

static const struct builtin add_unit = {
    .name = "dateadd", .signature = "it:t", .run = run_add_unit};
static const struct builtin diff_unit = {
    .name = "datediff", .signature = "tt:l", .run = run_diff_unit};

/* The forms with a unit in front, and those without. f->index: the unit form's
 * is a difference. */
static struct node *
bind_with_unit(struct bind *b, const struct builtin *f, const struct expr *e,
    const struct node **arg UNUSED, size_t n UNUSED)
{
	const char *unit = e->n_args == 3 ? expr_unit(e->arg[0]) : NULL;
	const struct node **args = unit
	    ? bind_args(b, e->arg + 1, e->n_args - 1)
	    : bind_args(b, e->arg, e->n_args);
	struct builtin plain = *f;
	struct node *made;

	if (!args)
		return NULL;
	if (!unit && e->n_args != 2)
		return bind_fail(b, EVAL_UNKNOWN,
		    "%s() in this form is not known.", f->name);
	if (!unit) {
		plain.signature = f->index == 2 ? "DD:i" : "DI:D";
		plain.run = f->index == 2 ? run_datediff : run_date_add;
		return bind_signature(b, &plain, args, 2);
	}
	made = bind_signature(b, f->index == 2 ? &diff_unit : &add_unit, args,
	    2);
	if (made)
		made->data = unit;
	return made;
}

static enum eval_outcome
run_add_months(struct run *r, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	struct date d = date_of(arg[0].integer);

	return give_date(r, date_days(date_add_months(d, arg[1].integer)), ret);
}

static bool
is_month_end(struct date d)
{
	return d.day == month_days(d.year, d.month);
}

/* A month has 31 days here, unless both days are the same or both the last of
 * their month. */
static enum eval_outcome
run_months_between(struct run *r UNUSED, const struct node *n,
    const struct value *arg, struct value *ret)
{
	struct time a = time_of(arg[0].integer);
	struct time b = time_of(arg[1].integer);
	double months = (double)((a.date.year - b.date.year) * 12 +
	    a.date.month - b.date.month);
	int64_t seconds;
	double difference;

	if (a.date.day == b.date.day ||
	    (is_month_end(a.date) && is_month_end(b.date))) {
		*ret = value_real(VALUE_DOUBLE, months);
		return EVAL_VALUE;
	}
	seconds = (a.date.day - b.date.day) * 86400 + (a.hour - b.hour) * 3600 +
	    (a.minute - b.minute) * 60 + a.second - b.second;
	difference = months + (double)seconds / (31.0 * 86400.0);
	if (n->n_args < 3 || arg[2].boolean)
		difference = floor(difference * 1e8 + 0.5) / 1e8;
	*ret = value_real(VALUE_DOUBLE, difference);
	return EVAL_VALUE;
}

static enum eval_outcome
run_last_day(struct run *r, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	struct date d = date_of(arg[0].integer);

	d.day = month_days(d.year, d.month);
	return give_date(r, date_days(d), ret);
}

static enum eval_outcome
run_next_day(struct run *r, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	static const char *const names[] = {"monday", "tuesday", "wednesday",
	    "thursday", "friday", "saturday", "sunday"};
	struct slice s = slice_trim(arg[1].text);
	int today = date_weekday(arg[0].integer);
	int i;

	for (i = 0; i < 7; i++) {
		if (slice_ieq(s, names[i]) ||
		    ((s.n == 2 || s.n == 3) &&
		        strncasecmp(s.p, names[i], s.n) == 0))
			return give_date(r,
			    arg[0].integer + (i + 1 - today + 6) % 7 + 1, ret);
	}
	return node_differs(r, "The text is no day of the week.");
}

/* How far back the units go, the longest first. */
static const struct level {
	const char *names[3];
	int level;
} levels[] = {
    {{"YEAR", "YYYY", "YY"}, 0},
    {{"QUARTER", NULL, NULL}, 1},
    {{"MONTH", "MM", "MON"}, 2},
    {{"WEEK", NULL, NULL}, 3},
    {{"DAY", "DD", NULL}, 4},
    {{"HOUR", NULL, NULL}, 5},
    {{"MINUTE", NULL, NULL}, 6},
    {{"SECOND", NULL, NULL}, 7},
    {{"MILLISECOND", NULL, NULL}, 8},
    {{"MICROSECOND", NULL, NULL}, 9},
};

/* -1 for a word that is none. */
static int
level_of(struct slice word)
{
	size_t i;
	size_t j;

	for (i = 0; i < COUNT_OF(levels); i++) {
		for (j = 0; j < 3 && levels[i].names[j]; j++) {
			if (slice_ieq(word, levels[i].names[j]))
				return levels[i].level;
		}
	}
	return -1;
}

static int64_t
truncate_days(int64_t days, int level)
{
	struct date d = date_of(days);

	if (level == 4)
		return days;
	if (level == 3)
		return days - date_weekday(days) + 1;
	d.day = 1;
	if (level == 1)
		d.month = (d.month - 1) / 3 * 3 + 1;
	else if (level == 0)
		d.month = 1;
	return date_days(d);
}

static enum eval_outcome
run_trunc(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	int level = level_of(arg[1].text);

	if (level < 0 || level > 3)
		return node_null(n, ret);
	return give_date(r, truncate_days(arg[0].integer, level), ret);
}

static enum eval_outcome
run_date_trunc(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	static const int64_t sizes[] = {
	    MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND, 1000, 1};
	int level = level_of(arg[0].text);
	int64_t micros = arg[1].integer;
	bool over;

	if (level < 0)
		return node_null(n, ret);
	if (level < 5)
		over = __builtin_mul_overflow(truncate_days(floor_div(micros,
		                                                MICROS_PER_DAY),
		                                  level),
		    MICROS_PER_DAY, &micros);
	else
		over = __builtin_sub_overflow(micros,
		    floor_mod(micros, sizes[level - 5]), &micros);
	if (over)
		return node_differs(r, overflow);
	*ret = value_integer(n->type.kind, micros);
	return EVAL_VALUE;
}

static enum eval_outcome
run_make_date(struct run *r, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	struct date d = {
	    arg[0].integer, (int)arg[1].integer, (int)arg[2].integer};

	if (d.year < -9999 || d.year > 9999 || !date_is_valid(d))
		return node_differs(r, "There is no such date.");
	return give_date(r, date_days(d), ret);
}

/* make_timestamp(year, month, day, hour, minute, second): seconds have six
 * digits behind the point. */
static enum eval_outcome
run_make_timestamp(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	struct time t = {
	    .hour = (int)arg[3].integer, .minute = (int)arg[4].integer};
	int64_t micros = (int64_t)arg[5].decimal;

	t.date = (struct date){
	    arg[0].integer, (int)arg[1].integer, (int)arg[2].integer};
	if (t.date.year < 1 || t.date.year > 9999 || !date_is_valid(t.date) ||
	    t.hour < 0 || t.hour > 23 || t.minute < 0 || t.minute > 59 ||
	    micros < 0 || micros >= MICROS_PER_MINUTE)
		return node_differs(r, "There is no such time.");
	*ret = value_integer(n->type.kind, time_micros(&t) + micros);
	return EVAL_VALUE;
}

static struct node *
bind_make_timestamp(struct bind *b, const struct builtin *f,
    const struct expr *e UNUSED, const struct node **arg, size_t n)
{
	struct value_type seconds = value_type_decimal(16, 6);
	struct node *made = bind_node(b, value_type_of(VALUE_TIMESTAMP),
	    run_make_timestamp, NODE_STRICT, n);
	size_t i;

	if (n != 6)
		return bind_wrong_count(b, f, n);
	for (i = 0; i < n; i++) {
		if (!value_is_numeric(arg[i]->type.kind))
			return bind_fail(b, EVAL_UNKNOWN,
			    "%s() of other than numbers is not known.",
			    f->name);
		made->arg[i] = i < 5
		    ? coerce_implicit(b, arg[i], value_type_of(VALUE_INT))
		    : coerce_cast(b, arg[i], seconds);
		if (!made->arg[i])
			return NULL;
	}
	return made;
}

static enum eval_outcome
run_same_integer(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	if (!value_fits(n->type.kind, arg[0].integer))
		return node_differs(r, overflow);
	*ret = value_integer(n->type.kind, arg[0].integer);
	return EVAL_VALUE;
}

static const struct builtin table[] = {
    {.name = "date_add", .bind = bind_with_unit, .index = 1},
    {.name = "dateadd", .bind = bind_with_unit, .index = 1},
    {.name = "timestampadd", .bind = bind_with_unit, .index = 1},
    {.name = "datediff", .bind = bind_with_unit, .index = 2},
    {.name = "date_diff", .bind = bind_with_unit, .index = 2},
    {.name = "timestampdiff", .bind = bind_with_unit, .index = 2},
    {.name = "date_sub", .signature = "DI:D", .run = run_date_add},
    {.name = "add_months", .signature = "DI:D", .run = run_add_months},
    {.name = "months_between",
        .signature = "tt|b:d",
        .run = run_months_between},
    {.name = "last_day", .signature = "D:D", .run = run_last_day},
    {.name = "next_day", .signature = "Ds:D", .run = run_next_day},
    {.name = "trunc", .signature = "Ds:D", .run = run_trunc},
    {.name = "date_trunc", .signature = "st:t", .run = run_date_trunc},
    {.name = "make_date", .signature = "iii:D", .run = run_make_date},
    {.name = "make_timestamp", .signature = "", .bind = bind_make_timestamp},
    {.name = "date_from_unix_date",
        .signature = "i:D",
        .run = run_same_integer},
    {.name = "unix_date", .signature = "D:i", .run = run_same_integer},
    {.name = "timestamp_micros", .signature = "l:t", .run = run_same_integer},
    {.name = "unix_micros", .signature = "t:l", .run = run_same_integer},
};

const struct builtins builtins_date = {table, COUNT_OF(table)};

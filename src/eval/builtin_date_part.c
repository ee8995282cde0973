#include "base/base.h"

#include "eval/builtin.h"

#include "eval/calendar.h"
#include "eval/coerce.h"

/* Parts of a date, then those of a time. */
enum part {
	PART_YEAR,
	PART_YEAR_OF_WEEK,
	PART_QUARTER,
	PART_MONTH,
	PART_WEEK,
	PART_DAY,
	PART_SUNDAY_WEEKDAY, /* 1 Sunday … 7 Saturday */
	PART_ISO_WEEKDAY,    /* 1 Monday … 7 Sunday */
	PART_ZERO_WEEKDAY,   /* 0 Monday … 6 Sunday */
	PART_DAY_OF_YEAR,
	PART_HOUR,
	PART_MINUTE,
	PART_SECOND,
	PART_EXACT_SECOND, /* with six digits behind the point */
};

static int64_t
date_part(enum part part, int64_t days)
{
	struct date d = date_of(days);
	int64_t year;
	int week = date_week(days, &year);

	switch (part) {
	case PART_YEAR:
		return d.year;
	case PART_YEAR_OF_WEEK:
		return year;
	case PART_QUARTER:
		return (d.month + 2) / 3;
	case PART_MONTH:
		return d.month;
	case PART_WEEK:
		return week;
	case PART_DAY:
		return d.day;
	case PART_SUNDAY_WEEKDAY:
		return date_weekday(days) % 7 + 1;
	case PART_ISO_WEEKDAY:
		return date_weekday(days);
	case PART_ZERO_WEEKDAY:
		return date_weekday(days) - 1;
	case PART_DAY_OF_YEAR:
		return date_of_year(days);
	case PART_HOUR:
	case PART_MINUTE:
	case PART_SECOND:
	case PART_EXACT_SECOND:
		break;
	}
	return 0;
}

static enum eval_outcome
run_date_part(struct run *r UNUSED, const struct node *n,
    const struct value *arg, struct value *ret)
{
	*ret = value_integer(VALUE_INT,
	    date_part((enum part)n->index, arg[0].integer));
	return EVAL_VALUE;
}

static enum eval_outcome
run_time_part(struct run *r UNUSED, const struct node *n,
    const struct value *arg, struct value *ret)
{
	struct time t = time_of(arg[0].integer);

	if (n->index == PART_EXACT_SECOND) {
		*ret = value_decimal(n->type,
		    t.second * MICROS_PER_SECOND + t.micro);
		return EVAL_VALUE;
	}
	*ret = value_integer(VALUE_INT,
	    n->index == PART_HOUR         ? t.hour
	        : n->index == PART_MINUTE ? t.minute
	                                  : t.second);
	return EVAL_VALUE;
}

static const struct {
	const char *names[5];
	enum part part;
} fields[] = {
    {{"year", "y", "years", "yr", "yrs"}, PART_YEAR},
    {{"yearofweek"}, PART_YEAR_OF_WEEK},
    {{"quarter", "qtr"}, PART_QUARTER},
    {{"month", "mon", "mons", "months"}, PART_MONTH},
    {{"week", "w", "weeks"}, PART_WEEK},
    {{"day", "d", "days"}, PART_DAY},
    {{"dayofweek", "dow"}, PART_SUNDAY_WEEKDAY},
    {{"dayofweek_iso", "dow_iso"}, PART_ISO_WEEKDAY},
    {{"doy"}, PART_DAY_OF_YEAR},
    {{"hour", "h", "hours", "hr", "hrs"}, PART_HOUR},
    {{"minute", "m", "min", "mins", "minutes"}, PART_MINUTE},
    {{"second", "s", "sec", "seconds", "secs"}, PART_EXACT_SECOND},
};

static struct node *
bind_part(struct bind *b, enum part part, const struct node *of)
{
	static const struct builtin date = {
	    .name = "extract", .signature = "D:i", .run = run_date_part};
	static const struct builtin time = {
	    .name = "extract", .signature = "t:i", .run = run_time_part};
	struct node *n = bind_signature(b, part >= PART_HOUR ? &time : &date,
	    &of, 1);

	if (!n)
		return NULL;
	n->index = part;
	if (part == PART_EXACT_SECOND)
		n->type = value_type_decimal(8, 6);
	return n;
}

/* EXTRACT(YEAR FROM d), date_part('year', d) */
static struct node *
bind_extract(struct bind *b, const struct builtin *f, const struct expr *e,
    const struct node **arg UNUSED, size_t n UNUSED)
{
	const char *field = NULL;
	const struct node *of;
	size_t i;
	size_t j;

	if (e->n_args != 2 || e->arg[0]->kind != EXPR_LITERAL)
		return bind_fail(b, EVAL_UNKNOWN,
		    "%s() in this form is not known.", f->name);
	field = e->arg[0]->value;
	of = bind_expr(b, e->arg[1]);
	if (!of)
		return NULL;
	if (of->type.kind < VALUE_STRING || of->type.kind == VALUE_BINARY ||
	    of->type.kind >= VALUE_MONTHS)
		return bind_fail(b, EVAL_UNKNOWN, "A part of %s is not known.",
		    value_type_text(b->arena, of->type));
	for (i = 0; i < COUNT_OF(fields); i++) {
		for (j = 0; j < 5 && fields[i].names[j]; j++) {
			if (str_ieq(field, fields[i].names[j]))
				return bind_part(b, fields[i].part, of);
		}
	}
	return bind_fail(b, EVAL_UNKNOWN, "The part %s is not known.", field);
}

static struct node *
bind_newer(struct bind *b, const struct builtin *f, const struct expr *e UNUSED,
    const struct node **arg UNUSED, size_t n UNUSED)
{
	return bind_fail(b, EVAL_DIFFERS, "Spark 3.5 has no %s().", f->name);
}

#define DATE_PART(called, part)                                                \
	{                                                                      \
		.name = (called), .signature = "D:i", .run = run_date_part,    \
		.index = (part)                                                \
	}
#define TIME_PART(called, part)                                                \
	{                                                                      \
		.name = (called), .signature = "t:i", .run = run_time_part,    \
		.index = (part)                                                \
	}

static const struct builtin table[] = {
    DATE_PART("year", PART_YEAR),
    DATE_PART("quarter", PART_QUARTER),
    DATE_PART("month", PART_MONTH),
    DATE_PART("weekofyear", PART_WEEK),
    DATE_PART("day", PART_DAY),
    DATE_PART("dayofmonth", PART_DAY),
    DATE_PART("dayofweek", PART_SUNDAY_WEEKDAY),
    DATE_PART("weekday", PART_ZERO_WEEKDAY),
    DATE_PART("dayofyear", PART_DAY_OF_YEAR),
    TIME_PART("hour", PART_HOUR),
    TIME_PART("minute", PART_MINUTE),
    TIME_PART("second", PART_SECOND),
    {.name = "extract", .bind = bind_extract},
    {.name = "date_part", .bind = bind_extract},
    {.name = "datepart", .bind = bind_extract},
    {.name = "dayname", .signature = "", .bind = bind_newer},
    {.name = "monthname", .signature = "", .bind = bind_newer},
};

const struct builtins builtins_date_part = {table, COUNT_OF(table)};

/*
 * The proleptic Gregorian calendar, which Spark uses since version 3.0: days
 * since 1970-01-01 and microseconds since its midnight, UTC. The algorithms
 * are exact for all years that fit the types here.
 */
#ifndef T2C_EVAL_CALENDAR_H
#define T2C_EVAL_CALENDAR_H

#include "base/arena.h"

#define MICROS_PER_SECOND INT64_C(1000000)
#define MICROS_PER_MINUTE (60 * MICROS_PER_SECOND)
#define MICROS_PER_HOUR (60 * MICROS_PER_MINUTE)
#define MICROS_PER_DAY (24 * MICROS_PER_HOUR)

struct date {
	int64_t year;
	int month; /* 1 … 12 */
	int day;   /* 1 … 31 */
};

struct time {
	struct date date;
	int64_t days; /* the same date */
	int hour;
	int minute;
	int second;
	int micro;
};

struct date date_of(int64_t days);
int64_t date_days(struct date d);
bool date_is_valid(struct date d);
int month_days(int64_t year, int month);
/* 1 Monday … 7 Sunday */
int date_weekday(int64_t days);
/* 1 … 366 */
int date_of_year(int64_t days);
/* The week by ISO 8601, and the year it belongs to. */
int date_week(int64_t days, int64_t *ret_year);
/* The same day of another month, the last one where there is none. */
struct date date_add_months(struct date d, int64_t months);

struct time time_of(int64_t micros);
int64_t time_micros(const struct time *t);

/* 2026-03-01 */
const char *date_text(struct arena *a, int64_t days);
/* 2026-03-01 14:05:09.12, no zeros at the end of the fraction. */
const char *time_text(struct arena *a, int64_t micros);

/* a / b and what is left, for b > 0, rounded towards minus infinity. */
int64_t floor_div(int64_t a, int64_t b);
int64_t floor_mod(int64_t a, int64_t b);

#endif

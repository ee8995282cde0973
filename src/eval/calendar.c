#include "base/base.h"

#include "eval/calendar.h"

#include <string.h>

#define DAYS_PER_ERA 146097 /* 400 years */
#define DAYS_TO_1970 719468 /* since 0000-03-01 */

int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0 ? 1 : 0);
}

int64_t
floor_mod(int64_t a, int64_t b)
{
	return a % b + (a % b < 0 ? b : 0);
}

int
month_days(int64_t year, int month)
{
	static const int days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

bool
date_is_valid(struct date d)
{
	return d.month >= 1 && d.month <= 12 && d.day >= 1 &&
	    d.day <= month_days(d.year, d.month);
}

/* Years are counted from March, so that the leap day is the last one. */
int64_t
date_days(struct date d)
{
	int64_t year = d.month <= 2 ? d.year - 1 : d.year;
	int64_t era = floor_div(year, 400);
	int64_t year_of_era = floor_mod(year, 400);
	int64_t month = (d.month + 9) % 12;
	int64_t day_of_year = (153 * month + 2) / 5 + d.day - 1;

	return era * DAYS_PER_ERA + year_of_era * 365 + year_of_era / 4 -
	    year_of_era / 100 + day_of_year - DAYS_TO_1970;
}

struct date
date_of(int64_t days)
{
	int64_t era = floor_div(days + DAYS_TO_1970, DAYS_PER_ERA);
	int64_t day = floor_mod(days + DAYS_TO_1970, DAYS_PER_ERA);
	int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	int64_t day_of_year = day - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * day_of_year + 2) / 153;
	struct date d;

	d.day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
	d.month = (int)(month < 10 ? month + 3 : month - 9);
	d.year = year + era * 400 + (d.month <= 2 ? 1 : 0);
	return d;
}

int
date_weekday(int64_t days)
{
	/* 1970-01-01 was a Thursday. */
	return (int)floor_mod(days + 3, 7) + 1;
}

int
date_of_year(int64_t days)
{
	struct date first = date_of(days);

	first.month = 1;
	first.day = 1;
	return (int)(days - date_days(first)) + 1;
}

int
date_week(int64_t days, int64_t *ret_year)
{
	/* A week belongs to the year of its Thursday. */
	int64_t thursday = days - date_weekday(days) + 4;

	*ret_year = date_of(thursday).year;
	return (date_of_year(thursday) - 1) / 7 + 1;
}

struct date
date_add_months(struct date d, int64_t months)
{
	int64_t month = d.year * 12 + d.month - 1 + months;
	int last;

	d.year = floor_div(month, 12);
	d.month = (int)floor_mod(month, 12) + 1;
	last = month_days(d.year, d.month);
	d.day = d.day < last ? d.day : last;
	return d;
}

struct time
time_of(int64_t micros)
{
	int64_t rest = floor_mod(micros, MICROS_PER_DAY);
	struct time t = {.days = floor_div(micros, MICROS_PER_DAY)};

	t.date = date_of(t.days);
	t.hour = (int)(rest / MICROS_PER_HOUR);
	t.minute = (int)(rest / MICROS_PER_MINUTE % 60);
	t.second = (int)(rest / MICROS_PER_SECOND % 60);
	t.micro = (int)(rest % MICROS_PER_SECOND);
	return t;
}

int64_t
time_micros(const struct time *t)
{
	return date_days(t->date) * MICROS_PER_DAY + t->hour * MICROS_PER_HOUR +
	    t->minute * MICROS_PER_MINUTE + t->second * MICROS_PER_SECOND +
	    t->micro;
}

const char *
date_text(struct arena *a, int64_t days)
{
	struct date d = date_of(days);
	int64_t year = d.year < 0 ? -d.year : d.year;

	return arena_printf(a, "%s%04" PRId64 "-%02d-%02d",
	    d.year < 0          ? "-"
	        : d.year > 9999 ? "+"
	                        : "",
	    year, d.month, d.day);
}

const char *
time_text(struct arena *a, int64_t micros)
{
	struct time t = time_of(micros);
	char fraction[8] = "";
	size_t n = 6;
	int i;

	if (t.micro == 0)
		return arena_printf(a, "%s %02d:%02d:%02d",
		    date_text(a, t.days), t.hour, t.minute, t.second);
	for (i = 5; i >= 0; i--, t.micro /= 10)
		fraction[i] = (char)('0' + t.micro % 10);
	while (n > 1 && fraction[n - 1] == '0')
		fraction[--n] = '\0';
	return arena_printf(a, "%s %02d:%02d:%02d.%s", date_text(a, t.days),
	    t.hour, t.minute, t.second, fraction);
}

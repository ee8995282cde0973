#include "base/base.h"

#include "expr/literal.h"

/* A reader that takes from the front. */
struct scan {
	const char *p;
	const char *end;
};

static bool
take_chr(struct scan *s, char c)
{
	if (s->p == s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}

/* Digits, min to max of them; -1 if there are fewer or more. */
static int
take_digits(struct scan *s, int min, int max)
{
	int value = 0;
	int n = 0;

	while (s->p < s->end && chr_is_digit(*s->p)) {
		if (n++ == max)
			return -1;
		if (value < 10000000)
			value = value * 10 + (*s->p - '0');
		s->p++;
	}
	return n < min ? -1 : value;
}

static bool
is_day(int year, int month, int day)
{
	static const int days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (year < 0 || month < 1 || month > 12 || day < 1)
		return false;
	return day <= days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/* 2026, 2026-3, 2026-03-01 */
static bool
take_date(struct scan *s, bool *ret_whole)
{
	int month = 1;
	int day = 1;
	int year;

	*ret_whole = false;
	if (!take_chr(s, '-'))
		take_chr(s, '+');
	year = take_digits(s, 4, 7);
	if (take_chr(s, '-')) {
		month = take_digits(s, 1, 2);
		*ret_whole = take_chr(s, '-');
		if (*ret_whole)
			day = take_digits(s, 1, 2);
	}
	return is_day(year, month, day);
}

/* +2, -02:30 */
static bool
is_offset(struct slice z)
{
	struct scan s = {z.p, z.p + z.n};
	int minute = 0;
	int hour;

	if (!take_chr(&s, '-') && !take_chr(&s, '+'))
		return false;
	hour = take_digits(&s, 1, 2);
	if (take_chr(&s, ':'))
		minute = take_digits(&s, 1, 2);
	return s.p == s.end && hour >= 0 && hour <= 18 && minute >= 0 &&
	    minute < 60;
}

/* Europe/Berlin, by its looks: there is no table of zones here. */
static bool
is_region(struct slice z)
{
	bool slash = false;
	size_t i;

	for (i = 0; i < z.n; i++) {
		slash = slash || (i > 0 && z.p[i] == '/');
		if (!chr_is_alnum(z.p[i]) && z.p[i] != '/' && z.p[i] != '_' &&
		    z.p[i] != '+' && z.p[i] != '-')
			return false;
	}
	return slash && chr_is_alpha(z.p[0]);
}

static bool
is_zone(struct slice zone)
{
	static const char *const names[] = {"UTC", "GMT", "UT", "Z", "CET",
	    "MET", "EET", "WET", "EST", "MST", "HST", "PST", "CST", "IST",
	    "JST", "EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT"};
	struct slice z = slice_trim(zone);
	size_t i;

	if (z.n == 0 || is_offset(z) || is_region(z))
		return true;
	for (i = 0; i < COUNT_OF(names); i++) {
		if (slice_is(z, names[i]))
			return true;
	}
	for (i = 0; i < 3; i++) {
		size_t n = slice_of(names[i]).n;

		if (z.n > n && slice_is((struct slice){z.p, n}, names[i]))
			return is_offset((struct slice){z.p + n, z.n - n});
	}
	return false;
}

/* epoch, now, and today with a zone behind it. */
static bool
is_special(struct slice s)
{
	static const char *const names[] = {
	    "epoch", "now", "today", "tomorrow", "yesterday"};
	size_t n = 0;
	size_t i;

	while (n < s.n && chr_is_alpha(s.p[n]))
		n++;
	for (i = 0; i < COUNT_OF(names); i++) {
		if (slice_ieq((struct slice){s.p, n}, names[i]))
			return n == s.n ||
			    (i > 1 && chr_is_space(s.p[n]) &&
			        is_zone((struct slice){s.p + n, s.n - n}));
	}
	return false;
}

bool
literal_is_date(struct slice text)
{
	struct slice t = slice_trim(text);
	struct scan s = {t.p, t.p + t.n};
	bool whole;

	if (is_special(t))
		return true;
	if (!take_date(&s, &whole))
		return false;
	return s.p == s.end || (whole && (*s.p == ' ' || *s.p == 'T'));
}

/* 10, 10:30, 10:30:00.123, and a zone where there are seconds. */
static bool
is_time(struct scan *s)
{
	bool seconds = false;
	int minute = 0;
	int second = 0;
	int hour = take_digits(s, 1, 2);

	if (take_chr(s, ':')) {
		minute = take_digits(s, 1, 2);
		seconds = take_chr(s, ':');
	}
	if (seconds) {
		second = take_digits(s, 1, 2);
		if (take_chr(s, '.'))
			take_digits(s, 0, 1000);
	}
	if (s->p < s->end &&
	    (!seconds ||
	        !is_zone((struct slice){s->p, (size_t)(s->end - s->p)})))
		return false;
	return hour >= 0 && hour < 24 && minute >= 0 && minute < 60 &&
	    second >= 0 && second < 60;
}

bool
literal_is_timestamp(struct slice text)
{
	struct slice t = slice_trim(text);
	struct scan s = {t.p, t.p + t.n};
	struct scan time = s;
	bool whole;

	if (is_special(t))
		return true;
	/* A time alone means today. */
	if (take_chr(&time, 'T') ||
	    (t.n > 2 && (t.p[1] == ':' || t.p[2] == ':')))
		return is_time(&time);
	if (!take_date(&s, &whole))
		return false;
	if (s.p == s.end)
		return true;
	if (!whole || (!take_chr(&s, ' ') && !take_chr(&s, 'T')))
		return false;
	return is_time(&s);
}

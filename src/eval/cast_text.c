#include "base/base.h"

#include "eval/cast.h"

#include "eval/calendar.h"
#include "eval/decimal.h"

#include <math.h>
#include <stdlib.h>

/* Without white space at both ends. Spark also drops control characters, some
 * of its functions do and some do not. */
static struct slice
trim(struct slice s, bool *ret_odd)
{
	size_t i;

	*ret_odd = false;
	for (i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c < 0x20 && !(c >= '\t' && c <= '\r')) || c >= 0x7f)
			*ret_odd = true;
	}
	return slice_trim(s);
}

enum cast_text
cast_to_boolean(struct slice text, bool *ret)
{
	static const char *const yes[] = {"t", "true", "y", "yes", "1"};
	static const char *const no[] = {"f", "false", "n", "no", "0"};
	bool odd;
	struct slice s = trim(text, &odd);
	size_t i;

	for (i = 0; i < COUNT_OF(yes); i++) {
		*ret = slice_ieq(s, yes[i]);
		if (*ret || slice_ieq(s, no[i]))
			return CAST_GOOD;
	}
	return odd ? CAST_UNSURE : CAST_BAD;
}

enum cast_text
cast_to_integer(struct slice text, int64_t *ret)
{
	bool odd;
	struct slice s = trim(text, &odd);
	size_t at = s.n > 0 && (s.p[0] == '-' || s.p[0] == '+') ? 1 : 0;
	bool negative = at == 1 && s.p[0] == '-';
	int64_t n = 0;

	if (odd)
		return CAST_UNSURE;
	if (at == s.n)
		return CAST_BAD;
	for (; at < s.n; at++) {
		if (!chr_is_digit(s.p[at]) ||
		    __builtin_mul_overflow(n, 10, &n) ||
		    __builtin_sub_overflow(n, s.p[at] - '0', &n))
			return CAST_BAD;
	}
	if (!negative && n == INT64_MIN)
		return CAST_BAD;
	*ret = negative ? n : -n;
	return CAST_GOOD;
}

static bool
special_real(struct slice s, double *ret)
{
	bool negative = s.n > 0 && s.p[0] == '-';
	struct slice word = s;

	if (s.n > 0 && (s.p[0] == '-' || s.p[0] == '+'))
		word = (struct slice){s.p + 1, s.n - 1};
	if (slice_ieq(word, "inf") || slice_ieq(word, "infinity")) {
		*ret = negative ? -INFINITY : INFINITY;
		return true;
	}
	*ret = NAN;
	return slice_ieq(s, "nan");
}

enum cast_text
cast_to_real(struct slice text, bool is_float, double *ret)
{
	bool odd;
	struct slice s = trim(text, &odd);
	struct long_decimal d;
	char last = s.n > 0 ? chr_lower(s.p[s.n - 1]) : '\0';

	if (odd)
		return CAST_UNSURE;
	if (special_real(s, ret))
		return CAST_GOOD;
	if (!decimal_parse(s, &d)) {
		/* Java reads 1d, 1f and 0x1p3 as well. */
		if (s.n > LONG_DECIMAL_DIGITS || last == 'd' || last == 'f' ||
		    (s.n > 2 && chr_lower(s.p[1]) == 'x'))
			return CAST_UNSURE;
		return CAST_BAD;
	}
	if (is_float) {
		/* Read as a double first, it would be rounded twice. */
		char copy[64];
		size_t i;

		if (s.n >= sizeof(copy))
			return CAST_UNSURE;
		for (i = 0; i < s.n; i++)
			copy[i] = s.p[i];
		copy[s.n] = '\0';
		*ret = (double)strtof(copy, NULL);
		return CAST_GOOD;
	}
	*ret = decimal_double(&d);
	if (s.p[0] == '-' && *ret == 0)
		*ret = -0.0;
	return CAST_GOOD;
}

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

	for (; s->p < s->end && chr_is_digit(*s->p); s->p++) {
		if (n++ == max)
			return -1;
		value = value * 10 + (*s->p - '0');
	}
	return n < min ? -1 : value;
}

/* 2026, 2026-3, 2026-03-01; *ret_whole where it has a day. */
static bool
take_date(struct scan *s, int64_t *ret, bool *ret_whole)
{
	struct date d = {.month = 1, .day = 1};

	*ret_whole = false;
	d.year = take_digits(s, 4, 4);
	if (take_chr(s, '-')) {
		d.month = take_digits(s, 1, 2);
		*ret_whole = take_chr(s, '-');
		if (*ret_whole)
			d.day = take_digits(s, 1, 2);
	}
	if (d.year < 0 || !date_is_valid(d))
		return false;
	*ret = date_days(d);
	return true;
}

/* Years of other than four digits, which Spark reads up to a limit of its. */
static bool
is_odd_year(struct slice s)
{
	size_t n = 0;

	if (s.n > 0 && (s.p[0] == '-' || s.p[0] == '+'))
		return true;
	while (n < s.n && chr_is_digit(s.p[n]))
		n++;
	return n > 4;
}

enum cast_text
cast_to_date(struct slice text, int64_t *ret)
{
	bool odd;
	struct slice t = trim(text, &odd);
	struct scan s = {t.p, t.p + t.n};
	bool whole;

	if (odd || is_odd_year(t))
		return CAST_UNSURE;
	if (!take_date(&s, ret, &whole))
		return CAST_BAD;
	if (s.p == s.end || (whole && (*s.p == ' ' || *s.p == 'T')))
		return CAST_GOOD;
	return CAST_BAD;
}

/* +02, -2:30; *ret in microseconds. */
static bool
take_offset(struct scan *s, int64_t *ret)
{
	bool negative = s->p < s->end && *s->p == '-';
	int minute = 0;
	int hour;

	if (!take_chr(s, '-') && !take_chr(s, '+'))
		return false;
	hour = take_digits(s, 1, 2);
	if (take_chr(s, ':'))
		minute = take_digits(s, 1, 2);
	if (hour < 0 || hour > 18 || minute < 0 || minute > 59 ||
	    (hour == 18 && minute > 0))
		return false;
	*ret = hour * MICROS_PER_HOUR + minute * MICROS_PER_MINUTE;
	if (negative)
		*ret = -*ret;
	return true;
}

static enum cast_text
take_zone(struct scan *s, int64_t *ret)
{
	struct slice zone;

	while (take_chr(s, ' '))
		continue;
	zone = (struct slice){s->p, (size_t)(s->end - s->p)};
	*ret = 0;
	if (slice_is(zone, "Z") || slice_is(zone, "UTC") ||
	    slice_is(zone, "GMT")) {
		s->p = s->end;
		return CAST_GOOD;
	}
	if (take_offset(s, ret) && s->p == s->end)
		return CAST_GOOD;
	/* Regions and their abbreviations need a table of zones. */
	return CAST_UNSURE;
}

/* 10:30, 10:30:00.123 */
static bool
take_time(struct scan *s, int64_t *ret)
{
	int hour = take_digits(s, 1, 2);
	int minute = 0;
	int second = 0;
	int micro = 0;
	int digits = 0;

	if (take_chr(s, ':'))
		minute = take_digits(s, 1, 2);
	if (take_chr(s, ':')) {
		second = take_digits(s, 1, 2);
		if (take_chr(s, '.')) {
			for (; s->p < s->end && chr_is_digit(*s->p); s->p++) {
				if (digits++ < 6)
					micro = micro * 10 + (*s->p - '0');
			}
			for (; digits < 6; digits++)
				micro *= 10;
		}
	}
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
	    second > 59)
		return false;
	*ret = hour * MICROS_PER_HOUR + minute * MICROS_PER_MINUTE +
	    second * MICROS_PER_SECOND + micro;
	return true;
}

enum cast_text
cast_to_time(struct slice text, int64_t *ret, bool *ret_zone)
{
	bool odd;
	struct slice t = trim(text, &odd);
	struct scan s = {t.p, t.p + t.n};
	int64_t days;
	int64_t time = 0;
	int64_t offset = 0;
	bool whole;

	*ret_zone = false;
	/* A time alone means today. */
	if (odd || is_odd_year(t) || (t.n > 0 && t.p[0] == 'T') ||
	    (t.n > 2 && (t.p[1] == ':' || t.p[2] == ':')))
		return CAST_UNSURE;
	if (!take_date(&s, &days, &whole))
		return CAST_BAD;
	if (s.p < s.end) {
		if (!whole || (!take_chr(&s, ' ') && !take_chr(&s, 'T')) ||
		    s.p == s.end || !take_time(&s, &time))
			return CAST_BAD;
	}
	if (s.p < s.end) {
		*ret_zone = true;
		if (take_zone(&s, &offset) != CAST_GOOD)
			return CAST_UNSURE;
	}
	*ret = days * MICROS_PER_DAY + time - offset;
	return CAST_GOOD;
}

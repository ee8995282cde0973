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

/* epoch, now, today, tomorrow, yesterday, and a zone behind it. */
static bool
is_special(struct slice s)
{
	static const char *const names[] = {"epoch", "now", "today",
	    "tomorrow", "yesterday"};
	size_t n = 0;
	size_t i;

	while (n < s.n && chr_is_alpha(s.p[n]))
		n++;
	if (n < s.n && !chr_is_space(s.p[n]))
		return false;
	for (i = 0; i < COUNT_OF(names); i++) {
		if (slice_ieq((struct slice){s.p, n}, names[i]))
			return true;
	}
	return false;
}

static bool
is_day(int year, int month, int day)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
	    31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (year < 0 || month < 1 || month > 12 || day < 1)
		return false;
	return day <= days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/* 2026, 2026-3, 2026-03-01 */
static bool
take_date(struct scan *s)
{
	int month = 1;
	int day = 1;
	int year;

	if (!take_chr(s, '-'))
		take_chr(s, '+');
	year = take_digits(s, 4, 7);
	if (take_chr(s, '-')) {
		month = take_digits(s, 1, 2);
		if (take_chr(s, '-'))
			day = take_digits(s, 1, 2);
	}
	return is_day(year, month, day);
}

bool
literal_is_date(struct slice text)
{
	struct slice t = slice_trim(text);
	struct scan s = {t.p, t.p + t.n};

	if (is_special(t))
		return true;
	if (!take_date(&s))
		return false;
	return s.p == s.end || *s.p == ' ' || *s.p == 'T';
}

/* 10, 10:30, 10:30:00, 10:30:00.123 */
static bool
take_time(struct scan *s)
{
	int minute = 0;
	int second = 0;
	int hour = take_digits(s, 1, 2);

	if (take_chr(s, ':')) {
		minute = take_digits(s, 1, 2);
		if (take_chr(s, ':')) {
			second = take_digits(s, 1, 2);
			if (take_chr(s, '.'))
				take_digits(s, 0, 1000);
		}
	}
	return hour >= 0 && hour < 24 && minute >= 0 && minute < 60 &&
	    second >= 0 && second < 60;
}

/* Z, UTC, +02:00, Europe/Berlin: by its looks, there is no zone table here. */
static bool
is_zone(struct slice zone)
{
	struct slice z = slice_trim(zone);
	size_t i;

	if (z.n == 0)
		return true;
	if (!chr_is_alpha(z.p[0]) && z.p[0] != '+' && z.p[0] != '-')
		return false;
	for (i = 1; i < z.n; i++) {
		if (!chr_is_alnum(z.p[i]) && z.p[i] != ':' && z.p[i] != '/' &&
		    z.p[i] != '_' && z.p[i] != '+' && z.p[i] != '-')
			return false;
	}
	return true;
}

bool
literal_is_timestamp(struct slice text)
{
	struct slice t = slice_trim(text);
	struct scan s = {t.p, t.p + t.n};
	struct scan time = s;

	if (is_special(t))
		return true;
	/* A time alone means today. */
	if (take_chr(&time, 'T') || (t.n > 2 && (t.p[1] == ':' ||
	        t.p[2] == ':')))
		return take_time(&time) && is_zone((struct slice){time.p,
		    (size_t)(time.end - time.p)});
	if (!take_date(&s))
		return false;
	if (s.p == s.end)
		return true;
	if (!take_chr(&s, ' ') && !take_chr(&s, 'T'))
		return false;
	return take_time(&s) &&
	    is_zone((struct slice){s.p, (size_t)(s.end - s.p)});
}

#include "base/base.h"

#include "base/clock.h"

#include "base/buf.h"
#include "base/str.h"

#include <time.h>

#define MS_PER_SECOND INT64_C(1000)
#define MS_PER_MINUTE (60 * MS_PER_SECOND)
#define MS_PER_HOUR (60 * MS_PER_MINUTE)
#define MS_PER_DAY (24 * MS_PER_HOUR)

int64_t
clock_now_ms(const struct clock *c)
{
	struct timespec ts;

	if (c->fixed_ms)
		return c->fixed_ms;
	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
clock_monotonic_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static struct tm
split(int64_t ms)
{
	time_t seconds = (time_t)(ms / MS_PER_SECOND);
	struct tm tm = {0};

	gmtime_r(&seconds, &tm);
	return tm;
}

/* The number in so many digits. Lists show many times, and printf() is slow. */
static char *
put_digits(char *p, int number, int digits)
{
	int i;

	for (i = digits - 1; i >= 0; i--) {
		p[i] = (char)('0' + number % 10);
		number /= 10;
	}
	return p + digits;
}

/* "2026-03-01", the separator, "14:05:09" */
static char *
put_time(char *p, const struct tm *tm, char separator)
{
	p = put_digits(p, tm->tm_year + 1900, 4);
	*p++ = '-';
	p = put_digits(p, tm->tm_mon + 1, 2);
	*p++ = '-';
	p = put_digits(p, tm->tm_mday, 2);
	*p++ = separator;
	p = put_digits(p, tm->tm_hour, 2);
	*p++ = ':';
	p = put_digits(p, tm->tm_min, 2);
	*p++ = ':';
	return put_digits(p, tm->tm_sec, 2);
}

const char *
time_format(struct arena *a, int64_t ms)
{
	char *text = arena_alloc(a, sizeof("2026-03-01 14:05:09"));
	struct tm tm = split(ms);

	put_time(text, &tm, ' ');
	return text;
}

const char *
time_format_iso(struct arena *a, int64_t ms)
{
	char *text = arena_alloc(a, sizeof("2026-03-01T14:05:09.123Z"));
	struct tm tm = split(ms);
	char *p = put_time(text, &tm, 'T');

	*p++ = '.';
	p = put_digits(p, (int)(ms % MS_PER_SECOND), 3);
	*p = 'Z';
	return text;
}

static const char *
ago(struct arena *a, int64_t n, const char *unit)
{
	struct buf b;

	buf_init(&b, a, 64);
	buf_add_int(&b, n);
	buf_add_chr(&b, ' ');
	buf_add_str(&b, unit);
	buf_add_str(&b, n == 1 ? " ago" : "s ago");
	return buf_str(&b);
}

const char *
time_format_relative(struct arena *a, int64_t ms, int64_t now_ms)
{
	int64_t age = now_ms - ms;

	if (age < 0 || age >= 14 * MS_PER_DAY) {
		struct tm tm = split(ms);

		return arena_printf(a, "%04d-%02d-%02d", tm.tm_year + 1900,
		    tm.tm_mon + 1, tm.tm_mday);
	}
	if (age < MS_PER_MINUTE)
		return "just now";
	if (age < MS_PER_HOUR)
		return ago(a, age / MS_PER_MINUTE, "minute");
	if (age < MS_PER_DAY)
		return ago(a, age / MS_PER_HOUR, "hour");
	if (age < 2 * MS_PER_DAY)
		return "yesterday";
	return ago(a, age / MS_PER_DAY, "day");
}

bool
time_parse_date(const char *s, int64_t *ret_ms)
{
	struct slice text = slice_of(s);
	struct tm tm = {0};
	struct tm back;
	int64_t year;
	int64_t month;
	int64_t day;
	time_t seconds;

	if (text.n != 10 || s[4] != '-' || s[7] != '-')
		return false;
	if (!slice_to_int((struct slice){s, 4}, 1970, 9999, &year) ||
	    !slice_to_int((struct slice){s + 5, 2}, 1, 12, &month) ||
	    !slice_to_int((struct slice){s + 8, 2}, 1, 31, &day))
		return false;
	tm.tm_year = (int)year - 1900;
	tm.tm_mon = (int)month - 1;
	tm.tm_mday = (int)day;
	seconds = timegm(&tm);
	back = split((int64_t)seconds * MS_PER_SECOND);
	/* timegm() turns 31 April into 1 May. */
	if (back.tm_mday != (int)day)
		return false;
	*ret_ms = (int64_t)seconds * MS_PER_SECOND;
	return true;
}

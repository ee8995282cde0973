#include "base/base.h"

#include "eval/zone.h"

#include "eval/calendar.h"

#define FIRST_YEAR 2007
#define LAST_YEAR 2099

enum rule { RULE_NONE, RULE_EU, RULE_US };

struct zone {
	const char *name;
	int minutes; /* east of UTC, in winter */
	enum rule rule;
};

static const struct zone zones[] = {
    {"UTC", 0, RULE_NONE},
    {"GMT", 0, RULE_NONE},
    {"Z", 0, RULE_NONE},
    {"Etc/UTC", 0, RULE_NONE},
    {"Asia/Dubai", 240, RULE_NONE},
    {"Asia/Kolkata", 330, RULE_NONE},
    {"Asia/Singapore", 480, RULE_NONE},
    {"Asia/Shanghai", 480, RULE_NONE},
    {"Asia/Hong_Kong", 480, RULE_NONE},
    {"Asia/Tokyo", 540, RULE_NONE},
    {"Europe/London", 0, RULE_EU},
    {"Europe/Lisbon", 0, RULE_EU},
    {"Europe/Amsterdam", 60, RULE_EU},
    {"Europe/Berlin", 60, RULE_EU},
    {"Europe/Brussels", 60, RULE_EU},
    {"Europe/Budapest", 60, RULE_EU},
    {"Europe/Copenhagen", 60, RULE_EU},
    {"Europe/Madrid", 60, RULE_EU},
    {"Europe/Oslo", 60, RULE_EU},
    {"Europe/Paris", 60, RULE_EU},
    {"Europe/Prague", 60, RULE_EU},
    {"Europe/Rome", 60, RULE_EU},
    {"Europe/Stockholm", 60, RULE_EU},
    {"Europe/Vienna", 60, RULE_EU},
    {"Europe/Warsaw", 60, RULE_EU},
    {"Europe/Zurich", 60, RULE_EU},
    {"Europe/Athens", 120, RULE_EU},
    {"Europe/Helsinki", 120, RULE_EU},
    {"America/New_York", -300, RULE_US},
    {"America/Chicago", -360, RULE_US},
    {"America/Denver", -420, RULE_US},
    {"America/Los_Angeles", -480, RULE_US},
};

/* The n-th Sunday of a month, the last one where n is 0. */
static int64_t
sunday(int64_t year, int month, int n)
{
	struct date d = {year, month, 1};
	int64_t days;

	if (n > 0) {
		days = date_days(d);
		return days + 7 - date_weekday(days) + 7 * (n - 1);
	}
	d.day = month_days(year, month);
	days = date_days(d);
	return days - date_weekday(days) % 7;
}

/* The offset at a point of time in UTC, in microseconds. */
static int64_t
offset_at(const struct zone *z, int64_t micros)
{
	int64_t year = date_of(floor_div(micros, MICROS_PER_DAY)).year;
	int64_t winter = z->minutes * MICROS_PER_MINUTE;
	int64_t from = 0;
	int64_t to = 0;

	if (z->rule == RULE_EU) {
		from = sunday(year, 3, 0) * MICROS_PER_DAY + MICROS_PER_HOUR;
		to = sunday(year, 10, 0) * MICROS_PER_DAY + MICROS_PER_HOUR;
	} else if (z->rule == RULE_US) {
		/* At two o'clock, by the time that ends. */
		from = sunday(year, 3, 2) * MICROS_PER_DAY +
		    2 * MICROS_PER_HOUR - winter;
		to = sunday(year, 11, 1) * MICROS_PER_DAY + MICROS_PER_HOUR -
		    winter;
	}
	return winter + (micros >= from && micros < to ? MICROS_PER_HOUR : 0);
}

/* +02:00 and its like. */
static bool
read_offset(struct slice s, struct zone *ret)
{
	int64_t hour;
	int64_t minute;

	if (s.n != 6 || (s.p[0] != '+' && s.p[0] != '-') || s.p[3] != ':' ||
	    !slice_to_int((struct slice){s.p + 1, 2}, 0, 17, &hour) ||
	    !slice_to_int((struct slice){s.p + 4, 2}, 0, 59, &minute))
		return false;
	*ret = (struct zone){NULL, (int)(hour * 60 + minute), RULE_NONE};
	if (s.p[0] == '-')
		ret->minutes = -ret->minutes;
	return true;
}

static bool
find(struct slice name, int64_t micros, struct zone *ret)
{
	int64_t year = date_of(floor_div(micros, MICROS_PER_DAY)).year;
	size_t i;

	for (i = 0; i < COUNT_OF(zones); i++) {
		if (!slice_is(name, zones[i].name))
			continue;
		*ret = zones[i];
		return zones[i].minutes == 0 && zones[i].rule == RULE_NONE
		    ? true
		    : year >= FIRST_YEAR && year <= LAST_YEAR;
	}
	return read_offset(name, ret) && year > 0 && year <= 9999;
}

bool
zone_from_utc(struct slice zone, int64_t micros, int64_t *ret)
{
	struct zone z;

	if (!find(zone, micros, &z))
		return false;
	*ret = micros + offset_at(&z, micros);
	return true;
}

bool
zone_to_utc(struct slice zone, int64_t micros, int64_t *ret)
{
	struct zone z;
	int64_t winter;
	int64_t before;

	if (!find(zone, micros, &z))
		return false;
	/* The offset of half a day before decides in both odd hours: it is
	 * that of winter in spring, and of summer in autumn. */
	winter = z.minutes * MICROS_PER_MINUTE;
	before = offset_at(&z, micros - winter - MICROS_PER_DAY / 2);
	*ret = micros - before;
	if (offset_at(&z, *ret) != before) {
		int64_t after = offset_at(&z, *ret);

		/* Behind the change, unless it is the hour that is missing. */
		if (offset_at(&z, micros - after) == after)
			*ret = micros - after;
	}
	return true;
}

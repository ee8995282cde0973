#include "base/base.h"

#include "expr/units.h"

struct unit {
	const char *name;
	enum unit_kind interval;
	bool datetime;
};

static const struct unit units[] = {
	{"year", UNIT_YEAR_MONTH, true},
	{"quarter", UNIT_NONE, true},
	{"month", UNIT_YEAR_MONTH, true},
	{"week", UNIT_DAY_TIME, true},
	{"day", UNIT_DAY_TIME, true},
	{"dayofyear", UNIT_NONE, true},
	{"hour", UNIT_DAY_TIME, true},
	{"minute", UNIT_DAY_TIME, true},
	{"second", UNIT_DAY_TIME, true},
	{"millisecond", UNIT_DAY_TIME, true},
	{"microsecond", UNIT_DAY_TIME, true},
	{"nanosecond", UNIT_DAY_TIME, false},
};

static const struct unit *
find(struct slice word)
{
	size_t i;

	for (i = 0; i < COUNT_OF(units); i++) {
		if (slice_ieq(word, units[i].name))
			return &units[i];
	}
	return NULL;
}

bool
unit_is_datetime(struct slice word)
{
	const struct unit *u = find(word);

	return u && u->datetime;
}

bool
unit_is_date_function(const char *name)
{
	static const char *const names[] = {"date_add", "date_diff", "dateadd",
	    "datediff", "timediff", "timestampadd", "timestampdiff"};
	size_t i;

	for (i = 0; i < COUNT_OF(names); i++) {
		if (str_eq(names[i], name))
			return true;
	}
	return false;
}

enum unit_kind
unit_of_interval(struct slice word)
{
	const struct unit *u = find(word);

	if (!u && word.n > 1 && chr_lower(word.p[word.n - 1]) == 's')
		u = find((struct slice){word.p, word.n - 1});
	return u ? u->interval : UNIT_NONE;
}

bool
unit_is_second(struct slice word)
{
	return slice_ieq(word, "second") || slice_ieq(word, "seconds");
}

int
unit_rank(struct slice word)
{
	static const char *const names[] = {"day", "hour", "minute", "second"};
	size_t i;

	for (i = 0; i < COUNT_OF(names); i++) {
		if (slice_ieq(word, names[i]))
			return (int)i + 1;
	}
	return 0;
}

#include "base/base.h"

#include "expr/units.h"

struct unit {
	const char *name;
	enum unit_kind interval;
};

static const struct unit units[] = {
    {"year", UNIT_YEAR_MONTH},
    {"quarter", UNIT_NONE},
    {"month", UNIT_YEAR_MONTH},
    {"week", UNIT_DAY_TIME},
    {"day", UNIT_DAY_TIME},
    {"dayofyear", UNIT_NONE},
    {"hour", UNIT_DAY_TIME},
    {"minute", UNIT_DAY_TIME},
    {"second", UNIT_DAY_TIME},
    {"millisecond", UNIT_DAY_TIME},
    {"microsecond", UNIT_DAY_TIME},
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
	return find(word) != NULL;
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

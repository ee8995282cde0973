#include "base/base.h"

#include "eval/calendar.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Every day of a thousand years, one after the other. */
static void
test_days(void **state)
{
	int64_t days = date_days((struct date){1600, 1, 1});
	int64_t end = date_days((struct date){2600, 1, 1});
	struct date d = {1600, 1, 1};

	(void)state;
	assert_int_equal(date_days((struct date){1970, 1, 1}), 0);
	assert_int_equal(end - days, 365243);
	for (; days < end; days++) {
		struct date found = date_of(days);

		assert_int_equal(found.year, d.year);
		assert_int_equal(found.month, d.month);
		assert_int_equal(found.day, d.day);
		assert_int_equal(date_days(d), days);
		if (++d.day > month_days(d.year, d.month)) {
			d.day = 1;
			d.month = d.month % 12 + 1;
			d.year += d.month == 1 ? 1 : 0;
		}
	}
}

static void
test_weeks(void **state)
{
	static const struct {
		struct date date;
		int weekday;
		int64_t year;
		int week;
	} cases[] = {
	    {{1970, 1, 1}, 4, 1970, 1},
	    {{1969, 12, 31}, 3, 1970, 1},
	    {{2021, 1, 3}, 7, 2020, 53},
	    {{2024, 12, 30}, 1, 2025, 1},
	    {{2024, 2, 29}, 4, 2024, 9},
	    {{2023, 1, 1}, 7, 2022, 52},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		int64_t days = date_days(cases[i].date);
		int64_t year;

		assert_int_equal(date_weekday(days), cases[i].weekday);
		assert_int_equal(date_week(days, &year), cases[i].week);
		assert_int_equal(year, cases[i].year);
	}
	assert_int_equal(date_of_year(date_days((struct date){2024, 12, 31})),
	    366);
}

static void
test_months(void **state)
{
	struct date d = date_add_months((struct date){2024, 1, 31}, 1);

	(void)state;
	assert_int_equal(d.day, 29);
	d = date_add_months((struct date){2024, 1, 31}, -14);
	assert_int_equal(d.year, 2022);
	assert_int_equal(d.month, 11);
	assert_int_equal(d.day, 30);
	assert_false(date_is_valid((struct date){2023, 2, 29}));
	assert_true(date_is_valid((struct date){2000, 2, 29}));
	assert_false(date_is_valid((struct date){1900, 2, 29}));
}

static void
test_times(void **state)
{
	static const struct {
		int64_t micros;
		const char *text;
	} cases[] = {
	    {0, "1970-01-01 00:00:00"},
	    {-1, "1969-12-31 23:59:59.999999"},
	    {1709210096100000, "2024-02-29 12:34:56.1"},
	    {1709210096000010, "2024-02-29 12:34:56.00001"},
	    {-62135596800000000, "0001-01-01 00:00:00"},
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct time t = time_of(cases[i].micros);

		assert_string_equal(time_text(&a, cases[i].micros),
		    cases[i].text);
		assert_true(time_micros(&t) == cases[i].micros);
	}
	assert_string_equal(date_text(&a,
	                        date_days((struct date){12345, 1, 2})),
	    "+12345-01-02");
	assert_string_equal(date_text(&a, date_days((struct date){-1, 1, 2})),
	    "-0001-01-02");
	arena_done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_days),
	    cmocka_unit_test(test_weeks),
	    cmocka_unit_test(test_months),
	    cmocka_unit_test(test_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

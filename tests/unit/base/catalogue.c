#include "base/base.h"

#include "base/problem.h"

#include "base/clock.h"
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
test_every_row_is_whole(void **state)
{
	int i;
	int k;

	(void)state;
	for (i = 0; i < ERR__COUNT; i++) {
		const struct code_info *c = code_info((enum err_code)i);

		assert_int_equal(slice_of(c->id).n, 4);
		assert_non_null(strchr("MEPAWRGS", c->id[0]));
		assert_true(chr_is_digit(c->id[1]) && chr_is_digit(c->id[3]));
		assert_true(c->http >= 400 && c->http < 600);
		assert_true(c->exit > 0 && c->exit < 79);
		assert_false(str_ends(c->title, "."));
		if (!str_ends(c->cause, ".") || !str_ends(c->fix, "."))
			fail_msg("%s is no sentence", c->id);
		for (k = 0; k < i; k++) {
			if (str_eq(c->id, code_info((enum err_code)k)->id))
				fail_msg("%s stands twice", c->id);
		}
	}
}

/* Codes that are out in the world keep their meaning: whoever changes one of
 * these rows has to think twice. */
static void
test_codes_keep_their_meaning(void **state)
{
	(void)state;
	assert_string_equal(code_info(M_TARGET_COLUMN_TWICE)->id, "M305");
	assert_string_equal(code_info(M_HEADER_UNKNOWN)->id, "M201");
	assert_string_equal(code_info(E_SYNTAX)->id, "E101");
	assert_string_equal(code_info(P_KEY_MISSING)->id, "P104");
	assert_string_equal(code_info(A_THROTTLED)->id, "A103");
	assert_string_equal(code_info(W_NOT_FOUND)->id, "W404");
	assert_string_equal(code_info(S_DISK_FULL)->id, "S507");
}

static void
test_errors(void **state)
{
	const struct err *e = err_system(S_DATABASE, "disk I/O error %d", 10);

	(void)state;
	assert_string_equal(e->message, code_info(S_DATABASE)->cause);
	e = err_wrap(e, "store %s", "x");
	assert_string_equal(e->detail, "store x: disk I/O error 10");
	assert_string_equal(e->message, code_info(S_DATABASE)->cause);
	e = err_new(W_NOT_FOUND, "There is no %s.", "row");
	assert_string_equal(e->message, "There is no row.");
	assert_string_equal(e->detail, "");
	err_clear();
}

static void
test_problems_are_sorted_and_stable(void **state)
{
	struct arena a = ARENA_INIT;
	struct problems list = {0};
	size_t i;

	(void)state;
	for (i = 0; i < 500; i++)
		problem_add(&list, &a, i % 3 ? E_SYNTAX : M_SAME_NAME_CASE,
		    (int64_t)((i * 7919) % 50), (int)((i * 31) % 5), "%zu", i)
		    ->offset = (i * 17) % 4;
	assert_int_equal(list.n, 500);
	assert_int_equal(list.errors, 333);
	problems_sort(&list);
	for (i = 1; i < list.n; i++) {
		const struct problem *p = &list.v[i - 1];
		const struct problem *q = &list.v[i];
		int64_t x = 0;
		int64_t y = 0;

		assert_true(p->row <= q->row);
		if (p->row != q->row)
			continue;
		assert_true(p->column <= q->column);
		if (p->column != q->column)
			continue;
		assert_true(p->offset <= q->offset);
		assert_true(str_to_int(p->message, 0, 999, &x));
		assert_true(str_to_int(q->message, 0, 999, &y));
		if (p->offset == q->offset)
			assert_true(x < y);
	}
	arena_done(&a);
}

static void
test_places(void **state)
{
	struct arena a = ARENA_INIT;
	struct problem p = {.header = ""};

	(void)state;
	assert_string_equal(problem_place(&a, &p), "sheet");
	p.row = 12;
	p.column = -1;
	assert_string_equal(problem_place(&a, &p), "row 12");
	p.column = 3;
	assert_string_equal(problem_place(&a, &p), "row 12, column 4");
	p.header = "Transformation";
	assert_string_equal(problem_place(&a, &p), "row 12, Transformation");
	arena_done(&a);
}

static void
test_times(void **state)
{
	const int64_t now = INT64_C(1772373909123); /* 2026-03-01 14:05:09 */
	const int64_t minute = 60000;
	struct arena a = ARENA_INIT;
	int64_t ms = 0;

	(void)state;
	assert_string_equal(time_format(&a, now), "2026-03-01 14:05:09");
	assert_string_equal(time_format_iso(&a, now),
	    "2026-03-01T14:05:09.123Z");
	assert_string_equal(time_format_relative(&a, now, now), "just now");
	assert_string_equal(time_format_relative(&a, now - minute, now),
	    "1 minute ago");
	assert_string_equal(time_format_relative(&a, now - 59 * minute, now),
	    "59 minutes ago");
	assert_string_equal(time_format_relative(&a, now - 60 * minute, now),
	    "1 hour ago");
	assert_string_equal(time_format_relative(&a, now - 30 * 60 * minute,
	                        now),
	    "yesterday");
	assert_string_equal(time_format_relative(&a,
	                        now - 14 * 24 * 60 * minute, now),
	    "2026-02-15");
	/* A clock that was set back must not show the future as an age. */
	assert_string_equal(time_format_relative(&a, now + minute, now),
	    "2026-03-01");
	assert_true(time_parse_date("2024-02-29", &ms));
	assert_int_equal(ms, INT64_C(1709164800000));
	assert_false(time_parse_date("2026-02-29", &ms));
	assert_false(time_parse_date("2026-2-1", &ms));
	assert_false(time_parse_date("2026-13-01", &ms));
	assert_false(time_parse_date("2026-01-01x", &ms));
	arena_done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_row_is_whole),
	    cmocka_unit_test(test_codes_keep_their_meaning),
	    cmocka_unit_test(test_errors),
	    cmocka_unit_test(test_problems_are_sorted_and_stable),
	    cmocka_unit_test(test_places),
	    cmocka_unit_test(test_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

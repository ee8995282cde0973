#include "base/base.h"

#include "remote/retry.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
test_who_is_asked_again(void **state)
{
	static const struct {
		enum err_code code;
		int status;
		bool sent;
		bool read;
		bool repeatable;
		bool once;
	} rows[] = {
	    {R_THROTTLED, 429, true, true, true, true},
	    {R_UNAVAILABLE, 503, true, true, true, true},
	    {R_UNAVAILABLE, 502, true, true, true, false},
	    {R_SLOW, 504, true, true, true, false},
	    {R_SLOW, 0, true, true, true, false},
	    {R_SLOW, 0, false, true, true, true},
	    {R_CUT, 0, true, true, true, false},
	    {R_UNREACHABLE, 0, false, true, true, true},
	    {R_BROKEN, 500, true, false, false, false},
	    {R_TOKEN, 401, true, false, false, false},
	    {R_DENIED, 403, true, false, false, false},
	    {R_MISSING, 404, true, false, false, false},
	    {R_INVALID, 400, true, false, false, false},
	    {R_CONFLICT, 409, true, false, false, false},
	    {R_CANCELLED, 0, true, false, false, false},
	    {R_BARRED, 0, false, false, false, false},
	    {R_UNTRUSTED, 0, false, false, false, false},
	    {R_NOT_API, 200, true, false, false, false},
	    {R_TOO_LARGE, 200, true, false, false, false},
	};
	int64_t ms;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(rows); i++) {
		struct fault f = {.code = rows[i].code,
		    .status = rows[i].status,
		    .sent = rows[i].sent};
		struct retry r = {.sent = 1, .left_ms = 10000};

		if (retry_next(&r, &f, RETRY_READ, 0, &ms) != rows[i].read ||
		    retry_next(&r, &f, RETRY_REPEATABLE, 0, &ms) !=
		        rows[i].repeatable ||
		    retry_next(&r, &f, RETRY_ONCE, 0, &ms) != rows[i].once)
			fail_msg("%s %d", code_info(f.code)->id, f.status);
	}
}

static int64_t
pause_of(int sent, int64_t asked, uint32_t chance, int64_t left)
{
	struct fault f = {.code = R_THROTTLED, .pause_ms = asked};
	struct retry r = {.sent = sent, .left_ms = left};
	int64_t ms = -1;

	if (!retry_next(&r, &f, RETRY_ONCE, chance, &ms))
		assert_true(r.left_ms == left);
	else
		assert_true(r.left_ms == left - ms);
	return ms;
}

static void
test_how_long(void **state)
{
	(void)state;
	assert_true(pause_of(1, 0, 0, 60000) == 1050);
	assert_true(pause_of(1, 0, 650, 60000) == 1700);
	assert_true(pause_of(1, 0, 651, 60000) == 1050);
	assert_true(pause_of(3, 0, 0, 60000) == 3050);
	assert_true(pause_of(10, 0, 0, 60000) == 10050);
	assert_true(pause_of(99, 0, 0, 60000) == 10050);
	assert_true(pause_of(1, 5000, 0, 60000) == 5050);
	assert_true(pause_of(7, 5000, 0, 60000) == 7050);
	assert_true(pause_of(1, 0, 0, 1050) == 1050);
	assert_true(pause_of(1, 0, 0, 1049) == -1);
	assert_true(pause_of(1, 0, 0, 0) == -1);
	assert_true(pause_of(1, 3600000, 0, 60000) == -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_who_is_asked_again),
	    cmocka_unit_test(test_how_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

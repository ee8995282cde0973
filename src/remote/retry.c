#include "base/base.h"

#include "remote/retry.h"

#define STEP_MS 1000
#define MAX_STEPS 10
#define LEAST_CHANCE_MS 50
#define MOST_CHANCE_MS 700

/* The other side has said that it has done nothing. */
static bool
was_turned_away(const struct fault *f)
{
	return f->code == R_THROTTLED ||
	    (f->code == R_UNAVAILABLE && f->status != 502);
}

/* Time and again it works the next time. */
static bool
may_pass(const struct fault *f)
{
	return f->code == R_UNREACHABLE || f->code == R_UNAVAILABLE ||
	    f->code == R_SLOW || f->code == R_CUT;
}

static bool
is_worth_it(const struct fault *f, enum retry_kind kind)
{
	if (was_turned_away(f))
		return true;
	return may_pass(f) && (kind != RETRY_ONCE || !f->sent);
}

bool
retry_next(struct retry *r, const struct fault *f, enum retry_kind kind,
    uint32_t chance, int64_t *ret_ms)
{
	int64_t steps = r->sent < MAX_STEPS ? r->sent : MAX_STEPS;
	int64_t ms = steps * STEP_MS;

	if (!is_worth_it(f, kind))
		return false;
	if (ms < f->pause_ms)
		ms = f->pause_ms;
	ms += LEAST_CHANCE_MS +
	    (int64_t)(chance % (MOST_CHANCE_MS - LEAST_CHANCE_MS + 1));
	if (ms > r->left_ms)
		return false;
	r->left_ms -= ms;
	*ret_ms = ms;
	return true;
}

/*
 * Time. Everything that asks for the time is handed a clock, so tests are
 * deterministic. Wall-clock times are milliseconds since 1970 in UTC.
 */
#ifndef T2C_CLOCK_H
#define T2C_CLOCK_H

#include "base/arena.h"

struct clock {
	int64_t fixed_ms; /* 0: the system's clock; else always this time */
};

int64_t clock_now_ms(const struct clock *c);
/* Microseconds of the monotonic clock, for durations. Never fixed. */
int64_t clock_monotonic_us(void);

/* "2026-03-01 14:05:09" in UTC. */
const char *time_format(struct arena *a, int64_t ms);
/* "2026-03-01T14:05:09.123Z", RFC 3339. */
const char *time_format_iso(struct arena *a, int64_t ms);
/* "just now", "5 minutes ago", "yesterday", "3 days ago", "2026-01-12". */
const char *time_format_relative(struct arena *a, int64_t ms, int64_t now_ms);
/* Start of a day given as "2026-03-01" (UTC); false if it is not a date. */
bool time_parse_date(const char *s, int64_t *ret_ms) MUST_USE;

#endif

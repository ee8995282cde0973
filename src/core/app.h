/*
 * What a process of text2code has for its whole life, whichever face it
 * shows: configuration, database, clock, patterns. Passed, never global.
 */
#ifndef T2C_APP_H
#define T2C_APP_H

#include "base/clock.h"

struct config;
struct db;
struct patterns;

struct app {
	const struct config *config;
	struct db *db;
	struct clock clock;
	const struct patterns *patterns;   /* checked at start, read-only */
	const char *release;               /* "0.1.0" */
};

#endif

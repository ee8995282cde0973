/*
 * What a process of text2code has for its whole life, whichever face it
 * shows: configuration, database, clock, patterns. Passed, never global.
 */
#ifndef T2C_APP_H
#define T2C_APP_H

#include "base/clock.h"
#include "base/err.h"

struct config;
struct db;
struct discovery;
struct hasher;
struct http;
struct patterns;
struct pools;
struct seal;

struct app {
	const struct config *config;
	struct db *db;
	struct clock clock;
	const struct patterns *patterns; /* read-only; set by the caller */
	const char *release;             /* "0.1.0" */
	struct hasher *hasher;           /* for passwords: core/user.h only */
	const struct pools *pools;       /* NULL outside a worker */
	const struct seal *seal;         /* core/seal.h */
	/* Set before app_reopen() by a worker of the calls pool, which alone
	 * opens tokens and talks to other servers. */
	bool makes_calls;
	struct http *http;           /* NULL where no calls are made */
	struct discovery *discovery; /* as well */
};

/*
 * Makes and checks the data directory, opens the database and brings its
 * schema up to date. Enough for the command line.
 *
 * A process that forks workers calls app_open(), app_check(), app_close(), and
 * each worker app_reopen(): a connection never crosses a fork. Whatever is
 * opened is closed when the arena is reset.
 *
 * S_FILE where the directory cannot be used, S_SEAL where its keys cannot,
 * S_CONFIG where the database is of a newer program, S_DATABASE, S_BUSY,
 * S_DISK_FULL.
 */
const struct err *app_open(struct arena *a, const struct config *config,
    struct app *ret) MUST_USE;
/* Reads the whole database: S_DATABASE where it is damaged. */
const struct err *app_check(const struct app *app) MUST_USE;
void app_close(struct app *app);
/* Opens again what app_close() closed, without looking at the schema. */
const struct err *app_reopen(struct arena *a, struct app *app) MUST_USE;

#endif

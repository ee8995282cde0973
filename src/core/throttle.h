/*
 * Slows down guessing of passwords. Within 15 minutes a name may fail 5 times
 * and an address 20 times; from then on each further attempt waits twice as
 * long, up to 15 minutes. A success forgives the name; an address has to wait
 * until its failures are old.
 *
 * An attempt counts as a failure from the moment it begins, so a hundred
 * attempts at once are no way around. Unknown names count like known ones.
 */
#ifndef T2C_THROTTLE_H
#define T2C_THROTTLE_H

#include "core/app.h"
#include "core/ids.h"

struct attempt {
	struct login_failure_id id;
	const char *account;
};

/* Begins an attempt; A_THROTTLED says for how long to wait. An empty address
 * is not counted. */
const struct err *throttle_enter(const struct app *app, struct arena *a,
    const char *name, const char *address, struct attempt *ret) MUST_USE;
/* The attempt succeeded. Within the caller's transaction. */
const struct err *throttle_forgive(const struct app *app,
    const struct attempt *attempt) MUST_USE;
/* The attempt was never judged, because of some other failure. Done as far as
 * possible. */
void throttle_withdraw(const struct app *app, const struct attempt *attempt);

#endif

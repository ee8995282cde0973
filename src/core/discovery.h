/*
 * Where the workspace by which people sign in to this program has its sign-in,
 * as it said last. Whoever is not signed in yet makes us ask, so a worker asks
 * but once in a while, whatever the answer is. It keeps one answer.
 */
#ifndef T2C_DISCOVERY_H
#define T2C_DISCOVERY_H

#include "base/clock.h"
#include "remote/oauth.h"

#define DISCOVERY_GOOD_MS ((int64_t)10 * 60 * 1000)
#define DISCOVERY_BAD_MS ((int64_t)30 * 1000)

struct discovery;

/* It ends with the arena. */
struct discovery *discovery_new(struct arena *a) RETURNS_NONNULL;
/* As oauth_discover(), an error included. */
const struct err *discovery_find(struct discovery *d, const struct clock *clock,
    const struct oauth_client *c, struct arena *a, struct oauth_server *ret)
    MUST_USE;

#endif

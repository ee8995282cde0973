/*
 * What the OAuth endpoints have issued: codes, access tokens and refresh
 * tokens. Of each only the hash is kept.
 */
#ifndef T2C_SIM_GRANTS_H
#define T2C_SIM_GRANTS_H

#include "sim/sim.h"

struct grant {
	const char *kind; /* "code", "access", "refresh" */
	const char *hash;
	const char *user;
	const char *client_id;
	const char *scope;
	const char *redirect_uri; /* of a code; else "" */
	const char *challenge;    /* of a code; else "" */
	int64_t expires_ms;
};

struct grants {
	struct grant *v;
	size_t n;
	size_t cap;
};

const struct err *grants_read(struct arena *a, const struct sim *sim,
    struct grants *ret) MUST_USE;
/* Those that expired more than a day ago are forgotten. */
const struct err *grants_write(struct arena *a, const struct sim *sim,
    const struct grants *grants) MUST_USE;
/* Adds a copy of the grant under a new secret, which it returns: it starts as
 * what it is ("sim-access-"). */
const char *grants_issue(struct arena *a, struct grants *grants,
    struct grant grant, const char *kind, int64_t expires_ms);
/* NULL where there is none; one that has expired is found, too. */
struct grant *grants_find(struct arena *a, const struct grants *grants,
    const char *kind, const char *secret);

#endif

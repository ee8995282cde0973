/*
 * Tokens at rest. Whoever stores one seals it with the public key; only a
 * process that has the secret key, a worker of the calls pool, opens it again.
 * What is sealed says which row, owner and host it is for, and opens nowhere
 * else: a token that was copied into another person's row, or whose host was
 * changed in the database, is of no use.
 *
 * The keys are two files of the data directory, made at the first start:
 * seal.pub for everybody who serves pages, seal.key (0600) for the calls pool
 * alone. Whoever has seal.key and the database has the tokens; a backup of the
 * database alone has not.
 */
#ifndef T2C_SEAL_H
#define T2C_SEAL_H

#include "base/err.h"
#include "base/str.h"

struct seal {
	const char *public_key;
	const char *secret_key; /* NULL where tokens cannot be opened */
};

/* What a token is for. */
struct seal_place {
	const char *table; /* "connection" */
	int64_t row;
	int64_t owner;    /* a user */
	const char *host; /* base of the requests that it is sent with */
};

/* Makes the keys of a data directory unless it has some. */
const struct err *seal_make(struct arena *a, const char *dir) MUST_USE;
/* Reads the public key, or both. S_SEAL where they are missing, readable by
 * others, or do not belong together. */
const struct err *seal_read(struct arena *a, const char *dir, bool secret,
    struct seal *ret) MUST_USE;

/* The box that is stored. */
const char *seal_close(struct arena *a, const struct seal *seal,
    const struct seal_place *place, const char *token) RETURNS_NONNULL;
/* S_SEAL where it does not open, or is for another place. The token is wiped
 * when the arena is reset. */
const struct err *seal_open(struct arena *a, const struct seal *seal,
    const struct seal_place *place, const char *box, const char **ret_token)
    MUST_USE;

#endif

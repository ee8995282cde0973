/*
 * Whether and when a request to another server is sent once more. The rules
 * are those that the SDKs of Databricks have in common, made safe: a request
 * that the other side may have seen is repeated only where that does no harm.
 */
#ifndef T2C_RETRY_H
#define T2C_RETRY_H

#include "remote/fault.h"

struct retry {
	int sent;        /* how often, so far */
	int64_t left_ms; /* that may still be spent on waiting */
};

/* What may be sent twice: what only reads, and what says itself that it is one
 * and the same (an idempotency token, overwrite). */
enum retry_kind {
	RETRY_READ,       /* GET, HEAD: no effect */
	RETRY_REPEATABLE, /* an effect, but twice is once */
	RETRY_ONCE        /* may have happened: never again */
};

/* After a fault. False: give up. Otherwise *ret_ms is how long to wait first,
 * at least what the other side asks for, with up to 700 ms more by chance;
 * chance is any number. Counts in r. */
bool retry_next(struct retry *r, const struct fault *f, enum retry_kind kind,
    uint32_t chance, int64_t *ret_ms) MUST_USE;

#endif

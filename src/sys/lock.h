/*
 * An advisory lock on a file, for queues between processes: who waits is
 * served in order, and a holder that dies frees the lock. Built on flock(2),
 * so the lock belongs to the open file: open it after fork, never before.
 *
 * A wait ends by SIGALRM, which the process must not use for anything else
 * while it waits; the signal's disposition is put back afterwards.
 */
#ifndef T2C_LOCK_H
#define T2C_LOCK_H

#include "base/err.h"

struct lock {
	int fd; /* valid only while opened is true */
	bool opened;
	bool held;
};

/* Opens the file, making it (0600) where it is absent. */
const struct err *lock_open(struct lock *l, const char *path) MUST_USE NONNULL;
void lock_close(struct lock *l) NONNULL;
/* S_BUSY where it is still held by another after timeout_ms (> 0). */
const struct err *lock_take(struct lock *l, int64_t timeout_ms)
    MUST_USE NONNULL;
/* True where it was free and is ours now. Never waits. */
bool lock_try(struct lock *l) MUST_USE NONNULL;
void lock_release(struct lock *l) NONNULL;

#endif

/*
 * Whether the database and its disk are as they should be: for /healthz and
 * for people. Cheap enough to be asked every second: nothing is written.
 */
#ifndef T2C_HEALTH_H
#define T2C_HEALTH_H

#include "core/app.h"

/* Below it, storing is about to fail. */
#define HEALTH_MIN_FREE ((int64_t)16 * 1024 * 1024)

struct health {
	bool readable;
	bool writable;       /* a turn to write comes, the disk takes it */
	int64_t free_bytes;  /* of the data directory's disk; -1: unknown */
	const char *problem; /* "" if all is well; for administrators */
};

void health_check(const struct app *app, struct arena *a, struct health *ret);

#endif

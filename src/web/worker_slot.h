/*
 * What a worker tells the master, in memory that both share: one slot a
 * worker. The master ends a worker whose request runs past its deadline.
 */
#ifndef T2C_WORKER_SLOT_H
#define T2C_WORKER_SLOT_H

#include "base/base.h"

#include <stdatomic.h>

struct worker_slot {
	_Atomic int64_t busy_since_us; /* clock_monotonic_us() when the
	                                    present request came; 0: idle */
	_Atomic int64_t requests;      /* served so far by this worker */
};

#endif

/*
 * The workers as one of them sees its fellows: for /healthz. The master of a
 * single pool knows of no other.
 */
#ifndef T2C_POOLS_H
#define T2C_POOLS_H

#include "base/base.h"

struct worker_slot;

struct pools {
	const struct worker_slot *slot; /* the pages', then the calls' */
	size_t pages;
	size_t calls;
};

#endif

/*
 * Words whose bits are turned to the left. For src/eval alone.
 */
#ifndef T2C_EVAL_ROTATE_H
#define T2C_EVAL_ROTATE_H

#include "base/base.h"

/* By 1 to 31 bits. */
static inline uint32_t
rotate(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

/* By 1 to 63 bits. */
static inline uint64_t
rotate64(uint64_t x, unsigned n)
{
	return x << n | x >> (64 - n);
}

#endif

/*
 * Idempotency keys: a hidden random value of a form, by which a POST that is
 * sent twice is recognised. One person's keys mean nothing to another.
 */
#ifndef T2C_KEY_H
#define T2C_KEY_H

#include "base/err.h"

#define KEY_MAX 100   /* bytes */

/* NULL for NULL and "", which stand for no key; W_BAD_REQUEST if it is too
 * long to be ours. */
const struct err *key_check(const char *key, const char **ret) MUST_USE;

#endif

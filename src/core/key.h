/*
 * Idempotency keys: a hidden random value of a form, by which a POST that is
 * sent twice is recognised. One person's keys mean nothing to another.
 */
#ifndef T2C_KEY_H
#define T2C_KEY_H

#include "base/err.h"
#include "base/str.h"

#define KEY_MAX 100 /* bytes */

/* NULL for NULL and "", which stand for no key; W_BAD_REQUEST if it is too
 * long to be ours. */
const struct err *key_check(const char *key, const char **ret) MUST_USE;

/* The key bound to what is sent with it: the same form sent twice has one key,
 * a form that the person went back to and filled in differently another. "" for
 * NULL and "". */
const char *key_bind(struct arena *a, const char *key, struct slice content);

#endif

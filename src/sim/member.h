/*
 * Members of JSON objects, read by who can do without them: of our own state,
 * of files that people write, and of what a request may leave out.
 */
#ifndef T2C_SIM_MEMBER_H
#define T2C_SIM_MEMBER_H

#include "base/json.h"

/* A whole number from 0; 0 for anything else. */
int64_t member_int(const struct json *object, const char *key);
/* Whether it is true, and not 1 or "true". */
bool member_true(const struct json *object, const char *key);
/* What a list begins with; NULL where it is empty or no list. */
const struct json *member_first(const struct json *object, const char *key);

#endif

/*
 * A date or time as a text of some pattern (Spark SQL reference, Datetime
 * Patterns), so that tests have texts which to_date() can read.
 */
#ifndef T2C_PATTERN_TEXT_H
#define T2C_PATTERN_TEXT_H

#include "eval/value.h"

/* NULL where the pattern has a letter that is not known here. v is a date or
 * a timestamp. */
const char *pattern_text(struct arena *a, const char *pattern,
    const struct value *v);

#endif

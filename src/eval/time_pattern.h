/*
 * Datetime patterns such as yyyy-MM-dd HH:mm:ss, as Spark reads them (SQL
 * reference, Datetime Patterns for Formatting and Parsing), in English and
 * UTC. Known are y M L d E H h K k m s S a Q q D, of the zones X x Z z for
 * writing alone, and text in quotes. For src/eval alone.
 */
#ifndef T2C_EVAL_TIME_PATTERN_H
#define T2C_EVAL_TIME_PATTERN_H

#include "base/str.h"

/* False where the pattern, or this year in it, is not known. */
bool time_pattern_write(struct arena *a, struct slice pattern, int64_t micros,
    struct slice *ret) MUST_USE;

enum time_pattern_outcome {
	TIME_PATTERN_GOOD,
	TIME_PATTERN_BAD,     /* the text is not of the pattern */
	TIME_PATTERN_UNKNOWN, /* the pattern is not known */
};

/* Reads the whole text. What the pattern leaves open is of 1970-01-01 00:00.
 */
enum time_pattern_outcome time_pattern_read(struct slice pattern,
    struct slice text, int64_t *ret_micros) MUST_USE;

#endif

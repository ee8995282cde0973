/*
 * Text by characters, as Spark counts them: code points. For src/eval alone.
 */
#ifndef T2C_EVAL_UTF8_H
#define T2C_EVAL_UTF8_H

#include "base/str.h"

/* The part from one character up to another, each cut to the ends. */
struct slice utf8_part(struct slice s, int64_t from, int64_t to);
/* The place, in bytes, of the first needle at or behind from; -1. */
int64_t slice_find(struct slice s, struct slice needle, size_t from);
/* The characters as numbers; their count is *ret_n. */
uint32_t *utf8_points(struct arena *a, struct slice s, size_t *ret_n);

/* Upper and lower case by Unicode, for the letters of Latin-1, Latin
 * Extended-A, Greek and Cyrillic. False for text with other letters, which
 * versions of Java may know or not. */
bool utf8_upper(struct arena *a, struct slice s, struct slice *ret) MUST_USE;
bool utf8_lower(struct arena *a, struct slice s, struct slice *ret) MUST_USE;
/* The first letter of each word upper, all others lower; words end at blanks.
 */
bool utf8_title(struct arena *a, struct slice s, struct slice *ret) MUST_USE;

#endif

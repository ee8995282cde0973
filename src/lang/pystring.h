/*
 * The value of a Python string literal. Internal to src/lang.
 */
#ifndef T2C_LANG_PYSTRING_H
#define T2C_LANG_PYSTRING_H

#include "base/arena.h"
#include "base/str.h"

struct pystring {
	size_t start; /* of what is between the quotes, in the text */
	size_t end;
	bool is_raw;
	bool is_format;
	bool is_bytes;
};

/* Of the literal text[start, end), with prefix and quotes. */
void pystring_read(struct slice text, size_t start, size_t end,
    struct pystring *ret);
/* What Python makes of it; of an f-string, of a piece between its braces. An
 * escape \N{…} becomes U+FFFD, and *ret_odd true. */
const char *pystring_value(struct arena *a, struct slice raw, bool is_raw,
    bool is_format, bool *ret_odd) RETURNS_NONNULL;

#endif

/*
 * Text. A string is NUL-terminated and immutable; a slice is a run of bytes
 * inside some other memory. Character classes are ASCII and never depend on
 * the locale. UTF-8 is the only encoding inside the program.
 */
#ifndef T2C_STR_H
#define T2C_STR_H

#include "base/arena.h"

struct slice {
	const char *p;
	size_t n;
};

/* A string literal as a slice. */
#define SLICE(literal) ((struct slice){"" literal, sizeof(literal) - 1})

struct slice slice_of(const char *s) NONNULL;
struct slice slice_trim(struct slice s); /* ASCII white space */
bool slice_eq(struct slice a, struct slice b);
bool slice_is(struct slice a, const char *s);
/* The same bytes as a string in the arena; embedded NULs are kept but end it
 * for every reader of strings. */
const char *slice_dup(struct arena *a, struct slice s);
/* The same; CR and CRLF become LF. */
const char *slice_dup_lf(struct arena *a, struct slice s);

bool str_eq(const char *a, const char *b);  /* NULL equals only NULL */
bool str_ieq(const char *a, const char *b); /* ASCII case folded */
bool slice_ieq(struct slice a, const char *b);
bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);
bool str_empty(const char *s); /* NULL or "" */
/* The list has it; STR_IS_IN() takes an array. */
bool str_is_one_of(const char *s, const char *const *list, size_t n);
#define STR_IS_IN(s, array) str_is_one_of(s, array, COUNT_OF(array))
/* The string without white space at both ends, in the arena. */
const char *str_trim(struct arena *a, const char *s);
const char *str_lower(struct arena *a, const char *s);

bool chr_is_space(char c); /* blank, \t \n \v \f \r */
bool chr_is_digit(char c);
bool chr_is_alpha(char c);
bool chr_is_alnum(char c);
char chr_lower(char c);
char chr_upper(char c);
/* The value of a hexadecimal digit, -1 for any other character. */
int chr_hex(char c);

/* A decimal integer within [min, max], with nothing before or after it.
 * False, and *ret untouched, for anything else. */
bool str_to_int(const char *s, int64_t min, int64_t max, int64_t *ret) MUST_USE;
bool slice_to_int(struct slice s, int64_t min, int64_t max, int64_t *ret)
    MUST_USE;

/* "0.05" is 5: a number from 0 to max hundredths, with at most two digits
 * behind a point or comma. */
bool str_to_hundredths(const char *s, int64_t max, int64_t *ret) MUST_USE;

/* The line that starts at *at, without its end; moves *at behind it. False at
 * the end of the text. */
bool slice_line(struct slice text, size_t *at, struct slice *ret) MUST_USE;

/* Well-formed UTF-8 by the Unicode standard, table 3-7 (no overlong forms, no
 * surrogates, nothing above U+10FFFF). */
bool utf8_valid(struct slice s);
/* Decodes one character at p (n > 0 bytes left). Returns the bytes consumed;
 * an ill-formed sequence gives U+FFFD and 1. */
size_t utf8_next(const char *p, size_t n, uint32_t *ret);
/* Writes up to 4 bytes, returns their number. cp must be a scalar value. */
size_t utf8_put(uint32_t cp, char out[4]);
/* Number of characters of valid UTF-8. */
size_t utf8_length(struct slice s);
/* At most max characters of s, with an ellipsis where something was cut. */
const char *utf8_cut(struct arena *a, const char *s, size_t max);

#endif

/*
 * Characters outside ASCII, and those within it that SQL has no use for: which
 * of them are blanks, which letters, and what to say about the others. Word
 * processors and spreadsheets put them into cells unasked.
 */
#ifndef T2C_EXPR_CHARSET_H
#define T2C_EXPR_CHARSET_H

#include "base/str.h"

struct charset_bad {
	size_t length; /* bytes that the message is about */
	const char *message;
	const char *fix;
};

/* Bytes of the blank that stands at p (no-break space and relatives), 0 if
 * none does. ASCII blanks are not asked for here. */
size_t charset_space(const char *p, size_t n);
/* Bytes of the letters, digits and underscores at p, where at least the first
 * is a letter outside ASCII; 0 if it is not. */
size_t charset_letters(const char *p, size_t n);
/* About the character at the start of the text, which no token starts with. */
void charset_explain(struct arena *a, struct slice text,
    struct charset_bad *ret);
/* About a name with letters outside ASCII and without backticks. */
const char *charset_name_message(struct arena *a, const char *name);
const char *charset_name_fix(struct arena *a, const char *name);

#endif

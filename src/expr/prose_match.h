/*
 * The words of a sentence, and sentences of a known form.
 */
#ifndef T2C_EXPR_PROSE_MATCH_H
#define T2C_EXPR_PROSE_MATCH_H

#include "base/str.h"

#define PROSE_MAX_WORDS 32

struct prose_words {
	struct slice v[PROSE_MAX_WORDS];
	size_t n;
	bool more; /* there are more than fit */
};

/* Splits at blanks; quoted text is one word, a comma behind a word is a word
 * of its own, other punctuation behind a word is dropped. */
void prose_split(const char *text, struct prose_words *ret);
/* The advice for the first form that fits all the words; NULL if none does. */
const char *prose_advise(struct arena *a, const struct prose_words *words);

/* What to write instead of a remark. */
#define PROSE_COPY "Leave the cell empty for a plain copy of the source column."

#endif

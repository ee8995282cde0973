/*
 * The nearest of many words to a misspelt one: "Did you mean initcap?"
 */
#ifndef T2C_EXPR_SUGGEST_H
#define T2C_EXPR_SUGGEST_H

#include "base/str.h"

#define SUGGEST_MAX 32 /* longer words are not looked at */

struct suggestion {
	char word[SUGGEST_MAX];
	size_t n;
	uint32_t letters; /* which of a to z occur */
	size_t limit;     /* edits that are still near */
	const char *best;
	size_t distance;
};

void suggest_init(struct suggestion *s, struct slice word);
void suggest_try(struct suggestion *s, const char *candidate);
/* The nearest candidate, the first of several; NULL if none is near. */
const char *suggest_best(const struct suggestion *s);

#endif

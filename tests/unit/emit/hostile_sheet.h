/*
 * Sheets with hostile names and texts, and the code that they become.
 */
#ifndef T2C_TEST_HOSTILE_SHEET_H
#define T2C_TEST_HOSTILE_SHEET_H

#include "hostile.h"

#include "plan/pattern.h"

#define TARGETS 4

/* What a sheet names and says. */
struct words_of_sheet {
	const char *table;
	const char *source[TARGETS];
	const char *target[TARGETS];
	const char *literal;
	const char *comment;
};

extern const struct words_of_sheet harmless_words;

/* Names have none of the characters that the output refuses. */
void hostile_words(struct arena *a, struct dice *d, const char *refused,
    struct words_of_sheet *ret);

/* The code, of which lang_check() finds nothing to say; NULL if the sheet is
 * refused. The output is one of notebooks. */
const char *hostile_code(struct arena *a, const struct words_of_sheet *w,
    const struct pattern *pattern, const char *output);

#endif

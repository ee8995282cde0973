/*
 * Languages read as words and signs: enough to see whether quotes, comments
 * and brackets are closed, and to highlight. Internal to src/lang.
 */
#ifndef T2C_LANG_WORDS_H
#define T2C_LANG_WORDS_H

#include "lang/lang.h"

enum token_kind {
	TOKEN_END,
	TOKEN_BLANK,
	TOKEN_COMMENT,
	TOKEN_STRING,
	TOKEN_NAME, /* in backticks */
	TOKEN_NUMBER,
	TOKEN_WORD,
	TOKEN_SIGN,
};

struct token {
	enum token_kind kind;
	size_t start;
	size_t end;
	bool is_open; /* a quote or comment that nothing closes */
};

struct words {
	/* The token at `at`; at the end of the text an empty one. */
	struct token (*next)(struct slice text, size_t at);
	/* What a word is. */
	enum span_kind (*kind)(struct slice text, const struct token *word);
	char end; /* ends a statement, and so no bracket holds it; or '\0' */
};

extern const struct words words_sql;
extern const struct words words_scala;
/* NULL for languages that are read otherwise. */
const struct words *words_of(enum lang lang);

/* Are quotes, comments and brackets closed, each by its own kind? Else where,
 * and what. */
bool words_check(struct arena *a, const struct words *words, struct slice text,
    size_t *ret_at, const char **ret_message) MUST_USE;
/* As lang_highlight. */
void words_highlight(struct arena *a, const struct words *words,
    struct slice text, struct spans *ret);
/* A letter of a word: of ASCII letters, digits, _, and all beyond ASCII. */
bool words_is_word(char c);

#endif

/*
 * The keywords of Spark SQL that matter to expressions. A keyword is only a
 * word: whether it is one here or a column's name, the parser decides.
 */
#ifndef T2C_EXPR_KEYWORDS_H
#define T2C_EXPR_KEYWORDS_H

#include "base/str.h"

enum keyword {
	KW_NONE,
#define KEYWORD(symbol, text, flags) KW_##symbol,
#include "expr/keyword_list.h"
#undef KEYWORD
	KW__COUNT
};

static_assert(KW__COUNT <= 256, "a keyword fits the byte of a token");

/* The keyword that the word is, in any case; KW_NONE if it is none. */
enum keyword keyword_find(struct slice word);
/* In lower case. Not for KW_NONE. */
const char *keyword_text(enum keyword k) RETURNS_NONNULL;
/* A name like this stands in backticks. */
bool keyword_is_quoted(enum keyword k);
/* A word like this is never a column unless in backticks. */
bool keyword_is_hard(enum keyword k);

#endif

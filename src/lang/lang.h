/*
 * Syntax of the languages we show and emit, by tree-sitter: is it well-formed,
 * which bytes are which kind of word, which lines fold. Only src/lang includes
 * tree-sitter.
 */
#ifndef T2C_LANG_H
#define T2C_LANG_H

#include "base/arena.h"
#include "base/str.h"

enum lang { LANG_PYTHON };

struct lang_error {
	size_t line;            /* from 1 */
	size_t column;          /* bytes, from 1 */
	const char *message;
};

/* True if the text parses without an error or missing token. */
bool lang_check(struct arena *a, enum lang lang, struct slice text,
    struct lang_error *ret) MUST_USE;

enum span_kind { SPAN_PLAIN, SPAN_KEYWORD, SPAN_STRING, SPAN_NUMBER,
	SPAN_COMMENT, SPAN_FUNCTION, SPAN_CONSTANT, SPAN_DECORATOR, SPAN_TYPE,
	SPAN__COUNT };

struct span {
	size_t start;
	size_t end;
	enum span_kind kind;
};

struct spans {
	struct span *v;         /* ascending, not overlapping; gaps are plain */
	size_t n;
	size_t cap;
};

void lang_highlight(struct arena *a, enum lang lang, struct slice text,
    struct spans *ret);

#endif

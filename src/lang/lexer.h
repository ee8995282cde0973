/*
 * Python's words and signs, line by line, without a grammar: strings,
 * brackets, and values that follow each other without an operator. It finds
 * the mistakes that a grammar can place only roughly. Internal to src/lang.
 */
#ifndef T2C_LANG_LEXER_H
#define T2C_LANG_LEXER_H

#include "base/arena.h"
#include "base/str.h"

struct quote {
	size_t at;
	char mark;
	bool triple;
	bool raw;
	bool format;
};

/* An open bracket, or the brace of an f-string that opens code; after that
 * code the string goes on. */
struct open {
	char sign;              /* ( [ {, or f */
	size_t at;
	struct quote quote;     /* of f: the string it is in */
	bool in_spec;           /* of f: it stands in a format specifier */
};

struct lexer {
	struct arena *arena;
	const char *p;
	size_t i;               /* next byte */
	size_t end;             /* of the text to read */
	const char *message;    /* the first flaw, NULL if there is none */
	size_t at;
	bool quiet;             /* nobody reads messages: line numbers, which
	                           cost time, may be wrong */
	LIST_OF(struct open) open;
	/* A flaw, unless a bracket before it turns out to be never closed. */
	const char *doubt;
	size_t doubt_at;
	/* of the logical line */
	struct slice first;     /* its first word, "" if none */
	struct slice word;      /* the last one */
	size_t tokens;
	char last;              /* sign of the last token, w for a word */
	size_t last_end;
	bool colon;             /* there is one outside brackets */
	bool value;             /* a value ends with the last token */
};

/* Reads the logical line that starts at the next byte. False: there is a
 * flaw, and the lexer is not to be used any more. */
bool lexer_line(struct lexer *x) MUST_USE;
/* Notes a flaw; always false. */
bool lexer_flaw(struct lexer *x, size_t at, const char *message);
/* To the end of the physical line. */
void lexer_skip_comment(struct lexer *x);
/* The byte that many places ahead, NUL behind the end. */
char lexer_peek(const struct lexer *x, size_t ahead);
/* The word at the next byte, "" if there is none. */
struct slice lexer_word(const struct lexer *x);
/* The number of the line that holds the byte, from 1. */
size_t lexer_line_number(const struct lexer *x, size_t at);

/* else, elif, except, finally */
bool continues_block(struct slice word);

#endif

/*
 * Python's words and signs, line by line, without a grammar: strings,
 * brackets, and values that follow each other without an operator. It finds
 * the mistakes that a grammar can place only roughly. Internal to src/lang.
 */
#ifndef T2C_LANG_PYLEX_H
#define T2C_LANG_PYLEX_H

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
	char sign; /* ( [ {, or f */
	size_t at;
	struct quote quote; /* of f: the string it is in */
	bool in_spec;       /* of f: it stands in a format specifier */
};

struct pylex {
	struct arena *arena;
	const char *p;
	size_t i;            /* next byte */
	size_t end;          /* of the text to read */
	const char *message; /* the first flaw, NULL if there is none */
	size_t at;
	bool quiet; /* messages are not made; they cost time */
	LIST_OF(struct open) open;
	/* A comma is missing, unless a bracket before it is never closed. */
	bool doubt;
	size_t doubt_at;
	/* of the logical line */
	struct slice first; /* its first word, "" if none */
	struct slice word;  /* the last one */
	size_t tokens;
	char last; /* sign of the last token, w for a word */
	size_t last_end;
	bool colon; /* there is one outside brackets */
	bool value; /* a value ends with the last token */
};

/* Begins with another stretch of the text; arena, p and quiet stay. */
void pylex_start(struct pylex *x, size_t start, size_t end);
/* Reads the logical line that starts at the next byte. False: there is a
 * flaw, and the lexer must be started again. */
bool pylex_line(struct pylex *x) MUST_USE;
/* Notes a flaw; always false. */
bool pylex_flaw(struct pylex *x, size_t at, const char *format, ...)
    PRINTF(3, 4);
/* To the end of the physical line. */
void pylex_skip_comment(struct pylex *x);
/* The byte that many places ahead, NUL behind the end. */
char pylex_peek(const struct pylex *x, size_t ahead);
/* The word at the next byte, "" if there is none. */
struct slice pylex_word(const struct pylex *x);
/* The number of the line that holds the byte, from 1. */
size_t pylex_line_number(const struct pylex *x, size_t at);

#endif

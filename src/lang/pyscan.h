/*
 * Cuts a Python text into parts that can be parsed one by one, and finds the
 * flaws that need no grammar: those of the lexer and those of indentation.
 * Internal to src/lang.
 */
#ifndef T2C_LANG_PYSCAN_H
#define T2C_LANG_PYSCAN_H

#include "base/arena.h"
#include "base/str.h"

/* A statement at the left margin with its block, or what follows a flaw up to
 * the end of the cell. Comments and blank lines belong to the part before,
 * those at the top of a cell to the first. Parts cover the text. */
struct part {
	size_t start;
	size_t end;
	size_t words; /* as pyscan_words() counts */
};

struct parts {
	struct part *v;
	size_t n;
	size_t cap;
};

struct flaw {
	const char *message; /* NULL: none was found */
	size_t at;
	size_t part; /* the index of the part it is in */
};

/* A logical line, from its first token to the end of its last one. */
struct line {
	size_t start;
	size_t end;
	size_t words;
	struct slice first; /* its first word, "" if it starts otherwise */
	bool opens_block;   /* it ends with a colon */
};

struct lines {
	struct line *v;
	size_t n;
	size_t cap;
};

/* An upper bound of the tokens that any lexer finds in these bytes. */
size_t pyscan_words(const char *p, size_t n);

/* Adds the parts of a Python text to an empty list, and finds the first flaw.
 * One pass; nesting is limited by memory alone. */
void pyscan_parts(struct arena *a, struct slice text, struct parts *ret_parts,
    struct flaw *ret_flaw);

/* Adds the logical lines of a part, up to its flaw if there is one. */
void pyscan_lines(struct arena *a, struct slice text, const struct part *part,
    struct lines *ret);

#endif

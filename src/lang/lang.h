/*
 * Syntax of the languages we show and emit: is it well-formed, which bytes are
 * which kind of word, which lines fold. Only src/lang includes tree-sitter.
 *
 * Nothing here runs or resolves code, and any bytes are accepted as text. Of a
 * Databricks notebook source (a text whose first line says so) each cell is
 * read on its own, as the notebook does.
 *
 * Text above LANG_MAX_BYTES, a single logical line above LANG_MAX_WORDS words
 * and signs, and text that takes several times as long as usual to parse are
 * not parsed: the check refuses them, highlighting leaves them plain. The
 * second limit is one of safety: libtree-sitter 0.20.7 corrupts its memory
 * where an error encloses more than 65,535 tokens.
 */
#ifndef T2C_LANG_H
#define T2C_LANG_H

#include "base/arena.h"
#include "base/str.h"

#define LANG_MAX_BYTES ((size_t)16 * 1024 * 1024)
#define LANG_MAX_WORDS 60000

enum lang { LANG_PYTHON, LANG_SQL, LANG_SCALA };

/* The language of a text that we have emitted: that of a notebook source, else
 * Python. */
enum lang lang_of(struct slice text);
/* "py", "sql", "scala" */
const char *lang_extension(enum lang lang) RETURNS_NONNULL;

struct lang_error {
	size_t line;         /* from 1 */
	size_t column;       /* bytes, from 1 */
	const char *message; /* one sentence */
};

/*
 * True if the text is well-formed; else the first error is in *ret.
 *
 * Brackets, strings, indentation, blocks, the places of keywords and values
 * without an operator between them are checked as CPython 3.11 does (but a
 * quote may be reused within an f-string, as in 3.12). The rest is the
 * tree-sitter grammar's opinion, which accepts texts that Python refuses:
 * `return` outside a function, assignments to a call or a literal, keyword
 * arguments before positional ones, repeated parameters, leading zeros, wrong
 * escapes, `x <> y`. So true means "no error was found"; it does not mean that
 * Python compiles it.
 *
 * Of SQL only quotes, comments and round brackets are checked, of Scala
 * quotes, comments and all brackets.
 */
bool lang_check(struct arena *a, enum lang lang, struct slice text,
    struct lang_error *ret) MUST_USE;

enum span_kind {
	SPAN_PLAIN,
	SPAN_KEYWORD,
	SPAN_STRING,
	SPAN_NUMBER,
	SPAN_COMMENT,
	SPAN_FUNCTION,
	SPAN_CONSTANT,
	SPAN_DECORATOR,
	SPAN_TYPE,
	SPAN__COUNT
};

struct span {
	size_t start;
	size_t end;
	enum span_kind kind;
};

struct spans {
	struct span *v; /* ascending, not overlapping; gaps are plain */
	size_t n;
	size_t cap;
};

/* Adds the spans of the text, well-formed or not, to an empty list. */
void lang_highlight(struct arena *a, enum lang lang, struct slice text,
    struct spans *ret);

struct section {
	size_t first_line; /* from 1 */
	size_t last_line;
	const char *title; /* never empty; at most 80 characters */
};

struct sections {
	struct section *v; /* ascending, not overlapping */
	size_t n;
	size_t cap;
};

/*
 * Adds the cells of a notebook source (Python, SQL or Scala: comments with #,
 * -- or //) to an empty list, or the whole of any other text as one section.
 * Blank lines at both ends, the lines that separate cells and empty cells
 * belong to no section, so a blank text has none.
 *
 * The title is the cell's own (DBTITLE) or its first Markdown heading; else
 * the first comment, definition or assignment at the left margin; else the
 * first line.
 */
void lang_sections(struct arena *a, struct slice text, struct sections *ret);

#endif

/*
 * Writing Python source: literals that cannot be escaped from, comments and
 * docstrings that stay what they are, and calls broken into lines as careful
 * people do (100 columns, one argument a line where they do not fit).
 */
#ifndef T2C_PYTHON_H
#define T2C_PYTHON_H

#include "base/buf.h"
#include "emit/source_map.h"

#define PYTHON_WIDTH 100

/* Characters that would make code read differently from what it does, or that
 * nobody can see: escaped in literals, dropped from comments. */
bool python_is_invisible(uint32_t cp);

/* A string literal, in double quotes unless the text has some and no single
 * ones. Control characters and invisible or direction-changing ones of Unicode
 * are escaped. */
const char *python_string(struct arena *a, const char *text);

/* The text as it may stand in a comment or a docstring: one line, without
 * backslashes and double quotes, invisible characters dropped. */
const char *python_comment(struct arena *a, const char *text);

/* A string literal that does not fit into one line, as pieces of at most
 * width columns, to be written one below the other; cut before blanks. */
struct python_pieces {
	const char **v;
	size_t n;
	size_t cap;
};
void python_split(struct arena *a, const char *text, size_t width,
    struct python_pieces *ret);

struct python {
	struct buf *out;
	struct arena *arena;
	struct source_map *map;
	bool is_module; /* the session and the parameters are in `job` */
	/* How far lines have been counted. */
	size_t counted;
	int64_t line;
	bool is_scala; /* a level is 2 blanks, not 4 */
};

/* The number of the line to be written next. */
int64_t python_line_number(struct python *py);
/* The lines since that one, or that one alone if none was written, come from a
 * row of the sheet; of rows of one line the first one stays. */
void python_mark(struct python *py, int64_t first, int64_t row);

/* Does the text fit into one line at that level? */
bool python_fits(int level, const char *text);
/* One line, indented by the blanks of its level. An empty text is an empty
 * line. */
void python_line(struct python *py, int level, const char *format, ...)
    PRINTF(3, 4);

/* One line that comes from a row of the sheet, or from none (0). */
void python_put_of_row(struct python *py, int level, int64_t row,
    const char *line);

/* Text in lines of PYTHON_WIDTH, broken before blanks: the first one begins
 * with first, the others with rest. */
void python_put_words(struct python *py, const char *first, const char *rest,
    const char *text);

/* One more piece of a long text. */
void python_add_piece(struct arena *a, struct python_pieces *pieces,
    const char *format, ...) PRINTF(3, 4);
const char *python_join(struct arena *a, const struct python_pieces *pieces,
    const char *between) RETURNS_NONNULL;
/* Writes name = "…", in one line where it fits, else a piece a line.
 * Each piece is a literal of its own, so that odd names are escaped like
 * everywhere else. */
void python_put_pieces(struct python *py, int level, const char *name,
    const struct python_pieces *pieces);

#endif

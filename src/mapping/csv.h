/*
 * The cells of a CSV text, one after another. Rows are counted as a
 * spreadsheet counts them: a line end inside quotes starts no row, an empty
 * line is a row of one empty cell.
 *
 * A quote opens a quoted cell where only blanks stand before it; anywhere else
 * it is a character like any other. Nothing but blanks may follow the closing
 * quote; what does is kept as part of the cell and marked.
 */
#ifndef T2C_CSV_H
#define T2C_CSV_H

#include "base/str.h"

struct csv {
	const char *p;
	size_t n;
	size_t at;
	char separator;
	int64_t row;   /* of the next cell, from 1 */
	size_t column; /* of the next cell, from 0 */
	bool more;     /* a separator was last: one more cell follows */
	char newline;  /* the first line end: 'n', 'r', 'b' for both, 0
			  before there was one */
};

struct csv_span {
	size_t start; /* without the quotes of a quoted cell */
	size_t end;
	size_t tail; /* end of the cell in the text, tail >= end */
	int64_t row;
	size_t column;
	bool last; /* ends its row */
	bool quoted;
	bool open;  /* the closing quote is missing */
	bool dirty; /* text follows the closing quote: [end, tail) is
		       that quote and the text */
};

void csv_init(struct csv *c, struct slice text, char separator);
/* False at the end. Reads each byte once. */
bool csv_next(struct csv *c, struct csv_span *ret);

/* Steps over empty lines, where a row would start. Faster than reading them. */
void csv_skip_empty_rows(struct csv *c);

/* The text of a cell, quotes undoubled and CR LF made LF, written over the
 * place where it stands: p is the same text, now writable. May be called once
 * for each span that csv_next() returned, after it returned. */
const char *csv_text(char *p, const struct csv_span *span, size_t *ret_n);

#endif

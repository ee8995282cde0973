/*
 * A problem: a coded finding at a place in a sheet. Checking never stops at
 * the first one; all of them are collected in the order of the sheet.
 */
#ifndef T2C_PROBLEM_H
#define T2C_PROBLEM_H

#include "base/arena.h"
#include "base/err.h"

struct problem {
	enum err_code code;
	int64_t row;   /* of the sheet as a spreadsheet counts: the first
	                         line is 1; 0 = the sheet as a whole */
	int column;    /* of the sheet, from 0; -1 = the row as a whole */
	size_t offset; /* byte range within the cell; length 0 = all */
	size_t length;
	const char
	    *header;       /* the header of the column as written, "" if none */
	const char *place; /* in words, where it is no cell; NULL */
	const char *message; /* this case, in one sentence */
	const char *fix;     /* what to do; never NULL */
};

struct problems {
	struct problem *v;
	size_t n;
	size_t cap;
	size_t errors; /* of them, those that forbid compiling */
};

/* Adds a problem with the catalogue's fix. The result may be refined until
 * the next call (offset, length, header, fix). */
struct problem *problem_add(struct problems *list, struct arena *a,
    enum err_code code, int64_t row, int column, const char *format, ...)
    PRINTF(6, 7);
/* Sorts by row, then column, then offset; stable. */
void problems_sort(struct problems *list);
/* Their rows are lines of a text: says so in each place. */
void problems_are_lines(struct problems *list, struct arena *a);
/* The cell of the problem in words: "row 12, Transformation". */
const char *problem_place(struct arena *a, const struct problem *p);

#endif

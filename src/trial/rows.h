/*
 * The rows that source columns are tried with: the values of all sources side
 * by side, so that the rows of one number belong together. For the files of
 * trial/ alone.
 */
#ifndef T2C_ROWS_H
#define T2C_ROWS_H

#include "trial/scope.h"

#define ROWS_MAX 7   /* for the values of columns */
#define ROWS_ROOM 12 /* with those for branches */

struct rows {
	struct arena *arena;
	struct trial *trial;
	struct trial_scope *scope;
	size_t n;
	size_t most;                /* that n may become */
	struct value *v[ROWS_ROOM]; /* v[0] is the typical row */
	/* Of each column: its values worth trying, NULL last. */
	struct value **values;
	size_t *n_values;
	/* How many columns before it have as many values of its kind. */
	size_t *twins;
	/* Each row has another value: keys, and what joins compare. */
	bool *is_numbered;
	/* A filter looks at it: its values in v[] are those that are kept. */
	bool *is_filtered;
};

/* Chooses them, so that no expression of the pipeline depends on the version
 * or mode of Spark; says in the trial's columns which cannot be foretold. */
void rows_make(struct arena *a, struct trial *t, struct rows *ret);

/* The value of a column in a row of any number. */
struct value rows_value(const struct rows *r, size_t column, size_t number);

/* Lets every branch of CASE and if() be taken in some row, as far as values of
 * one or two columns bring that about. */
void rows_branches(struct rows *r);

/* The columns that an expression reads, in order, each once. */
struct rows_columns {
	size_t *v;
	size_t n;
	size_t cap;
};
void rows_columns(struct arena *a, struct trial_scope *s,
    const struct expr_parsed *parsed, struct rows_columns *ret);

/* Gives one or two of the columns other values, so that the row is as wanted;
 * false, and the row as before, if none are found. */
typedef bool rows_wanted(const struct rows *r, const struct value *row,
    const void *data);
bool rows_search(const struct rows *r, struct value *row,
    const struct rows_columns *columns, rows_wanted *wanted, const void *data);

#endif

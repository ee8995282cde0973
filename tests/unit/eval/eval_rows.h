/*
 * A few rows of every type, for the tests of expressions.
 */
#ifndef T2C_TEST_EVAL_ROWS_H
#define T2C_TEST_EVAL_ROWS_H

#include "eval/eval.h"

/* The scope with the rows; they live in the arena. */
struct eval_scope eval_rows_scope(struct arena *a);
/* The type and the values of the expression over the rows, separated by
 * " | ", or what keeps them from being known. */
const char *eval_rows_text(struct arena *a, const char *text);

#endif

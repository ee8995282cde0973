/*
 * How much there is to understand in a pipeline, by counts that anybody can
 * repeat with the sheet in hand. The score is a sum of them:
 *   1 for each computed column, function call, branch (WHEN, if()) and filter
 *   3 for each window and join
 * Copies and casts add nothing: a sheet of a thousand copies is long, not
 * complex.
 */
#ifndef T2C_COMPLEXITY_H
#define T2C_COMPLEXITY_H

#include "expr/expr.h"

struct complexity {
	int64_t computed_columns;
	int64_t function_calls;
	int64_t branches;
	int64_t windows;
	int64_t joins;
	int64_t filters;
};

/* Adds the calls, branches and windows of one expression. */
void complexity_add(struct complexity *c, const struct expr_parsed *parsed);
int64_t complexity_score(const struct complexity *c);

#endif

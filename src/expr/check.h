/*
 * What there is to say about a tree that parses: the columns and functions it
 * uses, what kind of expression it is, and findings that need no knowledge of
 * tables.
 */
#ifndef T2C_EXPR_CHECK_H
#define T2C_EXPR_CHECK_H

#include "expr/expr.h"

/* Fills everything of *p but text and root from the root; findings that are
 * there stay. */
void check_tree(struct arena *a, struct expr_parsed *p);
/* About one call, without its arguments. check_function.c */
void check_call(struct arena *a, struct expr_parsed *p, const struct expr *e);
/* False where the value surely is not boolean. */
bool check_may_be_boolean(const struct expr *e);
/* Whether there is room for one more finding: EXPR_MAX_FINDINGS of them are
 * enough to read, but the first error always finds room. */
bool check_wants(const struct expr_parsed *p, enum err_code code);
/* A new finding, without words so far. Ask check_wants() before. */
struct expr_finding *check_add(struct arena *a, struct expr_parsed *p,
    enum err_code code, size_t start, size_t end);

#endif

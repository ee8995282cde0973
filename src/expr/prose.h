/*
 * Sentences where an expression should be: "take the first name", "1:1",
 * "Betrag mal 1,19". They are never compiled, but where the sentence has a
 * known form the fix shows the expression that was probably meant.
 */
#ifndef T2C_EXPR_PROSE_H
#define T2C_EXPR_PROSE_H

#include "expr/expr.h"

/* A text that means "copy it", "nothing" or "not yet known" and would often
 * parse as a column: direct, 1-1, n/a. */
bool prose_is_remark(struct arena *a, const char *text,
    struct expr_finding *ret) MUST_USE;
/* For a text that does not parse: whether it is a sentence. */
bool prose_is_sentence(struct arena *a, const char *text,
    struct expr_finding *ret) MUST_USE;

#endif

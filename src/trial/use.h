/*
 * What the places in an expression ask for and give, as bits of enum
 * guess_use. For guess.c alone.
 */
#ifndef T2C_USE_H
#define T2C_USE_H

#include "trial/guess.h"

/* The letters of trial/signatures.h, "" for a function that is not there. */
const char *use_signature(const char *name);
unsigned use_of_letter(char letter);
unsigned use_of_type(const struct value_type *t);
bool use_is_arithmetic(const char *op);
bool use_is_comparison(const char *op);
/* What the result of an expression is, as far as it alone tells. */
unsigned use_natural(const struct expr *e);
/* What every step'th of several expressions of one type is. */
unsigned use_natural_of(const struct expr *const *list, size_t n, size_t step);

#endif

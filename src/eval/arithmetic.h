/*
 * The operators of numbers. What overflows, and division by zero, is
 * EVAL_DIFFERS; for the try_ functions it is NULL. For src/eval alone.
 */
#ifndef T2C_EVAL_ARITHMETIC_H
#define T2C_EVAL_ARITHMETIC_H

#include "eval/bind.h"

enum arithmetic {
	ARITHMETIC_ADD,
	ARITHMETIC_SUBTRACT,
	ARITHMETIC_MULTIPLY,
	ARITHMETIC_DIVIDE,
	ARITHMETIC_REMAINDER,
	ARITHMETIC_DIV,  /* whole */
	ARITHMETIC_PMOD, /* a remainder that is never negative */
};

/* Of nodes of any types. is_try: try_add() and its like. */
struct node *bind_number(struct bind *b, enum arithmetic op, bool is_try,
    const struct node *left, const struct node *right);
/* -n, or n where negative is false. */
struct node *bind_sign(struct bind *b, const struct node *n, bool negative);

/* & | ^ of whole numbers, and ~ where right is NULL; builtin_number.c */
struct node *bind_bits(struct bind *b, const char *op, const struct node *left,
    const struct node *right);

#endif

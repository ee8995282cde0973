/*
 * Type coercion: the common type of several values, and the casts that Spark
 * adds by itself (SQL reference, ANSI Compliance, and what Spark does without
 * ANSI mode). For src/eval alone.
 */
#ifndef T2C_EVAL_COERCE_H
#define T2C_EVAL_COERCE_H

#include "eval/bind.h"

/* As CAST(n AS type), in place where the type is the same. NULL where Spark or
 * one of its modes has no such cast. */
const struct node *coerce_cast(struct bind *b, const struct node *n,
    struct value_type type);
/* As TRY_CAST. */
const struct node *coerce_try_cast(struct bind *b, const struct node *n,
    struct value_type type);
/* What a function that wants this type makes of its argument. */
const struct node *coerce_implicit(struct bind *b, const struct node *n,
    struct value_type type);

/* The common type of CASE, coalesce(), array(), …; strings widen others, but
 * not so in ANSI mode. False after bind_fail(). */
bool coerce_wider(struct bind *b, struct value_type x, struct value_type y,
    struct value_type *ret) MUST_USE;
/* All cast to their common type, which is *ret. */
bool coerce_all(struct bind *b, const struct node **arg, size_t n,
    struct value_type *ret) MUST_USE;
/* The common type of two numbers, of equal types, of dates and timestamps.
 * False, without a message, where there is none. */
bool coerce_tightest(struct bind *b, struct value_type x, struct value_type y,
    struct value_type *ret) MUST_USE;
/* The DECIMAL that holds every value of an integral type. */
struct value_type coerce_integral(struct value_type type);
/* The same for an argument of an operator, where a literal is known better. */
struct value_type coerce_number(const struct node *n);
/* The DECIMAL with the places of both before and behind the point. */
struct value_type coerce_decimals(struct value_type x, struct value_type y);
/* A DECIMAL of at most 38 digits: behind the point, 6 stay if they can. */
struct value_type coerce_bounded(int precision, int scale);

#endif

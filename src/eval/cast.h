/*
 * CAST of values. For src/eval alone.
 */
#ifndef T2C_EVAL_CAST_H
#define T2C_EVAL_CAST_H

#include "eval/node.h"

/* Whether both modes of Spark know the cast, and so do we. */
enum eval_outcome cast_is_known(struct value_type from, struct value_type to);
/* For a pair of types that is known. What fails is NULL for TRY_CAST, and
 * EVAL_DIFFERS otherwise. */
enum eval_outcome cast_value(struct run *r, const struct value *v,
    struct value_type type, bool is_try, struct value *ret);

enum cast_text {
	CAST_GOOD,
	CAST_BAD,    /* Spark refuses it as well */
	CAST_UNSURE, /* versions or modes of Spark differ, or it is not known
	                 here */
};

/* cast_text.c: text as Spark's cast reads it. */
enum cast_text cast_to_boolean(struct slice text, bool *ret);
enum cast_text cast_to_integer(struct slice text, int64_t *ret);
enum cast_text cast_to_real(struct slice text, bool is_float, double *ret);
enum cast_text cast_to_date(struct slice text, int64_t *ret);
/* *ret_zone is whether there was one; what has none is UTC. */
enum cast_text cast_to_time(struct slice text, int64_t *ret, bool *ret_zone);

#endif

/*
 * The value of an expression: an interpreter of Spark SQL, independent of the
 * code that text2code generates, for the expected values of generated tests.
 *
 * It models Spark 3.5 and 4.0, ANSI mode off and on, the time zone UTC, and
 * gives a value only where all of them give the same one. Its knowledge is
 * pinned against the real thing by tests/spark/test_eval.py.
 *
 * Facts are from Spark's SQL reference (Functions, ANSI Compliance, Data
 * Types, Datetime Patterns, NULL Semantics, Window Functions) and from what
 * Spark answers in that test.
 */
#ifndef T2C_EVAL_H
#define T2C_EVAL_H

#include "eval/value.h"
#include "expr/expr.h"

enum eval_outcome {
	EVAL_VALUE,
	/* Versions or modes of Spark differ, or some of them raise an error:
	 * choose other data. */
	EVAL_DIFFERS,
	/* A function or form that is not known here, or a name that is not. */
	EVAL_UNKNOWN,
};

struct eval_column {
	struct value_type type;
	size_t index;   /* into a row */
	size_t n_parts; /* parts of the name that it took; what is left are
	                   fields of a struct */
};

/* What the expression sees. */
struct eval_scope {
	/* The column that a name means; false where there is none. */
	bool (*find)(void *data, const char *const *part, size_t n_parts,
	    struct eval_column *ret);
	void *data;
	/* All rows, which only window functions look at besides the current
	 * one. Each value has the type that find() says, or is NULL. */
	const struct value *const *rows;
	size_t n_rows;
};

/* The type of the result. Needs no rows. *ret_why is a sentence about an
 * outcome that is not EVAL_VALUE, else NULL. */
enum eval_outcome eval_type(struct arena *a, const struct eval_scope *scope,
    const struct expr *e, struct value_type *ret, const char **ret_why)
    MUST_USE;

/* The value for one row. */
enum eval_outcome eval_expr(struct arena *a, const struct eval_scope *scope,
    const struct expr *e, size_t row, struct value *ret, const char **ret_why)
    MUST_USE;

struct eval_result {
	enum eval_outcome outcome;
	struct value value;
	const char *why;
};

/* The values for all rows, in one array; cheaper than one by one. */
const struct eval_result *eval_rows(struct arena *a,
    const struct eval_scope *scope, const struct expr *e);

/* As CAST(v AS type). Conversions that are an error in ANSI mode, such as of
 * text that is no number, are EVAL_DIFFERS. */
enum eval_outcome eval_cast(struct arena *a, const struct value *v,
    struct value_type type, struct value *ret, const char **ret_why) MUST_USE;

#endif

/*
 * An expression with its types settled: what bind.h makes of a tree, and what
 * is run for each row. For src/eval alone.
 */
#ifndef T2C_EVAL_NODE_H
#define T2C_EVAL_NODE_H

#include "eval/eval.h"

struct node;

/* An evaluation that needs more is given up: an expression is short, but what
 * it builds need not be. */
#define RUN_MAX_STEPS 200000
#define RUN_MAX_BYTES ((size_t)64 * 1024 * 1024)

/* One evaluation of one row. */
struct run {
	struct arena *arena;
	size_t start; /* of its memory */
	size_t steps; /* nodes run so far */
	const struct eval_scope *scope;
	size_t row;
	const char *why;
	/* The arguments of the lambdas around, the innermost last. */
	LIST_OF(struct value) lambda;
};

typedef enum eval_outcome node_fn(struct run *r, const struct node *n,
    const struct value *arg, struct value *ret);

enum node_style {
	NODE_STRICT, /* NULL, without a call, where an argument is NULL */
	NODE_EAGER,  /* called with all arguments */
	NODE_LAZY,   /* arg is NULL: runs those it needs by itself */
};

struct node {
	struct value_type type;
	enum node_style style;
	node_fn *fn;
	const struct node **arg;
	size_t n_args;
	/* Settings of the function. */
	struct value value;
	size_t index;
	const void *data;
};

enum eval_outcome node_run(struct run *r, const struct node *n,
    struct value *ret);
/* The value NULL of the node's type. */
enum eval_outcome node_null(const struct node *n, struct value *ret);
/* Outcomes with their reason. */
enum eval_outcome node_differs(struct run *r, const char *why);
enum eval_outcome node_unknown(struct run *r, const char *why);
/* Whether it is a literal, whose value is n->value. */
bool node_is_constant(const struct node *n);

#endif

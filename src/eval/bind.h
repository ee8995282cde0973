/*
 * From a tree to nodes: names are looked up, functions found, and the implied
 * casts put in, which Spark calls type coercion. Those of ANSI mode are not
 * those of the other, so there may be two bindings of one tree. For src/eval
 * alone.
 */
#ifndef T2C_EVAL_BIND_H
#define T2C_EVAL_BIND_H

#include "eval/node.h"

struct bind {
	struct arena *arena;
	const struct eval_scope *scope;
	bool ansi;
	bool ansi_asked; /* the other mode may bind otherwise */
	/* Parameters of the lambdas around, the innermost last. */
	LIST_OF(struct value_field) lambda;
	/* Set by what fails first. */
	enum eval_outcome outcome;
	const char *why;
};

/* NULL where it fails; b->outcome and b->why say how. */
const struct node *bind_expr(struct bind *b, const struct expr *e);
/* A field of a struct, or of all structs of an array. */
struct node *bind_field(struct bind *b, const struct node *from,
    const char *name);
struct node *bind_fail(struct bind *b, enum eval_outcome outcome,
    const char *format, ...) PRINTF(3, 4) COLD;
/* The mode, where it decides something. */
bool bind_ansi(struct bind *b);

struct node *bind_node(struct bind *b, struct value_type type, node_fn *fn,
    enum node_style style, size_t n_args);
struct node *bind_one(struct bind *b, struct value_type type, node_fn *fn,
    const struct node *arg);
struct node *bind_two(struct bind *b, struct value_type type, node_fn *fn,
    const struct node *left, const struct node *right);
struct node *bind_constant(struct bind *b, struct value v);

/* The arguments of a node, NULL if one fails. */
const struct node **bind_args(struct bind *b, const struct expr *const *arg,
    size_t n);

/* bind_operator.c */
struct node *bind_unary(struct bind *b, const struct expr *e);
struct node *bind_binary(struct bind *b, const struct expr *e);
/* One of + - * / % and div, of nodes. */
struct node *bind_arithmetic(struct bind *b, const char *op,
    const struct node *left, const struct node *right);
/* One of = <=> <> < <= > >=, of nodes. */
struct node *bind_compare(struct bind *b, const char *op,
    const struct node *left, const struct node *right);
/* A condition, or NULL of that type. */
const struct node *bind_condition(struct bind *b, const struct node *n);
struct node *bind_not(struct bind *b, const struct node *n);
/* AND, or OR where deciding is true. */
struct node *bind_logic(struct bind *b, const struct node *left,
    const struct node *right, bool deciding);
/* bind_form.c: CASE, IN, BETWEEN, LIKE, IS, … */
struct node *bind_case(struct bind *b, const struct expr *e);
struct node *bind_in(struct bind *b, const struct expr *e);
struct node *bind_between(struct bind *b, const struct expr *e);
/* builtin_like.c */
struct node *bind_like(struct bind *b, const struct expr *e);
struct node *bind_is(struct bind *b, const struct expr *e);
struct node *bind_is_null(struct bind *b, const struct node *of);
/* Of arguments that are [when, then]… [else]. */
struct node *bind_when(struct bind *b, const struct node **arg, size_t n);

/* a || b, concat(); builtin_text.c */
struct node *bind_concat(struct bind *b, const struct node **arg, size_t n);

/* builtin_nested.c: a[i] and (a, b) */
struct node *bind_subscript(struct bind *b, const struct expr *e);
struct node *bind_struct(struct bind *b, const struct expr *e);
/* window.c */
struct node *bind_window(struct bind *b, const struct expr *e);
/* builtin.c: a call that is no window function's. */
struct node *bind_call(struct bind *b, const struct expr *e);

/* literal.c */
struct node *bind_literal(struct bind *b, const struct expr *e, bool negative);
struct node *bind_interval(struct bind *b, const struct expr *e);

#endif

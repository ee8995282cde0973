/*
 * Python as a plain tree: calls, names, attributes, texts, assignments,
 * imports, each with its line. Brackets around an expression are left out; what
 * a reader of calls has no need to tell apart is PY_OTHER; a type hint stands
 * before what it is about. Nothing is resolved and nothing runs.
 *
 * A notebook source is read as one text: its cells are separated by comments.
 */
#ifndef T2C_LANG_PYTREE_H
#define T2C_LANG_PYTREE_H

#include "base/arena.h"
#include "base/str.h"

/* Nesting that is read; a chain of calls nests twice a call. */
#define PYTREE_MAX_DEPTH 2000

enum py_kind {
	PY_OTHER,     /* text: what the grammar calls it; alias: the operator
	                 between two operands */
	PY_NAME,      /* text */
	PY_STRING,    /* text: its value; alias: "b" for bytes */
	PY_FORMAT,    /* an f-string: its texts and what stands between them;
	                 is_odd: what comes of these is not their text alone */
	PY_NUMBER,    /* text: as written */
	PY_CALL,      /* child 0: what is called; then the arguments */
	PY_KEYWORD,   /* an argument by name: text; child 0: the value */
	PY_STAR,      /* *x, **x: child 0; is_odd: the latter */
	PY_ATTRIBUTE, /* child 0 . text */
	PY_SUBSCRIPT, /* child 0 [ child 1 … ] */
	PY_LIST,      /* list, tuple or set; is_odd: a set */
	PY_DICT,      /* of PY_PAIR and PY_STAR */
	PY_PAIR,      /* child 0: key; child 1: value */
	PY_PLUS,      /* child 0 + child 1 */
	PY_CHOICE,    /* child 0 if child 1 else child 2 */
	PY_EACH,      /* a comprehension; child 0: element; then PY_FOR, …;
	                 text: what the grammar calls it */
	PY_FOR,       /* child 0: target; child 1: what is gone through */
	PY_ASSIGN,    /* child 0: target; child 1: value, where there is one;
	                 is_odd: :=, or a target in brackets */
	PY_ADD,       /* an assignment with an operator: as PY_ASSIGN */
	PY_AS,        /* with and except: child 0: value; child 1: target */
	PY_IMPORT,    /* text: the module, "" in `from . import`; alias */
	PY_FROM,      /* text: what is imported, "*" for all; module; alias */
	PY_DEF,       /* text; child 0: PY_LIST of PY_PARAM; "hints", where
	                 there are some; body; is_odd: async */
	PY_PARAM,     /* text; child 0: its default, where there is one; is_odd:
	                 *x or **x */
	PY_LAMBDA,    /* child 0: PY_LIST of PY_PARAM; child 1: the value */
	PY_CLASS,     /* text; child 0: "argument_list" with its bases, where
	                 there is one; body */
	PY_RETURN,    /* child 0, where there is one; is_odd: yield */
	PY_GLOBAL,    /* global, nonlocal; the names */
};

struct py_node {
	enum py_kind kind;
	size_t line;        /* from 1 */
	const char *text;   /* "" where the kind has none */
	const char *module; /* PY_FROM */
	const char *alias;  /* PY_IMPORT, PY_FROM: the name it gets; and see
	                       above */
	bool is_odd; /* PY_STRING: an escape that is not read (\N{…}); and see
	                above */
	bool is_tuple;          /* PY_LIST: in brackets of its own */
	struct py_node *parent; /* NULL: the root */
	struct py_node **child;
	size_t n;
	size_t cap;
	size_t order; /* in the text, from 0, without gaps; ascending from
	                 parent to child */
};

/* False: the text is no Python by the grammar, is too large, or nests too
 * deep; lang_check() has the words for it. Any bytes. */
bool pytree_read(struct arena *a, struct slice text, const struct py_node **ret)
    MUST_USE;

/* A copy of a node without its children, behind those of parent, which may be
 * NULL. Its order is that of the other one until the tree is numbered. */
struct py_node *pytree_add(struct arena *a, struct py_node *parent,
    const struct py_node *like);
/* Gives the nodes of a tree that was put together their order. */
void pytree_number(struct py_node *root);

/* The argument of a call by its place (from 0) or its name; NULL. An argument
 * behind *x has no place. name may be NULL; so may there be no place: -1. */
const struct py_node *pytree_argument(const struct py_node *call, int place,
    const char *name);
/* It has a child of that kind: of a call, PY_STAR is an argument that gives
 * several. */
bool pytree_has(const struct py_node *n, enum py_kind kind);
/* PY_OTHER of that kind. n may be NULL. */
bool pytree_is_other(const struct py_node *n, const char *text);
/* None, True, False. */
bool pytree_is_constant(const struct py_node *n);
/* The name stands somewhere in n. */
bool pytree_names(const struct py_node *n, const char *name);
/* n is outer, or stands in it. n may be NULL. */
bool pytree_is_within(const struct py_node *n, const struct py_node *outer);
/* The place in the text of the last node in n. */
size_t pytree_last(const struct py_node *n);
/* The last name of what is called: "table" for spark.read.table(x), "" where
 * it has none. */
const char *pytree_called(const struct py_node *call) RETURNS_NONNULL;

#endif

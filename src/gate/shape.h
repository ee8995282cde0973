/*
 * The columns of a table of the program, as far as reading tells them, and
 * what each is made of. Internal to src/gate.
 */
#ifndef T2C_GATE_SHAPE_H
#define T2C_GATE_SHAPE_H

#include "gate/flow.h"

struct shape;

/* A column, by what made it. */
struct made {
	const char *name;
	const struct py_node *value; /* NULL: see sql */
	const char *sql;             /* NULL too: it comes as it is */
	const struct shape *from;    /* the table that the value reads */
	const struct py_node *at;
	bool hidden; /* another column may have taken its place */
};

struct shape {
	struct made *v;
	size_t n;
	size_t cap;
	const char *alias;           /* as alias() calls it; NULL */
	const struct shape *side[2]; /* that were joined; NULL */
	const struct py_node *few;   /* what drops rows of it; NULL */
	bool none;                   /* and drops them all */
	bool open;                   /* and all columns of a source */
	bool target;                 /* rather, all columns of a target */
	bool own;                    /* its rows are those of a target */
	bool unknown;                /* and others, or not even these */
	bool doubt; /* the rows are such where a step was left out */
};

/* What a table may be, whichever way the program takes: branches, rounds of a
 * loop, both sides of a union. */
struct shapes {
	const struct shape **v;
	size_t n;
	size_t cap;
	unsigned depth; /* of the node, while it is looked at; else 0 */
};

/* Of an expression that is a table; at least one. */
const struct shapes *shapes_of(struct program *p, const struct py_node *node);
/* The condition, a text or a column, is false for each row. */
bool condition_is_false(struct program *p, const struct py_node *condition);
/* The list or dictionary that is written out, also where n names it, and which
 * nothing changes later; else n. */
const struct py_node *shape_literal(struct program *p, const struct py_node *n);
/* One of which nothing is known. */
const struct shape *shape_unknown(struct program *p);
/* A table with the same columns. */
struct shape *shape_copy(struct program *p, const struct shape *from);
/* Of two tables that were joined, the one that the node is; else from. */
const struct shape *shape_meant(struct program *p, const struct shape *from,
    const struct py_node *table);
/* df[[…]] */
const struct shape *shape_selected(struct program *p, const struct shape *from,
    const struct py_node *subscript);
/* By a method that makes other columns; other: what it is joined with. */
const struct shape *shape_changed(struct program *p, const struct shape *from,
    const struct py_node *call, const struct shape *other);
/* groupBy(keys).agg(…) of what is grouped */
const struct shape *shape_aggregated(struct program *p,
    const struct shape *from, const struct py_node *group,
    const struct py_node *call);
/* The second part of a union has the names of the first. */
const struct shape *shape_united(struct program *p, const struct shape *first,
    const struct shape *second);
/* The table that a join calls by that name; NULL. */
const struct shape *shape_side(const struct shape *s, struct slice name);
/* The last column of that name; NULL. */
const struct made *shape_find(const struct shape *s, const char *name);
/* Adds the column that an item of select() is. */
void shape_add_item(struct program *p, struct shape *to,
    const struct shape *from, const struct py_node *item);
/* Of a text of selectExpr(). */
void shape_add_sql(struct program *p, struct shape *to,
    const struct shape *from, const struct py_node *at, const char *text);

/* A column takes the place of one of its name. */
void shape_put(struct program *p, struct shape *to, const struct made *m);
void shape_put_all(struct program *p, struct shape *to,
    const struct shape *from);
/* name: an expression that is a constant, or the table becomes unknown. */
void shape_put_named(struct program *p, struct shape *to,
    const struct shape *from, const struct py_node *name,
    const struct py_node *value);

/* How surely a column is read. */
enum reading {
	READ_NOT,
	READ_PERHAPS, /* a text that may be its name */
	READ_SOMEHOW, /* on some way through the program, and not on another */
	READ_MOSTLY,  /* on each that reads a column at all */
	READ_SURELY,  /* on each */
};

struct ident {
	const char *name; /* lower case */
	enum reading how;
	bool is_field; /* or the name of a table, or a field of a struct */
};

/* The columns of sources that a value is made of. */
struct idents {
	struct ident *v;
	size_t n;
	size_t cap;
	bool unsure; /* there may be others */
	bool target; /* it reads a column of a target */
};

const struct ident *idents_find(const struct idents *list, const char *name);
void made_reads(struct program *p, const struct made *m, struct idents *ret);

#endif

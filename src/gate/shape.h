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
};

struct shape {
	struct made *v;
	size_t n;
	size_t cap;
	const char *alias;           /* as alias() calls it; NULL */
	const struct shape *side[2]; /* that were joined; NULL */
	bool open;                   /* and all columns of a source */
	bool unknown;                /* and others, or not even these */
};

/* Of an expression that is a table. */
const struct shape *shape_of(struct program *p, const struct py_node *node);
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

/* Names of columns, in lower case. */
struct idents {
	struct map names;
	bool unsure; /* there may be others */
};

/* The columns of sources that a column is made of. */
void made_reads(struct program *p, const struct made *m, struct idents *ret);

#endif

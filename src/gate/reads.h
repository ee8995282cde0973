/*
 * What reads.c follows a value by: what a text is where it stands, and what is
 * read on several ways. Internal to the reads*.c files of src/gate.
 */
#ifndef T2C_GATE_READS_H
#define T2C_GATE_READS_H

#include "gate/shape.h"

/* What a text is where it stands. */
enum role { ROLE_PERHAPS, ROLE_COLUMN, ROLE_TEXT };

/* n names a module, or what is imported of one. */
bool reads_module(const struct program *p, const struct py_node *n);
/* The call gives a column, or a window, of the columns in it. */
bool reads_column(const struct program *p, const struct py_node *call);
/* Of the argument of a call that is its child i. */
enum role reads_role(const struct program *p, const struct py_node *call,
    size_t i);

/* One of several ways: what is read on all of them is read surely. */
struct ways {
	struct idents all;
	size_t n;
	bool empty; /* on none of them, so far, a column is read */
};

void ways_add(struct program *p, struct ways *ways, const struct idents *one);

#endif

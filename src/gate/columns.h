/*
 * The columns of a pipeline against what the program writes. Internal to
 * src/gate.
 */
#ifndef T2C_GATE_COLUMNS_H
#define T2C_GATE_COLUMNS_H

#include "gate/shape.h"

/* One pipeline against the program. */
struct checking {
	struct program *p;
	const struct plan_pipeline *l;
	bool written; /* somewhere */
	bool *unsure; /* of each column: not always in a way that is followed */
	bool doubt;   /* what is looked at may not be what is written */
	bool several; /* and it is one way of several */
	bool rows;    /* and somewhere it has rows */
	const struct py_node *none; /* what drops them all, elsewhere; NULL */
	const struct py_node *at;
};

/* All columns are, but the flag of a change feed. */
bool column_is_written(const struct plan_pipeline *l, size_t column);
/* The column of a source that the value should read and does least; NULL if all
 * are read surely. */
const char *column_unread(const struct plan_column *c,
    const struct idents *reads, enum reading *ret_how);
/* A word of the text, whatever its case. */
bool text_has_word(const char *text, const char *name);

/* A merge into a table. */
void columns_check_merge(struct checking *c, const struct py_node *call);
/* What is written there cannot be followed. */
void columns_lose(struct checking *c);
/* It may name another target, too: a function may be called with several. */
bool columns_may_be_other(struct checking *c, const struct py_node *name);
/* A text that the expression may have names the target. */
bool columns_names_target(struct checking *c, const struct py_node *arg);
bool columns_has_target(const struct plan_pipeline *l, const char *name);
/* What a column is made of, against its row of the sheet. */
void columns_check_sources(struct checking *c, size_t column,
    const struct made *m);
/* The rows that a place of the program writes, in one way. */
void columns_check_shape(struct checking *c, const struct shape *s,
    const struct py_node *at, bool is_merge);
/* In each way that they may be. */
void columns_check_rows(struct checking *c, const struct shapes *rows,
    const struct py_node *at, bool is_merge);
/* On this way the rows are not held to the sheet: they are there already,
 * beside others, or belong to another target. */
bool columns_are_others(struct checking *c, const struct shapes *rows, size_t i,
    const struct py_node *at);
/* Whether there are any, and all. */
void columns_note_rows(struct checking *c, const struct shapes *rows,
    const struct py_node *at);
/* An INSERT with a list of columns, or of what it selects; false: it is none
 * that can be read. */
bool columns_check_insert(struct checking *c, const struct py_node *call,
    const char *text);
/* A MERGE in SQL; false: it is none that can be read. */
bool columns_check_sql_merge(struct checking *c, const struct py_node *call,
    const char *text);
/* Columns in the order of the target, by its names. */
const struct shape *columns_by_place(struct checking *c, const struct shape *s);

/* By what the program mentions, where the rows that it writes cannot be
 * followed. */
void columns_check_mentions(struct checking *c);
/* What filters and joins of the sheet read is at least named; text says which
 * of them. */
void columns_check_conditions(struct checking *c,
    const struct plan_inputs *inputs, const char *text);
/* The columns that a history adds are at least named. */
void columns_check_history(struct checking *c);

#endif

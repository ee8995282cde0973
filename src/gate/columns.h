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
	bool unknown; /* and not always in a way that can be followed */
	bool followed;
	const struct py_node *at;
};

/* All columns are, but the flag of a change feed. */
bool column_is_written(const struct plan_pipeline *l, size_t column);
/* The first column of a source that the value should read and does not; NULL
 * if there is none. */
const char *column_unread(struct program *p, const struct plan_column *c,
    const struct idents *reads);
/* A word of the text, whatever its case. */
bool text_has_word(const char *text, const char *name);

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

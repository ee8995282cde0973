/*
 * A merge into a target: its clauses, and what it compares. Internal to the
 * merge*.c files of src/gate.
 */
#ifndef T2C_GATE_MERGES_H
#define T2C_GATE_MERGES_H

#include "gate/columns.h"

/* A merge, and what its clauses do. */
struct merging {
	struct checking *c;
	const struct py_node *call;
	const char *alias;     /* of the target; NULL */
	const char *condition; /* of a statement; NULL: see call */
	const struct shapes *from;
	bool sure; /* it surely is a merge into the target */
	bool *set; /* which columns some update sets */
	bool updates;
	bool updates_all;
	bool has_clause;
};

/* Both tables of a merge, each under its alias. */
const struct shape *merge_both(const struct merging *m,
    const struct shape *from);
/* What an update sets. */
void merge_update(struct merging *m, const struct shape *set);
/* No update sets a column, so that changes of it are lost. */
void merge_check_unset(const struct merging *m);
/* The condition compares the keys of the plan with what they are made of, and
 * no other columns. */
void merge_check_keys(struct merging *m);

#endif

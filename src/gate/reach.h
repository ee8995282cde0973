/*
 * Which of the values that a program gives a name may be there in a place, by
 * the order of its statements. Internal to src/gate.
 */
#ifndef T2C_GATE_REACH_H
#define T2C_GATE_REACH_H

#include "gate/program.h"

struct way {
	const struct binding *binding;
	bool doubt; /* a step that may be left out, such as df =
	               df.dropna(), is meant to replace it */
};

struct reached {
	struct way *v;
	size_t n;
	size_t cap;
	bool unknown; /* there may be others */
};

/* An assignment replaces the ones before it where it stands in the same block,
 * later, or in each branch; one at the end of a loop counts for its next round.
 * A value None does not count. */
void reach_name(struct program *p, const struct py_node *name,
    struct reached *ret);

#endif

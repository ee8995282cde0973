/*
 * Where the pieces of a text meet: a call whose name begins there may belong
 * to what stands before it, as in 'hr.tools.' + 'upper(status)'. Internal to
 * the sql*.c files of src/gate.
 */
#ifndef T2C_GATE_SQL_JOINTS_H
#define T2C_GATE_SQL_JOINTS_H

#include "gate/flow.h"

/* Each function that a piece calls is known by its name alone. */
bool sql_calls_known(struct program *p, const char *piece);
/* The same of what the pieces of an expression are when they meet. */
bool sql_joints_known(struct program *p, const struct py_node *node);

#endif

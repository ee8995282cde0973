/*
 * Partial evaluation: a program with the same meaning, in which what is known
 * by reading alone has been done. Loops and comprehensions over what is written
 * out are unrolled, entries and fields of it are taken, functions that are
 * called with it get a copy for that call, reduce() is spelled out, lists that
 * are filled are put together, classes have what their bases have, arguments of
 * spark.sql() stand in the statement. Whoever follows values then needs to know
 * of none of these.
 *
 * It is exact: what cannot be done without a doubt stays as it is, and whatever
 * the program calls is called in what it comes to. Internal to src/gate.
 */
#ifndef T2C_GATE_PARTIAL_H
#define T2C_GATE_PARTIAL_H

#include "gate/program.h"

/* The tree of such a program, NULL where there is nothing to do. What it holds
 * may allow more: ask again, of that program. */
struct py_node *partial_evaluate(struct program *p);

#endif

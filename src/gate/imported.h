/*
 * Modules and classes that a program imports. What they have is judged where
 * it stands behind their names, so they are not handed on, and methods are
 * called on objects alone. Internal to src/gate.
 */
#ifndef T2C_GATE_IMPORTED_H
#define T2C_GATE_IMPORTED_H

#include "gate/program.h"

/* An import that the name at the root of an expression may stand for; NULL. */
const struct py_node *imported_root(const struct program *p,
    const struct py_node *n);
/* The module's name in full where n, a name or x.y, may be one; NULL. */
const char *imported_module(const struct program *p, const struct py_node *n);
/* F, or whatever pyspark.sql.functions is called here. */
bool imported_functions(const struct program *p, const struct py_node *n);
void gate_imported(struct program *p);

#endif

/*
 * Calls that name tables, hold SQL, or set something. Internal to src/gate.
 */
#ifndef T2C_GATE_CALLS_H
#define T2C_GATE_CALLS_H

#include "gate/program.h"

/* The last attribute of that name in the chain of calls that ends here;
 * NULL. */
const struct py_node *call_chain_find(const struct py_node *n,
    const char *name);
/* What is called belongs to spark.read, rather than to a table's write. */
bool call_reads_files(const struct py_node *call);
/* The table that an argument names is one of the plan; a target, where it is
 * written. */
void call_check_table(struct program *p, const struct py_node *call,
    const struct py_node *arg, bool written);
/* The argument is SQL, or a list or dictionary of it. */
void call_check_expression(struct program *p, const struct py_node *arg);
/* What deletes, changes or replaces rows. */
void gate_writes(struct program *p, const struct py_node *call);
/* Rows are deleted there: refused where the plan never does so, a remark where
 * only a reader of its prompt can tell. */
void call_say_deletes(struct program *p, const struct py_node *at,
    const char *what);
/* A table is replaced there, whole, or perhaps; name: NULL where it cannot be
 * told. Refused where a target is replaced whole, by each run and from
 * its sources alone, and the plan never does so; else a remark. */
void call_say_replaces(struct program *p, const struct py_node *at,
    const char *name, bool whole);
/* Notes the temporary views that the program may make. */
void gate_views(struct program *p);
/* Where the node runs, a temporary view of that name is surely there. */
bool view_is_made(struct program *p, const char *name,
    const struct py_node *at);
/* Options, formats and settings of Spark. */
void gate_settings(struct program *p, const struct py_node *call);

#endif

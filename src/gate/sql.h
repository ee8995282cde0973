/*
 * SQL in texts of the program: which functions it calls, which tables it reads
 * and writes, and what kind of statement it is. Internal to src/gate.
 */
#ifndef T2C_GATE_SQL_H
#define T2C_GATE_SQL_H

#include "gate/flow.h"

/* An expression, which may end with AS and a name. Findings stand at the
 * node. */
void sql_check_expression(struct program *p, const struct py_node *at,
    const char *text);
/* A statement, as spark.sql() takes it. */
void sql_check_statement(struct program *p, const struct py_node *at,
    const char *text);
/* The condition is the same for all rows. */
bool sql_names_nothing(struct program *p, const char *text);
/* The temporary view that a statement makes; NULL. */
const char *sql_view_name(struct program *p, const char *text);
/* Texts that an expression may have; those made of pieces, too. */
void sql_check_texts(struct program *p, const struct py_node *node);

/* The table or path of that name, as the plan has it. */
enum table_use {
	TABLE_UNKNOWN = 0, /* neither */
	TABLE_READ = 1,    /* a source */
	TABLE_WRITTEN = 2, /* a target, or where broken rows go */
	TABLE_TARGET = 4,  /* a target */
};
enum table_use plan_table_use(struct program *p, const char *name);

#endif

/*
 * What a statement in SQL gives: what answers.json of the data folder says,
 *
 *	{"answers": [
 *	  {"pattern": "*FROM sales.orders*",
 *	   "columns": [{"name": "id", "type": "INT"}], "rows": [["1"], [null]]},
 *	  {"pattern": "*missing*", "error": "[TABLE_OR_VIEW_NOT_FOUND] …",
 *	   "sql_state": "42P01"}]}
 *
 * of which the first whose pattern fits counts; else what the database gives
 * (sim/engine.h). Without a database, a query has one row that says so, and any
 * other statement none.
 */
#ifndef T2C_SIM_SQL_ANSWER_H
#define T2C_SIM_SQL_ANSWER_H

#include "sim/engine.h"

struct sql_answer {
	const char *error;          /* "" where it succeeds */
	const char *error_code;     /* "BAD_REQUEST" */
	const char *sql_state;      /* "42P01"; "" where none is told */
	const struct json *columns; /* the first one; NULL: none */
	const struct json *rows;    /* the first one; NULL: none */
};

/* The answer as JSON, to be kept: the statement is run, if it is, once. */
const struct err *sql_answer_make(const struct sim_req *req,
    const struct engine_task *task, const struct json **ret) MUST_USE;
void sql_answer_read(const struct json *json, struct sql_answer *ret);

#endif

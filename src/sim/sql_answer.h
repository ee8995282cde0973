/*
 * What a statement in SQL gives. There is no database here: answers are
 * scripted in answers.json of the data folder,
 *
 *	{"answers": [
 *	  {"pattern": "*FROM sales.orders*",
 *	   "columns": [{"name": "id", "type": "INT"}], "rows": [["1"], [null]]},
 *	  {"pattern": "*missing*", "error": "[TABLE_OR_VIEW_NOT_FOUND] …"}]}
 *
 * of which the first whose pattern fits counts. Without one, a query has one
 * row that says so, and any other statement none.
 */
#ifndef T2C_SIM_SQL_ANSWER_H
#define T2C_SIM_SQL_ANSWER_H

#include "sim/sim.h"

struct sql_answer {
	const char *error;          /* "" where it succeeds */
	const struct json *columns; /* the first one; NULL: none */
	const struct json *rows;    /* the first one; NULL: none */
	int64_t n_rows;
};

const struct err *sql_answer_find(const struct sim_req *req, const char *sql,
    struct sql_answer *ret) MUST_USE;

#endif

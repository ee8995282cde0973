/*
 * The database in which statements are run: DuckDB, as the Python module
 * duckdb, in a child for each statement (sim/engine.py) that has no network,
 * limits of time and memory, and no files but those of the database.
 *
 * Each user has a database: a file for each catalog, below the user's state.
 * The tables of catalog.json are there from the start, empty.
 */
#ifndef T2C_SIM_ENGINE_H
#define T2C_SIM_ENGINE_H

#include "sim/sim.h"

struct engine_task {
	const char *sql;
	const struct json *parameters; /* the first {"name", …}; NULL: none */
	const char *catalog;           /* ""; the first one there is */
	const char *schema;            /* "": default */
	int64_t rows;                  /* that are wanted at most */
	int64_t bytes;                 /* of values, after which it is enough */
};

/* The Python to be used, NULL where there is none. Wanted is its path, "none",
 * or NULL for the python3 of $PATH, which counts if it has DuckDB. S_USAGE
 * where the path has none. */
const struct err *engine_find(struct arena *a, const char *wanted,
    const char **ret) MUST_USE;
/* What the statement gives, in the form of an answer in answers.json, also
 * where it fails or is stopped. The request's simulator has an engine. */
const struct err *engine_run(const struct sim_req *req,
    const struct engine_task *task, const struct json **ret) MUST_USE;

#endif

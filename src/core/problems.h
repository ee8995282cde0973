/*
 * How a problem reads for programs: one shape on the command line and in the
 * API.
 */
#ifndef T2C_PROBLEMS_H
#define T2C_PROBLEMS_H

#include "base/json.h"
#include "base/problem.h"

/* {"code","severity","row","column","offset","length","message","fix"} */
void problem_json(struct json_writer *w, const struct problem *p);

#endif

/*
 * The map of the simulated workspace: which call is whose, and what happens
 * with each: settings, fault, route, token, handler, fault.
 */
#ifndef T2C_SIM_ROUTE_H
#define T2C_SIM_ROUTE_H

#include "sim/sim.h"

/* Fills the answer to a request whose first members, up to host, are set.
 * Everything lives in the request's arena. Logs one line. */
void sim_answer(struct sim_req *req, struct sim_resp *resp);

/* Whether a path is of this form, in which :name stands for one segment, at
 * most twice, and * at its end for all the rest. ret_part has what they stand
 * for where it is. */
bool route_matches(struct arena *a, const char *form, const char *path,
    const char *ret_part[2]);

#endif

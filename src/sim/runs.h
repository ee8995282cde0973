/*
 * Runs of jobs. Nothing is run: a run is at work for as many polls as the
 * setting run_polls says, and ends as run_result says.
 */
#ifndef T2C_SIM_RUNS_H
#define T2C_SIM_RUNS_H

#include "sim/sim.h"

/* The same idempotency_token gives the same run. */
const struct err *runs_now(const struct sim_req *req, struct sim_resp *resp);
const struct err *runs_submit(const struct sim_req *req, struct sim_resp *resp);
const struct err *runs_get(const struct sim_req *req, struct sim_resp *resp);
/* By the id of a task's run. */
const struct err *runs_output(const struct sim_req *req, struct sim_resp *resp);
const struct err *runs_list(const struct sim_req *req, struct sim_resp *resp);
const struct err *runs_cancel(const struct sim_req *req, struct sim_resp *resp);

#endif

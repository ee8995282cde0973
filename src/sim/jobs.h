/*
 * Jobs: /api/2.2/jobs/… (and 2.1, which is answered in the same way). Settings
 * are kept as they come; only tasks and what refers to them are checked.
 */
#ifndef T2C_SIM_JOBS_H
#define T2C_SIM_JOBS_H

#include "sim/job_state.h"

const struct err *jobs_create(const struct sim_req *req, struct sim_resp *resp);
const struct err *jobs_get(const struct sim_req *req, struct sim_resp *resp);
const struct err *jobs_list(const struct sim_req *req, struct sim_resp *resp);
/* Puts new settings in the place of the old ones. */
const struct err *jobs_reset(const struct sim_req *req, struct sim_resp *resp);
/* Puts the members of new settings in the place of the old ones, and takes away
 * those that fields_to_remove names. */
const struct err *jobs_update(const struct sim_req *req, struct sim_resp *resp);
const struct err *jobs_delete(const struct sim_req *req, struct sim_resp *resp);

/* False, after a 400 was answered, where the tasks have no keys, one key
 * twice, or depend on what is not there. */
bool jobs_check_tasks(const struct sim_req *req, struct sim_resp *resp,
    const struct json *settings);
/* Reads the state, and finds a job in it; *ret is NULL after a 400. */
const struct err *jobs_find(const struct sim_req *req, struct sim_resp *resp,
    int64_t id, struct job_state *state, struct job **ret) MUST_USE;
/* A number of the query, 0 where it is absent or none. */
int64_t jobs_number(const struct sim_req *req, const char *name);

#endif

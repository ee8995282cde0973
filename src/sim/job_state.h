/*
 * The jobs and runs of one user's simulated workspace.
 */
#ifndef T2C_SIM_JOB_STATE_H
#define T2C_SIM_JOB_STATE_H

#include "sim/sim.h"

struct job {
	int64_t id;
	const struct json *settings; /* as they were sent */
	int64_t created_ms;
};

struct run_task {
	int64_t id;
	const char *key;
};

struct run {
	int64_t id;
	int64_t job_id; /* 0: submitted without a job */
	const char *name;
	const char *token;  /* of idempotency; "" if none */
	const char *result; /* "" as long as it runs; "CANCELED" */
	int64_t polls;      /* at which it was still at work */
	int64_t number;     /* within the job */
	int64_t start_ms;
	int64_t end_ms;
	LIST_OF(struct run_task) tasks;
};

struct job_state {
	LIST_OF(struct job) jobs;
	LIST_OF(struct run) runs; /* oldest first */
	int64_t next_id;
};

const struct err *job_state_read(const struct sim_req *req,
    struct job_state *ret) MUST_USE;
const struct err *job_state_write(const struct sim_req *req,
    const struct job_state *state) MUST_USE;
/* NULL where there is none. */
struct job *job_find(const struct job_state *state, int64_t id);
struct run *run_find(const struct job_state *state, int64_t id);
void job_remove(struct job_state *state, int64_t id);

#endif

/*
 * Statements in SQL: /api/2.0/sql/statements/…
 *
 * With wait_timeout "0s" a statement is PENDING, then RUNNING for as many looks
 * as the setting run_polls says, then over; with any other it is over at once.
 * It has its effect when it is sent, whatever is said of it afterwards.
 *
 * Results are JSON arrays, inline, in chunks of chunk_rows rows, of at most
 * 100,000 rows and 25 MiB. They are kept for an hour.
 */
#ifndef T2C_SIM_STATEMENTS_H
#define T2C_SIM_STATEMENTS_H

#include "sim/sim.h"

const struct err *statements_execute(const struct sim_req *req,
    struct sim_resp *resp);
const struct err *statements_get(const struct sim_req *req,
    struct sim_resp *resp);
const struct err *statements_chunk(const struct sim_req *req,
    struct sim_resp *resp);
const struct err *statements_cancel(const struct sim_req *req,
    struct sim_resp *resp);

#endif

/*
 * SQL warehouses: /api/2.0/sql/warehouses/…
 *
 * There are two of them, one that runs and one that is stopped. Starting and
 * stopping take as many looks at the warehouse as the setting run_polls says.
 */
#ifndef T2C_SIM_WAREHOUSES_H
#define T2C_SIM_WAREHOUSES_H

#include "sim/sim.h"

const struct err *warehouses_list(const struct sim_req *req,
    struct sim_resp *resp);
const struct err *warehouses_get(const struct sim_req *req,
    struct sim_resp *resp);
const struct err *warehouses_start(const struct sim_req *req,
    struct sim_resp *resp);
const struct err *warehouses_stop(const struct sim_req *req,
    struct sim_resp *resp);

/* Has a warehouse run for a statement, which starts one that does not.
 * *ret_known is false where there is none of that id. */
const struct err *warehouses_use(const struct sim_req *req, const char *id,
    bool *ret_known) MUST_USE;

#endif

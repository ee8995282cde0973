/*
 * What forms about clusters are filled with: /api/2.1/clusters/…, to be read.
 */
#ifndef T2C_SIM_COMPUTE_H
#define T2C_SIM_COMPUTE_H

#include "sim/sim.h"

const struct err *compute_clusters(const struct sim_req *req,
    struct sim_resp *resp);
const struct err *compute_cluster(const struct sim_req *req,
    struct sim_resp *resp);
const struct err *compute_versions(const struct sim_req *req,
    struct sim_resp *resp);
const struct err *compute_node_types(const struct sim_req *req,
    struct sim_resp *resp);

#endif

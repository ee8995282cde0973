/*
 * Model serving: the endpoints, and chats with the simulated model. What it
 * answers is code that the compiler makes of the mapping in the last message
 * of the user (sim/script.h), or an honest sentence that there is none.
 */
#ifndef T2C_SIM_SERVING_H
#define T2C_SIM_SERVING_H

#include "sim/sim.h"

/* GET /api/2.0/serving-endpoints */
const struct err *serving_list(const struct sim_req *req,
    struct sim_resp *resp);
/* GET /api/2.0/serving-endpoints/:name */
const struct err *serving_get(const struct sim_req *req, struct sim_resp *resp);
/* POST /serving-endpoints/:name/invocations */
const struct err *serving_invoke(const struct sim_req *req,
    struct sim_resp *resp);
/* POST /serving-endpoints/chat/completions, /v1/chat/completions and that of
 * the AI gateway: the body names the endpoint. */
const struct err *serving_complete(const struct sim_req *req,
    struct sim_resp *resp);

#endif

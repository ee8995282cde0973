/*
 * The control pages: how the simulation behaves, and what goes wrong next.
 * Each form takes JSON, too, and then answers with JSON. Nobody has to sign in:
 * the program listens on loopback alone. A page of another site cannot send
 * these forms (see control_allowed()).
 */
#ifndef T2C_SIM_CONTROL_H
#define T2C_SIM_CONTROL_H

#include "sim/sim.h"

/* False, after it was answered, where a page of another site sent the form. */
bool control_allowed(const struct sim_req *req, struct sim_resp *resp);

/* GET / */
const struct err *control_home(const struct sim_req *req,
    struct sim_resp *resp);
/* GET /control */
const struct err *control_show(const struct sim_req *req,
    struct sim_resp *resp);
/* GET and POST /control/faults, POST /control/faults/clear */
const struct err *control_faults(const struct sim_req *req,
    struct sim_resp *resp);
const struct err *control_add(const struct sim_req *req, struct sim_resp *resp);
const struct err *control_clear(const struct sim_req *req,
    struct sim_resp *resp);
/* POST /control/settings */
const struct err *control_settings(const struct sim_req *req,
    struct sim_resp *resp);
/* POST /control/expire: no OAuth access token is valid any longer. */
const struct err *control_expire(const struct sim_req *req,
    struct sim_resp *resp);

#endif

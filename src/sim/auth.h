/*
 * Who asks. Taken as bearer tokens are those that the OAuth endpoints issued
 * and, as personal access tokens, all that start with "dapi":
 * - "dapi-expired…" has expired (401), "dapi-revoked…" is none any more (403,
 *   with a number as its error_code);
 * - "dapi-ann" is ann@simulated.example; any other one is somebody, too, but
 *   has no better name than a number.
 * Each personal access token has a workspace of its own, as if nobody else were
 * there, and so has each user of OAuth.
 */
#ifndef T2C_SIM_AUTH_H
#define T2C_SIM_AUTH_H

#include "sim/sim.h"

/* Sets user and state of the request; both stay NULL after it was refused,
 * which is answered. */
const struct err *auth_check(struct sim_req *req, struct sim_resp *resp)
    MUST_USE;

/* GET /api/2.0/preview/scim/v2/Me */
const struct err *auth_me(const struct sim_req *req, struct sim_resp *resp);

#endif

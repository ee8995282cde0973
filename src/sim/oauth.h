/*
 * OAuth 2.0 as a workspace offers it: authorization code with PKCE, refresh
 * tokens that work once, and client credentials. Anybody may be anybody here:
 * the sign-in page asks for a name and no password. Secrets of clients start
 * with "dose", as Databricks' own do; another secret is refused.
 */
#ifndef T2C_SIM_OAUTH_H
#define T2C_SIM_OAUTH_H

#include "sim/sim.h"

/* GET /.well-known/databricks-config */
const struct err *oauth_host(const struct sim_req *req, struct sim_resp *resp);
/* GET /oidc/.well-known/oauth-authorization-server */
const struct err *oauth_server(const struct sim_req *req,
    struct sim_resp *resp);
/* GET and POST /oidc/v1/authorize */
const struct err *oauth_ask(const struct sim_req *req, struct sim_resp *resp);
const struct err *oauth_allow(const struct sim_req *req, struct sim_resp *resp);
/* POST /oidc/v1/token */
const struct err *oauth_token(const struct sim_req *req, struct sim_resp *resp);

#endif

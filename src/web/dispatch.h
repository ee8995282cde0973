/*
 * From a request to its reply, through fixed phases: route, session, access,
 * body, CSRF, form, handler. None can be left out, and no handler runs before
 * all of them have passed; what fails is rendered and logged here, once.
 */
#ifndef T2C_DISPATCH_H
#define T2C_DISPATCH_H

#include "web/req.h"
#include "web/route.h"

/* The loopback entry: req needs what came over the wire (method, path by
 * req_set_target(), headers, body), an arena and an id; resp gets status,
 * head and body, always. Errors made meanwhile are cleared at the end. */
void dispatch(const struct app *app, struct req *req, struct resp *resp);

/* The reply to a request that could not even be read. */
void dispatch_error(const struct app *app, struct req *req, struct resp *resp,
    const struct err *e);

/* As dispatch(), with another site map: for tests. */
void dispatch_routes(const struct route *list, size_t n, const struct app *app,
    struct req *req, struct resp *resp);

#endif

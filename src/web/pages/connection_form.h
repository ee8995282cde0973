/*
 * What connections are called on pages; shared by those that show and those
 * that change one.
 */
#ifndef T2C_CONNECTION_FORM_H
#define T2C_CONNECTION_FORM_H

#include "core/connections.h"
#include "web/req.h"

/* "Databricks workspace" */
const char *connection_kind(enum chat_provider provider) RETURNS_NONNULL;
/* "0.05", or "the server's own" and "" for -1. */
const char *connection_temperature(struct arena *a, int64_t percent,
    const char *none) RETURNS_NONNULL;
/* The connection that the address names. */
const struct err *connection_asked(struct req *req, struct connection *ret)
    MUST_USE;
const struct url *connection_url(struct arena *a, struct connection_id id);

#endif

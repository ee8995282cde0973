/*
 * What connections are called on pages; shared by those that show and those
 * that change one.
 */
#ifndef T2C_CONNECTION_FORM_H
#define T2C_CONNECTION_FORM_H

#include "core/answers.h"
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

/* For forms that ask a model, in their field "engine". Those of the person's
 * connections that name a model; *ret_asks: one of them asks for its token. */
const struct err *connection_engines(struct req *req, struct connections *ret,
    bool *ret_asks) MUST_USE;
/* The one that was chosen, as the pattern (NULL: none) wants it. Rejects the
 * field where it is gone or names no model. */
const struct err *connection_engine(struct req *req, int64_t id,
    const struct pattern *pattern, struct connection *ret) MUST_USE;

#endif

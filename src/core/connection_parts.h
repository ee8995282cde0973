/*
 * What the parts of core/connections.h share.
 */
#ifndef T2C_CONNECTION_PARTS_H
#define T2C_CONNECTION_PARTS_H

#include "core/connections.h"
#include "core/seal.h"
#include "remote/host.h"

/* "llm.example:8000" of "http://llm.example:8000/v1" */
const char *connection_host(struct arena *a, const char *base);
/* Where the address leads: R_HOST; R_BARRED where it may not. */
const struct err *connection_find_host(const struct app *app, struct arena *a,
    enum chat_provider provider, const char *address, struct host *ret)
    MUST_USE;
/* Where what a person has entered is sealed. */
struct seal_place connection_place(struct connection_id id,
    struct user_id owner, const char *base);

#endif

/*
 * The real site map with every handler replaced by one that counts, to see
 * what gets through to it and what does not.
 */
#ifndef T2C_TEST_PROBE_H
#define T2C_TEST_PROBE_H

#include "testing.h"

/* As testing_setup(), and makes the site map. */
int probe_setup(void **state);

/* Handlers that ran since it was set to 0. */
extern int probe_handled;
const struct err *probe_handler(struct req *req, struct resp *resp) MUST_USE;

/* Sends t->req through the site map; whether a handler ran. */
bool probe_reaches(struct testing *t);

/* An address that the route's pattern matches. */
const char *probe_target(struct testing *t, const struct route *route);
/* A POST to it; csrf NULL: with an empty body. */
struct req *probe_post(struct testing *t, enum who who,
    const struct route *route, const char *csrf);

#endif

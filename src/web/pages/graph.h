/*
 * A target and its sources as a small picture, drawn by the server.
 */
#ifndef T2C_GRAPH_H
#define T2C_GRAPH_H

#include "mapping/mapping.h"
#include "web/page.h"

/* One picture for each target, at most max of them; nothing where the mapping
 * has no target. */
const struct err *graph_targets(struct req *req, const struct mapping *m,
    size_t max, const struct html **ret) MUST_USE;

#endif

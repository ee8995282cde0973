/*
 * Workspace files: /api/2.0/workspace/…
 *
 * Import takes JSON with the formats SOURCE, AUTO and RAW, export SOURCE and
 * AUTO; the others are 501. AUTO makes a notebook of what starts like one, and
 * such a notebook loses its extension.
 */
#ifndef T2C_SIM_WORKSPACE_H
#define T2C_SIM_WORKSPACE_H

#include "sim/sim.h"

/* The language of a notebook that a file of this path and content is taken for;
 * NULL where it is a plain file. */
const char *workspace_language(const char *path, struct slice content);

const struct err *workspace_import(const struct sim_req *req,
    struct sim_resp *resp);
const struct err *workspace_export(const struct sim_req *req,
    struct sim_resp *resp);
const struct err *workspace_status(const struct sim_req *req,
    struct sim_resp *resp);
const struct err *workspace_list(const struct sim_req *req,
    struct sim_resp *resp);
const struct err *workspace_mkdirs(const struct sim_req *req,
    struct sim_resp *resp);
const struct err *workspace_delete(const struct sim_req *req,
    struct sim_resp *resp);

#endif

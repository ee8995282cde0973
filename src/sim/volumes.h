/*
 * Files in volumes of Unity Catalog: /api/2.0/fs/files/Volumes/… and
 * /api/2.0/fs/directories/Volumes/…
 *
 * There are the volumes that the catalog has (sim/catalog.h), each with a
 * folder that is always there. A file has at most SIM_BODY_MAX bytes; uploads
 * in parts are 501.
 */
#ifndef T2C_SIM_VOLUMES_H
#define T2C_SIM_VOLUMES_H

#include "sim/sim.h"

/* Makes the folders above it, too. Replaces what is there, unless overwrite is
 * "false". */
const struct err *volumes_upload(const struct sim_req *req,
    struct sim_resp *resp);
const struct err *volumes_upload_parts(const struct sim_req *req,
    struct sim_resp *resp);
/* GET and HEAD, whose body the server keeps to itself. */
const struct err *volumes_download(const struct sim_req *req,
    struct sim_resp *resp);
const struct err *volumes_delete_file(const struct sim_req *req,
    struct sim_resp *resp);

const struct err *volumes_make_folder(const struct sim_req *req,
    struct sim_resp *resp);
const struct err *volumes_has_folder(const struct sim_req *req,
    struct sim_resp *resp);
const struct err *volumes_list(const struct sim_req *req,
    struct sim_resp *resp);
const struct err *volumes_delete_folder(const struct sim_req *req,
    struct sim_resp *resp);

#endif

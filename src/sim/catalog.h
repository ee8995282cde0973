/*
 * Unity Catalog, to be read: /api/2.1/unity-catalog/…
 *
 * What is there is in catalog.json of the data folder, else the sources of the
 * sample sheets:
 *
 *	{"tables": [{"full_name": "main.sales.orders", "comment": "…",
 *	  "columns": [{"name": "id", "type": "bigint", "comment": "…"}]}],
 *	 "volumes": [{"full_name": "main.sales.raw", "comment": "…"}]}
 *
 * A list begins with as many empty pages as the setting empty_pages says, as
 * the real one may have anywhere, and has page_size entries in each other one.
 */
#ifndef T2C_SIM_CATALOG_H
#define T2C_SIM_CATALOG_H

#include "sim/sim.h"

const struct err *catalog_catalogs(const struct sim_req *req,
    struct sim_resp *resp);
const struct err *catalog_schemas(const struct sim_req *req,
    struct sim_resp *resp);
const struct err *catalog_tables(const struct sim_req *req,
    struct sim_resp *resp);
const struct err *catalog_table(const struct sim_req *req,
    struct sim_resp *resp);
const struct err *catalog_volumes(const struct sim_req *req,
    struct sim_resp *resp);
const struct err *catalog_volume(const struct sim_req *req,
    struct sim_resp *resp);

/* All of it, as catalog.json has it. */
const struct err *catalog_read(const struct sim_req *req,
    const struct json **ret) MUST_USE;
/* The volume of that name, in any case, as the catalog spells it; NULL where
 * there is none. */
const struct err *catalog_find_volume(const struct sim_req *req,
    const char *full_name, const char **ret) MUST_USE;

#endif

/*
 * Lists in pages. A token says with which entry a page begins; those of Unity
 * Catalog and of the Files API begin with as many empty pages as the setting
 * empty_pages says, as the real ones may have anywhere.
 *
 * A list is written by going through all that it could have:
 *
 *	for (i = 0; i < n; i++) {
 *		if (paging_takes(&p))
 *			…write it…
 *	}
 *	paging_json(&w, req, &p);
 */
#ifndef T2C_SIM_PAGING_H
#define T2C_SIM_PAGING_H

#include "sim/sim.h"

struct paging {
	bool empty;    /* a page without entries, though more follow */
	int64_t first; /* on the page; of empty pages: which of them it is */
	int64_t size;  /* entries at most */
	int64_t seen;  /* of the list, so far */
};

/* The page that page_token asks for. Each is false after a 400 was answered. */
/* Of so many entries, as arrays of the Jobs API have them. */
bool paging_read(const struct sim_req *req, struct sim_resp *resp, int64_t size,
    struct paging *ret) MUST_USE;
/* Of as many as limit says, from 1 to most, as lists of the Jobs API are. */
bool paging_read_limit(const struct sim_req *req, struct sim_resp *resp,
    int64_t usual, int64_t most, struct paging *ret) MUST_USE;
/* Of as many as the parameter name says, but never more than the setting
 * page_size. */
bool paging_read_size(const struct sim_req *req, struct sim_resp *resp,
    const char *name, struct paging *ret) MUST_USE;

/* Counts an entry. Whether it is on the page. */
bool paging_takes(struct paging *p);
/* Whether a page follows; all entries were counted. */
bool paging_has_more(const struct paging *p);
/* next_page_token, where a page follows. */
void paging_json(struct json_writer *w, const struct sim_req *req,
    const struct paging *p);

#endif

/*
 * Rows that a model proposes, on the pages of mappings and generations.
 */
#ifndef T2C_PROPOSAL_PAGE_H
#define T2C_PROPOSAL_PAGE_H

#include "core/compile.h"
#include "core/generations.h"
#include "core/mappings.h"
#include "web/req.h"
#include "web/view.h"

/* The form that asks for rows, into proposal_html; nothing where the person
 * has no model. */
const struct err *proposal_section(struct req *req,
    const struct stored_mapping *stored, const struct compiled *compiled,
    struct view *v) MUST_USE;
/* The page of a generation of the engine "proposal". */
const struct err *proposal_page(struct req *req, struct resp *resp,
    const struct generation *g) MUST_USE;

#endif

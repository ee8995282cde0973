/*
 * The part of a generation's page about the model that writes it, or wrote it.
 */
#ifndef T2C_ANSWER_PAGE_H
#define T2C_ANSWER_PAGE_H

#include "core/generations.h"
#include "web/page.h"

/* Sets {answer_html}; nothing where the compiler made it. */
const struct err *answer_section(struct req *req, struct view *v,
    const struct generation *g) MUST_USE;

#endif

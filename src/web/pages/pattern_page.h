/*
 * What the pages of patterns share.
 */
#ifndef T2C_PATTERN_PAGE_H
#define T2C_PATTERN_PAGE_H

#include "core/own_patterns.h"
#include "web/page.h"

/* Sets {state} and {state_class}: enabled, disabled, … */
void pattern_state(const struct own_pattern *p, bool outdated, struct view *v);
/* The stored pattern of the address, at the version that ?version= asks for.
 * W_NOT_FOUND, also for the program's patterns. */
const struct err *pattern_asked(struct req *req, const struct own_pattern **ret)
    MUST_USE;
/* A table of what differs; NULL where nothing does. */
const struct err *pattern_changes(struct req *req, const char *before,
    const char *after, const struct html **ret) MUST_USE;

#endif

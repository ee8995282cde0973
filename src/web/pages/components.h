/*
 * Pieces of markup that several pages share. Each is a fragment of
 * views/components.html.
 */
#ifndef T2C_COMPONENTS_H
#define T2C_COMPONENTS_H

#include "base/problem.h"
#include "core/ids.h"
#include "web/page.h"

enum step { STEP_UPLOAD, STEP_CHECK, STEP_PATTERN, STEP_CODE, STEP__COUNT };

/* Sets {stepper_html}. The steps before the present one are links; mapping is
 * {0} where there is none yet. */
const struct err *component_stepper(struct req *req, struct view *v,
    enum step present, struct mapping_id mapping) MUST_USE;

/* Sets {pager_html}; nothing where all fits on one page. base keeps its query;
 * page counts from 1. */
const struct err *component_pager(struct req *req, struct view *v,
    const struct url *base, int64_t page, int64_t per_page, int64_t total)
    MUST_USE;
/* The page asked for by ?page=, at least 1. */
int64_t component_page(const struct req *req);

/* Sets key to a <time> with the relative time; nothing for 0. */
const struct err *component_time(struct req *req, struct view *v,
    const char *key, int64_t ms) MUST_USE;

/* The list of problems, or that there are none. place_url may be NULL: then
 * no places are shown; where it returns NULL, the place is no link. At most
 * max are listed. */
const struct err *component_problems(struct req *req,
    const struct problems *problems, size_t max,
    const struct url *(*place_url)(struct req *, const struct problem *,
        const void *data),
    const void *data, const struct html **ret) MUST_USE;
/* The catalogue's entry of a code. */
const struct url *component_code_url(struct arena *a, enum err_code code);
/* A row of a sheet on its check page. */
const struct url *component_row_url(struct arena *a, struct mapping_id mapping,
    int64_t row);

#define LINES_SHOWN 3000

/* The lines of a text with numbers that can be linked to as #L1, for the prefix
 * "L", for a <pre>; those that are named are marked. At most LINES_SHOWN; NULL
 * for no text. */
const struct err *component_lines(struct arena *a, const char *text,
    const char *prefix, const int64_t *marked, size_t n,
    const struct html **ret) MUST_USE;

/* Adds an <option> to a list. */
const struct err *component_option(struct html_list *list, const char *value,
    const char *label, const char *selected) MUST_USE;

/* The page of a pattern; of a stored one at that version, 0: the newest. */
const struct url *component_pattern_url(struct arena *a, const char *name,
    int64_t version);

/* The rows of a small sheet, for a <table>; NULL where it is none. */
const struct err *component_sheet(struct arena *a, struct slice bytes,
    const struct html **ret) MUST_USE;

/* "1.8 ms", "12 kB", "1,204" */
const char *component_duration(struct arena *a, int64_t us);
const char *component_size(struct arena *a, int64_t bytes);
const char *component_count(struct arena *a, int64_t n);

#endif

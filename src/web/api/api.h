/*
 * The handlers of the JSON API, for the site map in web/route.c. They take the
 * session's cookie like the pages; what changes something needs the CSRF token
 * in X-CSRF-Token.
 */
#ifndef T2C_API_H
#define T2C_API_H

#include "web/form.h"
#include "web/req.h"

extern const struct form_table api_validate_form;

/* GET /api/patterns: name, display_name, description, options, prompt
 * template and example mapping of each that is offered; of a stored one also
 * its version, what it extends, and whether it compiles. */
const struct err *api_patterns(struct req *req, struct resp *resp) MUST_USE;
/* POST /api/validate {"mapping_csv": "…"}: the problems of a sheet, as
 * `text2code validate --json` prints them. Stores nothing. */
const struct err *api_validate(struct req *req, struct resp *resp) MUST_USE;

#endif

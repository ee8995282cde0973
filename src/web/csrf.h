/*
 * The check that a request which changes something was meant: made by a form
 * of ours, in the browser it was shown to.
 */
#ifndef T2C_CSRF_H
#define T2C_CSRF_H

#include "web/req.h"

struct parts;

/* For the hidden field `csrf`: the session's token, or, before anybody is
 * signed in, that of a cookie which this reply sends if it is new. */
const char *csrf_token(struct req *req);
/* Whether the request comes from a page of this site, as far as the browser
 * says: Origin and Sec-Fetch-Site, each where it came. */
bool csrf_is_own_site(const struct req *req);
/* Checks Origin and Sec-Fetch-Site where they came, then the token from the
 * field `csrf` or the header X-CSRF-Token. A_ORIGIN, A_CSRF. */
const struct err *csrf_check(const struct req *req, const struct parts *parts)
    MUST_USE;

#endif

/*
 * A form that comes too late, because the session ended meanwhile or another
 * tab signed in anew, is not thrown away: the page that answers it holds what
 * was typed, and a button that sends it again.
 */
#ifndef T2C_RESEND_H
#define T2C_RESEND_H

#include "web/req.h"

struct parts;

/* Whether the form is one whose content is worth keeping, and comes from a page
 * of ours for certain: an Origin is there. Never for passwords. */
bool resend_applies(const struct req *req);
/* Answers with that page, in the words and the status of e: A_SIGN_IN or
 * A_CSRF. Files cannot be kept, they are named. */
const struct err *resend_page(struct req *req, struct resp *resp,
    const struct parts *parts, const struct err *e) MUST_USE;

#endif

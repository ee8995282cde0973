/*
 * The page that somebody wanted before signing in, on the way through it.
 */
#ifndef T2C_LOGIN_H
#define T2C_LOGIN_H

#include "web/req.h"
#include "web/url.h"

/* Where to go after it: next, if that is here. Any text, or NULL. */
const struct url *login_next(struct req *req, const char *next) RETURNS_NONNULL;
/* The url of a page of signing in, which remembers next, if that is here. */
const struct url *login_url(struct req *req, const struct url *url,
    const char *next) RETURNS_NONNULL;

#endif

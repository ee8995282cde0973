/*
 * Addresses of this site: see the end of web/view.h, where pages find them.
 * Here is what is only for those that read addresses from outside.
 */
#ifndef T2C_URL_H
#define T2C_URL_H

#include "web/view.h"

/* The text as an address if it can only lead to this site: it starts with one
 * slash, and holds neither a second one there nor a backslash, blank, control
 * or non-ASCII character. NULL for anything else and for NULL. */
const struct url *url_local(struct arena *a, const char *text);

#endif

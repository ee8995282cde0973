/*
 * The Cookie header.
 */
#ifndef T2C_COOKIES_H
#define T2C_COOKIES_H

#include "base/str.h"

/* The value of the cookie; NULL if it is absent, empty, has characters a
 * cookie cannot have, or comes twice with different values (someone else on
 * the same domain set the other one). */
const char *cookies_find(struct arena *a, const char *header, const char *name);

#endif

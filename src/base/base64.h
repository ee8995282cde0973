/*
 * Base64 (RFC 4648): the usual alphabet with padding, and the one for URLs
 * without.
 */
#ifndef T2C_BASE64_H
#define T2C_BASE64_H

#include "base/str.h"

const char *base64_encode(struct arena *a, struct slice bytes) RETURNS_NONNULL;
/* Section 5: - and _ for + and /, and no = at the end. */
const char *base64url_encode(struct arena *a, struct slice bytes)
    RETURNS_NONNULL;
/* Reads the usual alphabet; white space is passed over, as many wrap their
 * lines. False for anything else, and where the padding does not fit. A NUL
 * follows the bytes. */
bool base64_decode(struct arena *a, struct slice text, struct slice *ret)
    MUST_USE;

#endif

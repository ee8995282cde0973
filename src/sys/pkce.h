/*
 * Proof key for code exchange (RFC 7636), by SHA-256 alone.
 */
#ifndef T2C_PKCE_H
#define T2C_PKCE_H

#include "base/str.h"

/* The challenge that belongs to a verifier: 43 characters. */
const char *pkce_challenge(struct arena *a, const char *verifier)
    RETURNS_NONNULL;
/* Whether the verifier has the form that section 4.1 asks for and gives this
 * challenge. */
bool pkce_matches(struct arena *a, const char *verifier, const char *challenge);

#endif

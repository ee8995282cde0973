#include "base/base.h"

#include "sys/pkce.h"

#include "base/base64.h"
#include "sys/crypto.h"

#include <string.h>

#define HASH_BYTES 32
#define VERIFIER_MIN 43
#define VERIFIER_MAX 128

const char *
pkce_challenge(struct arena *a, const char *verifier)
{
	const char *hex = crypto_sha256(a, slice_of(verifier));
	char bytes[HASH_BYTES];
	size_t i;

	for (i = 0; i < HASH_BYTES; i++)
		bytes[i] = (char)(chr_hex(hex[2 * i]) * 16 +
		    chr_hex(hex[2 * i + 1]));
	return base64url_encode(a, (struct slice){bytes, HASH_BYTES});
}

static bool
is_verifier(const char *text)
{
	size_t n = strlen(text);
	size_t i;

	for (i = 0; i < n; i++) {
		if (!chr_is_alnum(text[i]) && !strchr("-._~", text[i]))
			return false;
	}
	return n >= VERIFIER_MIN && n <= VERIFIER_MAX;
}

bool
pkce_matches(struct arena *a, const char *verifier, const char *challenge)
{
	return is_verifier(verifier) &&
	    crypto_equal(pkce_challenge(a, verifier), challenge);
}

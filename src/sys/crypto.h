/*
 * The one door to libsodium: random values, hashes, and passwords.
 */
#ifndef T2C_CRYPTO_H
#define T2C_CRYPTO_H

#include "base/err.h"
#include "base/str.h"
#include "sys/lock.h"

/* Before anything else here; again is harmless. Fails only where the system
 * has no source of randomness. */
const struct err *crypto_init(void) MUST_USE;

/* 256 random bits in base64url: 43 characters that need no quoting. */
#define CRYPTO_TOKEN_LENGTH 43
const char *crypto_token(struct arena *a) RETURNS_NONNULL;
/* Every value below n equally likely. */
uint32_t crypto_random_below(uint32_t n);

/* 64 hexadecimal digits. */
const char *crypto_sha256(struct arena *a, struct slice bytes) RETURNS_NONNULL;
/* A token derived from a secret of 16 to 64 bytes: the same for the same
 * purpose, and nothing that shows the secret. Keyed BLAKE2b, base64url. */
const char *crypto_mac(struct arena *a, const char *secret, const char *purpose)
    RETURNS_NONNULL;
/* Takes the same time wherever the texts differ; NULL equals nothing. */
bool crypto_equal(const char *a, const char *b);
/* Zeroes memory for good. */
void crypto_wipe(void *p, size_t n);

/*
 * Sealed boxes (libsodium's crypto_box_seal: X25519, XSalsa20-Poly1305):
 * whoever has the public key can close one, and only the secret key opens it.
 * Keys and boxes are base64url.
 */
#define CRYPTO_KEY_LENGTH 43
struct crypto_keys {
	const char *public_key;
	const char *secret_key; /* wiped when the arena is reset */
};
struct crypto_keys crypto_make_keys(struct arena *a);
/* The public key that belongs to a secret one; NULL if it is no key. */
const char *crypto_public_key(struct arena *a, const char *secret_key);
/* NULL where it is no public key. */
const char *crypto_seal(struct arena *a, const char *public_key,
    struct slice text);
/* False where the box is not one, was changed, or was closed with another key.
 * The text is wiped when the arena is reset. */
bool crypto_open_seal(struct arena *a, const char *secret_key, const char *box,
    struct slice *ret) MUST_USE;

/*
 * Passwords are hashed with Argon2id. A hash takes 64 MB and 0.1 s on
 * purpose, so at most two run at a time over all processes of a data
 * directory; further ones wait in line.
 */
#define HASHER_SLOTS 2

struct hasher {
	struct lock slot[HASHER_SLOTS];
	/* For tests; 0: libsodium's INTERACTIVE limits, and SLOT_WAIT_MS. */
	uint64_t passes;
	size_t memory;
	int64_t wait_ms;
};

/* Opens the slots in a directory that exists. After fork, as any lock. */
const struct err *hasher_open(struct hasher *h, struct arena *a,
    const char *dir) MUST_USE;
void hasher_close(struct hasher *h);
/* The string form, which names its own parameters. S_BUSY where no slot
 * became free in time or memory is short. */
const struct err *password_hash(struct hasher *h, struct arena *a,
    const char *password, const char **ret) MUST_USE;
/* With hash NULL the same work is done and the answer is false: for names
 * that do not exist. */
const struct err *password_verify(struct hasher *h, const char *hash,
    const char *password, bool *ret) MUST_USE;

#endif

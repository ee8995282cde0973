/*
 * Checksums of bytes: MD5 (RFC 1321), SHA-1 and SHA-2 (FIPS 180-4), CRC-32
 * (ISO 3309), and the two hashes that Spark makes of values, Murmur3 in 32 and
 * xxHash in 64 bits, with the seed 42. Nothing here is for secrets.
 */
#ifndef T2C_EVAL_DIGEST_H
#define T2C_EVAL_DIGEST_H

#include "eval/value.h"

#define DIGEST_MAX 64

enum digest {
	DIGEST_MD5,
	DIGEST_SHA1,
	DIGEST_SHA224,
	DIGEST_SHA256,
	DIGEST_SHA384,
	DIGEST_SHA512,
};

/* Returns the bytes of the digest. */
size_t digest_bytes(struct arena *a, enum digest which, struct slice bytes,
    unsigned char ret[DIGEST_MAX]);
uint32_t digest_crc32(struct slice bytes);

/* Mix a value into a hash; NULL leaves it as it is. False for types that are
 * not known here. */
bool digest_murmur3(const struct value *v, uint32_t *hash) MUST_USE;
bool digest_xxhash64(const struct value *v, uint64_t *hash) MUST_USE;

#endif

#include "base/base.h"

#include "eval/digest.h"

#include "eval/rotate.h"

#include <math.h>
#include <string.h>

static uint64_t
read_big(const unsigned char *p, size_t n)
{
	uint64_t x = 0;
	size_t i;

	for (i = 0; i < n; i++)
		x = x << 8 | p[i];
	return x;
}

static uint64_t
read_little(const unsigned char *p, size_t n)
{
	uint64_t x = 0;
	size_t i;

	for (i = n; i > 0; i--)
		x = x << 8 | p[i - 1];
	return x;
}

static void
write_big(unsigned char *p, uint64_t x, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		p[i] = (unsigned char)(x >> (8 * (n - 1 - i)));
}

static void
write_little(unsigned char *p, uint64_t x, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		p[i] = (unsigned char)(x >> (8 * i));
}

/* The first 64 bits of the fractions of the cube roots of the first 80 primes:
 * SHA-512 takes them as they are, SHA-256 the upper halves of the first 64.
 * FIPS 180-4, 4.2. */
static const uint64_t cube_roots[] = {
    UINT64_C(0x428a2f98d728ae22),
    UINT64_C(0x7137449123ef65cd),
    UINT64_C(0xb5c0fbcfec4d3b2f),
    UINT64_C(0xe9b5dba58189dbbc),
    UINT64_C(0x3956c25bf348b538),
    UINT64_C(0x59f111f1b605d019),
    UINT64_C(0x923f82a4af194f9b),
    UINT64_C(0xab1c5ed5da6d8118),
    UINT64_C(0xd807aa98a3030242),
    UINT64_C(0x12835b0145706fbe),
    UINT64_C(0x243185be4ee4b28c),
    UINT64_C(0x550c7dc3d5ffb4e2),
    UINT64_C(0x72be5d74f27b896f),
    UINT64_C(0x80deb1fe3b1696b1),
    UINT64_C(0x9bdc06a725c71235),
    UINT64_C(0xc19bf174cf692694),
    UINT64_C(0xe49b69c19ef14ad2),
    UINT64_C(0xefbe4786384f25e3),
    UINT64_C(0x0fc19dc68b8cd5b5),
    UINT64_C(0x240ca1cc77ac9c65),
    UINT64_C(0x2de92c6f592b0275),
    UINT64_C(0x4a7484aa6ea6e483),
    UINT64_C(0x5cb0a9dcbd41fbd4),
    UINT64_C(0x76f988da831153b5),
    UINT64_C(0x983e5152ee66dfab),
    UINT64_C(0xa831c66d2db43210),
    UINT64_C(0xb00327c898fb213f),
    UINT64_C(0xbf597fc7beef0ee4),
    UINT64_C(0xc6e00bf33da88fc2),
    UINT64_C(0xd5a79147930aa725),
    UINT64_C(0x06ca6351e003826f),
    UINT64_C(0x142929670a0e6e70),
    UINT64_C(0x27b70a8546d22ffc),
    UINT64_C(0x2e1b21385c26c926),
    UINT64_C(0x4d2c6dfc5ac42aed),
    UINT64_C(0x53380d139d95b3df),
    UINT64_C(0x650a73548baf63de),
    UINT64_C(0x766a0abb3c77b2a8),
    UINT64_C(0x81c2c92e47edaee6),
    UINT64_C(0x92722c851482353b),
    UINT64_C(0xa2bfe8a14cf10364),
    UINT64_C(0xa81a664bbc423001),
    UINT64_C(0xc24b8b70d0f89791),
    UINT64_C(0xc76c51a30654be30),
    UINT64_C(0xd192e819d6ef5218),
    UINT64_C(0xd69906245565a910),
    UINT64_C(0xf40e35855771202a),
    UINT64_C(0x106aa07032bbd1b8),
    UINT64_C(0x19a4c116b8d2d0c8),
    UINT64_C(0x1e376c085141ab53),
    UINT64_C(0x2748774cdf8eeb99),
    UINT64_C(0x34b0bcb5e19b48a8),
    UINT64_C(0x391c0cb3c5c95a63),
    UINT64_C(0x4ed8aa4ae3418acb),
    UINT64_C(0x5b9cca4f7763e373),
    UINT64_C(0x682e6ff3d6b2b8a3),
    UINT64_C(0x748f82ee5defb2fc),
    UINT64_C(0x78a5636f43172f60),
    UINT64_C(0x84c87814a1f0ab72),
    UINT64_C(0x8cc702081a6439ec),
    UINT64_C(0x90befffa23631e28),
    UINT64_C(0xa4506cebde82bde9),
    UINT64_C(0xbef9a3f7b2c67915),
    UINT64_C(0xc67178f2e372532b),
    UINT64_C(0xca273eceea26619c),
    UINT64_C(0xd186b8c721c0c207),
    UINT64_C(0xeada7dd6cde0eb1e),
    UINT64_C(0xf57d4f7fee6ed178),
    UINT64_C(0x06f067aa72176fba),
    UINT64_C(0x0a637dc5a2c898a6),
    UINT64_C(0x113f9804bef90dae),
    UINT64_C(0x1b710b35131c471b),
    UINT64_C(0x28db77f523047d84),
    UINT64_C(0x32caab7b40c72493),
    UINT64_C(0x3c9ebe0a15c9bebc),
    UINT64_C(0x431d67c49c100d4c),
    UINT64_C(0x4cc5d4becb3e42b6),
    UINT64_C(0x597f299cfc657e2a),
    UINT64_C(0x5fcb6fab3ad6faec),
    UINT64_C(0x6c44198c4a475817),
};

/* The same of the square roots of the first 16: what SHA-512 (8) and SHA-384
 * start with; the upper halves of the first 8 are SHA-256's, the lower halves
 * of the others SHA-224's. FIPS 180-4, 5.3. */
static const uint64_t square_roots[] = {
    UINT64_C(0x6a09e667f3bcc908),
    UINT64_C(0xbb67ae8584caa73b),
    UINT64_C(0x3c6ef372fe94f82b),
    UINT64_C(0xa54ff53a5f1d36f1),
    UINT64_C(0x510e527fade682d1),
    UINT64_C(0x9b05688c2b3e6c1f),
    UINT64_C(0x1f83d9abfb41bd6b),
    UINT64_C(0x5be0cd19137e2179),
    UINT64_C(0xcbbb9d5dc1059ed8),
    UINT64_C(0x629a292a367cd507),
    UINT64_C(0x9159015a3070dd17),
    UINT64_C(0x152fecd8f70e5939),
    UINT64_C(0x67332667ffc00b31),
    UINT64_C(0x8eb44a8768581511),
    UINT64_C(0xdb0c2e0d64f98fa7),
    UINT64_C(0x47b5481dbefa4fa4),
};

/* The message, a one bit, zeros, and the length in bits, in whole blocks. */
static unsigned char *
pad(struct arena *a, struct slice bytes, size_t block, bool little,
    size_t *ret_n)
{
	size_t tail = block / 8;
	size_t n = (bytes.n + 1 + tail + block - 1) / block * block;
	unsigned char *p = arena_alloc(a, n);

	if (bytes.n > 0)
		memcpy(p, bytes.p, bytes.n);
	p[bytes.n] = 0x80;
	if (little)
		write_little(p + n - 8, (uint64_t)bytes.n * 8, 8);
	else
		write_big(p + n - 8, (uint64_t)bytes.n * 8, 8);
	*ret_n = n;
	return p;
}

/* One of the 64 steps: which word, mixed how. RFC 1321, 3.4. */
static uint32_t
md5_mix(unsigned i, const uint32_t s[4], unsigned *ret_word)
{
	uint32_t b = s[1];
	uint32_t c = s[2];
	uint32_t d = s[3];

	switch (i / 16) {
	case 0:
		*ret_word = i;
		return (b & c) | (~b & d);
	case 1:
		*ret_word = (5 * i + 1) % 16;
		return (d & b) | (~d & c);
	case 2:
		*ret_word = (3 * i + 5) % 16;
		return b ^ c ^ d;
	default:
		*ret_word = 7 * i % 16;
		return c ^ (b | ~d);
	}
}

static void
md5_block(uint32_t state[4], const unsigned char *p)
{
	static const unsigned shifts[4][4] = {
	    {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
	uint32_t s[4];
	unsigned i;

	memcpy(s, state, sizeof(s));
	for (i = 0; i < 64; i++) {
		unsigned word;
		uint32_t mixed = md5_mix(i, s, &word);
		uint32_t sine = (uint32_t)(fabs(sin((double)i + 1)) *
		    4294967296.0);
		uint32_t sum = s[0] + mixed + sine +
		    (uint32_t)read_little(p + (size_t)word * 4, 4);

		s[0] = s[3];
		s[3] = s[2];
		s[2] = s[1];
		s[1] += rotate(sum, shifts[i / 16][i % 4]);
	}
	for (i = 0; i < 4; i++)
		state[i] += s[i];
}

static size_t
md5(struct arena *a, struct slice bytes, unsigned char *ret)
{
	uint32_t state[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
	size_t n;
	const unsigned char *p = pad(a, bytes, 64, true, &n);
	size_t i;

	for (i = 0; i < n; i += 64)
		md5_block(state, p + i);
	for (i = 0; i < 4; i++)
		write_little(ret + 4 * i, state[i], 4);
	return 16;
}

/* FIPS 180-4, 6.1.2. */
static void
sha1_block(uint32_t state[5], const unsigned char *p)
{
	static const uint32_t k[] = {
	    0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
	uint32_t w[80];
	uint32_t s[5];
	size_t i;

	for (i = 0; i < 80; i++)
		w[i] = i < 16
		    ? (uint32_t)read_big(p + 4 * i, 4)
		    : rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	memcpy(s, state, sizeof(s));
	for (i = 0; i < 80; i++) {
		uint32_t mixed = i / 20 == 0 ? (s[1] & s[2]) ^ (~s[1] & s[3])
		    : i / 20 == 2
		    ? (s[1] & s[2]) ^ (s[1] & s[3]) ^ (s[2] & s[3])
		    : s[1] ^ s[2] ^ s[3];
		uint32_t next = rotate(s[0], 5) + mixed + s[4] + k[i / 20] +
		    w[i];

		s[4] = s[3];
		s[3] = s[2];
		s[2] = rotate(s[1], 30);
		s[1] = s[0];
		s[0] = next;
	}
	for (i = 0; i < 5; i++)
		state[i] += s[i];
}

static size_t
sha1(struct arena *a, struct slice bytes, unsigned char *ret)
{
	uint32_t state[5] = {
	    0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
	size_t n;
	const unsigned char *p = pad(a, bytes, 64, false, &n);
	size_t i;

	for (i = 0; i < n; i += 64)
		sha1_block(state, p + i);
	for (i = 0; i < 5; i++)
		write_big(ret + 4 * i, state[i], 4);
	return 20;
}

/* SHA-256 and SHA-512 differ in the width of their words, the number of rounds
 * and how far they rotate. FIPS 180-4, 4.1. */
struct sha2 {
	unsigned bits; /* of a word */
	size_t rounds;
	unsigned rotate[4][3]; /* Σ0, Σ1, σ0, σ1; the last of σ shifts */
};

static const struct sha2 sha256 = {
    32, 64, {{2, 13, 22}, {6, 11, 25}, {7, 18, 3}, {17, 19, 10}}};
static const struct sha2 sha512 = {
    64, 80, {{28, 34, 39}, {14, 18, 41}, {1, 8, 7}, {19, 61, 6}}};

/* To the right. */
static uint64_t
sha2_turn(const struct sha2 *h, uint64_t x, unsigned n)
{
	return h->bits == 64 ? rotate64(x, 64 - n)
	                     : rotate((uint32_t)x, 32 - n);
}

static uint64_t
sha2_sigma(const struct sha2 *h, uint64_t x, size_t which)
{
	const unsigned *by = h->rotate[which];

	return sha2_turn(h, x, by[0]) ^ sha2_turn(h, x, by[1]) ^
	    (which < 2 ? sha2_turn(h, x, by[2]) : x >> by[2]);
}

/* FIPS 180-4, 6.2.2 and 6.4.2. */
static void
sha2_block(const struct sha2 *h, uint64_t state[8], const unsigned char *p)
{
	uint64_t mask = UINT64_MAX >> (64 - h->bits);
	uint64_t w[80];
	uint64_t s[8];
	size_t i;

	for (i = 0; i < h->rounds; i++)
		w[i] = i < 16 ? read_big(p + h->bits / 8 * i, h->bits / 8)
		              : (sha2_sigma(h, w[i - 2], 3) + w[i - 7] +
		                    sha2_sigma(h, w[i - 15], 2) + w[i - 16]) &
		        mask;
	memcpy(s, state, sizeof(s));
	for (i = 0; i < h->rounds; i++) {
		uint64_t one = s[7] + sha2_sigma(h, s[4], 1) +
		    ((s[4] & s[5]) ^ (~s[4] & s[6])) +
		    (cube_roots[i] >> (64 - h->bits)) + w[i];
		uint64_t two = sha2_sigma(h, s[0], 0) +
		    ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));

		memmove(s + 1, s, 7 * sizeof(s[0]));
		s[4] = (s[4] + one) & mask;
		s[0] = (one + two) & mask;
	}
	for (i = 0; i < 8; i++)
		state[i] = (state[i] + s[i]) & mask;
}

static size_t
sha2(struct arena *a, enum digest which, struct slice bytes, unsigned char *ret)
{
	static const size_t lengths[] = {28, 32, 48, 64};
	bool small = which == DIGEST_SHA224 || which == DIGEST_SHA256;
	const struct sha2 *h = small ? &sha256 : &sha512;
	unsigned char all[DIGEST_MAX];
	uint64_t state[8];
	size_t n;
	const unsigned char *p = pad(a, bytes, h->bits * 2, false, &n);
	size_t i;

	for (i = 0; i < 8; i++) {
		if (which == DIGEST_SHA256)
			state[i] = square_roots[i] >> 32;
		else if (which == DIGEST_SHA224)
			state[i] = square_roots[i + 8] & 0xffffffff;
		else
			state[i] =
			    square_roots[which == DIGEST_SHA384 ? i + 8 : i];
	}
	for (i = 0; i < n; i += h->bits * 2)
		sha2_block(h, state, p + i);
	for (i = 0; i < 8; i++)
		write_big(all + h->bits / 8 * i, state[i], h->bits / 8);
	n = lengths[which - DIGEST_SHA224];
	memcpy(ret, all, n);
	return n;
}

size_t
digest_bytes(struct arena *a, enum digest which, struct slice bytes,
    unsigned char ret[DIGEST_MAX])
{
	if (which == DIGEST_MD5)
		return md5(a, bytes, ret);
	if (which == DIGEST_SHA1)
		return sha1(a, bytes, ret);
	return sha2(a, which, bytes, ret);
}

uint32_t
digest_crc32(struct slice bytes)
{
	uint32_t crc = 0xffffffff;
	size_t i;
	int bit;

	for (i = 0; i < bytes.n; i++) {
		crc ^= (unsigned char)bytes.p[i];
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

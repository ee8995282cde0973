#include "base/base.h"

#include "eval/digest.h"

#include "eval/rotate.h"

#include <string.h>

static uint64_t
read_little(const char *p, size_t n)
{
	uint64_t x = 0;
	size_t i;

	for (i = n; i > 0; i--)
		x = x << 8 | (unsigned char)p[i - 1];
	return x;
}

/* What of a value is hashed: an int, a long, or bytes. */
enum hashed { HASHED_INT, HASHED_LONG, HASHED_BYTES, HASHED_UNKNOWN };

/* The bits of a double; zeros have one sign, NaNs one form. */
static int64_t
real_bits(const struct value *v)
{
	double d = v->real == 0 ? 0 : v->real;
	float f = (float)d;
	uint32_t small;
	int64_t bits;

	if (v->real != v->real)
		return v->type.kind == VALUE_FLOAT
		    ? INT64_C(0x7fc00000)
		    : INT64_C(0x7ff8000000000000);
	memcpy(&bits, &d, sizeof(bits));
	memcpy(&small, &f, sizeof(small));
	return v->type.kind == VALUE_FLOAT ? (int64_t)(int32_t)small : bits;
}

static enum hashed
hashed_as(const struct value *v, int64_t *ret)
{
	*ret = v->integer;
	switch (v->type.kind) {
	case VALUE_BOOLEAN:
		*ret = v->boolean ? 1 : 0;
		return HASHED_INT;
	case VALUE_TINYINT:
	case VALUE_SMALLINT:
	case VALUE_INT:
	case VALUE_DATE:
	case VALUE_MONTHS:
		return HASHED_INT;
	case VALUE_BIGINT:
	case VALUE_TIMESTAMP:
	case VALUE_TIMESTAMP_NTZ:
	case VALUE_MICROS:
		return HASHED_LONG;
	case VALUE_FLOAT:
		*ret = real_bits(v);
		return HASHED_INT;
	case VALUE_DOUBLE:
		*ret = real_bits(v);
		return HASHED_LONG;
	case VALUE_DECIMAL:
		*ret = (int64_t)v->decimal;
		return v->type.precision <= 18 ? HASHED_LONG : HASHED_UNKNOWN;
	case VALUE_STRING:
	case VALUE_BINARY:
		return HASHED_BYTES;
	case VALUE_VOID:
	case VALUE_ARRAY:
	case VALUE_MAP:
	case VALUE_STRUCT:
		break;
	}
	return HASHED_UNKNOWN;
}

/* Whose items are hashed one by one; Spark refuses to hash maps. */
static bool
is_list(const struct value *v)
{
	return v->type.kind == VALUE_ARRAY || v->type.kind == VALUE_STRUCT;
}

static uint32_t
murmur_mix(uint32_t hash, uint32_t k)
{
	hash ^= rotate(k * 0xcc9e2d51, 15) * 0x1b873593;
	return rotate(hash, 13) * 5 + 0xe6546b64;
}

static uint32_t
murmur_end(uint32_t hash, uint32_t length)
{
	hash ^= length;
	hash = (hash ^ hash >> 16) * 0x85ebca6b;
	hash = (hash ^ hash >> 13) * 0xc2b2ae35;
	return hash ^ hash >> 16;
}

bool
digest_murmur3(const struct value *v, uint32_t *hash)
{
	uint32_t h = *hash;
	int64_t bits;
	size_t i;

	if (v->is_null)
		return true;
	for (i = 0; is_list(v) && i < v->list.n; i++) {
		if (!digest_murmur3(&v->list.v[i], hash))
			return false;
	}
	if (is_list(v))
		return true;
	switch (hashed_as(v, &bits)) {
	case HASHED_INT:
		h = murmur_end(murmur_mix(h, (uint32_t)bits), 4);
		break;
	case HASHED_LONG:
		h = murmur_mix(h, (uint32_t)bits);
		h = murmur_mix(h, (uint32_t)((uint64_t)bits >> 32));
		h = murmur_end(h, 8);
		break;
	case HASHED_BYTES:
		for (i = 0; i + 4 <= v->text.n; i += 4)
			h = murmur_mix(h,
			    (uint32_t)read_little(v->text.p + i, 4));
		/* Unlike the original, Spark mixes each byte of the rest by
		 * itself, with its sign. */
		for (; i < v->text.n; i++)
			h = murmur_mix(h,
			    (uint32_t)(int32_t)(signed char)v->text.p[i]);
		h = murmur_end(h, (uint32_t)v->text.n);
		break;
	case HASHED_UNKNOWN:
		return false;
	}
	*hash = h;
	return true;
}

#define XX_1 UINT64_C(0x9e3779b185ebca87)
#define XX_2 UINT64_C(0xc2b2ae3d27d4eb4f)
#define XX_3 UINT64_C(0x165667b19e3779f9)
#define XX_4 UINT64_C(0x85ebca77c2b2ae63)
#define XX_5 UINT64_C(0x27d4eb2f165667c5)

static uint64_t
xx_end(uint64_t hash)
{
	hash = (hash ^ hash >> 33) * XX_2;
	hash = (hash ^ hash >> 29) * XX_3;
	return hash ^ hash >> 32;
}

static uint64_t
xx_long(uint64_t hash, uint64_t k)
{
	hash ^= rotate64(k * XX_2, 31) * XX_1;
	return rotate64(hash, 27) * XX_1 + XX_4;
}

static uint64_t
xx_int(uint64_t hash, uint32_t k)
{
	hash ^= (uint64_t)k * XX_1;
	return rotate64(hash, 23) * XX_2 + XX_3;
}

/* Four lanes over blocks of 32 bytes, for texts that have one. */
static uint64_t
xx_lanes(const char *p, size_t n, uint64_t seed)
{
	static const unsigned turns[] = {1, 7, 12, 18};
	uint64_t lane[4] = {seed + XX_1 + XX_2, seed + XX_2, seed, seed - XX_1};
	uint64_t hash = 0;
	size_t i;
	size_t j;

	for (i = 0; i + 32 <= n; i += 32) {
		for (j = 0; j < 4; j++)
			lane[j] = rotate64(lane[j] +
			                  read_little(p + i + 8 * j, 8) * XX_2,
			              31) *
			    XX_1;
	}
	for (j = 0; j < 4; j++)
		hash += rotate64(lane[j], turns[j]);
	for (j = 0; j < 4; j++)
		hash = (hash ^ rotate64(lane[j] * XX_2, 31) * XX_1) * XX_1 +
		    XX_4;
	return hash;
}

static uint64_t
xx_bytes(struct slice s, uint64_t seed)
{
	uint64_t hash = s.n >= 32 ? xx_lanes(s.p, s.n, seed) : seed + XX_5;
	size_t i = s.n / 32 * 32;

	hash += s.n;
	for (; i + 8 <= s.n; i += 8)
		hash = xx_long(hash, read_little(s.p + i, 8));
	if (i + 4 <= s.n) {
		hash = xx_int(hash, (uint32_t)read_little(s.p + i, 4));
		i += 4;
	}
	for (; i < s.n; i++) {
		hash ^= (unsigned char)s.p[i] * XX_5;
		hash = rotate64(hash, 11) * XX_1;
	}
	return xx_end(hash);
}

bool
digest_xxhash64(const struct value *v, uint64_t *hash)
{
	int64_t bits;
	size_t i;

	if (v->is_null)
		return true;
	for (i = 0; is_list(v) && i < v->list.n; i++) {
		if (!digest_xxhash64(&v->list.v[i], hash))
			return false;
	}
	if (is_list(v))
		return true;
	switch (hashed_as(v, &bits)) {
	case HASHED_INT:
		*hash = xx_end(xx_int(*hash + XX_5 + 4, (uint32_t)bits));
		return true;
	case HASHED_LONG:
		*hash = xx_end(xx_long(*hash + XX_5 + 8, (uint64_t)bits));
		return true;
	case HASHED_BYTES:
		*hash = xx_bytes(v->text, *hash);
		return true;
	case HASHED_UNKNOWN:
		break;
	}
	return false;
}

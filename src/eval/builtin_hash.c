#include "base/base.h"

#include "eval/builtin.h"

#include "base/buf.h"
#include "eval/digest.h"

#define SEED 42

static enum eval_outcome
give_digest(struct run *r, enum digest which, struct slice bytes,
    struct value *ret)
{
	unsigned char digest[DIGEST_MAX];
	size_t n = digest_bytes(r->arena, which, bytes, digest);
	struct buf b;
	size_t i;

	buf_init(&b, r->arena, (size_t)2 * DIGEST_MAX);
	for (i = 0; i < n; i++)
		buf_printf(&b, "%02x", (unsigned)digest[i]);
	*ret = value_text(buf_slice(&b));
	return EVAL_VALUE;
}

static enum eval_outcome
run_digest(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	return give_digest(r, (enum digest)n->index, arg[0].text, ret);
}

static enum eval_outcome
run_sha2(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	switch (arg[1].integer) {
	case 224:
		return give_digest(r, DIGEST_SHA224, arg[0].text, ret);
	case 0:
	case 256:
		return give_digest(r, DIGEST_SHA256, arg[0].text, ret);
	case 384:
		return give_digest(r, DIGEST_SHA384, arg[0].text, ret);
	case 512:
		return give_digest(r, DIGEST_SHA512, arg[0].text, ret);
	default:
		return node_null(n, ret);
	}
}

static enum eval_outcome
run_crc32(struct run *r UNUSED, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	*ret = value_integer(VALUE_BIGINT, digest_crc32(arg[0].text));
	return EVAL_VALUE;
}

static const char type_unknown[] = "The hash of this type is not known.";

static enum eval_outcome
run_hash(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	uint32_t hash = SEED;
	size_t i;

	for (i = 0; i < n->n_args; i++) {
		if (!digest_murmur3(&arg[i], &hash))
			return node_unknown(r, type_unknown);
	}
	*ret = value_integer(VALUE_INT, (int32_t)hash);
	return EVAL_VALUE;
}

static enum eval_outcome
run_xxhash64(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	uint64_t hash = SEED;
	size_t i;

	for (i = 0; i < n->n_args; i++) {
		if (!digest_xxhash64(&arg[i], &hash))
			return node_unknown(r, type_unknown);
	}
	*ret = value_integer(VALUE_BIGINT, (int64_t)hash);
	return EVAL_VALUE;
}

static const struct builtin table[] = {
    {"md5", "y:s", run_digest, NULL, NODE_STRICT, DIGEST_MD5},
    {"sha", "y:s", run_digest, NULL, NODE_STRICT, DIGEST_SHA1},
    {"sha1", "y:s", run_digest, NULL, NODE_STRICT, DIGEST_SHA1},
    {.name = "sha2", .signature = "yi:s", .run = run_sha2},
    {.name = "crc32", .signature = "y:l", .run = run_crc32},
    {"hash", "a*:i", run_hash, NULL, NODE_EAGER, 0},
    {"xxhash64", "a*:l", run_xxhash64, NULL, NODE_EAGER, 0},
};

const struct builtins builtins_hash = {table, COUNT_OF(table)};

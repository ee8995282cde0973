#include "base/base.h"

#include "core/proof.h"

#include <string.h>

static const struct proof_pair pairs[] = {
#define PAIR(spark, delta) {spark, delta},
#define PROOF(number, text, pattern, spark, off, on)
#include "core/proof_table.h"
#undef PAIR
#undef PROOF
};

static_assert(COUNT_OF(pairs) <= PROOF_PAIRS_MAX, "too many pairs");

static const struct proof {
	const char *number;
	const char *text;
	const char *pattern;
	const char *spark; /* without its last number: "3.5" */
	int off;
	int on;
} proofs[] = {
#define PAIR(spark, delta)
#define PROOF(number, text, pattern, spark, off, on)                           \
	{number, text, pattern, spark, off, on},
#include "core/proof_table.h"
#undef PAIR
#undef PROOF
};

/* As docs/proof.md names them. */
static const char *const titles[STRATEGY__COUNT] = {
    [STRATEGY_FULL_LOAD] = "Full load",
    [STRATEGY_INCREMENTAL] = "Incremental",
    [STRATEGY_MERGE] = "MERGE",
    [STRATEGY_SCD2] = "SCD2",
};

const struct proof_pair *
proof_pairs(size_t *ret_n)
{
	*ret_n = COUNT_OF(pairs);
	return pairs;
}

/* The cases about rules of the sheet. */
static bool
is_about_rules(const char *number)
{
	return str_eq(number, "P44") || str_eq(number, "P45");
}

static size_t
pair_of(const struct proof *proof)
{
	size_t n = strlen(proof->spark);
	size_t i;

	for (i = 0; i < COUNT_OF(pairs); i++) {
		if (strncmp(pairs[i].spark, proof->spark, n) == 0 &&
		    pairs[i].spark[n] == '.')
			break;
	}
	assert(i < COUNT_OF(pairs));
	return i;
}

void
proof_of(struct arena *a, enum strategy strategy, bool rules,
    struct proof_cases *ret)
{
	size_t i;

	assert(strategy < STRATEGY__COUNT);
	if (!titles[strategy])
		return;
	for (i = 0; i < COUNT_OF(proofs); i++) {
		const struct proof *proof = &proofs[i];
		struct proof_case *c;
		size_t pair = pair_of(proof);

		if (!str_eq(proof->pattern, titles[strategy]) ||
		    (is_about_rules(proof->number) && !rules))
			continue;
		if (ret->n == 0 ||
		    !str_eq(ret->v[ret->n - 1].number, proof->number)) {
			c = LIST_ADD(a, ret);
			c->number = proof->number;
			c->text = proof->text;
		}
		c = &ret->v[ret->n - 1];
		c->off[pair] = proof->off;
		c->on[pair] = proof->on;
	}
}

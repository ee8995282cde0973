#include "base/base.h"

#include "sys/pkce.h"

#include "sys/crypto.h"
#include "temp.h"

/* The example of RFC 7636, appendix B. */
#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

static void
test_pkce(void **state)
{
	static const struct {
		const char *verifier;
		const char *challenge;
		bool matches;
	} cases[] = {
	    {VERIFIER, CHALLENGE, true},
	    {VERIFIER, CHALLENGE "=", false},
	    {VERIFIER, VERIFIER, false},
	    {VERIFIER, "", false},
	    {"", CHALLENGE, false},
	    {"short", "", false},
	    {VERIFIER "x", CHALLENGE, false},
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	ok(crypto_init());
	for (i = 0; i < COUNT_OF(cases); i++) {
		if (pkce_matches(&a, cases[i].verifier, cases[i].challenge) !=
		    cases[i].matches)
			fail_msg("%zu", i);
	}
	/* Too short and of other characters, though the hash is right. */
	assert_false(pkce_matches(&a, "short", pkce_challenge(&a, "short")));
	assert_false(pkce_matches(&a, VERIFIER "+",
	    pkce_challenge(&a, VERIFIER "+")));
	assert_true(pkce_matches(&a, VERIFIER "~",
	    pkce_challenge(&a, VERIFIER "~")));
	arena_done(&a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_pkce),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

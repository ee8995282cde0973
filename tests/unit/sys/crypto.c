#include "base/base.h"

#include "sys/crypto.h"

#include "temp.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

struct state {
	struct arena arena;
	const char *dir;
	struct hasher hasher;
};

static int
setup(void **state)
{
	static struct state s;

	s = (struct state){.hasher = {.passes = 1, .memory = 8192}};
	s.dir = temp_dir(&s.arena);
	ok(crypto_init());
	ok(hasher_open(&s.hasher, &s.arena, s.dir));
	*state = &s;
	return 0;
}

static int
teardown(void **state)
{
	struct state *s = *state;

	hasher_close(&s->hasher);
	temp_remove(s->dir);
	arena_done(&s->arena);
	return 0;
}

static void
test_tokens_differ_and_fit_a_cookie(void **state)
{
	struct state *s = *state;
	const char *first = crypto_token(&s->arena);
	const char *second = crypto_token(&s->arena);

	assert_int_equal(strlen(first), CRYPTO_TOKEN_LENGTH);
	assert_int_equal(strspn(first,
	                     "abcdefghijklmnopqrstuvwxyz"
	                     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"),
	    CRYPTO_TOKEN_LENGTH);
	assert_string_not_equal(first, second);
}

static void
test_seals(void **state)
{
	struct state *s = *state;
	struct arena *a = &s->arena;
	struct crypto_keys keys = crypto_make_keys(a);
	struct crypto_keys others = crypto_make_keys(a);
	const char *box = crypto_seal(a, keys.public_key, SLICE("to\0ken"));
	struct slice text;
	size_t i;

	assert_int_equal(strlen(keys.public_key), CRYPTO_KEY_LENGTH);
	assert_int_equal(strlen(keys.secret_key), CRYPTO_KEY_LENGTH);
	assert_string_equal(crypto_public_key(a, keys.secret_key),
	    keys.public_key);
	assert_true(crypto_open_seal(a, keys.secret_key, box, &text));
	assert_true(slice_eq(text, SLICE("to\0ken")));
	assert_string_not_equal(box,
	    crypto_seal(a, keys.public_key, SLICE("to\0ken")));
	assert_false(crypto_open_seal(a, others.secret_key, box, &text));
	assert_false(crypto_open_seal(a, keys.public_key, box, &text));
	/* Whatever is changed or cut off, it does not open. */
	for (i = 0; i < strlen(box); i++) {
		char *other = arena_strdup(a, box);

		other[i] = other[i] == 'A' ? 'B' : 'A';
		assert_false(crypto_open_seal(a, keys.secret_key, other,
		    &text));
		other[i] = '\0';
		assert_false(crypto_open_seal(a, keys.secret_key, other,
		    &text));
	}
	box = crypto_seal(a, keys.public_key, SLICE(""));
	assert_true(crypto_open_seal(a, keys.secret_key, box, &text));
	assert_int_equal(text.n, 0);
}

static void
test_keys_that_are_none(void **state)
{
	static const char *const bad[] = {"", "A", "=", "no key at all"};
	struct state *s = *state;
	const char *box = crypto_seal(&s->arena,
	    crypto_make_keys(&s->arena).public_key, SLICE("x"));
	struct slice text;
	size_t i;

	for (i = 0; i < COUNT_OF(bad); i++) {
		assert_null(crypto_public_key(&s->arena, bad[i]));
		assert_null(crypto_seal(&s->arena, bad[i], SLICE("x")));
		assert_false(crypto_open_seal(&s->arena, bad[i], box, &text));
	}
	assert_null(crypto_seal(&s->arena, NULL, SLICE("x")));
}

static void
test_random_below(void **state UNUSED)
{
	bool seen[5] = {false};
	int i;

	for (i = 0; i < 1000; i++) {
		uint32_t n = crypto_random_below(5);

		assert_in_range(n, 0, 4);
		seen[n] = true;
	}
	for (i = 0; i < 5; i++)
		assert_true(seen[i]);
}

/* The examples of FIPS 180-2. */
static void
test_sha256(void **state)
{
	static const struct {
		const char *input;
		const char *want;
	} cases[] = {
	    {"",
	        "e3b0c44298fc1c149afbf4c8996fb924"
	        "27ae41e4649b934ca495991b7852b855"},
	    {"abc",
	        "ba7816bf8f01cfea414140de5dae2223"
	        "b00361a396177a9cb410ff61f20015ad"},
	};
	struct state *s = *state;
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(crypto_sha256(&s->arena,
		                        slice_of(cases[i].input)),
		    cases[i].want);
}

static void
test_mac_depends_on_secret_and_purpose(void **state)
{
	struct state *s = *state;
	const char *one = crypto_token(&s->arena);
	const char *two = crypto_token(&s->arena);
	const char *mac = crypto_mac(&s->arena, one, "csrf");

	assert_string_equal(mac, crypto_mac(&s->arena, one, "csrf"));
	assert_string_not_equal(mac, crypto_mac(&s->arena, two, "csrf"));
	assert_string_not_equal(mac, crypto_mac(&s->arena, one, "flash"));
	assert_null(strstr(mac, one));
}

static void
test_equal(void **state UNUSED)
{
	static const struct {
		const char *a;
		const char *b;
		bool want;
	} cases[] = {
	    {"", "", true},
	    {"abc", "abc", true},
	    {"abc", "abd", false},
	    {"abc", "abcd", false},
	    {"abc", "", false},
	    {NULL, "abc", false},
	    {"abc", NULL, false},
	    {NULL, NULL, false},
	};
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(crypto_equal(cases[i].a, cases[i].b),
		    cases[i].want);
}

static void
test_wipe(void **state UNUSED)
{
	char text[] = "secret";

	crypto_wipe(text, sizeof(text));
	assert_int_equal(text[0], 0);
	assert_int_equal(text[5], 0);
}

static void
test_password(void **state)
{
	struct state *s = *state;
	const char *hash;
	const char *again;
	bool right;

	ok(password_hash(&s->hasher, &s->arena, "correct horse", &hash));
	ok(password_hash(&s->hasher, &s->arena, "correct horse", &again));
	assert_true(str_starts(hash, "$argon2id$"));
	assert_string_not_equal(hash, again);
	ok(password_verify(&s->hasher, hash, "correct horse", &right));
	assert_true(right);
	ok(password_verify(&s->hasher, hash, "correct horsf", &right));
	assert_false(right);
	ok(password_verify(&s->hasher, NULL, "", &right));
	assert_false(right);
	ok(password_verify(&s->hasher, "nonsense", "nonsense", &right));
	assert_false(right);
}

/* A name that does not exist must cost what a wrong password costs. */
/* Lets the process have so much more memory than it has now. */
static void
limit_memory(rlim_t more)
{
	struct rlimit limit;
	unsigned long pages;
	FILE *f = fopen("/proc/self/statm", "re");

	assert_non_null(f);
	assert_int_equal(fscanf(f, "%lu", &pages), 1);
	fclose(f);
	assert_int_equal(getrlimit(RLIMIT_AS, &limit), 0);
	limit.rlim_cur = more == RLIM_INFINITY
	    ? limit.rlim_max
	    : pages * (rlim_t)sysconf(_SC_PAGESIZE) + more;
	assert_int_equal(setrlimit(RLIMIT_AS, &limit), 0);
}

/* Hashing for nobody needs the memory that hashing for somebody needs. */
static void
test_unknown_name_does_the_same_work(void **state)
{
	struct state *s = *state;
	struct hasher costly = s->hasher;
	const struct err *e[2];
	const char *hash;
	bool right = true;

	costly.memory = 64 * 1024 * 1024;
	ok(password_hash(&costly, &s->arena, "correct horse", &hash));
	ok(password_verify(&costly, NULL, "wrong", &right));
	assert_false(right);
	limit_memory(48 * 1024 * 1024);
	e[0] = password_verify(&costly, hash, "wrong", &right);
	e[1] = password_verify(&costly, NULL, "wrong", &right);
	limit_memory(RLIM_INFINITY);
	assert_non_null(e[0]);
	assert_non_null(e[1]);
	assert_int_equal(e[0]->code, e[1]->code);
}

static void
test_third_hash_waits_for_a_slot(void **state)
{
	struct state *s = *state;
	struct hasher other = {0};
	const char *hash;
	int i;

	ok(hasher_open(&other, &s->arena, s->dir));
	for (i = 0; i < HASHER_SLOTS; i++)
		assert_true(lock_try(&other.slot[i]));
	s->hasher.wait_ms = 10;
	fails(password_hash(&s->hasher, &s->arena, "correct horse", &hash),
	    S_BUSY);
	lock_release(&other.slot[0]);
	ok(password_hash(&s->hasher, &s->arena, "correct horse", &hash));
	s->hasher.wait_ms = 0;
	hasher_close(&other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_tokens_differ_and_fit_a_cookie),
	    cmocka_unit_test(test_seals),
	    cmocka_unit_test(test_keys_that_are_none),
	    cmocka_unit_test(test_random_below),
	    cmocka_unit_test(test_sha256),
	    cmocka_unit_test(test_mac_depends_on_secret_and_purpose),
	    cmocka_unit_test(test_equal),
	    cmocka_unit_test(test_wipe),
	    cmocka_unit_test(test_password),
	    cmocka_unit_test(test_unknown_name_does_the_same_work),
	    cmocka_unit_test(test_third_hash_waits_for_a_slot),
	};

	return cmocka_run_group_tests_name("crypto", tests, setup, teardown);
}

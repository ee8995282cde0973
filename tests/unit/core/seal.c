#include "base/base.h"

#include "core/seal.h"

#include "sys/crypto.h"
#include "temp.h"

#include <string.h>
#include <sys/stat.h>

struct state {
	struct arena arena;
	const char *dir;
	struct seal seal;
};

static const struct seal_place place = {
    "connection", 7, 3, "https://a.example"};

static int
setup(void **state)
{
	static struct state s;

	s = (struct state){0};
	s.dir = temp_dir(&s.arena);
	ok(crypto_init());
	ok(seal_make(&s.arena, s.dir));
	ok(seal_read(&s.arena, s.dir, true, &s.seal));
	*state = &s;
	return 0;
}

static int
teardown(void **state)
{
	struct state *s = *state;

	temp_remove(s->dir);
	arena_done(&s->arena);
	err_clear();
	return 0;
}

static void
test_there_and_back(void **state)
{
	struct state *s = *state;
	const char *box = seal_close(&s->arena, &s->seal, &place, "dapi-1");
	const char *token;

	assert_null(strstr(box, "dapi"));
	ok(seal_open(&s->arena, &s->seal, &place, box, &token));
	assert_string_equal(token, "dapi-1");
	box = seal_close(&s->arena, &s->seal, &place, "");
	ok(seal_open(&s->arena, &s->seal, &place, box, &token));
	assert_string_equal(token, "");
}

/* A token opens in its place alone. */
static void
test_other_places(void **state)
{
	static const struct seal_place others[] = {
	    {"grant", 7, 3, "https://a.example"},
	    {"connection", 8, 3, "https://a.example"},
	    {"connection", 7, 4, "https://a.example"},
	    {"connection", 73, 3, "https://a.example"},
	    {"connection", 7, 3, "https://b.example"},
	    {"connection", 7, 3, "https://a.example/"},
	    {"connection", 7, 3, ""},
	};
	struct state *s = *state;
	const char *box = seal_close(&s->arena, &s->seal, &place, "dapi-1");
	const char *token;
	size_t i;

	for (i = 0; i < COUNT_OF(others); i++)
		fails(seal_open(&s->arena, &s->seal, &others[i], box, &token),
		    S_SEAL);
}

/* Page workers close what they cannot open. */
static void
test_without_the_secret_key(void **state)
{
	struct state *s = *state;
	struct seal page;
	const char *box;
	const char *token;

	ok(seal_read(&s->arena, s->dir, false, &page));
	assert_null(page.secret_key);
	box = seal_close(&s->arena, &page, &place, "dapi-1");
	fails(seal_open(&s->arena, &page, &place, box, &token), S_SEAL);
	ok(seal_open(&s->arena, &s->seal, &place, box, &token));
}

static void
test_keys_stay(void **state)
{
	struct state *s = *state;
	struct seal again;
	struct stat st;

	ok(seal_make(&s->arena, s->dir));
	ok(seal_read(&s->arena, s->dir, true, &again));
	assert_string_equal(again.secret_key, s->seal.secret_key);
	assert_int_equal(stat(temp_path(&s->arena, s->dir, "seal.key"), &st),
	    0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void
test_broken_keys(void **state)
{
	struct state *s = *state;
	struct arena *a = &s->arena;
	const char *key = temp_path(a, s->dir, "seal.key");
	const char *pub = temp_path(a, s->dir, "seal.pub");
	const char *other = crypto_make_keys(a).secret_key;
	struct seal seal;

	assert_int_equal(chmod(key, 0640), 0);
	fails(seal_read(a, s->dir, true, &seal), S_SEAL);
	ok(seal_read(a, s->dir, false, &seal));
	assert_int_equal(chmod(key, 0600), 0);
	temp_write(key, other, strlen(other));
	fails(seal_read(a, s->dir, true, &seal), S_SEAL);
	temp_write(key, "x", 1);
	fails(seal_read(a, s->dir, true, &seal), S_SEAL);
	/* Whoever has only the public key needs no other. */
	ok(seal_make(a, s->dir));
	temp_write(pub, "x", 1);
	fails(seal_read(a, s->dir, false, &seal), S_SEAL);
	assert_int_equal(remove(pub), 0);
	fails(seal_make(a, s->dir), S_SEAL);
	fails(seal_read(a, s->dir, false, &seal), S_SEAL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_there_and_back),
	    TEST(test_other_places),
	    TEST(test_without_the_secret_key),
	    TEST(test_keys_stay),
	    TEST(test_broken_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

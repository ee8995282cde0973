/* A damaged file is an error, never a crash and never a hang. */
#include "base/base.h"

#include "db/db.h"

#include "sys/files.h"
#include "../sys/temp.h"

#include <string.h>

#define ROUNDS 300
#define MAX_FILE ((size_t)1024 * 1024)

struct state {
	struct arena arena;
	const char *dir;
	const char *path;
	struct slice sound; /* the file before the damage */
	uint32_t random;    /* the same damage each time */
};

static const struct db_query q_insert = {
    "insert", "INSERT INTO thing (name) VALUES ('a name')", 900};
static const struct db_query q_all = {
    "all", "SELECT id, name FROM thing ORDER BY name", 901};

static int
setup(void **state)
{
	static struct state s;
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	struct db *db;

	s = (struct state){.random = 1};
	s.dir = temp_dir(&s.arena);
	s.path = temp_path(&s.arena, s.dir, "text2code.db");
	ok(db_open(&a, s.dir, &db));
	ok(db_script(db,
	    "CREATE TABLE thing (id INTEGER PRIMARY KEY, "
	    "name TEXT NOT NULL) STRICT; CREATE INDEX thing_name ON thing "
	    "(name); WITH RECURSIVE c (v) AS (VALUES (1) UNION ALL "
	    "SELECT v + 1 FROM c WHERE v < 2000) INSERT INTO thing "
	    "SELECT v, 'thing ' || v FROM c"));
	db_close(db);
	ok(file_read(&s.arena, s.path, MAX_FILE, &s.sound));
	*state = &s;
	return 0;
}

static int
teardown(void **state)
{
	struct state *s = *state;

	temp_remove(s->dir);
	arena_done(&s->arena);
	return 0;
}

static uint32_t
next_random(struct state *s)
{
	s->random = s->random * 1664525u + 1013904223u;
	return s->random >> 8;
}

static const struct err *
read_all(struct db *db, struct arena *a)
{
	struct db_stmt *q;
	const struct err *e = db_use(db, &q_all, &q);

	if (e)
		return e;
	while (db_next(q, &e))
		db_column_text(q, 1, a);
	return e;
}

static const struct err *
write_one(struct db *db)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	struct db_stmt *q;
	const struct err *e = db_begin(db, &tx);

	if (!e)
		e = db_use(db, &q_insert, &q);
	if (!e)
		e = db_run(q);
	return e ? e : db_commit(&tx);
}

/* Uses the file in every way; the first error, if there is one. */
static const struct err *
use(struct state *s, struct slice bytes)
{
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	const struct err *e;
	const struct err *first;
	struct db *db;

	temp_write(s->path, bytes.p, bytes.n);
	e = db_open(&a, s->dir, &db);
	if (e)
		return e;
	first = db_quick_check(db);
	e = read_all(db, &a);
	first = first ? first : e;
	e = write_one(db);
	return first ? first : e;
}

static void
test_sound_file(void **state)
{
	struct state *s = *state;

	ok(use(s, s->sound));
}

static void
test_not_a_database(void **state)
{
	struct state *s = *state;
	const char *text =
	    "This is not a database, but some text that is "
	    "longer than the header of one, so that it is looked at. ";
	char *long_text = arena_alloc(&s->arena, 4096);
	size_t i;

	for (i = 0; i < 4096; i++)
		long_text[i] = text[i % strlen(text)];
	fails(use(s, (struct slice){long_text, 4096}), S_DATABASE);
}

static void
test_random_bytes_changed(void **state)
{
	struct state *s = *state;
	int damaged = 0;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		char *copy = arena_memdup(&s->arena, s->sound.p, s->sound.n);
		const struct err *e;
		int k;

		for (k = 0; k < 8; k++)
			copy[next_random(s) % s->sound.n] ^= (char)(1 +
			    next_random(s) % 255);
		e = use(s, (struct slice){copy, s->sound.n});
		damaged += e != NULL;
		/* A changed header may lead to any of these. */
		assert_true(!e || e->code == S_DATABASE || e->code == S_BUSY ||
		    e->code == S_DISK_FULL);
		err_clear();
	}
	assert_true(damaged > ROUNDS / 3);
}

static void
test_every_byte_of_the_header(void **state)
{
	struct state *s = *state;
	size_t i;

	for (i = 0; i < 100; i++) {
		char *copy = arena_memdup(&s->arena, s->sound.p, s->sound.n);
		const struct err *e;

		copy[i] ^= 0x55;
		e = use(s, (struct slice){copy, s->sound.n});
		assert_true(!e || e->code == S_DATABASE || e->code == S_BUSY ||
		    e->code == S_DISK_FULL);
		err_clear();
	}
}

static void
test_truncated(void **state)
{
	struct state *s = *state;
	size_t n;

	for (n = s->sound.n - 4096; n > 4096; n -= 4096)
		fails(use(s, (struct slice){s->sound.p, n}), S_DATABASE);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(test_sound_file),
	    TEST(test_not_a_database),
	    TEST(test_random_bytes_changed),
	    TEST(test_every_byte_of_the_header),
	    TEST(test_truncated),
	};

	return cmocka_run_group_tests_name("damage", tests, NULL, NULL);
}

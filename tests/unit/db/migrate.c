#include "base/base.h"

#include "db/db.h"

#include "../sys/temp.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct state {
	struct arena arena;
	const char *dir;
	struct db *db;
};

static const struct migration steps[] = {
    {1, "0001_one",
        "CREATE TABLE one (id INTEGER PRIMARY KEY) STRICT; "
        "INSERT INTO one VALUES (1);"},
    {2, "0002_two",
        "ALTER TABLE one ADD COLUMN name TEXT; "
        "UPDATE one SET name = 'first';"},
};
static const struct migration broken[] = {
    {1, "0001_one",
        "CREATE TABLE one (id INTEGER PRIMARY KEY) STRICT; "
        "INSERT INTO one VALUES (1);"},
    {2, "0002_broken",
        "CREATE TABLE half (id INTEGER PRIMARY KEY) STRICT; "
        "INSERT INTO nowhere VALUES (1);"},
};

static const struct db_query q_name = {"name", "SELECT name FROM one", 900};
static const struct db_query q_schema = {"schema",
    "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema "
    "ORDER BY type, name",
    901};

static int
setup(void **state)
{
	static struct state s;

	s = (struct state){0};
	s.dir = temp_dir(&s.arena);
	ok(db_open(&s.arena, s.dir, &s.db));
	*state = &s;
	return 0;
}

static int
teardown(void **state)
{
	struct state *s = *state;

	db_close(s->db);
	temp_remove(s->dir);
	arena_done(&s->arena);
	return 0;
}

static int64_t
version(struct db *db)
{
	int64_t n;

	ok(db_version(db, &n));
	return n;
}

static void
test_from_nothing_step_by_step(void **state)
{
	struct state *s = *state;
	const struct err *e;
	struct db_stmt *q;

	assert_int_equal(version(s->db), 0);
	ok(db_migrate(s->db, steps, 1));
	assert_int_equal(version(s->db), 1);
	ok(db_migrate(s->db, steps, 2));
	ok(db_migrate(s->db, steps, 2));
	assert_int_equal(version(s->db), 2);
	ok(db_use(s->db, &q_name, &q));
	assert_true(db_next(q, &e));
	assert_string_equal(db_column_text(q, 0, &s->arena), "first");
	ok(db_last(q));
}

static void
test_newer_database_is_refused(void **state)
{
	struct state *s = *state;
	const struct err *e;

	ok(db_migrate(s->db, steps, 2));
	e = db_migrate(s->db, steps, 1);
	fails(e, S_CONFIG);
	assert_non_null(strstr(e->message, "version 2"));
	assert_int_equal(version(s->db), 2);
	ok(db_script(s->db, "PRAGMA user_version = -1"));
	fails(db_migrate(s->db, steps, 2), S_CONFIG);
}

static void
test_failing_step_leaves_nothing(void **state)
{
	struct state *s = *state;
	const struct err *e;
	struct db_stmt *q;

	e = db_migrate(s->db, broken, 2);
	fails(e, S_DATABASE);
	assert_non_null(strstr(e->detail, "0002_broken"));
	assert_int_equal(version(s->db), 1);
	ok(db_use(s->db, &q_schema, &q));
	while (db_next(q, &e))
		assert_string_not_equal(db_column_text(q, 1, &s->arena),
		    "half");
	ok(e);
	ok(db_migrate(s->db, steps, 2));
}

static void
migrate(void *p)
{
	struct state *s = p;
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	struct db *db;

	if (db_open(&a, s->dir, &db) || db_migrate(db, steps, 2))
		_exit(1);
}

static void
test_processes_that_start_together(void **state)
{
	struct state *s = *state;
	pid_t pid[4];
	int status;
	size_t i;

	db_close(s->db);
	s->db = NULL;
	temp_remove(s->dir);
	s->dir = temp_dir(&s->arena);
	for (i = 0; i < COUNT_OF(pid); i++) {
		pid[i] = fork();
		if (pid[i] == 0) {
			migrate(s);
			_exit(0);
		}
	}
	for (i = 0; i < COUNT_OF(pid); i++) {
		waitpid(pid[i], &status, 0);
		assert_int_equal(status, 0);
	}
	ok(db_open(&s->arena, s->dir, &s->db));
	assert_int_equal(version(s->db), 2);
}

static void
test_the_programs_own_list(void **state)
{
	struct state *s = *state;
	size_t i;

	assert_true(db_migrations_count >= 1);
	for (i = 0; i < db_migrations_count; i++)
		assert_int_equal(db_migrations[i].number, i + 1);
	ok(db_migrate(s->db, db_migrations, db_migrations_count));
	assert_int_equal(version(s->db), db_migrations_count);
	ok(db_quick_check(s->db));
}

static const struct db_query q_role = {"role",
    "SELECT u.role FROM user u JOIN session s ON s.user = u.id "
    "JOIN mapping m ON m.owner = u.id",
    902};
/* The column role was made anew under people, sessions and mappings. */
static void
test_roles_are_kept(void **state)
{
	struct state *s = *state;
	const struct err *e;
	struct db_stmt *q;

	ok(db_migrate(s->db, db_migrations, 2));
	ok(db_script(s->db,
	    "INSERT INTO user (name, role, password, must_change, created) "
	    "VALUES ('ann', 'user', '', 0, 1), ('root', 'admin', '', 0, 1); "
	    "INSERT INTO session (token_hash, user, created, seen) "
	    "VALUES ('x', 2, 1, 1); "
	    "INSERT INTO mapping (owner, name, created, revised, revisions) "
	    "VALUES (2, 'm', 1, 1, 0)"));
	ok(db_migrate(s->db, db_migrations, db_migrations_count));
	ok(db_use(s->db, &q_role, &q));
	assert_true(db_next(q, &e));
	assert_string_equal(db_column_text(q, 0, &s->arena), "admin");
	ok(db_last(q));
	ok(db_script(s->db, "UPDATE user SET role = 'editor' WHERE id = 1"));
	fails(db_script(s->db, "UPDATE user SET role = 'king' WHERE id = 1"),
	    S_DATABASE);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(test_from_nothing_step_by_step),
	    TEST(test_newer_database_is_refused),
	    TEST(test_failing_step_leaves_nothing),
	    TEST(test_processes_that_start_together),
	    TEST(test_roles_are_kept),
	    TEST(test_the_programs_own_list),
	};

	return cmocka_run_group_tests_name("migrate", tests, NULL, NULL);
}

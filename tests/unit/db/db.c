#include "base/base.h"

#include "db/db.h"

#include "base/clock.h"
#include "sys/lock.h"
#include "../sys/temp.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct state {
	struct arena arena;
	const char *dir;
	struct db *db;
};

/* Queries of the tests' own, beside the slots of the generated ones. */
static const struct db_query q_insert = {
    "insert", "INSERT INTO thing (name, data) VALUES (:name, :data)", 900};
static const struct db_query q_count = {
    "count", "SELECT count(*) FROM thing", 901};
static const struct db_query q_all = {
    "all", "SELECT id, name, data FROM thing ORDER BY id", 902};
static const struct db_query q_wrong = {"wrong", "SELECT nothing", 903};
static const struct db_query q_pragma = {
    "pragma", "PRAGMA foreign_keys = OFF", 904};
static const struct db_query q_attach = {
    "attach", "ATTACH 'other.db' AS other", 905};
static const struct db_query q_quoted = {
    "quoted", "SELECT \"typo\" FROM thing", 906};
static const struct db_query q_drop = {"drop", "DROP TABLE thing", 907};

static int
setup(void **state)
{
	static struct state s;

	s = (struct state){0};
	s.dir = temp_dir(&s.arena);
	ok(db_open(&s.arena, s.dir, &s.db));
	ok(db_script(s.db,
	    "CREATE TABLE thing (id INTEGER PRIMARY KEY, "
	    "name TEXT NOT NULL, data BLOB) STRICT"));
	*state = &s;
	return 0;
}

static int
teardown(void **state)
{
	struct state *s = *state;

	arena_reset(&s->arena);
	arena_done(&s->arena);
	return 0;
}

/* The directory's name is in the arena, which closes the connection first. */
static int
teardown_and_remove(void **state)
{
	struct state *s = *state;

	db_close(s->db);
	temp_remove(s->dir);
	return teardown(state);
}

static const struct err *
insert(struct db *db, const char *name, struct slice data)
{
	struct db_stmt *s;
	const struct err *e = db_use(db, &q_insert, &s);

	if (e)
		return e;
	db_bind_text(s, 1, name);
	db_bind_blob(s, 2, data);
	return db_run(s);
}

static int64_t
count(struct db *db)
{
	const struct err *e;
	struct db_stmt *s;
	int64_t n;

	ok(db_use(db, &q_count, &s));
	assert_true(db_next(s, &e));
	n = db_column_int(s, 0);
	ok(db_last(s));
	return n;
}

static const struct err *
insert_and_commit(struct db *db, const char *name, struct slice data)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	const struct err *e = db_begin(db, &tx);

	if (!e)
		e = insert(db, name, data);
	return e ? e : db_commit(&tx);
}

static void
insert_and_forget(struct db *db)
{
	struct db_tx tx SCOPED(db_rollback) = {0};

	ok(db_begin(db, &tx));
	ok(insert(db, "lost", SLICE("")));
	assert_int_equal(count(db), 1);
}

static void
test_scope_rolls_back(void **state)
{
	struct state *s = *state;

	insert_and_forget(s->db);
	assert_int_equal(count(s->db), 0);
	ok(insert_and_commit(s->db, "kept", SLICE("")));
	assert_int_equal(count(s->db), 1);
	assert_int_equal(db_changes(s->db), 1);
}

static void
test_values_come_back(void **state)
{
	struct state *s = *state;
	const char bytes[] = {0, 1, 2, 0};
	const struct err *e;
	struct db_stmt *q;
	struct slice data;

	ok(insert_and_commit(s->db, "näme", (struct slice){bytes, 4}));
	ok(insert_and_commit(s->db, "", (struct slice){0}));
	ok(db_use(s->db, &q_all, &q));
	assert_true(db_next(q, &e));
	assert_int_equal(db_column_int(q, 0), 1);
	assert_string_equal(db_column_text(q, 1, &s->arena), "näme");
	data = db_column_blob(q, 2, &s->arena);
	assert_int_equal(data.n, 4);
	assert_memory_equal(data.p, bytes, 4);
	assert_true(db_next(q, &e));
	assert_string_equal(db_column_text_or_null(q, 1, &s->arena), "");
	assert_false(db_column_is_null(q, 2));
	assert_int_equal(db_column_blob(q, 2, &s->arena).n, 0);
	assert_false(db_next(q, &e));
	ok(e);
}

static void
test_failed_query_can_be_used_again(void **state)
{
	struct state *s = *state;

	fails(insert_and_commit(s->db, NULL, SLICE("")), S_DATABASE);
	ok(insert_and_commit(s->db, "good", SLICE("")));
	fails(db_no_row(), W_NOT_FOUND);
}

static void
test_more_rows_than_one(void **state)
{
	struct state *s = *state;
	const struct err *e;
	struct db_stmt *q;

	ok(insert_and_commit(s->db, "one", SLICE("")));
	ok(insert_and_commit(s->db, "two", SLICE("")));
	ok(db_use(s->db, &q_all, &q));
	assert_true(db_next(q, &e));
	fails(db_last(q), S_INTERNAL);
	ok(db_use(s->db, &q_all, &q));
	assert_true(db_next(q, &e));
	assert_true(db_next(q, &e));
	ok(db_last(q));
}

static void
test_what_no_query_may_do(void **state)
{
	const struct db_query *const forbidden[] = {
	    &q_wrong,
	    &q_pragma,
	    &q_attach,
	    &q_quoted,
	    &q_drop,
	};
	struct state *s = *state;
	struct db_stmt *q;
	size_t i;

	for (i = 0; i < COUNT_OF(forbidden); i++)
		fails(db_use(s->db, forbidden[i], &q), S_DATABASE);
	fails(db_script(s->db, "ATTACH ':memory:' AS other"), S_DATABASE);
	fails(db_script(s->db,
	          "PRAGMA writable_schema = ON; "
	          "DELETE FROM sqlite_schema"),
	    S_DATABASE);
}

static void
test_read_only(void **state)
{
	struct state *s = *state;

	db_read_only(s->db, true);
	fails(insert_and_commit(s->db, "no", SLICE("")), S_INTERNAL);
	assert_int_equal(count(s->db), 0);
	ok(db_can_write(s->db, 100));
	fails(insert_and_commit(s->db, "no", SLICE("")), S_INTERNAL);
	db_read_only(s->db, false);
	ok(insert_and_commit(s->db, "yes", SLICE("")));
}

static void
test_files_are_private(void **state)
{
	static const char *const names[] = {
	    "text2code.db",
	    "text2code.db-wal",
	    "text2code.db-shm",
	    "write.lock",
	};
	struct state *s = *state;
	struct stat st;
	size_t i;

	ok(insert_and_commit(s->db, "x", SLICE("")));
	for (i = 0; i < COUNT_OF(names); i++) {
		assert_int_equal(stat(temp_path(&s->arena, s->dir, names[i]),
		                     &st),
		    0);
		assert_int_equal(st.st_mode & 0777, 0600);
	}
}

static void
begin_twice(void *p)
{
	struct state *s = p;
	struct db_tx one = {0};
	struct db_tx two = {0};

	db_close(s->db);
	if (db_open(&s->arena, s->dir, &s->db) || db_begin(s->db, &one) ||
	    db_begin(s->db, &two))
		_exit(1);
}

static void
write_without_begin(void *p)
{
	struct state *s = p;

	if (db_open(&s->arena, s->dir, &s->db) || insert(s->db, "x", SLICE("")))
		_exit(1);
}

static void
cross_a_fork(void *p)
{
	struct state *s = p;

	if (insert_and_commit(s->db, "x", SLICE("")))
		_exit(1);
}

static void
test_broken_invariants_end_the_process(void **state)
{
	struct state *s = *state;

	assert_int_equal(in_child(cross_a_fork, s), -SIGABRT);
	db_close(s->db);
	s->db = NULL;
	assert_int_equal(in_child(begin_twice, s), -SIGABRT);
	assert_int_equal(in_child(write_without_begin, s), -SIGABRT);
}

static void
test_turn_does_not_come(void **state)
{
	struct state *s = *state;
	struct db_tx tx SCOPED(db_rollback) = {0};
	struct lock other = {0};

	ok(lock_open(&other, temp_path(&s->arena, s->dir, "write.lock")));
	ok(lock_take(&other, 100));
	fails(db_begin_within(s->db, &tx, 50), S_BUSY);
	assert_int_equal(count(s->db), 0);
	lock_close(&other);
	ok(db_begin_within(s->db, &tx, 50));
}

/* A program that does not know the queue holds the database. */
static void
test_locked_by_a_stranger(void **state)
{
	struct state *s = *state;
	struct db_tx tx SCOPED(db_rollback) = {0};
	struct db *other;

	ok(db_open(&s->arena, s->dir, &other));
	ok(db_script(other, "BEGIN EXCLUSIVE"));
	fails(db_begin_within(s->db, &tx, 120), S_BUSY);
	assert_int_equal(count(s->db), 0);
	ok(db_script(other, "ROLLBACK"));
	ok(db_begin_within(s->db, &tx, 120));
}

static void
test_full_disk(void **state)
{
	struct state *s = *state;
	struct rlimit saved;
	struct rlimit small;
	struct slice large = {arena_alloc(&s->arena, 1024 * 1024), 1024 * 1024};

	ok(insert_and_commit(s->db, "before", SLICE("")));
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &saved);
	small = (struct rlimit){256 * 1024, saved.rlim_max};
	setrlimit(RLIMIT_FSIZE, &small);
	fails(insert_and_commit(s->db, "large", large), S_DISK_FULL);
	assert_int_equal(count(s->db), 1);
	setrlimit(RLIMIT_FSIZE, &saved);
	signal(SIGXFSZ, SIG_DFL);
	ok(insert_and_commit(s->db, "large", large));
	assert_int_equal(count(s->db), 2);
	ok(db_quick_check(s->db));
}

static void
test_full_database(void **state)
{
	struct state *s = *state;
	struct slice large = {arena_alloc(&s->arena, 1024 * 1024), 1024 * 1024};

	ok(db_script(s->db, "PRAGMA max_page_count = 20"));
	fails(insert_and_commit(s->db, "large", large), S_DISK_FULL);
	ok(insert_and_commit(s->db, "small", SLICE("x")));
	assert_int_equal(count(s->db), 1);
}

#define WRITERS 4
#define WRITES 150

static void
write_many(void *p)
{
	struct state *s = p;
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	struct db *db;
	int i;

	if (db_open(&a, s->dir, &db))
		_exit(1);
	for (i = 0; i < WRITES; i++) {
		if (insert_and_commit(db, "x", SLICE("some bytes")))
			_exit(2);
	}
	_exit(0);
}

static void
test_writers_side_by_side_lose_nothing(void **state)
{
	struct state *s = *state;
	pid_t pid[WRITERS];
	int status;
	int i;

	db_close(s->db);
	fflush(NULL);
	for (i = 0; i < WRITERS; i++) {
		pid[i] = fork();
		if (pid[i] == 0)
			write_many(s);
	}
	for (i = 0; i < WRITERS; i++) {
		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_int_equal(status, 0);
	}
	ok(db_open(&s->arena, s->dir, &s->db));
	assert_int_equal(count(s->db), WRITERS * WRITES);
	ok(db_quick_check(s->db));
}

static void
commit_until_killed(void *p)
{
	struct state *s = p;
	struct db *db;

	if (db_open(&s->arena, s->dir, &db))
		_exit(1);
	for (;;) {
		if (insert_and_commit(db, "x", SLICE("x")))
			_exit(2);
		if (write(STDOUT_FILENO, ".", 1) != 1)
			_exit(3);
	}
}

/* What was acknowledged (a byte in the pipe) is there after kill -9. */
static void
test_killed_writer_loses_nothing_acknowledged(void **state)
{
	struct state *s = *state;
	int64_t acknowledged = 0;
	char part[256];
	int ends[2];
	ssize_t n;
	pid_t pid;

	db_close(s->db);
	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		commit_until_killed(s);
	}
	close(ends[1]);
	while (acknowledged < 50) {
		n = read(ends[0], part, sizeof(part));
		assert_true(n > 0);
		acknowledged += n;
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	while ((n = read(ends[0], part, sizeof(part))) > 0)
		acknowledged += n;
	close(ends[0]);
	ok(db_open(&s->arena, s->dir, &s->db));
	/* The last one may have been committed but not yet said. */
	assert_in_range(count(s->db), acknowledged, acknowledged + 1);
	ok(insert_and_commit(s->db, "after", SLICE("")));
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown_and_remove)
	const struct CMUnitTest tests[] = {
	    TEST(test_scope_rolls_back),
	    TEST(test_values_come_back),
	    TEST(test_failed_query_can_be_used_again),
	    TEST(test_more_rows_than_one),
	    TEST(test_what_no_query_may_do),
	    TEST(test_read_only),
	    TEST(test_files_are_private),
	    TEST(test_broken_invariants_end_the_process),
	    TEST(test_turn_does_not_come),
	    TEST(test_locked_by_a_stranger),
	    TEST(test_full_disk),
	    TEST(test_full_database),
	    TEST(test_writers_side_by_side_lose_nothing),
	    TEST(test_killed_writer_loses_nothing_acknowledged),
	};

	return cmocka_run_group_tests_name("db", tests, NULL, NULL);
}

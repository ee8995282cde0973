#include "base/base.h"

#include "core/mappings.h"

#include "db/db.h"
#include "fixture.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SHEET SLICE("source,target\na,b\n")
#define CORRECTED SLICE("source,target\na,c\n")
#define CORRECTED_TWICE SLICE("source,target\na,d\n")

static struct mapping_id
make(struct fixture *f, const struct user *user, const char *key,
    const char *name)
{
	struct mapping_id id = {0};

	ok(mappings_create(&f->app, user, key, name, SHEET, &id));
	assert_true(id.v > 0);
	return id;
}

static void
assert_bytes(struct slice got, struct slice want)
{
	assert_int_equal(got.n, want.n);
	assert_memory_equal(got.p, want.p, want.n);
}

static int64_t
count(struct fixture *f, const struct db_query *query)
{
	const struct err *e;
	struct db_stmt *q;
	int64_t n;

	ok(db_use(f->app.db, query, &q));
	assert_true(db_next(q, &e));
	n = db_column_int(q, 0);
	ok(db_last(q));
	return n;
}

static void
test_create_and_get(void **state)
{
	struct fixture *f = *state;
	struct mapping_id id = make(f, &f->ann, "k", "C:\\ann\\orders.csv");
	struct stored_mapping m;

	ok(mappings_get(&f->app, &f->arena, &f->ann, id, &m));
	assert_int_equal(m.id.v, id.v);
	assert_string_equal(m.name, "orders.csv");
	assert_string_equal(m.owner, "ann");
	assert_int_equal(m.created_ms, START_MS);
	assert_int_equal(m.revised_ms, START_MS);
	assert_int_equal(m.revision_number, 1);
	assert_int_equal(m.revision_count, 1);
	assert_bytes(m.bytes, SHEET);
}

static void
test_names(void **state)
{
	static const struct {
		const char *given;
		const char *want;
	} cases[] = {
	    {"a.csv", "a.csv"},
	    {"/home/ann/a.csv", "a.csv"},
	    {" a b.csv ", "a b.csv"},
	    {"", "mapping"},
	    {"..\\", "mapping"},
	    {"a\nb\x7f.csv", "ab.csv"},
	    {"\xff\xfe"
	     "a.csv",
	        "a.csv"},
	    {"caf\xc3\xa9.csv", "caf\xc3\xa9.csv"},
	    {"<script>.csv", "<script>.csv"},
	};
	struct fixture *f = *state;
	struct stored_mapping m;
	char name[500];
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++) {
		ok(mappings_get(&f->app, &f->arena, &f->ann,
		    make(f, &f->ann, NULL, cases[i].given), &m));
		assert_string_equal(m.name, cases[i].want);
	}
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	ok(mappings_get(&f->app, &f->arena, &f->ann,
	    make(f, &f->ann, NULL, name), &m));
	/* 120 characters and an ellipsis. */
	assert_int_equal(utf8_length(slice_of(m.name)), 121);
}

static void
test_key_makes_one_row(void **state)
{
	struct fixture *f = *state;
	struct mapping_id first = make(f, &f->ann, "key", "a.csv");
	struct mapping_id again;
	char long_key[200];

	ok(mappings_create(&f->app, &f->ann, "key", "other.csv", CORRECTED,
	    &again));
	assert_int_equal(again.v, first.v);
	assert_int_not_equal(make(f, &f->bob, "key", "a.csv").v, first.v);
	assert_int_not_equal(make(f, &f->ann, "key2", "a.csv").v, first.v);
	assert_int_not_equal(make(f, &f->ann, NULL, "a.csv").v,
	    make(f, &f->ann, NULL, "a.csv").v);
	assert_int_not_equal(make(f, &f->ann, "", "a.csv").v,
	    make(f, &f->ann, "", "a.csv").v);
	memset(long_key, 'k', sizeof(long_key) - 1);
	long_key[sizeof(long_key) - 1] = '\0';
	fails(mappings_create(&f->app, &f->ann, long_key, "a.csv", SHEET,
	          &again),
	    W_BAD_REQUEST);
}

static void
test_equal_bytes_are_stored_once(void **state)
{
	static const struct db_query q_sheets = {
	    "sheets", "SELECT count(*) FROM sheet", 900};
	struct fixture *f = *state;

	make(f, &f->ann, NULL, "a.csv");
	make(f, &f->bob, NULL, "b.csv");
	assert_int_equal(count(f, &q_sheets), 1);
}

static void
test_limits(void **state)
{
	struct fixture *f = *state;
	size_t n = (size_t)10 * 1024 * 1024;
	struct slice large = {arena_alloc(&f->arena, n + 1), n};
	struct stored_mapping m;
	struct mapping_id id;

	ok(mappings_create(&f->app, &f->ann, NULL, "a", large, &id));
	ok(mappings_get(&f->app, &f->arena, &f->ann, id, &m));
	assert_int_equal(m.bytes.n, n);
	large.n++;
	fails(mappings_create(&f->app, &f->ann, NULL, "a", large, &id),
	    M_TOO_LARGE);
	fails(mappings_revise(&f->app, &f->ann, id, 1, "", large), M_TOO_LARGE);
	ok(mappings_create(&f->app, &f->ann, NULL, "a", SLICE(""), &id));
	ok(mappings_get(&f->app, &f->arena, &f->ann, id, &m));
	assert_int_equal(m.bytes.n, 0);
}

static void
test_revisions(void **state)
{
	struct fixture *f = *state;
	struct mapping_id id = make(f, &f->ann, NULL, "a.csv");
	struct mapping_revisions list;
	struct stored_mapping m;

	fixture_pass_time(f, MINUTE);
	ok(mappings_revise(&f->app, &f->ann, id, 1, "row 2, target",
	    CORRECTED));
	ok(mappings_get(&f->app, &f->arena, &f->ann, id, &m));
	assert_int_equal(m.revision_number, 2);
	assert_int_equal(m.revision_count, 2);
	assert_int_equal(m.created_ms, START_MS);
	assert_int_equal(m.revised_ms, START_MS + MINUTE);
	assert_bytes(m.bytes, CORRECTED);
	ok(mappings_get_revision(&f->app, &f->arena, &f->ann, id, 1, &m));
	assert_int_equal(m.revision_number, 1);
	assert_int_equal(m.revision_count, 2);
	assert_bytes(m.bytes, SHEET);
	fails(mappings_get_revision(&f->app, &f->arena, &f->ann, id, 3, &m),
	    W_NOT_FOUND);
	ok(mappings_revise(&f->app, &f->admin, id, 2, "by root", SHEET));
	ok(mappings_revisions(&f->app, &f->arena, &f->ann, id, &list));
	assert_int_equal(list.n, 3);
	assert_int_equal(list.v[0].number, 3);
	assert_string_equal(list.v[0].author, "root");
	assert_string_equal(list.v[1].note, "row 2, target");
	assert_string_equal(list.v[2].note, "uploaded");
	assert_int_equal(list.v[2].created_ms, START_MS);
}

static void
test_conflict(void **state)
{
	struct fixture *f = *state;
	struct mapping_id id = make(f, &f->ann, NULL, "a.csv");
	struct stored_mapping m;

	ok(mappings_revise(&f->app, &f->ann, id, 1, "", CORRECTED));
	fails(mappings_revise(&f->app, &f->ann, id, 1, "", CORRECTED_TWICE),
	    W_CONFLICT);
	fails(mappings_revise(&f->app, &f->ann, id, 3, "", CORRECTED_TWICE),
	    W_CONFLICT);
	/* The same POST again is no conflict, and equal bytes add nothing. */
	ok(mappings_revise(&f->app, &f->ann, id, 1, "", CORRECTED));
	ok(mappings_revise(&f->app, &f->ann, id, 2, "", CORRECTED));
	fails(mappings_revise(&f->app, &f->admin, id, 1, "", CORRECTED),
	    W_CONFLICT);
	ok(mappings_get(&f->app, &f->arena, &f->ann, id, &m));
	assert_int_equal(m.revision_count, 2);
	assert_bytes(m.bytes, CORRECTED);
}

static void
test_ownership(void **state)
{
	struct fixture *f = *state;
	struct mapping_id id = make(f, &f->ann, NULL, "a.csv");
	const struct mapping_id none = {99};
	struct mapping_revisions list;
	struct stored_mapping m;

	fails(mappings_get(&f->app, &f->arena, &f->bob, id, &m), W_NOT_FOUND);
	fails(mappings_get_revision(&f->app, &f->arena, &f->bob, id, 1, &m),
	    W_NOT_FOUND);
	fails(mappings_revisions(&f->app, &f->arena, &f->bob, id, &list),
	    W_NOT_FOUND);
	fails(mappings_revise(&f->app, &f->bob, id, 1, "", CORRECTED),
	    W_NOT_FOUND);
	ok(mappings_get(&f->app, &f->arena, &f->admin, id, &m));
	assert_string_equal(m.owner, "ann");
	ok(mappings_revisions(&f->app, &f->arena, &f->admin, id, &list));
	fails(mappings_get(&f->app, &f->arena, &f->admin, none, &m),
	    W_NOT_FOUND);
	fails(mappings_revise(&f->app, &f->admin, none, 1, "", CORRECTED),
	    W_NOT_FOUND);
}

static void
test_list(void **state)
{
	struct fixture *f = *state;
	struct mapping_items items;
	int64_t total;
	int i;

	for (i = 0; i < 10; i++) {
		make(f, &f->ann, NULL, arena_printf(&f->arena, "a%d", i));
		make(f, &f->bob, NULL, arena_printf(&f->arena, "b%d", i));
	}
	ok(mappings_list(&f->app, &f->arena, &f->ann, 4, 2, &items, &total));
	assert_int_equal(total, 10);
	assert_int_equal(items.n, 4);
	assert_string_equal(items.v[0].name, "a7");
	assert_string_equal(items.v[3].name, "a4");
	assert_int_equal(items.v[0].size, SHEET.n);
	assert_int_equal(items.v[0].revision_count, 1);
	ok(mappings_list(&f->app, &f->arena, &f->admin, 100, 0, &items,
	    &total));
	assert_int_equal(total, 20);
	assert_int_equal(items.n, 20);
	assert_string_equal(items.v[0].name, "b9");
	assert_string_equal(items.v[0].owner, "bob");
	ok(mappings_list(&f->app, &f->arena, &f->ann, 4, 99, &items, &total));
	assert_int_equal(items.n, 0);
	assert_int_equal(total, 10);
}

static void
write_some(struct fixture *f, const char *who)
{
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	struct app app = f->app;
	int i;

	if (app_reopen(&a, &app))
		_exit(1);
	for (i = 0; i < 50; i++) {
		/* The same keys in both processes: one row each. */
		const char *key = arena_printf(&a, "key %d", i);
		const char *text = arena_printf(&a, "%s %d", who, i);
		struct slice bytes = slice_of(text);
		struct mapping_id id;

		if (mappings_create(&app, &f->ann, key, key, bytes, &id))
			_exit(2);
	}
	_exit(0);
}

static void
test_two_processes_with_the_same_keys(void **state)
{
	static const struct db_query q_mappings = {
	    "mappings", "SELECT count(*) FROM mapping", 901};
	static const struct db_query q_revisions = {
	    "revisions", "SELECT count(*) FROM revision", 902};
	static const struct db_query q_sheets = {
	    "sheets", "SELECT count(*) FROM sheet", 903};
	struct fixture *f = *state;
	pid_t pid[2];
	int status;
	int i;

	app_close(&f->app);
	for (i = 0; i < 2; i++) {
		pid[i] = fork();
		if (pid[i] == 0)
			write_some(f, i ? "first" : "second");
	}
	for (i = 0; i < 2; i++) {
		waitpid(pid[i], &status, 0);
		assert_int_equal(status, 0);
	}
	ok(app_reopen(&f->arena, &f->app));
	assert_int_equal(count(f, &q_mappings), 50);
	assert_int_equal(count(f, &q_revisions), 50);
	/* What the loser of each race had stored is gone with it. */
	assert_int_equal(count(f, &q_sheets), 50);
	ok(app_check(&f->app));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FIXTURE_TEST(test_create_and_get),
	    FIXTURE_TEST(test_names),
	    FIXTURE_TEST(test_key_makes_one_row),
	    FIXTURE_TEST(test_equal_bytes_are_stored_once),
	    FIXTURE_TEST(test_limits),
	    FIXTURE_TEST(test_revisions),
	    FIXTURE_TEST(test_conflict),
	    FIXTURE_TEST(test_ownership),
	    FIXTURE_TEST(test_list),
	    FIXTURE_TEST(test_two_processes_with_the_same_keys),
	};

	return cmocka_run_group_tests_name("mappings", tests, NULL, NULL);
}

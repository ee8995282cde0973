/*
 * How SQLite means to answer each query: none reads a whole table, but for
 * those that are named here with the reason.
 */
#include "base/base.h"

#include "db/queries.h"

#include "../unit/sys/temp.h"

#include <string.h>

static const struct {
	const char *query;
	const char *table;
} intended[] = {
    /* Every account is shown. */
    {"user_list", "user"},
    /* The few users come first, each with an index into their rows. */
    {"mapping_count", "u"},
    {"generation_count", "u"},
    {"generation_sorted", "u"},
    {"generation_total", "user"},
    /* The table in the order of its key, until the page is full. */
    {"mapping_list", "m"},
    /* Of the twenty that an index has found. */
    {"answer_typical", "(subquery-1)"},
    /* Every pattern is shown; an organisation has a few. */
    {"pattern_list", "p"},
    {"pattern_titles", "p"},
};

struct state {
	struct arena arena;
	const char *dir;
	struct db *db;
	size_t slot;
};

static int
setup(void **state)
{
	static struct state s;

	s.dir = temp_dir(&s.arena);
	ok(db_open(&s.arena, s.dir, &s.db));
	ok(db_migrate(s.db, db_migrations, db_migrations_count));
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

static bool
is_intended(const char *query, const char *step)
{
	size_t i;

	for (i = 0; i < COUNT_OF(intended); i++) {
		size_t n = strlen(intended[i].table);

		if (str_eq(query, intended[i].query) &&
		    strncmp(step, intended[i].table, n) == 0 &&
		    (step[n] == ' ' || step[n] == '\0'))
			return true;
	}
	return false;
}

/* The number of steps that match a text, after checking for scans. */
static int
count_steps(struct state *s, const struct db_query *q, const char *text)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	struct db_query *explain = arena_new(&s->arena, struct db_query);
	const struct err *e;
	struct db_stmt *stmt;
	int found = 0;

	*explain = (struct db_query){q->name,
	    arena_printf(&s->arena, "EXPLAIN QUERY PLAN %s", q->sql),
	    DB_QUERIES + s->slot++};
	ok(db_begin(s->db, &tx));
	ok(db_use(s->db, explain, &stmt));
	while (db_next(stmt, &e)) {
		const char *step = db_column_text(stmt, 3, &s->arena);

		found += strstr(step, text) != NULL;
		if (str_starts(step, "SCAN ") &&
		    !str_starts(step, "SCAN CONSTANT ROW") &&
		    !is_intended(q->name, step + strlen("SCAN ")))
			fail_msg("%s: %s", q->name, step);
	}
	ok(e);
	return found;
}

static void
test_no_scan(void **state)
{
	struct state *s = *state;
	size_t i;

	for (i = 0; i < DB_QUERIES; i++)
		count_steps(s, &db_queries[i], "SCAN");
}

static void
test_every_exception_is_needed(void **state)
{
	struct state *s = *state;
	size_t i;
	size_t k;

	for (i = 0; i < COUNT_OF(intended); i++) {
		int scans = 0;

		for (k = 0; k < DB_QUERIES; k++) {
			if (str_eq(db_queries[k].name, intended[i].query))
				scans = count_steps(s, &db_queries[k], "SCAN");
		}
		assert_true(scans > 0);
	}
}

/* What a page shows first is read in order, never sorted. */
static void
test_usual_orders_need_no_sorting(void **state)
{
	static const char *const ordered[] = {
	    "generation_newest",
	    "generation_newest_of",
	    "mapping_list",
	    "mapping_list_of",
	    "generation_of_mapping",
	    "revision_list",
	    "user_list",
	};
	struct state *s = *state;
	size_t found = 0;
	size_t i;
	size_t k;

	for (i = 0; i < DB_QUERIES; i++) {
		for (k = 0; k < COUNT_OF(ordered); k++) {
			if (!str_eq(db_queries[i].name, ordered[k]))
				continue;
			found++;
			assert_int_equal(count_steps(s, &db_queries[i],
			                     "TEMP B-TREE"),
			    0);
		}
	}
	assert_int_equal(found, COUNT_OF(ordered));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_no_scan),
	    cmocka_unit_test(test_every_exception_is_needed),
	    cmocka_unit_test(test_usual_orders_need_no_sorting),
	};

	return cmocka_run_group_tests_name("plan", tests, setup, teardown);
}

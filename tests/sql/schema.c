/*
 * sql/schema.sql is what people read and what sqlgen checks queries against;
 * the migrations are what databases get. They must not drift apart.
 */
#include "base/base.h"

#include "base/buf.h"
#include "db/db.h"
#include "sys/files.h"
#include "../unit/sys/temp.h"

#include <stdlib.h>
#include <string.h>

#define MAX_FILE ((size_t)1024 * 1024)

static const struct db_query q_schema = {"schema",
    "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || "
    "coalesce(sql, '') FROM sqlite_schema ORDER BY type, name",
    900};

static int
setup(void **state)
{
	static struct arena a;

	*state = &a;
	return 0;
}

static int
teardown(void **state)
{
	arena_done(*state);
	return 0;
}

static const char *
schema_sql(struct arena *a)
{
	const char *top = getenv("srcdir");
	struct slice text;

	ok(file_read(a, arena_printf(a, "%s/sql/schema.sql", top ? top : "."),
	    MAX_FILE, &text));
	return text.p;
}

/* SQL without comments, with one blank where white space matters: ALTER TABLE
 * writes commas and brackets in its own way. */
static const char *
plain(struct arena *a, const char *sql)
{
	struct buf b;

	buf_init(&b, a, MAX_FILE);
	while (*sql) {
		if (sql[0] == '-' && sql[1] == '-') {
			sql += strcspn(sql, "\n");
		} else if (chr_is_space(*sql)) {
			if (b.n > 0 && !strchr(" ,(", b.p[b.n - 1]))
				buf_add_chr(&b, ' ');
			sql++;
		} else {
			if (strchr(",)", *sql) && b.n > 0 &&
			    b.p[b.n - 1] == ' ')
				b.n--;
			buf_add_chr(&b, *sql++);
		}
	}
	return buf_str(&b);
}

/* Everything that a database has, as text. */
static const char *
describe(struct arena *a, struct db *db)
{
	const struct err *e;
	struct db_stmt *q;
	struct buf b;

	buf_init(&b, a, MAX_FILE);
	ok(db_use(db, &q_schema, &q));
	while (db_next(q, &e)) {
		buf_add_str(&b, plain(a, db_column_text(q, 0, a)));
		buf_add_chr(&b, '\n');
	}
	ok(e);
	return buf_str(&b);
}

static void
test_schema_is_the_sum_of_the_migrations(void **state)
{
	struct arena *a = *state;
	const char *dir[2] = {temp_dir(a), temp_dir(a)};
	const char *text[2];
	struct db *db;

	ok(db_open(a, dir[0], &db));
	ok(db_script(db, schema_sql(a)));
	text[0] = describe(a, db);
	db_close(db);
	ok(db_open(a, dir[1], &db));
	ok(db_migrate(db, db_migrations, db_migrations_count));
	text[1] = describe(a, db);
	db_close(db);
	temp_remove(dir[0]);
	temp_remove(dir[1]);
	assert_true(strlen(text[0]) > 1000);
	assert_string_equal(text[0], text[1]);
}

/* A line of a table that names a column: "\tname TYPE ...". */
static bool
is_column(const char *line)
{
	size_t n;

	if (line[0] != '\t' || !chr_is_alpha(line[1]) ||
	    chr_lower(line[1]) != line[1])
		return false;
	n = strcspn(line + 1, " ");
	return str_starts(line + 1 + n, " INTEGER") ||
	    str_starts(line + 1 + n, " TEXT") ||
	    str_starts(line + 1 + n, " BLOB");
}

static void
test_every_column_is_commented(void **state)
{
	struct arena *a = *state;
	const char *p = schema_sql(a);
	bool comment_before = false;
	int columns = 0;

	while (*p) {
		size_t n = strcspn(p, "\n");
		const char *line = arena_strndup(a, p, n);

		if (is_column(line)) {
			columns++;
			if (!comment_before && !strstr(line, "-- "))
				fail_msg("no comment: %s", line);
		}
		comment_before = str_starts(str_trim(a, line), "-- ");
		p += n + (p[n] ? 1 : 0);
	}
	assert_true(columns > 40);
}

static void
test_every_table_is_strict(void **state)
{
	struct arena *a = *state;
	const char *p = schema_sql(a);
	int tables = 0;

	while ((p = strstr(p, "CREATE TABLE "))) {
		const char *end = strstr(p, "\n)");

		assert_non_null(end);
		assert_true(str_starts(end, "\n) STRICT;"));
		tables++;
		p = end;
	}
	assert_int_equal(tables, 14);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_schema_is_the_sum_of_the_migrations),
	    cmocka_unit_test(test_every_column_is_commented),
	    cmocka_unit_test(test_every_table_is_strict),
	};

	return cmocka_run_group_tests_name("schema", tests, setup, teardown);
}

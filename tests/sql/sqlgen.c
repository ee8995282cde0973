/*
 * Mistakes in a query are found when text2code is built: what tools/sqlgen
 * refuses, and what it makes of the rest. Runs in the build folder.
 */
#include "base/base.h"

#include "../unit/sys/temp.h"
#include "base/str.h"
#include "sys/files.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define MAX_FILE ((size_t)1024 * 1024)

static const char schema[] =
    "CREATE TABLE person (\n"
    "	id INTEGER PRIMARY KEY,\n"
    "	name TEXT NOT NULL,\n"
    "	born INTEGER,\n"
    "	photo BLOB\n"
    ") STRICT;\n"
    "CREATE TABLE pet (\n"
    "	id INTEGER PRIMARY KEY,\n"
    "	owner INTEGER NOT NULL REFERENCES person (id),\n"
    "	name TEXT NOT NULL\n"
    ") STRICT;\n";

struct state {
	struct arena arena;
	const char *dir;
};

struct run {
	const char *what; /* header, source */
	const char *schema;
	const char *queries;
	const char *out;
	const char *error;
};

static int
setup(void **state)
{
	static struct state s;

	s.dir = temp_dir(&s.arena);
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

static void
redirect(int fd, const char *path)
{
	int to = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (to < 0 || dup2(to, fd) < 0)
		_exit(99);
}

static void
run_sqlgen(void *p)
{
	const struct run *r = p;

	redirect(STDOUT_FILENO, r->out);
	redirect(STDERR_FILENO, r->error);
	execl("tools/sqlgen", "sqlgen", r->what, r->schema, r->queries,
	    (char *)NULL);
	_exit(98);
}

static const char *
text_of(struct state *s, const char *path)
{
	struct slice text;

	ok(file_read(&s->arena, path, MAX_FILE, &text));
	return text.p;
}

/* The exit status; *ret has what was written to the one place or the other. */
static int
generate(struct state *s, const char *what, const char *schema_text,
    const char *queries, const char **ret)
{
	struct run r = {
	    .what = what,
	    .schema = temp_path(&s->arena, s->dir, "schema.sql"),
	    .queries = temp_path(&s->arena, s->dir, "q.sql"),
	    .out = temp_path(&s->arena, s->dir, "out"),
	    .error = temp_path(&s->arena, s->dir, "error"),
	};
	int status;

	temp_write(r.schema, schema_text, strlen(schema_text));
	temp_write(r.queries, queries, strlen(queries));
	status = in_child(run_sqlgen, &r);
	*ret = text_of(s, status == 0 ? r.out : r.error);
	return status;
}

/* long: a table of cases */
static void
test_refused(void **state)
{
	static const struct {
		const char *queries;
		const char *reason;
	} cases[] = {
	    {"-- q :many\nSELECT nmae FROM person;",
	        "q.sql:1: q: no such column: nmae"},
	    {"-- q :many\nSELECT name FROM person WHERE name = \"typo\";",
	        "double quotes"},
	    {"-- q :maybe\nSELECT name FROM person WHERE id = ?;",
	        "parameter 1 has no :name"},
	    {"-- q :maybe\nSELECT name FROM person WHERE id = ?1;",
	        "parameter 1 has no :name"},
	    {"-- q :maybe\nSELECT name FROM person WHERE id = @id;",
	        "parameter 1 has no :name"},
	    {"-- q :many\nSELECT name FROM person WHERE born > :least;",
	        "no column is called least"},
	    {"-- q :maybe\nSELECT p.name FROM person p JOIN pet ON "
	     "pet.owner = p.id WHERE pet.id = :id;",
	        ":id may be"},
	    {"-- q :many (:limit int)\nSELECT name FROM person;",
	        "there is no parameter limit"},
	    {"-- q :many (:limit number)\nSELECT name FROM person "
	     "LIMIT :limit;",
	        "the type of :limit is not known"},
	    {"-- q :many (:limit int\nSELECT name FROM person LIMIT "
	     ":limit;",
	        "never closed"},
	    {"-- q :many everything\nSELECT name FROM person;",
	        "not understood: everything"},
	    {"-- q :one\nSELECT count(*) AS n FROM person;",
	        "column n is an expression"},
	    {"-- q :one\nSELECT count(*) AS n /* number */ FROM person;",
	        "the type of column n is not known"},
	    {"-- q :one\nSELECT count(*) AS n /* int */ FROM (SELECT 1 AS "
	     "m /* int */);",
	        "there is no column m"},
	    {"-- q :many\nSELECT p.id, pet.name AS pet FROM person p LEFT "
	     "JOIN pet ON pet.owner = p.id;",
	        "column pet is of an outer join"},
	    {"-- q :many\nSELECT p.id FROM person p FULL JOIN pet ON "
	     "pet.owner = p.id;",
	        "write it as a LEFT JOIN"},
	    {"-- q :many\nSELECT p.name, pet.name FROM person p JOIN pet "
	     "ON pet.owner = p.id;",
	        "two columns are called name"},
	    {"-- q :exec\nSELECT name FROM person;",
	        ":exec, but it gives rows"},
	    {"-- q :one\nDELETE FROM person WHERE id = :id;",
	        "it gives no rows"},
	    {"-- q :exec\nDELETE FROM person WHERE id = :id; "
	     "DELETE FROM pet WHERE id = :id;",
	        "more than one statement"},
	    {"-- q :exec\n", "q has no SQL"},
	    {"SELECT 1;", "q.sql:1: SQL before the first name"},
	    {"-- q :exec\nDELETE FROM pet;\n-- q :exec\nDELETE FROM pet;",
	        "q.sql:3: q is there twice"},
	    {"-- z :one struct person\nSELECT id, name FROM person WHERE "
	     "id = :id;\n-- q :one struct person\nSELECT id FROM "
	     "person WHERE id = :id;",
	        "other columns than z"},
	    {"-- z :one struct person\nSELECT id, name FROM person WHERE "
	     "id = :id;\n-- q :one struct person\nSELECT id, name FROM "
	     "pet WHERE id = :id;",
	        "column id differs from z"},
	};
	struct state *s = *state;
	const char *text;
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++) {
		int status = generate(s, "header", schema, cases[i].queries,
		    &text);

		if (status != 1 || !strstr(text, cases[i].reason))
			fail_msg("%s\nexpected: %s\nstatus %d: %s",
			    cases[i].queries, cases[i].reason, status, text);
	}
}

static void
test_schemas_refused(void **state)
{
	static const struct {
		const char *schema;
		const char *reason;
	} cases[] = {
	    {"CREATE TABLE a (id INTEGER PRIMARY KEY);", "is not STRICT"},
	    {"CREATE TABLE a (x REAL) STRICT;", "has no C type"},
	    {"CREATE TABLE a (x TEXT CHECK (x <> \"y\")) STRICT;",
	        "no such column: y"},
	    {"CREATE TABEL a;", "syntax error"},
	};
	struct state *s = *state;
	const char *text;
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(generate(s, "header", cases[i].schema,
		                     "-- q :one\nSELECT 1 AS one /* int */;",
		                     &text),
		    1);
		assert_non_null(strstr(text, cases[i].reason));
	}
}

static void
test_types(void **state)
{
	static const struct {
		const char *queries;
		const char *want;
	} cases[] = {
	    {"-- q :many\nSELECT id FROM person;", "\tstruct person_id id;\n"},
	    {"-- q :many\nSELECT id FROM pet WHERE owner = :owner;",
	        "    struct person_id owner,\n"},
	    {"-- q :many\nSELECT born FROM person;",
	        "\tbool has_born;   /* false: NULL */\n"},
	    {"-- q :exec\nUPDATE person SET born = :born WHERE id = :id;",
	        "    const int64_t *born,\n"},
	    {"-- q :exec\nUPDATE person SET photo = :photo WHERE id = :id;",
	        "    struct slice photo,\n"},
	    {"-- q :many (:name text?)\nSELECT id FROM person WHERE :name "
	     "IS NULL OR name = :name;",
	        "    const char *name,\n"},
	    {"-- q :many (:owner person_id?)\nSELECT id FROM pet WHERE "
	     ":owner IS NULL OR owner = :owner;",
	        "    const struct person_id *owner,\n"},
	    {"-- q :many (:limit int,\n--     :offset int)\nSELECT id FROM "
	     "pet LIMIT :limit OFFSET :offset;",
	        "    int64_t offset,\n"},
	    {"-- q :many\nSELECT p.id, pet.name AS pet /* text? */ FROM "
	     "person p LEFT JOIN pet ON pet.owner = p.id;",
	        "\tconst char *pet;   /* nullable */\n"},
	    {"-- q :many\n-- What it is\n-- for.\nSELECT id FROM pet;",
	        "/* What it is\n * for. */\nconst struct err *q_q("},
	    {"-- one :one struct who\nSELECT id, name FROM person WHERE id "
	     "= :id;\n-- all :many struct who\nSELECT id, name FROM "
	     "person ORDER BY name;",
	        "struct q_all_rows { struct q_who *v; size_t n; "
	        "size_t cap; };\n"},
	    {"-- q :maybe\nINSERT INTO pet (owner, name) VALUES (:owner, "
	     ":name) RETURNING id AS id /* pet_id */;",
	        "    const struct q_q_row **ret) MUST_USE;\n"},
	};
	struct state *s = *state;
	const char *text;
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++) {
		int status = generate(s, "header", schema, cases[i].queries,
		    &text);

		if (status != 0 || !strstr(text, cases[i].want))
			fail_msg("%s\nexpected: %s\nstatus %d: %s",
			    cases[i].queries, cases[i].want, status, text);
	}
}

static void
test_quoting_in_the_source(void **state)
{
	struct state *s = *state;
	const char *text;

	assert_int_equal(generate(s, "source", schema,
	                     "-- q :many\nSELECT id "
	                     "FROM pet WHERE name LIKE 'a\\%'\n\tESCAPE '\\';",
	                     &text),
	    0);
	assert_non_null(strstr(text, "LIKE 'a\\\\%'\\n\"\n"));
	assert_non_null(strstr(text, "\"\\tESCAPE '\\\\';\""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_schemas_refused),
	    cmocka_unit_test(test_types),
	    cmocka_unit_test(test_quoting_in_the_source),
	};

	return cmocka_run_group_tests_name("sqlgen", tests, setup, teardown);
}

/*
 * Turns SQL files into C that is called with types:
 *
 *	sqlgen header SCHEMA QUERIES...     queries.h
 *	sqlgen source SCHEMA QUERIES...     queries.c
 *	sqlgen migrations MIGRATIONS...     migrations.c
 *
 * Each query is prepared on the schema, so a misspelt column is a build error.
 * A query starts with a comment that names it:
 *
 *	-- user_rename :exec (:limit int, :text text?)
 *	-- What it is for; goes into the header.
 *	UPDATE user SET name = :name WHERE id = :id;
 *
 * :exec has no rows, :one must have one, :maybe may have one, :many gives a
 * list. "struct x" after the kind shares one row struct between queries with
 * the same columns. A parameter has the type of the column of its name in the
 * tables of the query, else the one stated in brackets: int, text, blob or an
 * id such as user_id, with ? where it may be NULL. A column that is an
 * expression needs "AS name" followed by such a type in a C comment; so does
 * a column of an outer join.
 *
 * Refused besides what SQLite refuses: parameters without a name, stated types
 * that nothing uses, text in double quotes, several statements in one query.
 */
#include "base/base.h"

#include "sqlgen.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FILE ((size_t)1024 * 1024)
#define MAX_OUTPUT ((size_t)16 * 1024 * 1024)

void
fail(const char *file, int line, const char *format, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%d: ", file, line);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

const char *
read_file(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "rb");
	struct buf b;
	char part[4096];
	size_t n;
	bool bad;

	if (!f)
		fail(path, 0, "cannot be opened");
	buf_init(&b, a, MAX_FILE);
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(&b, part, n);
	bad = ferror(f) || buf_full(&b);
	fclose(f);
	if (bad)
		fail(path, 0, "cannot be read");
	return buf_str(&b);
}

int
main(int argc, char **argv)
{
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	struct queries queries = {0};
	struct buf out;
	int i;

	buf_init(&out, &a, MAX_OUTPUT);
	if (argc >= 2 && str_eq(argv[1], "migrations")) {
		emit_migrations(&a, argv + 2, (size_t)argc - 2, &out);
	} else if (argc >= 3 &&
	    (str_eq(argv[1], "header") || str_eq(argv[1], "source"))) {
		for (i = 3; i < argc; i++)
			queries_read(&a, argv[i], &queries);
		queries_type(&a, argv[2], &queries);
		if (str_eq(argv[1], "header"))
			emit_header(&queries, &out);
		else
			emit_source(&queries, &out);
	} else {
		fputs("usage: sqlgen header|source SCHEMA QUERIES...\n"
		      "       sqlgen migrations MIGRATIONS...\n",
		    stderr);
		return 2;
	}
	if (buf_full(&out) || fputs(buf_str(&out), stdout) == EOF ||
	    fflush(stdout) != 0)
		fail("output", 0, "cannot be written");
	return 0;
}

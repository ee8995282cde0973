/* Writing C. */
#include "base/base.h"

#include "sqlgen.h"

#include <string.h>

static const char *
row_name(const struct query *q)
{
	return q->row ? q->row : q->name;
}

static const char *
row_suffix(const struct query *q)
{
	return q->row ? "" : "_row";
}

/* The first query with this row struct declares and reads it. */
static bool
owns_row(const struct queries *queries, const struct query *q)
{
	const struct query *first;

	if (q->kind == QUERY_EXEC)
		return false;
	for (first = queries->v; q->row && first < q; first++) {
		if (str_eq(first->row, q->row))
			return false;
	}
	return true;
}

static void
emit_comment(const struct query *q, struct buf *out)
{
	const char *p;

	if (str_empty(q->comment))
		return;
	buf_add_str(out, "/* ");
	for (p = q->comment; *p; p++) {
		buf_add_chr(out, *p);
		if (*p == '\n')
			buf_add_str(out, " * ");
	}
	buf_add_str(out, " */\n");
}

static void
emit_member(const struct value *v, struct buf *out)
{
	if (v->type.kind == VALUE_TEXT)
		buf_printf(out, "\tconst char *%s;%s\n", v->name,
		    v->type.nullable ? "   /* nullable */" : "");
	else if (v->type.kind == VALUE_BLOB)
		buf_printf(out, "\tstruct slice %s;\n", v->name);
	else if (v->type.id)
		buf_printf(out, "\tstruct %s %s;\n", v->type.id, v->name);
	else
		buf_printf(out, "\tint64_t %s;\n", v->name);
	if (v->type.nullable && v->type.kind != VALUE_TEXT)
		buf_printf(out, "\tbool has_%s;   /* false: NULL */\n",
		    v->name);
}

static void
emit_row(const struct query *q, struct buf *out)
{
	size_t i;

	buf_printf(out, "struct q_%s%s {\n", row_name(q), row_suffix(q));
	for (i = 0; i < q->columns.n; i++)
		emit_member(&q->columns.v[i], out);
	buf_add_str(out, "};\n");
}

static void
emit_param(const struct value *v, struct buf *out)
{
	buf_add_str(out, ",\n    ");
	if (v->type.kind == VALUE_TEXT)
		buf_printf(out, "const char *%s", v->name);
	else if (v->type.kind == VALUE_BLOB)
		buf_printf(out, "struct slice %s", v->name);
	else if (v->type.nullable)
		buf_printf(out, "const %s%s *%s", v->type.id ? "struct " : "",
		    v->type.id ? v->type.id : "int64_t", v->name);
	else
		buf_printf(out, "%s%s %s", v->type.id ? "struct " : "",
		    v->type.id ? v->type.id : "int64_t", v->name);
}

/* "q_name(struct db *db, …)" */
static void
emit_signature(const struct query *q, struct buf *out)
{
	size_t i;

	buf_printf(out, "q_%s(struct db *db%s", q->name,
	    q->kind == QUERY_EXEC ? "" : ", struct arena *a");
	for (i = 0; i < q->params.n; i++)
		emit_param(&q->params.v[i], out);
	if (q->kind != QUERY_EXEC)
		buf_add_str(out, ",\n    ");
	if (q->kind == QUERY_MANY)
		buf_printf(out, "struct q_%s_rows *ret", q->name);
	else if (q->kind != QUERY_EXEC)
		buf_printf(out, "%sstruct q_%s%s %s",
		    q->kind == QUERY_MAYBE ? "const " : "", row_name(q),
		    row_suffix(q), q->kind == QUERY_MAYBE ? "**ret" : "*ret");
	buf_add_chr(out, ')');
}

void
emit_header(const struct queries *queries, struct buf *out)
{
	size_t i;

	buf_add_str(out,
	    "/* Made by tools/sqlgen from sql/. Changes belong there. */\n"
	    "#ifndef T2C_QUERIES_H\n#define T2C_QUERIES_H\n\n"
	    "#include \"core/ids.h\"\n#include \"db/db.h\"\n\n");
	buf_printf(out,
	    "#define DB_QUERIES %zu\n"
	    "extern const struct db_query db_queries[DB_QUERIES];\n",
	    queries->n);
	for (i = 0; i < queries->n; i++) {
		const struct query *q = &queries->v[i];

		buf_add_chr(out, '\n');
		if (owns_row(queries, q))
			emit_row(q, out);
		if (q->kind == QUERY_MANY)
			buf_printf(out,
			    "struct q_%s_rows { struct q_%s%s *v; "
			    "size_t n; size_t cap; };\n",
			    q->name, row_name(q), row_suffix(q));
		emit_comment(q, out);
		buf_add_str(out, "const struct err *");
		emit_signature(q, out);
		buf_add_str(out, " MUST_USE;\n");
	}
	buf_add_str(out, "\n#endif\n");
}

static void
emit_text(const char *text, struct buf *out)
{
	const char *p;

	buf_add_str(out, "\t    \"");
	for (p = text; *p; p++) {
		switch (*p) {
		case '\n':
			buf_add_str(out, "\\n\"\n\t    \"");
			break;
		case '\t':
			buf_add_str(out, "\\t");
			break;
		case '"':
		case '\\':
			buf_add_chr(out, '\\');
			FALLTHROUGH;
		default:
			buf_add_chr(out, *p);
		}
	}
	buf_add_chr(out, '"');
}

static void
emit_read(const struct query *q, struct buf *out)
{
	size_t i;

	buf_printf(out,
	    "\nstatic void\nread_%s%s(struct db_stmt *s, "
	    "struct arena *a UNUSED,\n    struct q_%s%s *row)\n{\n",
	    row_name(q), row_suffix(q), row_name(q), row_suffix(q));
	for (i = 0; i < q->columns.n; i++) {
		const struct value *v = &q->columns.v[i];

		if (v->type.kind == VALUE_TEXT)
			buf_printf(out,
			    "\trow->%s = db_column_text%s(s, %zu, "
			    "a);\n",
			    v->name, v->type.nullable ? "_or_null" : "", i);
		else if (v->type.kind == VALUE_BLOB)
			buf_printf(out,
			    "\trow->%s = db_column_blob(s, %zu, "
			    "a);\n",
			    v->name, i);
		else
			buf_printf(out,
			    "\trow->%s%s = db_column_int(s, "
			    "%zu);\n",
			    v->name, v->type.id ? ".v" : "", i);
		if (v->type.nullable && v->type.kind != VALUE_TEXT)
			buf_printf(out,
			    "\trow->has_%s = "
			    "!db_column_is_null(s, %zu);\n",
			    v->name, i);
	}
	buf_add_str(out, "}\n");
}

static void
emit_bind(const struct value *v, size_t number, struct buf *out)
{
	const char *n = v->name;

	if (v->type.kind == VALUE_TEXT)
		buf_printf(out, "\tdb_bind_text(s, %zu, %s);\n", number, n);
	else if (v->type.kind == VALUE_BLOB)
		buf_printf(out, "\tdb_bind_blob(s, %zu, %s);\n", number, n);
	else if (!v->type.nullable)
		buf_printf(out, "\tdb_bind_int(s, %zu, %s%s);\n", number, n,
		    v->type.id ? ".v" : "");
	else if (v->type.id)
		buf_printf(out,
		    "\tdb_bind_int_or_null(s, %zu, %s ? &%s->v : "
		    "NULL);\n",
		    number, n, n);
	else
		buf_printf(out, "\tdb_bind_int_or_null(s, %zu, %s);\n", number,
		    n);
}

static void
emit_single(const struct query *q, struct buf *out)
{
	if (q->kind == QUERY_ONE)
		buf_add_str(out,
		    "\tif (!db_next(s, &e))\n"
		    "\t\treturn e ? e : db_no_row();\n");
	else
		buf_add_str(out,
		    "\tif (!db_next(s, &e)) {\n\t\tif (!e)\n"
		    "\t\t\t*ret = NULL;\n\t\treturn e;\n\t}\n");
	buf_printf(out,
	    "\tread_%s%s(s, a, row);\n"
	    "\te = db_last(s);\n\tif (!e)\n\t\t*ret = %srow;\n"
	    "\treturn e;\n",
	    row_name(q), row_suffix(q), q->kind == QUERY_ONE ? "*" : "");
}

static void
emit_body(const struct query *q, size_t slot, struct buf *out)
{
	size_t i;

	if (q->kind == QUERY_ONE || q->kind == QUERY_MAYBE)
		buf_printf(out,
		    "\tstruct q_%s%s *row = arena_new(a, "
		    "struct q_%s%s);\n",
		    row_name(q), row_suffix(q), row_name(q), row_suffix(q));
	else if (q->kind == QUERY_MANY)
		buf_printf(out, "\tstruct q_%s_rows rows = {0};\n", q->name);
	buf_add_str(out, "\tconst struct err *e;\n\tstruct db_stmt *s;\n\n");
	buf_printf(out,
	    "\te = db_use(db, &db_queries[%zu], &s);\n"
	    "\tif (e)\n\t\treturn e;\n",
	    slot);
	for (i = 0; i < q->params.n; i++)
		emit_bind(&q->params.v[i], i + 1, out);
	if (q->kind == QUERY_EXEC)
		buf_add_str(out, "\treturn db_run(s);\n");
	else if (q->kind == QUERY_MANY)
		buf_printf(out,
		    "\twhile (db_next(s, &e))\n"
		    "\t\tread_%s%s(s, a, LIST_ADD(a, &rows));\n"
		    "\tif (!e)\n\t\t*ret = rows;\n\treturn e;\n",
		    row_name(q), row_suffix(q));
	else
		emit_single(q, out);
}

void
emit_source(const struct queries *queries, struct buf *out)
{
	size_t i;

	buf_add_str(out,
	    "/* Made by tools/sqlgen from sql/. Changes belong there. */\n"
	    "#include \"base/base.h\"\n\n#include \"db/queries.h\"\n\n"
	    "const struct db_query db_queries[DB_QUERIES] = {\n");
	for (i = 0; i < queries->n; i++) {
		buf_printf(out, "\t{\"%s\",\n", queries->v[i].name);
		emit_text(queries->v[i].sql, out);
		buf_printf(out, ", %zu},\n", i);
	}
	buf_add_str(out, "};\n");
	for (i = 0; i < queries->n; i++) {
		const struct query *q = &queries->v[i];

		if (owns_row(queries, q))
			emit_read(q, out);
		buf_add_str(out, "\nconst struct err *\n");
		emit_signature(q, out);
		buf_add_str(out, "\n{\n");
		emit_body(q, i, out);
		buf_add_str(out, "}\n");
	}
}

/* "sql/migrate/0001_initial.sql" → "0001_initial" */
static const char *
migration_name(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	if (!str_ends(name, ".sql"))
		fail(path, 0, "a migration ends in .sql");
	return arena_strndup(a, name, strlen(name) - 4);
}

/* As bytes: a schema may be longer than ISO C allows a string to be. */
static void
emit_bytes(const char *text, struct buf *out)
{
	size_t i;

	for (i = 0; text[i]; i++)
		buf_printf(out, text[i] > 0 ? "%s%d," : "%s'\\x%02x',",
		    i % 16 ? " " : "\n\t", (unsigned char)text[i]);
	buf_add_str(out, "\n\t0\n");
}

void
emit_migrations(struct arena *a, char **path, size_t n, struct buf *out)
{
	size_t i;

	buf_add_str(out,
	    "/* Made by tools/sqlgen from sql/migrate. */\n"
	    "#include \"base/base.h\"\n\n#include \"db/db.h\"\n");
	for (i = 0; i < n; i++) {
		int64_t number;
		const char *name = migration_name(a, path[i]);

		if (!slice_to_int((struct slice){name, 4}, 1, 9999, &number) ||
		    number != (int64_t)i + 1)
			fail(path[i], 0, "expected number %zu", i + 1);
		buf_printf(out, "\nstatic const char migration_%zu[] = {",
		    i + 1);
		emit_bytes(read_file(a, path[i]), out);
		buf_add_str(out, "};\n");
	}
	buf_add_str(out, "\nconst struct migration db_migrations[] = {\n");
	for (i = 0; i < n; i++)
		buf_printf(out, "\t{%zu, \"%s\", migration_%zu},\n", i + 1,
		    migration_name(a, path[i]), i + 1);
	buf_printf(out, "};\nconst size_t db_migrations_count = %zu;\n", n);
}

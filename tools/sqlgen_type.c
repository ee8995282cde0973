/* Finding the types of a query's parameters and columns. */
#include "base/base.h"

#include "sqlgen.h"

#include <sqlite3.h>
#include <string.h>

struct column {
	const char *table;
	const char *name;
	struct value_type type;
};

struct schema {
	struct arena *arena;
	sqlite3 *db;
	LIST_OF(struct column) columns;
	LIST_OF(const char *) tables; /* that the query being typed uses */
};

static const char *
column_text(struct schema *s, sqlite3_stmt *stmt, int n)
{
	const void *p = sqlite3_column_text(stmt, n);

	return p ? arena_strdup(s->arena, p) : "";
}

static sqlite3_stmt *
ask(struct schema *s, const char *sql, const char *table)
{
	sqlite3_stmt *stmt;

	if (sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		fail("schema", 0, "%s", sqlite3_errmsg(s->db));
	if (table)
		sqlite3_bind_text(stmt, 1, table, -1, SQLITE_STATIC);
	return stmt;
}

static struct column *
find_column(struct schema *s, const char *table, const char *name)
{
	size_t i;

	for (i = 0; i < s->columns.n; i++) {
		struct column *c = &s->columns.v[i];

		if (str_eq(c->table, table) && str_eq(c->name, name))
			return c;
	}
	return NULL;
}

static void
load_columns(struct schema *s, const char *path, const char *table)
{
	sqlite3_stmt *q = ask(s,
	    "SELECT name, type, \"notnull\", pk "
	    "FROM pragma_table_info(?)",
	    table);

	while (sqlite3_step(q) == SQLITE_ROW) {
		struct column *c = LIST_ADD(s->arena, &s->columns);
		const char *type = column_text(s, q, 1);
		bool key = sqlite3_column_int(q, 3) != 0;

		c->table = table;
		c->name = column_text(s, q, 0);
		c->type.nullable = !key && !sqlite3_column_int(q, 2);
		if (str_eq(type, "TEXT"))
			c->type.kind = VALUE_TEXT;
		else if (str_eq(type, "BLOB"))
			c->type.kind = VALUE_BLOB;
		else if (!str_eq(type, "INTEGER"))
			fail(path, 0, "%s.%s: %s has no C type", table, c->name,
			    type);
		else if (key)
			c->type.id = arena_printf(s->arena, "%s_id", table);
	}
	sqlite3_finalize(q);
}

/* A column that refers to another table's id is such an id. */
static void
load_references(struct schema *s, const char *table)
{
	sqlite3_stmt *q = ask(s,
	    "SELECT \"from\", \"table\" FROM "
	    "pragma_foreign_key_list(?1) AS f WHERE NOT EXISTS (SELECT 1 FROM "
	    "pragma_foreign_key_list(?1) AS g WHERE g.id = f.id AND g.seq > 0)",
	    table);

	while (sqlite3_step(q) == SQLITE_ROW) {
		struct column *c = find_column(s, table, column_text(s, q, 0));

		c->type.id = arena_printf(s->arena, "%s_id",
		    column_text(s, q, 1));
	}
	sqlite3_finalize(q);
}

static void
load_schema(struct schema *s, const char *path)
{
	sqlite3_stmt *q;

	if (sqlite3_open(":memory:", &s->db) != SQLITE_OK)
		fail(path, 0, "no memory");
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	if (sqlite3_exec(s->db, read_file(s->arena, path), NULL, NULL, NULL) !=
	    SQLITE_OK)
		fail(path, 0, "%s", sqlite3_errmsg(s->db));
	q = ask(s,
	    "SELECT name, strict FROM pragma_table_list WHERE schema = "
	    "'main' AND type = 'table' AND name NOT LIKE 'sqlite%'",
	    NULL);
	while (sqlite3_step(q) == SQLITE_ROW) {
		const char *table = column_text(s, q, 0);

		if (!sqlite3_column_int(q, 1))
			fail(path, 0, "table %s is not STRICT", table);
		load_columns(s, path, table);
		load_references(s, table);
	}
	sqlite3_finalize(q);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
}

/* Notes which tables a query itself touches while it is prepared. */
static int
note_table(void *p, int action, const char *table, const char *name UNUSED,
    const char *database UNUSED, const char *trigger)
{
	struct schema *s = p;

	if (!trigger &&
	    (action == SQLITE_READ || action == SQLITE_INSERT ||
	        action == SQLITE_UPDATE || action == SQLITE_DELETE))
		*LIST_ADD(s->arena, &s->tables) = arena_strdup(s->arena, table);
	return SQLITE_OK;
}

static void
type_param(struct schema *s, struct query *q, const char *name)
{
	struct value *v = LIST_ADD(s->arena, &q->params);
	struct value *note = value_find(&q->notes, name);
	const struct column *found = NULL;
	size_t i;

	v->name = arena_strdup(s->arena, name);
	if (note) {
		v->type = note->type;
		note->used = true;
		return;
	}
	for (i = 0; i < s->tables.n; i++) {
		const struct column *c = find_column(s, s->tables.v[i], name);

		if (c && found && !value_type_equal(c->type, found->type))
			fail(q->file, q->line,
			    "%s: :%s may be %s.%s or %s.%s; "
			    "state its type",
			    q->name, name, found->table, found->name, c->table,
			    c->name);
		if (c)
			found = c;
	}
	if (!found)
		fail(q->file, q->line,
		    "%s: no column is called %s; state the "
		    "type of the parameter",
		    q->name, name);
	v->type = found->type;
}

static void
type_params(struct schema *s, struct query *q, sqlite3_stmt *stmt)
{
	int n = sqlite3_bind_parameter_count(stmt);
	int i;

	for (i = 1; i <= n; i++) {
		const char *name = sqlite3_bind_parameter_name(stmt, i);

		if (!name || name[0] != ':')
			fail(q->file, q->line, "%s: parameter %d has no :name",
			    q->name, i);
		type_param(s, q, name + 1);
	}
}

static bool
is_outer(const struct query *q, const char *table)
{
	size_t i;

	for (i = 0; i < q->n_outer; i++) {
		if (str_ieq(q->outer[i], table))
			return true;
	}
	return false;
}

static void
type_column(struct schema *s, struct query *q, sqlite3_stmt *stmt, int n)
{
	const char *name = sqlite3_column_name(stmt, n);
	const char *table = sqlite3_column_table_name(stmt, n);
	const char *origin = sqlite3_column_origin_name(stmt, n);
	struct value *label = value_find(&q->labels, name);
	const struct column *c = NULL;
	struct value *v;

	if (table && origin)
		c = find_column(s, table, origin);
	if (!label && (!c || is_outer(q, table)))
		fail(q->file, q->line,
		    "%s: column %s is %s; write AS name "
		    "/* type */",
		    q->name, name, c ? "of an outer join" : "an expression");
	if (value_find(&q->columns, name))
		fail(q->file, q->line, "%s: two columns are called %s", q->name,
		    name);
	v = LIST_ADD(s->arena, &q->columns);
	v->name = arena_strdup(s->arena, name);
	if (label) {
		v->type = label->type;
		label->used = true;
	} else if (c) {
		v->type = c->type;
	}
}

static void
refuse_unused(const struct query *q, const struct values *list,
    const char *what)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (!list->v[i].used)
			fail(q->file, q->line, "%s: there is no %s %s", q->name,
			    what, list->v[i].name);
	}
}

static void
type_query(struct schema *s, struct query *q)
{
	sqlite3_stmt *stmt = NULL;
	const char *tail = "";
	int n;
	int i;

	s->tables.n = 0;
	if (sqlite3_prepare_v2(s->db, q->sql, -1, &stmt, &tail) != SQLITE_OK)
		fail(q->file, q->line, "%s: %s", q->name,
		    sqlite3_errmsg(s->db));
	if (!str_empty(str_trim(s->arena, tail)))
		fail(q->file, q->line, "%s: more than one statement", q->name);
	n = sqlite3_column_count(stmt);
	if ((n > 0) != (q->kind != QUERY_EXEC))
		fail(q->file, q->line, "%s: %s", q->name,
		    n > 0 ? ":exec, but it gives rows"
		          : "it gives no rows: :exec");
	type_params(s, q, stmt);
	for (i = 0; i < n; i++)
		type_column(s, q, stmt, i);
	refuse_unused(q, &q->notes, "parameter");
	refuse_unused(q, &q->labels, "column");
	sqlite3_finalize(stmt);
}

/* Queries that share a row struct must have the same columns. */
static void
check_shared(const struct queries *queries, const struct query *q)
{
	const struct query *first;
	size_t i;

	for (first = queries->v; first < q; first++) {
		if (q->row && str_eq(first->row, q->row))
			break;
	}
	if (first == q)
		return;
	if (first->columns.n != q->columns.n)
		fail(q->file, q->line, "%s: other columns than %s", q->name,
		    first->name);
	for (i = 0; i < q->columns.n; i++) {
		const struct value *a = &first->columns.v[i];
		const struct value *b = &q->columns.v[i];

		if (!str_eq(a->name, b->name) ||
		    !value_type_equal(a->type, b->type))
			fail(q->file, q->line, "%s: column %s differs from %s",
			    q->name, b->name, first->name);
	}
}

void
queries_type(struct arena *a, const char *schema_path, struct queries *queries)
{
	struct schema s = {.arena = a};
	size_t i;

	load_schema(&s, schema_path);
	sqlite3_set_authorizer(s.db, note_table, &s);
	for (i = 0; i < queries->n; i++) {
		type_query(&s, &queries->v[i]);
		check_shared(queries, &queries->v[i]);
	}
	sqlite3_close(s.db);
}

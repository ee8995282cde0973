#include "base/base.h"

#include "emit/sql.h"

#include "emit/cells.h"
#include "emit/pyspark.h"
#include "emit/sql_parts.h"
#include "expr/expr.h"

#include <string.h>

static void
put_parameters(struct sql *s)
{
	const struct plan *plan = s->plan;
	size_t i;

	cells_put(&s->out, "--", "Parameters");
	SQL_LINE(s, 0,
	    "-- Notebooks know :parameters since Databricks Runtime 15.2.");
	for (i = 0; i < plan->parameters.n; i++) {
		const struct plan_parameter *p = &plan->parameters.v[i];

		SQL_LINE(s, 0, "-- %s", python_comment(s->arena, p->label));
		SQL_LINE(s, 0, "CREATE WIDGET TEXT %s DEFAULT %s;", p->name,
		    sql_string(s, p->initial));
	}
}

/* Texts of a length become texts of any: that is what a cast to char(n) gives,
 * and so what the same table has where Python makes it. */
static const char *
stored_type(struct arena *a, const char *type)
{
	struct buf b;
	bool quoted = false;
	const char *p = type;
	size_t n;

	buf_init(&b, a, 2 * strlen(type) + 10);
	while (*p) {
		n = str_starts(p, "varchar(") ? 8
		    : str_starts(p, "char(")  ? 5
		                              : 0;
		quoted = *p == '`' ? !quoted : quoted;
		if (n > 0 && !quoted && (p == type || strchr("<:,", p[-1]))) {
			buf_add_str(&b, "string");
			p += n + strcspn(p + n, ")") + 1;
		} else {
			buf_add_chr(&b, *p++);
		}
	}
	return buf_str(&b);
}

/* The type of a column of the target, where anybody knows it. */
static const char *
type_of(struct arena *a, const struct plan_column *c)
{
	if (c->type)
		return stored_type(a, c->type);
	if (c->parameter)
		return "string";
	/* Of the option loaded_at. */
	if (c->row == 0 && c->expression &&
	    str_eq(c->expression, "current_timestamp()"))
		return "timestamp";
	return NULL;
}

static bool
is_typed(struct arena *a, const struct plan_pipeline *p)
{
	size_t i;

	for (i = 0; i < p->columns.n; i++) {
		if ((int)i != p->deleted && !type_of(a, &p->columns.v[i]))
			return false;
	}
	return true;
}

/* A column of CREATE TABLE, or of the SELECT that makes the table. */
static void
add_column(struct sql *s, struct python_pieces *list, const char *name,
    const char *type, const char *value)
{
	if (type)
		python_add_piece(s->arena, list, "%s %s",
		    expr_quote_name(s->arena, name), type);
	else
		python_add_piece(s->arena, list, "%s AS %s", value,
		    expr_quote_name(s->arena, name));
}

/* What a history adds to the columns of the sheet. */
static void
add_history(struct sql *s, struct python_pieces *list, bool typed)
{
	const struct plan_history *h = &s->p->history;
	const struct plan_column *time = &s->p->columns.v[s->p->order_by];
	const char *type = typed ? type_of(s->arena, time) : NULL;
	const char *at = expr_quote_name(s->arena, time->name);

	add_column(s, list, h->valid_from, type, at);
	add_column(s, list, h->valid_to, type, at);
	add_column(s, list, h->is_current, typed ? "boolean" : NULL, "true");
	add_column(s, list, "_sightings",
	    typed ? arena_printf(s->arena,
	                "array<struct<at: %s, deleted: boolean>>", type)
	          : NULL,
	    arena_printf(s->arena, "array(struct(%s AS at, false AS deleted))",
	        at));
}

static struct python_pieces
columns_of_table(struct sql *s, bool typed)
{
	const struct plan_pipeline *p = s->p;
	bool history = s->plan->pattern->strategy == STRATEGY_SCD2;
	struct python_pieces list = {0};
	size_t i;

	if (history && p->history.surrogate[0])
		add_column(s, &list, p->history.surrogate,
		    typed ? "string" : NULL, "''");
	for (i = 0; i < p->columns.n; i++) {
		const struct plan_column *c = &p->columns.v[i];

		if ((int)i == p->deleted)
			continue;
		if (!typed)
			python_add_piece(s->arena, &list, "%s", sql_name(s, i));
		else if (c->comment[0])
			python_add_piece(s->arena, &list, "%s %s COMMENT %s",
			    sql_name(s, i), type_of(s->arena, c),
			    sql_string(s, c->comment));
		else
			python_add_piece(s->arena, &list, "%s %s",
			    sql_name(s, i), type_of(s->arena, c));
	}
	if (history)
		add_history(s, &list, typed);
	return list;
}

/* What is said of a new table besides its columns. */
static void
put_layout(struct sql *s, const char *end)
{
	const struct plan_pipeline *p = s->p;
	bool clusters = p->clusters.n > 0;
	struct python_pieces names = {0};
	const char *comment_end = p->comment[0] ? "" : end;

	sql_add_names(s, &names, clusters ? &p->clusters : &p->partitions);
	SQL_LINE(s, 0, "USING delta%s", names.n > 0 ? "" : comment_end);
	if (names.n > 0)
		sql_put_list(s, 0,
		    clusters ? "CLUSTER BY (" : "PARTITIONED BY (", &names,
		    arena_printf(s->arena, ")%s", comment_end));
	if (p->comment[0])
		SQL_LINE(s, 0, "COMMENT %s%s", sql_string(s, p->comment), end);
}

static void
put_table(struct sql *s)
{
	bool typed = is_typed(s->arena, s->p);
	struct python_pieces columns = columns_of_table(s, typed);

	cells_put(&s->out, "--", arena_printf(s->arena, "%s: table", s->p->id));
	if (typed) {
		sql_put_list(s, 0,
		    arena_printf(s->arena, "CREATE TABLE IF NOT EXISTS %s (",
		        s->target),
		    &columns, ")");
		put_layout(s, ";");
	} else {
		SQL_LINE(s, 0, "CREATE TABLE IF NOT EXISTS %s", s->target);
		put_layout(s, "");
		SQL_LINE(s, 0, "AS");
		s->has_query = false;
		sql_put_new(s, 0, true);
		sql_put_list(s, 0, "SELECT ", &columns, "");
		SQL_LINE(s, 0, "FROM new LIMIT 0;");
	}
}

/* Comments of columns, which a table made from a query has not. */
static void
put_comments(struct sql *s)
{
	size_t i;

	for (i = 0; i < s->p->columns.n; i++) {
		const struct plan_column *c = &s->p->columns.v[i];

		if (c->comment[0])
			SQL_LINE(s, 0,
			    "ALTER TABLE %s ALTER COLUMN %s COMMENT %s;",
			    s->target, sql_name(s, i),
			    sql_string(s, c->comment));
	}
}

/* The target is replaced, with its columns. */
static void
put_replacement(struct sql *s)
{
	SQL_LINE(s, 0, "CREATE OR REPLACE TABLE %s", s->target);
	put_layout(s, "");
	SQL_LINE(s, 0, "AS");
	sql_full_load(s);
	put_comments(s);
}

static void
put_pipeline(struct sql *s)
{
	enum strategy strategy = s->plan->pattern->strategy;
	bool replaces = strategy == STRATEGY_FULL_LOAD &&
	    s->p->overwrite_schema;

	if (!replaces)
		put_table(s);
	cells_put(&s->out, "--", arena_printf(s->arena, "%s: load", s->p->id));
	s->has_query = false;
	s->has_problem = false;
	switch (strategy) {
	case STRATEGY_FULL_LOAD:
		if (replaces) {
			put_replacement(s);
			break;
		}
		SQL_LINE(s, 0, "INSERT OVERWRITE TABLE %s BY NAME", s->target);
		sql_full_load(s);
		break;
	case STRATEGY_INCREMENTAL:
		sql_incremental(s);
		break;
	case STRATEGY_MERGE:
		sql_merge(s);
		break;
	case STRATEGY_SCD2:
		sql_history(s);
		break;
	case STRATEGY_PROMPT:
	case STRATEGY__COUNT:
		break;
	}
}

const struct err *
emit_sql(struct arena *a, const struct plan *plan, struct slice *ret,
    struct source_map *ret_map)
{
	struct buf out;
	struct source_map map = {0};
	struct sql s = {.out = {.out = &out, .arena = a, .map = &map},
	    .arena = a,
	    .plan = plan};
	size_t i;

	buf_init(&out, a, PYSPARK_MAX_BYTES);
	cells_put_title(&s.out, plan, "--");
	put_parameters(&s);
	for (i = 0; i < plan->pipelines.n; i++) {
		s.p = &plan->pipelines.v[i];
		s.target = arena_printf(a, "IDENTIFIER(:%s)", s.p->widget);
		put_pipeline(&s);
	}
	if (buf_full(&out))
		return err_new(P_TOO_LARGE,
		    "The code of this sheet would be larger than %zu MB.",
		    PYSPARK_MAX_BYTES / (1024 * 1024));
	*ret = buf_slice(&out);
	*ret_map = map;
	return NULL;
}

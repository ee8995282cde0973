#include "base/base.h"

#include "gate/columns.h"

#include "gate/allow.h"
#include "gate/calls.h"
#include "gate/selects.h"
#include "gate/sql.h"
#include "gate/uses.h"

#include <string.h>

/* Names of names, on the way to the rows of a writer. */
#define MAX_NAMES 10

bool
columns_has_target(const struct plan_pipeline *l, const char *name)
{
	const char *added[] = {l->history.valid_from, l->history.valid_to,
	    l->history.is_current, l->history.surrogate};
	size_t i;

	for (i = 0; i < l->columns.n; i++) {
		if (column_is_written(l, i) &&
		    str_ieq(l->columns.v[i].name, name))
			return true;
	}
	for (i = 0; i < COUNT_OF(added); i++) {
		if (!str_empty(added[i]) && str_ieq(added[i], name))
			return true;
	}
	return false;
}

/* A mistake; or only perhaps one, where the rows may be others. */
static enum err_code
told(const struct checking *c, bool sure, enum err_code code)
{
	return sure && !c->doubt ? code : G_COLUMN_UNSURE;
}

static bool
is_input(const struct plan_column *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->inputs.n; i++) {
		if (str_ieq(c->inputs.v[i].column, name))
			return true;
	}
	return str_ieq(c->name, name);
}

static bool
is_needed(const struct plan_pipeline *l, const char *name)
{
	size_t i;
	size_t k;

	for (i = 0; i < l->sources.n; i++) {
		for (k = 0; k < l->sources.v[i].needs.n; k++) {
			if (str_ieq(l->sources.v[i].needs.v[k], name))
				return true;
		}
	}
	return false;
}

/* Columns that the value reads and its row of the sheet does not name. */
static void
check_besides(struct checking *c, const struct plan_column *column,
    const struct made *m, const struct idents *reads)
{
	size_t i;

	for (i = 0; i < reads->n; i++) {
		const struct ident *read = &reads->v[i];
		bool needed = is_needed(c->l, read->name);
		/* _metadata, and what a path may mean. */
		bool sure = !needed && !reads->unsure && !read->is_field &&
		    read->name[0] != '_' &&
		    pattern_compiles(c->p->plan->pattern);

		if (read->how < READ_SOMEHOW || is_input(column, read->name) ||
		    (!needed && !sure) || reads->unsure)
			continue;
		program_say(c->p, told(c, sure, G_COLUMN_SOURCE), m->at,
		    sure ? "The target column %s reads %s, which the sheet "
		           "does not name."
		         : "The target column %s reads %s, too, which its "
		           "row of the sheet does not name.",
		    column->name, read->name);
	}
}

void
columns_check_sources(struct checking *c, size_t i, const struct made *m)
{
	const struct plan_column *column = &c->l->columns.v[i];
	struct idents reads;
	enum reading how;
	const char *name;
	bool sure;

	made_reads(c->p, m, &reads);
	name = column_unread(column, &reads, &how);
	c->unsure[i] = c->unsure[i] || m->hidden;
	/* A constant is what a value is where there is none. */
	sure = !reads.unsure && !m->hidden &&
	    (how == READ_NOT || how == READ_SOMEHOW) &&
	    !(c->several && reads.n == 0 && !reads.target);
	c->unsure[i] = c->unsure[i] || (!name && reads.unsure);
	if (!name)
		check_besides(c, column, m, &reads);
	else if (sure && reads.target)
		program_say(c->p,
		    told(c, c->p->plan->pattern->strategy != STRATEGY_SCD2,
		        G_COLUMN_SOURCE),
		    m->at,
		    "The target column %s is computed from the target itself, "
		    "not from %s.",
		    column->name, name);
	else if (sure)
		program_say(c->p, told(c, true, G_COLUMN_SOURCE), m->at,
		    how == READ_NOT
		        ? "The target column %s is not computed from %s."
		        : "The target column %s is not always computed from "
		          "%s.",
		    column->name, name);
	else
		program_say(c->p, G_COLUMN_UNSURE, m->at,
		    "Whether %s is computed from %s cannot be told.",
		    column->name, name);
}

/* A column of a table that has all columns of a source. */
static void
check_open(struct checking *c, const struct plan_column *column,
    const struct shape *s, const struct py_node *at)
{
	bool same = column->inputs.n == 1 &&
	    str_ieq(column->inputs.v[0].column, column->name);

	if (column->inputs.n == 0 && !column->expression)
		return;
	if (s->open && s->target)
		program_say(c->p,
		    told(c, c->p->plan->pattern->strategy != STRATEGY_SCD2,
		        G_COLUMN_SOURCE),
		    at, "The target column %s is read from the target itself.",
		    column->name);
	else if (!same || !s->open)
		program_say(c->p, told(c, true, G_COLUMN_MISSING), at,
		    "The rows that are written lack the target column %s.",
		    column->name);
}

void
columns_check_shape(struct checking *c, const struct shape *s,
    const struct py_node *at, bool is_merge)
{
	bool doubt = c->doubt;
	size_t i;

	c->doubt = doubt || s->doubt;
	for (i = 0; i < c->l->columns.n; i++) {
		const struct made *m = shape_find(s, c->l->columns.v[i].name);

		if (!column_is_written(c->l, i))
			continue;
		if (m)
			columns_check_sources(c, i, m);
		else if (s->unknown)
			c->unsure[i] = true;
		else
			check_open(c, &c->l->columns.v[i], s, at);
	}
	for (i = 0; i < s->n; i++) {
		if (columns_has_target(c->l, s->v[i].name))
			continue;
		program_say(c->p,
		    is_merge       ? G_UNSURE
		        : c->doubt ? G_COLUMN_UNSURE
		                   : G_COLUMN_EXTRA,
		    s->v[i].at,
		    "The rows have the column %s, which is no target column.",
		    s->v[i].name);
	}
	if (s->open && !s->unknown && !is_merge && !s->target)
		program_say(c->p, G_COLUMN_UNSURE, at,
		    "All columns of a source are written, those that the "
		    "sheet does not name, too.");
	c->doubt = doubt;
}

void
columns_note_rows(struct checking *c, const struct shapes *rows,
    const struct py_node *at)
{
	const struct py_node *none = NULL;
	size_t i;

	for (i = 0; i < rows->n; i++) {
		const struct shape *s = rows->v[i];

		if (s->none)
			none = at;
		else
			c->rows = true;
		if (s->few && !s->none)
			program_say(c->p, G_UNSURE, s->few,
			    "Rows are left out by .%s(), which the sheet does "
			    "not ask for.",
			    pytree_called(s->few));
	}
	if (none)
		c->none = none;
}

/* It has all columns of the target. */
static bool
fits(const struct checking *c, const struct shape *s)
{
	size_t i;

	for (i = 0; i < c->l->columns.n; i++) {
		if (column_is_written(c->l, i) &&
		    !shape_find(s, c->l->columns.v[i].name))
			return false;
	}
	return true;
}

bool
columns_are_others(struct checking *c, const struct shapes *rows, size_t i,
    const struct py_node *at)
{
	bool fit = false;
	bool own = true;
	size_t k;

	for (k = 0; k < rows->n; k++) {
		own = own && rows->v[k]->own;
		fit = fit || fits(c, rows->v[k]);
	}
	c->several = rows->n > 1;
	if (c->doubt && fit && !fits(c, rows->v[i]))
		return true;
	if (!rows->v[i]->own || own)
		return false;
	program_say(c->p, G_UNSURE, at,
	    "Some of the rows that are written are those of the target.");
	return true;
}

void
columns_check_rows(struct checking *c, const struct shapes *rows,
    const struct py_node *at, bool is_merge)
{
	size_t i;

	columns_note_rows(c, rows, at);
	for (i = 0; i < rows->n; i++) {
		/* Where there is no row, no value is wrong. */
		if (rows->v[i]->none && rows->v[i]->unknown)
			continue;
		if (!columns_are_others(c, rows, i, at))
			columns_check_shape(c, rows->v[i], at, is_merge);
	}
	c->several = false;
}

void
columns_lose(struct checking *c)
{
	size_t i;

	c->rows = true;
	for (i = 0; i < c->l->columns.n; i++)
		c->unsure[i] = true;
}

bool
columns_names_target(struct checking *c, const struct py_node *arg)
{
	const char *alias = NULL;
	const char *message = NULL;
	struct table_ref ref;
	struct texts texts;
	size_t i;

	flow_texts(c->p, arg, &texts);
	for (i = 0; i < texts.n; i++) {
		const char *name = texts.v[i];

		if (str_starts(name, "dbfs:/"))
			name += 5;
		if (table_ref_parse(c->p->arena, slice_of(name), &ref, &alias,
		        &message) &&
		    table_ref_equal(&ref, c->l->target))
			return true;
	}
	return false;
}

bool
columns_may_be_other(struct checking *c, const struct py_node *name)
{
	struct texts texts;

	flow_texts(c->p, name, &texts);
	return texts.n > 1 && c->p->plan->pipelines.n > 1;
}

const struct shape *
columns_by_place(struct checking *c, const struct shape *s)
{
	struct shape names = {0};
	const struct shape *placed;
	size_t i;

	for (i = 0; i < c->l->columns.n; i++) {
		if (column_is_written(c->l, i))
			*LIST_ADD(c->p->arena, &names) = (struct made){
			    .name = c->l->columns.v[i].name};
	}
	placed = shape_united(c->p, &names, s);
	for (i = 0; i < placed->n; i++) {
		if (!str_ieq(placed->v[i].name, s->v[i].name))
			program_say(c->p, G_COLUMN_UNSURE, s->v[i].at,
			    "The column %s is written to %s, in whose place it "
			    "stands.",
			    s->v[i].name, placed->v[i].name);
	}
	return placed;
}

/* The rows of a table, as the method writes them. */
static void
check_written(struct checking *c, const struct py_node *table,
    const struct py_node *call, const struct py_node *name)
{
	const struct shapes *rows = shapes_of(c->p, table);
	struct shapes placed = {0};
	size_t i;

	c->written = true;
	c->at = call;
	c->doubt = columns_may_be_other(c, name);
	if (str_eq(pytree_called(call), "insertInto")) {
		for (i = 0; i < rows->n; i++)
			*LIST_ADD(c->p->arena, &placed) = columns_by_place(c,
			    rows->v[i]);
		rows = &placed;
	}
	columns_check_rows(c, rows, call, false);
	c->doubt = false;
}

/* df.write, at the start of the chain, or of what a name in it stands for. */
static const struct py_node *
find_writer(const struct program *p, const struct py_node *n)
{
	const struct py_node *found = NULL;
	const struct binding *b;
	size_t depth = 0;

	for (; !found && n && depth < MAX_NAMES; depth++) {
		found = call_chain_find(n, "write");
		while (!found && n->n > 0 &&
		    (n->kind == PY_ATTRIBUTE || n->kind == PY_CALL))
			n = n->child[0];
		b = program_only(p, n);
		n = b && b->kind == BIND_VALUE ? b->value : NULL;
	}
	return found;
}

static void
check_write(struct checking *c, const struct py_node *call)
{
	static const char *const methods[] = {"saveAsTable", "insertInto",
	    "save", "parquet", "csv", "json", "orc", "avro"};
	const char *method = pytree_called(call);
	const struct py_node *write = find_writer(c->p, call->child[0]);
	const struct py_node *name = pytree_argument(call, 0, NULL);

	if (call->child[0]->kind != PY_ATTRIBUTE)
		return;
	if (str_eq(method, "writeTo") && name &&
	    columns_names_target(c, name)) {
		check_written(c, call->child[0]->child[0], call, name);
		return;
	}
	if (!STR_IS_IN(method, methods))
		return;
	if (!name && call->n > 1 && call->child[1]->kind == PY_KEYWORD)
		name = call->child[1]->child[0];
	if (!name && str_eq(method, "save")) {
		const struct py_node *n = call_chain_find(call, "option");

		if (n && n->parent && n->parent->kind == PY_CALL &&
		    n->parent->n > 2)
			name = n->parent->child[2];
	}
	if (!name || !columns_names_target(c, name))
		return;
	c->written = true;
	c->at = call;
	if (!write)
		columns_lose(c);
	else
		check_written(c, write->child[0], call, name);
}

/* MERGE, INSERT, or one of these behind WITH. */
static bool
is_sql_write(const struct sql *s)
{
	size_t i = 0;

	while (sql_is(s, 0, "with") && !sql_is_end(s, i) &&
	    !sql_is(s, i, "merge") && !sql_is(s, i, "insert"))
		i = sql_next(s, i);
	return sql_is(s, i, "merge") || sql_is(s, i, "insert");
}

/* The target stands there, however it is quoted. */
static bool
names_target(const struct checking *c, const struct sql *s)
{
	size_t i;

	for (i = 0; !sql_is_end(s, i); i++) {
		const char *name = sql_word(s, i);
		size_t k = i;

		while (sql_kind(s, k + 1) == TOKEN_DOT) {
			k += 2;
			name = arena_printf(c->p->arena, "%s.%s", name,
			    sql_word(s, k));
		}
		if (str_ieq(name, c->l->target->name))
			return true;
		i = k;
	}
	/* A path, say. */
	return strstr(str_lower(c->p->arena, s->text),
	           str_lower(c->p->arena, c->l->target->name)) != NULL;
}

/* Whether a statement of spark.sql() writes the target. */
static void
check_sql_write(struct checking *c, const struct py_node *call)
{
	struct texts texts;
	size_t i;

	if (!str_eq(pytree_called(call), "sql") || call->n < 2)
		return;
	flow_texts(c->p, call->child[1], &texts);
	for (i = 0; i < texts.n; i++) {
		struct sql s;

		sql_read(c->p, call, texts.v[i], &s);
		if (!is_sql_write(&s) || !names_target(c, &s))
			continue;
		c->written = true;
		c->at = call;
		if (!columns_check_sql_merge(c, call, texts.v[i]) &&
		    !columns_check_insert(c, call, texts.v[i]))
			columns_lose(c);
	}
}

void
gate_columns(struct program *p)
{
	size_t i;
	size_t k;

	for (i = 0; i < p->plan->pipelines.n; i++) {
		struct checking c = {.p = p, .l = &p->plan->pipelines.v[i]};

		c.unsure = arena_array(p->arena, bool, c.l->columns.n + 1);
		for (k = 0; k < p->calls.n; k++) {
			const struct py_node *call = p->calls.v[k];

			if (str_eq(pytree_called(call), "merge") &&
			    call->child[0]->kind == PY_ATTRIBUTE &&
			    !uses_is_own_object(p, call->child[0]->child[0]))
				columns_check_merge(&c, call);
			else
				check_write(&c, call);
			check_sql_write(&c, call);
		}
		if (!c.written)
			program_say(p, G_NOT_WRITTEN, NULL,
			    "The code never writes %s.", c.l->target->name);
		else if (c.none && !c.rows)
			program_say(p, G_NOT_WRITTEN, c.none,
			    "No row is ever written to %s.", c.l->target->name);
		columns_check_mentions(&c);
		if (c.written && p->plan->pattern->strategy == STRATEGY_SCD2)
			columns_check_history(&c);
		for (k = 0; k < c.l->filters.n; k++)
			columns_check_conditions(&c, &c.l->filter_inputs.v[k],
			    "a filter");
		for (k = 0; k < c.l->sources.n; k++)
			columns_check_conditions(&c,
			    &c.l->sources.v[k].on_inputs, "a join");
	}
}

#include "base/base.h"

#include "gate/columns.h"

#include "gate/allow.h"
#include "gate/sql.h"

#include <string.h>

static bool
is_target_column(const struct plan_pipeline *l, const char *name)
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

/* A column of the sources that the value reads and the plan does not. */
static const char *
read_besides(struct program *p, const struct plan_pipeline *l,
    const struct plan_column *c, const struct idents *reads)
{
	size_t i;
	size_t k;
	size_t m;

	for (i = 0; i < l->sources.n; i++) {
		for (k = 0; k < l->sources.v[i].needs.n; k++) {
			const char *name = l->sources.v[i].needs.v[k];
			bool planned = str_ieq(c->name, name);

			for (m = 0; m < c->inputs.n; m++)
				planned = planned ||
				    str_ieq(c->inputs.v[m].column, name);
			if (!planned &&
			    map_get(&reads->names,
			        slice_of(str_lower(p->arena, name)), 0))
				return name;
		}
	}
	return NULL;
}

static void
check_sources(struct checking *c, const struct plan_column *column,
    const struct made *m)
{
	struct idents reads;
	const char *name;

	made_reads(c->p, m, &reads);
	name = column_unread(c->p, column, &reads);
	if (name && !reads.unsure) {
		program_say(c->p, G_COLUMN_SOURCE, m->at,
		    "The target column %s is not computed from %s.",
		    column->name, name);
	} else if (name) {
		program_say(c->p, G_COLUMN_UNSURE, m->at,
		    "Whether %s is computed from %s cannot be told.",
		    column->name, name);
	} else {
		name = read_besides(c->p, c->l, column, &reads);
		if (name && !reads.unsure)
			program_say(c->p, G_COLUMN_UNSURE, m->at,
			    "The target column %s reads %s, too, which its "
			    "row of the sheet does not name.",
			    column->name, name);
	}
}

/* A column of a table that has all columns of a source. */
static void
check_open(struct checking *c, const struct plan_column *column,
    const struct shape *s, const struct py_node *at)
{
	bool same = column->inputs.n == 1 &&
	    str_ieq(column->inputs.v[0].column, column->name);

	if (s->unknown || (column->inputs.n == 0 && !column->expression))
		return;
	if (!same || !s->open)
		program_say(c->p, G_COLUMN_MISSING, at,
		    "The rows that are written lack the target column %s.",
		    column->name);
}

/* The rows that a place of the program writes. */
static void
check_shape(struct checking *c, const struct shape *s, const struct py_node *at,
    bool is_merge)
{
	size_t i;

	if (s->unknown)
		c->unknown = true;
	else
		c->followed = true;
	for (i = 0; i < c->l->columns.n; i++) {
		const struct plan_column *column = &c->l->columns.v[i];
		const struct made *m = shape_find(s, column->name);

		if (!column_is_written(c->l, i))
			continue;
		if (m)
			check_sources(c, column, m);
		else
			check_open(c, column, s, at);
	}
	for (i = 0; i < s->n; i++) {
		if (is_target_column(c->l, s->v[i].name))
			continue;
		program_say(c->p, is_merge ? G_UNSURE : G_COLUMN_EXTRA,
		    s->v[i].at,
		    "The rows have the column %s, which is no target column.",
		    s->v[i].name);
	}
	if (s->open && !s->unknown && !is_merge)
		program_say(c->p, G_COLUMN_UNSURE, at,
		    "All columns of a source are written, those that the "
		    "sheet does not name, too.");
}

static const struct py_node *
chain_attribute(const struct py_node *n, const char *name)
{
	for (; n && n->n > 0 && (n->kind == PY_ATTRIBUTE || n->kind == PY_CALL);
	     n = n->child[0]) {
		if (n->kind == PY_ATTRIBUTE && str_eq(n->text, name))
			return n;
	}
	return NULL;
}

/* Whether a text that the expression may have names the target. */
static bool
names_target(struct checking *c, const struct py_node *arg)
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

/* The call that opened the table of a merge. */
static const struct py_node *
opening(struct program *p, const struct py_node *n, unsigned depth)
{
	for (; n && n->n > 0; n = n->child[0]) {
		const char *method = n->kind == PY_CALL ? pytree_called(n) : "";

		if (str_eq(method, "forName") || str_eq(method, "forPath"))
			return n;
		if (n->kind != PY_CALL && n->kind != PY_ATTRIBUTE)
			break;
	}
	if (n && n->kind == PY_NAME && depth < 10) {
		const struct binding *b = program_only(p, n);

		if (b && b->kind == BIND_VALUE)
			return opening(p, b->value, depth + 1);
	}
	return NULL;
}

/* The call of a method later in the chain: x.merge(…)….whenMatchedUpdate(…) */
static const struct py_node *
later_call(const struct py_node *call, const char *method)
{
	const struct py_node *n = call->parent;

	for (; n && (n->kind == PY_ATTRIBUTE || n->kind == PY_CALL);
	     n = n->parent) {
		if (n->kind == PY_CALL && str_eq(pytree_called(n), method))
			return n;
	}
	return NULL;
}

/* {"a": "source.b"} of an update or insert. */
static bool
shape_of_values(struct checking *c, const struct py_node *values,
    const struct shape *from, struct shape *ret)
{
	const struct binding *b = values ? program_only(c->p, values) : NULL;
	size_t i;

	if (b && b->kind == BIND_VALUE)
		values = b->value;
	if (!values || values->kind != PY_DICT)
		return false;
	for (i = 0; i < values->n; i++) {
		const struct py_node *pair = values->child[i];
		const char *name = pair->kind == PY_PAIR && pair->n > 1
		    ? flow_constant(c->p, pair->child[0])
		    : NULL;
		const char *sql;
		struct made *m;

		if (!name) {
			ret->unknown = true;
			continue;
		}
		sql = flow_constant(c->p, pair->child[1]);
		name = strrchr(name, '.') ? strrchr(name, '.') + 1 : name;
		m = LIST_ADD(c->p->arena, ret);
		*m = (struct made){.name = name,
		    .sql = sql,
		    .value = sql ? NULL : pair->child[1],
		    .from = from,
		    .at = pair};
	}
	return true;
}

static void
check_update(struct checking *c, const struct py_node *call,
    const struct shape *from)
{
	struct shape set = {0};
	size_t i;
	size_t k;

	if (!call ||
	    !shape_of_values(c, pytree_argument(call, 1, "set"), from, &set))
		return;
	for (i = 0; i < set.n; i++) {
		if (!is_target_column(c->l, set.v[i].name))
			program_say(c->p, G_COLUMN_EXTRA, set.v[i].at,
			    "The update sets %s, which is no target column.",
			    set.v[i].name);
		for (k = 0; k < c->l->columns.n; k++) {
			if (str_ieq(c->l->columns.v[k].name, set.v[i].name))
				check_sources(c, &c->l->columns.v[k],
				    &set.v[i]);
		}
	}
}

static void
check_merge(struct checking *c, const struct py_node *call)
{
	const struct py_node *source = pytree_argument(call, 0, "source");
	const struct py_node *open = opening(c->p, call->child[0], 0);
	const struct py_node *insert = later_call(call, "whenNotMatchedInsert");
	const struct py_node *name;
	const struct shape *from;
	struct shape values = {0};

	name = open ? pytree_argument(open, 1, NULL) : NULL;
	if (name && !names_target(c, name))
		return;
	if (!name && c->p->plan->pipelines.n > 1) {
		c->unknown = true;
		return;
	}
	c->written = true;
	c->at = call;
	if (!source)
		return;
	from = shape_of(c->p, source);
	check_update(c, later_call(call, "whenMatchedUpdate"), from);
	if (insert &&
	    shape_of_values(c, pytree_argument(insert, 1, "values"), from,
	        &values))
		check_shape(c, &values, insert, false);
	else if (insert || later_call(call, "whenNotMatchedInsertAll"))
		check_shape(c, from, call, true);
}

static void
check_write(struct checking *c, const struct py_node *call)
{
	static const char *const methods[] = {"saveAsTable", "insertInto",
	    "save", "parquet", "csv", "json", "orc", "avro"};
	const char *method = pytree_called(call);
	const struct py_node *write = chain_attribute(call->child[0], "write");
	const struct py_node *name = pytree_argument(call, 0, NULL);
	size_t i;

	if (str_eq(method, "writeTo") && name && names_target(c, name)) {
		c->written = true;
		check_shape(c, shape_of(c->p, call->child[0]->child[0]), call,
		    false);
		return;
	}
	for (i = 0; i < COUNT_OF(methods); i++) {
		if (str_eq(methods[i], method))
			break;
	}
	if (i == COUNT_OF(methods) || call->child[0]->kind != PY_ATTRIBUTE)
		return;
	if (!name && call->n > 1 && call->child[1]->kind == PY_KEYWORD)
		name = call->child[1]->child[0];
	if (!name && str_eq(method, "save")) {
		const struct py_node *n = chain_attribute(call, "option");

		if (n && n->parent && n->parent->kind == PY_CALL &&
		    n->parent->n > 2)
			name = n->parent->child[2];
	}
	if (!name || !names_target(c, name))
		return;
	c->written = true;
	c->at = call;
	if (!write)
		c->unknown = true;
	else
		check_shape(c, shape_of(c->p, write->child[0]), call, false);
}

/* INSERT * takes the columns of the view that the statement reads. */
static bool
check_view(struct checking *c, const char *text)
{
	const char *insert = strstr(str_lower(c->p->arena, text), "insert *");
	bool found = false;
	size_t i;

	for (i = 0; insert && i < c->p->calls.n; i++) {
		const struct py_node *call = c->p->calls.v[i];
		const struct py_node *name = pytree_argument(call, 0, "name");
		const char *view;

		if (!str_ends(pytree_called(call), "TempView") || !name ||
		    call->child[0]->kind != PY_ATTRIBUTE)
			continue;
		view = flow_constant(c->p, name);
		if (!view || !text_has_word(text, view))
			continue;
		found = true;
		check_shape(c, shape_of(c->p, call->child[0]->child[0]), call,
		    true);
	}
	return found;
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
		const char *text = str_trim(c->p->arena, texts.v[i]);
		struct slice first = {text, strcspn(text, " \t\r\n")};

		if ((slice_ieq(first, "merge") || slice_ieq(first, "insert")) &&
		    strstr(str_lower(c->p->arena, text),
		        str_lower(c->p->arena, c->l->target->name))) {
			c->written = true;
			c->at = call;
			if (!check_view(c, text))
				c->unknown = true;
		}
	}
}

void
gate_columns(struct program *p)
{
	size_t i;
	size_t k;

	for (i = 0; i < p->plan->pipelines.n; i++) {
		struct checking c = {.p = p, .l = &p->plan->pipelines.v[i]};

		for (k = 0; k < p->calls.n; k++) {
			const struct py_node *call = p->calls.v[k];

			if (str_eq(pytree_called(call), "merge") &&
			    call->child[0]->kind == PY_ATTRIBUTE)
				check_merge(&c, call);
			else
				check_write(&c, call);
			check_sql_write(&c, call);
		}
		if (!c.written)
			program_say(p, G_NOT_WRITTEN, NULL,
			    "The code never writes %s.", c.l->target->name);
		else if (c.unknown || !c.followed)
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

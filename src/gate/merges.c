#include "base/base.h"

#include "gate/columns.h"

#include "gate/flow.h"

#include <string.h>

/* Conditions in conditions that are looked into. */
#define MAX_DEPTH 60
/* Names of names, on the way to where a table is opened. */
#define MAX_NAMES 10

/* A merge, and what its clauses do. */
struct merging {
	struct checking *c;
	const struct py_node *call;
	const char *alias; /* of the target; NULL */
	const struct shapes *from;
	bool sure; /* it surely is a merge into the target */
	bool *set; /* which columns some update sets */
	bool updates;
	bool updates_all;
	bool has_clause;
};

static const struct py_node *opening_of(struct program *p,
    const struct py_node *param, const char **ret_alias, unsigned depth);

/* The call that opened the table of a merge. */
static const struct py_node *
opening(struct program *p, const struct py_node *n, const char **ret_alias,
    unsigned depth)
{
	for (; n && n->n > 0; n = n->child[0]) {
		const char *method = n->kind == PY_CALL ? pytree_called(n) : "";

		if (str_eq(method, "forName") || str_eq(method, "forPath"))
			return n;
		if (str_eq(method, "alias") && !*ret_alias)
			*ret_alias = flow_constant(p,
			    pytree_argument(n, 0, "aliasName"));
		if (n->kind != PY_CALL && n->kind != PY_ATTRIBUTE)
			break;
	}
	if (n && n->kind == PY_NAME && depth < MAX_NAMES) {
		const struct binding *b = program_only(p, n);

		if (b && b->kind == BIND_VALUE)
			return opening(p, b->value, ret_alias, depth + 1);
		if (b && b->kind == BIND_PARAM)
			return opening_of(p, b->node, ret_alias, depth + 1);
	}
	return NULL;
}

/* The same of a parameter; NULL where calls differ. */
static const struct py_node *
opening_of(struct program *p, const struct py_node *param,
    const char **ret_alias, unsigned depth)
{
	const struct py_node *function = param->parent->parent;
	const struct py_node *found = NULL;
	size_t i;

	for (i = 0; i < p->calls.n; i++) {
		const struct py_node *call = p->calls.v[i];
		const struct py_node *arg;

		if (!str_eq(pytree_called(call), function->text))
			continue;
		arg = pytree_argument(call, program_place(param), param->text);
		if (!arg || found)
			return NULL;
		found = opening(p, arg, ret_alias, depth);
		if (!found)
			return NULL;
	}
	return found;
}

struct seeking {
	struct program *p;
	const struct py_node *merge;
	unsigned depth;
	bool found;
};

static bool begins_with(struct seeking *s, const struct py_node *n);

static void
seek(const struct binding *b, void *data)
{
	struct seeking *s = data;

	if (b->kind == BIND_VALUE && !s->found)
		s->found = begins_with(s, b->value);
}

/* The chain of calls goes back to the merge. */
static bool
begins_with(struct seeking *s, const struct py_node *n)
{
	while (n != s->merge && n->n > 0 &&
	    (n->kind == PY_ATTRIBUTE || n->kind == PY_CALL))
		n = n->child[0];
	if (n->kind != PY_NAME || s->depth >= MAX_NAMES)
		return n == s->merge;
	s->depth++;
	program_resolve(s->p, n, seek, s);
	s->depth--;
	return s->found;
}

/* "source." and the name, put together: the text before the name; NULL. */
static const char *
text_before(const struct py_node *n, const char *name)
{
	const struct py_node *arg = n->kind == PY_CALL && n->n == 2 &&
	        str_eq(pytree_called(n), "col")
	    ? n->child[1]
	    : n;

	if ((arg->kind != PY_FORMAT && arg->kind != PY_PLUS) || arg->n != 2 ||
	    arg->is_odd || arg->child[0]->kind != PY_STRING ||
	    arg->child[1]->kind != PY_NAME ||
	    !str_eq(arg->child[1]->text, name))
		return NULL;
	return arg->child[0]->text;
}

/* {c: f"source.{c}" for c in names}: columns as they are in one of the tables.
 * Which ones, some list says that may be known. */
static bool
shape_of_each(struct program *p, const struct py_node *each,
    const struct shape *from, struct shape *ret)
{
	const struct py_node *pair = each->child[0];
	const struct py_node *key = pair->n > 1 ? pair->child[0] : NULL;
	const struct py_node *loop = each->n > 1 ? each->child[1] : NULL;
	const char *before = key && key->kind == PY_NAME
	    ? text_before(pair->child[1], key->text)
	    : NULL;
	const struct shape *side = before && str_ends(before, ".")
	    ? shape_side(from, (struct slice){before, strlen(before) - 1})
	    : NULL;
	struct texts names = {0};
	size_t i;

	if (pair->kind != PY_PAIR || !side || !loop || loop->kind != PY_FOR ||
	    loop->n < 2)
		return false;
	if (loop->child[1]->kind == PY_ATTRIBUTE &&
	    str_eq(loop->child[1]->text, "columns")) {
		const struct shape *of =
		    shapes_of(p, loop->child[1]->child[0])->v[0];

		for (i = 0; i < of->n; i++)
			*LIST_ADD(p->arena, &names) = of->v[i].name;
		names.unknown = of->unknown || of->open;
	} else {
		flow_texts(p, key, &names);
	}
	if (names.unknown || names.n == 0) {
		*ret = *shape_copy(p, side);
		ret->unknown = true;
		return true;
	}
	for (i = 0; i < names.n; i++) {
		const struct made *m = shape_find(side, names.v[i]);

		*LIST_ADD(p->arena, ret) = m
		    ? *m
		    : (struct made){
		          .name = names.v[i], .from = side, .at = pair};
	}
	return true;
}

/* {"a": "source.b"} of an update or insert. False: it cannot be read. */
static bool
shape_of_values(struct program *p, const struct py_node *values,
    const struct shape *from, struct shape *ret)
{
	size_t i;

	values = values ? shape_literal(p, values) : NULL;
	if (values && values->kind == PY_EACH)
		return shape_of_each(p, values, from, ret);
	if (!values || values->kind != PY_DICT)
		return false;
	for (i = 0; i < values->n; i++) {
		const struct py_node *pair = values->child[i];
		const char *name = pair->kind == PY_PAIR && pair->n > 1
		    ? flow_constant(p, pair->child[0])
		    : NULL;
		struct expr_parsed parsed;
		const char *sql;

		if (!name) {
			ret->unknown = true;
			continue;
		}
		sql = flow_constant(p, pair->child[1]);
		expr_parse(p->arena, name, &parsed);
		if (parsed.root && parsed.root->kind == EXPR_COLUMN)
			name = parsed.root->part[parsed.root->n_parts - 1];
		*LIST_ADD(p->arena, ret) = (struct made){.name = name,
		    .sql = sql,
		    .value = sql ? NULL : pair->child[1],
		    .from = from,
		    .at = pair};
	}
	return true;
}

/* Both tables of a merge, each under its alias. */
static const struct shape *
both(const struct merging *m, const struct shape *from)
{
	struct program *p = m->c->p;
	struct shape *target = arena_new(p->arena, struct shape);
	struct shape *both = shape_copy(p, from);

	target->open = true;
	target->target = true;
	target->alias = m->alias;
	both->alias = NULL;
	both->side[0] = target;
	both->side[1] = from;
	return both;
}

static void
check_update(struct merging *m, const struct py_node *call,
    const struct shape *from)
{
	struct checking *c = m->c;
	struct shape set = {0};
	size_t i;
	size_t k;

	m->updates = true;
	if (!shape_of_values(c->p, pytree_argument(call, 1, "set"), from, &set))
		set.unknown = true;
	for (i = 0; i < set.n; i++) {
		if (!columns_has_target(c->l, set.v[i].name))
			program_say(c->p, G_COLUMN_EXTRA, set.v[i].at,
			    "The update sets %s, which is no target column.",
			    set.v[i].name);
	}
	for (k = 0; k < c->l->columns.n; k++) {
		const char *name = c->l->columns.v[k].name;

		for (i = 0; i < set.n; i++) {
			if (!str_ieq(name, set.v[i].name))
				continue;
			m->set[k] = true;
			columns_check_sources(c, k, &set.v[i]);
		}
		c->unsure[k] = c->unsure[k] || set.unknown;
		m->set[k] = m->set[k] || set.unknown;
	}
}

static void
check_insert(struct merging *m, const struct py_node *call,
    const struct shape *from)
{
	struct shape values = {0};

	if (!shape_of_values(m->c->p, pytree_argument(call, 1, "values"), from,
	        &values))
		values.unknown = true;
	columns_check_shape(m->c, &values, call, false);
}

static void
check_clause(struct merging *m, const struct py_node *call)
{
	const char *method = pytree_called(call);
	size_t i;

	m->has_clause = true;
	if (str_eq(method, "whenMatchedUpdateAll") ||
	    str_eq(method, "whenNotMatchedInsertAll")) {
		m->updates_all = m->updates_all || method[4] == 'M';
		columns_check_rows(m->c, m->from, m->call, true);
		return;
	}
	for (i = 0; i < m->from->n; i++) {
		const struct shape *from = both(m, m->from->v[i]);

		if (columns_are_stored(m->c, m->from, i, m->call))
			continue;
		m->c->doubt = from->doubt;
		if (str_eq(method, "whenMatchedUpdate"))
			check_update(m, call, from);
		else if (str_eq(method, "whenNotMatchedInsert"))
			check_insert(m, call, from);
	}
	m->c->doubt = false;
	columns_note_rows(m->c, m->from, m->call);
}

static bool
is_listed(const struct plan_indices *list, size_t column)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (list->v[i] == column)
			return true;
	}
	return false;
}

/* What the condition of a merge compares. */
struct comparing {
	struct merging *m;
	const struct shape *from;
	bool *found;  /* which columns are compared with their own */
	bool unclear; /* and there are conditions of other kinds */
};

static size_t
column_of(const struct plan_pipeline *l, const char *name)
{
	size_t i;

	for (i = 0; i < l->columns.n && !str_ieq(l->columns.v[i].name, name);
	     i++)
		continue;
	return i;
}

/* target.a = source.b */
static void
compare(struct comparing *k, const struct expr *target,
    const struct expr *source)
{
	struct checking *c = k->m->c;
	const char *name = target->part[target->n_parts - 1];
	size_t column = column_of(c->l, name);
	struct made m = {.name = name,
	    .sql = expr_quote_name(c->p->arena,
	        source->part[source->n_parts - 1]),
	    .from = k->m->from->v[0]};
	struct idents reads;
	enum reading how;
	const char *other;

	m.from = k->from->side[1];
	if (column == c->l->columns.n)
		return;
	if (!c->l->columns.v[column].is_key) {
		k->found[column] = true;
		return;
	}
	made_reads(c->p, &m, &reads);
	other = column_unread(&c->l->columns.v[column], &reads, &how);
	/* NULL instead of a key matches nothing, which histories use. */
	if (!other || reads.n == 0 || reads.unsure)
		k->found[column] = true;
}

static bool
is_of_target(const struct comparing *k, const struct expr *e)
{
	return e->n_parts > 1 && k->m->alias &&
	    str_ieq(e->part[0], k->m->alias);
}

static void
compare_all(struct comparing *k, const struct expr *e, unsigned depth)
{
	const struct expr *a = e->n_args > 0 ? e->arg[0] : NULL;
	const struct expr *b = e->n_args > 1 ? e->arg[1] : NULL;
	bool equal = e->kind == EXPR_BINARY &&
	    (str_eq(e->op, "=") || str_eq(e->op, "==") || str_eq(e->op, "<=>"));

	if (depth < MAX_DEPTH && e->kind == EXPR_BINARY &&
	    str_eq(e->op, "and")) {
		compare_all(k, a, depth + 1);
		compare_all(k, b, depth + 1);
	} else if (equal && a->kind == EXPR_COLUMN && b->kind == EXPR_COLUMN) {
		if (is_of_target(k, b))
			compare(k, b, a);
		else
			compare(k, a, b);
	} else if (equal &&
	    (a->kind == EXPR_COLUMN || b->kind == EXPR_COLUMN) &&
	    (a->kind == EXPR_LITERAL || b->kind == EXPR_LITERAL)) {
		return;
	} else if (e->kind != EXPR_LITERAL) {
		k->unclear = true;
	}
}

static void
judge_comparison(const struct comparing *k)
{
	const struct checking *c = k->m->c;
	const struct plan_pipeline *l = c->l;
	enum strategy strategy = c->p->plan->pattern->strategy;
	bool sure = strategy == STRATEGY_MERGE && !k->from->doubt && k->m->sure;
	size_t i;

	for (i = 0; i < l->columns.n; i++) {
		const struct plan_column *column = &l->columns.v[i];

		if (column->is_key && !k->found[i])
			program_say(c->p,
			    sure && !k->unclear ? G_WRITE : G_UNSURE,
			    k->m->call,
			    k->unclear
			        ? "Whether the merge compares the key %s "
			          "cannot be told."
			        : "The merge does not compare the key %s with "
			          "what it is made of.",
			    column->name);
		else if (!column->is_key && k->found[i] &&
		    (int)i != l->watermark && !is_listed(&l->partitions, i) &&
		    !is_listed(&l->clusters, i))
			program_say(c->p, sure ? G_WRITE : G_UNSURE, k->m->call,
			    "The merge compares %s, which is no key.",
			    column->name);
	}
}

static bool
is_mentioned(const struct texts *pieces, const char *name)
{
	size_t i;

	for (i = 0; i < pieces->n; i++) {
		if (text_has_word(pieces->v[i], name))
			return true;
	}
	return false;
}

/* A text that is put together, or columns: by what they mention. */
static void
check_mentioned(struct merging *m, const struct py_node *condition)
{
	struct checking *c = m->c;
	struct made made = {.value = condition, .from = both(m, m->from->v[0])};
	struct idents reads = {0};
	struct texts pieces;
	enum reading how;
	size_t i;

	flow_pieces(c->p, condition, &pieces);
	if (pieces.unknown || pieces.n == 0)
		made_reads(c->p, &made, &reads);
	for (i = 0; i < c->l->columns.n; i++) {
		const struct plan_column *column = &c->l->columns.v[i];

		if (!column->is_key || is_mentioned(&pieces, column->name) ||
		    (reads.n > 0 && !column_unread(column, &reads, &how)))
			continue;
		program_say(c->p, G_UNSURE, m->call,
		    "Whether the merge compares the key %s cannot be told.",
		    column->name);
	}
}

static void
check_condition(struct merging *m)
{
	struct checking *c = m->c;
	const struct py_node *arg = pytree_argument(m->call, 1, "condition");
	const char *text = arg ? flow_constant(c->p, arg) : NULL;
	struct expr_parsed parsed;
	size_t i;

	if (!arg || c->l->keys.n == 0 ||
	    c->p->plan->pattern->strategy == STRATEGY_FULL_LOAD)
		return;
	if (condition_is_false(c->p, arg)) {
		program_say(c->p, m->sure ? G_WRITE : G_UNSURE, m->call,
		    "The merge finds no row of the target, as its condition is "
		    "always false.");
		return;
	}
	if (text)
		expr_parse(c->p->arena, text, &parsed);
	if (!text || !parsed.root) {
		check_mentioned(m, arg);
		return;
	}
	for (i = 0; i < m->from->n; i++) {
		struct comparing k = {.m = m,
		    .from = both(m, m->from->v[i]),
		    .found = arena_array(c->p->arena, bool,
		        c->l->columns.n + 1)};

		if (m->from->v[i]->own && m->from->n > 1)
			continue;
		compare_all(&k, parsed.root, 0);
		judge_comparison(&k);
	}
}

/* No update sets the column, so that changes of it are lost. */
static void
check_unset(const struct merging *m)
{
	const struct checking *c = m->c;
	size_t i;

	if (!m->updates || m->updates_all ||
	    c->p->plan->pattern->strategy != STRATEGY_MERGE)
		return;
	for (i = 0; i < c->l->columns.n; i++) {
		if (!m->set[i] && column_is_written(c->l, i) &&
		    !c->l->columns.v[i].is_key)
			program_say(c->p, G_COLUMN_UNSURE, m->call,
			    "No update sets the target column %s.",
			    c->l->columns.v[i].name);
	}
}

/* FALSE, or 1 = 0. */
static bool
is_false(const struct expr *e)
{
	if (e->kind == EXPR_LITERAL)
		return e->literal == LITERAL_BOOLEAN &&
		    str_ieq(e->value, "false");
	return e->kind == EXPR_BINARY && e->n_args == 2 &&
	    (str_eq(e->op, "=") || str_eq(e->op, "==") ||
	        str_eq(e->op, "<=>")) &&
	    e->arg[0]->kind == EXPR_LITERAL &&
	    e->arg[1]->kind == EXPR_LITERAL &&
	    e->arg[0]->literal == e->arg[1]->literal &&
	    !str_eq(e->arg[0]->value, e->arg[1]->value);
}

bool
condition_is_false(struct program *p, const struct py_node *condition)
{
	const char *text = flow_constant(p, condition);
	const struct py_node *value;
	struct expr_parsed parsed;

	if (text) {
		expr_parse(p->arena, text, &parsed);
		return parsed.root && is_false(parsed.root);
	}
	if (condition->kind != PY_CALL || condition->n < 2 ||
	    !str_eq(program_called(p, condition), "lit"))
		return false;
	value = condition->child[1];
	return value->kind == PY_OTHER && str_eq(value->text, "false");
}

void
columns_check_merge(struct checking *c, const struct py_node *call)
{
	struct merging m = {.c = c, .call = call};
	struct texts texts = {0};
	const struct py_node *source = pytree_argument(call, 0, "source");
	const struct py_node *open = opening(c->p, call->child[0], &m.alias, 0);
	const struct py_node *name = open ? pytree_argument(open, 1, NULL)
	                                  : NULL;
	size_t i;

	if (name && !columns_names_target(c, name))
		return;
	if (!name && c->p->plan->pipelines.n > 1) {
		columns_lose(c);
		return;
	}
	c->written = true;
	c->at = call;
	if (!source)
		return;
	if (name)
		flow_texts(c->p, name, &texts);
	m.sure = texts.n == 1;
	m.from = shapes_of(c->p, source);
	m.set = arena_array(c->p->arena, bool, c->l->columns.n + 1);
	for (i = 0; i < c->p->calls.n; i++) {
		const struct py_node *clause = c->p->calls.v[i];
		struct seeking s = {.p = c->p, .merge = call};

		if (str_starts(pytree_called(clause), "when") &&
		    clause != call && clause->child[0]->kind == PY_ATTRIBUTE &&
		    begins_with(&s, clause->child[0]->child[0]))
			check_clause(&m, clause);
	}
	if (!m.has_clause)
		columns_lose(c);
	check_condition(&m);
	check_unset(&m);
}

#include "base/base.h"

#include "gate/merges.h"

#include "gate/flow.h"

#include <string.h>

/* Names of names, on the way to where a table is opened. */
#define MAX_NAMES 10

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

/* c, or f"target.{c}": the name c; NULL. */
static const struct py_node *
name_in(const struct py_node *key)
{
	if (key->kind == PY_FORMAT && key->n == 2 && !key->is_odd &&
	    key->child[0]->kind == PY_STRING &&
	    str_ends(key->child[0]->text, "."))
		key = key->child[1];
	return key->kind == PY_NAME ? key : NULL;
}

/* {c: f"source.{c}" for c in names}: columns as they are in one of the tables.
 * Which ones, some list says that may be known. */
static bool
shape_of_each(struct program *p, const struct py_node *each,
    const struct shape *from, struct shape *ret)
{
	const struct py_node *pair = each->child[0];
	const struct py_node *key = pair->n > 1 ? name_in(pair->child[0])
	                                        : NULL;
	const struct py_node *loop = each->n > 1 ? each->child[1] : NULL;
	const char *before = key ? text_before(pair->child[1], key->text)
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

const struct shape *
merge_both(const struct merging *m, const struct shape *from)
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

void
merge_update(struct merging *m, const struct shape *set)
{
	struct checking *c = m->c;
	size_t i;
	size_t k;

	m->updates = true;
	for (i = 0; i < set->n; i++) {
		if (!columns_has_target(c->l, set->v[i].name))
			program_say(c->p, G_COLUMN_EXTRA, set->v[i].at,
			    "The update sets %s, which is no target column.",
			    set->v[i].name);
	}
	for (k = 0; k < c->l->columns.n; k++) {
		const char *name = c->l->columns.v[k].name;

		for (i = 0; i < set->n; i++) {
			if (!str_ieq(name, set->v[i].name))
				continue;
			m->set[k] = true;
			columns_check_sources(c, k, &set->v[i]);
		}
		c->unsure[k] = c->unsure[k] || set->unknown;
		m->set[k] = m->set[k] || set->unknown;
	}
}

static void
check_update(struct merging *m, const struct py_node *call,
    const struct shape *from)
{
	struct shape set = {0};

	if (!shape_of_values(m->c->p, pytree_argument(call, 1, "set"), from,
	        &set))
		set.unknown = true;
	merge_update(m, &set);
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
	bool doubt = m->c->doubt;
	const struct py_node *when = pytree_argument(call, 0, "condition");
	size_t i;

	m->has_clause = true;
	if (when && condition_is_false(m->c->p, when))
		program_say(m->c->p, G_UNSURE, call,
		    "The condition of .%s() is always false.", method);
	if (str_eq(method, "whenMatchedUpdateAll") ||
	    str_eq(method, "whenNotMatchedInsertAll")) {
		m->updates_all = m->updates_all || method[4] == 'M';
		columns_check_rows(m->c, m->from, m->call, true);
		return;
	}
	for (i = 0; i < m->from->n; i++) {
		const struct shape *from = merge_both(m, m->from->v[i]);

		if (columns_are_others(m->c, m->from, i, m->call))
			continue;
		m->c->doubt = doubt || from->doubt;
		if (str_eq(method, "whenMatchedUpdate"))
			check_update(m, call, from);
		else if (str_eq(method, "whenNotMatchedInsert"))
			check_insert(m, call, from);
		m->c->doubt = doubt;
	}
	m->c->several = false;
	columns_note_rows(m->c, m->from, m->call);
}

void
merge_check_unset(const struct merging *m)
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
	c->doubt = name && columns_may_be_other(c, name);
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
	merge_check_keys(&m);
	merge_check_unset(&m);
	c->doubt = false;
}

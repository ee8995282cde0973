#include "base/base.h"

#include "gate/shape.h"

#include "gate/uses.h"

#include <string.h>

static struct shape *
new_shape(struct program *p)
{
	return arena_new(p->arena, struct shape);
}

const struct shape *
shape_unknown(struct program *p)
{
	struct shape *shape = new_shape(p);

	shape->unknown = true;
	return shape;
}

const struct py_node *
shape_literal(struct program *p, const struct py_node *n)
{
	const struct py_node *literal = flow_literal(p, n);

	return literal ? literal : n;
}

struct shape *
shape_copy(struct program *p, const struct shape *from)
{
	struct shape *to = new_shape(p);

	*to = *from;
	to->v = NULL;
	to->n = to->cap = 0;
	shape_put_all(p, to, from);
	return to;
}

/* Of selectExpr(): a text, or a list of them. */
static void
add_texts(struct program *p, struct shape *to, const struct shape *from,
    const struct py_node *item)
{
	const char *text;
	size_t k;

	if (item->kind == PY_STAR && item->n > 0)
		item = shape_literal(p, item->child[0]);
	else if (item->kind == PY_NAME)
		item = shape_literal(p, item);
	if (item->kind == PY_LIST) {
		for (k = 0; k < item->n; k++)
			add_texts(p, to, from, item->child[k]);
		return;
	}
	text = flow_constant(p, item);
	if (text)
		shape_add_sql(p, to, from, item, text);
	else
		to->unknown = true;
}

static const struct shape *
select_items(struct program *p, const struct shape *from,
    const struct py_node *call)
{
	bool is_sql = call->kind == PY_CALL &&
	    str_eq(call->child[0]->text, "selectExpr");
	struct shape *to = new_shape(p);
	size_t i;

	for (i = 1; i < call->n; i++) {
		if (is_sql)
			add_texts(p, to, from, call->child[i]);
		else
			shape_add_item(p, to, from, call->child[i]);
	}
	return to;
}

static void
hide_all(struct shape *s)
{
	size_t i;

	s->unknown = true;
	for (i = 0; i < s->n; i++)
		s->v[i].hidden = true;
}

/* A column of a name that cannot be told may be any of them. */
static void
put_column(struct program *p, struct shape *to, const struct shape *from,
    const struct py_node *name, const struct py_node *value)
{
	bool was = to->unknown;

	to->unknown = false;
	shape_put_named(p, to, from, name, value);
	if (to->unknown)
		hide_all(to);
	to->unknown = to->unknown || was;
}

/* withColumns({"a": …}), withColumnsRenamed({"a": "b"}) */
static const struct shape *
with_dictionary(struct program *p, const struct shape *from,
    const struct py_node *call, bool renames)
{
	struct shape *to = shape_copy(p, from);
	const struct py_node *dict = call->n > 1
	    ? shape_literal(p, call->child[1])
	    : NULL;
	size_t i;

	if (!dict || dict->kind != PY_DICT) {
		hide_all(to);
		return to;
	}
	for (i = 0; i < dict->n; i++) {
		const struct py_node *pair = dict->child[i];
		const char *old;

		if (pair->kind != PY_PAIR || pair->n < 2) {
			hide_all(to);
			continue;
		}
		if (!renames) {
			put_column(p, to, from, pair->child[0], pair->child[1]);
			continue;
		}
		old = flow_constant(p, pair->child[0]);
		if (old && flow_constant(p, pair->child[1]))
			shape_put(p, to,
			    &(struct made){
			        .name = flow_constant(p, pair->child[1]),
			        .sql = expr_quote_name(p->arena, old),
			        .from = from,
			        .at = pair});
		else
			hide_all(to);
	}
	return to;
}

static void
remove_column(struct shape *s, const char *name)
{
	size_t i;
	size_t k = 0;

	for (i = 0; i < s->n; i++) {
		if (!str_ieq(s->v[i].name, name))
			s->v[k++] = s->v[i];
	}
	s->n = k;
}

static const struct shape *
with_renamed(struct program *p, const struct shape *from,
    const struct py_node *call)
{
	struct shape *to = shape_copy(p, from);
	const struct py_node *a = pytree_argument(call, 0, "existing");
	const struct py_node *b = pytree_argument(call, 1, "new");
	const char *old = a ? flow_constant(p, a) : NULL;
	const char *name = b ? flow_constant(p, b) : NULL;

	if (!old || !name) {
		hide_all(to);
		return to;
	}
	/* What is not there is not renamed. */
	if (!from->open && !from->unknown && !shape_find(from, old))
		return to;
	remove_column(to, old);
	shape_put(p, to,
	    &(struct made){.name = name,
	        .sql = expr_quote_name(p->arena, old),
	        .from = from,
	        .at = call});
	return to;
}

static const struct shape *
without(struct program *p, const struct shape *from, const struct py_node *call)
{
	struct shape gone = {0};
	struct shape *to = shape_copy(p, from);
	size_t i;

	for (i = 1; i < call->n; i++) {
		const struct py_node *item = call->child[i];

		shape_add_item(p, &gone, &(struct shape){0}, item);
		/* Of one of two tables that have a column of the name. */
		if (from->side[0] &&
		    (item->kind == PY_SUBSCRIPT || item->kind == PY_ATTRIBUTE))
			hide_all(to);
	}
	for (i = 0; i < gone.n; i++)
		remove_column(to, gone.v[i].name);
	to->unknown = to->unknown || gone.unknown;
	return to;
}

/* The same columns, in their order, by other names. */
static const struct shape *
renamed_all(struct program *p, const struct shape *from,
    const struct shape *names)
{
	struct shape *to = new_shape(p);
	size_t i;

	if (names->unknown || names->open || from->open || from->unknown ||
	    from->n != names->n)
		return shape_unknown(p);
	for (i = 0; i < names->n; i++) {
		struct made m = from->v[i];

		m.name = names->v[i].name;
		if (!m.value && !m.sql)
			m.sql = expr_quote_name(p->arena, from->v[i].name);
		shape_put(p, to, &m);
	}
	return to;
}

/* toDF("a", "b") */
static const struct shape *
named_anew(struct program *p, const struct shape *from,
    const struct py_node *call)
{
	struct shape names = {0};
	struct shape *to;
	size_t i;

	if (call->n == 1) {
		/* Of a DeltaTable. */
		to = new_shape(p);
		to->open = true;
		to->target = true;
		to->own = true;
		return to;
	}
	for (i = 1; i < call->n; i++)
		shape_add_item(p, &names, &(struct shape){0}, call->child[i]);
	return renamed_all(p, from, &names);
}

const struct shape *
shape_united(struct program *p, const struct shape *first,
    const struct shape *second)
{
	struct shape *to;

	if (first->open && second->open && first->n == 0 && second->n == 0)
		return second;
	to = shape_copy(p, renamed_all(p, second, first));
	to->few = second->few;
	to->none = second->none;
	to->doubt = second->doubt;
	to->own = second->own;
	return to;
}

const struct shape *
shape_aggregated(struct program *p, const struct shape *from,
    const struct py_node *group, const struct py_node *call)
{
	struct shape *to = new_shape(p);
	size_t i;

	for (i = 1; i < group->n; i++)
		shape_add_item(p, to, from, group->child[i]);
	for (i = 1; i < call->n; i++)
		shape_add_item(p, to, from, call->child[i]);
	return to;
}

/* join(other, "key"), join(other, ["a", "b"]): there is one column for both. */
static void
remove_keys(struct program *p, struct shape *right, const struct py_node *on)
{
	const struct py_node *list = on ? shape_literal(p, on) : NULL;
	const char *name;
	size_t i;

	for (i = 0; list && list->kind == PY_LIST && i < list->n; i++) {
		name = flow_constant(p, list->child[i]);
		if (name)
			remove_column(right, name);
	}
	name = list && list->kind != PY_LIST ? flow_constant(p, on) : NULL;
	if (name)
		remove_column(right, name);
}

static const struct shape *
joined(struct program *p, const struct shape *left, const struct py_node *call,
    const struct shape *other)
{
	const struct py_node *how = pytree_argument(call, 2, "how");
	const char *kind = how ? flow_constant(p, how) : "inner";
	struct shape *right;
	struct shape *to;

	if (kind && (strstr(kind, "anti") || strstr(kind, "semi")))
		return left;
	to = shape_copy(p, left);
	to->alias = NULL;
	to->side[0] = left;
	to->side[1] = other;
	if (!other)
		return to;
	right = shape_copy(p, other);
	remove_keys(p, right, pytree_argument(call, 1, "on"));
	shape_put_all(p, to, right);
	return to;
}

/* The same columns under a name, for "name.*". */
static const struct shape *
named(struct program *p, const struct shape *from, const struct py_node *call)
{
	const struct py_node *alias = pytree_argument(call, 0, "alias");
	struct shape *to = new_shape(p);

	*to = *from;
	to->alias = alias ? flow_constant(p, alias) : NULL;
	to->side[0] = to->side[1] = NULL;
	return to;
}

static const struct shape *
changed(struct program *p, const struct shape *from, const struct py_node *call,
    const struct shape *other)
{
	const char *method = call->child[0]->text;
	struct shape *to;

	if (str_eq(method, "select") || str_eq(method, "selectExpr"))
		return select_items(p, from, call);
	if (str_eq(method, "withColumn")) {
		to = shape_copy(p, from);
		put_column(p, to, from, pytree_argument(call, 0, "colName"),
		    pytree_argument(call, 1, "col"));
		return to;
	}
	if (str_starts(method, "withColumns"))
		return with_dictionary(p, from, call,
		    str_eq(method, "withColumnsRenamed"));
	if (str_eq(method, "withColumnRenamed"))
		return with_renamed(p, from, call);
	if (str_eq(method, "drop"))
		return without(p, from, call);
	if (str_eq(method, "toDF"))
		return named_anew(p, from, call);
	if (str_eq(method, "alias"))
		return named(p, from, call);
	if (str_eq(method, "join") || str_eq(method, "crossJoin"))
		return joined(p, from, call, other);
	return shape_unknown(p);
}

const struct shape *
shape_changed(struct program *p, const struct shape *from,
    const struct py_node *call, const struct shape *other)
{
	const struct shape *made = changed(p, from, call, other);
	bool opens = str_eq(call->child[0]->text, "toDF") && call->n == 1;
	bool own = opens ||
	    (from->own && (!other || other->own || made == from));
	bool doubt = from->doubt || (other && other->doubt);
	struct shape *to;

	if (!from->few && doubt == made->doubt && own == made->own)
		return made;
	to = new_shape(p);
	*to = *made;
	to->few = from->few;
	to->none = from->none;
	to->doubt = doubt;
	to->own = own;
	return to;
}

const struct shape *
shape_selected(struct program *p, const struct shape *from,
    const struct py_node *subscript)
{
	struct shape *to = new_shape(p);

	*to = *select_items(p, from, subscript);
	to->few = from->few;
	to->none = from->none;
	to->doubt = from->doubt;
	to->own = from->own;
	return to;
}

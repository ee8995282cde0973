#include "base/base.h"

#include "gate/testing.h"

/*
 * What reaches SQL, tables, paths and settings of the code under test, found
 * backwards: from the arguments of the calls that take such, through names,
 * parameters, what functions return, and attributes.
 */

/* place -1: all arguments. Others take columns, too. */
static const struct {
	const char *method;
	int place;
	const char *name;
} sinks[] = {{"sql", -1, NULL}, {"expr", -1, NULL}, {"selectExpr", -1, NULL},
    {"filter", 0, "condition"}, {"where", 0, "condition"},
    {"merge", 1, "condition"}, {"agg", -1, NULL}, {"update", -1, NULL},
    {"delete", 0, "condition"}, {"whenMatchedUpdate", -1, NULL},
    {"whenMatchedUpdateAll", 0, "condition"},
    {"whenMatchedDelete", 0, "condition"}, {"whenNotMatchedInsert", -1, NULL},
    {"whenNotMatchedInsertAll", 0, "condition"},
    {"whenNotMatchedBySourceDelete", 0, "condition"},
    {"whenNotMatchedBySourceUpdate", -1, NULL}, {"table", -1, NULL},
    {"load", -1, NULL}, {"forName", -1, NULL}, {"forPath", -1, NULL},
    {"saveAsTable", -1, NULL}, {"insertInto", -1, NULL}, {"writeTo", -1, NULL},
    {"save", -1, NULL}, {"tableName", -1, NULL}, {"location", -1, NULL},
    {"tableExists", -1, NULL}, {"refreshTable", -1, NULL},
    {"isDeltaTable", -1, NULL}, {"parquet", -1, NULL}, {"csv", -1, NULL},
    {"json", -1, NULL}, {"orc", -1, NULL}, {"avro", -1, NULL},
    {"text", -1, NULL}, {"dropdown", -1, NULL}, {"combobox", -1, NULL},
    {"multiselect", -1, NULL}, {"option", -1, NULL}, {"options", -1, NULL},
    {"config", -1, NULL}, {"set", -1, NULL}, {"format", -1, NULL},
    {"using", -1, NULL}, {"tableProperty", -1, NULL}, {"property", -1, NULL},
    {"basicConfig", -1, NULL}, {"createTempView", -1, NULL},
    {"createOrReplaceTempView", -1, NULL}};

struct opening {
	struct testing *t;
	struct program *p;
	struct nodes *uses; /* of bindings: the names that may mean them */
	bool *seen;         /* of bindings */
	bool *read;         /* of nodes, by their order */
	LIST_OF(size_t) todo;
	const struct py_node *name; /* at hand */
	struct map attributes;      /* that are open */
	bool is_handed;             /* functions that nobody can name */
};

static void open_in(struct opening *o, const struct py_node *n);
static void open_arguments(struct opening *o, const struct py_node *call);

static void
note_binding(const struct binding *b, void *data)
{
	struct opening *o = data;

	*LIST_ADD(o->p->arena, &o->uses[b - o->p->bindings.v]) = o->name;
}

static void
open_binding(const struct binding *b, void *data)
{
	struct opening *o = data;
	size_t i = (size_t)(b - o->p->bindings.v);

	if (o->seen[i])
		return;
	o->seen[i] = true;
	o->t->open[b->node->order] = true;
	*LIST_ADD(o->p->arena, &o->todo) = i;
}

static void
open_arguments(struct opening *o, const struct py_node *call)
{
	size_t i;

	for (i = 1; i < call->n; i++)
		open_in(o, call->child[i]);
}

static bool
has_attribute(const struct py_node *n, const char *name)
{
	size_t i;

	for (i = 0; i < n->n; i++) {
		if (has_attribute(n->child[i], name))
			return true;
	}
	return n->kind == PY_ATTRIBUTE && str_eq(n->text, name);
}

/* Of rows, the names of the columns: with them goes no text of its own. */
static bool
is_of_rows(const struct opening *o, const struct py_node *n)
{
	return n->kind == PY_ATTRIBUTE &&
	    (str_eq(n->text, "columns") || str_eq(n->text, "dtypes") ||
	        str_eq(n->text, "schema")) &&
	    !map_get(&o->p->members, slice_of(n->text), 0);
}

/* x.name: whatever is assigned to any .name, and what classes have. */
static void
open_attribute(struct opening *o, const char *name)
{
	size_t i = map_get(&o->p->first, slice_of(name), SIZE_MAX);

	if (!map_add(o->p->arena, &o->attributes, slice_of(name), 1) ||
	    !map_get(&o->p->members, slice_of(name), 0))
		return;
	for (; i != SIZE_MAX; i = o->p->bindings.v[i].next) {
		if (o->p->bindings.v[i].scope->kind == PY_CLASS)
			open_binding(&o->p->bindings.v[i], o);
	}
	for (i = 0; i < o->p->all.n; i++) {
		const struct py_node *n = o->p->all.v[i];

		const struct py_node *to = n->n > 0 ? n->child[0] : NULL;

		if (!to)
			continue;
		if ((n->kind == PY_ASSIGN || n->kind == PY_ADD) && n->n > 1 &&
		    has_attribute(to, name))
			open_in(o, n->child[1]);
		/* self.parts.append(x) */
		if (n->kind == PY_CALL && to->kind == PY_ATTRIBUTE &&
		    to->child[0]->kind == PY_ATTRIBUTE &&
		    str_eq(to->child[0]->text, name))
			open_arguments(o, n);
	}
}

/* All that an expression is made of. */
static void
open_in(struct opening *o, const struct py_node *n)
{
	size_t i;

	if (o->read[n->order] || is_of_rows(o, n))
		return;
	o->read[n->order] = true;
	if (n->kind == PY_NAME)
		program_resolve(o->p, n, open_binding, o);
	else if (n->kind == PY_ATTRIBUTE)
		open_attribute(o, n->text);
	for (i = 0; i < n->n; i++)
		open_in(o, n->child[i]);
}

/* The call calls a value, and nobody knows which. */
static bool
calls_value(const struct opening *o, const struct py_node *call)
{
	const struct py_node *f = call->child[0];
	const struct binding *b;

	if (f->kind != PY_NAME)
		return f->kind != PY_ATTRIBUTE;
	b = program_only(o->p, f);
	if (!b)
		return program_resolve(o->p, f, NULL, NULL);
	return b->kind != BIND_DEF && b->kind != BIND_CLASS &&
	    b->kind != BIND_IMPORT;
}

/* What a function is called with that is handed on. */
static void
open_handed(struct opening *o, const struct py_node *n)
{
	const struct py_node *up = n->parent;
	size_t i;

	if (up->kind == PY_KEYWORD)
		up = up->parent;
	if (up->kind == PY_CALL)
		open_arguments(o, up);
	for (i = 0; !o->is_handed && i < o->p->calls.n; i++) {
		if (calls_value(o, o->p->calls.v[i]))
			open_arguments(o, o->p->calls.v[i]);
	}
	o->is_handed = true;
}

static void
open_uses(struct opening *o, const struct py_node *function)
{
	size_t i;
	size_t k;

	for (i = map_get(&o->p->first, slice_of(function->text), SIZE_MAX);
	     i != SIZE_MAX; i = o->p->bindings.v[i].next) {
		if (o->p->bindings.v[i].node != function)
			continue;
		for (k = 0; k < o->uses[i].n; k++) {
			const struct py_node *n = o->uses[i].v[k];

			if (n->parent->kind != PY_CALL ||
			    n->parent->child[0] != n)
				open_handed(o, n);
		}
	}
}

static void
open_call(struct opening *o, const struct py_node *call,
    const struct py_node *param)
{
	int place = program_place(param);
	const struct py_node *list = param->parent;
	const struct py_node *arg;
	bool odd = call->n > list->n + 1 || pytree_has(call, PY_STAR);

	arg = odd ? NULL : pytree_argument(call, place, param->text);
	if (arg)
		open_in(o, arg);
	else if (odd || param->n == 0)
		open_arguments(o, call);
}

/* What a parameter is given, wherever its function is called. */
static void
open_param(struct opening *o, const struct py_node *param)
{
	const struct py_node *def = param->parent->parent;
	const char *name = def->text;
	size_t i;

	for (i = 0; i < param->n; i++)
		open_in(o, param->child[i]);
	if (def->kind != PY_DEF) {
		open_handed(o, def);
		return;
	}
	if (str_eq(name, "__init__"))
		name = def->parent->text;
	else
		open_uses(o, def);
	for (i = 0; i < o->p->calls.n; i++) {
		if (str_eq(pytree_called(o->p->calls.v[i]), name))
			open_call(o, o->p->calls.v[i], param);
	}
}

static void
open_returned(struct opening *o, const struct py_node *def)
{
	const struct py_node *n = NULL;

	while ((n = program_return(o->p, def, n)))
		open_in(o, n);
}

/* A part of what is taken apart: all of that. */
static void
open_whole(struct opening *o, const struct py_node *n)
{
	while (n && n->kind != PY_ASSIGN && n->kind != PY_ADD &&
	    n->kind != PY_FOR && n->kind != PY_AS)
		n = n->parent;
	if (n && n->n > 1)
		open_in(o, n->child[n->kind == PY_AS ? 0 : 1]);
}

/* The fields of a class are what its objects are made with. */
static void
open_field(struct opening *o, const struct py_node *class)
{
	size_t i;

	for (i = 0; i < o->p->calls.n; i++) {
		if (str_eq(pytree_called(o->p->calls.v[i]), class->text))
			open_arguments(o, o->p->calls.v[i]);
	}
}

/* parts.append(x), parts[0] = x */
static void
open_changed(struct opening *o, const struct py_node *use)
{
	const struct py_node *n = use;
	const struct py_node *up = n->parent;

	while (up && up->kind == PY_SUBSCRIPT && up->child[0] == n) {
		n = up;
		up = n->parent;
	}
	if (!up)
		return;
	if (up->kind == PY_ATTRIBUTE && up->parent->kind == PY_CALL &&
	    up->parent->child[0] == up)
		open_arguments(o, up->parent);
	else if ((up->kind == PY_ASSIGN || up->kind == PY_ADD) && n != use &&
	    up->child[0] == n && up->n > 1)
		open_in(o, up->child[1]);
}

static void
follow(struct opening *o, size_t at)
{
	const struct binding b = o->p->bindings.v[at];
	size_t i;

	switch ((int)b.kind) {
	case BIND_PARAM:
		open_param(o, b.node);
		break;
	case BIND_DEF:
		open_returned(o, b.node);
		break;
	case BIND_CLASS:
	case BIND_IMPORT:
		return;
	default:
		open_whole(o, b.node);
		break;
	}
	if (b.scope->kind == PY_CLASS)
		open_field(o, b.scope);
	for (i = 0; i < o->uses[at].n; i++)
		open_changed(o, o->uses[at].v[i]);
}

/* A Column, which is no text; what it is made of is looked at by itself. */
static bool
is_column(const struct program *p, const struct py_node *n)
{
	const struct binding *b;
	size_t i;

	switch ((int)n->kind) {
	case PY_CALL:
		return flow_gives_column(p, n);
	case PY_STAR:
	case PY_EACH:
		return is_column(p, n->child[0]);
	case PY_NAME:
		b = program_only(p, n);
		return b && b->kind == BIND_VALUE &&
		    b->value->kind == PY_CALL && is_column(p, b->value);
	case PY_OTHER:
		if (str_eq(n->text, "comparison_operator"))
			return true;
		for (i = 0; i < n->n; i++) {
			if (is_column(p, n->child[i]))
				return true;
		}
		return false;
	default:
		return false;
	}
}

static const char *
called(const struct program *p, const struct py_node *call)
{
	const struct binding *b = program_only(p, call->child[0]);

	if (call->child[0]->kind == PY_ATTRIBUTE)
		return call->child[0]->text;
	return b && b->kind == BIND_IMPORT && b->node->kind == PY_FROM
	    ? b->node->text
	    : "";
}

static void
open_sink(struct opening *o, const struct py_node *call)
{
	const char *method = called(o->p, call);
	const struct py_node *of = call->child[0];
	size_t i;
	size_t k;

	/* "…".format(x) */
	if (of->n > 0 && of->child[0]->kind == PY_STRING)
		return;
	for (i = 0; i < COUNT_OF(sinks); i++) {
		if (!str_eq(sinks[i].method, method))
			continue;
		for (k = 1; k < call->n; k++) {
			const struct py_node *n = call->child[k];
			bool taken = sinks[i].place < 0 || n->kind == PY_STAR ||
			    pytree_argument(call, sinks[i].place,
			        sinks[i].name) ==
			        (n->kind == PY_KEYWORD ? n->child[0] : n);

			if (taken && !is_column(o->p, n))
				open_in(o, n);
		}
	}
}

/* It takes what it runs: the parameters of a function, those of all methods of
 * a class, and its fields. */
static bool
takes_open(const struct testing *t, const struct py_node *n)
{
	bool is_field = n->kind == PY_ASSIGN && n->parent->kind == PY_CLASS &&
	    t->open[n->child[0]->order];
	size_t i;

	for (i = 0; i < n->n; i++) {
		if (takes_open(t, n->child[i]))
			return true;
	}
	return is_field || (n->kind == PY_PARAM && t->open[n->order]);
}

static bool
is_open(const struct testing *t, const struct defined *d)
{
	const struct program *p = &t->code;
	size_t i;

	if (d->made->kind == PY_DEF)
		return takes_open(t, d->made->child[0]);
	if (d->made->kind == PY_CLASS)
		return takes_open(t, d->made);
	for (i = map_get(&p->first, slice_of(d->name), SIZE_MAX); i != SIZE_MAX;
	     i = p->bindings.v[i].next) {
		if (p->bindings.v[i].scope == p->root &&
		    t->open[p->bindings.v[i].node->order])
			return true;
	}
	return false;
}

/* A class, or a function within, that takes what it runs. */
static bool
holds_open(const struct testing *t, const struct defined *d)
{
	size_t i;

	for (i = 1; d->made->kind == PY_DEF && i < d->made->n; i++) {
		if (takes_open(t, d->made->child[i]))
			return true;
	}
	return d->made->kind == PY_CLASS && d->is_open;
}

static bool
returns_value(const struct py_node *n)
{
	size_t i;

	for (i = 0; i < n->n; i++) {
		if (returns_value(n->child[i]))
			return true;
	}
	return n->kind == PY_RETURN && n->n > 0;
}

static void
note_open(struct testing *t)
{
	size_t i;
	size_t k;

	for (i = 0; i < t->defined.n; i++) {
		struct defined *d = &t->defined.v[i];

		d->is_open = is_open(t, d);
		d->holds_open = holds_open(t, d);
	}
	for (i = 0; i < t->defined.n; i++) {
		struct defined *d = &t->defined.v[i];
		bool found = d->holds_open;

		for (k = 0; k < t->defined.n; k++)
			found = found ||
			    (d->uses[k] && t->defined.v[k].holds_open);
		d->gives_open = found && returns_value(d->made);
	}
}

void
testing_find_open(struct testing *t)
{
	struct program *p = &t->code;
	struct opening o = {.t = t,
	    .p = p,
	    .uses = arena_array(p->arena, struct nodes, p->bindings.n + 1),
	    .seen = arena_array(p->arena, bool, p->bindings.n + 1),
	    .read = arena_array(p->arena, bool, p->all.n + 1)};
	size_t i;

	for (i = 0; i < p->all.n; i++) {
		o.name = p->all.v[i];
		if (o.name->kind == PY_NAME)
			program_resolve(p, o.name, note_binding, &o);
	}
	for (i = 0; i < p->calls.n; i++)
		open_sink(&o, p->calls.v[i]);
	while (o.todo.n > 0)
		follow(&o, o.todo.v[--o.todo.n]);
	note_open(t);
}

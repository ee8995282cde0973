#include "base/base.h"

#include "gate/partial_parts.h"

#include "gate/flow.h"
#include "gate/uses.h"

bool
partial_is_in_loop(const struct py_node *n)
{
	for (n = n->parent; n && n->kind != PY_DEF && n->kind != PY_LAMBDA;
	     n = n->parent) {
		if (n->kind == PY_FOR || n->kind == PY_EACH ||
		    pytree_is_other(n, "while_statement"))
			return true;
	}
	return false;
}

/* A name that is given one value, once, and has no twin anywhere. */
static bool
is_constant_name(struct partial *r, const struct py_node *n, bool anywhere)
{
	const struct program *p = r->p;
	const struct binding *b = program_only(p, n);
	bool here = b && b->scope == p->root;

	if (!b || b->next != SIZE_MAX || b->scope->kind == PY_CLASS ||
	    map_get(&p->first, slice_of(n->text), SIZE_MAX) !=
	        (size_t)(b - p->bindings.v) ||
	    map_get(&p->globals, slice_of(n->text), 0) || (anywhere && !here))
		return false;
	switch ((int)b->kind) {
	case BIND_IMPORT:
	case BIND_DEF:
	case BIND_CLASS:
		return here;
	case BIND_PARAM:
		return true;
	default:
		return b->kind == BIND_VALUE && !partial_is_in_loop(b->node);
	}
}

bool
partial_is_type(const struct program *p, const struct py_node *call)
{
	const struct py_node *f = call->child[0];
	const struct binding *b = program_only(p,
	    f->kind == PY_ATTRIBUTE ? f->child[0] : f);
	const char *name = program_called(p, call);

	return b && b->kind == BIND_IMPORT &&
	    (str_ends(name, "Type") || str_eq(name, "StructField"));
}

const struct binding *
partial_bound_once(const struct program *p, const struct py_node *class,
    const char *name)
{
	size_t i = map_get(&p->first, slice_of(name), SIZE_MAX);
	const struct binding *found = NULL;

	for (; i != SIZE_MAX; i = p->bindings.v[i].next) {
		if (p->bindings.v[i].scope != class)
			continue;
		if (found)
			return NULL;
		found = &p->bindings.v[i];
	}
	return found;
}

/* field(default_factory=lambda: …), field(default=…), with what tells of no
 * values. */
static bool
is_field_call(const struct program *p, const struct py_node *value)
{
	static const char *const words[] = {"default", "default_factory",
	    "repr", "compare", "hash", "metadata"};
	const struct binding *b = value->kind == PY_CALL
	    ? program_only(p, value->child[0])
	    : NULL;
	size_t i;

	for (i = 1; b && i < value->n; i++) {
		if (value->child[i]->kind != PY_KEYWORD ||
		    !STR_IS_IN(value->child[i]->text, words))
			return false;
	}
	return b && b->kind == BIND_IMPORT &&
	    str_eq(b->node->module, "dataclasses") &&
	    str_eq(b->node->text, "field");
}

const struct py_node *
partial_default(struct program *p, const struct py_node *field)
{
	const struct py_node *value = field->n > 1 ? field->child[1] : NULL;
	const struct py_node *made;

	if (!value || !is_field_call(p, value))
		return value;
	made = pytree_argument(value, -1, "default_factory");
	if (made)
		return made->kind == PY_LAMBDA && made->child[0]->n == 0
		    ? made->child[made->n - 1]
		    : NULL;
	return pytree_argument(value, -1, "default");
}

/* A hint that makes a field of the name behind it, as plain as can be. */
static bool
is_plain_field(const struct program *p, const struct py_node *class, size_t at)
{
	const struct py_node *hint = class->child[at];
	const struct py_node *field = at + 1 < class->n ? class->child[at + 1]
	                                                : NULL;

	return field && field->kind == PY_ASSIGN && !field->is_odd &&
	    field->child[0]->kind == PY_NAME &&
	    !pytree_names(hint, "ClassVar") && !pytree_names(hint, "InitVar") &&
	    !pytree_names(hint, "KW_ONLY") &&
	    partial_bound_once(p, class, field->child[0]->text) &&
	    (field->n < 2 || field->child[1]->kind != PY_CALL ||
	        is_field_call(p, field->child[1]));
}

/* Fields, constants, methods, and nothing that could change what these are. */
static bool
is_plain_record(const struct program *p, const struct py_node *class)
{
	bool fields = false;
	size_t i;

	for (i = 0; i < class->n; i++) {
		const struct py_node *n = class->child[i];

		if (pytree_is_other(n, "type")) {
			if (!is_plain_field(p, class, i++))
				return false;
			fields = true;
		} else if (n->kind != PY_STRING && n->kind != PY_DEF &&
		    !pytree_is_other(n, "decorated_definition") &&
		    !pytree_is_other(n, "argument_list") &&
		    !(n->kind == PY_ASSIGN && n->child[0]->kind == PY_NAME &&
		        partial_bound_once(p, class, n->child[0]->text))) {
			return false;
		}
	}
	return fields;
}

const struct py_node *
partial_record(const struct program *p, const struct py_node *call)
{
	static const char *const odd[] = {"__init__", "__new__",
	    "__post_init__", "__getattribute__", "__getattr__", "__setattr__",
	    "__get__", "__set_name__", "__call__", "__bool__", "__len__",
	    "__eq__", "__iter__", "__getitem__", "__hash__", "__str__",
	    "__repr__", "__format__"};
	const struct py_node *class = program_callee(p, call);
	size_t i;

	if (!class || class->kind != PY_CLASS || !p->is_plain ||
	    pytree_has(call, PY_STAR) || !uses_is_record(p, class))
		return NULL;
	for (i = 0; i < COUNT_OF(odd); i++) {
		if (uses_has_method(class, odd[i]))
			return NULL;
	}
	return is_plain_record(p, class) ? class : NULL;
}

bool
partial_is_text(const struct py_node *n)
{
	return n->kind == PY_STRING && !n->is_odd && !n->alias[0];
}

const char *
partial_text(struct known k)
{
	return k.node && partial_is_text(k.node) ? k.node->text : NULL;
}

static bool
all_constant(struct partial *r, const struct py_node *n, size_t from,
    bool anywhere)
{
	size_t i;

	for (i = from; i < n->n; i++) {
		if (!partial_is_constant(r, n->child[i], anywhere))
			return false;
	}
	return true;
}

bool
partial_is_constant(struct partial *r, const struct py_node *n, bool anywhere)
{
	const struct program *p = r->p;

	if (!program_charge(r->p, 1))
		return false;
	switch ((int)n->kind) {
	case PY_STRING:
		return partial_is_text(n);
	case PY_NUMBER:
		return true;
	case PY_OTHER:
		return pytree_is_constant(n) ||
		    (str_eq(n->text, "unary_operator") &&
		        all_constant(r, n, 0, anywhere));
	case PY_NAME:
		return is_constant_name(r, n, anywhere);
	case PY_ATTRIBUTE:
		return !map_get(&p->stored, slice_of(n->text), 0) &&
		    !program_has(p, n) &&
		    partial_is_constant(r, n->child[0], anywhere);
	case PY_CALL:
		return (partial_record(p, n) || partial_is_type(p, n) ||
		           flow_gives_column(p, n)) &&
		    (n->child[0]->kind != PY_ATTRIBUTE ||
		        partial_is_constant(r, n->child[0]->child[0],
		            anywhere)) &&
		    (n->child[0]->kind != PY_NAME ||
		        partial_is_constant(r, n->child[0], anywhere)) &&
		    all_constant(r, n, 1, anywhere);
	case PY_FORMAT:
		return !n->is_odd && all_constant(r, n, 0, anywhere);
	case PY_LIST:
	case PY_DICT:
	case PY_PAIR:
	case PY_PLUS:
	case PY_KEYWORD:
		return all_constant(r, n, 0, anywhere);
	default:
		return false;
	}
}

/* The binding that the target makes. */
static const struct binding *
binding_of(const struct program *p, const struct py_node *target)
{
	size_t i = map_get(&p->first, slice_of(target->text), SIZE_MAX);

	while (i != SIZE_MAX && p->bindings.v[i].node != target)
		i = p->bindings.v[i].next;
	return i == SIZE_MAX ? NULL : &p->bindings.v[i];
}

bool
partial_holds_list(const struct py_node *n)
{
	size_t i;

	if ((n->kind == PY_LIST && !n->is_tuple) || n->kind == PY_DICT)
		return true;
	for (i = 0; i < n->n; i++) {
		if (partial_holds_list(n->child[i]))
			return true;
	}
	return false;
}

bool
partial_calls(const struct py_node *n)
{
	size_t i;

	if (n->kind == PY_CALL)
		return true;
	for (i = 0; i < n->n; i++) {
		if (partial_calls(n->child[i]))
			return true;
	}
	return false;
}

size_t
partial_count(const struct py_node *n, const char *name)
{
	size_t found = n->kind == PY_NAME && str_eq(n->text, name);
	size_t i;

	for (i = 0; i < n->n; i++)
		found += partial_count(n->child[i], name);
	return found;
}

bool
partial_may_stand_for(struct partial *r, const struct py_node *target,
    const struct py_node *value)
{
	const struct binding *b;

	if (!partial_holds_list(value))
		return true;
	b = binding_of(r->p, target);
	/* What Spark makes of it keeps it. */
	if (value->kind == PY_CALL)
		return !program_callee(r->p, value);
	return b && uses_are_known(r->p, b, false, uses_nest(r->p, value));
}

/* Something in the node gives the name a value. */
static bool
binds(const struct program *p, const struct py_node *n, const char *name)
{
	size_t i = map_get(&p->first, slice_of(name), SIZE_MAX);

	for (; i != SIZE_MAX; i = p->bindings.v[i].next) {
		if (pytree_is_within(p->bindings.v[i].node, n))
			return true;
	}
	return map_get(&p->globals, slice_of(name), 0);
}

bool
partial_is_bound(const struct partial *r, const struct py_node *n,
    const char *name, bool closures)
{
	const struct program *p = r->p;
	size_t end = pytree_last(n);
	size_t i;

	if (binds(p, n, name))
		return true;
	for (i = n->order; i <= end; i++) {
		const struct py_node *m = p->all.v[i];
		const struct py_node *up = m->parent;

		if (m->kind != PY_NAME || !str_eq(m->text, name))
			continue;
		if (uses_is_stored(m) ||
		    ((up->kind == PY_ATTRIBUTE || up->kind == PY_SUBSCRIPT) &&
		        up->child[0] == m && uses_is_stored(up)))
			return true;
		for (up = m; closures && up != n->parent; up = up->parent) {
			if (up->kind == PY_LAMBDA || up->kind == PY_DEF ||
			    (up->kind == PY_EACH &&
			        str_starts(up->text, "gen") &&
			        up->parent->kind != PY_CALL))
				return true;
		}
	}
	return false;
}

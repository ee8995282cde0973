#include "base/base.h"

#include "gate/uses.h"

#define MAX_DEPTH 10

/* The call makes an object of an own class that has a field of that name, which
 * it may give by its place. */
static bool
makes_field(const struct program *p, const struct py_node *call,
    const char *field)
{
	const struct py_node *class = program_callee(p, call);
	size_t i;

	/* What has one of its own gives the arguments to that. */
	if (class && uses_has_method(class, "__init__"))
		return false;
	for (i = 0; class && class->kind == PY_CLASS && i < class->n; i++) {
		const struct py_node *n = class->child[i];

		if (n->kind == PY_ASSIGN && str_eq(n->child[0]->text, field))
			return true;
	}
	return false;
}

/* A class of the program has a property of that name, or objects get fields
 * from a dictionary. */
static bool
field_is_odd(const struct program *p, const char *name)
{
	size_t i = map_get(&p->first, slice_of(name), SIZE_MAX);

	for (; i != SIZE_MAX; i = p->bindings.v[i].next) {
		const struct binding *b = &p->bindings.v[i];

		if (b->scope->kind == PY_CLASS && b->kind != BIND_VALUE &&
		    b->kind != BIND_OTHER)
			return true;
	}
	if (p->makes_otherwise)
		return true;
	for (i = 0; i < p->calls.n; i++) {
		if (pytree_has(p->calls.v[i], PY_STAR) &&
		    str_eq(program_called(p, p->calls.v[i]), "replace"))
			return true;
	}
	return false;
}

/* An argument by name goes to a method of the class, which sets its fields. */
static bool
is_of_init(const struct program *p, const struct py_node *keyword)
{
	const struct py_node *class = keyword->parent->kind == PY_CALL
	    ? program_callee(p, keyword->parent)
	    : NULL;

	return class && class->kind == PY_CLASS &&
	    uses_has_method(class, "__init__");
}

/* From which child on the node gives such a field its value; SIZE_MAX: it does
 * not. Arguments by name are nodes of their own. */
static size_t
gives_field(const struct program *p, const struct py_node *n, const char *name)
{
	if (n->kind == PY_KEYWORD && str_eq(n->text, name))
		return is_of_init(p, n) ? SIZE_MAX : 0;
	if (n->kind == PY_CALL && makes_field(p, n, name))
		return 1;
	return n->kind == PY_ASSIGN && n->n > 1 &&
	        str_eq(n->child[0]->text, name) &&
	        (n->child[0]->kind == PY_ATTRIBUTE ||
	            n->parent->kind == PY_CLASS)
	    ? 1
	    : SIZE_MAX;
}

bool
uses_field_values(struct program *p, const char *name,
    void (*each)(const struct py_node *, void *), void *data)
{
	bool known = true;
	bool found = false;
	size_t i;
	size_t k;

	if (!program_charge(p, p->all.n / 64 + 1) || field_is_odd(p, name))
		return false;
	for (i = 0; i < p->all.n; i++) {
		const struct py_node *n = p->all.v[i];

		/* In another way, which is not followed. */
		if (n->kind == PY_ATTRIBUTE && str_eq(n->text, name) &&
		    uses_is_stored(n) && n->parent->kind != PY_ASSIGN)
			known = false;
		for (k = gives_field(p, n, name); k < n->n; k++) {
			if (n->child[k]->kind == PY_KEYWORD)
				continue;
			found = true;
			each(n->child[k], data);
		}
	}
	return known && found;
}

bool
uses_is_call_of(const struct program *p, const struct py_node *call,
    const struct py_node *def)
{
	const struct py_node *class = uses_class_of(def);

	/* x.f(…), where nothing has such an attribute of its own. */
	if (!class && call->child[0]->kind == PY_ATTRIBUTE &&
	    !program_has(p, call->child[0]))
		return false;
	return str_eq(pytree_called(call),
	    class && str_eq(def->text, "__init__") ? class->text : def->text);
}

/* A class called by its name; a method on an object. */
static bool
is_clear_call(const struct program *p, const struct py_node *call,
    const struct py_node *def)
{
	const struct py_node *f = call->child[0];
	const struct binding *b;

	if (pytree_has(call, PY_STAR))
		return false;
	if (!uses_class_of(def))
		return f->kind == PY_NAME;
	if (str_eq(def->text, "__init__"))
		return f->kind == PY_NAME;
	if (f->kind != PY_ATTRIBUTE)
		return false;
	b = program_only(p, f->child[0]);
	return !b || b->kind != BIND_CLASS || !uses_is_method(def) ||
	    uses_is_of_class(def);
}

static bool
calls_are_known(struct program *p, const struct py_node *def)
{
	bool fills = str_eq(def->text, "__init__");
	const struct py_node *class = uses_class_of(def);
	bool found = false;
	size_t i;

	/* A class that is made of an exception calls what that has. */
	if (fills && class && uses_is_exception(p, class))
		return false;
	if (!program_charge(p, p->all.n / 64 + 1) || def->kind != PY_DEF ||
	    uses_is_decorated(def) || (str_starts(def->text, "__") && !fills) ||
	    (uses_class_of(def) && !p->is_plain) ||
	    (!fills && !program_is_only_called(p, def)))
		return false;
	if (fills && p->makes_otherwise)
		return false;
	for (i = 0; i < p->calls.n; i++) {
		const struct py_node *call = p->calls.v[i];

		if (!uses_is_call_of(p, call, def))
			continue;
		found = true;
		if (!is_clear_call(p, call, def))
			return false;
	}
	return found;
}

/* What is asked again and again is told once. */
enum told {
	TOLD_CALLS = 1, /* whether calls are known */
	TOLD_CALLS_ARE = 2,
	TOLD_OWN = 4, /* whether it is an own object */
	TOLD_OWN_IS = 8
};

bool
uses_calls_are_known(struct program *p, const struct py_node *def)
{
	unsigned char *told = &p->told[def->order];

	if (!(*told & TOLD_CALLS)) {
		*told |= TOLD_CALLS;
		if (calls_are_known(p, def))
			*told |= TOLD_CALLS_ARE;
	}
	return *told & TOLD_CALLS_ARE;
}

static bool is_own(struct program *p, const struct py_node *n, unsigned depth);

/* The parameter is given such an object by each call. */
static bool
is_given_own(struct program *p, const struct py_node *param, unsigned depth)
{
	const struct py_node *def = param->parent->parent;
	int place = program_place(param);
	size_t i;

	if (place < 0 || !uses_calls_are_known(p, def))
		return false;
	for (i = 0; i < p->calls.n; i++) {
		const struct py_node *arg = uses_is_call_of(p, p->calls.v[i],
		                                def)
		    ? pytree_argument(p->calls.v[i], place, param->text)
		    : param;

		if (arg != param && (!arg || !is_own(p, arg, depth)))
			return false;
	}
	return true;
}

struct owning {
	struct program *program;
	unsigned depth;
	bool all;
};

static void
note_own(const struct py_node *value, void *data)
{
	struct owning *o = data;

	o->all = o->all && is_own(o->program, value, o->depth);
}

/* Whatever gives such a field its value gives it such an object. */
static bool
is_own_field(struct program *p, const struct py_node *n, unsigned depth)
{
	struct owning o = {p, depth, true};

	return program_has(p, n) && is_own(p, n->child[0], depth) &&
	    uses_field_values(p, n->text, note_own, &o) && o.all;
}

static bool
is_own(struct program *p, const struct py_node *n, unsigned depth)
{
	const struct binding *b = program_only(p, n);
	const struct py_node *class;

	if (depth >= MAX_DEPTH || !p->is_plain)
		return false;
	if (n->kind == PY_ATTRIBUTE)
		return is_own_field(p, n, depth + 1);
	if (b && b->kind == BIND_PARAM)
		return uses_is_self(p, b) ||
		    is_given_own(p, b->node, depth + 1);
	if (b && b->kind == BIND_CLASS)
		return true;
	if (b && b->kind == BIND_VALUE && b->value->kind == PY_NAME)
		return is_own(p, b->value, depth + 1);
	if (b && b->kind == BIND_VALUE)
		n = b->value;
	class = n->kind == PY_CALL ? program_callee(p, n) : NULL;
	return class && class->kind == PY_CLASS && !uses_is_exception(p, class);
}

bool
uses_is_own_object(struct program *p, const struct py_node *n)
{
	unsigned char *told = &p->told[n->order];

	/* One that stands in no text. */
	if (p->all.v[n->order] != n)
		return is_own(p, n, 0);
	if (!(*told & TOLD_OWN)) {
		bool is = is_own(p, n, 0);

		*told |= (unsigned char)(TOLD_OWN | (is ? TOLD_OWN_IS : 0));
	}
	return *told & TOLD_OWN_IS;
}

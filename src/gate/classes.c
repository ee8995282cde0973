#include "base/base.h"

#include "gate/uses.h"

#define MAX_DEPTH 10

static bool
has_decorator(const struct py_node *def, const char *const *known, size_t n,
    bool other)
{
	const struct py_node *up = def->parent;
	size_t i;

	if (!up || up->kind != PY_OTHER ||
	    !str_eq(up->text, "decorated_definition"))
		return false;
	for (i = 0; i < up->n; i++) {
		const struct py_node *d = up->child[i];
		const struct py_node *what = d->n > 0 ? d->child[0] : d;

		if (d->kind != PY_OTHER || !str_eq(d->text, "decorator"))
			continue;
		if (what->kind == PY_CALL)
			what = what->child[0];
		if ((what->kind == PY_NAME &&
		        str_is_one_of(what->text, known, n)) != other)
			return true;
	}
	return false;
}

const struct py_node *
uses_class_of(const struct py_node *def)
{
	const struct py_node *up = def->parent;

	if (pytree_is_other(up, "decorated_definition"))
		up = up->parent;
	return up && up->kind == PY_CLASS ? up : NULL;
}

bool
uses_is_method(const struct py_node *def)
{
	static const char *const plain[] = {"staticmethod"};

	return def->kind == PY_DEF && uses_class_of(def) &&
	    !has_decorator(def, plain, COUNT_OF(plain), false);
}

bool
uses_is_of_class(const struct py_node *def)
{
	static const char *const plain[] = {"classmethod"};

	return has_decorator(def, plain, COUNT_OF(plain), false);
}

bool
uses_is_decorated(const struct py_node *def)
{
	static const char *const known[] = {
	    "staticmethod", "classmethod", "property"};

	return has_decorator(def, known, COUNT_OF(known), true);
}

bool
uses_is_self(const struct program *p, const struct binding *b)
{
	const struct py_node *list = b->node->parent;

	return p->is_plain && b->kind == BIND_PARAM && !b->node->is_odd &&
	    str_eq(b->name, "self") && list->child[0] == b->node &&
	    uses_is_method(list->parent) && !uses_is_decorated(list->parent);
}

bool
uses_has_method(const struct py_node *class, const char *name)
{
	size_t i;

	for (i = 0; i < class->n; i++) {
		const struct py_node *n = class->child[i];

		if (pytree_is_other(n, "decorated_definition") && n->n > 0)
			n = n->child[n->n - 1];
		if (class->kind == PY_CLASS && n->kind == PY_DEF &&
		    str_eq(n->text, name) && uses_is_method(n) &&
		    !uses_is_of_class(n))
			return true;
	}
	return false;
}

/* A(…), A.field, or a hint. */
static bool
is_plain_use(const struct py_node *class, const struct py_node *name)
{
	const struct py_node *up = name->parent;

	if (up->kind == PY_CALL)
		return up->child[0] == name;
	if (up->kind == PY_ATTRIBUTE)
		return !uses_has_method(class, up->text);
	while (up &&
	    (up->kind == PY_SUBSCRIPT || up->kind == PY_LIST ||
	        pytree_is_other(up, "generic_type")))
		up = up->parent;
	return pytree_is_other(up, "type");
}

/* The brackets behind its name; NULL where there are none. */
static const struct py_node *
bases_of(const struct py_node *class)
{
	const struct py_node *list = class->n > 0 ? class->child[0] : NULL;

	return pytree_is_other(list, "argument_list") ? list : NULL;
}

/* An exception carries no values that are followed. */
static bool
is_exception(const struct program *p, const struct py_node *class,
    unsigned depth)
{
	const struct py_node *list = bases_of(class);
	const struct py_node *base = list && list->n == 1 ? list->child[0]
	                                                  : NULL;
	const struct binding *b;

	if (!base || base->kind != PY_NAME || depth >= MAX_DEPTH)
		return false;
	b = program_only(p, base);
	if (b)
		return b->kind == BIND_CLASS &&
		    is_exception(p, b->node, depth + 1);
	return !program_has(p, base) &&
	    (str_ends(base->text, "Error") || str_eq(base->text, "Exception"));
}

bool
uses_is_exception(const struct program *p, const struct py_node *class)
{
	return is_exception(p, class, 0);
}

/* except A, except (A, B) as e, class B(A) */
static bool
is_exception_use(const struct py_node *name)
{
	const struct py_node *up = name->parent;

	while (up && (up->kind == PY_LIST || up->kind == PY_AS))
		up = up->parent;
	return pytree_is_other(up, "except_clause") ||
	    (pytree_is_other(up, "argument_list") &&
	        up->parent->kind == PY_CLASS);
}

static bool
is_in_exception(const struct program *p, const struct py_node *n)
{
	while (n && n->kind != PY_CLASS)
		n = n->parent;
	return n && uses_is_exception(p, n);
}

/* What Python has by that name, or its library: nothing of the program's. */
static bool
is_given_base(const struct program *p, const struct py_node *base)
{
	const struct binding *b;

	if (base->kind != PY_NAME)
		return false;
	if (!program_has(p, base))
		return true;
	b = program_only(p, base);
	return b && b->kind == BIND_IMPORT && str_eq(b->node->text, base->text);
}

/* Made by its own statement alone: no other function or class has a say. */
static bool
is_plain_class(const struct program *p, const struct py_node *class)
{
	static const char *const decorators[] = {"dataclass"};
	static const char *const bases[] = {"object", "ABC", "NamedTuple",
	    "Enum", "StrEnum", "TypedDict", "Protocol", "str", "int"};
	const struct py_node *list = bases_of(class);
	bool texts = false;
	bool enums = false;
	size_t i;

	if (has_decorator(class, decorators, COUNT_OF(decorators), true))
		return false;
	if (uses_is_exception(p, class))
		return true;
	for (i = 0; list && i < list->n; i++) {
		if (!STR_IS_IN(list->child[i]->text, bases) ||
		    !is_given_base(p, list->child[i]))
			return false;
		/* A text has methods that nobody here defines. */
		texts = texts || str_eq(list->child[i]->text, "str") ||
		    str_eq(list->child[i]->text, "int");
		enums = enums || str_ends(list->child[i]->text, "Enum");
	}
	return enums || !texts;
}

bool
uses_is_record(const struct program *p, const struct py_node *class)
{
	static const char *const decorators[] = {"dataclass"};
	const struct py_node *list = bases_of(class);

	if (has_decorator(class, decorators, COUNT_OF(decorators), false))
		return !list || list->n == 0;
	return list && list->n == 1 && is_given_base(p, list->child[0]) &&
	    str_eq(list->child[0]->text, "NamedTuple");
}

bool
uses_is_enum(const struct py_node *class)
{
	static const char *const kinds[] = {"Enum", "StrEnum"};
	const struct py_node *list = bases_of(class);
	const struct py_node *last = list && list->n > 0
	    ? list->child[list->n - 1]
	    : NULL;
	size_t i;

	if (!last || last->kind != PY_NAME || !STR_IS_IN(last->text, kinds) ||
	    (list->n == 2 && !str_eq(list->child[0]->text, "str")) ||
	    list->n > 2)
		return false;
	for (i = 0; i < class->n; i++) {
		if (class->child[i]->kind == PY_DEF ||
		    pytree_is_other(class->child[i], "decorated_definition"))
			return false;
	}
	return true;
}

bool
uses_is_fixed(const struct program *p, const struct py_node *call)
{
	const struct py_node *class = program_callee(p, call);
	size_t i;

	if (!class || class->kind != PY_CLASS || !uses_is_record(p, class))
		return false;
	for (i = 0; i < class->n; i++) {
		const struct py_node *n = class->child[i];

		if (n->kind == PY_ASSIGN &&
		    map_get(&p->stored, slice_of(n->child[0]->text), 0))
			return false;
	}
	for (i = 1; i < call->n; i++) {
		const struct py_node *arg = call->child[i];

		if (arg->kind == PY_KEYWORD && arg->n > 0)
			arg = arg->child[0];
		if (uses_may_change(p, arg))
			return false;
	}
	return true;
}

const struct py_node *
uses_class(const struct program *p, const struct py_node *n)
{
	const struct binding *b = program_only(p, n);
	const struct py_node *class;
	const struct py_node *list;

	if (!b || !p->is_plain)
		return NULL;
	if (b->kind == BIND_CLASS)
		return b->node;
	if (b->kind != BIND_PARAM || b->node->is_odd)
		return NULL;
	list = b->node->parent;
	if (list->child[0] != b->node || !uses_is_method(list->parent) ||
	    uses_is_decorated(list->parent))
		return NULL;
	/* That of an exception may be one of a class that is made of it. */
	class = uses_class_of(list->parent);
	return class && !uses_is_exception(p, class) ? class : NULL;
}

/* In a class, a method is a value like any other. */
static bool
is_method_name(const struct program *p, const struct py_node *n)
{
	const struct binding *b;

	if (!n->parent ||
	    (n->parent->kind == PY_CALL && n->parent->child[0] == n))
		return false;
	b = program_only(p, n);
	return b && b->kind == BIND_DEF && uses_class_of(b->node);
}

bool
uses_classes_are_plain(const struct program *p)
{
	size_t i;

	for (i = 0; i < p->all.n; i++) {
		const struct py_node *n = p->all.v[i];
		const struct binding *b;

		if (program_is_given(p, n))
			continue;
		if (n->kind == PY_CLASS && !is_plain_class(p, n))
			return false;
		if (n->kind != PY_NAME)
			continue;
		if (str_eq(n->text, "type") ||
		    (str_eq(n->text, "super") && !is_in_exception(p, n)) ||
		    is_method_name(p, n))
			return false;
		b = program_only(p, n);
		if (b && b->kind == BIND_CLASS && !is_plain_use(b->node, n) &&
		    !(uses_is_exception(p, b->node) && is_exception_use(n)))
			return false;
	}
	return true;
}

bool
uses_make_otherwise(const struct program *p)
{
	size_t i;

	for (i = 0; i < p->all.n; i++) {
		const struct py_node *n = p->all.v[i];

		if ((n->kind == PY_NAME && str_eq(n->text, "classmethod")) ||
		    (n->kind == PY_ATTRIBUTE && str_eq(n->text, "__init__") &&
		        !is_in_exception(p, n)))
			return true;
	}
	return false;
}

bool
uses_holds_texts(const struct py_node *class)
{
	static const char *const bases[] = {"object", "ABC", "StrEnum"};
	const struct py_node *list = bases_of(class);
	size_t i;

	for (i = 0; list && i < list->n; i++) {
		if (!STR_IS_IN(list->child[i]->text, bases))
			return false;
	}
	return true;
}

#include "base/base.h"

#include "gate/uses.h"

#define MAX_DEPTH 10

/*
 * Lists and dictionaries.
 */

/* What a value is read by: methods of lists, dictionaries and sets. */
static const char *const readers[] = {"items", "keys", "values", "get", "copy",
    "index", "count", "union", "intersection", "difference"};
/* These put their arguments in. */
static const char *const adders[] = {
    "append", "extend", "insert", "update", "add"};
/* Of whom it is an argument: they read it. */
static const char *const builtins[] = {"len", "print", "sorted", "list",
    "tuple", "set", "dict", "frozenset", "enumerate", "zip", "reversed", "any",
    "all", "min", "max", "sum", "isinstance", "str", "repr", "range"};
/* What is done with it in a statement or a comparison keeps no hold of it. */
static const char *const looks[] = {"comparison_operator", "not_operator",
    "if_statement", "elif_clause", "assert_statement", "while_statement"};
/* Methods that keep or change what they are given, whoever has them. */
static const char *const keepers[] = {"append", "extend", "insert", "update",
    "add", "setdefault", "pop", "popitem", "clear", "remove", "discard", "sort",
    "reverse", "partial", "reduce", "map", "setattr", "put", "send"};

bool
uses_is_stored(const struct py_node *n)
{
	const struct py_node *up = n->parent;

	while (up && (up->kind == PY_LIST || up->kind == PY_STAR)) {
		n = up;
		up = up->parent;
	}
	if (!up)
		return false;
	if (up->kind == PY_ASSIGN || up->kind == PY_ADD || up->kind == PY_FOR)
		return up->child[0] == n;
	if (up->kind == PY_AS)
		return up->child[up->n - 1] == n;
	return up->kind == PY_OTHER && str_eq(up->text, "delete_statement");
}

struct use {
	struct program *p;
	bool adds;
	struct map seen; /* bindings that are looked at, or were */
};

static bool alias_is_known(struct use *u, const struct py_node *bound);

/* An argument of a function of the program: what that does with it. */
static bool
own_reads(struct use *u, const struct py_node *def, const struct py_node *call,
    const struct py_node *arg)
{
	const struct py_node *list = def->child[0];
	size_t i;

	if (def->kind != PY_DEF || uses_is_decorated(def))
		return false;
	for (i = 0; i < list->n; i++) {
		const struct py_node *param = list->child[i];

		if (param->kind == PY_PARAM && program_place(param) >= 0 &&
		    pytree_argument(call, program_place(param), param->text) ==
		        arg)
			return alias_is_known(u, param);
	}
	return false;
}

static bool
call_reads(struct use *u, const struct py_node *call, const struct py_node *arg)
{
	const struct program *p = u->p;
	const struct py_node *f = call->child[0];
	const struct py_node *own = program_callee(p, call);
	const struct binding *b;

	if (own)
		return own_reads(u, own, call, arg);
	if (f->kind == PY_ATTRIBUTE)
		return !map_get(&p->members, slice_of(f->text), 0) &&
		    !STR_IS_IN(f->text, keepers);
	if (f->kind != PY_NAME)
		return false;
	if (!program_resolve(p, f, NULL, NULL))
		return STR_IS_IN(f->text, builtins) || p->has_star;
	b = program_only(p, f);
	return b && b->kind == BIND_IMPORT && b->node->kind == PY_FROM &&
	    (str_starts(b->node->module, "pyspark.") ||
	        str_starts(b->node->module, "delta"));
}

static bool
method_reads(const struct use *u, const struct py_node *method)
{
	const struct py_node *call = method->parent;

	if (!call || call->kind != PY_CALL || call->child[0] != method ||
	    map_get(&u->p->members, slice_of(method->text), 0))
		return false;
	return STR_IS_IN(method->text, readers) ||
	    (u->adds && STR_IS_IN(method->text, adders));
}

/* n is the name, or the attribute, that stands for it. */
static bool
is_known(struct use *u, const struct py_node *n)
{
	const struct py_node *up = n->parent;
	const struct py_node *from = n;

	if (uses_is_stored(n))
		return n->kind == PY_NAME || n->parent->kind == PY_ASSIGN;
	if (up->kind == PY_KEYWORD) {
		from = up;
		up = up->parent;
	}
	switch ((int)up->kind) {
	case PY_CALL:
		return up->child[0] != from &&
		    call_reads(u, up, from->kind == PY_KEYWORD ? n : from);
	case PY_ATTRIBUTE:
		return method_reads(u, up);
	case PY_SUBSCRIPT:
		return up->child[0] != n || !uses_is_stored(up) || u->adds;
	case PY_FOR:
		return true;
	/* [*x] and f(*x) hand on what is in it. */
	case PY_STAR:
	case PY_PLUS:
	case PY_FORMAT:
	case PY_EACH:
		return true;
	case PY_CHOICE:
		return up->child[1] == n;
	case PY_RETURN:
		return u->adds;
	case PY_ASSIGN:
		return up->child[0]->kind == PY_NAME &&
		    alias_is_known(u, up->child[0]);
	case PY_OTHER:
		return STR_IS_IN(up->text, looks) || str_eq(up->text, "module");
	default:
		return false;
	}
}

struct meant {
	const struct py_node *bound;
	bool found;
};

static void
compare(const struct binding *b, void *data)
{
	struct meant *m = data;

	m->found = m->found || b->node == m->bound;
}

/* All names that may mean what is bound there. */
static bool
bound_is_known(struct use *u, const struct py_node *bound)
{
	struct program *p = u->p;
	const char *key = arena_printf(p->arena, "%zu", bound->order);
	bool known = program_charge(p, p->all.n / 64 + 1);
	size_t i;

	if (map_get(&u->seen, slice_of(key), 2) <= (size_t)u->adds)
		return known;
	map_set(p->arena, &u->seen, slice_of(key), u->adds);
	for (i = 0; known && i < p->all.n; i++) {
		const struct py_node *n = p->all.v[i];
		struct meant m = {.bound = bound};

		if (n->kind != PY_NAME || !str_eq(n->text, bound->text))
			continue;
		program_resolve(p, n, compare, &m);
		known = !m.found || is_known(u, n);
	}
	return known;
}

/* Another name for it: nobody looks for what that adds. */
static bool
alias_is_known(struct use *u, const struct py_node *bound)
{
	bool adds = u->adds;
	bool known;

	u->adds = false;
	known = bound_is_known(u, bound);
	u->adds = adds;
	return known;
}

bool
uses_are_known(struct program *p, const struct binding *b, bool adds)
{
	struct use u = {.p = p, .adds = adds};

	return bound_is_known(&u, b->node);
}

bool
uses_of_field_are_known(struct program *p, const char *name)
{
	struct use u = {.p = p, .adds = true};
	size_t i;

	for (i = 0; i < p->all.n; i++) {
		const struct py_node *n = p->all.v[i];

		if (n->kind == PY_ATTRIBUTE && str_eq(n->text, name) &&
		    !is_known(&u, n))
			return false;
	}
	return true;
}

bool
uses_may_change(const struct program *p, const struct py_node *value)
{
	switch ((int)value->kind) {
	case PY_STRING:
	case PY_FORMAT:
	case PY_NUMBER:
		return false;
	case PY_OTHER:
		return !str_eq(value->text, "none") &&
		    !str_eq(value->text, "true") &&
		    !str_eq(value->text, "false");
	case PY_PLUS:
		return uses_may_change(p, value->child[0]) &&
		    uses_may_change(p, value->child[value->n - 1]);
	case PY_CALL:
		return program_callee(p, value) ||
		    STR_IS_IN(pytree_called(value), builtins) ||
		    STR_IS_IN(pytree_called(value), readers);
	default:
		return true;
	}
}

/*
 * Functions and classes.
 */

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

static const struct py_node *
class_of(const struct py_node *def)
{
	const struct py_node *up = def->parent;

	if (up && up->kind == PY_OTHER &&
	    str_eq(up->text, "decorated_definition"))
		up = up->parent;
	return up && up->kind == PY_CLASS ? up : NULL;
}

bool
uses_is_method(const struct py_node *def)
{
	static const char *const plain[] = {"staticmethod"};

	return def->kind == PY_DEF && class_of(def) &&
	    !has_decorator(def, plain, COUNT_OF(plain), false);
}

/* It gets the class first, whoever it is called on. */
static bool
is_of_class(const struct py_node *def)
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

		if (n->kind == PY_OTHER && n->n > 0 &&
		    str_eq(n->text, "decorated_definition"))
			n = n->child[n->n - 1];
		if (class->kind == PY_CLASS && n->kind == PY_DEF &&
		    str_eq(n->text, name) && uses_is_method(n) &&
		    !is_of_class(n))
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
	        (up->kind == PY_OTHER && str_eq(up->text, "generic_type"))))
		up = up->parent;
	return up && up->kind == PY_OTHER && str_eq(up->text, "type");
}

/* What Python calls by itself, but for what fills or prints an object. */
static bool
is_magic(const struct binding *b)
{
	static const char *const known[] = {"__init__", "__post_init__",
	    "__repr__", "__str__", "__enter__", "__exit__"};

	return str_starts(b->name, "__") && b->scope->kind == PY_CLASS &&
	    (b->kind != BIND_DEF || !STR_IS_IN(b->name, known));
}

/* Made by its own statement alone: no other function or class has a say. */
static bool
is_plain_class(const struct py_node *class)
{
	static const char *const decorators[] = {"dataclass"};
	static const char *const bases[] = {"object", "ABC", "NamedTuple",
	    "Enum", "StrEnum", "Exception", "ValueError", "RuntimeError",
	    "TypedDict", "Protocol", "str", "int"};
	const struct py_node *list = class->n > 0 ? class->child[0] : NULL;
	size_t i;

	if (has_decorator(class, decorators, COUNT_OF(decorators), true))
		return false;
	if (!list || list->kind != PY_OTHER ||
	    !str_eq(list->text, "argument_list"))
		return true;
	for (i = 0; i < list->n; i++) {
		if (list->child[i]->kind != PY_NAME ||
		    !STR_IS_IN(list->child[i]->text, bases))
			return false;
	}
	return true;
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
	return b && b->kind == BIND_DEF && class_of(b->node);
}

bool
uses_classes_are_plain(const struct program *p)
{
	size_t i;

	for (i = 0; i < p->bindings.n; i++) {
		if (is_magic(&p->bindings.v[i]) &&
		    !program_is_given(p, p->bindings.v[i].node))
			return false;
	}
	for (i = 0; i < p->all.n; i++) {
		const struct py_node *n = p->all.v[i];
		const struct binding *b;

		if (program_is_given(p, n))
			continue;
		if (n->kind == PY_CLASS && !is_plain_class(n))
			return false;
		if (n->kind != PY_NAME)
			continue;
		if (str_eq(n->text, "type") || str_eq(n->text, "super") ||
		    is_method_name(p, n))
			return false;
		b = program_only(p, n);
		if (b && b->kind == BIND_CLASS && !is_plain_use(b->node, n))
			return false;
	}
	return true;
}

/* The call makes an object of an own class that has a field of that name, which
 * it may give by its place. */
static bool
makes_field(const struct program *p, const struct py_node *call,
    const char *field)
{
	const struct py_node *class = program_callee(p, call);
	size_t i;

	for (i = 0; class && class->kind == PY_CLASS && i < class->n; i++) {
		const struct py_node *n = class->child[i];

		if (n->kind == PY_ASSIGN && str_eq(n->child[0]->text, field))
			return true;
	}
	return false;
}

size_t
uses_gives_field(const struct program *p, const struct py_node *n,
    const char *name)
{
	if (n->kind == PY_KEYWORD && str_eq(n->text, name))
		return 0;
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
uses_is_call_of(const struct py_node *call, const struct py_node *def)
{
	const struct py_node *class = class_of(def);

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
	size_t i;

	for (i = 1; i < call->n; i++) {
		if (call->child[i]->kind == PY_STAR)
			return false;
	}
	if (!class_of(def))
		return f->kind == PY_NAME;
	if (str_eq(def->text, "__init__"))
		return f->kind == PY_NAME;
	if (f->kind != PY_ATTRIBUTE)
		return false;
	b = program_only(p, f->child[0]);
	return !b || b->kind != BIND_CLASS || !uses_is_method(def) ||
	    is_of_class(def);
}

/* cls(…), x.__init__(…) */
static bool
makes_otherwise(const struct program *p)
{
	size_t i;

	for (i = 0; i < p->all.n; i++) {
		const struct py_node *n = p->all.v[i];

		if ((n->kind == PY_NAME && str_eq(n->text, "classmethod")) ||
		    (n->kind == PY_ATTRIBUTE && str_eq(n->text, "__init__")))
			return true;
	}
	return false;
}

bool
uses_calls_are_known(struct program *p, const struct py_node *def)
{
	bool fills = str_eq(def->text, "__init__");
	bool found = false;
	size_t i;

	if (!program_charge(p, p->all.n / 64 + 1) || def->kind != PY_DEF ||
	    uses_is_decorated(def) || (str_starts(def->text, "__") && !fills) ||
	    (class_of(def) && !p->is_plain) ||
	    (!fills && !program_is_only_called(p, def)))
		return false;
	if (fills && makes_otherwise(p))
		return false;
	for (i = 0; i < p->calls.n; i++) {
		const struct py_node *call = p->calls.v[i];

		if (!uses_is_call_of(call, def))
			continue;
		found = true;
		if (!is_clear_call(p, call, def))
			return false;
	}
	return found;
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
		const struct py_node *arg = uses_is_call_of(p->calls.v[i], def)
		    ? pytree_argument(p->calls.v[i], place, param->text)
		    : param;

		if (arg != param && (!arg || !is_own(p, arg, depth)))
			return false;
	}
	return true;
}

static bool
is_own(struct program *p, const struct py_node *n, unsigned depth)
{
	const struct binding *b = program_only(p, n);
	const struct py_node *class;

	if (depth >= MAX_DEPTH || !p->is_plain)
		return false;
	if (b && b->kind == BIND_PARAM)
		return uses_is_self(p, b) ||
		    is_given_own(p, b->node, depth + 1);
	if (b && b->kind == BIND_CLASS)
		return true;
	if (b && b->kind == BIND_VALUE)
		n = b->value;
	class = n->kind == PY_CALL ? program_callee(p, n) : NULL;
	return class && class->kind == PY_CLASS;
}

bool
uses_is_own_object(struct program *p, const struct py_node *n)
{
	return is_own(p, n, 0);
}

#include "base/base.h"

#include "gate/uses.h"

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
    "all", "sum", "isinstance", "str", "repr", "range"};
/* What is done with it in a statement or a comparison keeps no hold of it. */
static const char *const looks[] = {"comparison_operator", "not_operator",
    "if_statement", "elif_clause", "assert_statement", "while_statement"};
/* Methods that keep or change what they are given, whoever has them. */
static const char *const keepers[] = {"append", "extend", "insert", "update",
    "add", "get", "setdefault", "pop", "popitem", "clear", "remove", "discard",
    "sort", "reverse", "partial", "reduce", "map", "setattr", "put", "send"};

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

/* A method of some object, or what a module of Spark or the log has: others, as
 * collections, may keep what they are given. */
static bool
is_of_spark(const struct program *p, const struct py_node *n)
{
	const struct binding *b;
	const char *module;

	while (n->n > 0 && n->kind != PY_NAME)
		n = n->child[0];
	b = program_only(p, n);
	if (!b || b->kind != BIND_IMPORT)
		return true;
	module = b->node->kind == PY_FROM ? b->node->module : b->node->text;
	return str_starts(module, "pyspark") || str_starts(module, "delta") ||
	    str_eq(module, "logging");
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
		return !program_has(p, f) && !STR_IS_IN(f->text, keepers) &&
		    is_of_spark(p, f);
	if (f->kind != PY_NAME)
		return false;
	if (!program_resolve(p, f, NULL, NULL))
		return STR_IS_IN(f->text, builtins) || p->has_star;
	b = program_only(p, f);
	return b && b->kind == BIND_IMPORT && is_of_spark(p, f);
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
	const struct binding *b;

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
		/* One that each call makes anew. */
		b = program_only(u->p, n);
		return u->adds && b && b->kind != BIND_PARAM &&
		    b->scope == program_function(n);
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

#include "base/base.h"

#include "gate/testing.h"

struct shaping {
	struct program *p;
	/* Attributes that are asked of something else than self. */
	struct map others;
};

static bool
is_test_class(const struct py_node *class)
{
	return class->kind == PY_CLASS && str_starts(class->text, "Test") &&
	    test_is_collected(class);
}

/*
 * Names that pytest looks for.
 */

/* No value of these kinds can be called. */
static bool
is_data(const struct binding *b)
{
	if (b->kind != BIND_VALUE)
		return false;
	switch ((int)b->value->kind) {
	case PY_STRING:
	case PY_FORMAT:
	case PY_NUMBER:
	case PY_LIST:
	case PY_DICT:
	case PY_EACH:
		return true;
	default:
		return false;
	}
}

static void
check_found(struct program *p, const struct binding *b)
{
	bool defines = b->kind == BIND_DEF || b->kind == BIND_CLASS;
	bool local = b->scope->kind == PY_DEF || b->scope->kind == PY_LAMBDA;

	if (!str_starts(b->name, "test") && !str_starts(b->name, "Test"))
		return;
	if (defines ? !test_is_collected(b->node) : !local && !is_data(b))
		program_say(p, G_CALL, b->node,
		    "pytest runs what is called %s; that is a function or "
		    "class that stands at the top, or in a class Test….",
		    b->name);
}

/* What pytest calls before and after tests, and hands its own objects. */
static void
check_hook(struct program *p, const struct binding *b)
{
	static const char *const hooks[] = {"setup", "teardown", "setup_module",
	    "teardown_module", "setup_function", "teardown_function",
	    "setup_class", "teardown_class", "setup_method", "teardown_method",
	    "setUpModule", "tearDownModule"};
	const struct py_node *list = b->kind == BIND_DEF ? b->node->child[0]
	                                                 : NULL;
	size_t selves = b->scope->kind == PY_CLASS ? 1 : 0;
	size_t i;

	if (b->scope->kind == PY_DEF || b->scope->kind == PY_LAMBDA)
		return;
	for (i = 0; i < COUNT_OF(hooks); i++) {
		if (str_eq(hooks[i], b->name) && (!list || list->n > selves))
			program_say(p, G_CALL, b->node,
			    "%s is a function without parameters.", b->name);
	}
}

static void
check_binding(struct program *p, const struct binding *b)
{
	check_found(p, b);
	check_hook(p, b);
	testing_check_guarded_name(p, b);
	if (str_eq(b->name, "pytestmark") &&
	    (b->kind != BIND_VALUE || !pytest_is_marks(p, b->value)))
		program_say(p, G_CALL, b->node,
		    "pytestmark is a mark without arguments, or a list of "
		    "such.");
}

/*
 * Functions and classes.
 */

/* By their names alone pytest fills parameters. */
static void
check_parameters(struct program *p, const struct py_node *def)
{
	const struct py_node *list = def->child[0];
	bool in_class = testing_home(def)->kind == PY_CLASS;
	bool odd = in_class && list->n == 0;
	size_t i;

	for (i = 0; i < list->n; i++) {
		const struct py_node *n = list->child[i];
		bool is_self = str_eq(n->text, "self");

		odd = odd || n->kind != PY_PARAM || n->is_odd ||
		    is_self != (in_class && i == 0);
	}
	if (odd)
		program_say(p, G_CALL, def,
		    "The parameters of %s are names of fixtures; only in a "
		    "class self stands before them.",
		    def->text);
}

static void
check_def(struct program *p, const struct py_node *def)
{
	if (!test_is(def) && !fixture_is(def))
		return;
	check_parameters(p, def);
	if (fixture_is(def) && testing_home(def) != p->root)
		program_say(p, G_CALL, def,
		    "The fixture %s does not stand at the top.", def->text);
	if (fixture_is(def) && str_eq(fixture_name(def), "self"))
		program_say(p, G_CALL, def, "self is no fixture.");
}

/* A value that reads no name of the tests: in a class, a name means something
 * else before and behind its assignment. */
static bool
is_plain(const struct program *p, const struct py_node *n)
{
	const struct binding *b;
	size_t i;

	switch ((int)n->kind) {
	case PY_STRING:
	case PY_NUMBER:
		return true;
	case PY_NAME:
		b = program_only(p, n);
		return b ? b->kind == BIND_IMPORT && b->scope == p->root &&
		        !pytest_is(p, n) && !pytest_part(p, n)
		         : !program_resolve(p, n, NULL, NULL);
	case PY_OTHER:
		if (n->n > 0 && !pytree_is_other(n, "unary_operator"))
			return false;
		break;
	case PY_CALL:
	case PY_ATTRIBUTE:
	case PY_LIST:
	case PY_DICT:
	case PY_PAIR:
	case PY_KEYWORD:
		break;
	default:
		return false;
	}
	for (i = 0; i < n->n; i++) {
		if (!is_plain(p, n->child[i]))
			return false;
	}
	return true;
}

static bool
has_call(const struct py_node *n)
{
	size_t i;

	for (i = 0; i < n->n; i++) {
		if (has_call(n->child[i]))
			return true;
	}
	return n->kind == PY_CALL;
}

static bool
are_bases(const struct py_node *list)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		const struct py_node *n = list->child[i];

		while (n->kind == PY_ATTRIBUTE)
			n = n->child[0];
		if (n->kind != PY_NAME)
			return false;
	}
	return true;
}

/* The name means something else around the class, and so it does in it before
 * it is assigned. */
static bool
is_shared(const struct program *p, const struct py_node *name)
{
	size_t i = map_get(&p->first, slice_of(name->text), SIZE_MAX);

	for (; i != SIZE_MAX; i = p->bindings.v[i].next) {
		const struct py_node *scope = p->bindings.v[i].scope;
		const struct py_node *up = name->parent->parent;

		while (up && up != scope)
			up = up->parent;
		if (up && up != name->parent->parent)
			return true;
	}
	return false;
}

static bool
may_be_in_class(const struct program *p, const struct py_node *n)
{
	switch ((int)n->kind) {
	case PY_DEF:
	case PY_CLASS:
	case PY_STRING:
		return true;
	case PY_ASSIGN:
		if (str_eq(n->child[0]->text, "pytestmark"))
			return true;
		return n->child[0]->kind == PY_NAME &&
		    !is_shared(p, n->child[0]) &&
		    (n->n == 1 || is_plain(p, n->child[1]));
	case PY_OTHER:
		if (pytree_is_other(n, "argument_list"))
			return are_bases(n);
		if (pytree_is_other(n, "type"))
			return !has_call(n);
		return n->n == 0 || pytree_is_other(n, "decorated_definition");
	default:
		return false;
	}
}

static void
check_class(struct program *p, const struct py_node *class)
{
	size_t i;

	for (i = 0; i < class->n; i++) {
		if (!may_be_in_class(p, class->child[i]))
			program_say(p, G_CALL, class->child[i],
			    "A class of tests has functions and plain values, "
			    "and does nothing itself.");
	}
}

/*
 * What is set.
 */

/* self.x in a method of a class that pytest alone makes objects of: nothing
 * else can be self there. */
static bool
is_of_self(const struct shaping *s, const struct py_node *target)
{
	const struct py_node *self = target->child[0];
	const struct py_node *def = program_function(target);
	const struct binding *b = program_only(s->p, self);

	return b && b->kind == BIND_PARAM && str_eq(self->text, "self") &&
	    def && def->kind == PY_DEF && b->node->parent == def->child[0] &&
	    def->child[0]->child[0] == b->node && is_test_class(def->parent) &&
	    !map_get(&s->others, slice_of(def->text), 0);
}

static void
check_target(struct shaping *s, const struct py_node *n)
{
	size_t i;

	if (n->kind == PY_ATTRIBUTE) {
		if (!is_of_self(s, n))
			program_say(s->p, G_CALL, n,
			    ".%s is set for good; monkeypatch.setattr() sets "
			    "it for a test.",
			    n->text);
		return;
	}
	if (n->kind == PY_SUBSCRIPT) {
		const struct py_node *of = n->child[0];

		while (of->kind == PY_SUBSCRIPT)
			of = of->child[0];
		if (of->kind == PY_ATTRIBUTE && testing_has(s->p, of->text))
			program_say(s->p, G_CALL, n,
			    "What the code has is not for tests to change.");
		return;
	}
	for (i = 0; i < n->n; i++)
		check_target(s, n->child[i]);
}

static void
check_targets(struct shaping *s, const struct py_node *n)
{
	size_t i;

	switch ((int)n->kind) {
	case PY_ASSIGN:
	case PY_ADD:
	case PY_FOR:
		if (n->n > 0)
			check_target(s, n->child[0]);
		break;
	case PY_AS:
		for (i = 1; i < n->n; i++)
			check_target(s, n->child[i]);
		break;
	case PY_OTHER:
		if (pytree_is_other(n, "delete_statement"))
			check_target(s, n);
		break;
	default:
		break;
	}
}

static bool
has_methods(const struct py_node *class)
{
	size_t i;

	for (i = 0; i < class->n; i++) {
		if (class->child[i]->kind == PY_DEF ||
		    pytree_is_other(class->child[i], "decorated_definition"))
			return true;
	}
	return false;
}

/* pytest makes its objects. */
static void
check_class_name(struct program *p, const struct py_node *n)
{
	const struct binding *b = program_only(p, n);
	const struct py_node *up = n->parent;

	if (b && b->kind == BIND_CLASS && is_test_class(b->node) &&
	    has_methods(b->node) &&
	    !(pytree_is_other(up, "argument_list") &&
	        up->parent->kind == PY_CLASS))
		program_say(p, G_CALL, n, "%s is for pytest.", n->text);
}

static void
check_node(struct shaping *s, const struct py_node *n)
{
	switch ((int)n->kind) {
	case PY_NAME:
		check_class_name(s->p, n);
		break;
	case PY_DEF:
		check_def(s->p, n);
		break;
	case PY_CLASS:
		check_class(s->p, n);
		break;
	default:
		break;
	}
	testing_check_pytest(s->p, n);
	testing_check_guarded(s->p, n);
	/* wraps(a)(b) sets what b has to what a has. */
	if ((n->kind == PY_ATTRIBUTE || n->kind == PY_FROM) &&
	    str_eq(n->text, "wraps"))
		program_say(s->p, G_CALL, n, "A test needs no wraps().");
	check_targets(s, n);
}

void
testing_check_shape(struct program *p)
{
	struct shaping s = {.p = p};
	size_t i;

	for (i = 0; i < p->all.n; i++) {
		const struct py_node *n = p->all.v[i];

		if (n->kind == PY_ATTRIBUTE &&
		    (n->child[0]->kind != PY_NAME ||
		        !str_eq(n->child[0]->text, "self")))
			map_set(p->arena, &s.others, slice_of(n->text), 1);
	}
	for (i = 0; i < p->bindings.n; i++) {
		if (!program_is_given(p, p->bindings.v[i].node))
			check_binding(p, &p->bindings.v[i]);
	}
	for (i = 0; i < p->all.n; i++) {
		if (!program_is_given(p, p->all.v[i]))
			check_node(&s, p->all.v[i]);
	}
}

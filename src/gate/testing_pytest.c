#include "base/base.h"

#include "gate/testing.h"

/* The class or file that a definition stands in, whatever decorates it. */
const struct py_node *
testing_home(const struct py_node *def)
{
	const struct py_node *up = def->parent;

	while (pytree_is_other(up, "decorated_definition"))
		up = up->parent;
	return up;
}

struct imports {
	size_t whole; /* import pytest */
	size_t part;  /* from pytest import … */
	size_t others;
};

static void
count_import(const struct binding *b, void *data)
{
	struct imports *i = data;
	const struct py_node *n = b->node;

	if (b->kind == BIND_IMPORT && n->kind == PY_IMPORT &&
	    str_eq(n->text, "pytest"))
		i->whole++;
	else if (b->kind == BIND_IMPORT && n->kind == PY_FROM &&
	    str_eq(n->module, "pytest"))
		i->part++;
	else
		i->others++;
}

bool
pytest_is(const struct program *p, const struct py_node *n)
{
	struct imports i = {0};

	if (n->kind != PY_NAME)
		return false;
	program_resolve(p, n, count_import, &i);
	return i.whole > 0 && i.part + i.others == 0;
}

/* "fixture" for pytest.fixture and for the fixture of pytest; NULL. */
const char *
pytest_part(const struct program *p, const struct py_node *n)
{
	struct imports i = {0};

	if (n->kind == PY_ATTRIBUTE)
		return pytest_is(p, n->child[0]) ? n->text : NULL;
	if (n->kind != PY_NAME)
		return NULL;
	program_resolve(p, n, count_import, &i);
	return i.part > 0 && i.whole + i.others == 0 ? n->text : NULL;
}

/* pytest.mark.slow */
static bool
is_mark(const struct program *p, const struct py_node *n)
{
	const char *part = n->kind == PY_ATTRIBUTE ? pytest_part(p, n->child[0])
	                                           : NULL;

	return part && str_eq(part, "mark");
}

bool
pytest_is_marks(const struct program *p, const struct py_node *n)
{
	size_t i;

	for (i = 0; n->kind == PY_LIST && i < n->n; i++) {
		if (!is_mark(p, n->child[i]))
			return false;
	}
	return n->kind == PY_LIST || is_mark(p, n);
}

/* What a decorator is, without its arguments. */
static const struct py_node *
decorating(const struct py_node *decorator)
{
	const struct py_node *n = decorator->n > 0 ? decorator->child[0]
	                                           : decorator;

	return n->kind == PY_CALL && n->n > 0 ? n->child[0] : n;
}

static bool
is_decorating(const struct py_node *n)
{
	const struct py_node *up = n->parent;

	if (up && up->kind == PY_CALL && up->child[0] == n)
		up = up->parent;
	return pytree_is_other(up, "decorator");
}

/* pytestmark = pytest.mark.slow; pytest.param(…, marks=pytest.mark.slow) */
static bool
is_marking(const struct program *p, const struct py_node *mark)
{
	const struct py_node *n = mark;
	const struct py_node *up = n->parent;
	const char *part;

	if (up->kind == PY_LIST) {
		n = up;
		up = n->parent;
	}
	if (up->kind == PY_ASSIGN)
		return up->n > 1 && up->child[1] == n &&
		    str_eq(up->child[0]->text, "pytestmark");
	if (up->kind != PY_KEYWORD || !str_eq(up->text, "marks"))
		return false;
	part = pytest_part(p, up->parent->child[0]);
	return part && str_eq(part, "param");
}

/* pytest.MonkeyPatch as the type of a parameter: nobody asks for that when
 * tests run, as those do that look for the types of fields. */
bool
testing_is_hint(const struct py_node *n)
{
	while (n && n->kind != PY_CALL && !pytree_is_other(n, "hints"))
		n = n->parent;
	return pytree_is_other(n, "hints");
}

static bool
may_stand(const struct program *p, const struct py_node *n, const char *part)
{
	static const char *const free[] = {
	    "raises", "warns", "approx", "param", "skip", "fail", "xfail"};
	size_t i;

	if (str_eq(part, "fixture"))
		return is_decorating(n);
	if (str_eq(part, "mark"))
		return n->parent->kind == PY_ATTRIBUTE &&
		    (is_decorating(n->parent) || is_marking(p, n->parent));
	for (i = 0; i < COUNT_OF(free); i++) {
		if (str_eq(free[i], part))
			return true;
	}
	return testing_is_hint(n);
}

static void
check_stands(struct program *p, const struct py_node *n)
{
	const char *part = pytest_part(p, n);
	struct imports i = {0};

	if (n->kind == PY_NAME)
		program_resolve(p, n, count_import, &i);
	if ((i.whole > 0 && n->parent->kind != PY_ATTRIBUTE) ||
	    (i.whole + i.part > 0 && i.others > 0))
		program_say(p, G_CALL, n,
		    "%s is handed on, where it cannot be followed.", n->text);
	if (part && !may_stand(p, n, part))
		program_say(p, G_CALL, n,
		    "%s of pytest stands where it decorates a function, and "
		    "nowhere else.",
		    part);
}

/* Of all marks, these are known to take arguments that do no harm. */
static bool
is_known_mark(const struct py_node *n, bool is_called)
{
	static const char *const known[] = {
	    "parametrize", "skip", "skipif", "xfail", "usefixtures"};
	size_t i;

	for (i = 0; is_called && i < COUNT_OF(known); i++) {
		if (str_eq(known[i], n->text))
			return true;
	}
	return !is_called;
}

static bool
is_static(const struct program *p, const struct py_node *n)
{
	return n->kind == PY_NAME && str_eq(n->text, "staticmethod") &&
	    !program_resolve(p, n, NULL, NULL);
}

static bool
is_dataclass(const struct program *p, const struct py_node *n)
{
	const struct binding *b = program_only(p, n);

	return b && b->kind == BIND_IMPORT && b->node->kind == PY_FROM &&
	    str_eq(b->node->module, "dataclasses") &&
	    str_eq(b->node->text, "dataclass");
}

/* Another decorator may never call the function, or call something else. */
static bool
may_decorate(const struct program *p, const struct py_node *decorator,
    const struct py_node *def)
{
	const struct py_node *n = decorating(decorator);
	const char *part = pytest_part(p, n);
	const struct py_node *home;
	bool is_fixture = def->kind == PY_DEF && fixture_is(def);
	bool is_test = def->kind == PY_DEF && test_is(def);

	if (part && str_eq(part, "fixture"))
		return def->kind == PY_DEF;
	if (is_mark(p, n))
		return !is_fixture &&
		    is_known_mark(n, n->parent->kind == PY_CALL);
	if (def->kind == PY_CLASS)
		return is_dataclass(p, n);
	home = testing_home(def);
	return !is_test && !is_fixture && is_static(p, n) && home &&
	    home->kind == PY_CLASS;
}

static void
check_decorators(struct program *p, const struct py_node *decorated)
{
	const struct py_node *def = decorated->child[decorated->n - 1];
	size_t fixtures = 0;
	size_t i;

	for (i = 0; i + 1 < decorated->n; i++) {
		const struct py_node *d = decorated->child[i];
		const char *part;

		if (!pytree_is_other(d, "decorator") || d->n == 0)
			continue;
		part = pytest_part(p, decorating(d));
		fixtures += part && str_eq(part, "fixture");
		if (!may_decorate(p, d, def) || fixtures > 1)
			program_say(p, G_CALL, d,
			    "Only what pytest has may decorate tests and "
			    "classes, and fixture() alone a fixture.");
	}
}

/* They take what they name as it is; anything else they may ask for. */
static void
check_used(struct program *p, const struct py_node *call)
{
	size_t i;

	for (i = 1; i < call->n; i++) {
		const struct py_node *n = call->child[i];

		if (n->kind != PY_STRING || !testing_may_ask(p, n->text))
			program_say(p, G_CALL, n,
			    "usefixtures() names fixtures of the file, each "
			    "as a plain text.");
	}
}

void
testing_check_pytest(struct program *p, const struct py_node *n)
{
	if (n->kind == PY_NAME || n->kind == PY_ATTRIBUTE)
		check_stands(p, n);
	else if (n->kind == PY_CALL && str_eq(pytree_called(n), "usefixtures"))
		check_used(p, n);
	else if (pytree_is_other(n, "decorated_definition"))
		check_decorators(p, n);
}

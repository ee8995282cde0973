#include "base/base.h"

#include "gate/testing.h"

const struct py_node *
fixture_call(const struct py_node *def)
{
	const struct py_node *up = def->parent;
	size_t i;

	if (def->kind != PY_DEF || !up || up->kind != PY_OTHER)
		return NULL;
	for (i = 0; i < up->n; i++) {
		const struct py_node *d = up->child[i];
		const struct py_node *what = d->n > 0 ? d->child[0] : d;
		const struct py_node *name = what->kind == PY_CALL
		    ? what->child[0]
		    : what;

		if (pytree_is_other(d, "decorator") &&
		    str_eq(name->text, "fixture"))
			return what;
	}
	return NULL;
}

bool
fixture_is(const struct py_node *def)
{
	return fixture_call(def) != NULL;
}

const char *
fixture_name(const struct py_node *def)
{
	const struct py_node *call = fixture_call(def);
	const struct py_node *name = call && call->kind == PY_CALL
	    ? pytree_argument(call, -1, "name")
	    : NULL;

	return name && name->kind == PY_STRING ? name->text : def->text;
}

const struct py_node *
fixture_find(const struct program *p, const char *name)
{
	size_t i = map_get(&p->testing->fixtures, slice_of(name), 0);

	return i > 0 ? p->all.v[i - 1] : NULL;
}

void
testing_find_fixtures(const struct program *p, struct testing *ret)
{
	size_t i;

	for (i = 0; i < p->all.n; i++) {
		const struct py_node *n = p->all.v[i];

		if (n->kind == PY_DEF && fixture_is(n))
			map_set(p->arena, &ret->fixtures,
			    slice_of(fixture_name(n)), i + 1);
	}
}

static bool
is_decorated(const struct py_node *n)
{
	return pytree_is_other(n, "decorated_definition");
}

bool
test_is(const struct py_node *def)
{
	const struct py_node *up = def->parent;

	if (def->kind != PY_DEF || !str_starts(def->text, "test"))
		return false;
	while (up && is_decorated(up))
		up = up->parent;
	return up && (!up->parent || up->kind == PY_CLASS);
}

bool
test_is_collected(const struct py_node *def)
{
	const struct py_node *up = def->parent;

	while (up && up->parent &&
	    (is_decorated(up) ||
	        (up->kind == PY_CLASS && str_starts(up->text, "Test"))))
		up = up->parent;
	return up && !up->parent;
}

bool
fixture_is_given(const struct program *p, const struct py_node *name,
    const char *fixture)
{
	const struct binding *b = program_only(p, name);
	const struct py_node *def;

	/* What has a value of its own is no fixture. */
	if (!b || b->kind != BIND_PARAM || b->node->n > 0 ||
	    !str_eq(name->text, fixture))
		return false;
	def = b->node->parent->parent;
	if (!test_is(def) && !fixture_is(def))
		return false;
	def = fixture_find(p, fixture);
	if (def)
		return program_is_given(p, def);
	return str_eq(fixture, "monkeypatch") ||
	    str_eq(fixture, "tmp_path_factory");
}

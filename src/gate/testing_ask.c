#include "base/base.h"

#include "gate/columns.h"
#include "gate/testing.h"

#include <string.h>

/* By which name it is asked for, and whether it runs by itself, must be
 * told. */
static bool
may_say(const struct py_node *n)
{
	static const char *const texts[] = {"name", "scope"};
	static const char *const others[] = {"params", "ids"};
	size_t i;

	if (n->kind != PY_KEYWORD || n->n == 0)
		return false;
	for (i = 0; i < COUNT_OF(texts); i++) {
		if (str_eq(texts[i], n->text))
			return n->child[0]->kind == PY_STRING;
	}
	for (i = 0; i < COUNT_OF(others); i++) {
		if (str_eq(others[i], n->text))
			return true;
	}
	return str_eq(n->text, "autouse") &&
	    pytree_is_other(n->child[0], "true");
}

void
testing_check_fixture(struct program *p, const struct py_node *call)
{
	size_t i;

	for (i = 1; call->kind == PY_CALL && i < call->n; i++) {
		if (!may_say(call->child[i]))
			program_say(p, G_CALL, call->child[i],
			    "A fixture has a name and scope as plain texts, "
			    "params, ids and autouse=True.");
	}
}

static void
add_parameter(struct program *p, struct slice name, struct texts *ret)
{
	*LIST_ADD(p->arena, ret) = slice_dup(p->arena, slice_trim(name));
}

void
testing_parameters(struct program *p, const struct py_node *call,
    struct texts *ret)
{
	const struct py_node *names = pytree_argument(call, 0, "argnames");
	const struct binding *b = names ? program_only(p, names) : NULL;
	size_t i;

	*ret = (struct texts){0};
	/* A list may have got more names since. */
	if (b && b->kind == BIND_VALUE && b->value->kind == PY_STRING)
		names = b->value;
	ret->unknown = !names ||
	    (names->kind != PY_STRING && names->kind != PY_LIST);
	if (ret->unknown)
		return;
	for (i = 0; names->kind == PY_LIST && i < names->n; i++) {
		if (names->child[i]->kind == PY_STRING)
			add_parameter(p, slice_of(names->child[i]->text), ret);
		else
			ret->unknown = true;
	}
	if (names->kind == PY_STRING) {
		struct slice rest = slice_of(names->text);
		const char *comma;

		while ((comma = memchr(rest.p, ',', rest.n))) {
			size_t n = (size_t)(comma - rest.p);

			add_parameter(p, (struct slice){rest.p, n}, ret);
			rest = (struct slice){comma + 1, rest.n - n - 1};
		}
		add_parameter(p, rest, ret);
	}
}

static bool
is_given_by(struct program *p, const struct py_node *decorator,
    const char *name)
{
	const struct py_node *call = decorator->n > 0 ? decorator->child[0]
	                                              : NULL;
	struct texts names;
	size_t i;

	if (!call || call->kind != PY_CALL ||
	    !str_eq(pytree_called(call), "parametrize"))
		return false;
	testing_parameters(p, call, &names);
	for (i = 0; i < names.n; i++) {
		if (str_eq(names.v[i], name))
			return true;
	}
	return false;
}

/* Whether parametrize() gives it a value, where it decorates the test or a
 * class around it; elsewhere a fixture of that name would. */
static bool
is_parametrized(struct program *p, const struct py_node *def, const char *name)
{
	const struct py_node *up;
	size_t i;

	for (up = def->parent; up; up = up->parent) {
		for (i = 0; up->kind == PY_OTHER && i < up->n; i++) {
			if (str_eq(up->child[i]->text, "decorator") &&
			    is_given_by(p, up->child[i], name))
				return true;
		}
	}
	return false;
}

/* Of pytest's fixtures those that stay within a test: its plugins have some
 * that write files, start programs, and more. */
bool
testing_may_ask(const struct program *p, const char *fixture)
{
	static const char *const known[] = {"tmp_path", "tmp_path_factory",
	    "monkeypatch", "capsys", "caplog", "request"};
	size_t i;

	for (i = 0; i < COUNT_OF(known); i++) {
		if (str_eq(known[i], fixture))
			return true;
	}
	return fixture_find(p, fixture) != NULL;
}

/* What a test or fixture asks pytest for. */
void
testing_check_asked(struct program *p, const struct py_node *param)
{
	const struct py_node *list = param->parent;
	const struct py_node *def = list ? list->parent : NULL;

	if (!def || def->kind != PY_DEF || (!test_is(def) && !fixture_is(def)))
		return;
	if (!str_eq(param->text, "self") && !testing_may_ask(p, param->text) &&
	    !is_parametrized(p, def, param->text))
		program_say(p, G_CALL, param,
		    "%s is no fixture that tests may ask for.", param->text);
}

/* Path.replace() and Path.copy() move files; those of texts and tables have
 * other arguments. */
void
testing_check_moves(struct program *p, const struct py_node *call)
{
	bool copies = str_eq(pytree_called(call), "copy");
	bool odd = copies ? call->n > 1 : call->n == 2;

	if (call->child[0]->kind != PY_ATTRIBUTE)
		return;
	if (!copies && call->n == 2 && call->child[1]->kind == PY_DICT)
		odd = false;
	if (odd || pytree_has(call, PY_STAR) ||
	    pytree_argument(call, -1, "target"))
		program_say(p, G_CALL, call,
		    "What .%s() does to it cannot be told.",
		    pytree_called(call));
}

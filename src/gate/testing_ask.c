#include "base/base.h"

#include "gate/columns.h"
#include "gate/testing.h"

#include <string.h>

/* By which name it is asked for must be told. */
void
testing_check_fixture(struct program *p, const struct py_node *call)
{
	static const char *const known[] = {
	    "name", "scope", "params", "ids", "autouse"};
	size_t i;

	for (i = 1; call->kind == PY_CALL && i < call->n; i++) {
		const struct py_node *n = call->child[i];
		bool found = false;

		for (size_t k = 0; n->kind == PY_KEYWORD && k < COUNT_OF(known);
		     k++)
			found = found || str_eq(known[k], n->text);
		if (!found ||
		    (str_eq(n->text, "name") && n->child[0]->kind != PY_STRING))
			program_say(p, G_CALL, n,
			    "The name of a fixture is a plain text, and its "
			    "arguments are named.");
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
	if (b && b->kind == BIND_VALUE)
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

/* Whether parametrize() gives it a value; tests.c minds which. */
static bool
is_parametrized(struct program *p, const char *name)
{
	struct texts names;
	size_t i;
	size_t k;

	for (i = 0; i < p->calls.n; i++) {
		if (!str_eq(pytree_called(p->calls.v[i]), "parametrize"))
			continue;
		testing_parameters(p, p->calls.v[i], &names);
		for (k = 0; k < names.n; k++) {
			if (str_eq(names.v[k], name))
				return true;
		}
	}
	return false;
}

/* What a test or fixture asks pytest for: its plugins have fixtures that write
 * files, start programs, and more. */
void
testing_check_asked(struct program *p, const struct py_node *param)
{
	static const char *const known[] = {"self", "tmp_path",
	    "tmp_path_factory", "monkeypatch", "capsys", "caplog", "request"};
	const struct py_node *list = param->parent;
	const struct py_node *def = list ? list->parent : NULL;
	size_t i;

	if (!def || def->kind != PY_DEF || (!test_is(def) && !fixture_is(def)))
		return;
	for (i = 0; i < COUNT_OF(known); i++) {
		if (str_eq(known[i], param->text))
			return;
	}
	if (!fixture_find(p, param->text) && !is_parametrized(p, param->text))
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
	size_t i;

	if (call->child[0]->kind != PY_ATTRIBUTE)
		return;
	if (!copies && call->n == 2 && call->child[1]->kind == PY_DICT)
		odd = false;
	for (i = 1; i < call->n; i++) {
		const struct py_node *n = call->child[i];

		odd = odd || n->kind == PY_STAR ||
		    (n->kind == PY_KEYWORD && str_eq(n->text, "target"));
	}
	if (odd)
		program_say(p, G_CALL, call,
		    "What .%s() does to it cannot be told.",
		    pytree_called(call));
}

#include "base/base.h"

#include "gate/calls.h"

#include "gate/flow.h"
#include "gate/sql.h"

#include <string.h>

/* if __name__ == "__main__" */
static bool
is_guard(const struct py_node *n)
{
	const struct py_node *name = n->n > 0 && n->child[0]->n > 0
	    ? n->child[0]->child[0]
	    : NULL;

	return name && str_eq(name->text, "__name__");
}

static bool
has_raise(const struct py_node *n)
{
	size_t i;

	for (i = 0; i < n->n; i++) {
		if (has_raise(n->child[i]))
			return true;
	}
	return n->kind == PY_OTHER && str_eq(n->text, "raise_statement");
}

/* try, where an error goes no further. */
static bool
swallows(const struct py_node *n)
{
	size_t i;

	if (n->kind != PY_OTHER || !str_eq(n->text, "try_statement"))
		return false;
	for (i = 0; i < n->n; i++) {
		const struct py_node *c = n->child[i];

		if (c->kind == PY_OTHER && str_starts(c->text, "except") &&
		    !has_raise(c))
			return true;
	}
	return false;
}

static bool is_reached(const struct program *p, const struct py_node *n,
    unsigned depth);

/* Something calls the function, whatever happens. */
static bool
is_run(const struct program *p, const struct py_node *def, unsigned depth)
{
	size_t i;

	for (i = 0; i < p->all.n; i++) {
		const struct py_node *n = p->all.v[i];

		if ((n->kind == PY_NAME || n->kind == PY_ATTRIBUTE) &&
		    str_eq(n->text, def->text) && n->parent->kind == PY_CALL &&
		    n->parent->child[0] == n && is_reached(p, n, depth + 1))
			return true;
	}
	return false;
}

/* It runs when the program does: no condition decides, and no loop. */
static bool
is_reached(const struct program *p, const struct py_node *n, unsigned depth)
{
	static const char *const may[] = {"if_statement", "elif_clause",
	    "else_clause", "except_clause", "while_statement",
	    "boolean_operator"};

	for (n = n->parent; n && depth < 10; n = n->parent) {
		if (n->kind == PY_DEF)
			return is_run(p, n, depth);
		if (n->kind == PY_FOR || n->kind == PY_EACH ||
		    n->kind == PY_LAMBDA || n->kind == PY_CHOICE ||
		    (n->kind == PY_OTHER && STR_IS_IN(n->text, may) &&
		        !is_guard(n)) ||
		    swallows(n))
			return false;
	}
	return depth < 10;
}

static void
note_views(struct program *p, const struct py_node *call)
{
	const char *method = pytree_called(call);
	struct texts texts;
	size_t i;

	if (!str_eq(method, "createOrReplaceTempView") &&
	    !str_eq(method, "createTempView") && !str_eq(method, "sql"))
		return;
	if (call->n < 2 || (!p->testing && !is_reached(p, call, 0)))
		return;
	flow_texts(p,
	    call->child[1]->kind == PY_KEYWORD ? call->child[1]->child[0]
	                                       : call->child[1],
	    &texts);
	for (i = 0; i < texts.n; i++) {
		if (str_eq(method, "sql"))
			sql_note_views(p, texts.v[i]);
		else if (!strpbrk(texts.v[i], ".`/"))
			map_set(p->arena, &p->views, slice_of(texts.v[i]), 1);
	}
}

void
gate_views(struct program *p)
{
	size_t i;

	for (i = 0; i < p->calls.n; i++)
		note_views(p, p->calls.v[i]);
}

#include "base/base.h"

#include "lang/pytree.h"

struct py_node *
pytree_add(struct arena *a, struct py_node *parent, const struct py_node *like)
{
	struct py_node *n = arena_new(a, struct py_node);

	*n = *like;
	n->child = NULL;
	n->n = n->cap = 0;
	n->parent = parent;
	if (!parent)
		return n;
	parent->child = arena_list_grow(a, parent->child, parent->n,
	    &parent->cap, sizeof(struct py_node *));
	parent->child[parent->n++] = n;
	return n;
}

static size_t
number(struct py_node *n, size_t order)
{
	size_t i;

	n->order = order++;
	for (i = 0; i < n->n; i++)
		order = number(n->child[i], order);
	return order;
}

void
pytree_number(struct py_node *root)
{
	number(root, 0);
}

const struct py_node *
pytree_argument(const struct py_node *call, int place, const char *name)
{
	bool starred = false;
	int at = 0;
	size_t i;

	for (i = 1; i < call->n; i++) {
		const struct py_node *arg = call->child[i];

		if (arg->kind == PY_KEYWORD) {
			if (name && str_eq(arg->text, name))
				return arg->n > 0 ? arg->child[0] : NULL;
		} else if (arg->kind == PY_STAR) {
			starred = true;
		} else if (!starred && at++ == place) {
			return arg;
		}
	}
	return NULL;
}

bool
pytree_has(const struct py_node *n, enum py_kind kind)
{
	size_t i;

	for (i = 0; i < n->n; i++) {
		if (n->child[i]->kind == kind)
			return true;
	}
	return false;
}

bool
pytree_is_other(const struct py_node *n, const char *text)
{
	return n && n->kind == PY_OTHER && str_eq(n->text, text);
}

bool
pytree_is_constant(const struct py_node *n)
{
	return pytree_is_other(n, "none") || pytree_is_other(n, "true") ||
	    pytree_is_other(n, "false");
}

bool
pytree_names(const struct py_node *n, const char *name)
{
	size_t i;

	if (n->kind == PY_NAME && str_eq(n->text, name))
		return true;
	for (i = 0; i < n->n; i++) {
		if (pytree_names(n->child[i], name))
			return true;
	}
	return false;
}

bool
pytree_is_within(const struct py_node *n, const struct py_node *outer)
{
	while (n && n != outer)
		n = n->parent;
	return n != NULL;
}

size_t
pytree_last(const struct py_node *n)
{
	while (n->n > 0)
		n = n->child[n->n - 1];
	return n->order;
}

const char *
pytree_called(const struct py_node *call)
{
	const struct py_node *f = call->n > 0 ? call->child[0] : NULL;

	if (!f || (f->kind != PY_NAME && f->kind != PY_ATTRIBUTE))
		return "";
	return f->text;
}

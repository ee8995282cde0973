#include "base/base.h"

#include "gate/partial.h"

#include "gate/partial_parts.h"
#include "gate/uses.h"

/* Nodes that are made, of which each is looked at again. */
#define MAX_NODES 40000

struct py_node *
partial_add(struct partial *r, struct py_node *parent,
    const struct py_node *like)
{
	if (r->left > 0)
		r->left--;
	else
		r->failed = true;
	return pytree_add(r->p->arena, parent, like);
}

void
partial_keep(struct partial *r, const struct py_node *n)
{
	size_t i;

	/* What stands in no text was made here. */
	if (r->p->all.v[n->order] == n)
		r->kept[n->order] = true;
	for (i = 0; i < n->n; i++)
		partial_keep(r, n->child[i]);
}

void
partial_keep_plain(struct partial *r, const struct py_node *n)
{
	size_t i;

	if (n->kind != PY_CALL ||
	    (!partial_record(r->p, n) && !partial_is_type(r->p, n)))
		return;
	if (r->p->all.v[n->order] == n)
		r->kept[n->order] = true;
	for (i = 1; i < n->n; i++)
		partial_keep_plain(r,
		    n->child[i]->kind == PY_KEYWORD ? n->child[i]->child[0]
		                                    : n->child[i]);
}

/* Whatever is called in the program is called in what was made of it. */
static bool
keeps_calls(const struct partial *r)
{
	size_t i;

	for (i = 0; i < r->p->calls.n; i++) {
		if (!r->kept[r->p->calls.v[i]->order])
			return false;
	}
	return true;
}

void
partial_children(struct partial *r, struct py_node *parent,
    const struct py_node *n, size_t from, const struct stand_in *with)
{
	size_t i;

	for (i = from; i < n->n && !r->failed; i++)
		partial_build(r, parent, n->child[i], with);
}

static int
compares(struct partial *r, const struct py_node *n,
    const struct stand_in *with)
{
	struct known a = partial_known(r, n->child[0], with);
	struct known b = partial_known(r, n->child[1], with);
	bool differs = str_eq(n->alias, "!=") || str_ends(n->alias, "not") ||
	    str_starts(n->alias, "not");
	struct knowns all = {0};
	size_t i;

	if (!a.node)
		return -1;
	if (str_starts(n->alias, "is")) {
		if (!pytree_is_other(n->child[1], "none"))
			return -1;
		return pytree_is_other(a.node, "none") != differs;
	}
	/* None is no text. */
	if ((str_eq(n->alias, "==") || str_eq(n->alias, "!=")) &&
	    (pytree_is_other(a.node, "none") ||
	        (b.node && pytree_is_other(b.node, "none"))))
		return partial_text(a) || partial_text(b) ? differs : -1;
	if (str_eq(n->alias, "==") || str_eq(n->alias, "!="))
		return partial_text(a) && partial_text(b)
		    ? str_eq(a.node->text, b.node->text) != differs
		    : -1;
	if (!str_ends(n->alias, "in") || !partial_text(a) ||
	    !partial_elements(r, n->child[1], with, &all))
		return -1;
	for (i = 0; i < all.n; i++) {
		struct known one = partial_known(r, all.v[i].node,
		    all.v[i].with);

		if (!partial_text(one))
			return -1;
		if (str_eq(one.node->text, a.node->text))
			return !differs;
	}
	return differs;
}

int
partial_truth(struct partial *r, const struct py_node *n,
    const struct stand_in *with)
{
	struct known k;
	int truth;

	if (pytree_is_other(n, "not_operator") && n->n == 1) {
		truth = partial_truth(r, n->child[0], with);
		return truth < 0 ? truth : !truth;
	}
	/* The second is asked where the first does not tell. */
	if (pytree_is_other(n, "boolean_operator") && n->n == 2) {
		truth = partial_truth(r, n->child[0], with);
		return truth == str_eq(n->alias, "and")
		    ? partial_truth(r, n->child[1], with)
		    : truth;
	}
	if (pytree_is_other(n, "comparison_operator"))
		return n->alias[0] ? compares(r, n, with) : -1;
	k = partial_known(r, n, with);
	if (!k.node || k.node->is_odd || pytree_has(k.node, PY_STAR))
		return -1;
	switch ((int)k.node->kind) {
	case PY_STRING:
		return k.node->text[0] != '\0';
	case PY_LIST:
	case PY_DICT:
		return pytree_is_within(k.node, n) ? -1 : k.node->n > 0;
	case PY_OTHER:
		return str_eq(k.node->text, "true");
	default:
		return -1;
	}
}

/* Something in it stands for what is known. */
static bool
depends(const struct py_node *n, const struct stand_in *with)
{
	size_t i;

	if (n->kind == PY_NAME && partial_find(with, n->text))
		return true;
	for (i = 0; with && i < n->n; i++) {
		if (depends(n->child[i], with))
			return true;
	}
	return false;
}

static bool
is_clause(const struct py_node *n)
{
	return pytree_is_other(n, "elif_clause") ||
	    pytree_is_other(n, "else_clause");
}

static void
keep_from(struct partial *r, const struct py_node *n, size_t from)
{
	size_t i;

	for (i = from; i < n->n; i++)
		partial_keep(r, n->child[i]);
}

/* The branch that runs; false: nobody knows which one. */
static bool
build_branch(struct partial *r, struct py_node *parent,
    const struct py_node *branches, const struct stand_in *with)
{
	const struct py_node *b = branches;
	size_t next = 1;
	size_t i;
	int truth;

	while (next < branches->n && !is_clause(branches->child[next]))
		next++;
	while (b && !pytree_is_other(b, "else_clause")) {
		if (b->n == 0 || !depends(b->child[0], with))
			return false;
		truth = partial_truth(r, b->child[0], with);
		if (truth < 0)
			return false;
		if (truth > 0)
			break;
		b = next < branches->n ? branches->child[next++] : NULL;
	}
	/* What has decided is no call; the rest is never reached. */
	for (i = 1; i < branches->n; i++) {
		if (branches->child[i] == b)
			continue;
		if (!is_clause(branches->child[i])) {
			if (b != branches)
				partial_keep(r, branches->child[i]);
		} else if (i >= next) {
			partial_keep(r, branches->child[i]);
		} else {
			keep_from(r, branches->child[i], 1);
		}
	}
	for (i = b && !pytree_is_other(b, "else_clause"); b && i < b->n; i++) {
		if (!is_clause(b->child[i]))
			partial_build(r, parent, b->child[i], with);
	}
	r->changed = true;
	return true;
}

static bool
build_choice(struct partial *r, struct py_node *parent, const struct py_node *n,
    const struct stand_in *with)
{
	int truth = n->n == 3 && depends(n->child[1], with)
	    ? partial_truth(r, n->child[1], with)
	    : -1;

	if (truth < 0)
		return false;
	partial_keep(r, n->child[truth ? 2 : 0]);
	partial_build(r, parent, n->child[truth ? 0 : 2], with);
	r->changed = true;
	return true;
}

/* x.field, x["key"], where what it is can stand there. */
static bool
build_known(struct partial *r, struct py_node *parent, const struct py_node *n,
    const struct stand_in *with)
{
	struct known k;

	if (uses_is_stored(n))
		return false;
	k = partial_known(r, n, with);
	if (!k.node && n->kind == PY_ATTRIBUTE)
		k = partial_field(r, n, with);
	if (!k.node || k.node == n || !partial_is_constant(r, k.node, true) ||
	    (k.node->kind == PY_CALL && partial_holds_list(k.node)))
		return false;
	partial_build(r, parent, k.node, k.with);
	r->changed = true;
	return true;
}

/* A text in parts that are all written out. */
static void
join_text(struct partial *r, struct py_node *n)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < n->n; i++) {
		if (!partial_is_text(n->child[i]))
			return;
	}
	if (n->n == 0 || n->is_odd)
		return;
	for (i = 0; i < n->n; i++)
		text = arena_printf(r->p->arena, "%s%s", text,
		    n->child[i]->text);
	n->kind = PY_STRING;
	n->text = text;
	n->n = 0;
}

static bool
build_other(struct partial *r, struct py_node *parent, const struct py_node *n,
    const struct stand_in *with)
{
	const struct stand_in *s;

	if (partial_grown(r, parent, n, with))
		return true;
	switch ((int)n->kind) {
	case PY_NAME:
		s = uses_is_stored(n) ? NULL : partial_find(with, n->text);
		if (s)
			partial_build(r, parent, s->value, s->of);
		return s;
	case PY_ASSIGN:
		return partial_class(r, parent, n);
	case PY_CLASS:
		return partial_flat(r, parent, n);
	case PY_ATTRIBUTE:
		return partial_class_name(r, parent, n) ||
		    partial_property(r, parent, n, with) ||
		    build_known(r, parent, n, with);
	case PY_SUBSCRIPT:
		return build_known(r, parent, n, with);
	case PY_STAR:
		return partial_star(r, parent, n, with);
	case PY_PLUS:
		return partial_list(r, parent, n, with);
	case PY_EACH:
		return partial_comprehension(r, parent, n, with);
	case PY_FOR:
		return n->parent->kind != PY_EACH &&
		    partial_loop(r, parent, n, with);
	case PY_CHOICE:
		return build_choice(r, parent, n, with);
	case PY_OTHER:
		return str_eq(n->text, "if_statement") &&
		    build_branch(r, parent, n, with);
	case PY_CALL:
		if (!r->of[n->order])
			return partial_reduce(r, parent, n, with) ||
			    partial_list(r, parent, n, with) ||
			    partial_statement(r, parent, n, with) ||
			    build_known(r, parent, n, with);
		partial_call(r, parent, r->of[n->order], with);
		return true;
	case PY_DEF:
		if (r->gone[n->order])
			partial_copies(r, parent, n);
		return r->gone[n->order];
	default:
		return false;
	}
}

void
partial_build(struct partial *r, struct py_node *parent,
    const struct py_node *n, const struct stand_in *with)
{
	struct py_node *made;

	if (n->kind == PY_CALL && r->p->all.v[n->order] == n)
		r->kept[n->order] = true;
	if (r->failed || build_other(r, parent, n, with))
		return;
	made = partial_add(r, parent, n);
	partial_children(r, made, n, 0, with);
	if (n->kind == PY_FORMAT || n->kind == PY_PLUS)
		join_text(r, made);
	if (n->kind == PY_DEF ||
	    (!parent->parent &&
	        (n->kind == PY_CLASS ||
	            pytree_is_other(n, "decorated_definition"))))
		partial_copies(r, parent, n);
}

struct py_node *
partial_evaluate(struct program *p)
{
	struct partial r = {.p = p, .left = MAX_NODES};
	struct py_node *root;

	r.of = arena_array(p->arena, struct special *, p->all.n + 1);
	r.kept = arena_array(p->arena, bool, p->all.n + 1);
	r.gone = arena_array(p->arena, bool, p->all.n + 1);
	r.grown = arena_array(p->arena, struct growing *, p->all.n + 1);
	partial_specialise(&r);
	partial_grow(&r);
	partial_flatten(&r);
	root = partial_add(&r, NULL, p->root);
	partial_children(&r, root, p->root, 0, NULL);
	if (r.failed || !r.changed || !keeps_calls(&r))
		return NULL;
	pytree_number(root);
	return root;
}

#include "base/base.h"

#include "gate/partial_parts.h"

#include "gate/uses.h"

#define MAX_ROUNDS 200

/* The target gets the value; false: it cannot be told, or not be put there. */
static bool
stand_in(struct partial *r, const struct py_node *target, struct known value,
    const struct stand_in **with)
{
	struct known whole;
	size_t i;

	if (target->kind == PY_NAME) {
		/* Another name for the same thing stays a name. */
		if (value.node->kind != PY_NAME ||
		    !partial_is_constant(r, value.node, false)) {
			whole = partial_known(r, value.node, value.with);
			value = whole.node ? whole : value;
		}
		if (!partial_is_constant(r, value.node, false) ||
		    !partial_may_stand_for(r, target, value.node))
			return false;
		*with = partial_stand_in(r, target->text, value, *with);
		return true;
	}
	value = partial_known(r, value.node, value.with);
	if (target->kind != PY_LIST || !value.node ||
	    value.node->kind != PY_LIST || value.node->is_odd ||
	    value.node->n != target->n || pytree_has(value.node, PY_STAR))
		return false;
	for (i = 0; i < target->n; i++) {
		if (!stand_in(r, target->child[i],
		        (struct known){value.node->child[i], value.with}, with))
			return false;
	}
	return true;
}

static bool
names_are_bound(const struct partial *r, const struct py_node *n,
    const struct py_node *target)
{
	size_t i;

	if (target->kind == PY_NAME)
		return partial_is_bound(r, n, target->text, true);
	for (i = 0; i < target->n; i++) {
		if (names_are_bound(r, n, target->child[i]))
			return true;
	}
	return false;
}

/* A break or continue of this loop, or what may not be there twice. */
static bool
is_odd_body(const struct py_node *n, bool inner)
{
	bool loop = n->kind == PY_FOR || pytree_is_other(n, "while_statement");
	size_t i;

	if (n->kind == PY_DEF || n->kind == PY_CLASS || n->kind == PY_IMPORT ||
	    n->kind == PY_FROM || n->kind == PY_GLOBAL ||
	    (!inner &&
	        (pytree_is_other(n, "break_statement") ||
	            pytree_is_other(n, "continue_statement"))))
		return true;
	for (i = 0; i < n->n; i++) {
		if (is_odd_body(n->child[i], inner || loop))
			return true;
	}
	return false;
}

static size_t
size_of(const struct py_node *n)
{
	return pytree_last(n) - n->order + 1;
}

/* Another loop around the node gives the name its values. */
static bool
is_of_loop(const struct py_node *n, const struct py_node *until,
    const char *name)
{
	const struct py_node *from = n;

	for (n = n->parent; n && n != until; from = n, n = n->parent) {
		size_t i;

		if (n->kind == PY_FOR && n->child[0] != from &&
		    n->child[1] != from && pytree_names(n->child[0], name))
			return true;
		for (i = 1; n->kind == PY_EACH && i < n->n; i++) {
			if (n->child[i]->kind == PY_FOR &&
			    pytree_names(n->child[i]->child[0], name))
				return true;
		}
	}
	return false;
}

/* The name of a loop is read, or may be, where the loop is not. */
static bool
is_read_outside(struct partial *r, const struct py_node *loop, const char *name)
{
	const struct py_node *function = program_function(loop);
	size_t i;

	if (!program_charge(r->p, r->p->all.n / 64 + 1))
		return true;
	for (i = 0; i < r->p->all.n; i++) {
		const struct py_node *n = r->p->all.v[i];
		const struct binding *b;

		if (n->kind != PY_NAME || !str_eq(n->text, name) ||
		    uses_is_stored(n) || pytree_is_within(n, loop) ||
		    (function && !pytree_is_within(n, function)) ||
		    is_of_loop(n, function, name))
			continue;
		/* A parameter, say, or a name of another function. */
		b = program_only(r->p, n);
		if (!b || b->scope == (function ? function : r->p->root))
			return true;
	}
	return false;
}

static bool
are_read_outside(struct partial *r, const struct py_node *loop,
    const struct py_node *target)
{
	size_t i;

	if (target->kind == PY_NAME)
		return is_read_outside(r, loop, target->text);
	for (i = 0; i < target->n; i++) {
		if (are_read_outside(r, loop, target->child[i]))
			return true;
	}
	return false;
}

/* A list or dictionary stands there in which something is called: to leave an
 * element out would leave that out. */
static bool
lists_calls(const struct py_node *n)
{
	size_t i;

	if ((n->kind == PY_LIST || n->kind == PY_DICT) && partial_calls(n))
		return true;
	for (i = 0; i < n->n; i++) {
		if (lists_calls(n->child[i]))
			return true;
	}
	return false;
}

bool
partial_loop(struct partial *r, struct py_node *parent,
    const struct py_node *loop, const struct stand_in *with)
{
	LIST_OF(const struct stand_in *) rounds = {0};
	struct knowns items = {0};
	size_t i;
	size_t k;

	if (loop->n < 3 || parent->kind == PY_CLASS ||
	    !partial_elements(r, loop->child[1], with, &items) ||
	    items.n == 0 || items.n > MAX_ROUNDS ||
	    items.n * size_of(loop) > r->left ||
	    are_read_outside(r, loop, loop->child[0]))
		return false;
	for (i = 2; i < loop->n; i++) {
		if (pytree_is_other(loop->child[i], "else_clause") ||
		    is_odd_body(loop->child[i], false) ||
		    names_are_bound(r, loop->child[i], loop->child[0]))
			return false;
	}
	for (i = 0; i < items.n; i++) {
		const struct stand_in *one = with;

		if (!stand_in(r, loop->child[0], items.v[i], &one))
			return false;
		*LIST_ADD(r->p->arena, &rounds) = one;
	}
	/* What is called in what is gone through is called before. */
	if (lists_calls(loop->child[1]))
		partial_build(r, parent, loop->child[1], with);
	else
		partial_keep(r, loop->child[1]);
	for (k = 0; k < rounds.n; k++)
		partial_children(r, parent, loop, 2, rounds.v[k]);
	r->changed = true;
	return true;
}

struct rounds {
	const struct stand_in **v;
	size_t n;
	size_t cap;
};

/* The rounds of a comprehension, from one of its clauses on. */
static bool
find_rounds(struct partial *r, const struct py_node *each, size_t clause,
    const struct stand_in *with, struct rounds *ret)
{
	const struct py_node *n;
	struct knowns items = {0};
	size_t i;
	int truth;

	if (clause == each->n) {
		*LIST_ADD(r->p->arena, ret) = with;
		return ret->n <= MAX_ROUNDS;
	}
	n = each->child[clause];
	if (pytree_is_other(n, "if_clause") && n->n == 1) {
		truth = partial_truth(r, n->child[0], with);
		return truth == 0 ||
		    (truth > 0 && find_rounds(r, each, clause + 1, with, ret));
	}
	if (n->kind != PY_FOR || n->n != 2 || lists_calls(n->child[1]) ||
	    !partial_elements(r, n->child[1], with, &items) ||
	    items.n > MAX_ROUNDS)
		return false;
	for (i = 0; i < items.n; i++) {
		const struct stand_in *one = with;

		if (!stand_in(r, n->child[0], items.v[i], &one) ||
		    !find_rounds(r, each, clause + 1, one, ret))
			return false;
	}
	return true;
}

/* Who takes all of a generator at once. */
static bool
is_taken(const struct partial *r, const struct py_node *each)
{
	static const char *const takers[] = {"join", "list", "tuple", "set",
	    "dict", "sorted", "all", "any", "sum"};
	const struct py_node *up = each->parent;

	if (!str_starts(each->text, "gen"))
		return true;
	if (up->kind == PY_STAR)
		return up->parent->kind == PY_CALL;
	return up->kind == PY_CALL && up->n == 2 && up->child[0] != each &&
	    STR_IS_IN(pytree_called(up), takers) &&
	    !program_has(r->p, up->child[0]);
}

/* Its names are read where they are, and not later. */
static bool
is_plain_each(const struct partial *r, const struct py_node *each)
{
	size_t i;
	size_t k;

	for (i = 1; i < each->n; i++) {
		if (each->child[i]->kind != PY_FOR)
			continue;
		for (k = 0; k < each->n; k++) {
			if (k != i &&
			    names_are_bound(r, each->child[k],
			        each->child[i]->child[0]))
				return false;
		}
	}
	return is_taken(r, each);
}

bool
partial_comprehension(struct partial *r, struct py_node *parent,
    const struct py_node *each, const struct stand_in *with)
{
	struct py_node like = *each;
	struct rounds rounds = {0};
	struct py_node *n;
	size_t i;

	if (!is_plain_each(r, each) || !find_rounds(r, each, 1, with, &rounds))
		return false;
	like.text = "";
	like.kind = str_starts(each->text, "dict") ? PY_DICT : PY_LIST;
	like.is_odd = str_starts(each->text, "set");
	like.is_tuple = str_starts(each->text, "gen");
	n = partial_add(r, parent, &like);
	for (i = 0; i < rounds.n && !r->failed; i++)
		partial_build(r, n, each->child[0], rounds.v[i]);
	r->changed = true;
	return true;
}

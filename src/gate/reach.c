#include "base/base.h"

#include "gate/reach.h"

#define MAX_CALLS 8 /* of calls, on the way to where a name is set */
#define MAX_WAYS 64
#define STEP 256 /* statements that are as much work as a step of the budget */

struct reaching {
	struct program *program;
	const char *name;
	struct reached *ret;
	LIST_OF(const struct binding *) bound; /* in the scope */
	const struct py_node *scope;           /* a function; NULL: the top */
	bool doubt;                            /* a later one may replace it */
	bool renews; /* a value was found that reads the name itself */
	bool sets;   /* or one that does not */
	unsigned calls;
	size_t work; /* since the budget was asked */
};

/* What of the values before a statement is left behind it. */
enum left { LEFT_ALL, LEFT_DOUBT, LEFT_NONE };

static enum left gen(struct reaching *r, const struct py_node *n);

static void
add(struct reaching *r, const struct binding *b)
{
	struct way *w;
	size_t i;

	if (b->kind == BIND_VALUE && pytree_is_other(b->value, "none"))
		return;
	for (i = 0; i < r->ret->n; i++) {
		w = &r->ret->v[i];
		if (w->binding != b)
			continue;
		w->doubt = w->doubt && r->doubt;
		return;
	}
	if (r->ret->n >= MAX_WAYS) {
		r->ret->unknown = true;
		return;
	}
	w = LIST_ADD(r->program->arena, r->ret);
	*w = (struct way){.binding = b, .doubt = r->doubt};
}

/* A target of that name is set there: adds what it is bound to. */
static bool
gen_target(struct reaching *r, const struct py_node *target)
{
	bool found = false;
	size_t i;

	if (target->kind == PY_LIST || target->kind == PY_STAR) {
		for (i = 0; i < target->n; i++)
			found = gen_target(r, target->child[i]) || found;
		return found;
	}
	if (target->kind != PY_NAME || !str_eq(target->text, r->name))
		return false;
	for (i = 0; i < r->bound.n; i++) {
		const struct binding *b = r->bound.v[i];

		if (b->node != target)
			continue;
		r->work += r->bound.n / 8;
		if (b->value && pytree_names(b->value, r->name))
			r->renews = true;
		else
			r->sets = true;
		add(r, b);
	}
	return true;
}

static bool
is_clause(const struct py_node *n)
{
	static const char *const clauses[] = {"elif_clause", "else_clause",
	    "except_clause", "except_group_clause", "finally_clause",
	    "case_clause"};

	return n->kind == PY_OTHER && STR_IS_IN(n->text, clauses);
}

static bool
is_loop(const struct py_node *n)
{
	return (n->kind == PY_FOR && n->parent->kind != PY_EACH) ||
	    pytree_is_other(n, "while_statement");
}

/* The statements of a block, but for its clauses. */
static enum left
gen_block(struct reaching *r, const struct py_node *n, size_t from, size_t to)
{
	enum left all = LEFT_ALL;

	while (to-- > from) {
		enum left left = LEFT_ALL;

		if (!is_clause(n->child[to]))
			left = gen(r, n->child[to]);
		if (left == LEFT_NONE)
			return LEFT_NONE;
		if (left == LEFT_DOUBT) {
			all = LEFT_DOUBT;
			r->doubt = true;
		}
	}
	return all;
}

/* A block that may run, or not: what it finds is no surer, nor less sure, than
 * what stands behind it. */
static enum left
gen_branch(struct reaching *r, const struct py_node *n)
{
	bool doubt = r->doubt;
	enum left left = gen_block(r, n, 0, n->n);

	r->doubt = doubt;
	return left;
}

/* Where some way leads past the statement. A step that only changes what is
 * there is one that the author wants. */
static enum left
left_past(const struct reaching *r)
{
	return r->renews && !r->sets ? LEFT_DOUBT : LEFT_ALL;
}

/* if, match: one of the branches runs, perhaps. */
static enum left
gen_if(struct reaching *r, const struct py_node *n)
{
	bool is_match = str_eq(n->text, "match_statement");
	bool ends = is_match || gen_branch(r, n) == LEFT_NONE;
	bool otherwise = false;
	size_t i;

	for (i = 0; i < n->n; i++) {
		if (!is_clause(n->child[i]))
			continue;
		otherwise = otherwise ||
		    str_eq(n->child[i]->text, "else_clause");
		ends = gen_branch(r, n->child[i]) == LEFT_NONE && ends;
	}
	return ends && otherwise ? LEFT_NONE : left_past(r);
}

static enum left
gen_try(struct reaching *r, const struct py_node *n)
{
	bool ends = true;
	enum left left;
	size_t i = n->n;

	while (i-- > 0) {
		if (!is_clause(n->child[i]))
			continue;
		left = gen_branch(r, n->child[i]);
		if (str_starts(n->child[i]->text, "except"))
			ends = ends && left == LEFT_NONE;
		else if (left == LEFT_NONE &&
		    str_eq(n->child[i]->text, "finally_clause"))
			return LEFT_NONE;
	}
	left = gen_branch(r, n);
	return ends ? left : left_past(r);
}

/* What is gone through has something in it. */
static bool
surely_runs(const struct reaching *r, const struct py_node *n)
{
	const struct binding *b = program_only(r->program, n);
	const char *name;

	if (b && b->kind == BIND_VALUE)
		n = b->value;
	if (n->kind == PY_LIST || n->kind == PY_DICT)
		return n->n > 0 && !pytree_has(n, PY_STAR);
	if (n->kind != PY_CALL)
		return false;
	name = pytree_called(n);
	if (n->child[0]->kind == PY_ATTRIBUTE)
		return n->n == 1 && str_eq(name, "items") &&
		    surely_runs(r, n->child[0]->child[0]);
	return n->n > 1 &&
	    (str_eq(name, "enumerate") || str_eq(name, "sorted") ||
	        str_eq(name, "reversed")) &&
	    surely_runs(r, n->child[1]);
}

static enum left
gen_loop(struct reaching *r, const struct py_node *n)
{
	bool is_for = n->kind == PY_FOR;
	bool runs = is_for ? surely_runs(r, n->child[1])
	                   : pytree_is_other(n->child[0], "true");
	bool is_set = is_for && gen_target(r, n->child[0]);
	bool ends = gen_branch(r, n) == LEFT_NONE;
	size_t i;

	for (i = 0; i < n->n; i++) {
		if (is_clause(n->child[i]))
			gen_branch(r, n->child[i]);
	}
	return runs && (ends || is_set) ? LEFT_NONE : left_past(r);
}

static enum left
gen_compound(struct reaching *r, const struct py_node *n)
{
	bool renews = r->renews;
	bool sets = r->sets;
	enum left left = LEFT_ALL;

	r->renews = false;
	r->sets = false;
	if (is_loop(n))
		left = gen_loop(r, n);
	else if (str_eq(n->text, "if_statement") ||
	    str_eq(n->text, "match_statement"))
		left = gen_if(r, n);
	else if (str_eq(n->text, "try_statement"))
		left = gen_try(r, n);
	else if (str_eq(n->text, "with_statement"))
		left = gen_block(r, n, 0, n->n);
	r->renews = r->renews || renews;
	r->sets = r->sets || sets;
	return left;
}

/* So many ways, or so much work, that nobody looks on. */
static bool
is_over(struct reaching *r)
{
	if (++r->work >= STEP) {
		r->ret->unknown = !program_charge(r->program, r->work / STEP) ||
		    r->ret->unknown;
		r->work = 0;
	}
	return r->ret->unknown &&
	    (r->ret->n >= MAX_WAYS || r->program->budget == 0);
}

/* Of a statement: adds the values that it gives the name. */
static enum left
gen(struct reaching *r, const struct py_node *n)
{
	size_t i;

	if (is_over(r))
		return LEFT_NONE;
	switch ((int)n->kind) {
	case PY_ASSIGN:
	case PY_ADD:
		return n->n > 1 && gen_target(r, n->child[0]) ? LEFT_NONE
		                                              : LEFT_ALL;
	case PY_RETURN:
		return LEFT_NONE;
	case PY_FOR:
		return is_loop(n) ? gen_compound(r, n) : LEFT_ALL;
	case PY_DEF:
	case PY_CLASS:
	case PY_IMPORT:
	case PY_FROM:
		for (i = 0; i < r->bound.n; i++) {
			if (r->bound.v[i]->node != n)
				continue;
			add(r, r->bound.v[i]);
			return LEFT_NONE;
		}
		return LEFT_ALL;
	case PY_OTHER:
		return str_eq(n->text, "raise_statement") ? LEFT_NONE
		                                          : gen_compound(r, n);
	default:
		return LEFT_ALL;
	}
}

static size_t
place_of(const struct py_node *n)
{
	size_t i = 0;

	while (i < n->parent->n && n->parent->child[i] != n)
		i++;
	return i;
}

/* What is set before n in the block that n stands in. */
static enum left
gen_before(struct reaching *r, const struct py_node *n)
{
	const struct py_node *up = n->parent;
	enum left left;

	if (!is_clause(n)) {
		left = gen_block(r, up, 0, place_of(n));
	} else if (str_eq(up->text, "try_statement") || is_loop(up)) {
		/* It may have gone wrong anywhere. */
		left = gen_branch(r, up);
		if (!is_loop(up) && str_eq(n->text, "else_clause"))
			return left;
		return LEFT_ALL;
	} else {
		return LEFT_ALL;
	}
	/* The rounds before; what is gone through is computed once. */
	if (left != LEFT_NONE && is_loop(up) &&
	    (up->kind != PY_FOR || place_of(n) > 1)) {
		gen_branch(r, up);
		if (up->kind == PY_FOR && gen_target(r, up->child[0]))
			return LEFT_NONE;
	}
	return left;
}

/* From where n stands up to the start of the function. */
static void
climb(struct reaching *r, const struct py_node *n)
{
	size_t i;

	r->doubt = false;
	for (; n->parent && n != r->scope; n = n->parent) {
		enum left left = gen_before(r, n);

		if (left == LEFT_NONE)
			return;
		r->doubt = r->doubt || left == LEFT_DOUBT;
	}
	for (i = 0; i < r->bound.n; i++) {
		if (r->bound.v[i]->kind == BIND_PARAM)
			add(r, r->bound.v[i]);
	}
}

/* From a place in the function that has the name, or in one within it: that
 * sees what is set where it is called. */
static void
reach_from(struct reaching *r, const struct py_node *at)
{
	const struct py_node *f = program_function(at);
	const struct program *p = r->program;
	bool found = false;
	size_t i;

	if (f == r->scope || !f) {
		climb(r, at);
		return;
	}
	if (f->kind == PY_LAMBDA) {
		reach_from(r, f);
		return;
	}
	for (i = 0; i < p->calls.n && r->calls < MAX_CALLS; i++) {
		const struct py_node *call = p->calls.v[i];

		if (!str_eq(pytree_called(call), f->text) ||
		    program_function(call) == f)
			continue;
		found = true;
		r->calls++;
		reach_from(r, call);
		r->calls--;
	}
	if (found)
		return;
	r->doubt = false;
	gen_block(r, r->scope ? r->scope : p->root, 0,
	    r->scope ? r->scope->n : p->root->n);
}

static void
note(const struct binding *b, void *data)
{
	struct reaching *r = data;

	*LIST_ADD(r->program->arena, &r->bound) = b;
}

/* The comprehension of a name that is seen nowhere else. */
static const struct py_node *
comprehension_of(const struct binding *b)
{
	const struct py_node *n = b->node;

	while (n && n->kind != PY_EACH)
		n = n->parent;
	return n;
}

static bool
is_in_order(const struct binding *b)
{
	const struct py_node *up = b->node->parent;

	/* x := y stands in an expression; others in a statement. */
	return b->kind != BIND_VALUE || up->kind == PY_LIST ||
	    up->parent->kind == PY_FOR || up->parent->kind == PY_DEF ||
	    up->parent->kind == PY_CLASS || up->parent->kind == PY_OTHER;
}

void
reach_name(struct program *p, const struct py_node *name, struct reached *ret)
{
	struct reaching r = {.program = p, .name = name->text, .ret = ret};
	size_t i;

	*ret = (struct reached){0};
	program_resolve(p, name, note, &r);
	for (i = 0; i < r.bound.n; i++) {
		const struct binding *b = r.bound.v[i];

		if (b->is_inner &&
		    pytree_is_within(name, comprehension_of(b))) {
			add(&r, b);
			return;
		}
	}
	for (i = 0; i < r.bound.n; i++) {
		const struct binding *b = r.bound.v[i];

		if (!b->is_inner)
			r.scope = b->scope;
	}
	if (!r.scope || !program_charge(p, r.bound.n / 64 + 1))
		return;
	for (i = 0; i < r.bound.n; i++) {
		const struct binding *b = r.bound.v[i];

		ret->unknown = ret->unknown || b->kind == BIND_OTHER ||
		    b->kind == BIND_ADDED || !is_in_order(b);
		/* global x; a name of a class */
		if (r.scope->kind == PY_CLASS ||
		    (b->kind != BIND_PARAM && !b->is_inner &&
		        program_function(b->node) !=
		            (r.scope == p->root ? NULL : r.scope)))
			add(&r, b);
	}
	if (r.scope->kind == PY_CLASS)
		return;
	if (r.scope == p->root)
		r.scope = NULL;
	reach_from(&r, name);
}

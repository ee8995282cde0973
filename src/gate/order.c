#include "base/base.h"

#include "gate/order.h"

#include "gate/calls.h"
#include "gate/columns.h"
#include "gate/flow.h"
#include "gate/testing.h"
#include "gate/uses.h"

/* Functions that call each other, before nobody follows them. */
#define MAX_DEPTH 10

struct order {
	struct program *p;
	const char *word;
	unsigned depth;
};

const struct py_node *
order_body(const struct py_node *n)
{
	const struct py_node *from = n;

	for (n = n->parent; n; from = n, n = n->parent) {
		/* Defaults and hints are computed around it. */
		if ((n->kind == PY_DEF || n->kind == PY_LAMBDA) &&
		    n->child[0] != from && !pytree_is_other(from, "hints"))
			return n;
	}
	return NULL;
}

/* except, finally, else, elif, and what a with-statement opens. */
static bool
is_clause(const struct py_node *n)
{
	return n->kind == PY_OTHER && str_ends(n->text, "_clause");
}

/* A return before the node; or any yield, where that is asked. */
static bool
gives(const struct py_node *around, const struct py_node *n, bool yields)
{
	size_t i;

	for (i = 0; i < around->n; i++) {
		const struct py_node *c = around->child[i];

		if (c->kind == PY_RETURN &&
		    (yields ? c->is_odd
		            : c->order < n->order && !pytree_is_within(n, c)))
			return true;
		if (c->kind != PY_DEF && c->kind != PY_LAMBDA &&
		    gives(c, n, yields))
			return true;
	}
	return false;
}

static bool
leaves(const struct py_node *n)
{
	size_t i;

	if (n->kind == PY_RETURN || pytree_is_other(n, "break_statement") ||
	    pytree_is_other(n, "continue_statement"))
		return true;
	for (i = 0; i < n->n; i++) {
		if (leaves(n->child[i]))
			return true;
	}
	return false;
}

/* Behind the clause, nothing of the function goes on; nor of its callers,
 * unless it may return. */
static bool
ends(const struct program *p, const struct py_node *clause, bool may_return)
{
	size_t i;

	if (!may_return && leaves(clause))
		return false;
	for (i = 0; i < clause->n; i++) {
		const struct py_node *c = clause->child[i];

		if (pytree_is_other(c, "raise_statement") ||
		    c->kind == PY_RETURN ||
		    pytree_is_other(c, "break_statement") ||
		    pytree_is_other(c, "continue_statement"))
			return true;
		if (c->kind == PY_CALL && str_eq(pytree_called(c), "exit") &&
		    c->child[0]->kind == PY_ATTRIBUTE &&
		    !program_has(p, c->child[0]))
			return true;
	}
	return false;
}

/* An error goes no further. */
static bool
swallows(const struct program *p, const struct py_node *try, bool may_return)
{
	size_t i;

	for (i = 0; i < try->n; i++) {
		const struct py_node *c = try->child[i];

		if (is_clause(c) && str_starts(c->text, "except") &&
		    !ends(p, c, may_return))
			return true;
		if (pytree_is_other(c, "finally_clause") && leaves(c))
			return true;
	}
	return false;
}

static bool
holds(const struct py_node *n, const char *text)
{
	size_t i;

	for (i = 0; i < n->n; i++) {
		if (pytree_is_other(n->child[i], text) ||
		    holds(n->child[i], text))
			return true;
	}
	return false;
}

/* The one that decorates a function; NULL. */
static const struct py_node *
decorator(const struct py_node *def)
{
	const struct py_node *up = def->parent;

	return pytree_is_other(up, "decorated_definition") && up->n == 2 &&
	        pytree_is_other(up->child[0], "decorator") &&
	        up->child[0]->n == 1
	    ? up->child[0]->child[0]
	    : NULL;
}

/* contextmanager, of a function in which no error ends. */
static bool
opens_plainly(const struct program *p, const struct py_node *call)
{
	const struct py_node *def = call->kind == PY_CALL
	    ? program_callee(p, call)
	    : NULL;
	const struct py_node *d = def && def->kind == PY_DEF ? decorator(def)
	                                                     : NULL;
	const struct binding *b = NULL;

	if (d && d->kind == PY_ATTRIBUTE && str_eq(d->text, "contextmanager"))
		b = program_only(p, d->child[0]);
	else if (d)
		b = program_only(p, d);
	return b && b->kind == BIND_IMPORT &&
	    str_eq(b->node->text,
	        d->kind == PY_NAME ? "contextmanager" : "contextlib") &&
	    !holds(def, "except_clause") && !holds(def, "finally_clause") &&
	    !holds(def, "with_statement");
}

/* What it opens lets errors through. */
static bool
is_open(const struct program *p, const struct py_node *with)
{
	const struct py_node *clause = with->child[0];
	size_t i;

	for (i = 0; is_clause(clause) && i < clause->n; i++) {
		const struct py_node *item = clause->child[i];

		if (pytree_is_other(item, "with_item") && item->n == 1)
			item = item->child[0];
		if (item->kind == PY_AS && item->n > 0)
			item = item->child[0];
		if (!opens_plainly(p, item))
			return false;
	}
	return is_clause(clause);
}

/* A decorator hands the name of its function to wraps(), asks its name, or
 * calls it in the function that it gives in its place. */
static bool
is_kept(const struct program *p, const struct py_node *name,
    const struct py_node *wrapper)
{
	const struct py_node *up = name->parent;

	if (up->kind == PY_ATTRIBUTE)
		return str_eq(up->text, "__name__");
	if (up->kind != PY_CALL)
		return false;
	if (up->child[0] == name)
		return order_body(up) == wrapper;
	return str_eq(program_called(p, up), "wraps") && !program_callee(p, up);
}

/* What a decorator of the program's own gives in place of a function: a
 * function in it, which it neither calls nor decorates itself; NULL. */
static const struct py_node *
wrapper_of(struct program *p, const struct py_node *outer)
{
	const struct py_node *last = outer->child[outer->n - 1];
	const struct binding *b = last->kind == PY_RETURN && last->n == 1
	    ? program_only(p, last->child[0])
	    : NULL;
	const struct py_node *d;

	if (uses_is_decorated(outer) || outer->is_odd || last->is_odd ||
	    outer->child[0]->n != 1 || gives(outer, last, false) || !b ||
	    b->kind != BIND_DEF || b->scope != outer || b->node->is_odd ||
	    gives(b->node, b->node, true))
		return NULL;
	d = decorator(b->node);
	return !uses_is_decorated(b->node) ||
	        (d && d->kind == PY_CALL &&
	            str_eq(program_called(p, d), "wraps") &&
	            !program_callee(p, d))
	    ? b->node
	    : NULL;
}

/* A decorated function runs when it is called by its name, and not before;
 * surely, where that is asked. */
static bool
is_wrapped(struct program *p, const struct py_node *def, bool surely)
{
	const struct py_node *d = decorator(def);
	const struct binding *b = d ? program_only(p, d) : NULL;
	const struct py_node *outer = b && b->kind == BIND_DEF ? b->node : NULL;
	const struct py_node *wrapper = outer ? wrapper_of(p, outer) : NULL;
	bool found = !surely;
	size_t i;

	for (i = outer ? outer->order : 0; wrapper && i < p->all.n; i++) {
		const struct py_node *n = p->all.v[i];

		if (!pytree_is_within(n, outer))
			break;
		b = n->kind == PY_NAME ? program_only(p, n) : NULL;
		if (b && b->node == wrapper &&
		    n->parent != outer->child[outer->n - 1])
			return false;
		if (n->kind != PY_NAME ||
		    !str_eq(n->text, outer->child[0]->child[0]->text))
			continue;
		if (!b || b->node != outer->child[0]->child[0] ||
		    !is_kept(p, n, wrapper))
			return false;
		found = found || order_is_sure(p, n->parent, wrapper);
	}
	return wrapper && found;
}

/* Where the node around it has run, so has the one within. */
static bool
is_certain(const struct program *p, const struct py_node *up,
    const struct py_node *from, bool may_return)
{
	switch ((int)up->kind) {
	case PY_CALL:
	case PY_ATTRIBUTE:
	case PY_ASSIGN:
	case PY_KEYWORD:
	case PY_LIST:
	case PY_RETURN:
		return true;
	case PY_OTHER:
		if (pytree_is_other(up, "finally_clause"))
			return true;
		if (pytree_is_other(up, "with_statement"))
			return !is_clause(from) && is_open(p, up);
		return pytree_is_other(up, "try_statement") &&
		    (pytree_is_other(from, "finally_clause") ||
		        (!is_clause(from) && !swallows(p, up, may_return)));
	default:
		return false;
	}
}

/* Of the nodes between, each has run where the upper one has. */
static bool
is_certain_up_to(const struct program *p, const struct py_node *n,
    const struct py_node *top, bool may_return)
{
	while (n->parent != top) {
		if (!n->parent || !is_certain(p, n->parent, n, may_return))
			return false;
		n = n->parent;
	}
	return true;
}

bool
order_is_sure(struct program *p, const struct py_node *n,
    const struct py_node *def)
{
	return def->kind == PY_DEF && !def->is_odd && !gives(def, n, false) &&
	    is_certain_up_to(p, n, def, false);
}

bool
order_calls(struct program *p, const struct py_node *call,
    const struct py_node *def)
{
	return str_eq(pytree_called(call), def->text) &&
	    program_callee(p, call) == def && flow_calls_own(p, call) &&
	    (!uses_is_decorated(def) || is_wrapped(p, def, true)) &&
	    !gives(def, def, true);
}

const struct py_node *
order_given(const struct program *p, const struct py_node *call,
    const struct py_node *def, const struct py_node *name)
{
	const struct binding *b = name && name->kind == PY_NAME
	    ? program_only(p, name)
	    : NULL;

	if (!b || b->kind != BIND_PARAM || b->scope != def ||
	    pytree_has(call, PY_STAR) || uses_is_decorated(def))
		return NULL;
	return pytree_argument(call, program_place(b->node), b->name);
}

/* Statements that stand one behind the other there. */
static bool
is_list(const struct py_node *n)
{
	static const char *const lists[] = {"module", "if_statement",
	    "elif_clause", "else_clause", "while_statement", "try_statement",
	    "except_clause", "finally_clause", "with_statement"};

	return n->kind == PY_DEF || n->kind == PY_CLASS || n->kind == PY_FOR ||
	    (n->kind == PY_OTHER && STR_IS_IN(n->text, lists));
}

/* The same, of two nodes of one function. */
static bool
is_before_here(const struct program *p, const struct py_node *first,
    const struct py_node *second)
{
	const struct py_node *top = first->parent;
	const struct py_node *a = first;
	const struct py_node *b = second;

	if (first == second || pytree_is_within(second, first))
		return false;
	while (top && !pytree_is_within(second, top))
		top = top->parent;
	if (!top || !is_certain_up_to(p, first, top, true))
		return false;
	if (top == second)
		return true;
	while (a->parent != top)
		a = a->parent;
	while (b->parent != top)
		b = b->parent;
	if (is_clause(a) || !is_list(top) || a->order > b->order)
		return false;
	return !is_clause(b) ||
	    (pytree_is_other(top, "try_statement") &&
	        pytree_is_other(b, "else_clause"));
}

/* A test or fixture asks for the fixture, or it runs for all of them. */
static bool
asks(const struct program *p, const struct py_node *def,
    const struct py_node *fixture, unsigned depth)
{
	const struct py_node *call = fixture_call(fixture);
	size_t i;

	if (!def || def->kind != PY_DEF || depth >= MAX_DEPTH ||
	    (!test_is(def) && !fixture_is(def)))
		return false;
	if (call->kind == PY_CALL && pytree_argument(call, -1, "autouse"))
		return true;
	for (i = 0; i < def->child[0]->n; i++) {
		const char *name = def->child[0]->child[i]->text;
		const struct py_node *asked = fixture_find(p, name);

		if (str_eq(name, fixture_name(fixture)) ||
		    (asked && asked != def &&
		        asks(p, asked, fixture, depth + 1)))
			return true;
	}
	/* usefixtures("…") */
	if (!pytree_is_other(def->parent, "decorated_definition"))
		return false;
	for (i = def->parent->order; i < def->order; i++) {
		if (p->all.v[i]->kind == PY_STRING &&
		    str_eq(p->all.v[i]->text, fixture_name(fixture)))
			return true;
	}
	return false;
}

static bool is_before(struct order *o, const struct py_node *first,
    const struct py_node *second, const struct py_node *arg);

/* A call of the function that the first stands in comes before the second. */
static bool
is_called_before(struct order *o, const struct py_node *first,
    const struct py_node *second, const struct py_node *arg)
{
	const struct py_node *def = order_body(first);
	size_t i;

	if (!def || !order_is_sure(o->p, first, def))
		return false;
	if (o->p->testing && fixture_is(def))
		return asks(o->p, order_body(second), def, 0);
	for (i = 0; i < o->p->calls.n; i++) {
		if (order_calls(o->p, o->p->calls.v[i], def) &&
		    is_before(o, o->p->calls.v[i], second, arg))
			return true;
	}
	return false;
}

/* The first comes before the function that the second stands in, or before each
 * of its calls. */
static bool
is_before_calls(struct order *o, const struct py_node *first,
    const struct py_node *second, const struct py_node *arg)
{
	const struct py_node *def = order_body(second);
	size_t found = 0;
	size_t i;

	if (!def)
		return false;
	if (is_before(o, first, def, NULL))
		return true;
	if (def->kind != PY_DEF || !program_is_only_called(o->p, def) ||
	    (uses_is_decorated(def) && !is_wrapped(o->p, def, false)))
		return false;
	for (i = 0; i < o->p->calls.n; i++) {
		const struct py_node *call = o->p->calls.v[i];
		const struct py_node *given = order_given(o->p, call, def, arg);
		const char *text = o->word ? flow_constant(o->p, given) : NULL;

		if (!str_eq(pytree_called(call), def->text) ||
		    (text && !text_has_word(text, o->word)) ||
		    (call_reads_files(call) &&
		        !map_get(&o->p->members, slice_of("read"), 0)))
			continue;
		if (!is_before(o, first, call, given))
			return false;
		found++;
	}
	return found > 0;
}

static bool
is_before(struct order *o, const struct py_node *first,
    const struct py_node *second, const struct py_node *arg)
{
	bool found;

	if (order_body(first) == order_body(second) &&
	    is_before_here(o->p, first, second))
		return true;
	if (o->depth >= MAX_DEPTH ||
	    !program_charge(o->p, o->p->all.n / 64 + 1))
		return false;
	o->depth++;
	found = is_called_before(o, first, second, arg) ||
	    is_before_calls(o, first, second, arg);
	o->depth--;
	return found;
}

bool
order_is_before_there(struct program *p, const struct py_node *first,
    const struct py_node *second)
{
	return order_body(first) == order_body(second) &&
	    is_before_here(p, first, second);
}

bool
order_is_before(struct program *p, const struct py_node *first,
    const struct py_node *second, const char *word)
{
	struct order o = {.p = p, .word = word};
	const struct py_node *arg = NULL;

	if (second->kind == PY_CALL && second->n > 1)
		arg = second->child[1];
	if (arg && arg->kind == PY_KEYWORD)
		arg = arg->n > 0 ? arg->child[0] : NULL;
	return is_before(&o, first, second, arg);
}

/* if __name__ == "__main__" */
static bool
is_guard(const struct py_node *n)
{
	const struct py_node *name = n->n > 0 && n->child[0]->n > 0
	    ? n->child[0]->child[0]
	    : NULL;

	return pytree_is_other(n, "if_statement") && name &&
	    str_eq(name->text, "__name__");
}

static bool
is_always(struct program *p, const struct py_node *n, unsigned depth)
{
	const struct py_node *def = order_body(n);
	size_t i;

	if (!def) {
		if (n->parent && is_guard(n->parent))
			n = n->parent;
		return is_certain_up_to(p, n, p->root, true);
	}
	if (depth >= MAX_DEPTH || !program_charge(p, p->all.n / 64 + 1) ||
	    !order_is_sure(p, n, def))
		return false;
	for (i = 0; i < p->calls.n; i++) {
		if (order_calls(p, p->calls.v[i], def) &&
		    is_always(p, p->calls.v[i], depth + 1))
			return true;
	}
	return false;
}

bool
order_is_always(struct program *p, const struct py_node *n)
{
	return is_always(p, n, 0);
}

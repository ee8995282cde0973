#include "base/base.h"

#include "gate/testing.h"

/* The test or fixture whose own statement it is, which runs it then and there;
 * NULL where it may be kept, and run some other time. */
static const struct py_node *
runs_in(const struct py_node *n)
{
	const struct py_node *up = n->parent;

	for (; up && up->kind != PY_DEF; up = up->parent) {
		if (up->kind == PY_LAMBDA || up->kind == PY_EACH ||
		    up->kind == PY_CLASS)
			return NULL;
	}
	return up && (test_is(up) || fixture_is(up)) ? up : NULL;
}

static bool
is_called(const struct py_node *n)
{
	return n->parent && n->parent->kind == PY_CALL &&
	    n->parent->child[0] == n;
}

const struct defined *
testing_constant(const struct program *p, const struct py_node *node)
{
	const struct defined *d = node->kind == PY_ATTRIBUTE
	    ? testing_find(p->testing, node->text)
	    : NULL;

	return d && d->made->kind != PY_DEF && d->made->kind != PY_CLASS &&
	        fixture_is_given(p, node->child[0], "code")
	    ? d
	    : NULL;
}

/* A value that may be a function of the code, or call one. */
static bool
is_function(const struct testing *t, const struct defined *d,
    const struct py_node *n)
{
	const struct defined *o = n->kind == PY_NAME ? testing_find(t, n->text)
	                                             : NULL;
	size_t i;

	if (n->kind == PY_LAMBDA ||
	    (o && o != d &&
	        (o->made->kind == PY_DEF || o->made->kind == PY_CLASS)))
		return true;
	for (i = 0; i < n->n; i++) {
		if (is_function(t, d, n->child[i]))
			return true;
	}
	return false;
}

/* Nobody can change it in its place. */
static bool
is_fixed(const struct py_node *value)
{
	return value->kind == PY_STRING || value->kind == PY_NUMBER ||
	    value->kind == PY_FORMAT || value->kind == PY_PLUS;
}

static void
check_value(struct program *p, const struct py_node *n, const struct defined *d)
{
	const struct testing *t = p->testing;
	bool called = n->parent->kind == PY_CALL &&
	    (is_called(n) || str_eq(pytree_called(n->parent), "raises"));

	if (d->constant == CONSTANT_UNSURE || called ||
	    is_function(t, d, d->made))
		program_say(p, G_WRITE, n,
		    "What %s of the code does cannot be told.", d->name);
	else if (d->constant == CONSTANT_NONE && !is_fixed(d->made) &&
	    d->is_open)
		program_say(p, G_WRITE, n,
		    "%s says what the code runs or where it writes; tests "
		    "leave it alone.",
		    d->name);
}

/* What tests may hand to it: a table or view of theirs, and a constant of the
 * code, which is looked at where it is set. */
static bool
may_take(struct program *p, const struct py_node *arg)
{
	const struct defined *d = testing_constant(p, arg);

	return d ? d->constant != CONSTANT_NONE && runs_in(arg)
	         : place_of(p, arg) != PLACE_UNKNOWN;
}

/* The parameter that an argument is for; NULL. */
static const struct py_node *
param_for(const struct py_node *list, const struct py_node *call,
    const struct py_node *arg)
{
	const struct py_node *value = arg->kind == PY_KEYWORD ? arg->child[0]
	                                                      : arg;
	size_t i;

	for (i = 0; i < list->n; i++) {
		const struct py_node *param = list->child[i];

		if (param->kind == PY_PARAM &&
		    pytree_argument(call, program_place(param), param->text) ==
		        value)
			return param;
	}
	return NULL;
}

static void
check_arguments(struct program *p, const struct py_node *n,
    const struct defined *d)
{
	const struct py_node *list = d->made->child[0];
	const struct py_node *call = n->parent;
	size_t i;

	if (!is_called(n)) {
		program_say(p, G_WRITE, n,
		    "%s is handed on, and with what it is called cannot be "
		    "told.",
		    d->name);
		return;
	}
	for (i = 1; i < call->n; i++) {
		const struct py_node *arg = call->child[i];
		const struct py_node *param = param_for(list, call, arg);

		if (param && !p->testing->open[param->order])
			continue;
		if (arg->kind == PY_KEYWORD)
			arg = arg->child[0];
		if (!param || !may_take(p, arg))
			program_say(p, G_TABLE_UNKNOWN, arg,
			    "%s runs it, or reads or writes what it names; "
			    "tests hand it tables and views of their own.",
			    d->name);
	}
}

/* Whoever writes is called where it stands: a function that is kept runs when
 * its target may be that of the mapping again. */
static void
check_writer(struct program *p, const struct py_node *n,
    const struct defined *d)
{
	bool called = is_called(n) ||
	    (n->parent->kind == PY_CALL &&
	        str_eq(pytree_called(n->parent), "raises"));

	if (d->made->kind == PY_CLASS || d->is_bound)
		program_say(p, G_WRITE, n,
		    "%s writes to a table that no constant of the code lets a "
		    "test set.",
		    d->name);
	else if (!called || !runs_in(n))
		program_say(p, G_WRITE, n,
		    "%s writes; call it in a test or fixture itself, where its "
		    "target is set.",
		    d->name);
}

void
testing_check_use(struct program *p, const struct py_node *name)
{
	const struct defined *d = testing_find(p->testing, name->text);
	bool is_class;

	if (!d)
		return;
	is_class = d->made->kind == PY_CLASS;
	if (!is_class && d->made->kind != PY_DEF) {
		check_value(p, name, d);
		return;
	}
	if (d->is_twice || (is_class && d->is_open) ||
	    (!is_class && d->gives_open))
		program_say(p, G_WRITE, name,
		    "What %s of the code does cannot be told.", d->name);
	else if (!is_class && d->is_open)
		check_arguments(p, name, d);
	if (d->writes)
		check_writer(p, name, d);
}

#include "base/base.h"

#include "gate/testing.h"

/* Passes over the tests: so often a folder is handed on. */
#define MAX_ROUNDS 20

/* What of pytest can do more than tests need. */
static const struct {
	const char *fixture;
	const char *attribute;
	bool is_called;
} allowed[] = {{"monkeypatch", "setattr", true}, {"request", "param", false},
    {"tmp_path_factory", "mktemp", true}, {"capsys", "readouterr", true},
    {"caplog", "text", false}, {"caplog", "records", false},
    {"caplog", "messages", false}, {"caplog", "clear", true},
    {"caplog", "set_level", true}, {"caplog", "at_level", true}};

static bool
is_guarded(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT_OF(allowed); i++) {
		if (str_eq(allowed[i].fixture, name))
			return true;
	}
	return false;
}

static bool
is_called(const struct py_node *n)
{
	return n->parent && n->parent->kind == PY_CALL &&
	    n->parent->child[0] == n;
}

void
testing_check_guarded(struct program *p, const struct py_node *n)
{
	const struct py_node *up = n->parent;
	size_t i;

	if (n->kind != PY_NAME || !is_guarded(n->text))
		return;
	for (i = 0; up->kind == PY_ATTRIBUTE && i < COUNT_OF(allowed); i++) {
		if (str_eq(allowed[i].fixture, n->text) &&
		    str_eq(allowed[i].attribute, up->text) &&
		    is_called(up) == allowed[i].is_called)
			return;
	}
	program_say(p, G_CALL, n,
	    "%s is handed on, or asked for more than tests need.", n->text);
}

void
testing_check_guarded_name(struct program *p, const struct binding *b)
{
	const struct py_node *def = b->kind == BIND_PARAM
	    ? b->node->parent->parent
	    : NULL;
	bool is_folder = str_eq(b->name, "tmp_path");

	if (!is_folder && !is_guarded(b->name))
		return;
	if (!def || b->node->n > 0 || def->kind != PY_DEF ||
	    (!is_folder && !test_is(def) && !fixture_is(def)))
		program_say(p, G_CALL, b->node,
		    "%s is a fixture of pytest; tests and fixtures take it as "
		    "a parameter.",
		    b->name);
}

/*
 * Folders: tmp_path, what is made from it, and who has it.
 */

struct paths {
	struct program *p;
	/* Of nodes, by their order: a name that is assigned one, a parameter
	 * that may be one, a function that may return one. */
	bool *marked;
	bool *is; /* of nodes: an expression that may be one */
	bool changed;
	bool found; /* one of the bindings at hand */
};

static void
find_marked(const struct binding *b, void *data)
{
	struct paths *s = data;

	s->found = s->found || s->marked[b->node->order] ||
	    (b->kind == BIND_PARAM && str_eq(b->name, "tmp_path"));
}

/* What it is made of stands behind it, and is known. */
static bool
is_folder(struct paths *s, const struct py_node *n)
{
	const struct py_node *callee;
	size_t i;

	switch ((int)n->kind) {
	case PY_NAME:
		s->found = false;
		program_resolve(s->p, n, find_marked, s);
		return s->found;
	case PY_CALL:
		if (n->child[0]->kind == PY_ATTRIBUTE &&
		    (str_eq(pytree_called(n), "mktemp") ||
		        (str_eq(pytree_called(n), "joinpath") &&
		            s->is[n->child[0]->child[0]->order])))
			return true;
		callee = program_callee(s->p, n);
		return callee && s->marked[callee->order];
	case PY_ASSIGN:
		return n->n > 1 && s->is[n->child[1]->order];
	case PY_OTHER:
		if (!str_eq(n->text, "binary_operator") &&
		    !str_eq(n->text, "boolean_operator"))
			return false;
		break;
	case PY_CHOICE:
		break;
	default:
		return false;
	}
	for (i = 0; i < n->n; i++) {
		if (s->is[n->child[i]->order])
			return true;
	}
	return false;
}

static void
mark(struct paths *s, const struct py_node *n)
{
	s->changed = s->changed || !s->marked[n->order];
	s->marked[n->order] = true;
}

/* The parameter of an own function that an argument is for; NULL. */
static const struct py_node *
param_for(const struct program *p, const struct py_node *call,
    const struct py_node *arg)
{
	const struct py_node *def = program_callee(p, call);
	const struct py_node *list = def && def->kind == PY_DEF ? def->child[0]
	                                                        : NULL;
	size_t i;

	for (i = 0; list && i < list->n; i++) {
		const struct py_node *param = list->child[i];

		if (param->kind == PY_PARAM &&
		    pytree_argument(call, program_place(param), param->text) ==
		        arg)
			return param;
	}
	return NULL;
}

static void
mark_returned(struct paths *s, const struct py_node *def)
{
	size_t i;

	if (!def || def->kind != PY_DEF || s->marked[def->order])
		return;
	mark(s, def);
	for (i = 0; fixture_is(def) && i < s->p->all.n; i++) {
		const struct py_node *n = s->p->all.v[i];

		if (n->kind == PY_PARAM && str_eq(n->text, fixture_name(def)))
			mark(s, n);
	}
}

/* Who has it then. */
static void
follow(struct paths *s, const struct py_node *n)
{
	const struct py_node *up = n->parent;
	const struct py_node *param;

	if (!up)
		return;
	if (up->kind == PY_KEYWORD)
		up = up->parent;
	if (up->kind == PY_ASSIGN && up->child[0] != n)
		mark(s, up->child[0]);
	else if (up->kind == PY_RETURN)
		mark_returned(s, program_function(up));
	else if (up->kind == PY_CALL && up->child[0] != n) {
		param = param_for(s->p, up, n);
		if (param)
			mark(s, param);
	}
}

/* Methods that take a path, and are looked at for that, and functions that
 * make a text of it. */
static bool
may_take(const struct program *p, const struct py_node *call,
    const struct py_node *arg)
{
	static const char *const names[] = {"str", "print", "isinstance",
	    "repr", "bool", "load", "save", "parquet", "csv", "json", "orc",
	    "text", "avro", "option"};
	size_t i;

	if (pytree_has(call, PY_STAR))
		return false;
	if (param_for(p, call, arg))
		return true;
	if (call->child[0]->kind == PY_NAME &&
	    program_resolve(p, call->child[0], NULL, NULL))
		return false;
	for (i = 0; i < COUNT_OF(names); i++) {
		if (str_eq(names[i], pytree_called(call)))
			return (i < 5) == (call->child[0]->kind == PY_NAME);
	}
	return false;
}

/* tmp_path.joinpath("orders"), as_posix(), name */
static bool
may_ask(const struct py_node *attribute)
{
	const struct py_node *call = is_called(attribute) ? attribute->parent
	                                                  : NULL;
	size_t i;

	if (!call)
		return str_eq(attribute->text, "name");
	if (!str_eq(attribute->text, "joinpath"))
		return call->n == 1 &&
		    (str_eq(attribute->text, "as_posix") ||
		        str_eq(attribute->text, "exists") ||
		        str_eq(attribute->text, "is_dir"));
	for (i = 1; i < call->n; i++) {
		if (!place_stays_within(call->child[i]))
			return false;
	}
	return true;
}

static bool
may_be_part(const struct py_node *up, const struct py_node *n)
{
	static const char *const kinds[] = {"module", "boolean_operator",
	    "comparison_operator", "not_operator", "assert_statement"};
	size_t i;

	if (str_eq(up->text, "binary_operator"))
		return up->n == 2 && up->child[0] == n &&
		    place_stays_within(up->child[1]);
	for (i = 0; i < COUNT_OF(kinds); i++) {
		if (str_eq(kinds[i], up->text))
			return true;
	}
	return false;
}

static bool
may_stand(const struct program *p, const struct py_node *n)
{
	const struct py_node *up = n->parent;

	switch ((int)up->kind) {
	case PY_ATTRIBUTE:
		return may_ask(up);
	case PY_OTHER:
		return may_be_part(up, n);
	case PY_CALL:
		return up->child[0] != n && may_take(p, up, n);
	case PY_KEYWORD:
		return may_take(p, up->parent, n);
	case PY_ASSIGN:
		return up->child[0] == n || up->child[0]->kind == PY_NAME;
	case PY_RETURN:
	case PY_FORMAT:
	case PY_CHOICE:
	case PY_DEF:
		return true;
	default:
		return false;
	}
}

/* The folder that mktemp() makes lies in that of the tests. */
static bool
makes_within(const struct py_node *call)
{
	return !str_eq(pytree_called(call), "mktemp") ||
	    (call->n == 2 && place_stays_within(call->child[1]));
}

void
testing_check_folders(struct program *p)
{
	struct paths s = {.p = p,
	    .marked = arena_array(p->arena, bool, p->all.n + 1),
	    .is = arena_array(p->arena, bool, p->all.n + 1),
	    .changed = true};
	size_t rounds;
	size_t i;

	for (rounds = 0; s.changed && rounds < MAX_ROUNDS; rounds++) {
		s.changed = false;
		for (i = p->all.n; i > 0; i--) {
			const struct py_node *n = p->all.v[i - 1];

			s.is[n->order] = !program_is_given(p, n) &&
			    is_folder(&s, n);
			if (s.is[n->order])
				follow(&s, n);
		}
	}
	if (s.changed)
		program_say(p, G_TOO_LARGE, NULL,
		    "A folder is handed on more often than is followed.");
	for (i = 0; i < p->all.n; i++) {
		const struct py_node *n = p->all.v[i];

		if (program_is_given(p, n) || !n->parent)
			continue;
		if ((s.is[n->order] && !may_stand(p, n)) ||
		    (n->kind == PY_CALL && !makes_within(n)))
			program_say(p, G_CALL, n,
			    "A folder of a test is joined with plain names, "
			    "made a text, and no more.");
	}
}

#include "base/base.h"

#include "gate/testing.h"

#include "gate/calls.h"
#include "gate/flow.h"
#include "gate/sql.h"

#include <string.h>

#define MAX_DEPTH 20

struct finding_place {
	struct program *p;
	const struct py_node *at;
	unsigned depth;
};

static enum place_kind find(struct finding_place *f, const struct py_node *n);

/* Both must be of the kind. */
static enum place_kind
both(enum place_kind a, enum place_kind b)
{
	return a == b ? a : PLACE_UNKNOWN;
}

/* A text that stays within the folder, or makes the name of a table longer. */
static bool
stays_within(const struct py_node *n, bool is_part)
{
	const char *text = n->text;
	size_t i;

	if (n->kind != PY_STRING || n->is_odd || strstr(text, ".."))
		return false;
	if (is_part)
		return text[0] != '/' && !strchr(text, ':');
	if (text[0] == '/')
		return true;
	for (i = 0; text[i]; i++) {
		if (!chr_is_alnum(text[i]) && text[i] != '_')
			return false;
	}
	return true;
}

bool
place_stays_within(const struct py_node *part)
{
	return stays_within(part, true);
}

/* A place and texts behind it. */
static enum place_kind
find_parts(struct finding_place *f, const struct py_node *n, size_t from,
    bool are_parts)
{
	size_t i;

	if (n->n <= from || find(f, n->child[from]) != PLACE_OWN)
		return PLACE_UNKNOWN;
	for (i = from + 1; i < n->n; i++) {
		if (!stays_within(n->child[i], are_parts))
			return PLACE_UNKNOWN;
	}
	return PLACE_OWN;
}

/* All that a function gives. */
static enum place_kind
find_returned(struct finding_place *f, const struct py_node *def)
{
	enum place_kind kind = PLACE_UNKNOWN;
	const struct py_node *n = NULL;
	bool found = false;

	while ((n = program_return(f->p, def, n))) {
		enum place_kind one = n->n > 0 ? find(f, n->child[0])
		                               : PLACE_UNKNOWN;

		kind = found ? both(kind, one) : one;
		found = true;
	}
	return kind;
}

/* What a function is called with there. */
static enum place_kind
find_given(struct finding_place *f, const struct py_node *param)
{
	const struct py_node *def = param->parent->parent;
	int at = program_place(param);
	enum place_kind kind = PLACE_UNKNOWN;
	bool found = false;
	size_t i;

	if (at < 0 || !program_is_only_called(f->p, def))
		return PLACE_UNKNOWN;
	for (i = 0; i < f->p->calls.n; i++) {
		const struct py_node *call = f->p->calls.v[i];
		const struct py_node *arg;
		enum place_kind one;

		if (!str_eq(pytree_called(call), def->text))
			continue;
		arg = pytree_argument(call, at, param->text);
		one = arg ? find(f, arg) : PLACE_UNKNOWN;
		kind = found ? both(kind, one) : one;
		found = true;
	}
	return kind;
}

static enum place_kind
find_name(struct finding_place *f, const struct py_node *n)
{
	const struct binding *b = program_only(f->p, n);
	const struct py_node *def;

	if (!b)
		return PLACE_UNKNOWN;
	if (b->kind == BIND_VALUE)
		return find(f, b->value);
	if (b->kind != BIND_PARAM)
		return PLACE_UNKNOWN;
	def = b->node->parent->parent;
	if (!test_is(def) && !fixture_is(def))
		return find_given(f, b->node);
	/* What has a value of its own is no fixture. */
	if (b->node->n > 0)
		return PLACE_UNKNOWN;
	if (str_eq(n->text, "tmp_path") && !fixture_find(f->p, "tmp_path"))
		return PLACE_OWN;
	def = fixture_find(f->p, n->text);
	return def && !program_is_given(f->p, def) ? find_returned(f, def)
	                                           : PLACE_UNKNOWN;
}

static enum place_kind
find_call(struct finding_place *f, const struct py_node *n)
{
	const struct py_node *callee = program_callee(f->p, n);
	const struct py_node *what = n->child[0];
	const char *name = pytree_called(n);

	if (what->kind == PY_ATTRIBUTE) {
		if (str_eq(name, "joinpath"))
			return find(f, what->child[0]) == PLACE_OWN &&
			        n->n == 2 && stays_within(n->child[1], true)
			    ? PLACE_OWN
			    : PLACE_UNKNOWN;
		if (str_eq(name, "as_posix") && n->n == 1)
			return find(f, what->child[0]);
		return str_eq(name, "mktemp") &&
		        fixture_is_given(f->p, what->child[0],
		            "tmp_path_factory")
		    ? PLACE_OWN
		    : PLACE_UNKNOWN;
	}
	if (str_eq(name, "str") && !callee && n->n == 2)
		return find(f, n->child[1]);
	if (callee && callee->kind == PY_DEF) {
		if (!program_is_given(f->p, callee))
			return find_returned(f, callee);
		return str_eq(callee->text, "view") ? PLACE_VIEW
		                                    : PLACE_UNKNOWN;
	}
	return what->kind == PY_NAME && fixture_find(f->p, "place") &&
	        fixture_is_given(f->p, what, "place")
	    ? PLACE_OWN
	    : PLACE_UNKNOWN;
}

static enum place_kind
find(struct finding_place *f, const struct py_node *n)
{
	enum place_kind kind = PLACE_UNKNOWN;

	if (f->depth >= MAX_DEPTH || f->p->budget == 0)
		return PLACE_UNKNOWN;
	f->p->budget--;
	f->depth++;
	switch ((int)n->kind) {
	case PY_STRING:
		if (!n->is_odd && view_is_made(f->p, n->text, f->at))
			kind = PLACE_VIEW;
		break;
	case PY_NAME:
		kind = find_name(f, n);
		break;
	case PY_CALL:
		kind = find_call(f, n);
		break;
	case PY_FORMAT:
		if (!n->is_odd)
			kind = find_parts(f, n, 0, false);
		break;
	case PY_PLUS:
		kind = find_parts(f, n, 0, false);
		break;
	case PY_OTHER: /* tmp_path / "orders" */
		if (str_eq(n->text, "binary_operator") && n->n == 2)
			kind = find_parts(f, n, 0, true);
		break;
	case PY_CHOICE:
		if (n->n == 3)
			kind = both(find(f, n->child[0]), find(f, n->child[2]));
		break;
	default:
		break;
	}
	f->depth--;
	return kind;
}

enum place_kind
place_of(struct program *p, const struct py_node *node)
{
	struct finding_place f = {.p = p, .at = node};

	return find(&f, node);
}

void
testing_check_table(struct program *p, const struct py_node *call,
    const struct py_node *arg, bool written)
{
	enum place_kind kind = place_of(p, arg);
	struct texts texts;
	size_t i;

	if (kind == PLACE_OWN || (kind == PLACE_VIEW && !written))
		return;
	/* Whatever it is set to: the runs are looked at for that. */
	if (!written && testing_constant(p, arg))
		return;
	flow_texts(p, arg, &texts);
	if (texts.unknown || texts.from_widget || texts.n == 0) {
		program_say(p, G_TABLE_UNKNOWN, call,
		    "What table .%s() means cannot be told.",
		    pytree_called(call));
		return;
	}
	for (i = 0; i < texts.n; i++) {
		const char *name = texts.v[i];

		if (plan_table_use(p, name) == TABLE_UNKNOWN)
			program_say(p, G_TABLE, call,
			    "%s is no table of the mapping, and none that the "
			    "tests make.",
			    name[0] ? utf8_cut(p->arena, name, 200)
			            : "The empty name");
		else if (written)
			program_say(p, G_WRITE, call,
			    "A test writes %s, a table of the mapping.", name);
		else
			program_say(p, G_LIVE, call,
			    "A test reads %s, a table of the mapping.", name);
	}
}

#include "base/base.h"

#include "gate/testing.h"

#define MAX_DEPTH 200

/* One test from its first fixture to its end. */
struct run {
	struct program *p;
	const struct testing *t;
	bool *set; /* of defined: the constant names a table of the test */
	const struct py_node **entered; /* fixtures that have run */
	size_t n_entered;
	bool *active; /* of nodes, by their order: a function that runs now */
	bool asserts;
	bool reaches; /* the code under test */
	bool ended;   /* the function at hand may have returned, or yielded */
	unsigned depth;
};

static void run_function(struct run *r, const struct py_node *def);

/* monkeypatch.setattr(code, "NAME", value), directly in the body of a test or
 * fixture: then it is done before what follows. Of other functions nobody
 * knows whether their body runs. */
static void
note_set(struct run *r, const struct py_node *call, const struct py_node *def)
{
	const struct py_node *name = pytree_argument(call, 1, "name");
	size_t i;

	if (!str_eq(pytree_called(call), "setattr") || call->parent != def ||
	    !name || name->kind != PY_STRING || r->ended ||
	    (!test_is(def) && !fixture_is(def)))
		return;
	i = map_get(&r->t->index, slice_of(name->text), 0);
	if (i > 0)
		r->set[i - 1] = true;
}

/* What the function is handed to write to, which is a table of the test, or a
 * constant that is set to one. False: nothing. */
static bool
check_handed(struct run *r, const struct py_node *n, const struct defined *d)
{
	const struct py_node *call = n->parent;
	bool found = false;
	size_t i;

	if (call->kind != PY_CALL || call->child[0] != n)
		return false;
	for (i = 1; i < call->n; i++) {
		const struct py_node *arg = call->child[i];
		const struct defined *c;

		if (arg->kind == PY_KEYWORD)
			arg = arg->child[0];
		c = testing_constant(r->p, arg);
		found = found || c || place_of(r->p, arg) == PLACE_OWN;
		if (c && c->constant != CONSTANT_NONE && d->is_open &&
		    !r->set[c - r->t->defined.v])
			program_say(r->p, d->writes ? G_WRITE : G_LIVE, n,
			    "%s is handed %s, which is not set to a table of "
			    "the test before.",
			    d->name, c->name);
	}
	return found && d->is_open;
}

static void
check_use(struct run *r, const struct py_node *n)
{
	const struct defined *d = testing_find(r->t, n->text);
	bool found = false;
	size_t i;

	if (!d || (d->made->kind != PY_DEF && d->made->kind != PY_CLASS))
		return;
	found = check_handed(r, n, d);
	for (i = 0; i < r->t->defined.n; i++) {
		const struct defined *c = &r->t->defined.v[i];
		bool target = c->constant == CONSTANT_TARGET ||
		    c->constant == CONSTANT_UNSURE;

		if (!d->uses[i] || c->constant == CONSTANT_NONE)
			continue;
		found = found || target;
		if (r->set[i])
			continue;
		if (target && d->writes)
			program_say(r->p, G_WRITE, n,
			    "%s writes to what %s names, which is not set to a "
			    "table of the test before.",
			    d->name, c->name);
		else if (!target && d->reads)
			program_say(r->p, G_LIVE, n,
			    "%s reads what %s names, a table of the mapping.",
			    d->name, c->name);
	}
	if (d->writes && !found)
		program_say(r->p, G_WRITE, n,
		    "%s writes, and no constant of the code lets a test say "
		    "where.",
		    d->name);
}

static bool
says_assert(const struct py_node *n)
{
	return str_starts(n->text, "assert") || str_eq(n->text, "raises") ||
	    str_eq(n->text, "warns") || str_eq(n->text, "fail");
}

static bool
has_name(const struct py_node *n)
{
	size_t i;

	for (i = 0; i < n->n; i++) {
		if (has_name(n->child[i]))
			return true;
	}
	return n->kind == PY_NAME;
}

/* A function of the tests that is named, and so may run. */
static const struct py_node *
helper_of(struct run *r, const struct py_node *n)
{
	const struct binding *b;
	size_t i;

	if (n->kind == PY_NAME) {
		b = program_only(r->p, n);
		return b && (b->kind == BIND_DEF || b->kind == BIND_CLASS)
		    ? b->node
		    : NULL;
	}
	/* A method is told by its name alone. */
	i = map_get(&r->p->first, slice_of(n->text), SIZE_MAX);
	for (; i != SIZE_MAX; i = r->p->bindings.v[i].next) {
		b = &r->p->bindings.v[i];
		if (b->kind == BIND_DEF && b->scope->kind == PY_CLASS)
			return b->node;
	}
	return NULL;
}

static void
run_node(struct run *r, const struct py_node *n, const struct py_node *def)
{
	const struct py_node *helper;
	size_t i;

	for (i = 0; i < n->n; i++)
		run_node(r, n->child[i], def);
	if (n->kind == PY_CALL)
		note_set(r, n, def);
	r->ended = r->ended || n->kind == PY_RETURN;
	if (pytree_is_other(n, "assert_statement"))
		r->asserts = r->asserts || has_name(n);
	if (n->kind != PY_NAME && n->kind != PY_ATTRIBUTE)
		return;
	r->asserts = r->asserts || says_assert(n);
	if (n->kind == PY_ATTRIBUTE && !program_is_given(r->p, n))
		check_use(r, n);
	helper = helper_of(r, n);
	if (helper && helper != def)
		run_function(r, helper);
}

static void
enter_fixture(struct run *r, const char *name)
{
	const struct py_node *fixture = fixture_find(r->p, name);
	size_t i;

	if (fixture && str_eq(name, "code"))
		r->reaches = true;
	for (i = 0; i < r->n_entered; i++) {
		if (r->entered[i] == fixture)
			return;
	}
	if (!fixture)
		return;
	r->entered[r->n_entered++] = fixture;
	run_function(r, fixture);
}

/* The names in @pytest.mark.usefixtures("…"). */
static void
enter_marked(struct run *r, const struct py_node *def)
{
	const struct py_node *up = def->parent;
	size_t i;
	size_t k;

	if (!up || up->kind != PY_OTHER)
		return;
	for (i = 0; i < up->n; i++) {
		const struct py_node *d = up->child[i];
		const struct py_node *call = d->n > 0 ? d->child[0] : d;

		if (!str_eq(d->text, "decorator") || call->kind != PY_CALL ||
		    !str_eq(pytree_called(call), "usefixtures") ||
		    !pytest_is_marks(r->p, call->child[0]))
			continue;
		for (k = 1; k < call->n; k++)
			enter_fixture(r, call->child[k]->text);
	}
}

static void
run_function(struct run *r, const struct py_node *def)
{
	const struct py_node *list = def->n > 0 ? def->child[0] : NULL;
	bool ended = r->ended;
	size_t i;

	if (r->active[def->order])
		return;
	if (r->depth >= MAX_DEPTH || r->p->budget == 0) {
		r->p->budget = 0;
		return;
	}
	r->p->budget--;
	r->depth++;
	r->active[def->order] = true;
	if (test_is(def) || fixture_is(def)) {
		enter_marked(r, def);
		for (i = 0; list && i < list->n; i++) {
			/* What has a value of its own is no fixture. */
			if (list->child[i]->n == 0)
				enter_fixture(r, list->child[i]->text);
		}
	}
	r->ended = false;
	for (i = 0; i < def->n; i++)
		run_node(r, def->child[i], def);
	r->ended = ended;
	r->active[def->order] = false;
	r->depth--;
}

static bool
is_true(const struct py_node *call, const char *name)
{
	const struct py_node *n = pytree_argument(call, -1, name);

	return pytree_is_other(n, "true");
}

/* Those that no test needs to name. */
static void
enter_always(struct run *r)
{
	size_t i;

	for (i = 0; i < r->p->all.n; i++) {
		const struct py_node *n = r->p->all.v[i];
		const struct py_node *call = fixture_call(n);

		if (call && call->kind == PY_CALL && is_true(call, "autouse"))
			enter_fixture(r, fixture_name(n));
	}
}

/* A test or a fixture, whose own fixtures run anew. What a fixture does is
 * looked at by itself, too: of a wider scope, it runs before those that always
 * do, and before others that a test names. */
static void
run_alone(struct program *p, const struct py_node *def, bool *reaches)
{
	struct run r = {.p = p,
	    .t = p->testing,
	    .set = arena_array(p->arena, bool, p->testing->defined.n + 1),
	    .active = arena_array(p->arena, bool, p->all.n + 1),
	    .entered = arena_array(p->arena, const struct py_node *,
	        p->all.n + 1)};

	if (fixture_is(def)) {
		enter_fixture(&r, fixture_name(def));
		return;
	}
	enter_always(&r);
	run_function(&r, def);
	*reaches = *reaches || r.reaches;
	if (!r.asserts)
		program_say(p, G_NO_ASSERTION, def, "%s compares nothing.",
		    def->text);
}

void
testing_check_runs(struct program *p)
{
	bool reaches = false;
	size_t tests = 0;
	size_t i;

	for (i = 0; i < p->all.n; i++) {
		const struct py_node *n = p->all.v[i];

		if (!test_is(n) && !fixture_is(n))
			continue;
		tests += test_is(n);
		run_alone(p, n, &reaches);
	}
	/* What was not followed to its end is not passed. */
	if (p->budget == 0)
		program_say(p, G_TOO_LARGE, NULL,
		    "The tests call one another in more ways than are "
		    "followed.");
	if (tests == 0)
		program_say(p, G_NO_TEST, NULL,
		    "No function is called test_….");
	else if (!reaches)
		program_say(p, G_NO_TEST, NULL,
		    "No test takes the fixture code.");
}

#include "base/base.h"

#include "gate/tests.h"

#include "gate/allow.h"
#include "gate/columns.h"
#include "gate/flow.h"
#include "gate/testing.h"
#include "lang/lang.h"

#include <string.h>

#define BUDGET 100000
/* Following each test takes more than its share of time. */
#define MAX_TESTS 200

/* Functions of the compiled tests that build no SQL and write nothing. */
static bool
is_for_all(const char *name)
{
	static const char *const names[] = {"view", "place", "spark",
	    "notebook", "rearranged", "in_order", "quoted"};
	size_t i;

	for (i = 0; i < COUNT_OF(names); i++) {
		if (str_eq(names[i], name))
			return true;
	}
	return false;
}

/* What the compiler wrote is for what the compiler wrote: handed something
 * else, it might do something else. */
static void
check_given(struct program *p, const struct py_node *n)
{
	const struct binding *b = program_only(p, n);
	const struct py_node *fixture;

	/* What broke it was said, and all else follows from that. */
	if (p->testing->frame.is_broken || testing_is_hint(n))
		return;
	if (b && b->kind == BIND_PARAM) {
		fixture = fixture_find(p, n->text);
		if (fixture && program_is_given(p, fixture) &&
		    !is_for_all(fixture->text))
			program_say(p, G_FRAME, n,
			    "%s is a fixture of the compiled tests alone.",
			    n->text);
		return;
	}
	if (!b || b->scope != p->root || !program_is_given(p, b->node) ||
	    is_for_all(n->text))
		return;
	if (b->kind == BIND_IMPORT) {
		const char *module = b->node->kind == PY_FROM ? b->node->module
		                                              : b->node->text;

		if (allow_module(module) || allow_test_module(module))
			return;
	}
	program_say(p, G_FRAME, n, "%s is for the compiled tests alone.",
	    n->text);
}

/* What a name of pytest's would do: hooks, plugins. */
static void
check_bound(struct program *p, const struct binding *b)
{
	static const char *const fixtures[] = {"spark", "code", "place",
	    "monkeypatch", "tmp_path", "tmp_path_factory", "request"};
	bool fixture = b->kind == BIND_DEF && fixture_is(b->node);
	const char *name = fixture ? fixture_name(b->node) : "";
	size_t i;

	if (fixture)
		testing_check_fixture(p, fixture_call(b->node));
	if (b->kind == BIND_DEF && test_is(b->node) &&
	    !test_is_collected(b->node))
		program_say(p, G_NO_TEST, b->node,
		    "%s never runs: pytest looks for tests in classes whose "
		    "names begin with Test.",
		    b->name);

	if (str_starts(b->name, "pytest_") || str_starts(b->name, "__"))
		program_say(p, G_NAME, b->node,
		    "%s would change how tests are run.", b->name);
	for (i = 0; i < COUNT_OF(fixtures); i++) {
		if (str_eq(fixtures[i], name))
			program_say(p, G_FRAME, b->node,
			    "%s is a fixture that tests are given.", name);
	}
}

static bool
is_run(const struct binding *b)
{
	return b->kind == BIND_DEF && (test_is(b->node) || fixture_is(b->node));
}

/* The second one takes the place of the first. */
static void
check_twice(struct program *p, const struct binding *b)
{
	size_t i;

	for (i = b->next; i != SIZE_MAX; i = p->bindings.v[i].next) {
		const struct binding *o = &p->bindings.v[i];

		if (o->scope != b->scope || (!is_run(b) && !is_run(o)))
			continue;
		program_say(p, G_NAME, b->node,
		    "%s is defined twice, and only one of them runs.", b->name);
		break;
	}
	if (is_run(b) && fixture_is(b->node) &&
	    fixture_find(p, fixture_name(b->node)) != b->node)
		program_say(p, G_NAME, b->node,
		    "There are two fixtures with the name %s.",
		    fixture_name(b->node));
}

static void
check_set(struct program *p, const struct py_node *call)
{
	const struct py_node *object = call->child[0];
	const struct py_node *of = pytree_argument(call, 0, "target");
	const struct py_node *name = pytree_argument(call, 1, "name");
	const struct py_node *value = pytree_argument(call, 2, "value");
	const struct defined *d;
	enum place_kind kind;

	if (object->kind != PY_ATTRIBUTE ||
	    !fixture_is_given(p, object->child[0], "monkeypatch") || !of ||
	    !fixture_is_given(p, of, "code") || !name ||
	    name->kind != PY_STRING || !value) {
		program_say(p, G_CALL, call,
		    "Only monkeypatch.setattr(code, \"NAME\", value) is for "
		    "tests.");
		return;
	}
	d = testing_find(p->testing, name->text);
	if (!d || d->made->kind == PY_DEF || d->made->kind == PY_CLASS) {
		program_say(p, d ? G_CALL : G_NOT_IN_CODE, call,
		    d ? "%s is a function of the code under test, which is "
		        "not to be replaced."
		      : "The code has no constant %s.",
		    name->text);
		return;
	}
	kind = place_of(p, value);
	if (d->constant == CONSTANT_NONE && d->is_open)
		program_say(p, G_CALL, call,
		    "%s says what the code runs or where it writes; it is not "
		    "for tests to set.",
		    d->name);
	else if (kind == PLACE_UNKNOWN && d->constant != CONSTANT_NONE)
		program_say(p, G_TABLE_UNKNOWN, call,
		    "%s is set to what is no table or view of the tests.",
		    d->name);
	else if (kind == PLACE_VIEW && d->constant != CONSTANT_NONE &&
	    d->constant != CONSTANT_SOURCE)
		program_say(p, G_TABLE_UNKNOWN, call,
		    "%s is set to a view, which cannot be written.", d->name);
}

/* A fixture of a name that parametrize() gives values to would not run. */
static void
check_parameters(struct program *p, const struct py_node *call)
{
	struct texts names;
	size_t i;

	testing_parameters(p, call, &names);
	if (names.unknown)
		program_say(p, G_CALL, call,
		    "What parametrize() names cannot be told.");
	for (i = 0; i < names.n; i++) {
		if (testing_may_ask(p, names.v[i]))
			program_say(p, G_CALL, call,
			    "parametrize() names the fixture %s.", names.v[i]);
	}
}

/* A condition that is a text is run as code. */
static void
check_condition(struct program *p, const struct py_node *call)
{
	static const char *const kinds[] = {
	    "comparison_operator", "not_operator", "true", "false"};
	const struct py_node *first = pytree_argument(call, 0, "condition");
	bool known = !first && call->n > 0;
	size_t i;

	for (i = 1; i < call->n; i++)
		known = known && call->child[i]->kind != PY_STAR;
	for (i = 0; first && i < COUNT_OF(kinds); i++)
		known = known || str_eq(first->text, kinds[i]);
	if (!known)
		program_say(p, G_CALL, call,
		    "Whether the test is skipped is not a plain condition.");
}

static void
check_master(struct program *p, const struct py_node *call)
{
	const char *text = flow_constant(p, pytree_argument(call, 0, "master"));

	if (!text || !str_starts(text, "local"))
		program_say(p, G_SETTING, call,
		    "Tests run on this machine, or in the session that is "
		    "there.");
}

static void
check_call(struct program *p, const struct py_node *call)
{
	const char *name = pytree_called(call);

	if (str_eq(name, "replace") || str_eq(name, "copy"))
		testing_check_moves(p, call);
	else if (str_eq(name, "setattr"))
		check_set(p, call);
	else if (str_eq(name, "parametrize"))
		check_parameters(p, call);
	else if (str_eq(name, "skipif") || str_eq(name, "xfail"))
		check_condition(p, call);
	else if (str_eq(name, "master"))
		check_master(p, call);
}

/* Called by anybody else, they run without their fixtures. */
static void
check_runner(struct program *p, const struct py_node *n)
{
	size_t i = map_get(&p->first, slice_of(n->text), SIZE_MAX);
	const struct binding *b = n->kind == PY_NAME ? program_only(p, n)
	                                             : NULL;
	bool found = b && b->kind == BIND_DEF &&
	    (test_is(b->node) || fixture_is(b->node));

	for (; n->kind == PY_ATTRIBUTE && i != SIZE_MAX;
	     i = p->bindings.v[i].next) {
		b = &p->bindings.v[i];
		found = found ||
		    (b->kind == BIND_DEF && b->scope->kind == PY_CLASS &&
		        (test_is(b->node) || fixture_is(b->node)));
	}
	if (found)
		program_say(p, G_CALL, n,
		    "%s is run by pytest, with its fixtures, and by nobody "
		    "else.",
		    n->text);
}

static void
check_attribute(struct program *p, const struct py_node *n)
{
	static const char *const skips[] = {"skip", "skipif", "xfail"};
	size_t i;

	for (i = 0; i < COUNT_OF(skips); i++) {
		if (str_eq(n->text, skips[i]) &&
		    (pytest_part(p, n) || pytest_part(p, n->child[0])))
			program_say(p, G_SKIPPED, n,
			    "A test is marked with %s.", skips[i]);
	}
	if (fixture_is_given(p, n->child[0], "code") &&
	    !testing_has(p, n->text))
		program_say(p, G_NOT_IN_CODE, n,
		    "The code has no function or constant %s.", n->text);
}

/* A text that nobody uses is a comment. */
static bool
is_remark(const struct py_node *n)
{
	return n->parent &&
	    (!n->parent->parent || n->parent->kind == PY_DEF ||
	        n->parent->kind == PY_CLASS);
}

/* What starts programs, as SQL or as the name of a column that code puts into
 * SQL. */
static void
check_text(struct program *p, const struct py_node *n)
{
	size_t i;

	if (is_remark(n) || !strchr(n->text, '('))
		return;
	for (i = 0; deny_words[i]; i++) {
		if (deny_attribute(deny_words[i]) &&
		    text_has_word(n->text, deny_words[i]))
			program_say(p, G_SQL, n, "No test needs %s().",
			    deny_words[i]);
	}
}

static void
check_node(struct program *p, const struct py_node *n)
{
	switch ((int)n->kind) {
	case PY_NAME:
		check_given(p, n);
		check_runner(p, n);
		break;
	case PY_ATTRIBUTE:
		check_attribute(p, n);
		testing_check_use(p, n);
		check_runner(p, n);
		break;
	case PY_CALL:
		check_call(p, n);
		break;
	case PY_STRING:
		check_text(p, n);
		break;
	case PY_PARAM:
		testing_check_asked(p, n);
		break;
	case PY_FROM:
		if (str_starts(n->module, "pytest") &&
		    !str_eq(n->alias, n->text))
			program_say(p, G_CALL, n,
			    "What pytest has keeps its name.");
		break;
	default:
		break;
	}
}

static bool
is_named(const struct program *p, const char *column)
{
	size_t i;

	for (i = 0; i < p->all.n; i++) {
		const struct py_node *n = p->all.v[i];

		if ((n->kind == PY_STRING && !is_remark(n) &&
		        text_has_word(n->text, column)) ||
		    ((n->kind == PY_KEYWORD || n->kind == PY_ATTRIBUTE) &&
		        str_ieq(n->text, column)))
			return true;
	}
	return false;
}

static void
check_columns(struct program *p)
{
	size_t i;
	size_t k;

	for (i = 0; i < p->plan->pipelines.n; i++) {
		const struct plan_pipeline *l = &p->plan->pipelines.v[i];

		for (k = 0; k < l->columns.n; k++) {
			if (column_is_written(l, k) &&
			    !is_named(p, l->columns.v[k].name))
				program_say(p, G_UNTESTED, NULL,
				    "No test names the target column %s.",
				    l->columns.v[k].name);
		}
	}
}

/* A coroutine that nobody waits for never runs. */
static void
check_async(struct arena *a, struct slice tests, struct gate_report *ret)
{
	struct slice line;
	size_t number = 0;
	size_t at = 0;

	while (slice_line(tests, &at, &line)) {
		const char *text = slice_dup(a, slice_trim(line));

		number++;
		if (str_starts(text, "async ") || str_starts(text, "async\t") ||
		    str_starts(text, "async\\"))
			gate_add(a, ret, G_CALL, number,
			    "A test is no coroutine.");
	}
}

static void
check_own(struct program *p)
{
	size_t i;

	for (i = 0; i < p->bindings.n; i++) {
		const struct binding *b = &p->bindings.v[i];

		if (program_is_given(p, b->node))
			continue;
		check_bound(p, b);
		check_twice(p, b);
	}
	for (i = 0; i < p->all.n; i++) {
		if (!program_is_given(p, p->all.v[i]))
			check_node(p, p->all.v[i]);
	}
}

static int
count_tests(const struct program *p)
{
	int n = 0;

	for (size_t i = 0; i < p->all.n; i++)
		n += p->all.v[i]->kind == PY_DEF &&
		    (test_is(p->all.v[i]) || fixture_is(p->all.v[i]));
	return n;
}

static void
check_program(struct arena *a, struct slice tests,
    const struct gate_tested *about, struct gate_report *ret)
{
	struct testing *testing = arena_new(a, struct testing);
	struct program p = {
	    .arena = a, .plan = about->plan, .report = ret, .budget = BUDGET};
	struct lang_error where = {0};

	if (!lang_check(a, LANG_PYTHON, tests, &where)) {
		gate_add(a, ret, G_SYNTAX, where.line, where.message);
		return;
	}
	if (!pytree_read(a, tests, &p.root) || !program_read(&p)) {
		gate_add(a, ret, G_TOO_LARGE, 0,
		    "The tests are too large, or nest too deep, to be read.");
		return;
	}
	if (count_tests(&p) > MAX_TESTS) {
		gate_add(a, ret, G_TOO_LARGE, 0,
		    arena_printf(a,
		        "There are more than %d tests and "
		        "fixtures.",
		        MAX_TESTS));
		return;
	}
	testing_read_code(a, about->code, about->plan, testing);
	testing_find_fixtures(&p, testing);
	frame_read(&p, tests, about->compiled, &testing->frame);
	p.testing = testing;
	testing_check_code(&p);
	gate_names(&p);
	gate_formats(&p);
	gate_calls(&p);
	check_own(&p);
	testing_check_shape(&p);
	testing_check_folders(&p);
	check_columns(&p);
	testing_check_runs(&p);
}

void
gate_check_tests(struct arena *a, struct slice tests,
    const struct gate_tested *about, struct gate_report *ret)
{
	if (!gate_check_text(a, tests, ret))
		return;
	check_async(a, tests, ret);
	check_program(a, tests, about, ret);
}

const char *
gate_tests_frame(struct arena *a, struct slice compiled)
{
	return frame_text(a, compiled);
}

#include "base/base.h"

#include "gate/testing.h"

#include "gate/sql.h"

#define BUDGET 100000

/* What reaches tables, by the attributes that such code has. */
static const char *const writing[] = {"write", "writeTo", "forName", "forPath",
    "saveAsTable", "insertInto", "save", "merge", "execute", "location",
    "tableName", "createOrReplace", "createIfNotExists"};
static const char *const reading[] = {"table", "read", "load"};

static bool
is_one_of(const char *text, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (str_eq(list[i], text))
			return true;
	}
	return false;
}

const struct defined *
testing_find(const struct testing *t, const char *name)
{
	size_t i = map_get(&t->index, slice_of(name), 0);

	return i > 0 ? &t->defined.v[i - 1] : NULL;
}

bool
testing_has(const struct program *p, const char *name)
{
	return p->testing && testing_find(p->testing, name);
}

/* It may have the name of a target, or of what else is written. */
static bool
names_target(struct program *code, const struct py_node *n)
{
	struct texts texts;
	size_t i;

	if (n->kind != PY_STRING && n->kind != PY_NAME && n->kind != PY_CALL)
		return false;
	flow_texts(code, n, &texts);
	for (i = 0; i < texts.n; i++) {
		if (plan_table_use(code, texts.v[i]) & TABLE_WRITTEN)
			return true;
	}
	return false;
}

static bool
holds_target(struct program *code, const struct py_node *n)
{
	size_t i;

	for (i = 0; i < n->n; i++) {
		if (holds_target(code, n->child[i]))
			return true;
	}
	return names_target(code, n);
}

/* What a constant may be that has these texts. */
static enum table_constant
constant_of(struct program *code, const struct py_node *value)
{
	struct texts texts;
	bool source = false;
	bool target = false;
	size_t i;

	flow_texts(code, value, &texts);
	for (i = 0; i < texts.n; i++) {
		enum table_use use = plan_table_use(code, texts.v[i]);

		target = target || (use & TABLE_WRITTEN);
		source = source || (use & TABLE_READ);
	}
	if (target)
		return CONSTANT_TARGET;
	if (source)
		return CONSTANT_SOURCE;
	/* A list that has a target in it keeps it, whatever a test sets. */
	return (texts.unknown && texts.n > 0) || holds_target(code, value)
	    ? CONSTANT_UNSURE
	    : CONSTANT_NONE;
}

/* The statement at the top that a node is part of. */
static const struct py_node *
top_of(const struct py_node *root, const struct py_node *n)
{
	while (n->parent && n->parent != root)
		n = n->parent;
	return n;
}

static void
add_defined(struct arena *a, struct testing *t, const struct binding *b)
{
	const struct py_node *top = top_of(t->code.root, b->node);
	struct defined *d;

	if (b->scope != t->code.root ||
	    (b->kind != BIND_DEF && b->kind != BIND_CLASS &&
	        b->kind != BIND_VALUE))
		return;
	d = LIST_ADD(a, &t->defined);
	*d = (struct defined){.name = b->name, .node = top};
	if (b->kind == BIND_VALUE)
		d->constant = constant_of(&t->code, b->value);
	map_set(a, &t->index, slice_of(b->name), t->defined.n);
}

/* SELECT and WITH read, and write nothing. */
static bool
only_reads(struct program *code, const struct py_node *sql)
{
	const struct py_node *call = sql->parent;
	struct texts texts;
	size_t i;

	if (!call || call->kind != PY_CALL || call->n < 2)
		return false;
	flow_texts(code, call->child[1], &texts);
	for (i = 0; i < texts.n; i++) {
		struct slice text = slice_trim(slice_of(texts.v[i]));
		struct slice word = {text.p, text.n < 4 ? text.n : 4};

		if (!slice_ieq(word, "sele") && !slice_ieq(word, "with"))
			return false;
	}
	return texts.n > 0 && !texts.unknown;
}

/* The value is found when the function is defined. */
static bool
is_default(const struct py_node *n)
{
	while (n->parent && n->parent->kind != PY_DEF) {
		if (n->parent->kind == PY_PARAM)
			return true;
		n = n->parent;
	}
	return false;
}

static void
note_use(struct testing *t, struct defined *d, const struct py_node *n)
{
	if (d->node->kind != PY_ASSIGN && !d->is_bound)
		d->is_bound = (n->kind != PY_NAME || is_default(n)) &&
		    names_target(&t->code, n);
	if (n->kind == PY_NAME) {
		size_t i = map_get(&t->index, slice_of(n->text), 0);

		if (i > 0 && t->defined.v[i - 1].node != d->node)
			d->uses[i - 1] = true;
	} else if (n->kind == PY_ATTRIBUTE) {
		d->writes = d->writes ||
		    is_one_of(n->text, writing, COUNT_OF(writing)) ||
		    (str_eq(n->text, "sql") && !only_reads(&t->code, n));
		d->reads = d->reads || str_eq(n->text, "sql") ||
		    is_one_of(n->text, reading, COUNT_OF(reading));
	}
}

/* What is used is used by whoever uses that. */
static void
spread_uses(struct testing *t)
{
	bool changed = true;
	size_t i;
	size_t k;
	size_t m;

	while (changed) {
		changed = false;
		for (i = 0; i < t->defined.n; i++) {
			struct defined *d = &t->defined.v[i];

			for (k = 0; k < t->defined.n; k++) {
				const struct defined *o = &t->defined.v[k];
				bool calls = d->uses[k] &&
				    o->node->kind != PY_ASSIGN;

				if (!calls)
					continue;
				changed = changed || (o->writes && !d->writes);
				d->writes = d->writes || o->writes;
				changed = changed ||
				    (o->is_bound && !d->is_bound);
				d->reads = d->reads || o->reads;
				d->is_bound = d->is_bound || o->is_bound;
				for (m = 0; m < t->defined.n; m++) {
					changed = changed ||
					    (o->uses[m] && !d->uses[m]);
					d->uses[m] = d->uses[m] || o->uses[m];
				}
			}
		}
	}
}

void
testing_read_code(struct arena *a, struct slice code, const struct plan *plan,
    struct testing *ret)
{
	struct gate_report *unread = arena_new(a, struct gate_report);
	struct program *p = &ret->code;
	size_t i;
	size_t k;

	*p = (struct program){
	    .arena = a, .plan = plan, .report = unread, .budget = BUDGET};
	if (!pytree_read(a, code, &p->root))
		return;
	program_read(p);
	for (i = 0; i < p->bindings.n; i++)
		add_defined(a, ret, &p->bindings.v[i]);
	for (i = 0; i < ret->defined.n; i++)
		ret->defined.v[i].uses = arena_array(a, bool, ret->defined.n);
	for (i = 0; i < p->all.n; i++) {
		const struct py_node *top = top_of(p->root, p->all.v[i]);

		for (k = 0; k < ret->defined.n; k++) {
			if (ret->defined.v[k].node == top)
				note_use(ret, &ret->defined.v[k], p->all.v[i]);
		}
	}
	spread_uses(ret);
}

/*
 * Fixtures and tests.
 */

const struct py_node *
fixture_call(const struct py_node *def)
{
	const struct py_node *up = def->parent;
	size_t i;

	if (def->kind != PY_DEF || !up || up->kind != PY_OTHER)
		return NULL;
	for (i = 0; i < up->n; i++) {
		const struct py_node *d = up->child[i];
		const struct py_node *what = d->n > 0 ? d->child[0] : d;
		const struct py_node *name = what->kind == PY_CALL
		    ? what->child[0]
		    : what;

		if (d->kind == PY_OTHER && str_eq(d->text, "decorator") &&
		    str_eq(name->text, "fixture"))
			return what;
	}
	return NULL;
}

bool
fixture_is(const struct py_node *def)
{
	return fixture_call(def) != NULL;
}

const char *
fixture_name(const struct py_node *def)
{
	const struct py_node *call = fixture_call(def);
	const struct py_node *name = call && call->kind == PY_CALL
	    ? pytree_argument(call, -1, "name")
	    : NULL;

	return name && name->kind == PY_STRING ? name->text : def->text;
}

const struct py_node *
fixture_find(const struct program *p, const char *name)
{
	const struct py_node *found = NULL;
	size_t i;

	for (i = 0; i < p->all.n; i++) {
		const struct py_node *n = p->all.v[i];

		if (n->kind == PY_DEF && fixture_is(n) &&
		    str_eq(fixture_name(n), name))
			found = n;
	}
	return found;
}

static bool
is_decorated(const struct py_node *n)
{
	return n->kind == PY_OTHER && str_eq(n->text, "decorated_definition");
}

bool
test_is(const struct py_node *def)
{
	const struct py_node *up = def->parent;

	if (def->kind != PY_DEF || !str_starts(def->text, "test"))
		return false;
	while (up && is_decorated(up))
		up = up->parent;
	return up && (!up->parent || up->kind == PY_CLASS);
}

bool
test_is_collected(const struct py_node *def)
{
	const struct py_node *up = def->parent;

	while (up && up->parent &&
	    (is_decorated(up) ||
	        (up->kind == PY_CLASS && str_starts(up->text, "Test"))))
		up = up->parent;
	return up && !up->parent;
}

bool
fixture_is_given(const struct program *p, const struct py_node *name,
    const char *fixture)
{
	const struct binding *b = program_only(p, name);
	const struct py_node *def;

	/* What has a value of its own is no fixture. */
	if (!b || b->kind != BIND_PARAM || b->node->n > 0 ||
	    !str_eq(name->text, fixture))
		return false;
	def = b->node->parent->parent;
	if (!test_is(def) && !fixture_is(def))
		return false;
	def = fixture_find(p, fixture);
	if (def)
		return program_is_given(p, def);
	return str_eq(fixture, "monkeypatch") ||
	    str_eq(fixture, "tmp_path_factory");
}

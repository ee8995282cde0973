#include "base/base.h"

#include "gate/testing.h"

#include "gate/sql.h"

#define BUDGET 100000
/* Names at the top; whoever has more is not followed. */
#define MAX_DEFINED 1000

/* What reaches tables, by the attributes that such code has. */
static const char *const writing[] = {"write", "writeTo", "forName", "forPath",
    "saveAsTable", "insertInto", "save", "merge", "execute", "location",
    "tableName", "createOrReplace", "createIfNotExists"};
static const char *const reading[] = {"table", "read", "load"};

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
	struct slice name = slice_of(b->name);
	struct defined *d;

	if (b->scope != t->code.root ||
	    (b->kind != BIND_DEF && b->kind != BIND_CLASS &&
	        b->kind != BIND_VALUE))
		return;
	d = LIST_ADD(a, &t->defined);
	*d = (struct defined){.name = b->name,
	    .node = top,
	    .made = b->kind == BIND_VALUE ? b->value : b->node,
	    .is_twice = map_get(&t->index, name, 0) > 0};
	if (b->kind == BIND_VALUE)
		d->constant = constant_of(&t->code, b->value);
	map_set(a, &t->index, name, t->defined.n);
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

static bool
writes_there(struct program *code, const struct py_node *attribute)
{
	return STR_IS_IN(attribute->text, writing) ||
	    (str_eq(attribute->text, "sql") && !only_reads(code, attribute));
}

/* The value is found when the code is loaded: that of a parameter's default,
 * of a field of a class. */
static bool
is_at_load(const struct py_node *n)
{
	for (; n->parent; n = n->parent) {
		if (n->parent->kind == PY_PARAM)
			return true;
		if (n->parent->kind == PY_DEF || n->parent->kind == PY_LAMBDA)
			return false;
	}
	return true;
}

static void
note_top(const struct binding *b, void *data)
{
	bool *top = data;

	*top = *top || !b->scope->parent;
}

/* A name that means what the code has at its top. */
static bool
names_own(const struct program *p, const struct py_node *n)
{
	bool top = false;

	if (n->kind == PY_NAME)
		program_resolve(p, n, note_top, &top);
	return top;
}

static void
note_name(struct arena *a, struct testing *t, struct defined *d,
    const struct py_node *n)
{
	size_t i = map_get(&t->index, slice_of(n->text), 0);
	const struct defined *used = i > 0 ? &t->defined.v[i - 1] : NULL;

	if (!used || used->node == d->node || d->uses[i - 1] ||
	    !names_own(&t->code, n))
		return;
	d->uses[i - 1] = true;
	*LIST_ADD(a, &d->direct) = i - 1;
}

static void
note_use(struct arena *a, struct testing *t, struct defined *d,
    const struct py_node *n)
{
	if (d->node->kind != PY_ASSIGN && !d->is_bound)
		d->is_bound = (n->kind != PY_NAME || is_at_load(n)) &&
		    names_target(&t->code, n);
	if (n->kind == PY_NAME) {
		note_name(a, t, d, n);
	} else if (n->kind == PY_ATTRIBUTE) {
		d->writes = d->writes || writes_there(&t->code, n);
		d->reads = d->reads || str_eq(n->text, "sql") ||
		    STR_IS_IN(n->text, reading);
	}
}

struct reaching {
	struct testing *t;
	size_t *todo;
	bool *seen;
};

/* What is used is used by whoever uses that. */
static void
spread_uses(struct reaching *r, struct defined *d, size_t at)
{
	const struct testing *t = r->t;
	size_t n = 0;
	size_t i;

	for (i = 0; i < t->defined.n; i++)
		r->seen[i] = i == at;
	r->todo[n++] = at;
	while (n > 0) {
		const struct defined *o = &t->defined.v[r->todo[--n]];

		d->writes = d->writes || o->writes;
		d->reads = d->reads || o->reads;
		d->is_bound = d->is_bound || o->is_bound;
		for (i = 0; i < o->direct.n; i++) {
			size_t k = o->direct.v[i];

			d->uses[k] = true;
			if (r->seen[k] ||
			    t->defined.v[k].node->kind == PY_ASSIGN)
				continue;
			r->seen[k] = true;
			r->todo[n++] = k;
		}
	}
}

static void
note_uses(struct arena *a, struct testing *t)
{
	struct program *p = &t->code;
	struct reaching r = {.t = t,
	    .todo = arena_array(a, size_t, t->defined.n + 1),
	    .seen = arena_array(a, bool, t->defined.n + 1)};
	size_t first = 0;
	size_t i;
	size_t k;

	for (i = 0; i < t->defined.n; i++)
		t->defined.v[i].uses = arena_array(a, bool, t->defined.n);
	/* Both stand in the order of the text. */
	for (i = 0; i < p->all.n; i++) {
		const struct py_node *top = top_of(p->root, p->all.v[i]);

		while (first < t->defined.n &&
		    t->defined.v[first].node->order < top->order)
			first++;
		for (k = first; k < t->defined.n && t->defined.v[k].node == top;
		     k++)
			note_use(a, t, &t->defined.v[k], p->all.v[i]);
	}
	for (i = 0; i < t->defined.n; i++)
		spread_uses(&r, &t->defined.v[i], i);
}

/* if __name__ == "__main__": the tree does not tell == from !=. */
static bool
is_guard_line(struct arena *a, struct slice line)
{
	const char *text = slice_dup(a, line);

	return str_starts(text, "if __name__ == \"__main__\":") ||
	    str_starts(text, "if __name__ == '__main__':");
}

static void
find_guards(struct testing *t, struct slice text, bool *guards)
{
	const struct py_node *root = t->code.root;
	struct slice line = {0};
	size_t number = 0;
	size_t at = 0;
	size_t i;

	/* A name of its own could make it true. */
	if (map_get(&t->code.first, slice_of("__name__"), SIZE_MAX) != SIZE_MAX)
		return;
	for (i = 0; i < root->n; i++) {
		const struct py_node *n = root->child[i];

		while (number < n->line && slice_line(text, &at, &line))
			number++;
		guards[n->order] = number == n->line &&
		    pytree_is_other(n, "if_statement") &&
		    is_guard_line(t->code.arena, line);
	}
}

static bool
runs_when_loaded(const struct py_node *n, const bool *guards)
{
	const struct py_node *up;

	for (; n->parent; n = up) {
		up = n->parent;
		/* Its defaults and type hints are computed where it stands. */
		if (up->kind == PY_DEF && n != up->child[0] &&
		    !pytree_is_other(n, "hints"))
			return false;
		if (guards[up->order] && n != up->child[0] &&
		    !str_eq(n->text, "else_clause") &&
		    !str_eq(n->text, "elif_clause"))
			return false;
	}
	return true;
}

/* A type hint names a class, and does nothing with it. */
static bool
is_hint(const struct py_node *n)
{
	while (n && n->kind != PY_CALL && n->kind != PY_DEF &&
	    !pytree_is_other(n, "type"))
		n = n->parent;
	return n && n->kind == PY_OTHER;
}

/* The first line that writes a table when the code is loaded; 0. */
static size_t
find_writing(struct testing *t, struct slice text)
{
	struct program *p = &t->code;
	bool *guards = arena_array(p->arena, bool, p->all.n + 1);
	size_t i;

	find_guards(t, text, guards);
	for (i = 0; i < p->all.n; i++) {
		const struct py_node *n = p->all.v[i];
		const struct defined *d = names_own(p, n) && !is_hint(n)
		    ? testing_find(t, n->text)
		    : NULL;
		bool writes = d && d->writes && d->node->kind != PY_ASSIGN;

		if (n->kind == PY_ATTRIBUTE)
			writes = writes_there(p, n);
		if (writes && runs_when_loaded(n, guards))
			return n->line;
	}
	return 0;
}

void
testing_read_code(struct arena *a, struct slice code, const struct plan *plan,
    struct testing *ret)
{
	struct gate_report *unread = arena_new(a, struct gate_report);
	struct program *p = &ret->code;
	size_t i;

	*p = (struct program){
	    .arena = a, .plan = plan, .report = unread, .budget = BUDGET};
	ret->is_too_large = true;
	if (!pytree_read(a, code, &p->root) || !program_read(p))
		return;
	for (i = 0; i < p->bindings.n; i++)
		add_defined(a, ret, &p->bindings.v[i]);
	ret->open = arena_array(a, bool, p->all.n + 1);
	if (ret->defined.n > MAX_DEFINED)
		return;
	note_uses(a, ret);
	testing_find_open(ret);
	ret->writes_at = find_writing(ret, code);
	ret->is_too_large = p->budget == 0;
}

void
testing_check_code(struct program *p)
{
	const struct testing *t = p->testing;

	if (t->is_too_large)
		program_say(p, G_TOO_LARGE, NULL,
		    "The code under test has more than is followed.");
	if (t->writes_at > 0)
		program_say(p, G_WRITE, NULL,
		    "Line %zu of the code under test writes when it is loaded, "
		    "before a test can say where.",
		    t->writes_at);
}

#include "base/base.h"

#include "gate/shape.h"

#include <string.h>

#define MAX_DEPTH 60

/* What a column reads, on its way. */
struct walk {
	struct program *program;
	struct idents *ret;
	const struct shape *from;
	const struct made *self;
	unsigned depth;
	bool *seen; /* of each node */
};

static void walk_node(struct walk *w, const struct py_node *n);
static void walk_made(struct walk *w, const struct made *m);

/* A name: the column of the source, or what made a column of that name. */
static void
add_ident(struct walk *w, const char *name)
{
	const struct made *m = w->from ? shape_find(w->from, name) : NULL;

	if (m && m != w->self && (m->value || m->sql) && w->depth < MAX_DEPTH)
		walk_made(w, m);
	else
		map_set(w->program->arena, &w->ret->names,
		    slice_of(str_lower(w->program->arena, name)), 1);
	if (w->from && w->from->unknown)
		w->ret->unsure = true;
}

/* "a.b" may be b of a, or the field b of a. */
static void
add_path(struct walk *w, const char *path)
{
	struct arena *a = w->program->arena;
	const char *p = path;

	while (*p) {
		size_t n = strcspn(p, ".");
		struct slice part = {p, n};

		if (n >= 2 && p[0] == '`' && p[n - 1] == '`')
			part = (struct slice){p + 1, n - 2};
		add_ident(w, slice_dup(a, part));
		p += n;
		p += *p == '.';
	}
}

static void
add_sql(struct walk *w, const char *text)
{
	struct expr_parsed parsed;
	size_t i;
	size_t k;

	expr_parse(w->program->arena, text, &parsed);
	if (!parsed.root)
		w->ret->unsure = true;
	for (i = 0; i < parsed.columns.n; i++) {
		for (k = 0; k < parsed.columns.v[i].n_parts; k++)
			add_ident(w, parsed.columns.v[i].part[k]);
	}
}

static const char *
taker_of(const struct py_node *n)
{
	if (!n->parent || n->parent->kind != PY_CALL)
		return "";
	return pytree_called(n->parent);
}

static void
walk_binding(const struct binding *b, void *data)
{
	struct walk *w = data;
	const struct py_node *function;
	size_t i;

	if (b->kind != BIND_PARAM) {
		if (b->value)
			walk_node(w, b->value);
		return;
	}
	function = b->node->parent->parent;
	for (i = 0; i < w->program->calls.n; i++) {
		const struct py_node *call = w->program->calls.v[i];
		const struct py_node *arg;

		if (!str_eq(pytree_called(call), function->text))
			continue;
		arg = pytree_argument(call, program_place(b->node),
		    b->node->text);
		if (arg)
			walk_node(w, arg);
	}
}

static void
walk_call(struct walk *w, const struct py_node *n)
{
	const struct py_node *callee = program_callee(w->program, n);
	const struct py_node *f = n->child[0];
	size_t i;

	if (str_eq(pytree_called(n), "lit"))
		return;
	if (f->kind == PY_ATTRIBUTE)
		walk_node(w, f->child[0]);
	for (i = 1; i < n->n; i++)
		walk_node(w, n->child[i]);
	if (!callee || callee->kind != PY_DEF)
		return;
	for (i = 0; i < w->program->all.n; i++) {
		const struct py_node *r = w->program->all.v[i];

		if (r->kind == PY_RETURN && r->n > 0 &&
		    program_function(r) == callee)
			walk_node(w, r->child[0]);
	}
}

static void
walk_children(struct walk *w, const struct py_node *n)
{
	size_t i;

	for (i = 0; i < n->n; i++)
		walk_node(w, n->child[i]);
}

static void
walk_text(struct walk *w, const struct py_node *n)
{
	if (str_eq(taker_of(n), "expr"))
		add_sql(w, n->text);
	else
		add_path(w, n->text);
}

static void
walk_node(struct walk *w, const struct py_node *n)
{
	const char *text;

	if (w->seen[n->order] || w->depth >= MAX_DEPTH ||
	    w->program->budget == 0)
		return;
	w->seen[n->order] = true;
	w->program->budget--;
	w->depth++;
	switch ((int)n->kind) {
	case PY_STRING:
		walk_text(w, n);
		break;
	case PY_FORMAT:
		text = flow_constant(w->program, n);
		if (text)
			add_sql(w, text);
		else
			w->ret->unsure = true;
		break;
	case PY_NAME:
		text = str_eq(taker_of(n), "expr")
		    ? flow_constant(w->program, n)
		    : NULL;
		if (text)
			add_sql(w, text);
		else
			program_resolve(w->program, n, walk_binding, w);
		break;
	case PY_ATTRIBUTE:
		add_ident(w, n->text);
		if (n->child[0]->kind != PY_NAME)
			walk_node(w, n->child[0]);
		break;
	case PY_CALL:
		walk_call(w, n);
		break;
	case PY_SUBSCRIPT:
		if (n->child[0]->kind != PY_NAME)
			walk_node(w, n->child[0]);
		if (n->n > 1)
			walk_node(w, n->child[1]);
		break;
	default:
		walk_children(w, n);
		break;
	}
	w->depth--;
}

static void
walk_made(struct walk *w, const struct made *m)
{
	const struct shape *outer = w->from;
	const struct made *self = w->self;

	if (w->program->budget == 0) {
		w->ret->unsure = true;
		return;
	}
	w->program->budget--;
	w->depth++;
	w->from = m->from;
	w->self = m;
	if (m->sql)
		add_sql(w, m->sql);
	else if (m->value)
		walk_node(w, m->value);
	else
		add_ident(w, m->name);
	w->from = outer;
	w->self = self;
	w->depth--;
}

void
made_reads(struct program *p, const struct made *m, struct idents *ret)
{
	struct walk w = {.program = p, .ret = ret};

	*ret = (struct idents){0};
	w.seen = arena_array(p->arena, bool, p->all.n + 1);
	walk_made(&w, m);
	if (p->budget == 0)
		ret->unsure = true;
}

#include "base/base.h"

#include "gate/reads.h"

#include "gate/reach.h"
#include "gate/sql.h"
#include "gate/uses.h"

#include <string.h>

#define MAX_DEPTH 60

/* A function, as one call of it runs. */
struct calling {
	const struct calling *outer;
	const struct py_node *function;
	const struct py_node *call;
};

/* A name that is followed. */
struct active {
	const struct active *outer;
	const struct py_node *node;
	const struct made *made;
};

/* What a column reads, on its way. */
struct walk {
	struct program *program;
	struct idents *ret;
	const struct shape *from;
	const struct made *self;
	const struct calling *calling;
	const struct active *active;
	unsigned depth;
	bool perhaps; /* what is read now may be no column */
};

static void walk_node(struct walk *w, const struct py_node *n, enum role role);
static void walk_made(struct walk *w, const struct made *m);

static void
put(struct walk *w, const struct ident *read)
{
	struct ident *known = NULL;
	enum reading how = w->perhaps ? READ_PERHAPS : read->how;
	size_t i;

	for (i = 0; i < w->ret->n && !known; i++) {
		if (str_ieq(w->ret->v[i].name, read->name))
			known = &w->ret->v[i];
	}
	if (!known) {
		known = LIST_ADD(w->program->arena, w->ret);
		*known = *read;
		known->how = how;
	}
	if (how > known->how)
		known->how = how;
	known->is_field = known->is_field && read->is_field;
}

/* A name: the column of the source, or what made a column of that name. */
static void
add_ident(struct walk *w, const char *name, bool is_field)
{
	const struct made *m = w->from ? shape_find(w->from, name) : NULL;

	if (m && m != w->self && w->depth < MAX_DEPTH) {
		w->ret->unsure = w->ret->unsure || m->hidden;
		walk_made(w, m);
	} else if (!m && w->from && w->from->open && w->from->target) {
		w->ret->target = true;
	} else {
		put(w,
		    &(struct ident){.name = str_lower(w->program->arena, name),
		        .how = READ_SURELY,
		        .is_field = is_field});
	}
	if (w->from && w->from->unknown && !(m && !m->hidden))
		w->ret->unsure = true;
}

/* Some table of the program is called so. */
static bool
is_alias(const struct walk *w, const char *name)
{
	const struct program *p = w->program;
	size_t i;

	for (i = 0; i < p->calls.n; i++) {
		const struct py_node *call = p->calls.v[i];
		const struct py_node *f = call->child[0];

		if (call->n == 2 && f->kind == PY_ATTRIBUTE &&
		    str_eq(f->text, "alias") &&
		    call->child[1]->kind == PY_STRING &&
		    str_ieq(call->child[1]->text, name) &&
		    (f->child[0]->kind == PY_NAME ||
		        (f->child[0]->kind == PY_CALL &&
		            !flow_gives_column(p, f->child[0]))))
			return true;
	}
	return false;
}

/* The parts name a target. */
static bool
is_target(const struct walk *w, const char *const *part, size_t n)
{
	const char *name = part[0];
	enum table_use use;
	size_t i;

	for (i = 1; i < n; i++)
		name = arena_printf(w->program->arena, "%s.%s", name, part[i]);
	use = plan_table_use(w->program, name);
	return (use & TABLE_WRITTEN) && !(use & TABLE_READ);
}

/* "a.b" is b of a table a, or the field b of a. */
static void
add_parts(struct walk *w, const char *const *part, size_t n)
{
	const struct shape *outer = w->from;
	const struct shape *side = n > 1 && outer
	    ? shape_side(outer, slice_of(part[0]))
	    : NULL;
	bool alias = !side && n > 1 && is_alias(w, part[0]);
	size_t first = side || alias ? 1 : 0;
	size_t i;

	if (n > 2 && is_target(w, part, n - 1)) {
		w->ret->target = true;
		return;
	}
	/* A field of what was made here, or of which of two tables? */
	if ((!side && !alias && n > 1 && outer && shape_find(outer, part[0])) ||
	    (alias && outer && outer->side[0]))
		w->ret->unsure = true;
	if (side)
		w->from = side;
	for (i = first; i < n; i++)
		add_ident(w, part[i], side ? i > 1 : n > 1);
	w->from = outer;
}

static void
add_sql(struct walk *w, const char *text)
{
	struct expr_parsed parsed;
	size_t i;

	expr_parse(w->program->arena, text, &parsed);
	if (!parsed.root)
		w->ret->unsure = true;
	for (i = 0; i < parsed.columns.n; i++)
		add_parts(w, parsed.columns.v[i].part,
		    parsed.columns.v[i].n_parts);
}

static void
add_path(struct walk *w, const char *path)
{
	struct arena *a = w->program->arena;
	LIST_OF(const char *) parts = {0};
	const char *p = path;

	if (strchr(path, '`')) {
		add_sql(w, path);
		return;
	}
	while (*p) {
		size_t n = strcspn(p, ".");

		*LIST_ADD(a, &parts) = arena_strndup(a, p, n);
		p += n;
		p += *p == '.';
	}
	if (parts.n > 0 && !str_eq(path, "*"))
		add_parts(w, parts.v, parts.n);
}

static void
add_text(struct walk *w, const char *text, enum role role)
{
	bool perhaps = w->perhaps;

	if (role == ROLE_TEXT)
		return;
	w->perhaps = perhaps || role == ROLE_PERHAPS;
	add_path(w, text);
	w->perhaps = perhaps;
}

static void
ways_end(struct walk *w, const struct ways *ways)
{
	size_t i;

	for (i = 0; i < ways->all.n; i++)
		put(w, &ways->all.v[i]);
	w->ret->unsure = w->ret->unsure || ways->all.unsure;
	w->ret->target = w->ret->target || ways->all.target;
}

static void
walk_way(struct walk *w, struct ways *ways, const struct py_node *n,
    enum role role)
{
	struct idents *outer = w->ret;
	struct idents one = {0};

	w->ret = &one;
	walk_node(w, n, role);
	w->ret = outer;
	ways_add(w->program, ways, &one);
}

static void
walk_param(struct walk *w, struct ways *ways, const struct py_node *param,
    enum role role)
{
	const struct py_node *function = param->parent->parent;
	const struct calling *inner = w->calling;
	const struct calling *c = inner;
	const struct py_node *arg;
	int place = program_place(param);
	size_t i;

	while (c && c->function != function)
		c = c->outer;
	if (c) {
		arg = pytree_argument(c->call, place, param->text);
		if (!arg && param->n > 0)
			arg = param->child[0];
		w->calling = c->outer;
		if (arg)
			walk_way(w, ways, arg, role);
		else
			w->ret->unsure = true;
		w->calling = inner;
		return;
	}
	for (i = 0; i < w->program->calls.n; i++) {
		const struct py_node *call = w->program->calls.v[i];

		if (!str_eq(pytree_called(call), function->text))
			continue;
		arg = pytree_argument(call, place, param->text);
		if (arg)
			walk_way(w, ways, arg, role);
	}
	if (ways->n == 0 && function->kind == PY_DEF)
		w->ret->unsure = true;
}

/* What a loop goes through: keys or values of a dictionary, or elements. */
static void
walk_each(struct walk *w, const struct binding *b, enum role role)
{
	const struct py_node *n = b->value;
	const struct py_node *pair = b->node->parent;
	bool items = n->kind == PY_CALL && n->n == 1 &&
	    n->child[0]->kind == PY_ATTRIBUTE &&
	    str_eq(n->child[0]->text, "items");
	const struct py_node *dict = shape_literal(w->program,
	    items ? n->child[0]->child[0] : n);
	size_t part = items ? 1 : 0;
	size_t i;

	if (dict->kind != PY_DICT) {
		w->ret->unsure = w->ret->unsure || b->levels > 1;
		walk_node(w, n, role);
		return;
	}
	if (pair->kind == PY_LIST && pair->n == 2 && pair->child[0] == b->node)
		part = 0;
	for (i = 0; i < dict->n; i++) {
		if (dict->child[i]->n > part)
			walk_node(w, dict->child[i]->child[part], role);
	}
}

static void
walk_name(struct walk *w, const struct py_node *n, enum role role)
{
	struct active active = {.outer = w->active, .node = n, .made = w->self};
	const struct active *a;
	struct ways ways = {0};
	struct reached reached;
	size_t i;

	/* x = x + y, in a loop. */
	for (a = w->active; a; a = a->outer) {
		if (a->node == n && a->made == w->self)
			return;
	}
	w->active = &active;
	reach_name(w->program, n, &reached);
	for (i = 0; i < reached.n; i++) {
		const struct binding *b = reached.v[i].binding;

		if (b->kind == BIND_PARAM)
			walk_param(w, &ways, b->node, role);
		else if (b->kind == BIND_EACH)
			walk_each(w, b, role);
		else if (b->value)
			walk_way(w, &ways, b->value, role);
	}
	w->ret->unsure = w->ret->unsure || reached.unknown;
	ways_end(w, &ways);
	w->active = active.outer;
}

/* What an own function makes of its arguments. */
static void
walk_returns(struct walk *w, const struct py_node *call,
    const struct py_node *function)
{
	struct calling calling = {
	    .outer = w->calling, .function = function, .call = call};
	const struct py_node *r = NULL;
	struct ways ways = {0};

	while ((r = program_return(w->program, function, r))) {
		if (r->n == 0)
			continue;
		w->calling = &calling;
		walk_way(w, &ways, r->child[0], ROLE_PERHAPS);
		w->calling = calling.outer;
	}
	if (ways.n == 0)
		w->ret->unsure = true;
	ways_end(w, &ways);
}

static void
walk_call(struct walk *w, const struct py_node *n, enum role role)
{
	const struct py_node *callee = program_callee(w->program, n);
	const char *name = program_called(w->program, n);
	const struct py_node *f = n->child[0];
	bool unsure = w->ret->unsure;
	const char *text;
	size_t i;

	if (callee && callee->kind == PY_DEF) {
		walk_returns(w, n, callee);
		return;
	}
	if (str_eq(name, "expr") && n->n > 1) {
		text = flow_constant(w->program, n->child[1]);
		if (text)
			add_sql(w, text);
		else
			w->ret->unsure = true;
		return;
	}
	/* x.lower(), or str(x) for a name: a text that is not followed. */
	if (!reads_column(w->program, n) &&
	    (f->kind != PY_NAME || role != ROLE_TEXT))
		unsure = true;
	if (f->kind == PY_ATTRIBUTE && !reads_module(w->program, f->child[0]))
		walk_node(w, f->child[0], ROLE_TEXT);
	for (i = 1; i < n->n; i++)
		walk_node(w, n->child[i], reads_role(w->program, n, i));
	/* Of what is no column, nothing is read. */
	if (unsure || str_eq(name, "lit"))
		w->ret->unsure = unsure;
}

/* df.x; or an attribute of a class or an object. */
static void
walk_attribute(struct walk *w, const struct py_node *n, enum role role)
{
	struct program *p = w->program;
	const struct py_node *object = n->child[0];
	const char *text = flow_constant(p, n);
	const struct binding *b = program_only(p, object);

	if (text) {
		add_text(w, text, role);
	} else if ((b && b->kind == BIND_CLASS) ||
	    uses_is_own_object(p, object)) {
		w->ret->unsure = true;
	} else if (!reads_module(p, object)) {
		bool other = shapes_of(p, object)->v[0]->unknown;
		const struct shape *from = w->from;

		w->ret->unsure = w->ret->unsure || other;
		w->from = shape_meant(p, from, object);
		add_ident(w, n->text, other);
		w->from = from;
		if (object->kind != PY_NAME)
			walk_node(w, object, ROLE_TEXT);
	}
}

/* df["x"], or an entry of a dictionary or list. */
static void
walk_subscript(struct walk *w, const struct py_node *n, enum role role)
{
	struct program *p = w->program;
	const struct py_node *object = shape_literal(p, n->child[0]);
	const struct shape *from = w->from;
	const struct py_node *entry[2];
	const char *text;

	if (object->kind == PY_DICT || object->kind == PY_LIST) {
		if (flow_entry(p, n, entry) == 1) {
			walk_node(w, entry[0], role);
			return;
		}
		w->ret->unsure = true;
		walk_node(w, object, role);
		return;
	}
	if (n->child[0]->kind != PY_NAME)
		walk_node(w, n->child[0], ROLE_TEXT);
	text = n->n > 1 ? flow_constant(p, n->child[1]) : NULL;
	if (shapes_of(p, n->child[0])->v[0]->unknown)
		w->ret->unsure = true;
	w->from = shape_meant(p, from, n->child[0]);
	if (text)
		add_text(w, text, ROLE_COLUMN);
	w->from = from;
	if (!text && n->n > 1)
		walk_node(w, n->child[1], ROLE_COLUMN);
}

static void
walk_children(struct walk *w, const struct py_node *n, size_t from,
    enum role role)
{
	size_t i;

	for (i = from; i < n->n; i++)
		walk_node(w, n->child[i], role);
}

/* Of columns; or of texts, which make a name that is not followed. */
static void
walk_operands(struct walk *w, const struct py_node *n, enum role role)
{
	size_t known = w->ret->n;

	walk_children(w, n, 0, ROLE_TEXT);
	if (role == ROLE_COLUMN && n->n > 1 && w->ret->n == known)
		w->ret->unsure = true;
}

static void
walk_kind(struct walk *w, const struct py_node *n, enum role role)
{
	struct ways ways = {0};
	const char *text;

	switch ((int)n->kind) {
	case PY_STRING:
		add_text(w, n->text, role);
		break;
	case PY_FORMAT:
	case PY_PLUS:
		text = flow_constant(w->program, n);
		if (text)
			add_text(w, text, role);
		else if (n->kind == PY_PLUS)
			walk_operands(w, n, role);
		else if (role != ROLE_TEXT)
			w->ret->unsure = true;
		break;
	case PY_NAME:
		walk_name(w, n, role);
		break;
	case PY_ATTRIBUTE:
		walk_attribute(w, n, role);
		break;
	case PY_CALL:
		walk_call(w, n, role);
		break;
	case PY_SUBSCRIPT:
		walk_subscript(w, n, role);
		break;
	case PY_CHOICE:
		walk_way(w, &ways, n->child[0], role);
		walk_way(w, &ways, n->child[n->n - 1], role);
		ways_end(w, &ways);
		break;
	case PY_PAIR:
		walk_children(w, n, 1, role);
		break;
	case PY_EACH:
		walk_node(w, n->child[0], role);
		break;
	case PY_LAMBDA:
		walk_children(w, n, 1, ROLE_TEXT);
		break;
	case PY_LIST:
	case PY_DICT:
	case PY_STAR:
	case PY_KEYWORD:
		walk_children(w, n, 0, role);
		break;
	default:
		walk_operands(w, n, role);
		break;
	}
}

static void
walk_node(struct walk *w, const struct py_node *n, enum role role)
{
	if (w->depth >= MAX_DEPTH || w->program->budget == 0) {
		w->ret->unsure = true;
		return;
	}
	w->program->budget--;
	w->depth++;
	walk_kind(w, n, role);
	w->depth--;
}

static void
walk_made(struct walk *w, const struct made *m)
{
	const struct shape *outer = w->from;
	const struct made *self = w->self;
	const struct calling *calling = w->calling;

	if (w->program->budget == 0) {
		w->ret->unsure = true;
		return;
	}
	w->program->budget--;
	w->depth++;
	w->from = m->from;
	w->self = m;
	w->calling = NULL;
	if (m->sql)
		add_sql(w, m->sql);
	else if (m->value)
		walk_node(w, m->value,
		    m->value->kind == PY_STRING ? ROLE_COLUMN : ROLE_PERHAPS);
	else
		add_ident(w, m->name, false);
	w->from = outer;
	w->self = self;
	w->calling = calling;
	w->depth--;
}

void
made_reads(struct program *p, const struct made *m, struct idents *ret)
{
	struct walk w = {.program = p, .ret = ret};

	*ret = (struct idents){0};
	walk_made(&w, m);
	if (p->budget == 0)
		ret->unsure = true;
}

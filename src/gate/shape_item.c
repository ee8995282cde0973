#include "base/base.h"

#include "gate/shape.h"

#include "expr/lexer.h"
#include "gate/uses.h"

#include <string.h>

/* Joins of joins that are looked into. */
#define MAX_JOINS 16

const struct made *
shape_find(const struct shape *s, const char *name)
{
	size_t i = s->n;

	while (i-- > 0) {
		if (str_ieq(s->v[i].name, name))
			return &s->v[i];
	}
	return NULL;
}

void
shape_put(struct program *p, struct shape *to, const struct made *m)
{
	size_t i;

	for (i = 0; i < to->n; i++) {
		if (!str_ieq(to->v[i].name, m->name))
			continue;
		to->v[i] = *m;
		return;
	}
	*LIST_ADD(p->arena, to) = *m;
}

void
shape_put_all(struct program *p, struct shape *to, const struct shape *from)
{
	size_t i;

	for (i = 0; i < from->n; i++)
		shape_put(p, to, &from->v[i]);
	if (from->open)
		to->target = from->target && (!to->open || to->target);
	to->open = to->open || from->open;
	to->unknown = to->unknown || from->unknown;
}

/* "a.b" is b; backticks do not count. */
static const char *
last_part(struct arena *a, const char *path)
{
	const char *dot = strrchr(path, '.');
	const char *name = dot ? dot + 1 : path;
	size_t n = strlen(name);

	if (n >= 2 && name[0] == '`' && name[n - 1] == '`')
		return arena_strndup(a, name + 1, n - 2);
	return name;
}

static const struct shape *
side_of(const struct shape *s, struct slice name, unsigned depth)
{
	const struct shape *found = NULL;
	size_t i;

	if (s->alias && slice_ieq(name, s->alias))
		return s;
	for (i = 0;
	     i < COUNT_OF(s->side) && s->side[i] && !found && depth < MAX_JOINS;
	     i++)
		found = side_of(s->side[i], name, depth + 1);
	return found;
}

const struct shape *
shape_side(const struct shape *s, struct slice name)
{
	return side_of(s, name, 0);
}

/* A column that is taken as it is. */
static void
put_as_is(struct program *p, struct shape *to, const struct shape *from,
    const struct py_node *at, const char *path)
{
	const char *name = last_part(p->arena, path);
	const char *dot = strchr(path, '.');
	const struct shape *side = dot
	    ? side_of(from, (struct slice){path, (size_t)(dot - path)}, 0)
	    : NULL;
	const struct made *m;

	if (str_eq(name, "*")) {
		/* All fields of a struct, whatever they are. */
		if (dot && !side)
			to->unknown = true;
		else
			shape_put_all(p, to, side ? side : from);
		return;
	}
	m = shape_find(side ? side : from, name);
	if (m)
		shape_put(p, to, m);
	else
		shape_put(p, to,
		    &(struct made){.name = name,
		        .sql = dot && !side ? path : NULL,
		        .from = side ? side : from,
		        .at = at});
}

/* Where the last AS outside brackets stands; SIZE_MAX: nowhere. */
static size_t
find_as(const char *text, const struct lexed *lexed)
{
	size_t at = SIZE_MAX;
	size_t depth = 0;
	size_t i;

	for (i = 0; i < lexed->tokens.n; i++) {
		const struct token *t = &lexed->tokens.v[i];

		if (t->kind == TOKEN_LPAREN)
			depth++;
		else if (t->kind == TOKEN_RPAREN)
			depth -= depth > 0;
		else if (t->kind == TOKEN_WORD && depth == 0 &&
		    slice_ieq((struct slice){text + t->start,
		                  t->end - t->start},
		        "as"))
			at = i;
	}
	return at;
}

void
shape_add_sql(struct program *p, struct shape *to, const struct shape *from,
    const struct py_node *at, const char *text)
{
	struct lexed lexed = {0};
	const struct token *t;
	const char *sql;
	size_t as;

	lexer_read(p->arena, slice_of(text), &lexed);
	as = find_as(text, &lexed);
	if (as == SIZE_MAX || as + 1 >= lexed.tokens.n) {
		struct expr_parsed parsed;

		text = str_trim(p->arena, text);
		expr_parse(p->arena, text, &parsed);
		if (str_ends(text, "*") ||
		    (parsed.root && parsed.root->kind == EXPR_COLUMN))
			put_as_is(p, to, from, at, text);
		else
			to->unknown = true;
		return;
	}
	t = &lexed.tokens.v[as + 1];
	sql = arena_strndup(p->arena, text, lexed.tokens.v[as].start);
	shape_put(p, to,
	    &(struct made){.name = last_part(p->arena,
	                       arena_strndup(p->arena, text + t->start,
	                           t->end - t->start)),
	        .sql = sql,
	        .from = from,
	        .at = at});
}

void
shape_put_named(struct program *p, struct shape *to, const struct shape *from,
    const struct py_node *name, const struct py_node *value)
{
	const char *text = name ? flow_constant(p, name) : NULL;

	if (!text || !value) {
		to->unknown = true;
		return;
	}
	shape_put(p, to,
	    &(struct made){
	        .name = text, .value = value, .from = from, .at = value});
}

/* The name that a column keeps through cast() and its like. */
static bool
keeps_name(const char *method)
{
	return str_eq(method, "cast") || str_eq(method, "astype");
}

static void
add_call_item(struct program *p, struct shape *to, const struct shape *from,
    const struct py_node *item)
{
	const char *method = program_called(p, item);
	const struct py_node *f = item->child[0];
	const struct py_node *first = pytree_argument(item, 0, NULL);
	const struct binding *b = program_only(p, f);
	struct shape inner = {0};

	if (b && b->kind != BIND_IMPORT)
		to->unknown = true;
	else if (f->kind == PY_ATTRIBUTE &&
	    (str_eq(method, "alias") || str_eq(method, "name")) &&
	    f->child[0]->kind != PY_NAME && first) {
		shape_put_named(p, to, from, first, f->child[0]);
	} else if (str_eq(method, "alias") && first) {
		shape_put_named(p, to, from, first, f->child[0]);
	} else if (f->kind == PY_ATTRIBUTE && keeps_name(method)) {
		shape_add_item(p, &inner, from, f->child[0]);
		if (inner.n == 1 && !inner.unknown) {
			inner.v[0].value = item;
			inner.v[0].sql = NULL;
			inner.v[0].from = from;
			shape_put(p, to, &inner.v[0]);
		} else {
			to->unknown = true;
		}
	} else if ((str_eq(method, "col") || str_eq(method, "column")) &&
	    first && flow_constant(p, first)) {
		put_as_is(p, to, from, item, flow_constant(p, first));
	} else if (str_eq(method, "expr") && first && flow_constant(p, first)) {
		shape_add_sql(p, to, from, item, flow_constant(p, first));
	} else {
		to->unknown = true;
	}
}

/* [F.col(c) for c in names] */
static void
add_each(struct program *p, struct shape *to, const struct shape *from,
    const struct py_node *each)
{
	const struct py_node *item = each->child[0];
	struct texts names = {0};
	size_t i;

	if (item->kind == PY_CALL && item->n == 2 &&
	    str_eq(pytree_called(item), "col"))
		item = item->child[1];
	if (item->kind == PY_NAME)
		flow_texts(p, item, &names);
	for (i = 0; i < names.n; i++)
		put_as_is(p, to, from, item, names.v[i]);
	/* An if may leave some out. */
	to->unknown = to->unknown || names.unknown || names.n == 0 ||
	    each->n != 2;
}

const struct shape *
shape_meant(struct program *p, const struct shape *from,
    const struct py_node *table)
{
	const struct shapes *of;

	if (!from || !from->side[0] || table->kind != PY_NAME)
		return from;
	of = shapes_of(p, table);
	return of->n == 1 && !of->v[0]->unknown ? of->v[0] : from;
}

/* x.columns: those of a target are what the plan says. */
static void
add_columns(struct program *p, struct shape *to, const struct shape *from,
    const struct py_node *item)
{
	const struct shapes *of = shapes_of(p, item->child[0]);
	const struct shape *s = of->v[0];
	size_t i;

	if (of->n == 1 && s->open && s->target && s->n == 0 &&
	    p->plan->pipelines.n == 1) {
		const struct plan_pipeline *l = &p->plan->pipelines.v[0];

		for (i = 0; i < l->columns.n; i++)
			put_as_is(p, to, from, item, l->columns.v[i].name);
		return;
	}
	for (i = 0; i < s->n; i++)
		put_as_is(p, to, from, item, s->v[i].name);
	to->unknown = to->unknown || of->n != 1 || s->open || s->unknown;
}

void
shape_add_item(struct program *p, struct shape *to, const struct shape *from,
    const struct py_node *item)
{
	const struct py_node *literal;
	const char *text;
	size_t i;

	switch ((int)item->kind) {
	case PY_STRING:
		put_as_is(p, to, from, item, item->text);
		break;
	case PY_CALL:
		add_call_item(p, to, from, item);
		break;
	case PY_ATTRIBUTE:
		text = flow_constant(p, item);
		if (!text && uses_is_own_object(p, item->child[0]))
			to->unknown = true;
		else if (!text && str_eq(item->text, "columns"))
			add_columns(p, to, from, item);
		else
			put_as_is(p, to,
			    text ? from : shape_meant(p, from, item->child[0]),
			    item, text ? text : item->text);
		break;
	case PY_SUBSCRIPT:
		text = flow_constant(p, item);
		literal = shape_literal(p, item->child[0]);
		if (text) {
			put_as_is(p, to, from, item, text);
			break;
		}
		if (literal->kind != PY_DICT && literal->kind != PY_LIST &&
		    item->n > 1)
			text = flow_constant(p, item->child[1]);
		if (text)
			put_as_is(p, to, shape_meant(p, from, item->child[0]),
			    item, text);
		else
			to->unknown = true;
		break;
	case PY_EACH:
		add_each(p, to, from, item);
		break;
	case PY_STAR:
	case PY_LIST:
		for (i = 0; i < item->n; i++)
			shape_add_item(p, to, from, item->child[i]);
		break;
	case PY_NAME:
		literal = shape_literal(p, item);
		if (literal != item)
			shape_add_item(p, to, from, literal);
		else
			to->unknown = true;
		break;
	default:
		to->unknown = true;
		break;
	}
}

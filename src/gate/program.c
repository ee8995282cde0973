#include "base/base.h"

#include "gate/program.h"

#include "gate/allow.h"
#include "gate/testing.h"
#include "gate/uses.h"

/* A place that no argument has. */
#define BY_NAME 100000

/* Defaults and hints of parameters and bases of classes are computed where the
 * function or class stands. */
static bool
is_outside(const struct py_node *scope, const struct py_node *child)
{
	if (scope->kind == PY_CLASS)
		return pytree_is_other(child, "argument_list");
	return scope->child[0] == child || pytree_is_other(child, "hints");
}

static const struct py_node *
scope_of(const struct py_node *node)
{
	const struct py_node *from = node;
	const struct py_node *n = node->parent;

	while (n && n->parent &&
	    ((n->kind != PY_DEF && n->kind != PY_LAMBDA &&
	         n->kind != PY_CLASS) ||
	        is_outside(n, from))) {
		from = n;
		n = n->parent;
	}
	return n ? n : node;
}

static struct binding *
bind(struct program *p, enum bind_kind kind, const char *name,
    const struct py_node *node, const struct py_node *value)
{
	struct binding *b = LIST_ADD(p->arena, &p->bindings);
	struct slice key = slice_of(name);
	size_t at = p->bindings.n - 1;

	*b = (struct binding){.kind = kind,
	    .name = name,
	    .node = node,
	    .value = value,
	    .scope = scope_of(node)};
	if (kind == BIND_PARAM)
		b->scope = node->parent->parent;
	if (map_get(&p->globals, key, 0))
		b->scope = p->root;
	b->next = map_get(&p->first, key, SIZE_MAX);
	b->place = b->next == SIZE_MAX ? 1 : p->bindings.v[b->next].place + 1;
	map_set(p->arena, &p->first, key, at);
	return b;
}

static bool
is_of_comprehension(const struct py_node *target)
{
	const struct py_node *up = target->parent;

	while (up && (up->kind == PY_LIST || up->kind == PY_STAR))
		up = up->parent;
	return up && up->kind == PY_FOR && up->parent &&
	    up->parent->kind == PY_EACH;
}

/* A target of an assignment: each name gets its own part of the value, where
 * that can be told. levels: how often the value is gone through. */
static void
bind_target(struct program *p, const struct py_node *target,
    const struct py_node *value, unsigned levels)
{
	bool paired = value && levels == 0 && target->kind == PY_LIST &&
	    value->kind == PY_LIST && !value->is_odd && value->n == target->n &&
	    !pytree_has(target, PY_STAR) && !pytree_has(value, PY_STAR);
	struct binding *b;
	size_t i;

	if (target->kind == PY_NAME) {
		b = bind(p,
		    !value           ? BIND_OTHER
		        : levels > 0 ? BIND_EACH
		                     : BIND_VALUE,
		    target->text, target, value);
		b->levels = levels;
		b->is_inner = is_of_comprehension(target);
	} else if (target->kind == PY_ATTRIBUTE) {
		map_set(p->arena, &p->members, slice_of(target->text), 1);
	} else if (target->kind == PY_STAR) {
		for (i = 0; i < target->n; i++)
			bind_target(p, target->child[i], NULL, 0);
	} else if (target->kind == PY_LIST) {
		for (i = 0; i < target->n; i++)
			bind_target(p, target->child[i],
			    paired ? value->child[i] : value,
			    paired ? 0 : levels + 1);
	}
}

static void
bind_names(struct program *p, const struct py_node *n)
{
	switch ((int)n->kind) {
	case PY_ASSIGN:
		bind_target(p, n->child[0], n->n > 1 ? n->child[1] : NULL, 0);
		break;
	case PY_ADD:
		if (n->child[0]->kind == PY_NAME && n->n > 1)
			bind(p, BIND_ADDED, n->child[0]->text, n->child[0],
			    n->child[1]);
		else
			bind_target(p, n->child[0], NULL, 0);
		break;
	case PY_FOR:
		if (n->n > 1)
			bind_target(p, n->child[0], n->child[1], 1);
		break;
	case PY_AS:
		if (n->n > 1)
			bind_target(p, n->child[n->n - 1], NULL, 0);
		break;
	case PY_PARAM:
		bind(p, BIND_PARAM, n->text, n, NULL);
		break;
	case PY_DEF:
		bind(p, BIND_DEF, n->text, n, NULL);
		break;
	case PY_CLASS:
		bind(p, BIND_CLASS, n->text, n, NULL);
		break;
	case PY_IMPORT:
	case PY_FROM:
		bind(p, BIND_IMPORT, n->alias, n, NULL);
		if (str_eq(n->text, "*")) {
			p->has_star = true;
			p->star = n->order;
		}
		break;
	default:
		break;
	}
}

/* Names that stand in a class are attributes of its objects. */
static void
note_member(struct program *p, const struct py_node *n)
{
	const struct py_node *name = NULL;

	if (n->kind == PY_ASSIGN && n->child[0]->kind == PY_NAME)
		name = n->child[0];
	else if (n->kind == PY_DEF)
		name = n;
	if (name && scope_of(n)->kind == PY_CLASS)
		map_set(p->arena, &p->members, slice_of(name->text), 1);
}

static void
collect(struct program *p, const struct py_node *n)
{
	size_t i;

	*LIST_ADD(p->arena, &p->all) = n;
	if (n->kind == PY_CALL)
		*LIST_ADD(p->arena, &p->calls) = n;
	if (n->kind == PY_KEYWORD && n->parent->kind == PY_CALL &&
	    str_eq(pytree_called(n->parent), "Row"))
		map_set(p->arena, &p->rows, slice_of(n->text), 1);
	if (n->kind == PY_STRING)
		map_set(p->arena, &p->texts, slice_of(n->text),
		    map_get(&p->texts, slice_of(n->text), 0) + 1);
	if (n->kind == PY_GLOBAL) {
		for (i = 0; i < n->n; i++)
			map_set(p->arena, &p->globals,
			    slice_of(n->child[i]->text), 1);
	}
	for (i = 0; i < n->n; i++)
		collect(p, n->child[i]);
}

bool
program_read(struct program *p)
{
	size_t i;

	p->views.fold = true;
	p->texts.fold = true;
	collect(p, p->root);
	p->shapes = arena_array(p->arena, struct shapes *, p->all.n + 1);
	p->told = arena_array(p->arena, unsigned char, p->all.n + 1);
	for (i = 0; i < p->all.n; i++) {
		bind_names(p, p->all.v[i]);
		note_member(p, p->all.v[i]);
		if (p->all.v[i]->kind == PY_ATTRIBUTE &&
		    uses_is_stored(p->all.v[i]))
			map_set(p->arena, &p->stored,
			    slice_of(p->all.v[i]->text), 1);
	}
	for (i = 0; i < p->bindings.n; i++) {
		if (p->bindings.v[i].place > PROGRAM_MAX_BOUND)
			return false;
	}
	p->is_plain = uses_classes_are_plain(p);
	p->makes_otherwise = uses_make_otherwise(p);
	return true;
}

bool
program_resolve(const struct program *p, const struct py_node *name,
    void (*each)(const struct binding *, void *), void *data)
{
	size_t first = map_get(&p->first, slice_of(name->text), SIZE_MAX);
	const struct py_node *scope = scope_of(name);
	bool inner = true;
	bool found = false;
	bool ends = false;
	size_t i;

	for (; first != SIZE_MAX && !ends; scope = scope_of(scope)) {
		/* A class is no scope for the functions in it. */
		for (i = first;
		     i != SIZE_MAX && (inner || scope->kind != PY_CLASS);
		     i = p->bindings.v[i].next) {
			const struct binding *b = &p->bindings.v[i];

			if (b->scope != scope)
				continue;
			found = true;
			/* A name of a class may not be there yet; that of a
			 * comprehension is not seen around it. */
			ends = ends ||
			    (scope->kind != PY_CLASS && !b->is_inner);
			if (each)
				each(b, data);
		}
		inner = false;
		if (!scope->parent)
			break;
	}
	return found;
}

struct only {
	const struct binding *binding;
	size_t n;
};

static void
count(const struct binding *b, void *data)
{
	struct only *only = data;

	/* To import the same once more changes nothing. */
	if (only->n == 1 && b->kind == BIND_IMPORT &&
	    only->binding->kind == BIND_IMPORT &&
	    b->node->kind == only->binding->node->kind &&
	    str_eq(b->node->text, only->binding->node->text) &&
	    str_eq(b->node->module, only->binding->node->module))
		return;
	only->binding = b;
	only->n++;
}

/* Before it is bound, the name means what Python or the notebook gives it. */
static bool
is_given_before(const struct program *p, const struct binding *b)
{
	return b->kind != BIND_IMPORT && allow_builtin(b->name) &&
	    (b->scope == p->root || b->scope->kind == PY_CLASS);
}

/* What is imported with all of a module takes its place. */
static bool
is_covered(const struct program *p, const struct binding *b)
{
	return p->has_star && b->scope == p->root && b->node->order < p->star &&
	    allow_column_function(b->name);
}

const struct binding *
program_only(const struct program *p, const struct py_node *name)
{
	struct only only = {0};

	if (name->kind != PY_NAME)
		return NULL;
	program_resolve(p, name, count, &only);
	if (only.n != 1 || is_given_before(p, only.binding) ||
	    is_covered(p, only.binding))
		return NULL;
	return only.binding;
}

const char *
program_called(const struct program *p, const struct py_node *call)
{
	const struct binding *b = program_only(p, call->child[0]);

	if (b && b->kind == BIND_IMPORT && b->node->kind == PY_FROM)
		return b->node->text;
	return pytree_called(call);
}

const struct py_node *
program_callee(const struct program *p, const struct py_node *call)
{
	const struct py_node *f = call->n > 0 ? call->child[0] : NULL;
	const struct py_node *method = NULL;
	const struct binding *b;
	size_t i;

	if (!f)
		return NULL;
	if (f->kind == PY_NAME) {
		b = program_only(p, f);
		return b && (b->kind == BIND_DEF || b->kind == BIND_CLASS)
		    ? b->node
		    : NULL;
	}
	if (f->kind != PY_ATTRIBUTE ||
	    !map_get(&p->members, slice_of(f->text), 0) ||
	    map_get(&p->stored, slice_of(f->text), 0))
		return NULL;
	/* A method is told by its name alone, if there is but one. */
	i = map_get(&p->first, slice_of(f->text), SIZE_MAX);
	for (; i != SIZE_MAX; i = p->bindings.v[i].next) {
		b = &p->bindings.v[i];
		if (b->scope->kind != PY_CLASS)
			continue;
		if (b->kind != BIND_DEF || method)
			return NULL;
		method = b->node;
	}
	return method;
}

bool
program_has(const struct program *p, const struct py_node *n)
{
	if (n->kind == PY_NAME)
		return program_resolve(p, n, NULL, NULL);
	return n->kind == PY_ATTRIBUTE &&
	    map_get(&p->members, slice_of(n->text), 0);
}

const struct py_node *
program_function(const struct py_node *node)
{
	const struct py_node *n = node->parent;

	while (n && n->kind != PY_DEF && n->kind != PY_LAMBDA)
		n = n->parent;
	return n;
}

const struct py_node *
program_return(const struct program *p, const struct py_node *function,
    const struct py_node *last)
{
	size_t end = pytree_last(function);
	size_t i = (last ? last : function)->order + 1;

	for (; i <= end; i++) {
		const struct py_node *n = p->all.v[i];

		if (n->kind == PY_RETURN && program_function(n) == function)
			return n;
	}
	return NULL;
}

int
program_place(const struct py_node *param)
{
	const struct py_node *list = param->parent;
	int place = 0;
	size_t i;

	for (i = 0; i < list->n && list->child[i] != param; i++) {
		const struct py_node *n = list->child[i];

		/* Behind a star of its own, by their names alone. */
		if (pytree_is_other(n, "keyword_separator"))
			place = BY_NAME;
		else if (n->kind != PY_PARAM || n->is_odd)
			return -1;
		else
			place += i > 0 || !uses_is_method(list->parent);
	}
	return param->is_odd ? -1 : place;
}

bool
program_is_only_called(const struct program *p, const struct py_node *function)
{
	size_t i;

	if (function->kind != PY_DEF)
		return false;
	for (i = 0; i < p->all.n; i++) {
		const struct py_node *n = p->all.v[i];

		const struct binding *b;

		if ((n->kind != PY_NAME && n->kind != PY_ATTRIBUTE) ||
		    !str_eq(n->text, function->text))
			continue;
		/* Something else of that name. */
		b = program_only(p, n);
		if (b && b->node != function)
			continue;
		if (!n->parent || n->parent->kind != PY_CALL ||
		    n->parent->child[0] != n)
			return false;
	}
	return true;
}

const char *
program_kind(const struct program *p)
{
	return p->testing ? "tests" : "loads";
}

bool
program_is_given(const struct program *p, const struct py_node *node)
{
	return p->testing && frame_holds(&p->testing->frame, node->line);
}

bool
program_charge(struct program *p, size_t steps)
{
	p->budget = steps < p->budget ? p->budget - steps : 0;
	return p->budget > 0;
}

void
program_say(struct program *p, enum err_code code, const struct py_node *at,
    const char *format, ...)
{
	const char *message;
	va_list ap;

	va_start(ap, format);
	message = arena_vprintf(p->arena, format, ap);
	va_end(ap);
	gate_add(p->arena, p->report, code, at ? at->line : 0, message);
}

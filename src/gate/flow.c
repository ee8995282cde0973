#include "base/base.h"

#include "gate/flow.h"

#include <string.h>

#define MAX_DEPTH 40
#define MAX_TEXT ((size_t)64 * 1024)

struct flow {
	struct program *program;
	struct texts *ret;
	unsigned depth;
};

static void follow(struct flow *f, const struct py_node *n);

static void
add_text(struct flow *f, const char *text)
{
	size_t i;

	for (i = 0; i < f->ret->n; i++) {
		if (str_eq(f->ret->v[i], text))
			return;
	}
	if (f->ret->n >= FLOW_MAX_TEXTS || strlen(text) > MAX_TEXT)
		f->ret->unknown = true;
	else
		*LIST_ADD(f->program->arena, f->ret) = text;
}

/* Each text of the first with each of the second. */
static void
multiply(struct flow *f, const struct py_node *n)
{
	struct texts so_far = {0};
	struct texts *outer = f->ret;
	size_t i;
	size_t k;
	size_t m;

	*LIST_ADD(f->program->arena, &so_far) = "";
	for (i = 0; i < n->n; i++) {
		struct texts next = {0};
		struct texts product = {0};

		f->ret = &next;
		follow(f, n->child[i]);
		f->ret = &product;
		for (k = 0; k < so_far.n; k++) {
			for (m = 0; m < next.n; m++)
				add_text(f,
				    arena_printf(f->program->arena, "%s%s",
				        so_far.v[k], next.v[m]));
		}
		product.unknown |= so_far.unknown || next.unknown;
		product.from_widget = so_far.from_widget || next.from_widget;
		so_far = product;
	}
	f->ret = outer;
	for (i = 0; i < so_far.n; i++)
		add_text(f, so_far.v[i]);
	outer->unknown |= so_far.unknown;
	outer->from_widget |= so_far.from_widget;
}

/* What a function is called with in that place. */
static void
follow_param(struct flow *f, const struct py_node *param)
{
	const struct py_node *function = param->parent->parent;
	int place = program_place(param);
	bool called = false;
	size_t i;

	if (place < 0 || !program_is_only_called(f->program, function)) {
		f->ret->unknown = true;
		return;
	}
	for (i = 0; i < f->program->calls.n; i++) {
		const struct py_node *call = f->program->calls.v[i];
		const struct py_node *arg;

		if (!str_eq(pytree_called(call), function->text))
			continue;
		called = true;
		arg = pytree_argument(call, place, param->text);
		if (!arg && param->n > 0)
			arg = param->child[0];
		if (arg)
			follow(f, arg);
		else
			f->ret->unknown = true;
	}
	if (!called)
		f->ret->unknown = true;
}

static void
follow_elements(struct flow *f, const struct py_node *list)
{
	const struct binding *b = program_only(f->program, list);
	size_t i;

	if (b && b->kind == BIND_VALUE)
		list = b->value;
	if (list->kind != PY_LIST) {
		f->ret->unknown = true;
		return;
	}
	for (i = 0; i < list->n; i++)
		follow(f, list->child[i]);
}

static void
follow_binding(const struct binding *b, void *data)
{
	struct flow *f = data;

	if (b->kind == BIND_VALUE)
		follow(f, b->value);
	else if (b->kind == BIND_PARAM)
		follow_param(f, b->node);
	else if (b->kind == BIND_EACH)
		follow_elements(f, b->value);
	else
		f->ret->unknown = true;
}

/* x["key"] of a dictionary that is written out. */
static void
follow_subscript(struct flow *f, const struct py_node *n)
{
	const struct binding *b = program_only(f->program, n->child[0]);
	const char *key = n->n > 1 && n->child[1]->kind == PY_STRING
	    ? n->child[1]->text
	    : NULL;
	size_t i;

	if (b && key && b->kind == BIND_VALUE && b->value->kind == PY_DICT) {
		for (i = 0; i < b->value->n; i++) {
			const struct py_node *pair = b->value->child[i];

			if (pair->kind == PY_PAIR && pair->n > 1 &&
			    pair->child[0]->kind == PY_STRING &&
			    str_eq(pair->child[0]->text, key)) {
				follow(f, pair->child[1]);
				return;
			}
		}
	}
	f->ret->unknown = true;
}

/* Class.NAME, where only the class sets it. */
static void
follow_attribute(struct flow *f, const struct py_node *n)
{
	const struct binding *class = program_only(f->program, n->child[0]);
	size_t i;
	bool found = false;

	if (!class || class->kind != BIND_CLASS) {
		f->ret->unknown = true;
		return;
	}
	i = map_get(&f->program->first, slice_of(n->text), SIZE_MAX);
	for (; i != SIZE_MAX; i = f->program->bindings.v[i].next) {
		const struct binding *b = &f->program->bindings.v[i];

		if (b->scope != class->node)
			continue;
		found = true;
		follow_binding(b, f);
	}
	if (!found)
		f->ret->unknown = true;
	for (i = 0; i < f->program->all.n; i++) {
		const struct py_node *set = f->program->all.v[i];

		if ((set->kind == PY_ASSIGN || set->kind == PY_ADD) &&
		    set->child[0]->kind == PY_ATTRIBUTE &&
		    str_eq(set->child[0]->text, n->text))
			f->ret->unknown = true;
	}
}

static bool
is_widget_call(const struct py_node *call, const char *method)
{
	const struct py_node *f = call->child[0];

	return f->kind == PY_ATTRIBUTE && str_eq(f->text, method) &&
	    f->child[0]->kind == PY_ATTRIBUTE &&
	    str_eq(f->child[0]->text, "widgets");
}

/* The value that the plan or the notebook gives a parameter. */
static void
follow_widget(struct flow *f, const struct py_node *call)
{
	const struct py_node *name = pytree_argument(call, 0, "name");
	const struct plan *plan = f->program->plan;
	bool found = false;
	size_t i;

	f->ret->from_widget = true;
	for (i = 0; name && name->kind == PY_STRING && i < plan->parameters.n;
	     i++) {
		if (!str_eq(plan->parameters.v[i].name, name->text))
			continue;
		found = true;
		add_text(f, plan->parameters.v[i].initial);
	}
	for (i = 0; name && name->kind == PY_STRING && i < f->program->calls.n;
	     i++) {
		const struct py_node *made = f->program->calls.v[i];
		const struct py_node *its = pytree_argument(made, 0, "name");
		const struct py_node *value;

		if (!is_widget_call(made, "text") || !its ||
		    its->kind != PY_STRING || !str_eq(its->text, name->text))
			continue;
		value = pytree_argument(made, 1, "defaultValue");
		found = found || value;
		if (value)
			follow(f, value);
	}
	if (!found)
		f->ret->unknown = true;
}

static void
follow_returns(struct flow *f, const struct py_node *function)
{
	bool found = false;
	size_t i;

	for (i = 0; i < f->program->all.n; i++) {
		const struct py_node *n = f->program->all.v[i];

		if (n->kind != PY_RETURN || n->n == 0 ||
		    program_function(n) != function)
			continue;
		found = true;
		follow(f, n->child[0]);
	}
	if (!found)
		f->ret->unknown = true;
}

static void
follow_call(struct flow *f, const struct py_node *n)
{
	const struct py_node *callee = program_callee(f->program, n);
	const char *name = pytree_called(n);

	if (callee && callee->kind == PY_DEF)
		follow_returns(f, callee);
	else if (is_widget_call(n, "get"))
		follow_widget(f, n);
	else if (n->child[0]->kind == PY_ATTRIBUTE && str_eq(name, "strip") &&
	    n->n == 1)
		follow(f, n->child[0]->child[0]);
	else if (n->child[0]->kind == PY_NAME && str_eq(name, "str") &&
	    n->n == 2)
		follow(f, n->child[1]);
	else
		f->ret->unknown = true;
}

static void
follow(struct flow *f, const struct py_node *n)
{
	if (f->depth >= MAX_DEPTH || f->program->budget == 0) {
		f->ret->unknown = true;
		return;
	}
	f->program->budget--;
	f->depth++;
	switch ((int)n->kind) {
	case PY_STRING:
		f->ret->unknown |= n->is_odd;
		FALLTHROUGH;
	case PY_NUMBER:
		add_text(f, n->text);
		break;
	case PY_FORMAT:
	case PY_PLUS:
		multiply(f, n);
		break;
	case PY_NAME:
		if (!program_resolve(f->program, n, follow_binding, f))
			f->ret->unknown = true;
		break;
	case PY_CHOICE:
		follow(f, n->child[0]);
		follow(f, n->child[n->n - 1]);
		break;
	case PY_SUBSCRIPT:
		follow_subscript(f, n);
		break;
	case PY_ATTRIBUTE:
		follow_attribute(f, n);
		break;
	case PY_CALL:
		follow_call(f, n);
		break;
	default:
		f->ret->unknown = true;
		break;
	}
	f->depth--;
}

void
flow_texts(struct program *p, const struct py_node *node, struct texts *ret)
{
	struct flow f = {.program = p, .ret = ret};

	*ret = (struct texts){0};
	follow(&f, node);
}

const char *
flow_constant(struct program *p, const struct py_node *node)
{
	struct texts texts;

	if (!node)
		return NULL;
	flow_texts(p, node, &texts);
	if (texts.n != 1 || texts.unknown || texts.from_widget)
		return NULL;
	return texts.v[0];
}

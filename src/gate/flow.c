#include "base/base.h"

#include "gate/flow.h"

#include "gate/uses.h"

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
	size_t length = strlen(text);
	size_t i;

	for (i = 0; i < f->ret->n; i++) {
		if (str_eq(f->ret->v[i], text))
			return;
	}
	/* Whoever asks reads each of them. */
	if (f->ret->n >= FLOW_MAX_TEXTS || length > MAX_TEXT ||
	    !program_charge(f->program, (f->ret->n + length) / 32 + 1))
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
		product.from_field = so_far.from_field || next.from_field;
		so_far = product;
	}
	f->ret = outer;
	for (i = 0; i < so_far.n; i++)
		add_text(f, so_far.v[i]);
	outer->unknown |= so_far.unknown;
	outer->from_widget |= so_far.from_widget;
	outer->from_field |= so_far.from_field;
}

/* What a function is called with in that place. */
static void
follow_param(struct flow *f, const struct py_node *param)
{
	const struct py_node *function = param->parent->parent;
	int place = program_place(param);
	size_t i;

	if (place < 0 || !uses_calls_are_known(f->program, function)) {
		f->ret->unknown = true;
		return;
	}
	for (i = 0; i < f->program->calls.n; i++) {
		const struct py_node *call = f->program->calls.v[i];
		const struct py_node *arg;

		if (!uses_is_call_of(f->program, call, function))
			continue;
		arg = pytree_argument(call, place, param->text);
		if (!arg && param->n > 0)
			arg = param->child[0];
		if (arg)
			follow(f, arg);
		else
			f->ret->unknown = true;
	}
}

static bool
is_list(const struct py_node *n)
{
	return n->kind == PY_LIST || n->kind == PY_DICT || n->kind == PY_EACH;
}

/* x = y = […], x = (y := […]) */
static bool
is_shared(const struct binding *b)
{
	const struct py_node *up = b->node->parent;

	return b->value->kind == PY_ASSIGN ||
	    (up->kind == PY_ASSIGN &&
	        (up->is_odd || up->parent->kind == PY_ASSIGN));
}

const struct py_node *
flow_literal(struct program *p, const struct py_node *n)
{
	const struct binding *b = program_only(p, n);

	if (n->kind != PY_NAME)
		return n;
	if (!b || b->kind != BIND_VALUE || is_shared(b) ||
	    (is_list(b->value) &&
	        !uses_are_known(p, b, false, uses_nest(p, b->value))))
		return NULL;
	return b->value;
}

static void
follow_elements(struct flow *f, const struct py_node *node)
{
	const struct py_node *list = flow_literal(f->program, node);
	size_t i;

	if (!list || (list->kind != PY_LIST && list->kind != PY_DICT)) {
		f->ret->unknown = true;
		return;
	}
	for (i = 0; i < list->n; i++) {
		const struct py_node *n = list->child[i];

		follow(f, n->kind == PY_PAIR ? n->child[0] : n);
	}
}

/* The pairs of d.items(), and of lists within a list. */
static void
follow_pairs(struct flow *f, const struct py_node *node)
{
	bool items = node->kind == PY_CALL && node->n == 1 &&
	    str_eq(pytree_called(node), "items") &&
	    node->child[0]->kind == PY_ATTRIBUTE &&
	    !program_has(f->program, node->child[0]);
	const struct py_node *all = flow_literal(f->program,
	    items ? node->child[0]->child[0] : node);
	size_t i;
	size_t k;

	if (!all || all->kind != (items ? PY_DICT : PY_LIST)) {
		f->ret->unknown = true;
		return;
	}
	for (i = 0; i < all->n; i++) {
		const struct py_node *pair = all->child[i];

		if (pair->kind != (items ? PY_PAIR : PY_LIST))
			f->ret->unknown = true;
		for (k = 0; !f->ret->unknown && k < pair->n; k++)
			follow(f, pair->child[k]);
	}
}

static void
follow_binding(const struct binding *b, void *data)
{
	struct flow *f = data;

	if (b->kind == BIND_VALUE)
		follow(f, b->value);
	else if (b->kind == BIND_PARAM)
		follow_param(f, b->node);
	else if (b->kind == BIND_EACH && b->levels == 1)
		follow_elements(f, b->value);
	else if (b->kind == BIND_EACH && b->levels == 2)
		follow_pairs(f, b->value);
	else
		f->ret->unknown = true;
}

size_t
flow_entry(struct program *p, const struct py_node *n,
    const struct py_node *ret[2])
{
	const struct py_node *dict = flow_literal(p, n->child[0]);
	const char *key = n->n > 1 && n->child[1]->kind == PY_STRING
	    ? n->child[1]->text
	    : NULL;
	size_t found = 0;
	size_t i;

	for (i = 0; key && dict && dict->kind == PY_DICT && i < dict->n; i++) {
		const struct py_node *pair = dict->child[i];

		/* It may have the key, too. */
		if (pair->kind != PY_PAIR || pair->n < 2 ||
		    pair->child[0]->kind != PY_STRING)
			return 0;
		if (str_eq(pair->child[0]->text, key))
			ret[found++ > 0] = pair->child[1];
	}
	return found;
}

static void
follow_subscript(struct flow *f, const struct py_node *n)
{
	const struct py_node *value[2];

	if (flow_entry(f->program, n, value) == 1)
		follow(f, value[0]);
	else
		f->ret->unknown = true;
}

static void
follow_value(const struct py_node *value, void *data)
{
	follow(data, value);
}

/* A field of an own object: whatever gives one of that name its value. */
static void
follow_field(struct flow *f, const struct py_node *n)
{
	f->ret->from_field = true;
	if (!uses_field_values(f->program, n->text, follow_value, f))
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
		if (uses_is_own_object(f->program, n->child[0]))
			follow_field(f, n);
		else
			f->ret->unknown = true;
		return;
	}
	f->ret->unknown |= !f->program->is_plain ||
	    !uses_holds_texts(class->node);
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

		if (set->kind == PY_ATTRIBUTE && str_eq(set->text, n->text) &&
		    uses_is_stored(set))
			f->ret->unknown = true;
	}
}

/* dbutils.widgets.get(), where dbutils is the notebook's. */
static bool
is_widget_call(const struct program *p, const struct py_node *call,
    const char *method)
{
	const struct py_node *f = call->child[0];
	const struct py_node *of = f->kind == PY_ATTRIBUTE ? f->child[0] : NULL;
	const struct py_node *root = of && of->kind == PY_ATTRIBUTE
	    ? of->child[0]
	    : NULL;

	return root && str_eq(f->text, method) && str_eq(of->text, "widgets") &&
	    root->kind == PY_NAME && str_eq(root->text, "dbutils") &&
	    map_get(&p->first, SLICE("dbutils"), SIZE_MAX) == SIZE_MAX;
}

static bool
makes_widget(const struct program *p, const struct py_node *call)
{
	static const char *const methods[] = {
	    "text", "dropdown", "combobox", "multiselect"};
	size_t i;

	for (i = 0; i < COUNT_OF(methods); i++) {
		if (is_widget_call(p, call, methods[i]))
			return true;
	}
	return false;
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

		if (!makes_widget(f->program, made))
			continue;
		/* It may be this one. */
		if (!its || its->kind != PY_STRING) {
			f->ret->unknown = true;
			continue;
		}
		if (!str_eq(its->text, name->text))
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
	const struct py_node *n = NULL;
	bool found = false;

	if (uses_is_decorated(function)) {
		f->ret->unknown = true;
		return;
	}
	while ((n = program_return(f->program, function, n))) {
		if (n->n == 0)
			continue;
		found = true;
		follow(f, n->child[0]);
	}
	if (!found)
		f->ret->unknown = true;
}

/* A function by its name, or a method of an object that has it. */
bool
flow_calls_own(struct program *p, const struct py_node *call)
{
	const struct py_node *f = call->child[0];

	return f->kind == PY_NAME || uses_is_own_object(p, f->child[0]);
}

/* "separator".join([a, b]) */
static void
follow_join(struct flow *f, const struct py_node *n)
{
	const struct py_node *list = flow_literal(f->program, n->child[1]);
	struct py_node joined = {.kind = PY_PLUS};
	struct arena *a = f->program->arena;
	size_t i;

	if (!list || list->kind != PY_LIST || list->is_odd ||
	    pytree_has(list, PY_STAR)) {
		f->ret->unknown = true;
		return;
	}
	joined.child = arena_array(a, struct py_node *, 2 * list->n + 1);
	for (i = 0; i < list->n; i++) {
		if (i > 0)
			joined.child[joined.n++] = n->child[0]->child[0];
		joined.child[joined.n++] = list->child[i];
	}
	multiply(f, &joined);
}

static void
follow_call(struct flow *f, const struct py_node *n)
{
	const struct py_node *callee = program_callee(f->program, n);
	const char *name = pytree_called(n);
	bool own = program_has(f->program, n->child[0]);

	if (callee && callee->kind == PY_DEF && flow_calls_own(f->program, n))
		follow_returns(f, callee);
	else if (is_widget_call(f->program, n, "get"))
		follow_widget(f, n);
	else if (!own && n->child[0]->kind == PY_ATTRIBUTE &&
	    str_eq(name, "strip") && n->n == 1)
		follow(f, n->child[0]->child[0]);
	else if (!own && n->child[0]->kind == PY_ATTRIBUTE &&
	    str_eq(name, "join") && n->n == 2)
		follow_join(f, n);
	else if (!own && n->child[0]->kind == PY_NAME && str_eq(name, "str") &&
	    n->n == 2)
		follow(f, n->child[1]);
	else
		f->ret->unknown = true;
}

static void
follow(struct flow *f, const struct py_node *n)
{
	size_t i;

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
		f->ret->unknown |= n->is_odd;
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
	case PY_OTHER:
		/* x or y */
		if (!str_eq(n->text, "boolean_operator") || n->n != 2)
			f->ret->unknown = true;
		for (i = 0; i < n->n && !f->ret->unknown; i++)
			follow(f, n->child[i]);
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
	if (texts.n != 1 || texts.unknown || texts.from_widget ||
	    texts.from_field)
		return NULL;
	return texts.v[0];
}

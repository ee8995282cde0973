#include "base/base.h"

#include "gate/partial_parts.h"

#include "gate/flow.h"
#include "gate/uses.h"

#define MAX_SPECIAL 400
#define MAX_PARAMS 50

/* The body of the function gives the parameter another value. */
static bool
is_bound_in(struct partial *r, const struct py_node *def, const char *param)
{
	size_t i;

	if (!program_charge(r->p, (pytree_last(def) - def->order) / 64 + 1))
		return true;
	for (i = 1; i < def->n; i++) {
		if (partial_is_bound(r, def->child[i], param, false))
			return true;
	}
	return false;
}

/* The record can stand wherever it is read; what is called in it is not left
 * out with a field that nobody reads. */
static bool
is_plain_record(struct partial *r, const struct py_node *record,
    const struct py_node *user)
{
	size_t i;

	for (i = 1; pytree_is_within(record, user) && i < record->n; i++) {
		if (partial_calls(record->child[i]))
			return false;
	}
	return partial_is_constant(r, record, true) &&
	    !partial_holds_list(record);
}

/* What the call surely gives the parameter; no node: that cannot be told, or
 * the parameter may become something else. */
static struct known
given(struct partial *r, const struct py_node *call,
    const struct py_node *param)
{
	const struct py_node *def = param->parent->parent;
	const struct py_node *arg = pytree_argument(call, program_place(param),
	    param->text);
	struct known value = {0};
	size_t found = 0;
	size_t i;

	if (!arg && param->n > 0)
		arg = param->child[0];
	if (!arg)
		return (struct known){0};
	if (arg->kind != PY_NAME || !partial_is_constant(r, arg, true))
		value = partial_known(r, arg, NULL);
	if (!value.node)
		value.node = arg;
	if (!partial_is_constant(r, value.node, true))
		return (struct known){0};
	if (is_bound_in(r, def, param->text))
		return (struct known){0};
	for (i = 1; i < def->n; i++)
		found += partial_count(def->child[i], param->text);
	/* Nothing that is called there may be left out. */
	if (pytree_is_within(value.node, call) && partial_calls(value.node) &&
	    !(value.node->kind == PY_CALL && partial_record(r->p, value.node)
	            ? is_plain_record(r, value.node, call)
	            : value.node->kind == PY_CALL && found > 0))
		return (struct known){0};
	return partial_may_stand_for(r, param, value.node) ? value
	                                                   : (struct known){0};
}

/* The call has no more arguments than the function takes, and none that gives
 * several. */
static bool
fits(const struct py_node *call, const struct py_node *def)
{
	const struct py_node *params = def->child[0];
	size_t i;
	size_t k;

	if (params->n > MAX_PARAMS || pytree_has(call, PY_STAR) ||
	    call->n - 1 > params->n - uses_is_method(def))
		return false;
	for (i = 0; i < params->n; i++) {
		if (params->child[i]->kind != PY_PARAM ||
		    params->child[i]->is_odd)
			return false;
	}
	for (i = 1; i < call->n; i++) {
		const struct py_node *arg = call->child[i];

		if (arg->kind != PY_KEYWORD)
			continue;
		for (k = 0; k < params->n &&
		     !str_eq(params->child[k]->text, arg->text);)
			k++;
		if (k == params->n)
			return false;
	}
	return true;
}

/* It is a function of the module, or of a class of the module. */
static bool
is_copied(const struct py_node *def)
{
	const struct py_node *up = def->parent;

	if (up->kind == PY_CLASS)
		up = up->parent;
	if (pytree_is_other(up, "decorated_definition") && up != def->parent)
		up = up->parent;
	return !up->parent;
}

/* What is returned, where the function does nothing else. */
static const struct py_node *
only_result(const struct py_node *def)
{
	size_t i = 1;

	i += i < def->n && pytree_is_other(def->child[i], "hints");
	i += i + 1 < def->n && def->child[i]->kind == PY_STRING;
	return i + 1 == def->n && def->child[i]->kind == PY_RETURN &&
	        !def->child[i]->is_odd && def->child[i]->n == 1
	    ? def->child[i]->child[0]
	    : NULL;
}

/* The names in part of a result mean the same wherever it stands. */
static bool
is_free(struct partial *r, const struct py_node *n, const struct py_node *def,
    const struct py_node *result)
{
	const struct binding *b;
	size_t i;

	if (n->kind == PY_NAME) {
		for (i = 0; i < def->child[0]->n; i++) {
			if (str_eq(def->child[0]->child[i]->text, n->text))
				return true;
		}
		b = program_only(r->p, n);
		return (b && pytree_is_within(b->node, result)) ||
		    partial_is_constant(r, n, true) ||
		    (!r->p->has_star &&
		        map_get(&r->p->first, slice_of(n->text), SIZE_MAX) ==
		            SIZE_MAX);
	}
	for (i = 0; i < n->n; i++) {
		if (!is_free(r, n->child[i], def, result))
			return false;
	}
	return true;
}

/* The object of a method that is but its fields, or self. */
static bool
is_method_known(struct partial *r, const struct py_node *call,
    const struct py_node *def, const struct stand_in **with)
{
	const struct py_node *params = def->child[0];
	struct known object;

	if (!uses_is_method(def))
		return true;
	object = partial_known(r, call->child[0]->child[0], NULL);
	if (!object.node || object.node->kind != PY_CALL ||
	    program_callee(r->p, object.node) != def->parent)
		return true;
	if (params->n == 0 || !is_plain_record(r, object.node, call) ||
	    is_bound_in(r, def, params->child[0]->text))
		return false;
	*with = partial_stand_in(r, params->child[0]->text, object, *with);
	partial_keep_plain(r, object.node);
	return true;
}

/* A parameter that is not known has a default, which is computed where the
 * method is defined. */
static bool
has_defaults(const struct py_node *def, const struct stand_in *with)
{
	const struct py_node *params = def->child[0];
	size_t i;

	for (i = 0; i < params->n; i++) {
		if (params->child[i]->n > 0 &&
		    !partial_find(with, params->child[i]->text))
			return true;
	}
	return false;
}

static void
specialise(struct partial *r, const struct py_node *call,
    const struct py_node *def)
{
	const struct py_node *params = def->child[0];
	struct special *s = arena_new(r->p->arena, struct special);
	const struct py_node *result = only_result(def);
	size_t known = 0;
	size_t i;

	*s = (struct special){.def = def, .call = call};
	for (i = 0; i < params->n; i++) {
		const struct py_node *param = params->child[i];
		struct known value = {0};

		if (program_place(param) >= 0)
			value = given(r, call, param);
		if (!value.node)
			continue;
		s->with = partial_stand_in(r, param->text, value, s->with);
		partial_keep_plain(r, value.node);
		known++;
	}
	if (!is_method_known(r, call, def, &s->with))
		return;
	s->is_function = uses_is_method(def) &&
	    partial_find(s->with, params->child[0]->text);
	known += s->is_function;
	/* What takes nothing gives the same wherever it is called. */
	if (!s->with &&
	    (params->n > 0 || !result || !partial_is_constant(r, result, true)))
		return;
	if (s->is_function && has_defaults(def, s->with))
		return;
	if (known == params->n && result && is_free(r, result, def, result))
		s->result = result;
	s->name = arena_printf(r->p->arena, "%s#%zu.%zu", def->text,
	    r->p->all.n, r->special.n + 1);
	r->of[call->order] = s;
	*LIST_ADD(r->p->arena, &r->special) = call;
}

/* All that may call it do so by a copy. */
static bool
is_gone(const struct partial *r, const struct py_node *def)
{
	size_t i;

	for (i = 0; i < r->p->calls.n; i++) {
		const struct py_node *call = r->p->calls.v[i];

		if (uses_is_call_of(r->p, call, def) &&
		    (!r->of[call->order] || r->of[call->order]->def != def))
			return false;
	}
	return program_is_only_called(r->p, def);
}

void
partial_specialise(struct partial *r)
{
	struct program *p = r->p;
	size_t i;

	for (i = 0; i < p->calls.n && r->special.n < MAX_SPECIAL; i++) {
		const struct py_node *call = p->calls.v[i];
		const struct py_node *def = program_callee(p, call);

		if (def && def->kind == PY_DEF && !def->is_odd &&
		    is_copied(def) && flow_calls_own(p, call) &&
		    !pytree_is_within(call, def) && fits(call, def))
			specialise(r, call, def);
	}
	for (i = 0; i < r->special.n; i++) {
		const struct py_node *def = r->of[r->special.v[i]->order]->def;

		r->gone[def->order] = is_gone(r, def);
	}
}

/* Its parameters that are known have no place any more. */
static void
build_params(struct partial *r, struct py_node *parent, const struct special *s)
{
	const struct py_node *params = s->def->child[0];
	struct py_node *list = pytree_add(r->p->arena, parent, params);
	size_t i;

	for (i = 0; i < params->n; i++) {
		if (!partial_find(s->with, params->child[i]->text))
			partial_build(r, list, params->child[i], NULL);
	}
}

void
partial_copies(struct partial *r, struct py_node *parent,
    const struct py_node *n)
{
	bool functions = n->kind != PY_DEF;
	size_t i;
	size_t k;

	for (i = 0; i < r->special.n; i++) {
		const struct special *s = r->of[r->special.v[i]->order];
		const struct py_node *def = s->def;
		struct py_node *copy;

		if (s->result || s->is_function != functions ||
		    (functions ? !pytree_is_within(def, n) : def != n))
			continue;
		copy = pytree_add(r->p->arena, parent, def);
		copy->text = s->name;
		build_params(r, copy, s);
		for (k = 1; k < def->n; k++)
			partial_build(r, copy, def->child[k], s->with);
		r->changed = true;
	}
}

void
partial_call(struct partial *r, struct py_node *parent, const struct special *s,
    const struct stand_in *with)
{
	const struct py_node *params = s->def->child[0];
	struct py_node *call;
	size_t i;
	size_t k;

	r->changed = true;
	if (s->result) {
		partial_build(r, parent, s->result, s->with);
		return;
	}
	call = pytree_add(r->p->arena, parent, s->call);
	if (s->is_function) {
		struct py_node *f = partial_add(r, call, s->call->child[0]);

		f->kind = PY_NAME;
	} else {
		partial_build(r, call, s->call->child[0], with);
	}
	call->child[0]->text = s->name;
	for (i = 1; i < s->call->n; i++) {
		const struct py_node *arg = s->call->child[i];

		for (k = 0; k < params->n; k++) {
			const struct py_node *param = params->child[k];

			if (pytree_argument(s->call, program_place(param),
			        param->text) ==
			        (arg->kind == PY_KEYWORD ? arg->child[0]
			                                 : arg) &&
			    partial_find(s->with, param->text))
				break;
		}
		if (k == params->n)
			partial_build(r, call, arg, with);
	}
}

/* The property of the class, by its function; NULL. */
static const struct py_node *
property_of(const struct program *p, const struct py_node *class,
    const char *name)
{
	const struct binding *b = partial_bound_once(p, class, name);
	const struct py_node *up = b ? b->node->parent : NULL;
	const struct py_node *d;

	if (!up || b->kind != BIND_DEF || up->n != 2 ||
	    !pytree_is_other(up, "decorated_definition") || up->parent != class)
		return NULL;
	d = up->child[0];
	return d->n == 1 && d->child[0]->kind == PY_NAME &&
	        str_eq(d->child[0]->text, "property")
	    ? b->node
	    : NULL;
}

bool
partial_property(struct partial *r, struct py_node *parent,
    const struct py_node *n, const struct stand_in *with)
{
	struct known object = partial_known(r, n->child[0], with);
	const struct py_node *of = n->child[0];
	const struct py_node *class = uses_class(r->p, of);
	const struct py_node *def;
	const struct py_node *result;

	if (object.node && object.node->kind == PY_CALL)
		class = program_callee(r->p, object.node);
	else if (of->kind == PY_NAME && !partial_find(with, of->text))
		object = (struct known){of, NULL};
	if (!class || class->kind != PY_CLASS || !r->p->is_plain ||
	    !object.node || map_get(&r->p->stored, slice_of(n->text), 0))
		return false;
	def = property_of(r->p, class, n->text);
	result = def ? only_result(def) : NULL;
	if (!result || def->child[0]->n != 1 ||
	    !is_free(r, result, def, result) ||
	    (object.node->kind == PY_CALL &&
	        !is_plain_record(r, object.node, n)))
		return false;
	partial_keep_plain(r, object.node);
	partial_build(r, parent, result,
	    partial_stand_in(r, def->child[0]->child[0]->text, object, NULL));
	r->changed = true;
	return true;
}

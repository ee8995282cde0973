#include "base/base.h"

#include "eval/eval.h"

#include "eval/bind.h"
#include "eval/cast.h"

/* An expression as both modes understand it. */
struct bound {
	enum eval_outcome outcome;
	const char *why;
	const struct node *plain;
	const struct node *ansi; /* NULL where it is the same */
};

static const char modes_differ[] =
    "ANSI mode gives another result than the mode without.";

static const struct node *
bind_mode(struct arena *a, const struct eval_scope *scope, const struct expr *e,
    bool ansi, struct bind *b)
{
	*b = (struct bind){.arena = a, .scope = scope, .ansi = ansi};
	return bind_expr(b, e);
}

static struct bound
bind_both(struct arena *a, const struct eval_scope *scope, const struct expr *e)
{
	struct bound bound = {0};
	struct bind b;

	bound.plain = bind_mode(a, scope, e, false, &b);
	if (bound.plain && b.ansi_asked) {
		bound.ansi = bind_mode(a, scope, e, true, &b);
		if (bound.ansi &&
		    !value_type_eq(bound.plain->type, bound.ansi->type))
			bind_fail(&b, EVAL_DIFFERS, "%s", modes_differ);
	}
	bound.outcome = b.outcome;
	bound.why = b.why;
	return bound;
}

enum eval_outcome
eval_type(struct arena *a, const struct eval_scope *scope, const struct expr *e,
    struct value_type *ret, const char **ret_why)
{
	struct bound bound = bind_both(a, scope, e);

	*ret_why = bound.why;
	if (bound.outcome == EVAL_VALUE)
		*ret = bound.plain->type;
	return bound.outcome;
}

static struct eval_result
run_node(struct arena *a, const struct eval_scope *scope, const struct node *n,
    size_t row)
{
	struct run r = {
	    .arena = a, .start = a->used, .scope = scope, .row = row};
	struct eval_result result = {0};

	result.outcome = node_run(&r, n, &result.value);
	result.why = r.why;
	return result;
}

static struct eval_result
run_bound(struct arena *a, const struct eval_scope *scope,
    const struct bound *bound, size_t row)
{
	struct eval_result plain;
	struct eval_result ansi;

	if (bound->outcome != EVAL_VALUE)
		return (struct eval_result){
		    .outcome = bound->outcome, .why = bound->why};
	plain = run_node(a, scope, bound->plain, row);
	if (!bound->ansi || plain.outcome != EVAL_VALUE)
		return plain;
	ansi = run_node(a, scope, bound->ansi, row);
	if (ansi.outcome == EVAL_VALUE &&
	    value_compare(&plain.value, &ansi.value) != 0) {
		ansi.outcome = EVAL_DIFFERS;
		ansi.why = modes_differ;
	}
	return ansi;
}

enum eval_outcome
eval_expr(struct arena *a, const struct eval_scope *scope, const struct expr *e,
    size_t row, struct value *ret, const char **ret_why)
{
	struct bound bound = bind_both(a, scope, e);
	struct eval_result result = run_bound(a, scope, &bound, row);

	*ret_why = result.why;
	if (result.outcome == EVAL_VALUE)
		*ret = result.value;
	return result.outcome;
}

const struct eval_result *
eval_rows(struct arena *a, const struct eval_scope *scope, const struct expr *e)
{
	struct eval_result *result = arena_array(a, struct eval_result,
	    scope->n_rows);
	struct bound bound = bind_both(a, scope, e);
	size_t i;

	for (i = 0; i < scope->n_rows; i++)
		result[i] = run_bound(a, scope, &bound, i);
	return result;
}

enum eval_outcome
eval_cast(struct arena *a, const struct value *v, struct value_type type,
    struct value *ret, const char **ret_why)
{
	struct run r = {.arena = a, .start = a->used};
	enum eval_outcome o = cast_is_known(v->type, type);

	*ret_why = o == EVAL_VALUE ? NULL : "The cast is not known.";
	if (o != EVAL_VALUE)
		return o;
	o = cast_value(&r, v, type, false, ret);
	*ret_why = r.why;
	return o;
}

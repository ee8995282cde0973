#include "base/base.h"

#include "gate/partial_parts.h"

#include "gate/uses.h"

#define MAX_ROUNDS 200

/* The operator that a function of the module operator is; NULL. */
static const char *
operator_of(const struct program *p, const struct py_node *f)
{
	const struct binding *b = program_only(p,
	    f->kind == PY_ATTRIBUTE ? f->child[0] : f);
	const char *name = f->text;

	if (!b || b->kind != BIND_IMPORT)
		return NULL;
	/* Column.__and__ */
	if (f->kind == PY_ATTRIBUTE && str_eq(b->node->text, "Column") &&
	    str_starts(b->node->module, "pyspark.sql"))
		return str_eq(name, "__and__") ? "&"
		    : str_eq(name, "__or__")   ? "|"
		                               : NULL;
	if (f->kind == PY_NAME) {
		name = b->node->text;
		if (!str_eq(b->node->module, "operator"))
			return NULL;
	} else if (!str_eq(b->node->text, "operator")) {
		return NULL;
	}
	return str_eq(name, "and_") ? "&" : str_eq(name, "or_") ? "|" : NULL;
}

/* f(f(x, a), b), or x & a & b */
static void
build_nested(struct partial *r, struct py_node *parent,
    const struct py_node *call, const struct knowns *items)
{
	const char *operator= operator_of(r->p, call->child[1]);
	struct py_node **made = arena_array(r->p->arena, struct py_node *,
	    items->n);
	struct py_node like = *call;
	size_t i;

	if (operator) {
		like.kind = PY_OTHER;
		like.text = "binary_operator";
		like.alias = operator;
	}
	for (i = items->n; i-- > 1;) {
		made[i] = partial_add(r,
		    i + 1 < items->n ? made[i + 1] : parent, &like);
		if (!operator)
			partial_build(r, made[i], call->child[1], NULL);
	}
	partial_build(r, items->n > 1 ? made[1] : parent, items->v[0].node,
	    items->v[0].with);
	for (i = 1; i < items->n; i++)
		partial_build(r, made[i], items->v[i].node, items->v[i].with);
}

/* The same with the body of a lambda, in which each step stands for the one
 * before it. */
static bool
build_lambda(struct partial *r, struct py_node *parent,
    const struct py_node *lambda, const struct knowns *items,
    const struct stand_in *with)
{
	const struct py_node *params = lambda->child[0];
	const struct py_node *body = lambda->child[lambda->n - 1];
	struct known so_far = items->v[0];
	const char *name[2];
	size_t i;

	if (params->n != 2 || pytree_has(params, PY_OTHER))
		return false;
	for (i = 0; i < 2; i++) {
		name[i] = params->child[i]->text;
		if (params->child[i]->is_odd || params->child[i]->n > 0 ||
		    partial_is_bound(r, body, name[i], true))
			return false;
	}
	if (partial_count(body, name[0]) != 1)
		return false;
	for (i = 1; i < items->n; i++) {
		struct stand_in *s = arena_array(r->p->arena, struct stand_in,
		    2);

		if (partial_count(body, name[1]) == 0 ||
		    (partial_count(body, name[1]) > 1 &&
		        !partial_is_constant(r, items->v[i].node, false)))
			return false;
		s[0] = (struct stand_in){
		    name[0], so_far.node, so_far.with, with};
		s[1] = (struct stand_in){
		    name[1], items->v[i].node, items->v[i].with, &s[0]};
		so_far = (struct known){body, &s[1]};
	}
	partial_build(r, parent, so_far.node, so_far.with);
	return true;
}

static bool
is_functools(const struct program *p, const struct py_node *f)
{
	const struct binding *b = program_only(p,
	    f->kind == PY_ATTRIBUTE ? f->child[0] : f);

	return b && b->kind == BIND_IMPORT &&
	    (f->kind == PY_ATTRIBUTE ? str_eq(b->node->text, "functools")
	                             : str_eq(b->node->module, "functools") &&
	                str_eq(b->node->text, "reduce"));
}

bool
partial_reduce(struct partial *r, struct py_node *parent,
    const struct py_node *call, const struct stand_in *with)
{
	const struct py_node *f = call->n > 1 ? call->child[1] : NULL;
	struct knowns items = {0};

	if (!f || !str_eq(program_called(r->p, call), "reduce") ||
	    call->n < 3 || call->n > 4 || !is_functools(r->p, call->child[0]) ||
	    pytree_has(call, PY_STAR) || pytree_has(call, PY_KEYWORD))
		return false;
	if (call->n == 4)
		*LIST_ADD(r->p->arena, &items) = (struct known){
		    call->child[3], with};
	if (!partial_elements(r, call->child[2], with, &items) ||
	    items.n == 0 || items.n > MAX_ROUNDS)
		return false;
	if (f->kind == PY_LAMBDA) {
		if (!build_lambda(r, parent, f, &items, with))
			return false;
	} else if (operator_of(r->p, f) ||
	    (f->kind == PY_NAME && partial_is_constant(r, f, false))) {
		build_nested(r, parent, call, &items);
	} else {
		return false;
	}
	r->changed = true;
	return true;
}

/* What it goes through can stand elsewhere, each for itself. */
static bool
find_elements(struct partial *r, const struct py_node *n,
    const struct stand_in *with, struct knowns *ret)
{
	size_t i;

	if (!partial_elements(r, n, with, ret))
		return false;
	for (i = 0; i < ret->n; i++) {
		struct known *one = &ret->v[i];

		/* A name of a class, say, that is known. */
		if (one->node->kind == PY_NAME &&
		    !partial_is_constant(r, one->node, false))
			*one = partial_known(r, one->node, one->with);
		if (!one->node || !partial_is_constant(r, one->node, false) ||
		    partial_holds_list(one->node))
			return false;
	}
	return true;
}

bool
partial_list(struct partial *r, struct py_node *parent, const struct py_node *n,
    const struct stand_in *with)
{
	static const char *const makers[] = {
	    "keys", "values", "items", "fieldNames", "list", "tuple"};
	struct knowns items = {0};
	struct py_node like = *n;
	struct py_node *list;
	size_t i;

	if (n->kind == PY_CALL &&
	    (!STR_IS_IN(pytree_called(n), makers) ||
	        program_has(r->p, n->child[0])))
		return false;
	if (!find_elements(r, n, with, &items))
		return false;
	like.kind = PY_LIST;
	like.text = "";
	like.is_tuple = n->kind == PY_CALL && str_eq(pytree_called(n), "tuple");
	list = partial_add(r, parent, &like);
	for (i = 0; i < items.n; i++)
		partial_build(r, list, items.v[i].node, items.v[i].with);
	r->changed = true;
	return true;
}

/* **{"a": 1} of a call, which takes its names from it. */
static bool
build_keywords(struct partial *r, struct py_node *parent,
    const struct py_node *n, struct known dict)
{
	struct py_node like = *n;
	size_t i;

	for (i = 0; i < dict.node->n; i++) {
		const struct py_node *pair = dict.node->child[i];

		if (pair->kind != PY_PAIR || pair->n != 2 ||
		    !partial_is_text(pair->child[0]))
			return false;
	}
	like.kind = PY_KEYWORD;
	like.is_odd = false;
	for (i = 0; i < dict.node->n; i++) {
		const struct py_node *pair = dict.node->child[i];

		like.text = pair->child[0]->text;
		partial_build(r, partial_add(r, parent, &like), pair->child[1],
		    dict.with);
	}
	r->changed = true;
	return true;
}

bool
partial_star(struct partial *r, struct py_node *parent, const struct py_node *n,
    const struct stand_in *with)
{
	struct knowns items = {0};
	struct known dict;
	size_t i;

	if (n->n != 1)
		return false;
	if (n->is_odd) {
		dict = partial_known(r, n->child[0], with);
		if (!dict.node || dict.node->kind != PY_DICT ||
		    !partial_is_constant(r, dict.node, false))
			return false;
		if (parent->kind == PY_CALL)
			return build_keywords(r, parent, n, dict);
		if (parent->kind != PY_DICT)
			return false;
		partial_children(r, parent, dict.node, 0, dict.with);
		r->changed = true;
		return true;
	}
	if ((parent->kind != PY_LIST && parent->kind != PY_CALL) ||
	    uses_is_stored(n) || !find_elements(r, n->child[0], with, &items))
		return false;
	for (i = 0; i < items.n; i++)
		partial_build(r, parent, items.v[i].node, items.v[i].with);
	r->changed = true;
	return true;
}

/* spark.sql("… :name …", args={"name": value}) */
bool
partial_statement(struct partial *r, struct py_node *parent,
    const struct py_node *call, const struct stand_in *with)
{
	struct py_node tables;
	const char *sql = partial_sql(r, call, with, &tables);
	struct py_node *made;
	struct py_node text;

	if (!sql)
		return false;
	made = partial_add(r, parent, call);
	partial_build(r, made, call->child[0], with);
	text = *call;
	text.kind = PY_STRING;
	text.text = sql;
	partial_add(r, made, &text);
	partial_children(r, made, &tables, 0, with);
	r->changed = true;
	return true;
}

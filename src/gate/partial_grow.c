#include "base/base.h"

#include "gate/partial_parts.h"

/* A list or dictionary that is filled behind its making. */
struct growing {
	const struct binding *name;
	const struct py_node *assign; /* of the first, perhaps empty, literal */
	struct nodes steps;           /* statements that add, in order */
	bool is_dict;
};

/* x.append(value), x["key"] = value: the statement adds one element. */
static bool
is_step(const struct growing *g, const struct py_node *n)
{
	const struct py_node *f = n->n > 0 ? n->child[0] : NULL;

	if (!f || n->n != 2 || f->n == 0 || f->child[0]->kind != PY_NAME ||
	    !str_eq(f->child[0]->text, g->name->name))
		return false;
	if (g->is_dict)
		return n->kind == PY_ASSIGN && f->kind == PY_SUBSCRIPT &&
		    f->n == 2;
	return n->kind == PY_CALL && f->kind == PY_ATTRIBUTE &&
	    str_eq(f->text, "append") && n->child[1]->kind != PY_KEYWORD &&
	    n->child[1]->kind != PY_STAR;
}

static bool
is_used(const struct partial *r, const struct growing *g,
    const struct py_node *n)
{
	return n->kind == PY_NAME && str_eq(n->text, g->name->name) &&
	    program_only(r->p, n) == g->name;
}

static bool
steps_are_constant(struct partial *r, const struct growing *g)
{
	size_t i;

	for (i = 0; i < g->steps.n; i++) {
		const struct py_node *n = g->steps.v[i];

		if (!partial_is_constant(r, n->child[1], false) ||
		    (g->is_dict &&
		        !partial_is_constant(r, n->child[0]->child[1], false)))
			return false;
	}
	return partial_is_constant(r, g->name->value, false);
}

/* Nobody looks at it before it is whole. */
static bool
is_unseen(struct partial *r, const struct growing *g)
{
	const struct program *p = r->p;
	const struct py_node *last = g->steps.v[g->steps.n - 1];
	size_t found = 0;
	size_t i;

	for (i = 0; i <= pytree_last(last); i++)
		found += is_used(r, g, p->all.v[i]);
	return found == g->steps.n + 1;
}

/* Its statements run one after the other, or nobody sees what was made. */
static bool
is_straight(const struct py_node *block)
{
	const struct py_node *n;

	if (block->parent && block->kind != PY_DEF)
		return false;
	for (n = block; n; n = n->parent) {
		if (pytree_is_other(n, "try_statement") ||
		    pytree_is_other(n, "with_statement"))
			return false;
	}
	return true;
}

static void
grow(struct partial *r, const struct binding *b)
{
	struct growing *g = arena_new(r->p->arena, struct growing);
	const struct py_node *block;
	size_t i;

	*g = (struct growing){.name = b,
	    .assign = b->node->parent,
	    .is_dict = b->value->kind == PY_DICT};
	block = g->assign->parent;
	for (i = 0; i < block->n; i++) {
		if (block->child[i]->order > g->assign->order &&
		    is_step(g, block->child[i]))
			*LIST_ADD(r->p->arena, &g->steps) = block->child[i];
	}
	if (g->steps.n == 0 || !is_straight(block) ||
	    !steps_are_constant(r, g) || !is_unseen(r, g))
		return;
	r->grown[g->assign->order] = g;
	for (i = 0; i < g->steps.n; i++)
		r->grown[g->steps.v[i]->order] = g;
}

void
partial_grow(struct partial *r)
{
	struct program *p = r->p;
	size_t i;

	for (i = 0; i < p->bindings.n; i++) {
		const struct binding *b = &p->bindings.v[i];
		const struct py_node *up = b->node->parent;

		if (b->kind == BIND_VALUE && up && up->kind == PY_ASSIGN &&
		    up->parent && up->child[0] == b->node &&
		    ((b->value->kind == PY_LIST && !b->value->is_odd &&
		         !b->value->is_tuple) ||
		        b->value->kind == PY_DICT) &&
		    program_only(p, b->node) == b &&
		    !map_get(&p->globals, slice_of(b->name), 0) &&
		    program_charge(p, p->all.n / 64 + 1))
			grow(r, b);
	}
}

bool
partial_grown(struct partial *r, struct py_node *parent,
    const struct py_node *n, const struct stand_in *with)
{
	const struct growing *g = r->grown[n->order];
	struct py_node like;
	struct py_node *assign;
	struct py_node *value;
	size_t i;

	if (!g)
		return false;
	r->changed = true;
	if (n != g->steps.v[g->steps.n - 1])
		return true;
	assign = pytree_add(r->p->arena, parent, g->assign);
	partial_build(r, assign, g->assign->child[0], with);
	value = pytree_add(r->p->arena, assign, g->name->value);
	for (i = 0; i < g->name->value->n; i++)
		partial_build(r, value, g->name->value->child[i], with);
	for (i = 0; i < g->steps.n; i++) {
		const struct py_node *step = g->steps.v[i];
		struct py_node *to = value;

		if (g->is_dict) {
			like = *step;
			like.kind = PY_PAIR;
			to = pytree_add(r->p->arena, value, &like);
			partial_build(r, to, step->child[0]->child[1], with);
		}
		partial_build(r, to, step->child[1], with);
	}
	return true;
}

#include "base/base.h"

#include "gate/calls.h"

#include "gate/flow.h"
#include "gate/order.h"
#include "gate/sql.h"

#include <string.h>

/* Functions that are handed a name. */
#define MAX_DEPTH 5

/* Those whose names the callers give: no name has a dot. */
#define BY_CALLERS "."

static void
add_view(struct program *p, const char *name, const struct py_node *at,
    const struct py_node *param)
{
	size_t before = map_get(&p->views, slice_of(name), 0);
	struct view *v = LIST_ADD(p->arena, &p->made);

	*v = (struct view){at, param, before};
	map_set(p->arena, &p->views, slice_of(name), p->made.n);
}

/* The one text that it is, whichever object has it. */
static const char *
only_text(struct program *p, const struct py_node *arg)
{
	struct texts texts;

	flow_texts(p, arg, &texts);
	return texts.n == 1 && !texts.unknown && !texts.from_widget ? texts.v[0]
	                                                            : NULL;
}

static void
note_view(struct program *p, const struct py_node *at,
    const struct py_node *arg, bool is_sql, unsigned depth)
{
	const struct py_node *def = order_body(at);
	const char *name = arg ? only_text(p, arg) : NULL;
	size_t i;

	if (name && is_sql)
		name = sql_view_name(p, name);
	if (name && name[0] && !strpbrk(name, ".`/"))
		add_view(p, name, at, NULL);
	if (name || !arg || !def || depth >= MAX_DEPTH)
		return;
	/* Its callers name it. */
	if (depth == 0 && !is_sql && program_only(p, arg) &&
	    program_only(p, arg)->kind == BIND_PARAM)
		add_view(p, BY_CALLERS, at, program_only(p, arg)->node);
	for (i = 0; order_is_sure(p, at, def) && i < p->calls.n; i++) {
		const struct py_node *call = p->calls.v[i];

		if (order_calls(p, call, def))
			note_view(p, call, order_given(p, call, def, arg),
			    is_sql, depth + 1);
	}
}

void
gate_views(struct program *p)
{
	static const char *const makers[] = {
	    "createOrReplaceTempView", "createTempView"};
	size_t i;

	for (i = 0; i < p->calls.n; i++) {
		const struct py_node *call = p->calls.v[i];
		const struct py_node *f = call->child[0];

		if (f->kind != PY_ATTRIBUTE || program_has(p, f))
			continue;
		if (str_eq(f->text, "sql"))
			note_view(p, call, pytree_argument(call, 0, "sqlQuery"),
			    true, 0);
		else if (STR_IS_IN(f->text, makers))
			note_view(p, call, pytree_argument(call, 0, "name"),
			    false, 0);
	}
}

bool
view_is_made(struct program *p, const char *name, const struct py_node *at)
{
	const struct py_node *arg = at->kind == PY_CALL
	    ? pytree_argument(at, 0, "tableName")
	    : NULL;
	const struct binding *b = arg ? program_only(p, arg) : NULL;
	size_t i = map_get(&p->views, slice_of(name), 0);

	/* spark.sql("… {name} …", name=table) */
	if (at->kind == PY_CALL && str_eq(pytree_called(at), "sql") &&
	    at->n > 2 && pytree_argument(at, -1, name))
		return true;
	for (; i > 0; i = p->made.v[i - 1].before) {
		if (order_is_before(p, p->made.v[i - 1].at, at, name))
			return true;
	}
	i = map_get(&p->views, slice_of(BY_CALLERS), 0);
	for (; b && i > 0; i = p->made.v[i - 1].before) {
		if (p->made.v[i - 1].name == b->node &&
		    order_is_before_there(p, p->made.v[i - 1].at, at))
			return true;
	}
	return false;
}

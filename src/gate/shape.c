#include "base/base.h"

#include "gate/shape.h"

#include <string.h>

#define MAX_DEPTH 300

struct shaping {
	struct program *program;
	unsigned depth;
	const struct py_node *from; /* the name that is looked up */
	const struct binding *best;
};

static const struct shape *read_shape(struct shaping *s,
    const struct py_node *n);

static struct shape *
new_shape(struct program *p)
{
	return arena_new(p->arena, struct shape);
}

static const struct shape *
unknown(struct shaping *s)
{
	struct shape *shape = new_shape(s->program);

	shape->unknown = true;
	return shape;
}

/* The assignment that a name has its value from where it stands: the last one
 * before it, or the last one of the program where it stands in a function and
 * is set outside. None does not count. */
static void
consider(const struct binding *b, void *data)
{
	struct shaping *s = data;
	const struct py_node *n;

	if (b->kind == BIND_VALUE) {
		if (b->value->kind == PY_OTHER &&
		    str_eq(b->value->text, "none"))
			return;
		for (n = s->from; n; n = n->parent) {
			if (n == b->node->parent)
				return;
		}
		if (b->node->order > s->from->order &&
		    program_function(b->node) == program_function(s->from))
			return;
	}
	if (!s->best || b->node->order > s->best->node->order)
		s->best = b;
}

static const struct shape *
shape_of_param(struct shaping *s, const struct py_node *param)
{
	const struct py_node *function = param->parent->parent;
	struct program *p = s->program;
	struct shape *shape = new_shape(p);
	bool found = false;
	size_t i;

	for (i = 0; i < p->calls.n; i++) {
		const struct py_node *call = p->calls.v[i];
		const struct py_node *arg = NULL;

		if (str_eq(pytree_called(call), function->text) &&
		    function->kind == PY_DEF) {
			arg = pytree_argument(call, program_place(param),
			    param->text);
		} else if (str_eq(pytree_called(call), "transform") &&
		    call->n > 1 && call->child[0]->kind == PY_ATTRIBUTE &&
		    program_place(param) == 0 &&
		    (call->child[1] == function ||
		        (call->child[1]->kind == PY_NAME &&
		            str_eq(call->child[1]->text, function->text)))) {
			arg = call->child[0]->child[0];
		}
		if (!arg)
			continue;
		found = true;
		shape_put_all(p, shape, read_shape(s, arg));
	}
	return found ? shape : unknown(s);
}

static const struct shape *
shape_of_name(struct shaping *s, const struct py_node *n)
{
	struct shaping search = {.program = s->program, .from = n};

	program_resolve(s->program, n, consider, &search);
	if (!search.best)
		return unknown(s);
	if (search.best->kind == BIND_PARAM)
		return shape_of_param(s, search.best->node);
	if (search.best->kind != BIND_VALUE)
		return unknown(s);
	return read_shape(s, search.best->value);
}

static const struct shape *
shape_of_returns(struct shaping *s, const struct py_node *function)
{
	const struct program *p = s->program;
	const struct py_node *last = NULL;
	size_t i;

	if (function->kind == PY_LAMBDA && function->n > 1)
		return read_shape(s, function->child[1]);
	for (i = 0; i < p->all.n; i++) {
		if (p->all.v[i]->kind == PY_RETURN && p->all.v[i]->n > 0 &&
		    program_function(p->all.v[i]) == function)
			last = p->all.v[i]->child[0];
	}
	return last ? read_shape(s, last) : unknown(s);
}

static const struct shape *
select_items(struct shaping *s, const struct shape *from,
    const struct py_node *call, bool is_sql)
{
	struct program *p = s->program;
	struct shape *to = new_shape(p);
	size_t i;

	for (i = 1; i < call->n; i++) {
		const struct py_node *item = call->child[i];
		const char *text;
		size_t k;

		if (!is_sql) {
			shape_add_item(p, to, from, item);
			continue;
		}
		if (item->kind == PY_STAR && item->n > 0)
			item = flow_literal(p, item->child[0]);
		if (!item) {
			to->unknown = true;
			continue;
		}
		for (k = 0; item->kind == PY_LIST && k < item->n; k++) {
			text = flow_constant(p, item->child[k]);
			if (text)
				shape_add_sql(p, to, from, item->child[k],
				    text);
			else
				to->unknown = true;
		}
		text = item->kind == PY_LIST ? NULL : flow_constant(p, item);
		if (text)
			shape_add_sql(p, to, from, item, text);
		else if (item->kind != PY_LIST)
			to->unknown = true;
	}
	return to;
}

/* withColumns({"a": …}), withColumnsRenamed({"a": "b"}) */
static const struct shape *
with_dictionary(struct shaping *s, const struct shape *from,
    const struct py_node *call, bool renames)
{
	struct program *p = s->program;
	struct shape *to = new_shape(p);
	const struct py_node *dict = call->n > 1 ? call->child[1] : NULL;
	size_t i;

	shape_put_all(p, to, from);
	if (dict)
		dict = flow_literal(p, dict);
	if (!dict || dict->kind != PY_DICT) {
		to->unknown = true;
		return to;
	}
	for (i = 0; i < dict->n; i++) {
		const struct py_node *pair = dict->child[i];
		const char *old;

		if (pair->kind != PY_PAIR || pair->n < 2) {
			to->unknown = true;
			continue;
		}
		if (!renames) {
			shape_put_named(p, to, from, pair->child[0],
			    pair->child[1]);
			continue;
		}
		old = flow_constant(p, pair->child[0]);
		if (old && flow_constant(p, pair->child[1]))
			shape_put(p, to,
			    &(struct made){
			        .name = flow_constant(p, pair->child[1]),
			        .sql = expr_quote_name(p->arena, old),
			        .from = from,
			        .at = pair});
		else
			to->unknown = true;
	}
	return to;
}

static void
remove_column(struct shape *s, const char *name)
{
	size_t i;
	size_t k = 0;

	for (i = 0; i < s->n; i++) {
		if (!str_ieq(s->v[i].name, name))
			s->v[k++] = s->v[i];
	}
	s->n = k;
}

static const struct shape *
with_renamed(struct shaping *s, const struct shape *from,
    const struct py_node *call)
{
	struct program *p = s->program;
	struct shape *to = new_shape(p);
	const struct py_node *a = pytree_argument(call, 0, "existing");
	const struct py_node *b = pytree_argument(call, 1, "new");
	const char *old = a ? flow_constant(p, a) : NULL;
	const char *name = b ? flow_constant(p, b) : NULL;

	shape_put_all(p, to, from);
	if (!old || !name) {
		to->unknown = true;
		return to;
	}
	remove_column(to, old);
	shape_put(p, to,
	    &(struct made){.name = name,
	        .sql = expr_quote_name(p->arena, old),
	        .from = from,
	        .at = call});
	return to;
}

static const struct shape *
without(struct shaping *s, const struct shape *from, const struct py_node *call)
{
	struct program *p = s->program;
	struct shape gone = {0};
	struct shape *to = new_shape(p);
	size_t i;

	shape_put_all(p, to, from);
	for (i = 1; i < call->n; i++)
		shape_add_item(p, &gone, &(struct shape){0}, call->child[i]);
	for (i = 0; i < gone.n; i++)
		remove_column(to, gone.v[i].name);
	to->unknown = to->unknown || gone.unknown;
	return to;
}

/* toDF("a", "b"): the columns in their order. */
static const struct shape *
renamed_all(struct shaping *s, const struct shape *from,
    const struct py_node *call)
{
	struct program *p = s->program;
	struct shape names = {0};
	struct shape *to = new_shape(p);
	size_t i;

	if (call->n == 1) {
		/* Of a DeltaTable. */
		to->open = true;
		return to;
	}
	for (i = 1; i < call->n; i++)
		shape_add_item(p, &names, &(struct shape){0}, call->child[i]);
	if (names.unknown || from->open || from->unknown || from->n != names.n)
		return unknown(s);
	for (i = 0; i < names.n; i++) {
		struct made m = from->v[i];

		m.name = names.v[i].name;
		if (!m.value && !m.sql)
			m.sql = expr_quote_name(p->arena, from->v[i].name);
		shape_put(p, to, &m);
	}
	return to;
}

/* groupBy(keys).agg(…) */
static const struct shape *
aggregated(struct shaping *s, const struct py_node *object,
    const struct py_node *call)
{
	struct program *p = s->program;
	const struct shape *from;
	struct shape *to = new_shape(p);
	const struct py_node *group = object;
	size_t i;

	if (group->kind != PY_CALL ||
	    !str_starts(pytree_called(group), "group"))
		return unknown(s);
	from = read_shape(s, group->child[0]->child[0]);
	for (i = 1; i < group->n; i++)
		shape_add_item(p, to, from, group->child[i]);
	for (i = 1; i < call->n; i++)
		shape_add_item(p, to, from, call->child[i]);
	return to;
}

static const struct shape *
joined(struct shaping *s, const struct shape *left, const struct py_node *call)
{
	struct program *p = s->program;
	const struct py_node *how = pytree_argument(call, 2, "how");
	const struct py_node *other = pytree_argument(call, 0, "other");
	const char *kind = how ? flow_constant(p, how) : "inner";
	struct shape *to = new_shape(p);

	if (kind && (strstr(kind, "anti") || strstr(kind, "semi")))
		return left;
	shape_put_all(p, to, left);
	to->side[0] = left;
	if (other) {
		to->side[1] = read_shape(s, other);
		shape_put_all(p, to, to->side[1]);
	}
	return to;
}

/* The same columns under a name, for "name.*". */
static const struct shape *
named(struct shaping *s, const struct shape *from, const struct py_node *call)
{
	const struct py_node *alias = pytree_argument(call, 0, "alias");
	struct shape *to = new_shape(s->program);

	*to = *from;
	to->alias = alias ? flow_constant(s->program, alias) : NULL;
	to->side[0] = to->side[1] = NULL;
	return to;
}

/* By a method that makes other columns. */
static const struct shape *
changed(struct shaping *s, const struct shape *from, const struct py_node *call)
{
	const char *method = call->child[0]->text;
	struct shape *to;

	if (str_eq(method, "select") || str_eq(method, "selectExpr"))
		return select_items(s, from, call,
		    str_eq(method, "selectExpr"));
	if (str_eq(method, "withColumn")) {
		to = new_shape(s->program);
		shape_put_all(s->program, to, from);
		shape_put_named(s->program, to, from,
		    pytree_argument(call, 0, "colName"),
		    pytree_argument(call, 1, "col"));
		return to;
	}
	if (str_starts(method, "withColumns"))
		return with_dictionary(s, from, call,
		    str_eq(method, "withColumnsRenamed"));
	if (str_eq(method, "withColumnRenamed"))
		return with_renamed(s, from, call);
	if (str_eq(method, "drop"))
		return without(s, from, call);
	if (str_eq(method, "toDF"))
		return renamed_all(s, from, call);
	if (str_eq(method, "join") || str_eq(method, "crossJoin"))
		return joined(s, from, call);
	return unknown(s);
}

static const struct shape *
shape_of_method(struct shaping *s, const struct py_node *call)
{
	static const char *const reads[] = {
	    "table", "load", "parquet", "csv", "json", "orc", "avro", "text"};
	static const char *const keeps[] = {"where", "filter", "distinct",
	    "dropDuplicates", "drop_duplicates", "orderBy", "sort", "limit",
	    "cache", "persist", "unpersist", "repartition", "coalesce", "hint",
	    "fillna", "fill", "dropna", "replace", "checkpoint",
	    "localCheckpoint", "repartitionByRange", "sortWithinPartitions",
	    "exceptAll", "subtract", "intersect", "union", "unionAll",
	    "unionByName", "withWatermark", "sample"};
	const struct py_node *object = call->child[0]->child[0];
	const char *method = call->child[0]->text;
	struct shape *open;
	const struct shape *from;

	if (STR_IS_IN(method, reads)) {
		open = new_shape(s->program);
		open->open = true;
		return open;
	}
	if (str_eq(method, "agg"))
		return aggregated(s, object, call);
	if (str_eq(method, "sql"))
		return unknown(s);
	if (str_eq(method, "transform") && call->n > 1) {
		const struct binding *b = program_only(s->program,
		    call->child[1]);

		if (call->child[1]->kind == PY_LAMBDA)
			return shape_of_returns(s, call->child[1]);
		return b && b->kind == BIND_DEF ? shape_of_returns(s, b->node)
		                                : unknown(s);
	}
	if (object->kind == PY_ATTRIBUTE && str_eq(object->text, "na"))
		object = object->child[0];
	from = read_shape(s, object);
	if (STR_IS_IN(method, keeps))
		return from;
	if (str_eq(method, "alias"))
		return named(s, from, call);
	return changed(s, from, call);
}

static const struct shape *
read_shape(struct shaping *s, const struct py_node *n)
{
	const struct shape *shape = NULL;
	const struct py_node *callee;

	const struct shape **known = &s->program->shapes[n->order];

	if (s->depth >= MAX_DEPTH)
		return unknown(s);
	if (*known)
		return *known;
	/* What is made of itself. */
	*known = unknown(s);
	s->depth++;
	if (n->kind == PY_NAME) {
		shape = shape_of_name(s, n);
	} else if (n->kind == PY_CHOICE) {
		shape = read_shape(s, n->child[0]);
	} else if (n->kind == PY_CALL) {
		callee = program_callee(s->program, n);
		if (callee && callee->kind == PY_DEF)
			shape = shape_of_returns(s, callee);
		else if (n->child[0]->kind == PY_ATTRIBUTE)
			shape = shape_of_method(s, n);
	}
	s->depth--;
	if (shape)
		*known = shape;
	return *known;
}

const struct shape *
shape_of(struct program *p, const struct py_node *node)
{
	struct shaping s = {.program = p};

	return read_shape(&s, node);
}

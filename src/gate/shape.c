#include "base/base.h"

#include "gate/shape.h"

#include "gate/reach.h"
#include "gate/selects.h"
#include "gate/sql.h"

#include <string.h>

#define MAX_DEPTH 300
/* Ways of a table that are told apart. */
#define MAX_WAYS 16

/* A function, as one call of it runs: its nodes are looked at anew. */
struct frame {
	const struct frame *outer;
	const struct py_node *function;
	const struct py_node *call;
	struct shapes **known; /* of its nodes */
	size_t last;           /* of these, in the order of the text */
};

struct shaping {
	struct program *program;
	const struct frame *frame; /* NULL: none */
	unsigned depth;
	unsigned low; /* the outermost node that what was seen waits for */
};

static const struct shapes *read_shapes(struct shaping *s,
    const struct py_node *n);

static bool
is_none(const struct py_node *n)
{
	return pytree_is_other(n, "none");
}

static bool
is_same(const struct shape *a, const struct shape *b)
{
	return a->v == b->v && a->n == b->n && a->open == b->open &&
	    a->target == b->target && a->unknown == b->unknown &&
	    a->few == b->few && a->own == b->own && a->doubt == b->doubt &&
	    a->side[0] == b->side[0] &&
	    (a->alias == b->alias ||
	        (a->alias && b->alias && str_eq(a->alias, b->alias)));
}

static void
add(struct shaping *s, struct shapes *to, const struct shape *shape)
{
	size_t i;

	for (i = 0; i < to->n; i++) {
		if (is_same(to->v[i], shape))
			return;
	}
	if (to->n >= MAX_WAYS)
		to->v[MAX_WAYS - 1] = shape_unknown(s->program);
	else
		*LIST_ADD(s->program->arena, to) = shape;
}

static void
add_all(struct shaping *s, struct shapes *to, const struct shapes *from,
    bool doubt)
{
	size_t i;

	for (i = 0; i < from->n; i++) {
		struct shape *copy;

		if (!doubt || from->v[i]->doubt) {
			add(s, to, from->v[i]);
			continue;
		}
		copy = arena_new(s->program->arena, struct shape);
		*copy = *from->v[i];
		copy->doubt = true;
		add(s, to, copy);
	}
}

/* What the method is called on comes from Spark: no method of the program. */
static bool
is_foreign(const struct program *p, const struct py_node *call)
{
	const struct py_node *n = call->child[0];
	const struct binding *b;

	if (n->kind != PY_ATTRIBUTE)
		return false;
	for (n = n->child[0]; n->kind == PY_ATTRIBUTE || n->kind == PY_CALL;
	     n = n->child[0]) {
		if (n->kind == PY_ATTRIBUTE && program_has(p, n))
			return false;
	}
	b = program_only(p, n);
	return b && b->kind == BIND_IMPORT;
}

/* What the call hands to a parameter; NULL. */
static const struct py_node *
argument_of(const struct program *p, const struct py_node *call,
    const struct py_node *param)
{
	const struct py_node *function = param->parent->parent;
	const struct py_node *first = call->n > 1 ? call->child[1] : NULL;
	int place = program_place(param);

	if (function->kind == PY_DEF &&
	    str_eq(pytree_called(call), function->text) && !is_foreign(p, call))
		return pytree_argument(call, place, param->text);
	if (!str_eq(pytree_called(call), "transform") || !first ||
	    call->child[0]->kind != PY_ATTRIBUTE ||
	    (first != function &&
	        (first->kind != PY_NAME ||
	            !str_eq(first->text, function->text))))
		return NULL;
	return place == 0 ? call->child[0]->child[0]
	                  : pytree_argument(call, place, param->text);
}

static bool
is_never_called(const struct program *p, const struct py_node *function)
{
	size_t i;

	if (function->kind != PY_DEF || function->parent->parent != NULL)
		return false;
	for (i = 0; i < p->all.n; i++) {
		const struct py_node *n = p->all.v[i];

		if ((n->kind == PY_NAME || n->kind == PY_ATTRIBUTE) &&
		    str_eq(n->text, function->text))
			return false;
	}
	return true;
}

static void
add_param(struct shaping *s, struct shapes *to, const struct py_node *param)
{
	const struct py_node *function = param->parent->parent;
	const struct frame *frame = s->frame;
	const struct frame *inner = s->frame;
	const struct py_node *arg;
	struct program *p = s->program;
	bool found = false;
	size_t i;

	while (frame && frame->function != function)
		frame = frame->outer;
	if (frame) {
		arg = argument_of(p, frame->call, param);
		s->frame = frame->outer;
		if (arg)
			add_all(s, to, read_shapes(s, arg), false);
		else
			add(s, to, shape_unknown(p));
		s->frame = inner;
		return;
	}
	for (i = 0; i < p->calls.n; i++) {
		arg = argument_of(p, p->calls.v[i], param);
		if (!arg)
			continue;
		found = true;
		add_all(s, to, read_shapes(s, arg), false);
	}
	/* What is never called gives no rows. */
	if (!found && !is_never_called(p, function))
		add(s, to, shape_unknown(p));
}

static void
add_name(struct shaping *s, struct shapes *to, const struct py_node *n)
{
	struct reached reached;
	size_t i;

	reach_name(s->program, n, &reached);
	for (i = 0; i < reached.n; i++) {
		const struct binding *b = reached.v[i].binding;

		if (b->kind == BIND_PARAM)
			add_param(s, to, b->node);
		else if (b->kind == BIND_VALUE)
			add_all(s, to, read_shapes(s, b->value),
			    reached.v[i].doubt);
		else
			add(s, to, shape_unknown(s->program));
	}
	if (reached.unknown || reached.n == 0)
		add(s, to, shape_unknown(s->program));
}

/* A function gives back what it was handed, where there is nothing to do. */
static bool
hands_back(const struct py_node *function, const struct py_node *value)
{
	const struct py_node *params = function->child[0];
	size_t i;

	for (i = 0; value->kind == PY_NAME && i < params->n; i++) {
		if (str_eq(params->child[i]->text, value->text))
			return true;
	}
	return false;
}

static void
read_returns(struct shaping *s, struct shapes *to,
    const struct py_node *function)
{
	const struct py_node *n = NULL;
	struct nodes found = {0};
	bool given = false;
	size_t i;

	if (function->kind == PY_LAMBDA && function->n > 1) {
		add_all(s, to, read_shapes(s, function->child[1]), false);
		return;
	}
	while ((n = program_return(s->program, function, n))) {
		if (n->n == 0 || is_none(n->child[0]))
			continue;
		*LIST_ADD(s->program->arena, &found) = n->child[0];
		given = given || !hands_back(function, n->child[0]);
	}
	for (i = 0; i < found.n; i++)
		add_all(s, to, read_shapes(s, found.v[i]),
		    given && hands_back(function, found.v[i]));
	if (found.n == 0)
		add(s, to, shape_unknown(s->program));
}

/* What a call of the function gives. */
static void
add_returns(struct shaping *s, struct shapes *to,
    const struct py_node *function, const struct py_node *call)
{
	struct frame frame = {
	    .outer = s->frame, .function = function, .call = call};
	const struct frame *f;
	size_t size;

	for (f = s->frame; f; f = f->outer) {
		if (f->function == function) {
			add(s, to, shape_unknown(s->program));
			return;
		}
	}
	frame.last = pytree_last(function);
	size = frame.last - function->order + 1;
	if (!program_charge(s->program, size / 64 + 1)) {
		add(s, to, shape_unknown(s->program));
		return;
	}
	frame.known = arena_array(s->program->arena, struct shapes *, size);
	s->frame = &frame;
	read_returns(s, to, function);
	s->frame = frame.outer;
}

static bool
is_number(const struct py_node *n, const char *text)
{
	return n && n->kind == PY_NUMBER && str_eq(n->text, text);
}

/* The same rows, or some of them. */
static const struct shape *
kept(struct shaping *s, const struct shape *from, const struct py_node *call)
{
	const char *method = call->child[0]->text;
	const struct py_node *first = call->n > 1 ? call->child[1] : NULL;
	bool none = false;
	bool few = str_eq(method, "limit") || str_eq(method, "sample");
	struct shape *to;

	if (str_eq(method, "limit"))
		none = is_number(first, "0");
	else if (first && (str_eq(method, "where") || str_eq(method, "filter")))
		none = condition_is_false(s->program, first);
	if (!few && !none)
		return from;
	to = arena_new(s->program->arena, struct shape);
	*to = *from;
	to->few = call;
	to->none = from->none || none;
	return to;
}

/* Both sides, by place or by name. */
static void
add_union(struct shaping *s, struct shapes *to, const struct shapes *left,
    const struct py_node *call)
{
	const struct py_node *other = pytree_argument(call, 0, "other");
	bool by_name = str_eq(call->child[0]->text, "unionByName");
	const struct shapes *right;
	size_t i;
	size_t k;

	add_all(s, to, left, false);
	if (!other) {
		add(s, to, shape_unknown(s->program));
		return;
	}
	right = read_shapes(s, other);
	for (i = 0; i < right->n; i++) {
		for (k = 0; k < left->n && !by_name; k++)
			add(s, to,
			    shape_united(s->program, left->v[k], right->v[i]));
		if (by_name)
			add(s, to, right->v[i]);
	}
}

static void
add_changed(struct shaping *s, struct shapes *to, const struct shapes *from,
    const struct py_node *call)
{
	const char *method = call->child[0]->text;
	bool joins = str_eq(method, "join") || str_eq(method, "crossJoin");
	const struct py_node *other = joins ? pytree_argument(call, 0, "other")
	                                    : NULL;
	const struct shapes *with = other ? read_shapes(s, other) : NULL;
	size_t i;
	size_t k;

	for (i = 0; i < from->n; i++) {
		for (k = 0; with && k < with->n; k++)
			add(s, to,
			    shape_changed(s->program, from->v[i], call,
			        with->v[k]));
		if (!with)
			add(s, to,
			    shape_changed(s->program, from->v[i], call, NULL));
	}
}

static void
add_transformed(struct shaping *s, struct shapes *to,
    const struct py_node *call)
{
	const struct binding *b = program_only(s->program, call->child[1]);

	if (call->child[1]->kind == PY_LAMBDA)
		add_returns(s, to, call->child[1], call);
	else if (b && b->kind == BIND_DEF)
		add_returns(s, to, b->node, call);
	else
		add(s, to, shape_unknown(s->program));
}

static void
add_aggregated(struct shaping *s, struct shapes *to,
    const struct py_node *group, const struct py_node *call)
{
	const struct shapes *from;
	size_t i;

	if (group->kind != PY_CALL || group->child[0]->kind != PY_ATTRIBUTE ||
	    !str_starts(pytree_called(group), "group")) {
		add(s, to, shape_unknown(s->program));
		return;
	}
	from = read_shapes(s, group->child[0]->child[0]);
	for (i = 0; i < from->n; i++)
		add(s, to,
		    shape_aggregated(s->program, from->v[i], group, call));
}

static void
add_read(struct shaping *s, struct shapes *to, const struct py_node *call)
{
	struct program *p = s->program;
	struct shape *open = arena_new(p->arena, struct shape);
	const struct py_node *name = pytree_argument(call, 0, NULL);
	struct texts texts = {0};
	size_t i;

	if (name)
		flow_texts(p, name, &texts);
	open->open = true;
	open->target = texts.n > 0;
	for (i = 0; i < texts.n; i++) {
		enum table_use use = plan_table_use(p, texts.v[i]);

		/* Else it is a view. */
		open->unknown = open->unknown || use == TABLE_UNKNOWN;
		open->target = open->target && (use & TABLE_WRITTEN) &&
		    !(use & TABLE_READ);
	}
	open->own = open->target;
	add(s, to, open);
}

/* spark.sql("SELECT …") */
static const struct shape *
shape_of_sql(struct program *p, const struct py_node *call)
{
	const char *text = call->n > 1 ? flow_constant(p, call->child[1])
	                               : NULL;
	struct sql s;

	if (!text)
		return shape_unknown(p);
	sql_read(p, call, text, &s);
	return sql_query_shape(p, call, &s, 0);
}

/* createDataFrame([], …) has no rows. */
static const struct shape *
made_of(struct program *p, const struct py_node *call)
{
	const struct py_node *rows = pytree_argument(call, 0, "data");
	struct shape *shape = arena_new(p->arena, struct shape);

	shape->unknown = true;
	if (rows && rows->kind == PY_LIST && rows->n == 0) {
		shape->few = call;
		shape->none = true;
	}
	return shape;
}

static void
add_method(struct shaping *s, struct shapes *to, const struct py_node *call)
{
	static const char *const reads[] = {
	    "table", "load", "parquet", "csv", "json", "orc", "avro", "text"};
	static const char *const keeps[] = {"where", "filter", "distinct",
	    "dropDuplicates", "drop_duplicates", "orderBy", "sort", "limit",
	    "cache", "persist", "unpersist", "repartition", "coalesce", "hint",
	    "fillna", "fill", "dropna", "replace", "checkpoint",
	    "localCheckpoint", "repartitionByRange", "sortWithinPartitions",
	    "exceptAll", "subtract", "intersect", "withWatermark", "sample"};
	static const char *const unions[] = {
	    "union", "unionAll", "unionByName"};
	const struct py_node *object = call->child[0]->child[0];
	const char *method = call->child[0]->text;
	const struct shapes *from;
	size_t i;

	if (STR_IS_IN(method, reads)) {
		add_read(s, to, call);
	} else if (str_eq(method, "agg")) {
		add_aggregated(s, to, object, call);
	} else if (str_eq(method, "sql")) {
		add(s, to, shape_of_sql(s->program, call));
	} else if (str_eq(method, "createDataFrame")) {
		add(s, to, made_of(s->program, call));
	} else if (str_eq(method, "transform") && call->n > 1) {
		add_transformed(s, to, call);
	} else {
		if (object->kind == PY_ATTRIBUTE && str_eq(object->text, "na"))
			object = object->child[0];
		from = read_shapes(s, object);
		for (i = 0; STR_IS_IN(method, keeps) && i < from->n; i++)
			add(s, to, kept(s, from->v[i], call));
		if (STR_IS_IN(method, unions))
			add_union(s, to, from, call);
		else if (!STR_IS_IN(method, keeps))
			add_changed(s, to, from, call);
	}
}

static void
add_node(struct shaping *s, struct shapes *to, const struct py_node *n)
{
	const struct py_node *callee;
	size_t i;

	if (n->kind == PY_NAME) {
		add_name(s, to, n);
		return;
	}
	if (n->kind == PY_CHOICE) {
		for (i = 0; i < n->n; i += 2) {
			if (!is_none(n->child[i]))
				add_all(s, to, read_shapes(s, n->child[i]),
				    false);
		}
		return;
	}
	if (n->kind == PY_SUBSCRIPT && n->n == 2 &&
	    n->child[1]->kind == PY_LIST) {
		const struct shapes *from = read_shapes(s, n->child[0]);

		for (i = 0; i < from->n; i++)
			add(s, to, shape_selected(s->program, from->v[i], n));
		return;
	}
	callee = n->kind == PY_CALL ? program_callee(s->program, n) : NULL;
	if (callee && callee->kind == PY_DEF)
		add_returns(s, to, callee, n);
	else if (n->kind == PY_CALL && n->child[0]->kind == PY_ATTRIBUTE)
		add_method(s, to, n);
	else
		add(s, to, shape_unknown(s->program));
}

/* Where what is known of a node is kept. */
static struct shapes **
known_of(struct shaping *s, const struct py_node *n)
{
	const struct frame *f = s->frame;

	while (f && (n->order < f->function->order || n->order > f->last))
		f = f->outer;
	return f ? &f->known[n->order - f->function->order]
	         : &s->program->shapes[n->order];
}

static const struct shapes *
read_shapes(struct shaping *s, const struct py_node *n)
{
	static const struct shapes nothing;
	struct shapes **known = known_of(s, n);
	struct shapes *ret = *known;
	unsigned low = s->low;

	if (ret && ret->depth > 0) {
		/* What is made of itself, in the next round. */
		if (ret->depth < s->low)
			s->low = ret->depth;
		return &nothing;
	}
	if (ret)
		return ret;
	ret = arena_new(s->program->arena, struct shapes);
	if (s->depth >= MAX_DEPTH || !program_charge(s->program, 1)) {
		add(s, ret, shape_unknown(s->program));
		return ret;
	}
	*known = ret;
	ret->depth = ++s->depth;
	s->low = MAX_DEPTH + 1;
	add_node(s, ret, n);
	/* It lacks what another one, which is being read, will have. */
	if (s->low < ret->depth)
		*known = NULL;
	else
		s->low = MAX_DEPTH + 1;
	if (low < s->low)
		s->low = low;
	ret->depth = 0;
	s->depth--;
	return ret;
}

const struct shapes *
shapes_of(struct program *p, const struct py_node *node)
{
	struct shaping s = {.program = p, .low = MAX_DEPTH + 1};
	const struct shapes *found = read_shapes(&s, node);
	struct shapes *ret;

	if (found->n > 0)
		return found;
	ret = arena_new(p->arena, struct shapes);
	add(&s, ret, shape_unknown(p));
	return ret;
}

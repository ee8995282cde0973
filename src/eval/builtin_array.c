#include "base/base.h"

#include "eval/builtin.h"

#include "base/buf.h"
#include "eval/coerce.h"

#include <stdlib.h>

#define MAX_TEXT ((size_t)1024 * 1024)
#define MAX_ITEMS 10000
#define MAX_SET 1000

struct items {
	struct value *v;
	size_t n;
	size_t cap;
};

static enum eval_outcome
give_items(const struct node *n, const struct items *items, struct value *ret)
{
	*ret = (struct value){.type = n->type, .list = {items->v, items->n}};
	return EVAL_VALUE;
}

static enum eval_outcome
give_int(enum value_kind kind, int64_t n, struct value *ret)
{
	*ret = value_integer(kind, n);
	return EVAL_VALUE;
}

/* The place of a value from 1, 0 if it is nowhere; NULL is no value. */
static size_t
place_of(struct value_list list, const struct value *v)
{
	size_t i;

	for (i = 0; i < list.n; i++) {
		if (!list.v[i].is_null && value_compare(&list.v[i], v) == 0)
			return i + 1;
	}
	return 0;
}

static bool
has_null(struct value_list list)
{
	size_t i;

	for (i = 0; i < list.n; i++) {
		if (list.v[i].is_null)
			return true;
	}
	return false;
}

/* NULL is a value here, and the same as NULL. */
static bool
is_among(const struct items *items, const struct value *v)
{
	size_t i;

	for (i = 0; i < items->n; i++) {
		if (value_compare(&items->v[i], v) == 0)
			return true;
	}
	return false;
}

/* n->index: whether NULL has no size, in every mode. */
static enum eval_outcome
run_size(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	size_t size = arg[0].list.n;

	if (arg[0].is_null && n->index == 0)
		return node_differs(r,
		    "The size of NULL is -1 or NULL, as the mode wants it.");
	if (arg[0].is_null)
		return node_null(n, ret);
	if (arg[0].type.kind == VALUE_MAP)
		size /= 2;
	return give_int(VALUE_INT, (int64_t)size, ret);
}

static enum eval_outcome
run_contains(struct run *r UNUSED, const struct node *n,
    const struct value *arg, struct value *ret)
{
	bool found = place_of(arg[0].list, &arg[1]) > 0;

	*ret = value_boolean(found);
	if (!found && has_null(arg[0].list))
		return node_null(n, ret);
	return EVAL_VALUE;
}

static enum eval_outcome
run_position(struct run *r UNUSED, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	return give_int(VALUE_BIGINT, (int64_t)place_of(arg[0].list, &arg[1]),
	    ret);
}

static enum eval_outcome
run_remove(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	struct items items = {0};
	size_t i;

	for (i = 0; i < arg[0].list.n; i++) {
		const struct value *v = &arg[0].list.v[i];

		if (v->is_null || value_compare(v, &arg[1]) != 0)
			*LIST_ADD(r->arena, &items) = *v;
	}
	return give_items(n, &items, ret);
}

/* array_append() and, with n->index, array_prepend(). */
static enum eval_outcome
run_append(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	struct items items = {0};
	size_t i;

	if (arg[0].is_null)
		return node_null(n, ret);
	if (n->index == 1)
		*LIST_ADD(r->arena, &items) = arg[1];
	for (i = 0; i < arg[0].list.n; i++)
		*LIST_ADD(r->arena, &items) = arg[0].list.v[i];
	if (n->index != 1)
		*LIST_ADD(r->arena, &items) = arg[1];
	return give_items(n, &items, ret);
}

static enum eval_outcome
run_join(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	bool first = true;
	struct buf b;
	size_t i;

	buf_init(&b, r->arena, MAX_TEXT);
	for (i = 0; i < arg[0].list.n; i++) {
		const struct value *v = &arg[0].list.v[i];

		if (v->is_null && n->n_args < 3)
			continue;
		if (!first)
			buf_add_slice(&b, arg[1].text);
		buf_add_slice(&b, v->is_null ? arg[2].text : v->text);
		first = false;
	}
	if (buf_full(&b))
		return node_unknown(r, "A text becomes too long.");
	*ret = value_text(buf_slice(&b));
	return EVAL_VALUE;
}

enum set_operation { SET_DISTINCT, SET_UNION, SET_INTERSECT, SET_EXCEPT };

/* In the order of the first, each once. */
static enum eval_outcome
run_set(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	struct items items = {0};
	struct items other = {0};
	size_t i;

	if (arg[0].list.n > MAX_SET ||
	    (n->n_args > 1 && arg[1].list.n > MAX_SET))
		return node_unknown(r, "A set of so many.");
	if (n->n_args > 1) {
		for (i = 0; i < arg[1].list.n; i++)
			*LIST_ADD(r->arena, &other) = arg[1].list.v[i];
	}
	for (i = 0; i < arg[0].list.n; i++) {
		const struct value *v = &arg[0].list.v[i];

		if ((n->index == SET_INTERSECT && !is_among(&other, v)) ||
		    (n->index == SET_EXCEPT && is_among(&other, v)))
			continue;
		if (!is_among(&items, v))
			*LIST_ADD(r->arena, &items) = *v;
	}
	for (i = 0; n->index == SET_UNION && i < other.n; i++) {
		if (!is_among(&items, &other.v[i]))
			*LIST_ADD(r->arena, &items) = other.v[i];
	}
	return give_items(n, &items, ret);
}

static enum eval_outcome
run_overlap(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	size_t i;

	if (arg[0].list.n > MAX_SET || arg[1].list.n > MAX_SET)
		return node_unknown(r, "A set of so many.");
	*ret = value_boolean(true);
	for (i = 0; i < arg[0].list.n; i++) {
		const struct value *v = &arg[0].list.v[i];

		if (!v->is_null && place_of(arg[1].list, v) > 0)
			return EVAL_VALUE;
	}
	if (arg[0].list.n > 0 && arg[1].list.n > 0 &&
	    (has_null(arg[0].list) || has_null(arg[1].list)))
		return node_null(n, ret);
	*ret = value_boolean(false);
	return EVAL_VALUE;
}

/* n->index: 1 the largest. */
static enum eval_outcome
run_extreme(struct run *r UNUSED, const struct node *n, const struct value *arg,
    struct value *ret)
{
	const struct value *best = NULL;
	size_t i;

	for (i = 0; i < arg[0].list.n; i++) {
		const struct value *v = &arg[0].list.v[i];
		int order = best ? value_compare(v, best) : 0;

		if (!v->is_null &&
		    (!best || (n->index == 1 ? order > 0 : order < 0)))
			best = v;
	}
	if (!best)
		return node_null(n, ret);
	*ret = *best;
	return EVAL_VALUE;
}

static int
ascending(const void *a, const void *b)
{
	return value_compare(a, b);
}

/* sort_array(x[, ascending]): NULLs are the smallest. array_sort(x), with
 * n->index: they come last. */
static enum eval_outcome
run_sort(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	size_t count = arg[0].list.n;
	struct value *item = arena_array(r->arena, struct value, count);
	bool down = n->n_args > 1 && !arg[1].boolean;
	size_t nulls = 0;
	size_t i;

	for (i = 0; i < count; i++)
		item[i] = arg[0].list.v[i];
	if (count > 0)
		qsort(item, count, sizeof(*item), ascending);
	for (i = 0; down && i < count / 2; i++) {
		struct value v = item[i];

		item[i] = item[count - 1 - i];
		item[count - 1 - i] = v;
	}
	while (n->index == 1 && nulls < count && item[nulls].is_null)
		nulls++;
	for (i = 0; nulls > 0 && i < count; i++)
		item[i] = i + nulls < count ? item[i + nulls]
		                            : value_null(item[0].type);
	*ret = (struct value){.type = n->type, .list = {item, count}};
	return EVAL_VALUE;
}

/* slice(x, start, length): start counts from 1, or from the end. */
static enum eval_outcome
run_slice(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	int64_t count = (int64_t)arg[0].list.n;
	int64_t from = arg[1].integer;
	int64_t length = arg[2].integer;

	if (from == 0 || length < 0)
		return node_differs(r, "Spark refuses this part of an array.");
	from = from > 0 ? from - 1 : count + from;
	*ret = (struct value){.type = n->type};
	if (from < 0 || from >= count)
		return EVAL_VALUE;
	ret->list.v = arg[0].list.v + from;
	ret->list.n = (size_t)(length < count - from ? length : count - from);
	return EVAL_VALUE;
}

static enum eval_outcome
run_flatten(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	struct items items = {0};
	size_t i;
	size_t j;

	if (has_null(arg[0].list))
		return node_null(n, ret);
	for (i = 0; i < arg[0].list.n; i++) {
		for (j = 0; j < arg[0].list.v[i].list.n; j++)
			*LIST_ADD(r->arena,
			    &items) = arg[0].list.v[i].list.v[j];
	}
	return give_items(n, &items, ret);
}

static enum eval_outcome
run_compact(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	struct items items = {0};
	size_t i;

	for (i = 0; i < arg[0].list.n; i++) {
		if (!arg[0].list.v[i].is_null)
			*LIST_ADD(r->arena, &items) = arg[0].list.v[i];
	}
	return give_items(n, &items, ret);
}

static enum eval_outcome
run_repeat(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	struct items items = {0};
	int64_t i;

	if (arg[1].is_null)
		return node_null(n, ret);
	if (arg[1].integer > MAX_ITEMS)
		return node_unknown(r, "An array becomes too long.");
	for (i = 0; i < arg[1].integer; i++)
		*LIST_ADD(r->arena, &items) = arg[0];
	return give_items(n, &items, ret);
}

/* sequence(from, to[, step]) of whole numbers. */
static enum eval_outcome
run_sequence(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	int64_t from = arg[0].integer;
	int64_t to = arg[1].integer;
	int64_t step = n->n_args > 2 ? arg[2].integer : from <= to ? 1 : -1;
	struct items items = {0};

	if ((step == 0 && from != to) || (step > 0 && from > to) ||
	    (step < 0 && from < to))
		return node_differs(r, "Spark refuses such a step.");
	for (;;) {
		*LIST_ADD(r->arena,
		    &items) = value_integer(n->type.field[0].type.kind, from);
		if (items.n > MAX_ITEMS)
			return node_unknown(r, "An array becomes too long.");
		if (step == 0 || __builtin_add_overflow(from, step, &from) ||
		    (step > 0 ? from > to : from < to))
			return give_items(n, &items, ret);
	}
}

/* map_keys() and, with n->index, map_values(). */
static enum eval_outcome
run_map_side(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	struct items items = {0};
	size_t i;

	for (i = n->index; i < arg[0].list.n; i += 2)
		*LIST_ADD(r->arena, &items) = arg[0].list.v[i];
	return give_items(n, &items, ret);
}

static enum eval_outcome
run_map_contains(struct run *r UNUSED, const struct node *n UNUSED,
    const struct value *arg, struct value *ret)
{
	size_t i;

	*ret = value_boolean(false);
	for (i = 0; i < arg[0].list.n; i += 2) {
		if (value_compare(&arg[0].list.v[i], &arg[1]) == 0)
			*ret = value_boolean(true);
	}
	return EVAL_VALUE;
}

static struct node *
bind_sequence(struct bind *b, const struct builtin *f,
    const struct expr *e UNUSED, const struct node **arg, size_t n)
{
	struct value_type type;
	struct node *made;
	size_t i;

	if ((n != 2 && n != 3) || !coerce_all(b, arg, n, &type) ||
	    !value_is_integral(type.kind))
		return bind_fail(b, EVAL_UNKNOWN,
		    "%s() of other than whole numbers is not known.", f->name);
	made = bind_node(b, value_type_array(b->arena, type), run_sequence,
	    NODE_STRICT, n);
	for (i = 0; i < n; i++)
		made->arg[i] = arg[i];
	return made;
}

static const struct builtin table[] = {
    {"size", "C:i", run_size, NULL, NODE_EAGER, 0},
    {"cardinality", "C:i", run_size, NULL, NODE_EAGER, 0},
    {"array_size", "A:i", run_size, NULL, NODE_EAGER, 1},
    {.name = "array_contains", .signature = "AE:b", .run = run_contains},
    {.name = "array_position", .signature = "AE:l", .run = run_position},
    {.name = "array_remove", .signature = "AE:0", .run = run_remove},
    {"array_append", "AE:0", run_append, NULL, NODE_EAGER, 0},
    {"array_prepend", "AE:0", run_append, NULL, NODE_EAGER, 1},
    {.name = "array_join", .signature = "Ss|s:s", .run = run_join},
    {"array_distinct", "A:0", run_set, NULL, NODE_STRICT, SET_DISTINCT},
    {"array_union", "AX:0", run_set, NULL, NODE_STRICT, SET_UNION},
    {"array_intersect", "AX:0", run_set, NULL, NODE_STRICT, SET_INTERSECT},
    {"array_except", "AX:0", run_set, NULL, NODE_STRICT, SET_EXCEPT},
    {.name = "arrays_overlap", .signature = "AX:b", .run = run_overlap},
    {"array_max", "A:1", run_extreme, NULL, NODE_STRICT, 1},
    {"array_min", "A:1", run_extreme, NULL, NODE_STRICT, 0},
    {.name = "sort_array", .signature = "A|b:0", .run = run_sort},
    {"array_sort", "A:0", run_sort, NULL, NODE_STRICT, 1},
    {.name = "slice", .signature = "Aii:0", .run = run_slice},
    {.name = "flatten", .signature = "N:1", .run = run_flatten},
    {.name = "array_compact", .signature = "A:0", .run = run_compact},
    {"array_repeat", "ai:L", run_repeat, NULL, NODE_EAGER, 0},
    {.name = "sequence", .signature = "", .bind = bind_sequence},
    {"map_keys", "M:P", run_map_side, NULL, NODE_STRICT, 0},
    {"map_values", "M:Q", run_map_side, NULL, NODE_STRICT, 1},
    {.name = "map_contains_key", .signature = "MK:b", .run = run_map_contains},
};

const struct builtins builtins_array = {table, COUNT_OF(table)};

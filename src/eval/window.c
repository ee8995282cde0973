#include "base/base.h"

#include "eval/window.h"

#include "eval/coerce.h"

/* A row and what it is sorted by. */
struct sorted {
	const struct value *key;
	size_t row;
};

enum eval_outcome
window_argument(struct run *r, const struct node *arg, size_t row,
    struct value *ret)
{
	size_t current = r->row;
	enum eval_outcome o;

	r->row = row;
	o = node_run(r, arg, ret);
	r->row = current;
	return o;
}

static enum eval_outcome
run_keys(struct run *r, const struct node *const *node, size_t n, size_t row,
    const struct value **ret)
{
	struct value *key = arena_array(r->arena, struct value, n);
	size_t i;

	for (i = 0; i < n; i++) {
		enum eval_outcome o = window_argument(r, node[i], row, &key[i]);

		if (o != EVAL_VALUE)
			return o;
	}
	*ret = key;
	return EVAL_VALUE;
}

static int
compare_keys(const struct window *w, const struct value *a,
    const struct value *b)
{
	size_t i;

	for (i = 0; i < w->n_order; i++) {
		int order = value_compare(&a[i], &b[i]);

		if (order == 0)
			continue;
		if (a[i].is_null || b[i].is_null)
			return a[i].is_null == w->sort[i].nulls_last ? 1 : -1;
		return w->sort[i].descending ? -order : order;
	}
	return 0;
}

static bool
same_keys(const struct value *a, const struct value *b, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (value_compare(&a[i], &b[i]) != 0)
			return false;
	}
	return true;
}

struct sorting {
	struct sorted *v;
	size_t n;
	size_t cap;
};

/* By insertion: tests have few rows, and peers keep their order. */
static void
insert(struct arena *a, const struct window *w, struct sorting *list,
    struct sorted s)
{
	size_t i;

	(void)LIST_ADD(a, list);
	for (i = list->n - 1; i > 0; i--) {
		if (compare_keys(w, list->v[i - 1].key, s.key) <= 0)
			break;
		list->v[i] = list->v[i - 1];
	}
	list->v[i] = s;
}

static enum eval_outcome
collect(struct run *r, const struct window *w, struct sorting *ret)
{
	const struct value *mine;
	const struct value *other;
	enum eval_outcome o;
	size_t row;

	*ret = (struct sorting){0};
	o = run_keys(r, w->partition, w->n_partition, r->row, &mine);
	for (row = 0; o == EVAL_VALUE && row < r->scope->n_rows; row++) {
		struct sorted s = {.row = row};

		o = run_keys(r, w->partition, w->n_partition, row, &other);
		if (o != EVAL_VALUE || !same_keys(mine, other, w->n_partition))
			continue;
		o = run_keys(r, w->order, w->n_order, row, &s.key);
		if (o == EVAL_VALUE)
			insert(r->arena, w, ret, s);
	}
	return o;
}

/* The place of a bound: the first row that belongs to it, or with end the one
 * behind the last. */
static size_t
bound_place(const struct window *w, const struct expr_bound *bound,
    int64_t offset, const struct partition *p, bool end)
{
	int64_t at = (int64_t)p->at + (end ? 1 : 0);

	switch (bound->kind) {
	case BOUND_FIRST:
		return 0;
	case BOUND_LAST:
		return p->n;
	case BOUND_CURRENT:
		if (w->frame == FRAME_ROWS)
			return (size_t)at;
		return end ? p->to : p->from;
	case BOUND_PRECEDING:
		at -= offset;
		break;
	case BOUND_FOLLOWING:
		at += offset;
		break;
	}
	if (at < 0)
		return 0;
	return at > (int64_t)p->n ? p->n : (size_t)at;
}

static bool
cuts_peers(const struct window *w, const struct sorting *s, size_t at)
{
	return at > 0 && at < s->n &&
	    compare_keys(w, s->v[at - 1].key, s->v[at].key) == 0;
}

enum eval_outcome
window_partition(struct run *r, const struct window *w, struct partition *ret)
{
	struct sorting sorted;
	enum eval_outcome o = collect(r, w, &sorted);
	size_t *row;
	size_t i;

	if (o != EVAL_VALUE)
		return o;
	row = arena_array(r->arena, size_t, sorted.n);
	*ret = (struct partition){.row = row, .n = sorted.n};
	for (i = 0; i < sorted.n; i++) {
		row[i] = sorted.v[i].row;
		if (row[i] == r->row)
			ret->at = i;
		ret->has_ties = ret->has_ties || cuts_peers(w, &sorted, i);
	}
	ret->from = ret->at;
	while (cuts_peers(w, &sorted, ret->from))
		ret->from--;
	ret->to = ret->at + 1;
	while (cuts_peers(w, &sorted, ret->to))
		ret->to++;
	ret->first = bound_place(w, &w->from, w->from_offset, ret, false);
	ret->last = bound_place(w, &w->to, w->to_offset, ret, true);
	ret->frame_has_peers = !cuts_peers(w, &sorted, ret->first) &&
	    !cuts_peers(w, &sorted, ret->last);
	return EVAL_VALUE;
}

static const char ties[] =
    "Rows are equal in the order of the window, so that it is open which comes "
    "first.";

enum ranking { ROW_NUMBER, RANK, DENSE_RANK, PERCENT_RANK, CUME_DIST, NTILE };

static int64_t
ntile(const struct partition *p, int64_t buckets)
{
	int64_t n = (int64_t)p->n;
	int64_t size = n / buckets;
	int64_t larger = n % buckets; /* buckets of one row more */
	int64_t at = (int64_t)p->at;

	if (at < larger * (size + 1))
		return at / (size + 1) + 1;
	return larger + (at - larger * (size + 1)) / size + 1;
}

static int64_t
dense_rank(struct run *r, const struct window *w, const struct partition *p)
{
	const struct value *before = NULL;
	const struct value *key = NULL;
	int64_t rank = 0;
	size_t i;

	for (i = 0; i <= p->from; i++, before = key) {
		if (run_keys(r, w->order, w->n_order, p->row[i], &key) !=
		    EVAL_VALUE)
			break;
		if (!before || compare_keys(w, before, key) != 0)
			rank++;
	}
	return rank;
}

/* n->index: which; arg: the buckets of ntile(). */
static enum eval_outcome
run_ranking(struct run *r, const struct node *n, const struct value *arg,
    struct value *ret)
{
	const struct window *w = n->data;
	struct partition p;
	enum eval_outcome o = window_partition(r, w, &p);
	int64_t number = 0;

	if (o != EVAL_VALUE)
		return o;
	if (p.has_ties && (n->index == ROW_NUMBER || n->index == NTILE))
		return node_differs(r, ties);
	switch ((enum ranking)n->index) {
	case ROW_NUMBER:
		number = (int64_t)p.at + 1;
		break;
	case RANK:
		number = (int64_t)p.from + 1;
		break;
	case DENSE_RANK:
		number = dense_rank(r, w, &p);
		break;
	case NTILE:
		if (arg[0].is_null || arg[0].integer < 1)
			return node_differs(r, "ntile() of no buckets.");
		number = ntile(&p, arg[0].integer);
		break;
	case PERCENT_RANK:
		*ret = value_real(VALUE_DOUBLE,
		    p.n > 1 ? (double)p.from / (double)(p.n - 1) : 0);
		return EVAL_VALUE;
	case CUME_DIST:
		*ret = value_real(VALUE_DOUBLE, (double)p.to / (double)p.n);
		return EVAL_VALUE;
	}
	*ret = value_integer(VALUE_INT, number);
	return EVAL_VALUE;
}

/* lag() and lead(): n->index is 1 for lead; n->value the distance. */
static enum eval_outcome
run_offset(struct run *r, const struct node *n, const struct value *arg UNUSED,
    struct value *ret)
{
	struct partition p;
	enum eval_outcome o = window_partition(r, n->data, &p);
	int64_t by = n->index == 1 ? n->value.integer : -n->value.integer;
	int64_t at;

	if (o != EVAL_VALUE)
		return o;
	if (p.has_ties && by != 0)
		return node_differs(r, ties);
	at = (int64_t)p.at + by;
	if (at >= 0 && at < (int64_t)p.n)
		return window_argument(r, n->arg[0], p.row[at], ret);
	return n->n_args > 1 ? node_run(r, n->arg[1], ret) : node_null(n, ret);
}

/* first_value(), last_value(), nth_value(): n->index counts from 1, from the
 * end where it is 0. */
static enum eval_outcome
run_nth(struct run *r, const struct node *n, const struct value *arg UNUSED,
    struct value *ret)
{
	const struct window *w = n->data;
	struct partition p;
	enum eval_outcome o = window_partition(r, w, &p);
	size_t seen = 0;
	size_t i;

	if (o != EVAL_VALUE)
		return o;
	if (p.has_ties)
		return node_differs(r, ties);
	for (i = 0; i < p.last - p.first && p.last > p.first; i++) {
		size_t at = n->index == 0 ? p.last - 1 - i : p.first + i;

		o = window_argument(r, n->arg[0], p.row[at], ret);
		if (o != EVAL_VALUE)
			return o;
		if (w->ignore_nulls && ret->is_null)
			continue;
		if (++seen == (n->index == 0 ? 1 : n->index))
			return EVAL_VALUE;
	}
	return node_null(n, ret);
}

static struct node *
bind_ranking(struct bind *b, const struct expr *e, const struct window *w,
    enum ranking which)
{
	bool real = which == PERCENT_RANK || which == CUME_DIST;
	size_t n_args = which == NTILE ? 1 : 0;
	const struct node **arg;
	struct node *n;

	if (e->n_args != n_args || w->n_order == 0 || e->nulls ||
	    w->frame != FRAME_DEFAULT)
		return bind_fail(b, EVAL_UNKNOWN,
		    "%s() in this form is not known.", e->op);
	arg = bind_args(b, e->arg, n_args);
	if (!arg)
		return NULL;
	n = bind_node(b, value_type_of(real ? VALUE_DOUBLE : VALUE_INT),
	    run_ranking, NODE_EAGER, n_args);
	if (n_args == 1) {
		if (!node_is_constant(arg[0]) || arg[0]->type.kind != VALUE_INT)
			return bind_fail(b, EVAL_UNKNOWN,
			    "%s() of other than a literal.", e->op);
		n->arg[0] = arg[0];
	}
	n->index = which;
	n->data = w;
	return n;
}

static struct node *
bind_offset(struct bind *b, const struct expr *e, const struct window *w)
{
	const struct node **arg = bind_args(b, e->arg, e->n_args);
	struct node *n;
	size_t i;

	if (!arg)
		return NULL;
	if (e->n_args < 1 || e->n_args > 3 || w->n_order == 0 || e->nulls ||
	    w->frame != FRAME_DEFAULT ||
	    (e->n_args > 1 &&
	        (!node_is_constant(arg[1]) || arg[1]->value.is_null ||
	            arg[1]->type.kind != VALUE_INT)))
		return bind_fail(b, EVAL_UNKNOWN,
		    "%s() in this form is not known.", e->op);
	if (e->n_args == 3 && arg[2]->type.kind != VALUE_VOID &&
	    !value_type_eq(arg[2]->type, arg[0]->type) &&
	    !(value_is_integral(arg[2]->type.kind) &&
	        value_is_integral(arg[0]->type.kind)))
		return bind_fail(b, EVAL_UNKNOWN,
		    "%s() with a default of another type is not known.", e->op);
	n = bind_node(b, arg[0]->type, run_offset, NODE_LAZY,
	    e->n_args == 3 && arg[2]->type.kind != VALUE_VOID ? 2 : 1);
	for (i = 0; i < n->n_args; i++) {
		n->arg[i] = coerce_cast(b, arg[2 * i], arg[0]->type);
		if (!n->arg[i])
			return NULL;
	}
	n->value.integer = e->n_args > 1 ? arg[1]->value.integer : 1;
	n->index = str_eq(e->op, "lead") ? 1 : 0;
	n->data = w;
	return n;
}

static struct node *
bind_nth(struct bind *b, const struct expr *e, const struct window *w)
{
	bool nth = str_eq(e->op, "nth_value");
	const struct node **arg = bind_args(b, e->arg, e->n_args);
	struct node *n;

	if (!arg)
		return NULL;
	if (e->n_args != (nth ? 2u : 1u) ||
	    (nth &&
	        (!node_is_constant(arg[1]) || arg[1]->value.is_null ||
	            arg[1]->type.kind != VALUE_INT ||
	            arg[1]->value.integer < 1)))
		return bind_fail(b, EVAL_UNKNOWN,
		    "%s() in this form is not known.", e->op);
	n = bind_node(b, arg[0]->type, run_nth, NODE_LAZY, 1);
	n->arg[0] = arg[0];
	n->index = nth                   ? (size_t)arg[1]->value.integer
	    : str_starts(e->op, "first") ? 1
	                                 : 0;
	n->data = w;
	return n;
}

/* The number of rows of ROWS 2 PRECEDING; false after bind_fail(). */
static bool
bind_bound(struct bind *b, const struct window *w,
    const struct expr_bound *bound, int64_t *ret)
{
	const struct node *n;

	if (!bound->offset)
		return true;
	n = bind_expr(b, bound->offset);
	if (!n)
		return false;
	if (w->frame != FRAME_ROWS || !node_is_constant(n) ||
	    n->type.kind != VALUE_INT || n->value.integer < 0) {
		bind_fail(b, EVAL_UNKNOWN,
		    "This bound of a window is not known.");
		return false;
	}
	*ret = n->value.integer;
	return true;
}

static const struct window *
read_window(struct bind *b, const struct expr *e)
{
	const struct expr_window *over = e->over;
	struct window *w = arena_new(b->arena, struct window);

	w->partition = bind_args(b, over->partition, over->n_partition);
	w->n_partition = over->n_partition;
	w->order = w->partition ? bind_args(b, over->order, over->n_order)
	                        : NULL;
	w->n_order = over->n_order;
	w->sort = over->sort;
	w->frame = over->frame;
	w->from = over->from;
	w->to = over->to;
	w->ignore_nulls = str_eq(e->nulls, "ignore");
	if (w->frame == FRAME_DEFAULT) {
		w->from.kind = BOUND_FIRST;
		w->to.kind = w->n_order > 0 ? BOUND_CURRENT : BOUND_LAST;
	}
	if (!w->order || !bind_bound(b, w, &w->from, &w->from_offset) ||
	    !bind_bound(b, w, &w->to, &w->to_offset))
		return NULL;
	return w;
}

struct node *
bind_window(struct bind *b, const struct expr *e)
{
	static const struct {
		const char *name;
		enum ranking which;
	} rankings[] = {{"row_number", ROW_NUMBER}, {"rank", RANK},
	    {"dense_rank", DENSE_RANK}, {"percent_rank", PERCENT_RANK},
	    {"cume_dist", CUME_DIST}, {"ntile", NTILE}};
	static const char *const nth[] = {
	    "first_value", "last_value", "first", "last", "nth_value"};
	const struct window *w;
	size_t i;

	if (e->over->name || e->distinct || e->filter || e->n_within > 0)
		return bind_fail(b, EVAL_UNKNOWN,
		    "%s() in this form is not known.", e->op);
	w = read_window(b, e);
	if (!w)
		return NULL;
	for (i = 0; i < COUNT_OF(rankings); i++) {
		if (str_eq(e->op, rankings[i].name))
			return bind_ranking(b, e, w, rankings[i].which);
	}
	for (i = 0; i < COUNT_OF(nth); i++) {
		if (str_eq(e->op, nth[i]))
			return bind_nth(b, e, w);
	}
	if (str_eq(e->op, "lag") || str_eq(e->op, "lead"))
		return bind_offset(b, e, w);
	return window_aggregate(b, e, w);
}

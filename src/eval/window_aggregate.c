#include "base/base.h"

#include "eval/window.h"

#include "eval/coerce.h"
#include "eval/decimal.h"

#include <math.h>

enum aggregate {
	AGGREGATE_COUNT,
	AGGREGATE_COUNT_IF,
	AGGREGATE_MIN,
	AGGREGATE_MAX,
	AGGREGATE_SUM,
	AGGREGATE_AVG
};

static const char overflow[] = "A number overflows.";

/* What is known after some rows. */
struct total {
	int64_t count;
	struct value extreme;
	int128 whole; /* of integers and decimals */
	double real;
	bool exact; /* of doubles: in any order of addition */
	double magnitude;
};

/* Multiples of 2^-20 below 2^53 of them add up without rounding. */
static void
add_real(struct total *t, double d)
{
	double scaled = ldexp(d, 20);

	t->real += d;
	t->magnitude += fabs(scaled);
	if (scaled != floor(scaled) || !(t->magnitude < 9007199254740992.0))
		t->exact = false;
}

static bool
add(struct total *t, enum aggregate which, const struct value *v)
{
	int order;

	if (which == AGGREGATE_COUNT_IF && !v->boolean)
		return true;
	t->count++;
	if (which == AGGREGATE_COUNT || which == AGGREGATE_COUNT_IF)
		return true;
	if (which == AGGREGATE_MIN || which == AGGREGATE_MAX) {
		order = t->count > 1 ? value_compare(v, &t->extreme) : 0;
		if (t->count == 1 ||
		    (which == AGGREGATE_MIN ? order < 0 : order > 0))
			t->extreme = *v;
		return true;
	}
	if (v->type.kind == VALUE_DOUBLE || v->type.kind == VALUE_FLOAT) {
		add_real(t, v->real);
		return true;
	}
	if (v->type.kind == VALUE_DECIMAL)
		return !__builtin_add_overflow(t->whole, v->decimal, &t->whole);
	return !__builtin_add_overflow(t->whole, (int128)v->integer, &t->whole);
}

static enum eval_outcome
give_decimal(struct run *r, const struct node *n, const struct long_decimal *d,
    struct value *ret)
{
	int128 unscaled;

	if (!decimal_fit(d, n->type, &unscaled))
		return node_differs(r, overflow);
	*ret = value_decimal(n->type, unscaled);
	return EVAL_VALUE;
}

static enum eval_outcome
give_sum(struct run *r, const struct node *n, const struct total *t,
    struct value_type from, struct value *ret)
{
	struct long_decimal d;

	if (n->type.kind == VALUE_DECIMAL) {
		d = decimal_of(t->whole, from.scale);
		return give_decimal(r, n, &d, ret);
	}
	if (n->type.kind == VALUE_DOUBLE) {
		if (!t->exact && t->count > 2)
			return node_differs(r,
			    "The last digit depends on the "
			    "order of addition.");
		*ret = value_real(VALUE_DOUBLE, t->real);
		return EVAL_VALUE;
	}
	if (t->whole < INT64_MIN || t->whole > INT64_MAX)
		return node_differs(r, overflow);
	*ret = value_integer(VALUE_BIGINT, (int64_t)t->whole);
	return EVAL_VALUE;
}

static enum eval_outcome
give_average(struct run *r, const struct node *n, const struct total *t,
    struct value_type from, struct value *ret)
{
	struct value count = value_decimal(value_type_decimal(20, 0), t->count);
	struct long_decimal d;
	double sum = t->real;

	if (n->type.kind == VALUE_DECIMAL) {
		d = decimal_of(t->whole, from.scale);
		d = decimal_divide(&d, &count);
		return give_decimal(r, n, &d, ret);
	}
	if (value_is_integral(from.kind)) {
		sum = (double)t->whole;
		if (t->whole > INT64_C(9007199254740992) ||
		    t->whole < -INT64_C(9007199254740992))
			return node_differs(r, overflow);
	} else if (!t->exact && t->count > 2) {
		return node_differs(r,
		    "The last digit depends on the order of addition.");
	}
	*ret = value_real(VALUE_DOUBLE, sum / (double)t->count);
	return EVAL_VALUE;
}

static enum eval_outcome
give(struct run *r, const struct node *n, const struct total *t,
    struct value *ret)
{
	enum aggregate which = (enum aggregate)n->index;
	struct value_type from = n->n_args > 0 ? n->arg[0]->type : n->type;

	if (which == AGGREGATE_COUNT || which == AGGREGATE_COUNT_IF) {
		*ret = value_integer(VALUE_BIGINT, t->count);
		return EVAL_VALUE;
	}
	if (t->count == 0)
		return node_null(n, ret);
	if (which == AGGREGATE_MIN || which == AGGREGATE_MAX) {
		*ret = t->extreme;
		return EVAL_VALUE;
	}
	return which == AGGREGATE_SUM ? give_sum(r, n, t, from, ret)
	                              : give_average(r, n, t, from, ret);
}

static enum eval_outcome
run_aggregate(struct run *r, const struct node *n,
    const struct value *arg UNUSED, struct value *ret)
{
	const struct window *w = n->data;
	struct total t = {.exact = true};
	struct partition p;
	enum eval_outcome o = window_partition(r, w, &p);
	size_t i;
	size_t j;

	if (o != EVAL_VALUE)
		return o;
	if (w->frame == FRAME_ROWS && p.has_ties &&
	    !(p.first == 0 && p.last == p.n))
		return node_differs(r,
		    "Rows are equal in the order of the window, so that it is "
		    "open which belong to the frame.");
	for (i = p.first; i < p.last; i++) {
		bool has_null = false;
		struct value v = {0};

		for (j = 0; j < n->n_args; j++) {
			o = window_argument(r, n->arg[j], p.row[i], &v);
			if (o != EVAL_VALUE)
				return o;
			has_null = has_null || v.is_null;
		}
		if (!has_null && !add(&t, (enum aggregate)n->index, &v))
			return node_differs(r, overflow);
	}
	return give(r, n, &t, ret);
}

static bool
result_type(enum aggregate which, struct value_type from,
    struct value_type *ret)
{
	unsigned more = which == AGGREGATE_SUM ? 10 : 4;
	unsigned precision = from.precision + more;
	unsigned scale = from.scale + (which == AGGREGATE_SUM ? 0u : 4u);

	*ret = from;
	if (which == AGGREGATE_COUNT || which == AGGREGATE_COUNT_IF) {
		*ret = value_type_of(VALUE_BIGINT);
		return which == AGGREGATE_COUNT || from.kind == VALUE_BOOLEAN;
	}
	if (which == AGGREGATE_MIN || which == AGGREGATE_MAX)
		return from.kind < VALUE_ARRAY;
	if (!value_is_numeric(from.kind))
		return false;
	if (from.kind == VALUE_DECIMAL)
		*ret = value_type_decimal(precision < 38 ? precision : 38,
		    scale < 38 ? scale : 38);
	else
		*ret = value_type_of(value_is_integral(from.kind) &&
		            which == AGGREGATE_SUM
		        ? VALUE_BIGINT
		        : VALUE_DOUBLE);
	return true;
}

static enum eval_outcome
run_opaque(struct run *r, const struct node *n UNUSED,
    const struct value *arg UNUSED, struct value *ret UNUSED)
{
	return node_unknown(r,
	    "The values of this function over a window are not known here.");
}

/* Aggregates of which only the type is known. */
static struct node *
bind_opaque(struct bind *b, const struct expr *e)
{
	static const char *const reals[] = {"stddev", "std", "stddev_samp",
	    "stddev_pop", "variance", "var_samp", "var_pop", "skewness",
	    "kurtosis", "median", "corr", "covar_pop", "covar_samp"};
	size_t i;

	for (i = 0; i < COUNT_OF(reals); i++) {
		if (str_eq(e->op, reals[i]))
			return bind_node(b, value_type_of(VALUE_DOUBLE),
			    run_opaque, NODE_EAGER, 0);
	}
	return bind_fail(b, EVAL_UNKNOWN, "%s() over a window is not known.",
	    e->op);
}

struct node *
window_aggregate(struct bind *b, const struct expr *e, const struct window *w)
{
	static const struct {
		const char *name;
		enum aggregate which;
	} names[] = {{"count", AGGREGATE_COUNT},
	    {"count_if", AGGREGATE_COUNT_IF}, {"min", AGGREGATE_MIN},
	    {"max", AGGREGATE_MAX}, {"sum", AGGREGATE_SUM},
	    {"avg", AGGREGATE_AVG}, {"mean", AGGREGATE_AVG}};
	const struct node **arg;
	struct value_type type;
	struct node *n;
	size_t which;
	size_t i;

	for (which = 0; which < COUNT_OF(names); which++) {
		if (str_eq(names[which].name, e->op))
			break;
	}
	if (which == COUNT_OF(names) || e->nulls)
		return bind_opaque(b, e);
	arg = bind_args(b, e->arg, e->n_args);
	if (!arg)
		return NULL;
	if (!e->star &&
	    (e->n_args == 0 ||
	        (e->n_args > 1 && names[which].which != AGGREGATE_COUNT) ||
	        !result_type(names[which].which, arg[0]->type, &type)))
		return bind_fail(b, EVAL_UNKNOWN,
		    "%s() of this type is not known.", e->op);
	n = bind_node(b, e->star ? value_type_of(VALUE_BIGINT) : type,
	    run_aggregate, NODE_LAZY, e->n_args);
	for (i = 0; i < e->n_args; i++)
		n->arg[i] = arg[i];
	n->index = names[which].which;
	n->data = w;
	return n;
}

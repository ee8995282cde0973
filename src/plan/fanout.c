#include "base/base.h"

#include "plan/fanout.h"

#include "plan/place.h"

/* A source of a target, whose join is looked at. */
struct join {
	struct arena *arena;
	const struct mapping_target *target;
	size_t own;
	struct plan_source *source;
};

/* The name of the source's own column that the expression is; NULL if it is
 * something else. */
static const char *
own_column(const struct join *j, const struct expr *e)
{
	const struct expr_column column = {
	    .part = e->part, .n_parts = e->n_parts};
	struct column_ref ref;

	if (e->kind != EXPR_COLUMN)
		return NULL;
	ref = mapping_resolve(j->target, j->own, &column);
	return ref.source == j->own && ref.n_parts == 1 ? ref.part[0] : NULL;
}

static bool
reads_own(const struct join *j, const struct expr *e)
{
	size_t i;

	if (e->kind == EXPR_COLUMN) {
		const struct expr_column column = {
		    .part = e->part, .n_parts = e->n_parts};

		return mapping_resolve(j->target, j->own, &column).source ==
		    j->own;
	}
	for (i = 0; i < e->n_args; i++) {
		if (reads_own(j, e->arg[i]))
			return true;
	}
	return false;
}

static void
collect(const struct join *j, const struct expr *e)
{
	size_t i;

	if (e->kind != EXPR_BINARY)
		return;
	if (str_eq(e->op, "and")) {
		collect(j, e->arg[0]);
		collect(j, e->arg[1]);
		return;
	}
	if (!str_eq(e->op, "=") && !str_eq(e->op, "==") &&
	    !str_eq(e->op, "<=>"))
		return;
	for (i = 0; i < 2; i++) {
		const char *name = own_column(j, e->arg[i]);

		if (name && !reads_own(j, e->arg[1 - i]))
			*LIST_ADD(j->arena, &j->source->match) = name;
	}
}

void
fanout_match(struct arena *a, const struct mapping_target *target,
    size_t source, struct plan_source *s)
{
	const struct join j = {a, target, source, s};

	collect(&j, target->sources.v[source].on->root);
}

/* The function of the row that counts a row as often as it is there. */
static const char *
counting_function(const struct expr_parsed *parsed)
{
	static const char *const names[] = {
	    "sum", "count", "avg", "mean", "try_sum", "try_avg"};
	size_t i;
	size_t k;

	for (i = 0; parsed->is_window && i < parsed->functions.n; i++) {
		for (k = 0; k < COUNT_OF(names); k++) {
			if (str_eq(parsed->functions.v[i].name, names[k]))
				return names[k];
		}
	}
	return NULL;
}

static void
check_sums(struct arena *a, const struct plan *plan,
    const struct mapping_target *target, struct problems *problems)
{
	size_t i;

	for (i = 0; i < target->rows.n; i++) {
		const struct mapping_row *row = &target->rows.v[i];
		const char *name = row->transformation
		    ? counting_function(row->transformation)
		    : NULL;

		if (name)
			place_problem(a, plan, problems, P_FAN_OUT, row->row,
			    FIELD_TRANSFORMATION,
			    "%s of %s counts a row again for each row that a "
			    "join finds for it.",
			    name, row->target_column);
	}
}

void
fanout_check(struct arena *a, const struct plan *plan,
    const struct mapping_target *target, const struct plan_pipeline *p,
    struct problems *problems)
{
	size_t i;

	if (p->single_matches || p->sources.n < 2)
		return;
	for (i = 1; i < p->sources.n; i++) {
		const struct plan_source *s = &p->sources.v[i];

		if (s->match.n == 0)
			place_problem(a, plan, problems, P_FAN_OUT, s->row,
			    FIELD_JOIN,
			    "%s is joined by no equality: a row may find many "
			    "of its rows.",
			    s->alias);
	}
	check_sums(a, plan, target, problems);
}

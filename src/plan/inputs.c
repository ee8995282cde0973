#include "base/base.h"

#include "plan/plan.h"

#include "base/map.h"
#include "expr/functions.h"

/* The columns of an expression, and how each of them enters it. */
struct walk {
	const struct expr_parsed *parsed;
	enum input_kind *kind; /* one for each of parsed->columns */
};

static const char *const kind_names[INPUT__COUNT] = {
    [INPUT_IDENTITY] = "identity",
    [INPUT_TRANSFORMATION] = "transformation",
    [INPUT_AGGREGATION] = "aggregation",
    [INPUT_CONDITIONAL] = "conditional",
    [INPUT_WINDOW] = "window",
    [INPUT_JOIN] = "join",
    [INPUT_FILTER] = "filter",
};

const char *
input_kind_name(enum input_kind kind)
{
	return kind_names[kind];
}

static void walk(const struct walk *w, const struct expr *e,
    enum input_kind kind);

/* Not found is a parameter of a lambda, which is no column. */
static void
mark_column(const struct walk *w, size_t start, enum input_kind kind)
{
	size_t low = 0;
	size_t high = w->parsed->columns.n;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (w->parsed->columns.v[mid].start < start)
			low = mid + 1;
		else
			high = mid;
	}
	if (low < w->parsed->columns.n &&
	    w->parsed->columns.v[low].start == start)
		w->kind[low] = kind;
}

static void
walk_list(const struct walk *w, const struct expr *const *list, size_t n,
    enum input_kind kind)
{
	size_t i;

	for (i = 0; i < n; i++)
		walk(w, list[i], kind);
}

/* What only decides stays so, however deep it computes. */
static enum input_kind
within(enum input_kind outer, enum input_kind inner)
{
	return outer > inner ? outer : inner;
}

static void
walk_case(const struct walk *w, const struct expr *e, enum input_kind kind)
{
	size_t first = e->has_operand ? 1 : 0;
	size_t i;

	for (i = 0; i < e->n_args; i++) {
		bool is_else = e->has_else && i + 1 == e->n_args;
		bool is_when = i < first || (!is_else && (i - first) % 2 == 0);

		walk(w, e->arg[i],
		    is_when ? within(kind, INPUT_CONDITIONAL) : kind);
	}
}

static void
walk_call(const struct walk *w, const struct expr *e, enum input_kind kind)
{
	const struct function *f = function_find(e->op);
	enum input_kind inner = f && f->flags & FUNCTION_AGGREGATE
	    ? within(kind, INPUT_AGGREGATION)
	    : kind;
	bool chooses = e->n_args > 0 &&
	    (str_eq(e->op, "if") || str_eq(e->op, "iff"));
	size_t first = chooses ? 1 : 0;

	if (chooses)
		walk(w, e->arg[0], within(kind, INPUT_CONDITIONAL));
	walk_list(w, chooses ? e->arg + 1 : e->arg, e->n_args - first, inner);
	walk_list(w, e->within, e->n_within, inner);
	if (e->filter)
		walk(w, e->filter, within(kind, INPUT_CONDITIONAL));
	if (e->over) {
		walk_list(w, e->over->partition, e->over->n_partition,
		    within(kind, INPUT_WINDOW));
		walk_list(w, e->over->order, e->over->n_order,
		    within(kind, INPUT_WINDOW));
	}
}

static void
walk(const struct walk *w, const struct expr *e, enum input_kind kind)
{
	if (e->kind == EXPR_COLUMN)
		mark_column(w, e->start, kind);
	else if (e->kind == EXPR_CASE)
		walk_case(w, e, kind);
	else if (e->kind == EXPR_CALL)
		walk_call(w, e, kind);
	else
		walk_list(w, e->arg, e->n_args, kind);
}

/* A column that is there as it is: not a field of it. */
static bool
is_bare(const struct expr_parsed *parsed, const struct column_ref *ref)
{
	return parsed->root->kind == EXPR_COLUMN && ref->n_parts == 1;
}

void
plan_inputs(struct arena *a, const struct mapping_target *target, size_t own,
    const struct expr_parsed *parsed, enum input_kind kind,
    struct plan_inputs *ret)
{
	struct walk w = {
	    parsed, arena_array(a, enum input_kind, parsed->columns.n + 1)};
	struct map seen = {.fold = true};
	size_t i;

	walk(&w, parsed->root, kind);
	for (i = 0; i < parsed->columns.n; i++) {
		struct column_ref ref = mapping_resolve(target, own,
		    &parsed->columns.v[i]);
		enum input_kind how = w.kind[i];

		if (how == INPUT_IDENTITY && !is_bare(parsed, &ref))
			how = INPUT_TRANSFORMATION;
		if (!map_add(a, &seen,
		        slice_of(arena_printf(a, "%zu %d %s", ref.source,
		            (int)how, ref.part[0])),
		        0))
			continue;
		*LIST_ADD(a, ret) = (struct plan_input){
		    ref.source, ref.part[0], how};
	}
}

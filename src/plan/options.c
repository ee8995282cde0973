#include "base/base.h"

#include "plan/options.h"

#include "plan/options_read.h"

#include "base/buf.h"
#include "mapping/name.h"

static const struct plan_pipeline *
find_pipeline(const struct plan *plan, struct slice id)
{
	size_t i;

	for (i = 0; i < plan->pipelines.n; i++) {
		if (slice_is(id, plan->pipelines.v[i].id))
			return &plan->pipelines.v[i];
	}
	return NULL;
}

void
options_check(struct arena *a, const struct plan *plan,
    const struct plan_options *options, struct problems *problems)
{
	size_t i;

	for (i = 0; i < options->n; i++) {
		const char *name = options->v[i].name;
		const char *plain = option_plain_name(name);
		const struct option *known = pattern_option(plan->pattern,
		    plain);
		struct problem *p;

		if (plain != name && known && known->is_of_plan) {
			problem_add(problems, a, P_OPTION_UNKNOWN, 0, -1,
			    "The option %s is for all targets.", plain)
			    ->fix = arena_printf(a, "Write %s=….", plain);
		} else if (plain != name &&
		    !find_pipeline(plan,
		        (struct slice){name, (size_t)(plain - name) - 1})) {
			problem_add(problems, a, P_OPTION_UNKNOWN, 0, -1,
			    "The option %s names no target of this sheet.",
			    name);
		} else if (!known) {
			p = problem_add(problems, a, P_OPTION_UNKNOWN, 0, -1,
			    "The pattern %s has no option %s.",
			    plan->pattern->name, plain);
			p->fix = arena_printf(a, "Its options are: %s.",
			    pattern_option_names(a, plan->pattern));
		}
	}
}

static const struct option *
option_of(const struct option_context *c, const char *name)
{
	const struct option *o = pattern_option(c->plan->pattern, name);

	assert(o); /* core checks at start that a strategy has its options */
	return o;
}

const char *
option_value(const struct option_context *c, const char *name)
{
	const struct option *option = option_of(c, name);
	const char *given = option_given(c->options,
	    c->pipeline ? c->pipeline->id : NULL, name);

	if (given && option->access == OPTION_OPEN)
		return given;
	return plan_option_initial(c->arena, option, c->target);
}

int
option_find_column(const struct plan_pipeline *p, struct slice name)
{
	size_t i;

	for (i = 0; i < p->columns.n; i++) {
		if (slice_ieq(name, p->columns.v[i].name))
			return (int)i;
	}
	return -1;
}

/* One more column named by an option; -1 and a problem if there is none. */
static int
take_column(const struct option_context *c, const struct option *option,
    struct slice name)
{
	int index = option_find_column(c->pipeline, name);
	const struct plan_column *column;
	struct problem *p;

	if (index < 0) {
		p = problem_add(c->problems, c->arena, P_COLUMN_UNKNOWN, 0, -1,
		    "The option %s names %.*s, which is no column of %s.",
		    option->name, (int)name.n, name.p,
		    c->pipeline->target->name);
		if (c->plan->pipelines.n > 1)
			p->fix = arena_printf(c->arena,
			    "For one target alone "
			    "write %s.%s=….",
			    c->pipeline->id, option->name);
		return -1;
	}
	column = &c->pipeline->columns.v[index];
	if (column->is_volatile) {
		place_problem(c->arena, c->plan, c->problems, P_VOLATILE_KEY,
		    column->row, FIELD_TRANSFORMATION,
		    "%s is used as %s, but its value differs from run to "
		    "run.",
		    column->name, option->title);
		return -1;
	}
	return index;
}

static void
add_index(struct arena *a, struct plan_indices *list, size_t index)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (list->v[i] == index)
			return;
	}
	*LIST_ADD(a, list) = index;
}

struct plan_indices
option_take_columns(const struct option_context *c, const char *option)
{
	const char *rest = option_value(c, option);
	struct plan_indices list = {0};
	struct slice name;

	while (option_next_column(&rest, &name)) {
		int index = take_column(c, option_of(c, option), name);

		if (index >= 0)
			add_index(c->arena, &list, (size_t)index);
	}
	return list;
}

int
option_take_column(const struct option_context *c, const char *option)
{
	struct slice name = slice_trim(slice_of(option_value(c, option)));

	return name.n == 0 ? -1 : take_column(c, option_of(c, option), name);
}

size_t
option_take_choice(const struct option_context *c, const char *name)
{
	const struct option *option = option_of(c, name);
	const char *value = option_value(c, name);
	size_t i;

	for (i = 0; i < option->choices.n; i++) {
		if (str_eq(option->choices.v[i].value, value))
			return i;
	}
	problem_add(c->problems, c->arena, P_OPTION_VALUE, 0, -1,
	    "%s cannot be %s.", name, value[0] ? value : "empty")
	    ->fix = arena_printf(c->arena, "Choose one of: %s.",
	    option_choice_names(c->arena, option));
	return 0;
}

bool
option_take_boolean(const struct option_context *c, const char *name)
{
	const char *value = option_value(c, name);

	if (!str_eq(value, "true") && !str_eq(value, "false"))
		problem_add(c->problems, c->arena, P_OPTION_VALUE, 0, -1,
		    "%s is true or false, not %s.", name,
		    value[0] ? value : "empty")
		    ->fix = "Write true or false.";
	return str_eq(value, "true");
}

const char *
option_take_name(const struct option_context *c, const char *option)
{
	const char *value = option_value(c, option);
	const char *name = slice_dup(c->arena, slice_trim(slice_of(value)));
	int taken = option_find_column(c->pipeline, slice_of(name));

	if (name[0] != '\0' && !name_is_identifier(slice_of(name)))
		problem_add(c->problems, c->arena, P_OPTION_VALUE, 0, -1,
		    "The option %s cannot name a column %s.", option, name)
		    ->fix = "Use letters, digits and underscores.";
	if (taken >= 0)
		place_problem(c->arena, c->plan, c->problems, P_NAME_TAKEN,
		    c->pipeline->columns.v[taken].row, FIELD_TARGET_COLUMN,
		    "%s has a column %s already, which the option %s adds.",
		    c->pipeline->target->name, name, option);
	return name;
}

void
options_apply_plan(struct arena *a, struct plan *plan,
    const struct plan_options *options, struct problems *problems)
{
	const struct option_context c = {
	    a, plan, NULL, options, NULL, problems};

	options_check_closed(a, plan, NULL, options, NULL, problems);
	plan->output = (enum plan_output)option_take_choice(&c, "output");
}

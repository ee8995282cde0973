#include "base/base.h"

#include "plan/options.h"

#include "base/buf.h"

#include <string.h>

const char *
option_plain_name(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot ? dot + 1 : name;
}

static bool
has_column(const struct mapping_target *target, struct slice name)
{
	size_t i;

	for (i = 0; i < target->rows.n; i++) {
		if (slice_ieq(name, target->rows.v[i].target_column))
			return true;
	}
	return false;
}

/* The columns with a role, for a single column the first one; "" if none. */
static const char *
role_columns(struct arena *a, const struct option *option,
    const struct mapping_target *target)
{
	struct buf b;
	size_t i;

	buf_init(&b, a, SHEET_MAX_BYTES);
	for (i = 0; option->role != ROLE_NONE && i < target->rows.n; i++) {
		const struct mapping_row *row = &target->rows.v[i];

		if (row->role != option->role)
			continue;
		if (b.n > 0 && option->kind == OPTION_COLUMN)
			break;
		if (b.n > 0)
			buf_add_chr(&b, ',');
		buf_add_str(&b, row->target_column);
	}
	return buf_str(&b);
}

/* Those of a list that the target has. */
static const char *
known_columns(struct arena *a, const char *list,
    const struct mapping_target *target)
{
	struct slice name;
	struct buf b;

	buf_init(&b, a, SHEET_MAX_BYTES);
	while (option_next_column(&list, &name)) {
		if (!has_column(target, name))
			continue;
		if (b.n > 0)
			buf_add_chr(&b, ',');
		buf_add_slice(&b, name);
	}
	return buf_str(&b);
}

const char *
plan_option_initial(struct arena *a, const struct option *option,
    const struct mapping_target *target)
{
	const char *value;

	if (!target)
		return option->initial;
	if (option->is_preset && option->access != OPTION_OPEN)
		return option->initial;
	value = role_columns(a, option, target);
	if (value[0] != '\0')
		return value;
	if (option->kind == OPTION_COLUMN || option->kind == OPTION_COLUMNS)
		return known_columns(a, option->initial, target);
	return option->initial;
}

const char *
option_given(const struct plan_options *options, const char *pipeline,
    const char *name)
{
	const char *plain = NULL;
	const char *own = NULL;
	size_t i;

	for (i = 0; i < options->n; i++) {
		const struct plan_option *o = &options->v[i];
		const char *shown = option_plain_name(o->name);

		if (!str_eq(shown, name))
			continue;
		if (shown == o->name)
			plain = o->value;
		else if (pipeline &&
		    slice_is((struct slice){o->name,
		                 (size_t)(shown - o->name) - 1},
		        pipeline))
			own = o->value;
	}
	return own ? own : plain;
}

static const char *
shown_value(const char *value)
{
	return value[0] == '\0' ? "nothing" : value;
}

/* The sheet must not say otherwise either. */
static void
check_roles(struct arena *a, const struct pattern *pattern,
    const struct option *option, const struct mapping_target *t,
    struct problems *problems)
{
	size_t i;

	for (i = 0; option->role != ROLE_NONE && i < t->rows.n; i++) {
		const struct mapping_row *row = &t->rows.v[i];

		if (row->role != option->role ||
		    option_lists(option->initial, row->target_column))
			continue;
		problem_add(problems, a, P_OPTION_FIXED, row->row, -1,
		    "The pattern %s has fixed %s to %s, but the sheet gives "
		    "%s this role.",
		    pattern->name, option->name, shown_value(option->initial),
		    row->target_column)
		    ->fix = "Take the role out of the sheet, or choose another "
		            "pattern.";
	}
}

void
options_check_closed(struct arena *a, const struct plan *plan,
    const struct mapping_target *target, const struct plan_options *options,
    const char *pipeline, struct problems *problems)
{
	const struct pattern *pattern = plan->pattern;
	size_t i;

	for (i = 0; i < pattern->options.n; i++) {
		const struct option *o = &pattern->options.v[i];
		const char *given = option_given(options, pipeline, o->name);
		const char *want;

		if (o->access == OPTION_OPEN || o->is_of_plan != !target)
			continue;
		want = plan_option_initial(a, o, target);
		if (given && !option_same_value(o, given, want))
			problem_add(problems, a, P_OPTION_FIXED, 0, -1,
			    "The pattern %s has fixed %s to %s; it cannot be "
			    "%s.",
			    pattern->name, o->name, shown_value(want),
			    shown_value(given));
		if (o->is_preset && target)
			check_roles(a, pattern, o, target, problems);
	}
}

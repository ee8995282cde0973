/*
 * What an option says for one pipeline: its value among those given, checked
 * and turned into columns, choices and names. For the files options_*.c alone.
 *
 * Options are named as pattern.yaml names them; a pattern has all that its
 * strategy asks for (core checks that when it starts). What is wrong becomes a
 * problem, and the result is then as if nothing had been given.
 */
#ifndef T2C_OPTIONS_READ_H
#define T2C_OPTIONS_READ_H

#include "plan/place.h"

struct option_context {
	struct arena *arena;
	const struct plan *plan;
	const struct mapping_target *target;
	const struct plan_options *options;
	struct plan_pipeline *pipeline;
	struct problems *problems;
};

/* As given for the pipeline, or for all, or as it is before anybody chose. */
const char *option_value(const struct option_context *c, const char *name);
/* The pipeline's column of that name; -1 if there is none. */
int option_find_column(const struct plan_pipeline *p, struct slice name);
/* The column that it names, and not one that differs from run to run; -1 for
 * none. */
int option_take_column(const struct option_context *c, const char *option);
/* The columns that it names with commas between, each once. */
struct plan_indices option_take_columns(const struct option_context *c,
    const char *option);
/* The position of the value among the choices. */
size_t option_take_choice(const struct option_context *c, const char *name);
bool option_take_boolean(const struct option_context *c, const char *name);
/* The name of a column that is added to the sheet's; "" for none. */
const char *option_take_name(const struct option_context *c,
    const char *option);

/* options_common.c: the options that every pattern has. Columns are added
 * before the strategy looks at them, all else is settled after. */
void options_add_columns(const struct option_context *c);
void options_apply_common(const struct option_context *c);

#endif

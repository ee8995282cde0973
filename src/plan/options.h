/*
 * The options of a plan: which value holds for which pipeline, and what it
 * means. For plan.c alone.
 */
#ifndef T2C_OPTIONS_H
#define T2C_OPTIONS_H

#include "plan/plan.h"

/* Refuses options that the pattern does not have or that name no pipeline. */
void options_check(struct arena *a, const struct plan *plan,
    const struct plan_options *options, struct problems *problems);

/* Settles the options that hold for all pipelines. */
void options_apply_plan(struct arena *a, struct plan *plan,
    const struct plan_options *options, struct problems *problems);

/* Settles every option of the pattern for one pipeline whose columns are
 * there. */
void options_apply(struct arena *a, const struct plan *plan,
    const struct mapping_target *target, const struct plan_options *options,
    struct plan_pipeline *pipeline, struct problems *problems);

#endif

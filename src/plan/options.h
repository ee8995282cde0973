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

/* The part of "pipeline.name" behind the last dot. */
const char *option_plain_name(const char *name);
/* What was asked for, for this pipeline (NULL: none) or for all; NULL where
 * nothing was. */
const char *option_given(const struct plan_options *options,
    const char *pipeline, const char *name);
/* What the pattern has closed must not be given otherwise, by an option or by
 * a role of the sheet: P_OPTION_FIXED. Without target and pipeline it is about
 * the options of the whole plan. */
void options_check_closed(struct arena *a, const struct plan *plan,
    const struct mapping_target *target, const struct plan_options *options,
    const char *pipeline, struct problems *problems);

#endif

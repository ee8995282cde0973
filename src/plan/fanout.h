/*
 * Whether a join can multiply rows. A sheet does not say which columns of a
 * source are unique, so that is known only when the code runs; what can be said
 * before is where it would do harm. For plan.c alone.
 */
#ifndef T2C_FANOUT_H
#define T2C_FANOUT_H

#include "plan/plan.h"

/* Fills match of a joined source: its columns that the condition, or a part of
 * it that must hold, sets equal to something that is not of that source. */
void fanout_match(struct arena *a, const struct mapping_target *target,
    size_t source, struct plan_source *s);

/* P_FAN_OUT for a join that is not by equality, and for sums and counts over
 * joined rows. Not where the pipeline refuses several matches. */
void fanout_check(struct arena *a, const struct plan *plan,
    const struct mapping_target *target, const struct plan_pipeline *p,
    struct problems *problems);

#endif

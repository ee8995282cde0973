/*
 * What a plan becomes, and what each of these cannot express: that is refused
 * rather than left out in silence. For plan.c alone.
 */
#ifndef T2C_OUTPUT_H
#define T2C_OUTPUT_H

#include "plan/plan.h"

/* P_OUTPUT for what the plan's output has no words for. */
void output_check(struct arena *a, const struct plan *plan,
    struct problems *problems);

#endif

/*
 * All that a generation was made of, read again: the revision of its sheet, the
 * version of its pattern, its options. With the same release they give the same
 * again.
 */
#ifndef T2C_RECIPE_H
#define T2C_RECIPE_H

#include "core/generations.h"
#include "plan/plan.h"

struct recipe {
	struct stored_mapping sheet;
	const struct pattern *pattern;
	struct plan_options options;
};

/* W_NOT_FOUND where the user may not see the sheet. */
const struct err *recipe_of(const struct app *app, struct arena *a,
    const struct user *user, const struct generation *g, struct recipe *ret)
    MUST_USE;

#endif

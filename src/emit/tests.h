/*
 * The tests of a plan's code: a file for pytest and chispa, beside the
 * notebook. Its data is small and readable; what is expected comes from
 * trial/trial.h, never from the code under test.
 */
#ifndef T2C_TESTS_H
#define T2C_TESTS_H

#include "base/err.h"
#include "plan/plan.h"

#define TESTS_MAX_BYTES ((size_t)32 * 1024 * 1024)

/* A column whose values the tests do not state, and why. */
struct untested {
	const char *pipeline;
	const char *column; /* NULL: all of them */
	const char *why;
};
struct untested_list {
	struct untested *v;
	size_t n;
	size_t cap;
};

/* [{"pipeline": "orders", "column": "loaded_at", "why": "…"}, …]; column is
 * null for all of them. */
const char *untested_json(struct arena *a, const struct untested_list *list);

/* name is the base name of the notebook's file: "orders". Of a pattern that is
 * a prompt alone, the transforms are tested. P_TOO_LARGE is the only failure.
 * The same plan gives the same bytes. Empty for a declarative pipeline, which
 * Lakeflow alone can run. */
const struct err *emit_tests(struct arena *a, const struct plan *plan,
    const char *name, struct slice *ret, struct untested_list *ret_untested)
    MUST_USE;

#endif

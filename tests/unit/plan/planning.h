/*
 * A sheet on its way to a plan, with the patterns of the program.
 */
#ifndef T2C_PLANNING_H
#define T2C_PLANNING_H

#include "core/patterns.h"
#include "plan/lineage.h"
#include "plan/plan.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct fixture {
	struct arena arena;
	struct patterns patterns;
	struct mapping mapping;
	struct plan plan;
	struct problems problems;
	struct lineage lineage; /* for those who read it */
};

static int
setup(void **state)
{
	struct fixture *f = test_calloc(1, sizeof(*f));
	const char *top = getenv("srcdir");

	assert_null(patterns_load(&f->arena,
	    arena_printf(&f->arena, "%s/patterns", top ? top : "."),
	    &f->patterns));
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	arena_done(&f->arena);
	err_clear();
	test_free(f);
	return 0;
}

/* Plans a sheet. Options are "name=value" texts, ended by NULL. */
static UNUSED void
plan(struct fixture *f, const char *sheet, const char *pattern, ...)
{
	struct plan_options options = {0};
	const char *text;
	va_list ap;

	f->problems = (struct problems){0};
	assert_true(mapping_load(&f->arena, slice_of(sheet), &f->mapping,
	    &f->problems));
	assert_int_equal(f->problems.errors, 0);
	va_start(ap, pattern);
	while ((text = va_arg(ap, const char *)) != NULL) {
		struct plan_option *o = LIST_ADD(&f->arena, &options);
		size_t n = strcspn(text, "=");

		o->name = arena_strndup(&f->arena, text, n);
		o->value = text + n + 1;
	}
	va_end(ap);
	plan_make(&f->arena, &f->mapping, "orders.csv",
	    pattern_find(&f->patterns, pattern), &options, "0", &f->plan,
	    &f->problems);
}

#endif

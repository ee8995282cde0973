/*
 * What the tests of src/mapping share: a sheet from a text, and its problems.
 */
#ifndef T2C_TEST_LOAD_H
#define T2C_TEST_LOAD_H

#include "mapping/mapping.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define HEAD                                                                   \
	"source_table,source_column,target_table,target_column,"               \
	"transformation"

struct loaded {
	struct arena a;
	struct mapping m;
	struct problems problems;
	bool ok;
};

static inline void
load_bytes(struct loaded *l, struct slice bytes)
{
	*l = (struct loaded){.a = ARENA_INIT};
	l->ok = mapping_load(&l->a, bytes, &l->m, &l->problems);
}

static inline void
load(struct loaded *l, const char *text)
{
	load_bytes(l, slice_of(text));
}

static inline void
unload(struct loaded *l)
{
	arena_done(&l->a);
}

/* The problems, one a line: row, column, code. */
static inline const char *
list_problems(struct arena *a, const struct problems *problems)
{
	const char *s = "";
	size_t i;

	for (i = 0; i < problems->n; i++) {
		const struct problem *p = &problems->v[i];

		s = arena_printf(a, "%s%" PRId64 "\t%d\t%s\n", s, p->row,
		    p->column, code_info(p->code)->id);
	}
	return s;
}

/* Fails the test, naming them, if there are problems. */
static inline void
assert_no_problems(struct loaded *l)
{
	if (l->problems.n > 0)
		fail_msg("unexpected problems:\n%s(%s)",
		    list_problems(&l->a, &l->problems),
		    l->problems.v[0].message);
}

#endif

/*
 * A pattern of an organisation: any bytes as its document. What is free of
 * problems must compile its own example into well-formed Python, say the same
 * of itself the second time, and differ in nothing from itself.
 */
#include "base/base.h"

#include "core/compile.h"
#include "core/patterns.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
compile(struct arena *a, const struct derived *derived)
{
	const struct plan_options none = {0};
	struct compiled compiled;
	const struct err *e;

	e = compile_run(a, derived->pattern.example, "example.csv",
	    &derived->pattern, &none, "0", &compiled);
	assert(!e || e->code == P_TOO_LARGE);
	assert(e || compiled.problems.errors == 0);
}

static void
try_document(struct arena *a, const struct patterns *bases,
    struct slice document)
{
	struct problems problems = {0};
	struct problems again = {0};
	struct derived_changes changes;
	struct derived derived;
	size_t i;

	document = pattern_document_clean(a, document);
	pattern_document_check(a, bases, document, &derived, &problems);
	for (i = 0; i < problems.n; i++)
		assert(problems.v[i].place && problems.v[i].fix[0]);
	if (problems.errors == 0 && pattern_compiles(&derived.pattern))
		compile(a, &derived);
	pattern_document_check(a, bases, document, &derived, &again);
	assert(problems.n == again.n);
	derived_compare(a, document, document, &changes);
	assert(problems.errors > 0 || changes.n == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct arena kept = ARENA_INIT;
	static struct patterns patterns;
	struct arena arena = ARENA_INIT;

	if (patterns.n == 0) {
		const char *top = getenv("srcdir");

		if (patterns_load(&kept,
		        arena_printf(&kept, "%s/patterns", top ? top : "."),
		        &patterns))
			abort();
	}
	try_document(&arena, &patterns, (struct slice){(const char *)data, n});
	arena_done(&arena);
	err_clear();
	return 0;
}

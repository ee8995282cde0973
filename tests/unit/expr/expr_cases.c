#include "base/base.h"

#include "expr_cases.h"

#include "expr/expr.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char *
outcome(struct arena *a, const char *text)
{
	struct expr_parsed p;

	expr_parse(a, text, &p);
	if (p.root)
		return expr_dump(a, p.root);
	assert_int_equal(p.findings.n, 1);
	assert_int_equal(p.errors, 1);
	assert_true(str_ends(p.findings.v[0].message, ".") ||
	    str_ends(p.findings.v[0].message, "?"));
	return arena_printf(a, "%s %zu-%zu",
	    code_info(p.findings.v[0].code)->id, p.findings.v[0].start,
	    p.findings.v[0].end);
}

void
expr_cases_check(const struct expr_case *cases, size_t n)
{
	struct arena a = ARENA_INIT;
	size_t failed = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		const char *got = outcome(&a, cases[i].text);

		if (str_eq(got, cases[i].want))
			continue;
		print_error("%s\n  is   %s\n  want %s\n", cases[i].text, got,
		    cases[i].want);
		failed++;
	}
	arena_done(&a);
	assert_int_equal(failed, 0);
}

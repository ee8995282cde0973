#include "base/base.h"

#include "plan/plan.h"

#include "base/buf.h"

#include <string.h>

/* Words that must not be a variable of generated code: Python's keywords, the
 * builtins that a reader expects to be themselves, and the names that a
 * notebook has or that the generated code gives itself, as its functions of
 * src/emit/helpers.py. Sorted. */
static const char *const taken[] = {
    "all",
    "and",
    "any",
    "as",
    "as_quarantined",
    "as_versions",
    "assert",
    "async",
    "await",
    "batch",
    "bool",
    "break",
    "case",
    "class",
    "continue",
    "count",
    "count_broken_rules",
    "dbutils",
    "def",
    "del",
    "dict",
    "display",
    "elif",
    "else",
    "error",
    "except",
    "f",
    "false",
    "filter",
    "finally",
    "float",
    "for",
    "from",
    "functions",
    "getparameter",
    "global",
    "hash",
    "id",
    "if",
    "import",
    "in",
    "input",
    "int",
    "is",
    "lacking_columns",
    "lambda",
    "len",
    "list",
    "log_broken_rules",
    "log_changes",
    "log_failing_column",
    "logger",
    "logging",
    "main",
    "map",
    "match",
    "max",
    "merge",
    "merge_versions",
    "min",
    "none",
    "nonlocal",
    "not",
    "object",
    "open",
    "or",
    "pass",
    "print",
    "raise",
    "range",
    "reading_error",
    "refuse_broken_rules",
    "release_mended",
    "require_columns",
    "require_unique",
    "return",
    "rows",
    "run",
    "same",
    "sc",
    "set",
    "sighting",
    "sightings_behind",
    "sightings_of",
    "sources",
    "spark",
    "sql",
    "sqlcontext",
    "str",
    "sum",
    "surrogate_of",
    "table",
    "target",
    "transform",
    "true",
    "try",
    "tuple",
    "type",
    "udf",
    "values_of",
    "versions_of",
    "while",
    "window",
    "with",
    "with_broken_rules",
    "with_columns_of",
    "with_vanished",
    "without_late",
    "write",
    "yield",
    "zip",
};

static bool
is_taken(const char *name)
{
	size_t low = 0;
	size_t high = COUNT_OF(taken);

	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = strcmp(name, taken[mid]);

		if (order == 0)
			return true;
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return false;
}

const char *
plan_identifier(struct arena *a, const char *text)
{
	struct buf b;
	const char *p;

	buf_init(&b, a, 200);
	for (p = text; *p && b.n < 60; p++) {
		if (chr_is_alnum(*p))
			buf_add_chr(&b, chr_lower(*p));
		else if (b.n > 0 && b.p[b.n - 1] != '_')
			buf_add_chr(&b, '_');
	}
	while (b.n > 0 && b.p[b.n - 1] == '_')
		b.p[--b.n] = '\0';
	if (b.n == 0)
		return "data";
	if (chr_is_digit(b.p[0]))
		return arena_printf(a, "t%s", buf_str(&b));
	if (is_taken(buf_str(&b)))
		return arena_printf(a, "%s_data", buf_str(&b));
	return buf_str(&b);
}

#include "base/base.h"

#include "core/patterns.h"

#include "base/buf.h"
#include "plan/plan.h"

/* Problems of an example that are told; the rest follows from them mostly. */
#define EXAMPLE_PROBLEMS 5

/* An address below /patterns, and the file of what all patterns have. */
static const char *const reserved[] = {"new", "common"};

struct slice
pattern_document_clean(struct arena *a, struct slice document)
{
	struct buf b;
	size_t i = 0;

	buf_init(&b, a, document.n + 1);
	if (document.n >= 3 &&
	    slice_eq((struct slice){document.p, 3}, SLICE("\xef\xbb\xbf")))
		i = 3;
	for (; i < document.n; i++) {
		bool paired = document.p[i] == '\r' && i + 1 < document.n &&
		    document.p[i + 1] == '\n';

		if (!paired)
			buf_add_chr(&b,
			    document.p[i] == '\r' ? '\n' : document.p[i]);
	}
	while (b.n > 0 && b.p[b.n - 1] == '\n')
		b.n--;
	buf_add_chr(&b, '\n');
	return buf_slice(&b);
}

/* The n-th line of a text, from 1; empty where there is none. */
static struct slice
line_at(struct slice text, int64_t n)
{
	struct slice line = {text.p, 0};
	size_t start = 0;
	size_t i;

	for (i = 0; i <= text.n; i++) {
		if (i < text.n && text.p[i] != '\n')
			continue;
		if (--n == 0) {
			line.p = text.p + start;
			line.n = i - start;
			break;
		}
		start = i + 1;
	}
	return line;
}

/* The line of the document that has a row of the example: the same text, so
 * many lines below the key as a block has it; else the key's own. */
static int64_t
example_line(const struct derived *d, struct slice document, int64_t row)
{
	int64_t line = d->example_line + row;
	struct slice want = slice_trim(line_at(d->pattern.example, row));

	if (row > 0 && want.n > 0 &&
	    slice_eq(slice_trim(line_at(document, line)), want))
		return line;
	return d->example_line;
}

static void
check_example(struct arena *a, struct slice document, const struct derived *d,
    struct problems *problems)
{
	const struct pattern *p = &d->pattern;
	struct problems found = {0};
	struct plan_options none = {0};
	struct mapping mapping;
	struct plan plan;
	size_t told = 0;
	size_t i;

	if (slice_trim(p->example).n == 0) {
		if (pattern_compiles(p))
			problem_add(problems, a, P_EXAMPLE, d->example_line, -1,
			    "The pattern has no example sheet.")
			    ->fix = "Write example: | and below it, indented, "
			            "a mapping sheet that fits.";
		return;
	}
	if (mapping_load(a, p->example, &mapping, &found) && found.errors == 0)
		plan_make(a, &mapping, "example.csv", p, &none, "", &plan,
		    &found);
	for (i = 0; i < found.n && told < EXAMPLE_PROBLEMS; i++) {
		const struct problem *f = &found.v[i];

		if (code_info(f->code)->severity != SEVERITY_ERROR)
			continue;
		told++;
		problem_add(problems, a, P_EXAMPLE,
		    example_line(d, document, f->row), -1,
		    f->row > 0 ? "Row %" PRId64 " of the example: %s (%s)"
		               : "The example%.0" PRId64 ": %s (%s)",
		    f->row, f->message, code_info(f->code)->id)
		    ->fix = f->fix;
	}
}

static void
check_name(struct arena *a, const struct patterns *bases,
    const struct derived *d, struct problems *problems)
{
	const char *name = d->pattern.name;
	const struct pattern *base = pattern_find(bases, name);
	bool taken = base && !base->extends;
	size_t i;

	for (i = 0; i < COUNT_OF(reserved); i++)
		taken = taken || str_eq(reserved[i], name);
	if (taken)
		problem_add(problems, a, P_NAME_BUILT_IN, d->name_line, -1,
		    "The name %s belongs to the program.", name);
}

void
pattern_document_check(struct arena *a, const struct patterns *bases,
    struct slice document, struct derived *ret, struct problems *problems)
{
	derived_read(a, bases, document, ret, problems);
	check_name(a, bases, ret, problems);
	if (problems->errors == 0)
		check_example(a, document, ret, problems);
	problems_sort(problems);
	problems_are_lines(problems, a);
}

const char *
pattern_problem_text(struct arena *a, const struct problem *p)
{
	return arena_printf(a, "%s: %s (%s) %s", problem_place(a, p),
	    p->message, code_info(p->code)->id, p->fix);
}

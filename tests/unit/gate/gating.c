#include "base/base.h"

#include "gating.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

const char *
gating_top(void)
{
	const char *top = getenv("srcdir");

	return top ? top : ".";
}

void
gating_patterns(struct arena *a, struct patterns *ret)
{
	const struct err *e;

	*ret = (struct patterns){0};
	e = patterns_load(a, arena_printf(a, "%s/patterns", gating_top()), ret);

	if (e)
		fail_msg("%s %s", e->message, e->detail);
}

void
gating_compile(struct arena *a, const struct patterns *patterns,
    const char *pattern, const char *sheet, const char *options,
    struct compiled *ret)
{
	static const struct pattern prompt = {.name = "prompt",
	    .title = "A prompt",
	    .prompt = "Do it.",
	    .strategy = STRATEGY_PROMPT,
	    .extends = ""};
	const struct pattern *p = str_eq(pattern, "prompt")
	    ? &prompt
	    : pattern_find(patterns, pattern);
	struct plan_options list = {0};
	const struct err *e;

	while (*options) {
		size_t name = strcspn(options, "=");
		size_t end = strcspn(options, " ");
		struct plan_option *o = LIST_ADD(a, &list);

		o->name = arena_strndup(a, options, name);
		o->value = arena_strndup(a, options + name + 1, end - name - 1);
		options += end;
		options += *options == ' ';
	}
	assert_non_null(p);
	e = compile_for_model(a, slice_of(sheet), "sheet.csv", p, &list, "0",
	    ret);
	if (e)
		fail_msg("%s %s", e->message, e->detail);
	if (ret->problems.errors > 0)
		fail_msg("%s: %s", pattern, ret->problems.v[0].message);
}

const char *
gating_words(struct arena *a, const struct gate_report *report)
{
	struct buf b;
	size_t i;

	buf_init(&b, a, (size_t)1024 * 1024);
	buf_printf(&b, "%s\n", gate_verdict_name(report->verdict));
	for (i = 0; i < report->n; i++)
		buf_printf(&b, "%zu: %s %s\n", report->v[i].line,
		    code_info(report->v[i].code)->id, report->v[i].message);
	return buf_str(&b);
}

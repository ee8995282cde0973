#include "base/base.h"

#include "emit/cells.h"

/* Backticks would end a code span of Markdown. */
static const char *
markdown_code(struct arena *a, const char *text)
{
	char *s = arena_strdup(a, python_comment(a, text));
	size_t i;

	for (i = 0; s[i]; i++) {
		if (s[i] == '`')
			s[i] = '\'';
	}
	return s;
}

/* Titles of the program's own patterns are plain text; others may be any. */
static void
put_pattern(struct python *out, const struct plan *plan, const char *sign)
{
	const struct pattern *p = plan->pattern;
	struct arena *a = out->arena;

	if (!p->extends) {
		python_line(out, 0,
		    "%s MAGIC Pattern: %s. Compiled by text2code %s.", sign,
		    p->title, plan->release);
		return;
	}
	python_line(out, 0, "%s MAGIC Pattern: `%s`%s,", sign,
	    markdown_code(a, p->title),
	    p->version > 0 ? arena_printf(a, ", version %" PRId64, p->version)
	                   : "");
	python_line(out, 0,
	    "%s MAGIC derived from %s. Compiled by text2code %s.", sign,
	    p->extends, plan->release);
}

void
cells_put_title(struct python *out, const struct plan *plan, const char *sign)
{
	struct arena *a = out->arena;
	const char *first = arena_printf(a, "%s MAGIC - ", sign);
	const char *rest = arena_printf(a, "%s MAGIC   ", sign);
	size_t i;
	size_t j;

	python_line(out, 0, "%s Databricks notebook source", sign);
	python_line(out, 0, "%s MAGIC %%md", sign);
	python_line(out, 0, "%s MAGIC # %s", sign,
	    markdown_code(a, plan->mapping_name));
	for (i = 0; i < plan->pipelines.n; i++) {
		const struct plan_pipeline *p = &plan->pipelines.v[i];
		struct plan_words words = {0};

		python_line(out, 0, "%s MAGIC", sign);
		python_line(out, 0, "%s MAGIC `%s`:", sign,
		    markdown_code(a, p->target->name));
		plan_describe(a, p, plan->pattern, &words);
		for (j = 0; j < words.n; j++)
			python_put_words(out, first, rest,
			    python_comment(a, words.v[j]));
	}
	python_line(out, 0, "%s MAGIC", sign);
	put_pattern(out, plan, sign);
}

void
cells_put(struct python *out, const char *sign, const char *title)
{
	python_line(out, 0, "%s", "");
	python_line(out, 0, "%s COMMAND ----------", sign);
	python_line(out, 0, "%s", "");
	python_line(out, 0, "%s DBTITLE 1,%s", sign, title);
}

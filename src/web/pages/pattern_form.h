/*
 * The pattern cards with their options as form fields, and the way back from
 * the fields to options. A field's name is option.PATTERN.PIPELINE.OPTION.
 */
#ifndef T2C_PATTERN_FORM_H
#define T2C_PATTERN_FORM_H

#include "base/json.h"
#include "plan/plan.h"
#include "web/page.h"

/* What an earlier generation was made with; {0} for none. */
struct pattern_given {
	const char *pattern;
	int64_t version; /* of a stored pattern; 0 */
	const struct json *options;
	int64_t generation;
	bool models; /* there is one to be asked */
};

/* Sets {choices_html}, the cards: the program's patterns, those of the
 * organisation, and where the given generation was made with another version,
 * or with one that is disabled now, that one. What was sent is shown as sent,
 * then what is given; else the options are filled in from the sheet, and the
 * first pattern that it fits is chosen. {others_html} are links to patterns
 * that are too many for cards, {prompts_html} to those that only a model could
 * follow, where there is none. */
const struct err *pattern_form_choices(struct req *req, const struct mapping *m,
    const struct pattern_given *given, struct view *v) MUST_USE;

/* The options that were sent for the pattern, in the order of the pipelines
 * and the pattern's options. */
void pattern_form_options(struct req *req, const struct pattern *pattern,
    const struct mapping *m, struct plan_options *ret);

#endif

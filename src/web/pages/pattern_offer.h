/*
 * Which patterns the page offers for a mapping, and which of them it proposes.
 */
#ifndef T2C_PATTERN_OFFER_H
#define T2C_PATTERN_OFFER_H

#include "web/pages/pattern_form.h"

struct pattern_offer {
	struct patterns patterns;  /* those to choose from */
	struct patterns others;    /* those that could be, and are only named:
	                              a page has room for so many */
	struct patterns prompts;   /* those that no model is there for */
	const char *chosen;        /* pattern_reference() of one */
	const struct pattern *old; /* one of them that is only offered because
	                              the given generation was made with it:
	                              an older version, or a disabled one */
	bool is_disabled;          /* that one */
};

const struct err *pattern_offer_make(struct req *req, const struct mapping *m,
    const struct pattern_given *given, struct pattern_offer *ret) MUST_USE;
/* Whether the sheet says what the pattern needs. */
bool pattern_fits(struct arena *a, const struct pattern *pattern,
    const struct mapping *m);

#endif

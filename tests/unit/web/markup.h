/*
 * A strict reader of the HTML that our pages may be. Browsers repair almost
 * anything; this refuses it: unbalanced or wrongly nested tags, unquoted or
 * repeated attributes, stray < and &, elements and attributes that are not
 * ours, ids that come twice or are pointed at and absent, inputs without
 * label, images without alt.
 */
#ifndef T2C_TEST_MARKUP_H
#define T2C_TEST_MARKUP_H

#include "base/buf.h"

struct markup_link {
	const char *element; /* "a", "link", "img", "form", "button" */
	const char *method;  /* of a form or submit button: "get", "post" */
	const char *url;     /* unescaped */
	const char *fields;  /* of a GET form: names, blank between */
};

struct markup {
	LIST_OF(struct markup_link) links;
	LIST_OF(const char *) ids;
	const char *title; /* of the document */
	int headings;      /* h1 elements */
};

/* NULL if the document is as it should be, else what is wrong and where. */
const char *markup_read(struct arena *a, struct slice html, struct markup *ret);

#endif

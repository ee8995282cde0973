/*
 * What struct html is, for view.c and html.c alone. Whoever else included
 * this could make markup out of text, which is what the type forbids.
 */
#ifndef T2C_HTML_PRIVATE_H
#define T2C_HTML_PRIVATE_H

#include "web/view.h"

struct html {
	const char *p;
	size_t n;
};

/* The text with & < > " ' as entities. Bytes that are no UTF-8 and control
 * characters but tab, LF and CR become U+FFFD. Text that needs none of it is
 * returned as it came, not copied. */
struct slice html_escape(struct arena *a, struct slice text);
const struct html *html_make(struct arena *a, struct slice markup)
    RETURNS_NONNULL;

#endif

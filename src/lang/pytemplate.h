/*
 * Templates of Python that a literal holds: "…{}".format(x) and "…%s" % x.
 * Internal to src/lang.
 */
#ifndef T2C_LANG_PYTEMPLATE_H
#define T2C_LANG_PYTEMPLATE_H

#include "lang/tree.h"

struct pytemplate_part {
	const char *text; /* NULL: what value gives */
	TSNode value;
};

struct pytemplate {
	struct pytemplate_part *v;
	size_t n;
	size_t cap;
};

/* The parts of a template that is filled: false where the node is something
 * else, or has other fields than {}, {0}, {name} and %s, which change what they
 * show or look into it. Each argument is in a part; those in several are
 * short. */
bool pytemplate_read(struct arena *a, struct slice text, TSNode node,
    struct pytemplate *ret) MUST_USE;

#endif

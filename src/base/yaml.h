/*
 * YAML 1.1 as libyaml reads it, into the tree of json.h: mappings, sequences
 * and scalars of one document, each with its line. Plain true, false, null and
 * decimal integers get their types; every other scalar is a string.
 *
 * Refused, since nothing here needs them and others have been hurt by them:
 * anchors and aliases (by which few bytes become many), tags, keys that are no
 * text or stand twice, a second document, nesting deeper than 32 levels, and
 * what is not UTF-8 or holds control characters.
 */
#ifndef T2C_YAML_H
#define T2C_YAML_H

#include "base/json.h"

struct yaml_fault {
	size_t line; /* from 1 */
	size_t column;
	const char *what; /* a sentence without its full stop */
};

/* False, and *ret_fault, where the text is not such a document. */
bool yaml_read(struct arena *a, struct slice text, const struct json **ret,
    struct yaml_fault *ret_fault) MUST_USE;
/* The same for files of the program: P_DEFINITION with line and column. */
const struct err *yaml_parse(struct arena *a, struct slice text,
    const struct json **ret) MUST_USE;

#endif

/*
 * YAML 1.1 as libyaml reads it, into the tree of json.h: mappings, sequences
 * and scalars of one document. Plain true, false, null and decimal integers
 * get their types; every other scalar is a string. Anchors and tags are
 * refused, since nothing here needs them.
 */
#ifndef T2C_YAML_H
#define T2C_YAML_H

#include "base/json.h"

/* P_DEFINITION with line and column where the text is not such a document. */
const struct err *yaml_parse(struct arena *a, struct slice text,
    const struct json **ret) MUST_USE;

#endif

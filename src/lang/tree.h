/*
 * The parser: one a process, made at its first use and never freed, with the
 * limits that keep foreign text from harming it. Internal to src/lang.
 */
#ifndef T2C_LANG_TREE_H
#define T2C_LANG_TREE_H

#include "lang/pyscan.h"

#include <tree_sitter/api.h>

/* A time by which all the parsing of a text must be done. */
struct deadline {
	int64_t at_us; /* of clock_monotonic_us() */
};

/* The time that the smallest text gets; tests, which run beside each other and
 * with sanitizers, give more. */
extern int64_t tree_least_us;

struct deadline tree_deadline(size_t text_bytes);

/* The grammar of Python. */
const TSLanguage *tree_language(void);

/* The tree of the text; NULL where the deadline has passed. words: as for
 * struct part; at most LANG_MAX_WORDS. */
TSTree *tree_parse(struct slice text, size_t words, struct deadline d) MUST_USE;

/* The number of parts, starting with the given one, that are best parsed
 * together, and the range of them all. */
size_t tree_group(const struct parts *parts, size_t first, size_t end,
    struct part *ret);

/* For SCOPED. */
void tree_done(TSTree **tree);
void tree_cursor_done(TSTreeCursor *cursor);

bool tree_is(TSNode node, const char *type);
/* A null node where it has no such field. */
TSNode tree_field(TSNode node, const char *name);
/* Of the source; "" for a null node. */
const char *tree_text(struct arena *a, struct slice text, TSNode node);

#endif

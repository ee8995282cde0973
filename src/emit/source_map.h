/*
 * Which lines of generated code come from which row of the sheet.
 */
#ifndef T2C_SOURCE_MAP_H
#define T2C_SOURCE_MAP_H

#include "base/err.h"
#include "base/str.h"

struct source_span {
	int64_t first; /* lines, from 1; both belong to it */
	int64_t last;
	int64_t row; /* of the sheet */
};

struct source_map { /* by first line, none overlapping another */
	struct source_span *v;
	size_t n;
	size_t cap;
};

/* [{"first": 31, "last": 33, "row": 4}, …], and back; S_INTERNAL where the
 * text is not that. */
const char *source_map_json(struct arena *a, const struct source_map *map);
const struct err *source_map_read(struct arena *a, struct slice json,
    struct source_map *ret) MUST_USE;

#endif

/*
 * Code as markup: highlighted, numbered, one fold a section.
 */
#ifndef T2C_CODE_H
#define T2C_CODE_H

#include "base/json.h"
#include "core/ids.h"
#include "emit/source_map.h"
#include "lang/lang.h"
#include "web/page.h"

/* Lines that one page shows at most. */
#define CODE_LINES_SHOWN 2000

struct code_markup {
	const struct html *code;  /* the folds */
	const struct html *jumps; /* links to them */
	int64_t lines;            /* of the whole text */
};

/* Lines of the map link to their row in the sheet; the map may be empty. */
const struct err *code_markup(struct arena *a, enum lang lang,
    struct slice text, struct mapping_id mapping, const struct source_map *map,
    struct code_markup *ret) MUST_USE;

/* What the code of a plan is, in a sentence. */
const char *code_kind(const struct json *plan) RETURNS_NONNULL;

#endif

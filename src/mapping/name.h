/*
 * Names and small texts as they stand in sheets: white space that Excel and
 * word processors leave, characters nobody can see, names that are the same to
 * Spark although spelled differently.
 */
#ifndef T2C_NAME_H
#define T2C_NAME_H

#include "base/str.h"

/* Longest name of a column that Unity Catalog accepts, in characters. */
#define NAME_MAX_LENGTH 255

/* Without white space at both ends: ASCII, no-break space, byte order mark and
 * zero-width space. */
struct slice cell_trim(struct slice s);
/* Nothing but such white space. */
bool cell_is_blank(struct slice s);

/* Lower case as Spark compares names: ASCII, Latin, Greek and Cyrillic. */
const char *name_fold(struct arena *a, struct slice s);
/* The same name without regard to case; needs no memory. */
bool name_equal(const char *a, const char *b);
/* Letters, digits and underscores, not starting with a digit. */
bool name_is_identifier(struct slice s);
/* Every run of other characters becomes one underscore; never empty. */
const char *name_make_identifier(struct arena *a, struct slice s);

/* What may stand in a cell. Line ends and tabs always may. */
enum visible {
	VISIBLE_TEXT, /* no control characters, nothing that reorders */
	VISIBLE_NAME, /* and no space that only looks like one, nothing
			 without width */
};
/* Finds the first character that may not; false if there is none. Linear. */
bool text_find_invisible(struct slice s, enum visible kind, size_t *ret_at,
    size_t *ret_n, uint32_t *ret_cp);

/* A cell's text for a message: one line, at most 40 characters. */
const char *text_shown(struct arena *a, struct slice s);

#endif

/*
 * The columns a mapping sheet may have, and how people call them.
 */
#ifndef T2C_FIELD_H
#define T2C_FIELD_H

#include "mapping/mapping.h"

/* As mapping_field_find(). Quotes around the header do not count either. */
enum mapping_field field_find(struct slice header);

/* "source" or "target" alone: the table, unless another header says so. */
bool field_is_vague(struct slice header);

/* The field whose name or alias is closest to a header that is none: at most
 * two letters wrong, missing, too many or swapped. FIELD__COUNT if none is. */
enum mapping_field field_guess(struct slice header);

/* Both texts are the same header, known or not. */
bool field_same_text(struct slice a, struct slice b);

/* Whether the text, without what does not count in headers, is one of the
 * words: lower case, one blank between them. */
bool field_is_word(struct slice s, const char *words);

/* "source_table, source_column, …": the required ones. */
#define FIELD_REQUIRED                                                         \
	"source_table, source_column, target_table, target_column and "        \
	"transformation"

#endif

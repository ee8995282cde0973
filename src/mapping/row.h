/*
 * One row of the sheet while it is being read: row.c knows how rows become
 * targets, sources and columns, value.c what the single cells mean. Only these
 * two include this header.
 */
#ifndef T2C_ROW_H
#define T2C_ROW_H

#include "mapping/reader.h"

struct row {
	struct reader *r;
	const struct sheet_row *sheet_row;
	struct cell cell[FIELD__COUNT];
	struct row_state *state;
	const struct table_cell *table; /* the source's; NULL if unknown */
	struct mapping_row out;
};

/* Each reads its cells of the row and reports what is wrong with them; NULL
 * where there is nothing or nothing that can be used. */

/* A plain name, one in backticks, or either after an alias and a dot. */
const char *row_source_column(struct row *w);
/* A name that Delta takes. */
const char *row_target_column(struct row *w);
const struct expr_parsed *row_transformation(struct row *w);
/* Role, data type, default and comment, into w->out. */
void row_details(struct row *w);

#endif

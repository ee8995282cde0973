/*
 * The sheet of the check page as a table: cells with their problems, a row
 * editor, pages of rows. For mapping.c alone.
 */
#ifndef T2C_MAPPING_SHEET_H
#define T2C_MAPPING_SHEET_H

#include "core/compile.h"
#include "core/mappings.h"
#include "web/page.h"

#define SHEET_PER_PAGE 100

struct sheet_page {
	const struct stored_mapping *stored;
	const struct compiled *compiled;
	bool only_bad;              /* show only rows with problems */
	int64_t page;
	int64_t edit;               /* the row being edited, 0: none */
	size_t bad_rows;
	const bool *is_bad;         /* by index of the sheet's rows */
};

/* Settles what the query asks for. */
void sheet_page_init(struct req *req, const struct stored_mapping *stored,
    const struct compiled *compiled, struct sheet_page *ret);

/* Sets {head_html}, {rows_html}, {pager_html} and the links of the view. */
const struct err *sheet_page_fill(struct req *req, const struct sheet_page *s,
    struct view *v) MUST_USE;

/* Where the page shows a problem: the right page of rows, and the row. */
const struct url *sheet_page_place(struct req *req, const struct problem *p,
    const void *sheet_page);

#endif

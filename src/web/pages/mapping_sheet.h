/*
 * The sheet of the check page as a table: cells with their problems, pages of
 * rows. For mapping.c and mapping_editor.c.
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
	bool only_bad; /* show only rows with problems */
	int64_t page;
	int64_t edit; /* the row being edited, 0: none */
	size_t bad_rows;
	const bool *is_bad; /* by index of the sheet's rows; so is a
	                               row that was sent, rejected, and is
	                               shown again */
};

/* Settles what the query asks for. */
void sheet_page_init(struct req *req, const struct stored_mapping *stored,
    const struct compiled *compiled, struct sheet_page *ret);

/* Sets {head_html}, {rows_html}, {pager_html} and the links of the view. */
const struct err *sheet_page_fill(struct req *req, const struct sheet_page *s,
    struct view *v) MUST_USE;

/* Sets all of that for a file that is no sheet. */
void sheet_page_none(struct view *v);

/* Where a problem is corrected: the right page of rows with the row's editor,
 * at the cell. NULL for a problem of the sheet as a whole. */
const struct url *sheet_page_place(struct req *req, const struct problem *p,
    const void *sheet_page);
/* Where a row is shown. */
const struct url *sheet_page_row(struct req *req, const struct sheet_page *s,
    int64_t row);
/* The first error at that row or below it, else the first of all; NULL if
 * there is none. */
const struct problem *sheet_page_next_error(const struct sheet_page *s,
    int64_t row);

/* The problems of one row: a slice of the sorted list. */
struct row_problems {
	const struct problem *v;
	size_t n;
};
struct row_problems page_row_problems(const struct problems *list, int64_t row);
/* Those of one cell (column -1: of the row as a whole) as markup, and the
 * class of the cell; NULL and "" where there are none. */
const struct err *page_cell_problems(struct arena *a,
    struct row_problems problems, int column, const struct html **ret_html,
    const char **ret_class) MUST_USE;
/* What a column is read as, in a word; "" where its header says just that. */
const char *sheet_page_meaning(const struct mapping *m, size_t column);

#endif

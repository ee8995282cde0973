/*
 * A row of the check page's sheet as a form. For mapping_sheet.c alone.
 */
#ifndef T2C_MAPPING_EDITOR_H
#define T2C_MAPPING_EDITOR_H

#include "web/pages/mapping_sheet.h"

/* Adds the row of the sheet's table that holds the form; cells[i] is what
 * stands in the sheet, or in its header row. A form that was rejected shows
 * what was typed. */
const struct err *mapping_editor(struct req *req, const struct sheet_page *s,
    int64_t row, const char *const *cells, struct html_list *rows) MUST_USE;

/* The same for a row that was sent and is not in the sheet any more: what was
 * typed is not thrown away. */
const struct err *mapping_editor_lost(struct req *req,
    const struct sheet_page *s, struct html_list *rows) MUST_USE;

#endif

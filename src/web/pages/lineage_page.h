/*
 * What the page of a generation's lineage shows of it: one target, and of that
 * the columns that a filter leaves. For lineage.c and lineage_graph.c.
 */
#ifndef T2C_LINEAGE_PAGE_H
#define T2C_LINEAGE_PAGE_H

#include "core/generations.h"
#include "plan/lineage.h"
#include "web/page.h"

struct lineage_page {
	const struct generation *generation;
	const struct lineage *lineage;
	const struct lineage_pipeline *pipeline;
	size_t target;      /* which pipeline, from 0 */
	const char *column; /* "" for any */
	size_t source;      /* from 1: only what reads this source, and of it
	                       that column if there is one; 0: the column is a
	                       part of any name */
	bool is_filtered;
	/* Which columns and conditions of the pipeline are left. */
	bool *shows_column;
	bool *shows_condition;
};

/* The page with only what reads a source, or one column of it if that is not
 * NULL. The source is an index. */
const struct url *lineage_source_url(struct arena *a,
    const struct lineage_page *p, size_t source, const char *column);
/* Where a row of the sheet is shown; NULL if the row is not known. */
const struct url *lineage_row_url(struct arena *a, const struct lineage_page *p,
    int64_t row);
/* "copied", "computed", "join": how it enters; column is NULL for joins and
 * filters. */
const char *lineage_word(enum input_kind kind,
    const struct lineage_column *column) RETURNS_NONNULL;

/* The picture. Where it would have too many columns it has tables alone, and
 * *ret_by_column is false. */
const struct err *lineage_graph(struct req *req, const struct lineage_page *p,
    const struct html **ret, bool *ret_by_column) MUST_USE;

#endif

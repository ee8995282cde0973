/*
 * Where in the sheet the problems of a plan are. For src/plan alone.
 */
#ifndef T2C_PLACE_H
#define T2C_PLACE_H

#include "plan/plan.h"

/* Adds a problem at the cell of a row that the field names; at the row where
 * the sheet has no such column, and at no cell for row 0. */
struct problem *place_problem(struct arena *a, const struct plan *plan,
    struct problems *problems, enum err_code code, int64_t row,
    enum mapping_field field, const char *format, ...) PRINTF(7, 8)
    RETURNS_NONNULL;

#endif

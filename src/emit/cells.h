/*
 * What notebooks have in common, whatever language they are in: Databricks'
 * source format, whose marks are comments (sign "#" in Python, "--" in SQL).
 */
#ifndef T2C_EMIT_CELLS_H
#define T2C_EMIT_CELLS_H

#include "emit/python.h"
#include "plan/plan.h"

/* The first cell: which sheet, the plan in words, pattern and compiler. */
void cells_put_title(struct python *out, const struct plan *plan,
    const char *sign);
/* The line between two cells, and the title of the second one. */
void cells_put(struct python *out, const char *sign, const char *title);

#endif

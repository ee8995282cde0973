/*
 * Rows that the simulated model proposes where a prompt asks for rows of a
 * sheet and not for code. It is no model: words that name a function (upper,
 * lower, trim, year) become that function of the source column, any others a
 * text; a wish becomes a column of its name.
 */
#ifndef T2C_SIM_ROWS_H
#define T2C_SIM_ROWS_H

#include "base/str.h"

/* Whether a line of the prompt says "Task: propose rows". */
bool rows_wanted(struct slice prompt);
/* A block of CSV in answer to the prompt; sheet: the one that is in it. */
struct slice rows_propose(struct arena *a, struct slice prompt,
    struct slice sheet);

#endif

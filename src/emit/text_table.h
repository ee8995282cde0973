/*
 * A table as text in generated tests: a line a row, its cells between bars and
 * below one another. Columns that do not fit stand in a block below.
 *
 *	order_id | status
 *	string   | string
 *	1        | ' Open ' # blanks around it
 *	2        | NULL
 *
 * Texts that could be misread stand in single quotes, as Python writes them,
 * without bar, number sign and backslash: split() in testing.py reads them.
 */
#ifndef T2C_TEXT_TABLE_H
#define T2C_TEXT_TABLE_H

#include "emit/python.h"
#include "eval/value.h"

struct text_column {
	LIST_OF(const char *) cells;
};

struct text_table {
	LIST_OF(struct text_column) columns;
	LIST_OF(const char *) remarks; /* of each line; may be shorter */
};

/* The cell of a text, and of a value. */
const char *text_cell(struct arena *a, const char *text);
const char *text_value_cell(struct arena *a, const struct value *v);

/* Adds a remark to line n. */
void text_remark(struct arena *a, struct text_table *t, size_t line,
    const char *remark);

/* Writes name = """…""". */
void text_table_put(struct python *py, int level, const char *name,
    const struct text_table *t);

#endif

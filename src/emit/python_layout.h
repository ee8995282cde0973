/*
 * Python expressions as trees, written in the layout of the formatter black
 * with lines of PYTHON_WIDTH columns: what people's own tools make of the code
 * is then what stands there already. In short: on one line if it fits; a chain
 * of two method calls and more one call a line; else cut at the last bracket
 * whose beginning still fits, the arguments on a line of their own or, where
 * they do not fit, each on its own with a trailing comma.
 *
 * Nodes live in the arena they were made in; the texts given are not copied.
 */
#ifndef T2C_PYTHON_LAYOUT_H
#define T2C_PYTHON_LAYOUT_H

#include "emit/python.h"

struct python_node;

/* A piece of code that is never broken: a name, a literal, "*rest". */
struct python_node *python_atom(struct arena *a, const char *code);
/* A string literal, broken into pieces where it alone stands in brackets. */
struct python_node *python_text(struct arena *a, const char *text);
/* name(…); name may have dots: "F.expr". */
struct python_node *python_function(struct arena *a, const char *name);
/* receiver.name(…) */
struct python_node *python_method(struct arena *a, struct python_node *receiver,
    const char *name);
/* {…} and […] */
struct python_node *python_dict(struct arena *a);
struct python_node *python_list(struct arena *a);

/* Adds an argument, or an element of a list or dict; label is what stands
 * before it, "metadata=" or "\"key\": ", or NULL. */
void python_add(struct arena *a, struct python_node *call, const char *label,
    struct python_node *argument);
/* The two usual arguments: code, and the text of a string literal. */
void python_add_atom(struct arena *a, struct python_node *call,
    const char *code);
void python_add_text(struct arena *a, struct python_node *call,
    const char *text);
/* The lines of the expression come from that row of the sheet. */
void python_of_row(struct python_node *node, int64_t row);
/* One argument a line, even where all would fit on one. */
void python_explode(struct python_node *call);

/* Writes a statement: prefix is "return " or "rows = " or "". */
void python_put_statement(struct python *py, int level, const char *prefix,
    struct python_node *node);
/* Writes the first line of a function; result is its type, NULL if it is not
 * said. */
void python_put_def(struct python *py, struct python_node *function,
    const char *result);
/* Writes an element of a list: the expression and a comma. */
void python_put_element(struct python *py, int level, struct python_node *node);

#endif

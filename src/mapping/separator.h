/*
 * Which character separates the cells of a CSV text.
 */
#ifndef T2C_SEPARATOR_H
#define T2C_SEPARATOR_H

#include "base/str.h"

/* The characters that are tried, the likelier first. */
#define SEPARATORS ",;\t|"

/* How many rows at the top are searched for the header row. */
#define SEPARATOR_HEADER_ROWS 20

/* The separator under which one of the first rows holds most of the headers
 * known here; among equals one under which quotes close at the end of a cell;
 * then the one under which most rows have as many cells as that row; then the
 * one that makes more cells. Commas within expressions and decimal commas
 * therefore do not count. Looks at the first 256 kB. */
char separator_find(struct slice text);

/* If the text begins with a line "sep=;", that separator and in *ret_n the
 * length of the line with its end; else 0. */
char separator_line(struct slice text, size_t *ret_n);

#endif

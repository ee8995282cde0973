/*
 * The rows of queries in SQL, as far as reading tells them. Internal to
 * src/gate.
 */
#ifndef T2C_GATE_SELECTS_H
#define T2C_GATE_SELECTS_H

#include "gate/shape.h"
#include "gate/sql_words.h"

/* The last token ends the text, or is none. */
bool sql_is_end(const struct sql *s, size_t i);
/* The text of some tokens. */
const char *sql_between(const struct sql *s, size_t from, size_t to);
/* Behind a.b.c */
size_t sql_behind_name(const struct sql *s, size_t i);
/* The next token, or the one behind a bracket. */
size_t sql_next(const struct sql *s, size_t i);
/* Where a word stands outside brackets that open behind i; the end, or the
 * bracket that closes there. */
size_t sql_find(const struct sql *s, size_t i, const char *word);

/* Of WITH … SELECT …, or SELECT …, which begins with that token. */
const struct shape *sql_query_shape(struct program *p, const struct py_node *at,
    struct sql *s, size_t i);
/* Of a table, view or query in brackets, under its alias; i is then behind
 * it. */
const struct shape *sql_relation_shape(struct program *p,
    const struct py_node *at, struct sql *s, size_t *i);

#endif

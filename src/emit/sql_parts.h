/*
 * The parts of emit/sql.c. For src/emit/sql*.c alone.
 *
 * Lines, their numbers and the map to the rows of the sheet are those of
 * emit/python.h, which knows nothing of Python in that.
 */
#ifndef T2C_SQL_PARTS_H
#define T2C_SQL_PARTS_H

#include "emit/pipeline.h"
#include "emit/python.h"
#include "emit/sql.h"

struct sql {
	struct python out;
	struct arena *arena;
	const struct plan *plan;
	const struct plan_pipeline *p;
	const char *target; /* IDENTIFIER(:target_orders) */
	bool has_query;     /* a WITH has begun */
	bool has_problem;   /* so has the query of problems */
};

#define SQL_LINE(s, level, ...) python_line(&(s)->out, level, __VA_ARGS__)

/* before, the list with commas, after: in one line where that fits, else one
 * piece a line. */
void sql_put_list(struct sql *s, int level, const char *before,
    const struct python_pieces *list, const char *after);

/* A literal, as a cell of a notebook has it. */
const char *sql_string(struct sql *s, const char *text) RETURNS_NONNULL;
/* The column's name as SQL wants it. */
const char *sql_name(const struct sql *s, size_t column) RETURNS_NONNULL;
/* The names of the columns that are written. */
void sql_add_written(struct sql *s, struct python_pieces *list);
void sql_add_names(struct sql *s, struct python_pieces *list,
    const struct plan_indices *columns);
/* Each name after a prefix: source.a, …. */
struct python_pieces sql_prefixed(struct sql *s,
    const struct python_pieces *names, const char *prefix);
/* target.a <=> source.a, of each name. */
struct python_pieces sql_same(struct sql *s, const struct python_pieces *names);
/* The same of all of them, as one condition. */
const char *sql_same_all(struct sql *s, const struct python_pieces *names)
    RETURNS_NONNULL;

/* One of the queries before a statement's own, name AS (…), below what it is;
 * the first one has WITH above it. sql_end says whether it is the last. */
void sql_begin(struct sql *s, int level, const char *name, const char *what);
void sql_end(struct sql *s, int level, bool is_last);
/* new: the target rows as the sources make them. */
void sql_put_new(struct sql *s, int level, bool is_last);
/* batch: the rows of from, each once. */
void sql_put_batch(struct sql *s, int level, const char *what, const char *from,
    const char *condition, bool is_last);

/* The query problems: nothing, or one row with all that must not be. The first
 * problem begins it; the end puts nothing where there can be none. */
void sql_end_problems(struct sql *s, int level, bool is_last);
/* Keys that rows have more than once; subject is an expression. */
void sql_put_repeated(struct sql *s, int level, const char *subject,
    const char *from, const struct python_pieces *keys);
/* A problem where having is true of the rows of from; text is an expression. */
void sql_put_problem(struct sql *s, int level, const char *text,
    const char *from, const char *having);
/* Rules that these rows break. */
void sql_put_rules(struct sql *s, int level, const char *rows);
/* Joins that find more than one row, where that is refused. */
void sql_put_matches(struct sql *s, int level);
/* SELECT all of a query that has so many columns, or raise what the problems
 * are; end stands behind it. That is a row of its own, whose column `raised`
 * is read in any case: a subquery in a condition may not read the target of a
 * MERGE (Delta 3.3 and 4.0: "Table does not support reads"). */
void sql_put_checked(struct sql *s, int level, const char *from, size_t columns,
    size_t raised, const char *end);

/* What a MERGE does with its source, and the end of the statement. */
void sql_put_update(struct sql *s, const char *condition,
    const struct python_pieces *names, const struct python_pieces *values);
void sql_put_insert(struct sql *s, const struct python_pieces *names);

/* The loads. */
void sql_full_load(struct sql *s);
void sql_incremental(struct sql *s);
void sql_merge(struct sql *s);
void sql_history(struct sql *s);

#endif

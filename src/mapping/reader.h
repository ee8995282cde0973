/*
 * What the steps of mapping_read() share. The steps, in their order:
 *
 *   header.c      which column of the sheet means what
 *   row.c         the cells of each row; targets and sources come into being
 *   source.c      which source a row reads, and under which alias
 *   join.c        how the sources of a target are joined
 *   condition.c   what a join or filter says; what is filtered
 *   column.c      which source each column of each expression belongs to
 *   rule.c        what must be true of the rows of a target
 *   order.c       in which order the targets are to run
 *
 * Only these files include this header.
 */
#ifndef T2C_READER_H
#define T2C_READER_H

#include "base/map.h"
#include "mapping/mapping.h"

#define NONE SIZE_MAX

/* A cell without the white space around it. */
struct cell {
	struct slice text;
	size_t shift; /* bytes of the white space before it */
	int64_t row;
	int column; /* of the sheet; -1 if it has no such column */
	bool bad;   /* it has a problem already: not to be read */
};

/* What a table cell says; every distinct text is parsed once. */
struct table_cell {
	bool ok;
	struct table_ref ref;
	const char *alias;   /* NULL if none was given */
	const char *message; /* why not ok */
	size_t id;           /* the same for the same table */
};

/* A table that the sheet names, as source or target. */
struct table_id {
	const char *spelling; /* the first */
	size_t target;        /* that writes it; NONE if none does */
};

/* The text of a join or filter; every distinct text is parsed once. */
struct condition {
	const struct expr_parsed *parsed;
	const char *text; /* canonical, for comparison */
};

/* Beside each mapping_source. */
struct source_state {
	size_t table;          /* id */
	const char *alias;     /* as given; NULL if none was */
	struct cell cell;      /* the table cell that named it first */
	struct cell join_cell; /* the join cell of that row */
	const char *join_text; /* canonical; NULL if there is no join */
	bool join_bad;         /* a join is there, but has a problem */
};

/* Beside each mapping_target, until the targets are ordered. */
struct target_state {
	size_t table;     /* id */
	struct cell cell; /* the table cell that named it first */
	LIST_OF(struct source_state) sources;
	LIST_OF(size_t) rows; /* indices into the reader's rows */
	struct map columns;   /* folded name → row of the sheet */
	struct map filters;   /* canonical texts that are there */
	size_t n_columns;
	bool blurred;      /* some row's source could not be read: a
			      missing source is no news */
	bool join_unclear; /* a join of the first source's rows could
			      not be read: a missing one is no news */
};

struct row_state {
	int64_t row;
	size_t target; /* NONE if unknown */
	size_t source; /* of the target; NONE if unknown */
	struct cell transformation;
	struct cell join;
	struct cell filter;
	struct cell rule;
	const char *target_column;        /* NULL if unknown */
	const struct expr_parsed *parsed; /* the transformation, or NULL */
	bool quiet; /* torn: what its cells say is no news */
};

struct reader {
	struct arena *a;
	const struct sheet *sheet;
	struct mapping *m;
	struct problems *problems;
	struct problem ignored; /* takes reports of quiet rows */
	bool quiet;
	bool foggy;       /* some headers are unknown: what only they
			     could say is not missed */
	struct map bad;   /* cells with problems: struct place */
	struct map texts; /* table cell → index into cells */
	LIST_OF(struct table_cell *) cells;
	struct map ids; /* folded table → index into tables */
	LIST_OF(struct table_id) tables;
	struct map spellings; /* of tables, all of them */
	LIST_OF(struct target_state) states;
	LIST_OF(struct row_state) rows;
	struct map types; /* data type cell → index into type_list */
	LIST_OF(const struct type *) type_list;
	struct map qualifiers; /* what sources of the sheet answer to */
	struct map texts_of_conditions; /* → index into conditions */
	struct map texts_of_defaults;   /* → index into defaults */
	LIST_OF(const struct expr_parsed *) defaults;
	LIST_OF(struct condition *) conditions;
};

/* Adds a problem at a cell, or at the row if the sheet has no such column. In
 * a quiet row it goes nowhere. May be refined until the next call. */
struct problem *reader_report(struct reader *r, const struct cell *cell,
    enum err_code code, const char *format, ...) PRINTF(4, 5) RETURNS_NONNULL;
/* The part of the cell's text that is meant. */
void problem_mark(struct problem *p, const struct cell *cell, size_t start,
    size_t end);
/* The fix in place of the catalogue's. */
void reader_fix(struct reader *r, struct problem *p, const char *format, ...)
    PRINTF(3, 4);

/* The cell of a field. Its invisible characters are reported here. */
struct cell reader_cell(struct reader *r, const struct sheet_row *row,
    enum mapping_field field);
bool cell_empty(const struct cell *c);
/* The cell's text as a string. */
const char *cell_str(struct reader *r, const struct cell *c);
/* The cell's text for a message. */
const char *cell_shown(struct reader *r, const struct cell *c);
/* Whether sheet_read() or an earlier step found something there. Column -1:
 * in the row as a whole. */
bool reader_is_bad(const struct reader *r, int64_t row, int column);

/* Parses the part of a cell from offset on. */
const struct expr_parsed *reader_parse(struct reader *r,
    const struct cell *cell, size_t offset) RETURNS_NONNULL;
/* Reports what parsing that part found. */
void reader_findings(struct reader *r, const struct cell *cell, size_t offset,
    const struct expr_parsed *parsed);

/* The steps. False if the headers say that this is no mapping sheet. */
bool read_headers(struct reader *r) MUST_USE;
void read_rows(struct reader *r);
void settle_aliases(struct reader *r);
void read_joins(struct reader *r, size_t target);
void read_filters(struct reader *r, size_t target);
void check_columns(struct reader *r, size_t target);
void read_rules(struct reader *r, size_t target);
void order_targets(struct reader *r);

/* source.c */

/* What a text says in the place of a table, each distinct text parsed once.
 * Reports at the cell only that a name is spelled in two ways. */
const struct table_cell *find_table(struct reader *r, struct slice text,
    const struct cell *c) RETURNS_NONNULL;
/* The same for a whole cell. Reports what is wrong; NULL if the cell is empty,
 * bad or no table. */
const struct table_cell *read_table(struct reader *r, const struct cell *c);
/* The target's source of that table and alias (NULL: none given); a new one
 * if there is none. NONE after a report at the cell. */
size_t find_source(struct reader *r, size_t target,
    const struct table_cell *table, const char *alias, const struct cell *c,
    const struct cell *join);
/* Names of tables and aliases as a key of a map: equal if the names are. */
struct slice names_key(struct arena *a, const char *const *part, size_t n);
/* The alias a source of that table has where none is given. */
const char *default_alias(struct arena *a, const struct table_ref *table);

/* condition.c */

/* From the quote at i to behind its partner. */
size_t skip_quoted(struct slice s, size_t i);
/* Where the word starts, outside quotes and parentheses, from at on; NONE if
 * it does not occur. */
size_t find_word(struct slice s, size_t at, const char *word);
/* Steps over the word and the blanks around it, if it stands at *at. */
bool condition_take_word(struct slice s, size_t *at, const char *word);
/* The condition in the cell's text from offset on. NULL after a report. */
const struct condition *read_condition(struct reader *r,
    const struct cell *cell, size_t offset);

/* column.c */

/* The source that the qualifier of a column names; NONE if it has none or
 * none that is known. *ret_n is the length of the qualifier in parts. */
size_t find_qualifier(const struct mapping_target *t, const char *const *part,
    size_t n_parts, size_t *ret_n);
/* "o, p and c": what may be written before a dot. */
const char *known_aliases(struct arena *a, const struct mapping_target *t);
/* Some sources or aliases of the target could not be read. */
bool is_blurred(const struct reader *r, size_t target);
/* Reports a qualified column that names no source of the target, or more than
 * one; true if it does. In a strict place a.b cannot be a field of the column
 * a. */
bool check_column(struct reader *r, size_t target, const struct cell *cell,
    size_t offset, const struct expr_column *column, bool strict);

#endif

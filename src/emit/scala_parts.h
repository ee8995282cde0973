/*
 * The parts of emit/scala.h. For src/emit/scala*.c alone.
 *
 * Lines, their numbers and the map to the rows of the sheet are those of
 * emit/python.h, which knows nothing of Python in that.
 */
#ifndef T2C_SCALA_PARTS_H
#define T2C_SCALA_PARTS_H

#include "emit/pipeline.h"
#include "emit/python.h"
#include "emit/scala.h"

struct scala {
	struct python out;
	struct arena *arena;
	const struct plan *plan;
	const struct plan_pipeline *p;
	const char *id;     /* OrderLines, in the names of its functions */
	const char *target; /* targetOrderLines */
};

/* Elements of a list in one method. */
#define SCALA_AT_ONCE 400

#define SCALA_LINE(s, level, ...) python_line(&(s)->out, level, __VA_ARGS__)

/* A text, as an expression: a literal, or pieces of one where the JVM takes no
 * constant of that length. */
const char *scala_string(struct arena *a, const char *text) RETURNS_NONNULL;
/* order_lines as orderLines, a value. Different names stay different. */
const char *scala_value(struct arena *a, const char *id) RETURNS_NONNULL;
/* order_lines as OrderLines, a part of a name. */
const char *scala_part(struct arena *a, const char *id) RETURNS_NONNULL;
/* The literal of a column's name as SQL writes it. */
const char *scala_name(struct scala *s, size_t column) RETURNS_NONNULL;
void scala_add_names(struct scala *s, struct python_pieces *list,
    const struct plan_indices *columns);
/* Seq("a", "b") of such literals. */
const char *scala_seq(struct scala *s, const struct python_pieces *list)
    RETURNS_NONNULL;

/* before, the list with commas, after: in one line where that fits, else as
 * many a line as fit. */
void scala_put_list(struct scala *s, int level, const char *before,
    const struct python_pieces *list, const char *after);
/* before and a chain of calls: in one line where that fits, else one a line. */
void scala_put_chain(struct scala *s, int level, const char *before,
    const struct python_pieces *calls);

/* Elements of a list, which may come from rows of the sheet. */
struct scala_elements {
	struct {
		const char *code;
		int64_t row;
	} * v;
	size_t n;
	size_t cap;
};
void scala_add_element(struct scala *s, struct scala_elements *list,
    int64_t row, const char *code);
/* One element a line. */
void scala_put_elements(struct scala *s, int level,
    const struct scala_elements *list);
/* More elements than a few stand in functions name_1, name_2, …: the sum of
 * those. NULL where they are few. */
const char *scala_put_parts(struct scala *s, const char *name, const char *type,
    const struct scala_elements *list, size_t few);

/* The cells of a pipeline have this title. */
void scala_put_cell(struct scala *s, const char *what);
/* What the plan's code imports, and the helpers that it calls. */
void scala_imports(struct scala *s);
void scala_helpers(struct scala *s);
/* def transform…: sources to target rows. */
void scala_transform(struct scala *s);
/* The expression that reads a table from where the parameter says. */
const char *scala_read(struct scala *s, const struct table_ref *table,
    const char *parameter) RETURNS_NONNULL;
/* def check… and what keeps rows that break a rule. */
void scala_rules(struct scala *s);
/* The lines that call them, if there are rules: rows is the variable whose rows
 * are to be loaded; the variable of those that are. */
const char *scala_sort_out(struct scala *s, int level, const char *rows)
    RETURNS_NONNULL;
void scala_release(struct scala *s, int level, const char *passed);

/* def write… of each strategy. */
void scala_full_load(struct scala *s);
void scala_incremental(struct scala *s);
void scala_merge(struct scala *s);
void scala_history(struct scala *s);
/* def load…: all of it. */
void scala_load(struct scala *s);

/* The first line of def write…. */
void scala_put_write(struct scala *s, const char *what);
/* rows.write… into the table that the parameter names; with are calls that
 * say more about it, or NULL. */
void scala_put_writer(struct scala *s, int level, const char *rows,
    const struct table_ref *table, const char *parameter, const char *mode,
    const struct python_pieces *with);
/* Makes the target where there is none, with the columns of rows, and checks
 * that it has them; its variable is `target`. */
void scala_ensure_target(struct scala *s, const char *rows);
/* function(rows, "a", "b"), of the columns that differ in every run. */
const char *scala_of_volatile(struct scala *s, const char *function,
    const char *rows) RETURNS_NONNULL;
/* DeltaTable.forName(…) */
const char *scala_table(struct scala *s, const struct table_ref *table,
    const char *parameter) RETURNS_NONNULL;

#endif

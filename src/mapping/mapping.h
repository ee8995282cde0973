/*
 * A mapping: a sheet understood. Headers are recognised, every cell is parsed
 * into what it means, rows are grouped by target, sources and joins are
 * settled. Whatever cannot be understood becomes a problem at its cell;
 * nothing is guessed. Knows nothing of patterns.
 */
#ifndef T2C_MAPPING_H
#define T2C_MAPPING_H

#include "expr/expr.h"
#include "expr/type.h"
#include "mapping/sheet.h"

#define MAPPING_MAX_COLUMNS 2000 /* of one target */
#define MAPPING_MAX_SOURCES 100  /* of one target */

enum mapping_field {
	FIELD_SOURCE_TABLE,
	FIELD_SOURCE_COLUMN,
	FIELD_TARGET_TABLE,
	FIELD_TARGET_COLUMN,
	FIELD_TRANSFORMATION,
	FIELD_ROLE,
	FIELD_KEY,
	FIELD_JOIN,
	FIELD_FILTER,
	FIELD_DATA_TYPE,
	FIELD_DEFAULT,
	FIELD_COMMENT,
	FIELD_ALIAS,
	FIELD_RULE,
	FIELD__COUNT
};

/* The canonical header of a field: "source_table". */
const char *mapping_field_name(enum mapping_field field) RETURNS_NONNULL;
/* The field that a header means, FIELD__COUNT if none: case, blanks,
 * underscores, dashes and dots do not count, aliases are known. "source" and
 * "target" alone mean the table; a sheet that also has a clearer header for it
 * gets M_HEADER_TWICE at the vague one. */
enum mapping_field mapping_field_find(const char *header);

enum table_kind { TABLE_NAME, TABLE_PATH };

/* Where data is: a table's name, or a path in a volume or cloud store. */
struct table_ref {
	enum table_kind kind;
	const char *name;    /* the path, or the name as Spark SQL takes it,
				parts quoted where needed: "a.b.`odd c`" */
	const char *part[3]; /* TABLE_NAME: unquoted, outermost first */
	size_t n_parts;
	const char *format; /* TABLE_PATH: parquet csv json orc avro text
			       delta, by its ending, also before .gz and
			       .bz2; delta without one; NULL for an ending
			       that is not known (the plan refuses it) */
};

enum join_kind {
	JOIN_NONE,
	JOIN_LEFT,
	JOIN_INNER,
	JOIN_RIGHT,
	JOIN_FULL,
	JOIN_CROSS
};

struct mapping_source {
	struct table_ref table;
	const char *alias;            /* given, else the table's last part or
					 the file's base name, made an
					 identifier; unique in the target */
	int64_t row;                  /* where it appears first */
	enum join_kind join;          /* JOIN_NONE for the first source */
	const struct expr_parsed *on; /* NULL for none and cross; a column
					 without qualifier belongs to this
					 source, all others to it or to
					 sources before it */
	int64_t join_row;
};

enum mapping_role {
	ROLE_NONE,
	ROLE_KEY,
	ROLE_WATERMARK,
	ROLE_SEQUENCE,
	ROLE_TRACKED,
	ROLE_UNTRACKED
};

struct mapping_row {
	int64_t row;
	size_t source;             /* index into the target's sources */
	const char *source_column; /* unquoted, NULL if derived */
	const char *target_column;
	const struct expr_parsed *transformation; /* NULL: copy */
	enum mapping_role role;
	const struct type *type;            /* NULL: whatever comes */
	const struct expr_parsed *fallback; /* the default, NULL if none */
	const char *comment;                /* "" if none */
};

/* A rule about the rows of a target; a rule cell may hold several. */
struct mapping_rule {
	const char *text;                    /* as the cell has it */
	const struct expr_parsed *condition; /* over columns of the target */
	int64_t row;
};

struct mapping_target {
	struct table_ref table;
	int64_t row; /* where it appears first */
	LIST_OF(struct mapping_source) sources;
	LIST_OF(struct mapping_row) rows;
	/* All must hold; equal texts stand once; a column without qualifier
	 * belongs to the first source. */
	LIST_OF(const struct expr_parsed *) filters;
	LIST_OF(struct mapping_rule) rules;
};

struct mapping {
	const struct sheet *sheet;
	int field[FIELD__COUNT];     /* the sheet's column, -1 if absent */
	enum mapping_field *meaning; /* of each sheet column; FIELD__COUNT =
					unknown, or a second one */
	/* In the order to run: as in the sheet, but a target that another one
	 * reads comes first. */
	LIST_OF(struct mapping_target) targets;
};

/* Understands a sheet. Problems are added in no particular order; the mapping
 * may be compiled only if problems->errors is 0, but is always safe to look
 * at: a row is in it only if its target, source and target column are known,
 * and a text that does not parse has no root.
 *
 * One fault is one problem. A cell that has a problem already (of
 * sheet_read(), in the same list) is not looked at again; what follows from
 * another fault is not said. Rows with nothing but a comment are passed over.
 *
 * Sources of a target are told apart by table and alias. A row that gives no
 * alias means the source of that table without one, else the only one with
 * one. */
void mapping_read(struct arena *a, const struct sheet *sheet,
    struct mapping *ret, struct problems *problems);

/* Both steps, and the problems sorted. False if there is not even a sheet. The
 * sheet is in *ret. */
bool mapping_load(struct arena *a, struct slice bytes, struct mapping *ret,
    struct problems *problems) MUST_USE;

/* Which source of the target a column of an expression belongs to, and the
 * column's own parts after the qualifier. A name without a known qualifier
 * belongs to own (the row's source): the first part is then the column. */
struct column_ref {
	size_t source;
	const char **part; /* column, then fields of a struct */
	size_t n_parts;
	bool qualified;
};
/* A qualifier is an alias, or the table's name with as many parts as one likes
 * ("orders", "silver.orders", "shop.silver.orders"). Aliases win over names,
 * longer names over shorter ones, both over a column of that name. Never
 * fails: what looks like a source of another target, or of none, is a problem
 * that mapping_read() has reported. The parts are borrowed from the column. */
struct column_ref mapping_resolve(const struct mapping_target *t, size_t own,
    const struct expr_column *column);

/* Parses one table cell: "a.b.c", "a.b.c x", "a.b.c AS x", "/Volumes/…/f.csv",
 * "abfss://…/f.parquet x", "/Volumes/…/folder AS x", "`/a path/f.csv` x", and
 * Spark's "delta.`/path`". A path has no "..", no password or signature and no
 * web address. False with a sentence if it is none. *ret_alias is NULL if none
 * was given. */
bool table_ref_parse(struct arena *a, struct slice text, struct table_ref *ret,
    const char **ret_alias, const char **ret_message) MUST_USE;
/* The same table: names without regard to case, paths without the slashes at
 * their end. */
bool table_ref_equal(const struct table_ref *a, const struct table_ref *b);

#endif

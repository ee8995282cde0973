/*
 * Answers of a model that writes one load in many styles, right or with a
 * fault.
 */
#ifndef T2C_TEST_REPLIES_H
#define T2C_TEST_REPLIES_H

#include "base/arena.h"

/* A mapping, and how a column of it is written in each style: as the DataFrame
 * API has it, with @ for the prefix of functions, and as SQL. */
struct column {
	const char *name;
	const char *api;
	const char *sql;
};

struct mapped {
	const char *pattern;
	const char *sheet;
	const char *options;
	const char *source;
	const char *target;
	const char *key;
	const char *order; /* what orders rows of a key */
	struct column column[6];
};

#define MAPPEDS 5
extern const struct mapped mappeds[MAPPEDS];

enum import_style {
	IMPORT_F,
	IMPORT_DOTTED,
	IMPORT_NAMES,
	IMPORT_STAR,
	IMPORT__COUNT
};
enum column_style {
	COLUMN_SELECT,
	COLUMN_WITH,
	COLUMN_SELECT_EXPR,
	COLUMN_EXPR,
	COLUMN_LIST,
	COLUMN_WITH_COLUMNS,
	COLUMN_DF,
	COLUMN__COUNT
};
enum layout { LAYOUT_SCRIPT, LAYOUT_FUNCTIONS, LAYOUT_MAIN, LAYOUT__COUNT };
enum naming {
	NAMING_CONSTANTS,
	NAMING_LITERALS,
	NAMING_WIDGETS,
	NAMING_PARTS,
	NAMING__COUNT
};
enum wrapping { WRAP_FENCE, WRAP_PROSE, WRAP_NOTEBOOK, WRAP_BARE, WRAP__COUNT };

struct style {
	const struct mapped *m;
	enum import_style import;
	enum column_style column;
	enum layout layout;
	enum naming naming;
	enum wrapping wrapping;
	size_t write; /* of the pattern */
};

/* What a mutant does otherwise. */
enum fault {
	FAULT_NONE,
	FAULT_DROPPED, /* a column */
	FAULT_SWAPPED, /* a column of the source */
	FAULT_SOURCE,  /* another table is read */
	FAULT_WRITE,   /* another table is written, too */
	FAULT_EXTRA,   /* a column that the sheet does not have */
	FAULT_RENAMED, /* a target column */
	FAULT__COUNT
};

/* place: which column has the fault. */
const char *write_reply(struct arena *a, const struct style *style,
    enum fault fault, size_t place);

#endif

/*
 * Column lineage: which columns of which sources each target column is made
 * of, and which ones decide about its rows. It is read from plan.json, so that
 * what a page draws, what the command line writes and what was stored with a
 * generation years ago is one and the same thing.
 *
 * It is the lineage of the sheet: that a pattern compares keys or watermarks
 * with the rows already in the target is not part of it.
 */
#ifndef T2C_LINEAGE_H
#define T2C_LINEAGE_H

#include "plan/plan.h"

struct lineage_input {
	size_t source; /* index into the pipeline's sources */
	size_t column; /* index into the source's columns */
	enum input_kind kind;
};
struct lineage_inputs {
	struct lineage_input *v;
	size_t n;
	size_t cap;
};

struct lineage_source {
	const char *name; /* of the table as Spark SQL takes it, or the path */
	bool is_path;
	const char *alias;
	const char *join; /* "left"; "" for the first source */
	int64_t row;
	/* Those that are used, in the order of use: for values first, then in
	 * joins and filters. One name in two cases is one column, spelled as
	 * used first. */
	LIST_OF(const char *) columns;
};

struct lineage_column {
	const char *name;
	const char *text; /* Spark SQL of the column or expression */
	bool is_copy;     /* the text is but a column */
	const char *type; /* "" if none, as are the next two */
	const char *fallback;
	const char *comment;
	int64_t row; /* 0: the pattern or an option adds the column */
	struct lineage_inputs inputs;
};

/* A join, a filter, or a rule that keeps rows out: it decides about all
 * columns of the target. */
struct lineage_condition {
	enum input_kind kind; /* INPUT_JOIN, INPUT_FILTER */
	const char *text;
	int64_t row; /* of the sheet; 0: not known */
	struct lineage_inputs inputs;
};

struct lineage_pipeline {
	const char *name; /* of the target, as in lineage_source */
	bool is_path;
	LIST_OF(struct lineage_source) sources;
	LIST_OF(struct lineage_column) columns;
	LIST_OF(struct lineage_condition) conditions;
};

struct lineage {
	const char *compiler; /* the version that made the plan */
	LIST_OF(struct lineage_pipeline) pipelines;
	/* False: the plan is older than the record of inputs. Tables and
	 * target columns are there, but which column reads which is not. */
	bool has_inputs;
	LIST_OF(const char *) steps; /* the plan in sentences */
};

/* Whatever is missing or of another kind in the JSON is left out; text that is
 * no JSON is a failure. The texts are borrowed from the arena. */
const struct err *lineage_read(struct arena *a, struct slice plan_json,
    struct lineage *ret) MUST_USE;

/* Whether the value is made of such a column, rather than chosen by it. */
bool input_is_direct(enum input_kind kind);

#endif

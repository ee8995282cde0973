/*
 * The plan: mapping + pattern + options, resolved and typed. It is the one
 * description from which code, plan.json and the words on the pages are
 * derived; an emitter asks nothing else. The same input gives the same plan.
 */
#ifndef T2C_PLAN_H
#define T2C_PLAN_H

#include "mapping/mapping.h"
#include "plan/complexity.h"
#include "plan/pattern.h"

/* What happens to rows whose watermark is NULL. */
enum null_policy { NULLS_REFUSE, NULLS_SKIP, NULLS_LOAD };
/* What happens to rows older than what the target has. */
enum late_policy { LATE_IGNORE, LATE_LOAD };
/* What happens to stored keys that the sources no longer have: they stay, or
 * they end (MERGE deletes them, a history closes them). */
enum vanished_policy { VANISHED_KEEP, VANISHED_END };
/* What happens to rows that break a rule of the sheet: they go into a table
 * beside the target, nothing of the batch is written, or they are loaded and
 * counted in the log. */
enum rule_policy { RULES_QUARANTINE, RULES_REFUSE, RULES_REPORT };

/* How a column enters, named as OpenLineage names it. Of the first three the
 * value is made; the others decide which value or which rows. */
enum input_kind {
	INPUT_IDENTITY,       /* copied, and not cast */
	INPUT_TRANSFORMATION, /* computed with, or cast */
	INPUT_AGGREGATION,    /* an argument of an aggregate over a window */
	INPUT_CONDITIONAL,    /* in the condition of CASE or if() */
	INPUT_WINDOW,         /* PARTITION BY or ORDER BY of a window */
	INPUT_JOIN,
	INPUT_FILTER,
	INPUT__COUNT
};

struct plan_input {
	size_t source;      /* index into the pipeline's sources */
	const char *column; /* unquoted; of a struct, the column that has it */
	enum input_kind kind;
};
struct plan_inputs { /* in the order of the text, nothing twice */
	struct plan_input *v;
	size_t n;
	size_t cap;
};

struct plan_source {
	const struct table_ref *table;
	const char *alias;  /* as the expressions name it */
	const char *id;     /* Python identifier, unique within the
	                                   pipeline */
	const char *widget; /* name of its notebook parameter */
	enum join_kind join;
	const char *on; /* Spark SQL, every column qualified;
	                                   NULL for none and cross */
	LIST_OF(const char *)
	match; /* its columns that the join sets equal to
	                                   something; unquoted */
	int64_t row;
	struct plan_inputs on_inputs;
	LIST_OF(const char *) needs; /* the columns that the mapping uses */
	bool alias_used;             /* some expression names the alias */
};

struct plan_column {
	const char *name;
	const char *source;     /* alias where the row reads from */
	const char *copy;       /* a column to copy, as Spark SQL names
	                                   it; NULL if there is an expression */
	const char *expression; /* Spark SQL; NULL for a copy or parameter */
	const char *parameter;  /* of the notebook, whose value it has; NULL */
	const char *type;       /* canonical; NULL: as it comes */
	const char *fallback;   /* for NULL; NULL if none */
	const char *comment;    /* "" if none */
	int64_t row;            /* 0: an option adds the column */
	enum mapping_role role;
	bool is_volatile; /* differs from run to run */
	bool is_window;   /* looks at other rows */
	bool is_key;
	bool is_tracked; /* a change opens a version */
	/* Delta stores the empty text of a partition column as NULL; so do
	 * we, or the next run finds a change. */
	bool empty_is_null;
	struct plan_inputs inputs; /* none: a constant, or of the run */
};

/* Columns by their index, each once, in the order in which they were named. */
struct plan_indices {
	size_t *v;
	size_t n;
	size_t cap;
};

/* A rule of the sheet: what must be true of every row that is loaded. */
struct plan_rule {
	const char *name;      /* "amount > 0", as the sheet has it */
	const char *condition; /* Spark SQL over the target's columns */
	int64_t row;
	bool is_window;            /* looks at other rows */
	struct plan_indices reads; /* the columns in it */
};

/* Where rows go that break a rule. */
struct plan_quarantine {
	struct table_ref table;
	const char *widget; /* NULL: the pipeline has no quarantine */
};

/* The names of the columns that a history adds to the target. */
struct plan_history {
	const char *valid_from;
	const char *valid_to;
	const char *is_current;
	const char *surrogate; /* "": no such key */
};

struct plan_pipeline {
	const char *id; /* Python identifier, unique within the
	                                   plan: "order_lines" */
	const struct table_ref *target;
	const char *widget;
	int64_t row;
	LIST_OF(struct plan_source) sources;
	LIST_OF(const char *) filters;
	LIST_OF(struct plan_inputs) filter_inputs; /* one for each filter */
	LIST_OF(struct plan_column) columns;
	/* What the pattern's options say, as indices into columns */
	struct plan_indices keys;
	struct plan_indices partitions; /* of the target's files */
	struct plan_indices clusters;   /* of a table with liquid clustering */
	const char *comment;            /* of a new target; "" if none */
	int watermark;                  /* incremental; -1 else */
	int order_by; /* merge, scd2: what orders rows of a key; -1 if none */
	int deleted;  /* merge, scd2: true where the key was deleted; not
	                * written; -1 if none */
	int marked;   /* merge: the same, but written: the row stays; -1 */
	enum null_policy null_watermark;
	enum late_policy late_rows;
	enum vanished_policy vanished;
	bool overwrite_schema;
	bool add_columns;    /* columns that the target lacks are added to it */
	bool ignore_nulls;   /* merge: NULL leaves the stored value */
	bool single_matches; /* joined sources must match at most once */
	enum rule_policy broken_rules;
	LIST_OF(struct plan_rule) rules;
	struct plan_quarantine quarantine;
	struct plan_history history; /* scd2 */
	struct complexity complexity;
};

/* The parameter that says when keys that vanished from a snapshot ended. */
#define PLAN_SNAPSHOT_AT "snapshot_at"
/* The parameter that names the run in the column of the option batch_id. */
#define PLAN_BATCH_ID "batch_id"

/* What the plan becomes. */
enum plan_output {
	OUTPUT_NOTEBOOK, /* Python, in Databricks' source format */
	OUTPUT_MODULE,   /* Python, with a command line */
	OUTPUT_LAKEFLOW, /* Python, a declarative pipeline */
	OUTPUT_SQL,      /* Spark SQL, in Databricks' source format */
	OUTPUT_SCALA,    /* Scala, in Databricks' source format */
	OUTPUT__COUNT
};

/* A parameter of the notebook: a dbutils widget. */
struct plan_parameter {
	const char *name;
	const char *initial;
	const char *label;
	const struct table_ref *table; /* that it names; NULL if none */
};

struct plan {
	const struct mapping *mapping; /* that it was made of */
	const struct pattern *pattern;
	const char *mapping_name;
	const char *release; /* compiler version */
	enum plan_output output;
	LIST_OF(struct plan_pipeline) pipelines; /* in the order to run */
	LIST_OF(struct plan_parameter) parameters;
};

/* Options as given: name=value; "pipeline.name" is for one pipeline alone and
 * wins over the plain name. A value may be empty. */
struct plan_option {
	const char *name;
	const char *value;
};
struct plan_options {
	struct plan_option *v;
	size_t n;
	size_t cap;
};

/* Makes the plan. Problems are added with the place of the row they concern
 * (row 0 for options that concern no row); where errors are added the plan is
 * not to be used. P_PROMPT_ONLY for a pattern without strategy. The mapping
 * must be free of errors and outlive the plan. */
void plan_make(struct arena *a, const struct mapping *mapping,
    const char *mapping_name, const struct pattern *pattern,
    const struct plan_options *options, const char *release, struct plan *ret,
    struct problems *problems);

/* The value an option has for a target before anybody chose, or whatever
 * anybody chooses where the pattern has closed it: the roles of the sheet win
 * over a default, and a preset of a closed option over them. Of columns that
 * a default names, those that the target has; a closed option keeps them all,
 * so that a missing one is found. Column names comma-separated. target is NULL
 * for an option of the whole plan. */
const char *plan_option_initial(struct arena *a, const struct option *option,
    const struct mapping_target *target);
/* The ids that the pipelines of a mapping get, in the order of its targets. */
const char *const *plan_pipeline_ids(struct arena *a,
    const struct mapping *mapping);

/* What a value reads (kind INPUT_IDENTITY, or INPUT_TRANSFORMATION where it is
 * cast), or a condition (INPUT_JOIN, INPUT_FILTER); own is the source of its
 * row. For a text that parses. */
void plan_inputs(struct arena *a, const struct mapping_target *target,
    size_t own, const struct expr_parsed *parsed, enum input_kind kind,
    struct plan_inputs *ret);
/* "notebook", "module": as the option and plan.json have it. */
const char *plan_output_name(enum plan_output output) RETURNS_NONNULL;
/* "identity", "join": as plan.json has it. */
const char *input_kind_name(enum input_kind kind) RETURNS_NONNULL;

/* plan.json: pretty-printed, stable order. P_TOO_LARGE. */
const struct err *plan_json(struct arena *a, const struct plan *plan,
    const char **ret) MUST_USE;
/* The plan in sentences, one a line, for a page or a docstring. */
struct plan_words {
	const char **v;
	size_t n;
	size_t cap;
};
void plan_describe(struct arena *a, const struct plan_pipeline *p,
    const struct pattern *pattern, struct plan_words *ret);

/* The whole value of a column as one expression in Spark SQL: with its cast,
 * its default, and NULL for an empty text where empty_is_null. parameter is
 * what stands for the value of a parameter. */
const char *plan_column_sql(struct arena *a, const struct plan_column *c,
    const char *parameter) RETURNS_NONNULL;

/* The column that says that a key was deleted, written or not; -1 if none. */
int plan_flag(const struct plan_pipeline *p);

/* A Python identifier made of any text: lower case, runs of other characters
 * one underscore, never a keyword, a builtin that generated code uses, or
 * empty. */
const char *plan_identifier(struct arena *a, const char *text);

#endif

/*
 * A pattern: how rows get from sources into a target. It is data, one folder
 * below patterns/ with
 *   pattern.yaml   name, title, description, strategy, options; an option may
 *                  be closed (access: fixed or hidden) or required
 *   example.csv    a mapping sheet that fits
 *   prompt.md      what a language model is told about the pattern
 * Beside them, common.yaml has the options of all patterns.
 * The strategy names the part of the compiler that carries it out. A pattern
 * of an organisation is made of one of these, or is a prompt alone: see
 * plan/derived.h.
 */
#ifndef T2C_PATTERN_H
#define T2C_PATTERN_H

#include "base/err.h"
#include "base/str.h"
#include "mapping/mapping.h"

enum strategy {
	STRATEGY_FULL_LOAD,
	STRATEGY_INCREMENTAL,
	STRATEGY_MERGE,
	STRATEGY_SCD2,
	STRATEGY_PROMPT, /* none: a model alone, as its prompt says */
	STRATEGY__COUNT
};

enum option_kind {
	OPTION_BOOLEAN, /* "true" or "false" */
	OPTION_CHOICE,  /* one of the choices */
	OPTION_COLUMN,  /* a target column, or nothing */
	OPTION_COLUMNS, /* target columns, comma-separated */
	OPTION_NAME,    /* the name of a column that the pattern adds */
	OPTION_TEXT,    /* one line */
};

/* Who may choose the value. */
enum option_access {
	OPTION_OPEN,   /* whoever compiles */
	OPTION_FIXED,  /* the pattern; it is shown */
	OPTION_HIDDEN, /* the pattern; it is not offered at all */
};

struct option_choice {
	const char *value;
	const char *title;
};

struct option {
	const char *name;
	const char *title;
	const char *description;
	enum option_kind kind;
	bool is_common;         /* every pattern has it */
	bool is_of_plan;        /* one value for all targets */
	const char *initial;    /* the default; "" for columns */
	enum mapping_role role; /* columns: pre-filled from this role of
	                                 the sheet; ROLE_NONE if from none */
	LIST_OF(struct option_choice) choices;
	enum option_access access;
	bool is_preset;   /* initial is the pattern's word, not a proposal */
	bool is_required; /* a column must be named */
};

/* Limits of what may be said to a model. */
#define PATTERN_TEMPERATURE_MAX 200 /* hundredths */
#define PATTERN_TOKENS_MIN 16
#define PATTERN_TOKENS_MAX 200000
#define PATTERN_WAIT_MAX 280 /* seconds */

/* What a pattern wants of the model that writes its code. What it leaves open,
 * the connection says. */
struct pattern_model {
	const char *name;         /* serving endpoint of a workspace; or NULL */
	const char *instructions; /* system prompt; or NULL */
	bool has_temperature;
	int64_t temperature; /* hundredths */
	int64_t max_tokens;  /* these: 0 for none */
	int64_t first_s;
	int64_t total_s;
};

struct pattern {
	const char *name;        /* "merge" */
	const char *title;       /* "MERGE upsert" */
	const char *summary;     /* one sentence */
	const char *description; /* a paragraph */
	int64_t position;        /* in lists */
	enum strategy strategy;
	LIST_OF(struct option) options;
	struct slice example; /* CSV */
	const char *prompt;
	struct pattern_model model;
	const char *extends; /* of a derived pattern: the name of its base,
	                         "" where it has none and is only a prompt,
	                         which a model alone can follow; else NULL */
	int64_t version;     /* of a stored pattern, from 1; else 0 */
};

struct patterns {
	struct pattern *v;
	size_t n;
	size_t cap;
};

/* Parses the three files of one pattern. P_DEFINITION says which key. */
const struct err *pattern_parse(struct arena *a, struct slice definition,
    struct slice example, struct slice prompt, struct pattern *ret) MUST_USE;
/* Parses common.yaml, and adds its options to those of a pattern. */
const struct err *pattern_parse_common(struct arena *a, struct slice text,
    struct pattern *ret) MUST_USE;
/* NULL if there is none of that name. */
const struct pattern *pattern_find(const struct patterns *patterns,
    const char *name);
const struct option *pattern_option(const struct pattern *pattern,
    const char *name);
/* "keys, order_by": for messages. */
const char *pattern_option_names(struct arena *a,
    const struct pattern *pattern);
/* "boolean", "choice": as definitions have it. */
const char *option_kind_name(enum option_kind kind) RETURNS_NONNULL;
/* "open", "fixed", "hidden" */
const char *option_access_name(enum option_access access) RETURNS_NONNULL;
/* The role that it is filled in from: "key"; "" for none. */
const char *option_role_name(const struct option *option) RETURNS_NONNULL;
/* "keep, delete": the values of its choices, for messages. */
const char *option_choice_names(struct arena *a, const struct option *option);
bool option_has_choice(const struct option *option, const char *value);
/* The next name of a value that lists columns with commas between, without
 * blanks around it; *rest moves behind it. False at the end. */
bool option_next_column(const char **rest, struct slice *ret);
/* Without regard to case, as Spark compares names. */
bool option_lists(const char *value, const char *name);
bool option_same_value(const struct option *option, const char *a,
    const char *b);
/* Whether there is a strategy to compile it with. */
bool pattern_compiles(const struct pattern *pattern);
const char *strategy_name(enum strategy strategy) RETURNS_NONNULL;

#endif

/*
 * How scenarios are told: rows in small numbers, which the types of the columns
 * dress. For scenario.c and scenario_lines.c alone.
 */
#ifndef T2C_SCRIPT_H
#define T2C_SCRIPT_H

#include "trial/scenario.h"

/* Keys and values of scenarios are numbers; trial_value() dresses them. */
#define NONE (-1)
#define NUMBERS 11

/* More columns are not changed one by one. */
#define CHANGED_MAX 12

/* One row of a batch, in numbers; NONE is NULL. */
struct line {
	int key;
	int value;  /* of the column whose changes matter */
	int latest; /* a history: of a column that is not tracked */
	int time;   /* watermark or order */
	bool gone;
	const char *remark;
};

struct script {
	struct arena *arena;
	const struct trial *trial;
	const struct plan_pipeline *pipeline;
	enum strategy strategy;
	struct scenarios *scenarios;
	int value;  /* the column; -1 if there is none */
	int latest; /* -1 */
	int time;   /* -1 */
	int fresh;  /* a column that changes with every run; -1 */
};

/* A new scenario; then its runs; then what comes of them. */
struct scenario *script_new(const struct script *s, const char *name,
    const char *doc);
struct scenario_run *script_run(const struct script *s,
    struct scenario *scenario, const struct line *lines, size_t n);
void script_add_line(const struct script *s, struct scenario_run *run,
    const struct line *line);
/* What somebody else has stored before. */
void script_stored(const struct script *s, struct scenario *scenario,
    const struct line *lines, size_t n);
/* The last batch again, as a run some time later makes it. */
void script_rerun(const struct script *s, struct scenario *scenario);
void script_play(const struct script *s, struct scenario *scenario);

struct trial_row script_row(const struct script *s, const struct line *line);
/* NULL for NONE, and where the type has no such value. */
struct value script_value(const struct script *s, size_t column, int number);
bool script_has_values(const struct script *s, size_t column, size_t n);

/* All scenarios of the pattern. */
void script_write(const struct script *s);

#endif

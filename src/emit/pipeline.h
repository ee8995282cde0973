/*
 * What emitters ask about a pipeline, whatever language they write.
 */
#ifndef T2C_EMIT_PIPELINE_H
#define T2C_EMIT_PIPELINE_H

#include "plan/plan.h"

/* What a plan's code calls, if some pipeline does. */
enum need {
	NEED_ALWAYS,
	NEED_COMMENT,    /* columns have comments */
	NEED_LACKING,    /* columns are added to the target */
	NEED_DEFINITION, /* the target is defined before it is written */
	NEED_KEYS,       /* keys must be there once */
	NEED_MATCHES,    /* joins must find one row */
	NEED_RULES,
	NEED_REFUSAL,    /* of rows that break a rule */
	NEED_REPORT,     /* of those */
	NEED_QUARANTINE, /* that is added to */
	NEED_RELEASE,    /* that is taken from */
	NEED_ONCE,       /* of equal rows one is loaded */
	NEED_RECENT,     /* late rows are left out */
	NEED_NEWEST,     /* of rows of a key the newest is loaded */
	NEED_MERGE,
	NEED_HISTORY,
	NEED_VANISHED, /* versions of vanished keys end */
	NEED_IN_TIME,  /* late versions are left out */
};
bool plan_needs(const struct plan *plan, enum need need);

/* The target is defined before it is written: a write of rows could not say
 * all of it. */
bool pipeline_defines(const struct plan_pipeline *p);
/* Does the merge delete rows, which the column _deleted marks? */
bool pipeline_deletes(const struct plan_pipeline *p);
/* Must its joins find one row at most? */
bool pipeline_matches_once(const struct plan_pipeline *p);
/* Does the column tell whether the target of an append holds a row already?
 * Keys and watermark do, or without keys all that lasts. */
bool pipeline_tells_row(const struct plan_pipeline *p, size_t column);
/* Is the row of a merge another one if this column is? */
bool pipeline_compares(const struct plan_pipeline *p, size_t column);
/* Are rows taken out of a quarantine when their key, or a newer one, has
 * passed? */
bool pipeline_releases(const struct plan_pipeline *p);
/* The write is told which rows broke a rule: their keys have not vanished. */
bool pipeline_tells_failed(const struct plan_pipeline *p);
/* The condition, in SQL, of rows that may break rules: those that say that a
 * key was deleted need no values. */
const char *pipeline_exempt(struct arena *a, const struct plan_pipeline *p)
    RETURNS_NONNULL;

/* What a column is to a history. */
enum part { PART_KEY, PART_TRACKED, PART_LATEST, PART_VOLATILE, PART_OTHER };
enum part pipeline_part(const struct plan_pipeline *p, size_t column);

/* Rows of the sheet that are equally far apart. */
struct row_run {
	int64_t first;
	int64_t last;
	int64_t step;
};
struct row_runs {
	struct row_run *v;
	size_t n;
	size_t cap;
};
/* The row of each column, in short. Columns that an option adds come last and
 * have none. */
void pipeline_rows(struct arena *a, const struct plan_pipeline *p,
    struct row_runs *ret);

#endif

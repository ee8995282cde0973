/*
 * Stored generations: the result of one compilation or of a model's answer,
 * with everything needed to repeat it. Never changed once they have ended.
 * People see their own, administrators all.
 */
#ifndef T2C_GENERATIONS_H
#define T2C_GENERATIONS_H

#include "core/mappings.h"

enum generation_status {
	GENERATION_RUNNING, /* a model writes, see core/answers.h */
	GENERATION_SUCCEEDED,
	GENERATION_FAILED,
	GENERATION_STOPPED,
	GENERATION__STATUS_COUNT
};

struct generation {
	struct generation_id id;
	struct mapping_id mapping;
	int64_t revision_number;
	const char *name;        /* of the mapping when generated */
	const char *pattern;     /* "merge" */
	int64_t pattern_version; /* core/own_patterns.h; 0: the program's */
	const char *options;     /* JSON object, as given */
	const char *engine;      /* "compiler", "model", "proposal" */
	const char *compiler;    /* its version, "0.1.0"; which model */
	const char *targets;     /* names, ", " between */
	int64_t target_count;
	int64_t column_count;
	enum generation_status status;
	const char *error; /* message where it failed, "" otherwise */
	int64_t duration_us;
	int64_t created_ms;
	const char *owner;
	const char *code;       /* the notebook; "" in lists, on failure */
	const char *plan;       /* plan.json; "" in lists */
	const char *source_map; /* JSON; NULL for none when created */
	const char *tests;      /* of the code; NULL if there are none */
	/* Columns whose values they do not state, as untested_json() writes
	 * them; NULL for none when created. */
	const char *untested;
};

/* "running", "succeeded": as stored, and as a filter takes it. */
const char *generation_status_name(enum generation_status status);
/* FAILED for a word that is none. */
enum generation_status generation_status_find(const char *name);

struct generation_list {
	struct generation *v;
	size_t n;
	size_t cap;
};

enum generation_sort {
	SORT_CREATED,
	SORT_NAME,
	SORT_PATTERN,
	SORT_TARGET,
	SORT_STATUS,
	SORT_DURATION,
	SORT_OWNER,
	SORT__COUNT
};

struct generation_filter {
	const char *text;    /* in name or targets, ASCII letters in
	                                either case; NULL */
	const char *pattern; /* NULL: any */
	const char *status;  /* "succeeded", "failed", NULL */
	const char *owner;   /* NULL: any (own only, unless admin) */
	int64_t from_ms;     /* created at or after; 0 */
	int64_t to_ms;       /* created before; 0 */
	enum generation_sort sort;
	bool ascending;
	int64_t limit;
	int64_t offset;
};

/* Stores g (id, owner, created are set here). The same key from the same user
 * gives the first row again. W_NOT_FOUND where the revision of the mapping is
 * not there or not the user's to see. */
const struct err *generations_create(const struct app *app,
    const struct user *user, const char *idempotency_key,
    const struct generation *g, struct generation_id *ret) MUST_USE;
/* The same within a transaction that is open; *ret_made is false where the key
 * had made one. The key is one of key_check(). */
const struct err *generations_insert(const struct app *app, struct arena *a,
    const struct user *user, const char *key, const struct generation *g,
    struct generation_id *ret, bool *ret_made) MUST_USE;
/* The row that this user's key made; *ret 0 if none. Asked before compiling,
 * so that a repeated POST costs nothing. */
const struct err *generations_find_key(const struct app *app,
    const struct user *user, const char *idempotency_key,
    struct generation_id *ret) MUST_USE;
const struct err *generations_get(const struct app *app, struct arena *a,
    const struct user *user, struct generation_id id, struct generation *ret)
    MUST_USE;
const struct err *generations_list(const struct app *app, struct arena *a,
    const struct user *user, const struct generation_filter *f,
    struct generation_list *ret, int64_t *ret_total) MUST_USE;
/* Of one mapping, newest first, at most limit; empty for another's. */
const struct err *generations_of_mapping(const struct app *app, struct arena *a,
    const struct user *user, struct mapping_id id, int64_t limit,
    struct generation_list *ret) MUST_USE;
/* Whether one of the user's generations of that mapping was made with that
 * version of a pattern. */
const struct err *generations_used(const struct app *app,
    const struct user *user, struct mapping_id id, const char *pattern,
    int64_t version, bool *ret) MUST_USE;

#endif

/*
 * The patterns of an organisation: documents of plan/derived.h, kept in the
 * database. Each save is a new version, which is never changed; patterns are
 * disabled, not deleted, so that a generation can always be made again.
 *
 * They are everybody's to use. Who may write them is for the caller to check:
 * user_edits_patterns(). An installed one is a file of an administrator, taken
 * in when the program starts; nobody changes it here.
 */
#ifndef T2C_OWN_PATTERNS_H
#define T2C_OWN_PATTERNS_H

#include "core/patterns.h"
#include "core/user.h"
#include "plan/derived.h"

struct own_pattern { /* one version of it */
	struct pattern_id id;
	const char *name;
	bool installed;
	bool disabled;
	int64_t version_count;
	int64_t version;   /* from 1 */
	const char *title; /* as that version's document says */
	const char *summary;
	const char *base;     /* "merge"; "" for a prompt alone */
	const char *document; /* YAML, as it was written */
	const char *author;   /* NULL: an administrator, by a file of the
	                     installation or on the command line */
	const char *note;
	int64_t created_ms; /* of the version */
};
struct own_patterns {
	struct own_pattern *v;
	size_t n;
	size_t cap;
};

/* What happened to a pattern: a version, or a switch (version 0). */
struct own_pattern_event {
	int64_t version;
	bool disabled; /* what a switch set */
	const char *title;
	const char *author; /* NULL as above */
	const char *note;
	int64_t created_ms;
};
struct own_pattern_events {
	struct own_pattern_event *v;
	size_t n;
	size_t cap;
};

/* The newest version of each, by name. */
const struct err *own_patterns_list(const struct app *app, struct arena *a,
    struct own_patterns *ret) MUST_USE;
/* A version, 0: the newest. *ret is NULL where there is none. */
const struct err *own_patterns_find(const struct app *app, struct arena *a,
    const char *name, int64_t version, const struct own_pattern **ret) MUST_USE;
/* The newest 500 events, newest first. */
const struct err *own_patterns_history(const struct app *app, struct arena *a,
    struct pattern_id id, struct own_pattern_events *ret) MUST_USE;

/*
 * Saves a document that pattern_document_check() finds nothing wrong with, as a
 * new pattern (base 0) or as the version after base of the one that it names.
 *
 * P_NAME_EXISTS where a new one's name is taken, W_CONFLICT where base is not
 * the newest version any more, P_INSTALLED. The newest document again adds
 * nothing, and neither does a repeated POST. author NULL: the command line.
 */
const struct err *own_patterns_save(const struct app *app,
    const struct user *author, int64_t base, const char *note,
    const struct derived *derived, struct slice document, int64_t *ret_version)
    MUST_USE;
/* Takes in the files of the installation: a version for each that is new or
 * has changed. One whose file is gone is like any other from then on.
 * P_NAME_EXISTS where people have another pattern of that name. */
const struct err *own_patterns_install(const struct app *app,
    const struct pattern_files *files) MUST_USE;
/* Disables or enables; nothing where it is so already. W_NOT_FOUND. */
const struct err *own_patterns_switch(const struct app *app,
    const struct user *author, const char *name, bool disabled) MUST_USE;

/*
 * Patterns to compile with. The program's own have a name; a stored one is
 * asked for as "name" or "name@3".
 */

/* The program's patterns, then the enabled stored ones, each fit to compile or
 * a prompt alone. Stored ones that do not fit this release are left out. */
const struct err *own_patterns_offered(const struct app *app, struct arena *a,
    struct patterns *ret) MUST_USE;
/* P_UNKNOWN; P_OUTDATED where the stored document does not fit this release.
 * *ret_disabled says whether only what was made with it may be made again. */
const struct err *own_patterns_get(const struct app *app, struct arena *a,
    const char *reference, const struct pattern **ret, bool *ret_disabled)
    MUST_USE;
/* The same for what a generation keeps of its pattern. */
const struct err *own_patterns_get_version(const struct app *app,
    struct arena *a, const char *name, int64_t version,
    const struct pattern **ret, bool *ret_disabled) MUST_USE;
/* "merge", "customer_dimension@3": what stands for a pattern in forms. */
const char *pattern_reference(struct arena *a, const struct pattern *pattern);

/* What lists call the patterns: the program's, then all stored ones. */
struct pattern_title {
	const char *name;
	const char *title;
};
struct pattern_titles {
	struct pattern_title *v;
	size_t n;
	size_t cap;
};
const struct err *own_patterns_titles(const struct app *app, struct arena *a,
    struct pattern_titles *ret) MUST_USE;
/* "MERGE upsert", "Customer dimension v3"; the name where none is known. */
const char *pattern_title(struct arena *a, const struct pattern_titles *titles,
    const char *name, int64_t version);

#endif

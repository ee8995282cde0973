/*
 * Stored mapping sheets. A sheet's bytes are kept as they came; each
 * correction adds a revision, none is ever overwritten. People see their own,
 * administrators all.
 */
#ifndef T2C_MAPPINGS_H
#define T2C_MAPPINGS_H

#include "core/user.h"
#include "base/str.h"

struct stored_mapping {
	struct mapping_id id;
	const char *name;  /* file name without path, or as given */
	const char *owner; /* user name */
	int64_t created_ms;
	struct revision_id revision; /* of the bytes below: the newest, or the
	                                  one asked for */
	int64_t revision_number;     /* from 1 */
	int64_t revision_count;
	int64_t revised_ms;
	struct slice bytes; /* of that revision */
};

struct mapping_item { /* one line of a list, without bytes */
	struct mapping_id id;
	const char *name;
	const char *owner;
	int64_t created_ms;
	int64_t revised_ms;
	int64_t revision_count;
	int64_t size;
};
struct mapping_items {
	struct mapping_item *v;
	size_t n;
	size_t cap;
};

struct mapping_revision {
	struct revision_id id;
	int64_t number;
	int64_t created_ms;
	const char *note; /* "uploaded", "row 5, Target: …" */
	const char *author;
};
struct mapping_revisions {
	struct mapping_revision *v;
	size_t n;
	size_t cap;
};

/* Stores a new sheet; of a name that is a path, the last part. The same key
 * from the same user gives the row that the first call made (a repeated POST);
 * NULL or "" is no key. M_TOO_LARGE. */
const struct err *mappings_create(const struct app *app,
    const struct user *user, const char *idempotency_key, const char *name,
    struct slice bytes, struct mapping_id *ret) MUST_USE;
/* W_NOT_FOUND where it is absent or another's. */
const struct err *mappings_get(const struct app *app, struct arena *a,
    const struct user *user, struct mapping_id id, struct stored_mapping *ret)
    MUST_USE;
const struct err *mappings_get_revision(const struct app *app, struct arena *a,
    const struct user *user, struct mapping_id id, int64_t number,
    struct stored_mapping *ret) MUST_USE;
/* Adds a revision based on revision number base; W_CONFLICT if that is not
 * the newest any more. Equal bytes add nothing, and neither does a repeated
 * POST: base + 1 is the newest, by the same user, with the same bytes. */
const struct err *mappings_revise(const struct app *app,
    const struct user *user, struct mapping_id id, int64_t base,
    const char *note, struct slice bytes) MUST_USE;
const struct err *mappings_revisions(const struct app *app, struct arena *a,
    const struct user *user, struct mapping_id id,
    struct mapping_revisions *ret) MUST_USE;
/* Newest first. */
const struct err *mappings_list(const struct app *app, struct arena *a,
    const struct user *user, int64_t limit, int64_t offset,
    struct mapping_items *ret, int64_t *ret_total) MUST_USE;

#endif

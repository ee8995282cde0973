/*
 * What the readers of plan/derived.h share.
 */
#ifndef T2C_DERIVED_PARTS_H
#define T2C_DERIVED_PARTS_H

#include "base/json.h"
#include "plan/derived.h"

/* A document on its way to a pattern. */
struct reading {
	struct arena *arena;
	const struct patterns *bases;
	struct derived *derived;
	struct problems *problems;
};

/* The line of a value in the document; 0 where it is absent. */
int64_t derived_line_of(const struct json *v);
struct problem *derived_complain(const struct reading *r, enum err_code code,
    int64_t line, const char *message) RETURNS_NONNULL;
/* Complains of members that have another name, with the nearest one. */
void derived_check_known(const struct reading *r, const struct json *object,
    const char *const *keys, size_t n);
/* The text of a key, of at most so many characters; NULL, and a problem, where
 * v is no text to use. */
const char *derived_take_text(const struct reading *r, const char *key,
    const struct json *v, size_t max, bool one_line);
/* What is said of a model. */
void derived_read_model(const struct reading *r, const struct json *root);

#endif

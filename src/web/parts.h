/*
 * What a query string or a request body says: names and values in the order
 * they came, before any form table gives them a meaning. The bytes are
 * anything at all; only names are known to be short, valid UTF-8 text.
 */
#ifndef T2C_PARTS_H
#define T2C_PARTS_H

#include "base/buf.h"
#include "base/err.h"

#define PARTS_MAX 5000    /* of one request: a row of a wide sheet each */
#define PART_NAME_MAX 200 /* bytes */

struct part {
	const char *name;
	struct slice value;
	const char *file_name; /* without path; NULL: not a file */
};
struct parts {
	struct part *v;
	size_t n;
	size_t cap;
};

/* Reads a body by its content type: urlencoded, multipart/form-data, or a
 * flat JSON object. W_MEDIA_TYPE, W_BAD_REQUEST. An empty body without a
 * content type has no parts. */
const struct err *body_read(struct arena *a, const char *content_type,
    struct slice body, struct parts *ret) MUST_USE;

/* a=1&b=2, with + for a blank and %XX. */
const struct err *query_read(struct arena *a, struct slice text,
    struct parts *ret) MUST_USE;

/* RFC 7578. filename* is ignored, nested multipart is refused. */
const struct err *multipart_read(struct arena *a, const char *content_type,
    struct slice body, struct parts *ret) MUST_USE;

/* Adds a part; W_BAD_REQUEST past PARTS_MAX or for a name that is empty, too
 * long or no text. */
const struct err *part_add(struct arena *a, struct parts *parts,
    struct slice name, struct slice value, const char *file_name) MUST_USE;

/* The value of the first part of that name as a string; NULL if there is
 * none, or it holds a NUL. */
const char *parts_find(struct arena *a, const struct parts *parts,
    const char *name);

/* Decodes %XX. False for a % without two digits. */
bool percent_decode(struct arena *a, struct slice text, bool plus_is_blank,
    struct slice *ret) MUST_USE;

#endif

/*
 * JSON (RFC 8259). Writing is a stream of calls into a buffer; commas and
 * indentation are the writer's business. Reading gives a tree.
 */
#ifndef T2C_JSON_H
#define T2C_JSON_H

#include "base/buf.h"
#include "base/err.h"

struct json_writer {
	struct buf *out;
	int depth;
	bool pretty;   /* two blanks a level, "key": value */
	bool has_item; /* the open object or array is not empty */
	bool after_key;
};

void json_init(struct json_writer *w, struct buf *out, bool pretty);
void json_object(struct json_writer *w);
void json_object_end(struct json_writer *w);
void json_array(struct json_writer *w);
void json_array_end(struct json_writer *w);
void json_key(struct json_writer *w, const char *key);
void json_str(struct json_writer *w, const char *s); /* NULL: null */
void json_slice(struct json_writer *w, struct slice s);
void json_int(struct json_writer *w, int64_t n);
/* n / 100: 5 is 0.05. */
void json_hundredths(struct json_writer *w, int n);
void json_bool(struct json_writer *w, bool b);
void json_null(struct json_writer *w);
/* A tree as it was parsed, numbers to the digit. NULL: null. */
struct json;
void json_value(struct json_writer *w, const struct json *v);
/* key and value in one call */
void json_key_str(struct json_writer *w, const char *key, const char *s);
void json_key_int(struct json_writer *w, const char *key, int64_t n);
void json_key_bool(struct json_writer *w, const char *key, bool b);

enum json_kind {
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

struct json {
	enum json_kind kind;
	const char *key; /* within an object */
	size_t line;     /* of YAML: where key or value begins; else 0 */
	bool boolean;
	double number; /* exact for integers up to 2^53 only */
	/* Of a number: as the text has it; see json_to_int(). */
	const char *string;
	const struct json *child; /* first element or member */
	const struct json *next;  /* next sibling */
};

/* Nesting deeper than 64 and anything after the value are refused. */
const struct err *json_parse(struct arena *a, struct slice text,
    const struct json **ret) MUST_USE;
/* The same for what we wrote ourselves: that it is broken is S_INTERNAL. */
const struct err *json_parse_own(struct arena *a, struct slice text,
    const struct json **ret) MUST_USE;
/* The member of that name, NULL where it or the object is absent. */
const struct json *json_get(const struct json *object, const char *key);
/* The string, or fallback where v is NULL or no string. */
const char *json_string(const struct json *v, const char *fallback);
/* A whole number within [min, max], exact over all of int64_t. False, and *ret
 * untouched, for anything else, and where v is NULL. */
bool json_to_int(const struct json *v, int64_t min, int64_t max, int64_t *ret)
    MUST_USE;

#endif

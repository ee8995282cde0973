/*
 * Forms as typed tables. A route names its form; the dispatcher parses the
 * body (urlencoded, multipart, or a flat JSON object) into the struct, checks
 * each field, and refuses unknown ones. A handler gets it by form_values().
 *
 * Where a field is wrong, or the handler objects by form_reject(), the
 * dispatcher calls the route's `again` handler with req->form->errors set, so
 * the page shows what was typed and what is wrong with it. Nothing of the
 * reply made so far is kept then.
 */
#ifndef T2C_FORM_H
#define T2C_FORM_H

#include "web/req.h"

enum field_kind {
	FIELD_KIND_TEXT,
	FIELD_KIND_INT,
	FIELD_KIND_BOOL,
	FIELD_KIND_FILE
};

/* An uploaded file; n is 0 where the field was left empty. */
struct upload {
	const char *file_name;
	struct slice bytes;
};

struct field {
	const char *name;
	const char *label;
	enum field_kind kind;
	size_t offset;
	int64_t min; /* length in characters, or value */
	int64_t max;
	bool secret; /* a token: no page shows what was typed */
};

/* The member's C type is checked at compile time. */
#define FIELD_CHECK_(s, m, type)                                               \
	(offsetof(s, m) + 0 * sizeof(struct {                                  \
		static_assert(__builtin_types_compatible_p(                    \
		                  __typeof__(((s *)0)->m), type),              \
		    "form field has another type");                            \
		int x;                                                         \
	}))
#define FIELD_(s, m, label, kind, type, min, max, secret)                      \
	{                                                                      \
#m, label, kind, FIELD_CHECK_(s, m, type), min, max, secret    \
	}
#define FIELD_TEXT(s, m, label, min, max)                                      \
	FIELD_(s, m, label, FIELD_KIND_TEXT, const char *, min, max, false)
#define FIELD_SECRET(s, m, label, max)                                         \
	FIELD_(s, m, label, FIELD_KIND_TEXT, const char *, 0, max, true)
#define FIELD_INT(s, m, label, min, max)                                       \
	FIELD_(s, m, label, FIELD_KIND_INT, int64_t, min, max, false)
#define FIELD_BOOL(s, m, label)                                                \
	FIELD_(s, m, label, FIELD_KIND_BOOL, bool, 0, 1, false)
#define FIELD_FILE(s, m, label, max)                                           \
	FIELD_(s, m, label, FIELD_KIND_FILE, struct upload, 0, max, false)

struct form_table {
	const struct field *fields;
	size_t n;
	size_t size;        /* of the struct */
	const char *prefix; /* of further fields that may come, see
	                                    form_extra(); NULL: none may */
};
#define FORM(s, table)                                                         \
	{                                                                      \
		(table), COUNT_OF(table), sizeof(s), NULL                      \
	}
#define FORM_OPEN(s, table)                                                    \
	{                                                                      \
		(table), COUNT_OF(table), sizeof(s), "option."                 \
	}
#define FORM_PREFIX(s, table, prefix)                                          \
	{                                                                      \
		(table), COUNT_OF(table), sizeof(s), (prefix)                  \
	}

struct pair {
	const char *key;
	const char *value;
};
struct pairs {
	struct pair *v;
	size_t n;
	size_t cap;
};

struct form {
	const struct form_table *table; /* NULL: the route takes no form */
	const void *values;             /* the struct, always set where there
	                                    is a table */
	const char **typed;             /* per field: what was sent, "" if
	                                    none; of a file its name */
	const char **errors;            /* per field: NULL or one sentence */
	const char *message;            /* about the form as a whole, NULL if
	                                    nothing */
	bool has_errors;
	const struct err *refused; /* decides the status: the last of
	                                    form_refuse(), or W_TOO_LARGE */
	const char *key;           /* idempotency key, "" if none came */
	struct pairs extra;        /* open forms, without the prefix, in
	                                    the order sent; may repeat a key */
	struct pairs query;        /* the query's pairs */
};

/*
 * What a field takes:
 * TEXT  valid UTF-8 without NUL, CR and CRLF become LF, min to max characters;
 *       min 0 = may be absent, then ""
 * INT   decimal; absent or empty is 0 if 0 lies within min..max
 * BOOL  1 true on yes, or 0 false off no; absent or empty is false
 * FILE  at most max bytes; may be absent. JSON: a string with the content
 * No field may come twice. Besides, every form may have `csrf` (checked by the
 * dispatcher) and `key` (idempotency: 8 to 64 of A-Z a-z 0-9 - _).
 */

/* The checked struct of the request's form. */
#define form_values(req, s) ((const s *)(req)->form->values)
/* What was typed into a field ("" if nothing was), and what is wrong with it
 * (NULL: nothing). Nothing of a secret. Safe on any route;
 * form_error(req, NULL) is about the form as a whole. */
const char *form_typed(const struct req *req, const char *name);
const char *form_error(const struct req *req, const char *name);
/* What was typed if this shows the form again, else the fallback. */
const char *form_shown(const struct req *req, const char *name,
    const char *fallback);
/* A handler's own objection to a field (NULL: to the form); when the handler
 * has returned, the page is shown again with 422. */
void form_reject(struct req *req, const char *name, const char *format, ...)
    PRINTF(3, 4);
/* The same for what core objects to: the message of e, its status, and NULL.
 * A failure of the system (status 500 and up) is returned as it is. */
const struct err *form_refuse(struct req *req, const char *name,
    const struct err *e) MUST_USE;
/* For the hidden field `key` of a form that is shown: the one that came if the
 * form is shown again, else a new one. The same during a request. */
const char *form_key(struct req *req);
/* The first value of an extra field, NULL if absent. */
const char *form_extra(const struct req *req, const char *key);
/* A value of the query string, NULL if absent. Valid UTF-8. */
const char *query_get(const struct req *req, const char *key);

/* For the dispatcher: the query into req->form, which it makes; then the
 * parts of a body by the table of the route. W_BAD_REQUEST for a field that
 * the table does not know. */
struct parts;
const struct err *form_read_query(struct req *req) MUST_USE;
const struct err *form_read(struct req *req, const struct form_table *table,
    const struct parts *parts) MUST_USE;

#endif

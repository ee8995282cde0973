/*
 * Forms as typed tables. A route names its form; the dispatcher parses the
 * body (urlencoded, multipart, or a flat JSON object) into the struct, checks
 * each field, and refuses unknown ones. A handler gets it by form_values().
 *
 * Where a field is wrong, the dispatcher calls the handler of the form's page
 * again with req->form->errors set, so the page shows what was typed and what
 * is wrong with it.
 */
#ifndef T2C_FORM_H
#define T2C_FORM_H

#include "web/req.h"

enum field_kind { FIELD_KIND_TEXT, FIELD_KIND_INT, FIELD_KIND_BOOL,
	FIELD_KIND_FILE };

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
	int64_t min;                     /* length in characters, or value */
	int64_t max;
};

/* The member's C type is checked at compile time. */
#define FIELD_CHECK_(s, m, type)                                            \
	(offsetof(s, m) +                                                       \
	 0 * sizeof(struct { static_assert(                                      \
	     __builtin_types_compatible_p(__typeof__(((s *)0)->m), type),        \
	     "form field has another type"); int x; }))
#define FIELD_TEXT(s, m, label, min, max)                                   \
	{#m, label, FIELD_KIND_TEXT, FIELD_CHECK_(s, m, const char *), min, max}
#define FIELD_INT(s, m, label, min, max)                                    \
	{#m, label, FIELD_KIND_INT, FIELD_CHECK_(s, m, int64_t), min, max}
#define FIELD_BOOL(s, m, label)                                             \
	{#m, label, FIELD_KIND_BOOL, FIELD_CHECK_(s, m, bool), 0, 1}
#define FIELD_FILE(s, m, label, max)                                        \
	{#m, label, FIELD_KIND_FILE, FIELD_CHECK_(s, m, struct upload), 0, max}

struct form_table {
	const struct field *fields;
	size_t n;
	size_t size;                     /* of the struct */
	bool open;                       /* fields whose name starts with
	                                    "option." are allowed besides: see
	                                    form_extra() */
};
#define FORM(s, table) {(table), COUNT_OF(table), sizeof(s), false}
#define FORM_OPEN(s, table) {(table), COUNT_OF(table), sizeof(s), true}

struct pair { const char *key; const char *value; };
struct pairs { struct pair *v; size_t n; size_t cap; };

struct form {
	const struct form_table *table;
	const void *values;              /* the struct, always set */
	const char **typed;              /* per field: what was sent, "" if none */
	const char **errors;             /* per field: NULL or one sentence */
	bool has_errors;
	struct pairs extra;              /* open forms: option.* without prefix */
	struct pairs query;              /* GET: the query's pairs */
};

/* The checked struct of the request's form. */
#define form_values(req, s) ((const s *)(req)->form->values)
/* What was typed into a field, and what is wrong with it. */
const char *form_typed(const struct req *req, const char *name);
const char *form_error(const struct req *req, const char *name);
/* A handler's own objection to a field; the page is shown again with 422. */
void form_reject(struct req *req, const char *name, const char *format, ...)
    PRINTF(3, 4);
/* A value of the query string, NULL if absent. */
const char *query_get(const struct req *req, const char *key);

#endif

/*
 * Names and values: of a query, a form (application/x-www-form-urlencoded), a
 * JSON object, headers.
 */
#ifndef T2C_SIM_FIELDS_H
#define T2C_SIM_FIELDS_H

#include "base/json.h"

struct field {
	const char *name;
	const char *value;
};

struct fields {
	struct field *v;
	size_t n;
	size_t cap;
};

void fields_add(struct arena *a, struct fields *f, const char *name,
    const char *value);
/* The value of the last field of that name, else fallback. */
const char *fields_get(const struct fields *f, const char *name,
    const char *fallback);
/* Adds those of a form. What is not percent-encoded well stays as it is. */
void fields_add_form(struct arena *a, struct fields *f, struct slice form);
/* Adds the members of an object that are a text, a number, true or false. */
void fields_add_json(struct arena *a, struct fields *f,
    const struct json *object);
/* Writes them as the members of an object, as texts. */
void fields_json(struct json_writer *w, const struct fields *f);

#endif

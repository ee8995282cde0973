#include "base/base.h"

#include "web/form.h"

#include "sys/crypto.h"
#include "web/parts.h"

#include <string.h>

#define KEY_MIN 8
#define KEY_MAX 64

static bool
is_text(struct slice s)
{
	return utf8_valid(s) && !(s.n > 0 && memchr(s.p, '\0', s.n));
}

static struct form *
form_new(struct arena *a)
{
	struct form *form = arena_new(a, struct form);

	form->key = "";
	return form;
}

const struct err *
form_read_query(struct req *req)
{
	struct arena *a = req->arena;
	const struct err *e;
	struct parts parts = {0};

	req->form = form_new(a);
	e = query_read(a, slice_of(req->query ? req->query : ""), &parts);
	if (e)
		return e;
	for (size_t i = 0; i < parts.n; i++) {
		struct pair *pair;

		if (!is_text(parts.v[i].value))
			return err_new(W_BAD_REQUEST,
			    "The address holds something that is no text.");
		pair = LIST_ADD(a, &req->form->query);
		pair->key = parts.v[i].name;
		pair->value = slice_dup_lf(a, parts.v[i].value);
	}
	return NULL;
}

static size_t
find_field(const struct form_table *table, const char *name)
{
	size_t i = 0;

	while (i < table->n && !str_eq(table->fields[i].name, name))
		i++;
	return i;
}

static PRINTF(3, 4) void object(struct req *req, size_t field,
    const char *format, ...)
{
	struct form *form = req->form;
	va_list ap;

	form->has_errors = true;
	if (form->errors[field])
		return;
	va_start(ap, format);
	form->errors[field] = arena_vprintf(req->arena, format, ap);
	va_end(ap);
}

static void
read_text(struct req *req, size_t i, struct slice value, void *target)
{
	const struct field *f = &req->form->table->fields[i];
	const char *text;
	size_t length;

	if (!is_text(value)) {
		object(req, i, "%s is not text.", f->label);
		return;
	}
	text = slice_dup_lf(req->arena, value);
	length = utf8_length(slice_of(text));
	if (length > (size_t)f->max)
		object(req, i,
		    "%s may have %" PRId64 " characters; this has "
		    "%zu.",
		    f->label, f->max, length);
	else if (length < (size_t)f->min && length > 0)
		object(req, i, "%s must have at least %" PRId64 " characters.",
		    f->label, f->min);
	else if (length < (size_t)f->min)
		object(req, i, "%s is missing.", f->label);
	if (!f->secret)
		req->form->typed[i] = text;
	memcpy(target, &text, sizeof(text));
}

static void
read_int(struct req *req, size_t i, struct slice value, void *target)
{
	const struct field *f = &req->form->table->fields[i];
	struct slice s = slice_trim(value);
	int64_t n = 0;

	if (is_text(value))
		req->form->typed[i] = slice_dup(req->arena, value);
	if (s.n == 0 && f->min <= 0 && f->max >= 0)
		return;
	if (s.n == 0)
		object(req, i, "%s is missing.", f->label);
	else if (!slice_to_int(s, f->min, f->max, &n))
		object(req, i,
		    "%s is a whole number from %" PRId64 " to %" PRId64 ".",
		    f->label, f->min, f->max);
	memcpy(target, &n, sizeof(n));
}

static bool
is_among(struct slice s, const char *const words[4])
{
	for (size_t i = 0; i < 4; i++)
		if (slice_is(s, words[i]))
			return true;
	return false;
}

static void
read_bool(struct req *req, size_t i, struct slice value, void *target)
{
	static const char *const yes[4] = {"1", "true", "on", "yes"};
	static const char *const no[4] = {"0", "false", "off", "no"};
	const bool is_true = is_among(value, yes);

	if (!is_true && value.n > 0 && !is_among(value, no))
		object(req, i, "%s is yes or no.",
		    req->form->table->fields[i].label);
	req->form->typed[i] = is_true ? "1" : "";
	memcpy(target, &is_true, sizeof(is_true));
}

static void
read_upload(struct req *req, size_t i, const struct part *part, void *target)
{
	const struct field *f = &req->form->table->fields[i];
	struct upload upload = {"", {"", 0}};

	if (part) {
		upload.bytes = part->value;
		if (part->file_name)
			upload.file_name = part->file_name;
	}
	if (upload.bytes.n > (size_t)f->max) {
		object(req, i, "%s may have at most %" PRId64 " MB.", f->label,
		    f->max / (1024 * 1024));
		/* The page shows it with the status 413. */
		req->form->refused = err_new(W_TOO_LARGE, "%s",
		    req->form->errors[i]);
	}
	req->form->typed[i] = upload.file_name;
	memcpy(target, &upload, sizeof(upload));
}

/* part is NULL where the field did not come: it is then read as empty, which
 * gives the member its value and finds what is missing. */
static void
read_field(struct req *req, size_t i, const struct part *part, char *values)
{
	const struct field *f = &req->form->table->fields[i];
	struct slice value = {"", 0};
	void *target = values + f->offset;

	if (part)
		value = part->value;
	switch (f->kind) {
	case FIELD_KIND_TEXT:
		read_text(req, i, value, target);
		break;
	case FIELD_KIND_INT:
		read_int(req, i, value, target);
		break;
	case FIELD_KIND_BOOL:
		read_bool(req, i, value, target);
		break;
	case FIELD_KIND_FILE:
		read_upload(req, i, part, target);
		break;
	}
}

static const struct err *
read_key(struct req *req, const struct part *part)
{
	struct slice s = part->value;
	bool good = s.n >= KEY_MIN && s.n <= KEY_MAX;

	for (size_t i = 0; good && i < s.n; i++)
		good = chr_is_alnum(s.p[i]) || s.p[i] == '-' || s.p[i] == '_';
	if (!good)
		return err_new(W_BAD_REQUEST,
		    "The field \"key\" is not a key "
		    "of ours.");
	req->form->key = slice_dup(req->arena, s);
	return NULL;
}

/* A part that no field of the table asks for. */
static const struct err *
read_other(struct req *req, const struct part *part)
{
	const char *prefix = req->form->table->prefix;
	struct pair *pair;

	if (str_eq(part->name, "csrf"))
		return NULL;
	if (str_eq(part->name, "key"))
		return read_key(req, part);
	if (!prefix || !str_starts(part->name, prefix))
		return err_new(W_BAD_REQUEST,
		    "The form has a field \"%s\" "
		    "that does not belong to it.",
		    part->name);
	if (!is_text(part->value))
		return err_new(W_BAD_REQUEST, "The field \"%s\" is not text.",
		    part->name);
	pair = LIST_ADD(req->arena, &req->form->extra);
	pair->key = part->name + strlen(prefix);
	pair->value = slice_dup_lf(req->arena, part->value);
	return NULL;
}

static const struct err *
assign(struct req *req, const struct parts *parts, const struct part **which)
{
	const struct err *e;
	const struct form_table *table = req->form->table;

	for (size_t i = 0; i < parts->n; i++) {
		const struct part *part = &parts->v[i];
		size_t field = find_field(table, part->name);

		if (field == table->n) {
			e = read_other(req, part);
			if (e)
				return e;
		} else if (which[field]) {
			return err_new(W_BAD_REQUEST,
			    "The field \"%s\" came twice.", part->name);
		} else {
			which[field] = part;
		}
	}
	return NULL;
}

const struct err *
form_read(struct req *req, const struct form_table *table,
    const struct parts *parts)
{
	struct form *form = req->form;
	const struct err *e;
	const struct part **which;
	char *values;

	which = arena_array(req->arena, const struct part *, table->n);
	values = arena_alloc(req->arena, table->size);
	form->table = table;
	form->values = values;
	form->typed = arena_array(req->arena, const char *, table->n);
	form->errors = arena_array(req->arena, const char *, table->n);
	for (size_t i = 0; i < table->n; i++)
		form->typed[i] = "";
	e = assign(req, parts, which);
	if (e)
		return e;
	for (size_t i = 0; i < table->n; i++)
		read_field(req, i, which[i], values);
	return NULL;
}

/* The field's number, or SIZE_MAX where there is no form or no such field. */
static size_t
shown_field(const struct req *req, const char *name)
{
	size_t i;

	if (!req->form || !req->form->table)
		return SIZE_MAX;
	i = find_field(req->form->table, name);
	return i < req->form->table->n ? i : SIZE_MAX;
}

const char *
form_typed(const struct req *req, const char *name)
{
	return form_shown(req, name, "");
}

const char *
form_shown(const struct req *req, const char *name, const char *fallback)
{
	size_t i = shown_field(req, name);

	return i == SIZE_MAX ? fallback : req->form->typed[i];
}

const char *
form_error(const struct req *req, const char *name)
{
	size_t i;

	if (!name)
		return req->form ? req->form->message : NULL;
	i = shown_field(req, name);
	return i == SIZE_MAX ? NULL : req->form->errors[i];
}

void
form_reject(struct req *req, const char *name, const char *format, ...)
{
	struct form *form = req->form;
	size_t i = name ? shown_field(req, name) : SIZE_MAX;
	const char *message;
	va_list ap;

	va_start(ap, format);
	message = arena_vprintf(req->arena, format, ap);
	va_end(ap);
	form->has_errors = true;
	if (i == SIZE_MAX)
		form->message = message;
	else
		form->errors[i] = message;
}

const struct err *
form_refuse(struct req *req, const char *name, const struct err *e)
{
	if (code_info(e->code)->http >= 500)
		return e;
	form_reject(req, name, "%s", e->message);
	req->form->refused = e;
	return NULL;
}

const char *
form_key(struct req *req)
{
	if (req->form && !str_empty(req->form->key))
		return req->form->key;
	if (!req->key)
		req->key = crypto_token(req->arena);
	return req->key;
}

static const char *
find_pair(const struct pairs *pairs, const char *key)
{
	for (size_t i = 0; i < pairs->n; i++)
		if (str_eq(pairs->v[i].key, key))
			return pairs->v[i].value;
	return NULL;
}

const char *
form_extra(const struct req *req, const char *key)
{
	return req->form ? find_pair(&req->form->extra, key) : NULL;
}

const char *
query_get(const struct req *req, const char *key)
{
	return req->form ? find_pair(&req->form->query, key) : NULL;
}

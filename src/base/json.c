#include "base/base.h"

#include "base/json.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 64
#define EXACT_MAX 9007199254740992.0 /* 2^53 */

void
json_init(struct json_writer *w, struct buf *out, bool pretty)
{
	*w = (struct json_writer){.out = out, .pretty = pretty};
}

static void
new_line(struct json_writer *w)
{
	int i;

	if (!w->pretty)
		return;
	buf_add_chr(w->out, '\n');
	for (i = 0; i < w->depth; i++)
		buf_add_str(w->out, "  ");
}

/* Whatever must stand before the next value or key. */
static void
before_item(struct json_writer *w)
{
	if (w->after_key) {
		w->after_key = false;
		return;
	}
	if (w->has_item)
		buf_add_chr(w->out, ',');
	if (w->depth > 0)
		new_line(w);
	w->has_item = true;
}

static void
open_level(struct json_writer *w, char c)
{
	before_item(w);
	buf_add_chr(w->out, c);
	w->depth++;
	w->has_item = false;
}

static void
close_level(struct json_writer *w, char c)
{
	w->depth--;
	if (w->has_item)
		new_line(w);
	buf_add_chr(w->out, c);
	w->has_item = true;
	if (w->depth == 0 && w->pretty)
		buf_add_chr(w->out, '\n');
}

void
json_object(struct json_writer *w)
{
	open_level(w, '{');
}

void
json_object_end(struct json_writer *w)
{
	close_level(w, '}');
}

void
json_array(struct json_writer *w)
{
	open_level(w, '[');
}

void
json_array_end(struct json_writer *w)
{
	close_level(w, ']');
}

static void
add_escaped(struct buf *b, unsigned char c)
{
	switch (c) {
	case '"':
		buf_add_str(b, "\\\"");
		break;
	case '\\':
		buf_add_str(b, "\\\\");
		break;
	case '\n':
		buf_add_str(b, "\\n");
		break;
	case '\r':
		buf_add_str(b, "\\r");
		break;
	case '\t':
		buf_add_str(b, "\\t");
		break;
	default:
		buf_printf(b, "\\u%04x", c);
	}
}

static void
add_quoted(struct buf *b, struct slice s)
{
	size_t added = 0;
	size_t i;

	buf_add_chr(b, '"');
	for (i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c >= 0x20 && c != 0x7f && c != '"' && c != '\\')
			continue;
		if (i > added)
			buf_add(b, s.p + added, i - added);
		add_escaped(b, c);
		added = i + 1;
	}
	if (s.n > added)
		buf_add(b, s.p + added, s.n - added);
	buf_add_chr(b, '"');
}

void
json_key(struct json_writer *w, const char *key)
{
	before_item(w);
	add_quoted(w->out, slice_of(key));
	buf_add_str(w->out, w->pretty ? ": " : ":");
	w->after_key = true;
}

void
json_slice(struct json_writer *w, struct slice s)
{
	before_item(w);
	add_quoted(w->out, s);
}

void
json_str(struct json_writer *w, const char *s)
{
	if (s)
		json_slice(w, slice_of(s));
	else
		json_null(w);
}

void
json_int(struct json_writer *w, int64_t n)
{
	before_item(w);
	buf_printf(w->out, "%" PRId64, n);
}

void
json_hundredths(struct json_writer *w, int n)
{
	before_item(w);
	buf_printf(w->out, "%s%d.%02d", n < 0 ? "-" : "", abs(n / 100),
	    abs(n % 100));
}

void
json_bool(struct json_writer *w, bool b)
{
	before_item(w);
	buf_add_str(w->out, b ? "true" : "false");
}

void
json_null(struct json_writer *w)
{
	before_item(w);
	buf_add_str(w->out, "null");
}

void
json_value(struct json_writer *w, const struct json *v)
{
	const struct json *child;

	if (!v || v->kind == JSON_NULL) {
		json_null(w);
	} else if (v->kind == JSON_BOOL) {
		json_bool(w, v->boolean);
	} else if (v->kind == JSON_STRING) {
		json_str(w, v->string);
	} else if (v->kind == JSON_NUMBER) {
		before_item(w);
		buf_add_str(w->out, v->string);
	} else if (v->kind == JSON_ARRAY) {
		json_array(w);
		for (child = v->child; child; child = child->next)
			json_value(w, child);
		json_array_end(w);
	} else {
		json_object(w);
		for (child = v->child; child; child = child->next) {
			json_key(w, child->key);
			json_value(w, child);
		}
		json_object_end(w);
	}
}

void
json_key_str(struct json_writer *w, const char *key, const char *s)
{
	json_key(w, key);
	json_str(w, s);
}

void
json_key_int(struct json_writer *w, const char *key, int64_t n)
{
	json_key(w, key);
	json_int(w, n);
}

void
json_key_bool(struct json_writer *w, const char *key, bool b)
{
	json_key(w, key);
	json_bool(w, b);
}

/* The next number of a text that cJSON has read: it keeps none of them as they
 * stand there, but gives them in their order. */
static const char *
next_number(struct arena *a, const char **text)
{
	const char *p = *text;
	size_t n;

	while (*p != '-' && !chr_is_digit(*p)) {
		if (*p++ != '"')
			continue;
		for (; *p != '"'; p++) {
			if (*p == '\\')
				p++;
		}
		p++;
	}
	n = strspn(p, "+-.0123456789Ee");
	*text = p + n;
	return arena_strndup(a, p, n);
}

/* text is where the numbers of c and of what follows it stand. */
static struct json *
copy_node(struct arena *a, const cJSON *c, const char **text)
{
	struct json *v = arena_new(a, struct json);
	const struct json **tail = &v->child;
	const cJSON *item;

	if (c->string)
		v->key = arena_strdup(a, c->string);
	if (cJSON_IsBool(c)) {
		v->kind = JSON_BOOL;
		v->boolean = cJSON_IsTrue(c);
	} else if (cJSON_IsNumber(c)) {
		v->kind = JSON_NUMBER;
		v->number = c->valuedouble;
		v->string = next_number(a, text);
	} else if (cJSON_IsString(c)) {
		v->kind = JSON_STRING;
		v->string = arena_strdup(a, c->valuestring);
	} else if (cJSON_IsArray(c) || cJSON_IsObject(c)) {
		v->kind = cJSON_IsArray(c) ? JSON_ARRAY : JSON_OBJECT;
	}
	cJSON_ArrayForEach(item, c) {
		struct json *child = copy_node(a, item, text);

		*tail = child;
		tail = &child->next;
	}
	return v;
}

/* cJSON's own nesting limit is 1000; ours protects our recursion and is
 * checked on the text, outside strings. */
static bool
too_deep(struct slice text)
{
	bool in_string = false;
	int depth = 0;
	size_t i;

	for (i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
		} else if (c == '"') {
			in_string = true;
		} else if (c == '[' || c == '{') {
			if (++depth > MAX_DEPTH)
				return true;
		} else if (c == ']' || c == '}') {
			depth--;
		}
	}
	return false;
}

const struct err *
json_parse(struct arena *a, struct slice text, const struct json **ret)
{
	const char *copy = slice_dup(a, text);
	const char *numbers = copy;
	const char *end = NULL;
	cJSON *c;

	if (!utf8_valid(text) || slice_of(copy).n != text.n)
		return err_new(W_BAD_REQUEST, "The JSON is not UTF-8 text.");
	if (too_deep(text))
		return err_new(W_BAD_REQUEST,
		    "The JSON is nested more than %d levels deep.", MAX_DEPTH);
	c = cJSON_ParseWithOpts(copy, &end, 1);
	if (!c)
		return err_new(W_BAD_REQUEST,
		    "The JSON cannot be read at byte %zu.",
		    end ? (size_t)(end - copy) : 0);
	*ret = copy_node(a, c, &numbers);
	cJSON_Delete(c);
	return NULL;
}

const struct err *
json_parse_own(struct arena *a, struct slice text, const struct json **ret)
{
	const struct err *e = json_parse(a, text, ret);

	return e ? err_system(S_INTERNAL, "JSON of our own: %s", e->message)
	         : NULL;
}

const struct json *
json_get(const struct json *object, const char *key)
{
	const struct json *v;

	if (!object || object->kind != JSON_OBJECT)
		return NULL;
	for (v = object->child; v; v = v->next) {
		if (str_eq(v->key, key))
			return v;
	}
	return NULL;
}

const char *
json_string(const struct json *v, const char *fallback)
{
	return v && v->kind == JSON_STRING ? v->string : fallback;
}

bool
json_to_int(const struct json *v, int64_t min, int64_t max, int64_t *ret)
{
	if (!v || v->kind != JSON_NUMBER)
		return false;
	if (str_to_int(v->string, min, max, ret))
		return true;
	/* 1.0 and 1e3 are whole, too. */
	if (!strpbrk(v->string, ".eE") || fabs(v->number) > EXACT_MAX ||
	    floor(v->number) != v->number || v->number < (double)min ||
	    v->number > (double)max)
		return false;
	*ret = (int64_t)v->number;
	return true;
}

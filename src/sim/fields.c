#include "base/base.h"

#include "sim/fields.h"

#include <string.h>

void
fields_add(struct arena *a, struct fields *f, const char *name,
    const char *value)
{
	*LIST_ADD(a, f) = (struct field){name, value};
}

const char *
fields_get(const struct fields *f, const char *name, const char *fallback)
{
	size_t i = f->n;

	while (i-- > 0) {
		if (str_eq(f->v[i].name, name))
			return f->v[i].value;
	}
	return fallback;
}

static const char *
decoded(struct arena *a, struct slice text)
{
	char *p = arena_alloc(a, text.n + 1);
	size_t n = 0;
	size_t i;

	for (i = 0; i < text.n; i++) {
		int high = i + 2 < text.n ? chr_hex(text.p[i + 1]) : -1;
		int low = i + 2 < text.n ? chr_hex(text.p[i + 2]) : -1;

		p[n] = text.p[i] == '+' ? ' ' : text.p[i];
		if (text.p[i] == '%' && high >= 0 && low >= 0) {
			p[n] = (char)(high * 16 + low);
			i += 2;
		}
		n++;
	}
	return p;
}

void
fields_add_form(struct arena *a, struct fields *f, struct slice form)
{
	while (form.n > 0) {
		const char *end = memchr(form.p, '&', form.n);
		size_t n = end ? (size_t)(end - form.p) : form.n;
		const char *equals = memchr(form.p, '=', n);
		size_t name = equals ? (size_t)(equals - form.p) : n;
		size_t value = equals ? name + 1 : n;

		if (n > 0)
			fields_add(a, f,
			    decoded(a, (struct slice){form.p, name}),
			    decoded(a,
			        (struct slice){form.p + value, n - value}));
		form.p += end ? n + 1 : n;
		form.n -= end ? n + 1 : n;
	}
}

void
fields_add_json(struct arena *a, struct fields *f, const struct json *object)
{
	const struct json *v;

	if (!object || object->kind != JSON_OBJECT)
		return;
	for (v = object->child; v; v = v->next) {
		if (v->kind == JSON_STRING || v->kind == JSON_NUMBER)
			fields_add(a, f, v->key, v->string);
		else if (v->kind == JSON_BOOL)
			fields_add(a, f, v->key, v->boolean ? "true" : "false");
	}
}

void
fields_json(struct json_writer *w, const struct fields *f)
{
	size_t i;

	json_object(w);
	for (i = 0; i < f->n; i++)
		json_key_str(w, f->v[i].name, f->v[i].value);
	json_object_end(w);
}

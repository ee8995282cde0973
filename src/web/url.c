#include "base/base.h"

#include "web/url.h"

#include <string.h>

struct url {
	const char *text;
};

static const struct url *
make(struct arena *a, const char *text)
{
	struct url *u = arena_new(a, struct url);

	u->text = text;
	return u;
}

const struct url *
url_path(struct arena *a, const char *format, ...)
{
	struct buf b;
	va_list ap;

	assert(format[0] == '/');
	buf_init(&b, a, 4096);
	va_start(ap, format);
	for (const char *f = format; *f; f++) {
		if (*f != '%') {
			buf_add_chr(&b, *f);
			continue;
		}
		f++;
		if (*f == 's') {
			buf_add_percent(&b, slice_of(va_arg(ap, const char *)));
		} else if (*f == 'd') {
			buf_add_int(&b, va_arg(ap, int));
		} else {
			assert(str_starts(f, PRId64));
			buf_add_int(&b, va_arg(ap, int64_t));
			f += sizeof(PRId64) - 2;
		}
	}
	va_end(ap);
	/* "//host" would lead away; an empty %s can make it. */
	if (str_starts(buf_str(&b), "//"))
		return make(a, "/");
	return make(a, buf_str(&b));
}

const struct url *
url_with(struct arena *a, const struct url *u, const char *key,
    const char *value)
{
	const char *fragment = strchr(u->text, '#');
	size_t n = fragment ? (size_t)(fragment - u->text) : strlen(u->text);
	struct buf b;

	if (!value)
		return u;
	buf_init(&b, a, SIZE_MAX - 1);
	buf_add(&b, u->text, n);
	buf_add_chr(&b, memchr(u->text, '?', n) ? '&' : '?');
	buf_add_percent(&b, slice_of(key));
	buf_add_chr(&b, '=');
	buf_add_percent(&b, slice_of(value));
	if (fragment)
		buf_add_str(&b, fragment);
	return make(a, buf_str(&b));
}

const struct url *
url_fragment(struct arena *a, const struct url *u, const char *fragment)
{
	size_t n = strcspn(u->text, "#");
	struct buf b;

	buf_init(&b, a, SIZE_MAX - 1);
	buf_add(&b, u->text, n);
	buf_add_chr(&b, '#');
	buf_add_percent(&b, slice_of(fragment));
	return make(a, buf_str(&b));
}

const struct url *
url_local(struct arena *a, const char *text)
{
	if (!text || text[0] != '/' || text[1] == '/' || strlen(text) > 2000)
		return NULL;
	for (const char *p = text; *p; p++)
		if (*p <= 0x20 || *p == 0x7f || *p == '\\' || *p == '"' ||
		    *p == '<' || *p == '>')
			return NULL;
	return make(a, text);
}

const char *
url_text(const struct url *u)
{
	return u->text;
}

#include "base/base.h"

#include "web/parts.h"

#include <string.h>

bool
percent_decode(struct arena *a, struct slice text, bool plus_is_blank,
    struct slice *ret)
{
	char *p = arena_alloc(a, text.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '+' && plus_is_blank) {
			c = ' ';
		} else if (c == '%') {
			int high = i + 2 < text.n ? chr_hex(text.p[i + 1]) : -1;
			int low = i + 2 < text.n ? chr_hex(text.p[i + 2]) : -1;

			if (high < 0 || low < 0)
				return false;
			c = (char)(high * 16 + low);
			i += 2;
		}
		p[n++] = c;
	}
	*ret = (struct slice){p, n};
	return true;
}

const struct err *
part_add(struct arena *a, struct parts *parts, struct slice name,
    struct slice value, const char *file_name)
{
	struct part *part;

	if (parts->n == PARTS_MAX)
		return err_new(W_BAD_REQUEST,
		    "The form has more than %d fields.", PARTS_MAX);
	if (name.n == 0 || name.n > PART_NAME_MAX || !utf8_valid(name) ||
	    memchr(name.p, '\0', name.n))
		return err_new(W_BAD_REQUEST,
		    "A field of the form has no usable name.");
	part = LIST_ADD(a, parts);
	part->name = slice_dup(a, name);
	part->value = value;
	part->file_name = file_name;
	return NULL;
}

static const struct err *
read_pair(struct arena *a, struct slice pair, struct parts *ret)
{
	const char *equals = memchr(pair.p, '=', pair.n);
	size_t n = equals ? (size_t)(equals - pair.p) : pair.n;
	struct slice name = {pair.p, n};
	struct slice value = {pair.p + pair.n, 0};

	if (equals)
		value = (struct slice){equals + 1, pair.n - n - 1};
	if (!percent_decode(a, name, true, &name) ||
	    !percent_decode(a, value, true, &value))
		return err_new(W_BAD_REQUEST,
		    "A percent sign is not followed by two digits.");
	return part_add(a, ret, name, value, NULL);
}

const struct err *
query_read(struct arena *a, struct slice text, struct parts *ret)
{
	const struct err *e;

	while (text.n > 0) {
		const char *end = memchr(text.p, '&', text.n);
		struct slice pair = text;

		if (end)
			pair.n = (size_t)(end - text.p);
		text.p += pair.n + (end ? 1 : 0);
		text.n -= pair.n + (end ? 1 : 0);
		if (pair.n == 0)
			continue;
		e = read_pair(a, pair, ret);
		if (e)
			return e;
	}
	return NULL;
}

const char *
parts_find(struct arena *a, const struct parts *parts, const char *name)
{
	for (size_t i = 0; i < parts->n; i++) {
		const struct part *part = &parts->v[i];

		if (!str_eq(part->name, name))
			continue;
		if (part->value.n > 0 &&
		    memchr(part->value.p, '\0', part->value.n))
			return NULL;
		return slice_dup(a, part->value);
	}
	return NULL;
}

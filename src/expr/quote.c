#include "base/base.h"

#include "expr/expr.h"

#include "base/buf.h"
#include "expr/keywords.h"

#include <string.h>

static bool
is_plain(const char *name)
{
	size_t i;

	if (!chr_is_alpha(name[0]) && name[0] != '_')
		return false;
	for (i = 0; name[i]; i++) {
		if (!chr_is_alnum(name[i]) && name[i] != '_')
			return false;
	}
	return !keyword_is_quoted(keyword_find((struct slice){name, i}));
}

const char *
expr_quote_name(struct arena *a, const char *name)
{
	struct buf b;
	const char *p;

	if (is_plain(name))
		return arena_strdup(a, name);
	buf_init(&b, a, 2 * strlen(name) + 2);
	buf_add_chr(&b, '`');
	for (p = name; *p; p++) {
		if (*p == '`')
			buf_add_chr(&b, '`');
		buf_add_chr(&b, *p);
	}
	buf_add_chr(&b, '`');
	return buf_str(&b);
}

const char *
expr_quote_string(struct arena *a, const char *s)
{
	static const char from[] = "'\\\n\r\t\b\x1a";
	static const char to[] = "'\\nrtbZ";
	struct buf b;

	buf_init(&b, a, 2 * strlen(s) + 2);
	buf_add_chr(&b, '\'');
	for (; *s; s++) {
		const char *special = strchr(from, *s);

		if (special) {
			buf_add_chr(&b, '\\');
			buf_add_chr(&b, to[special - from]);
		} else {
			buf_add_chr(&b, *s);
		}
	}
	buf_add_chr(&b, '\'');
	return buf_str(&b);
}

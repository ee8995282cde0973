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

/* The quote at `at` begins a raw literal: r'…', where r is no end of a word. */
static bool
is_raw(const char *text, size_t at)
{
	return at > 0 && text[at] != '`' && chr_lower(text[at - 1]) == 'r' &&
	    (at == 1 ||
	        (!chr_is_alnum(text[at - 2]) && text[at - 2] != '_' &&
	            !(text[at - 2] & 0x80)));
}

const char *
expr_one_line(struct arena *a, const char *text)
{
	struct buf b;
	char quote = '\0';
	bool raw = false;
	size_t i;

	buf_init(&b, a, 6 * strlen(text));
	for (i = 0; text[i]; i++) {
		char c = text[i];

		if (quote && (raw || quote == '`') && strchr("\n\r$", c))
			return NULL;
		if (quote && c == '$') {
			buf_add_str(&b, "\\u0024");
			continue;
		}
		if (c == '\n' || c == '\r') {
			buf_add_str(&b,
			    !quote          ? " "
			        : c == '\n' ? "\\n"
			                    : "\\r");
			continue;
		}
		if (quote && !raw && quote != '`' && c == '\\' && text[i + 1]) {
			/* Before these it says nothing. */
			if (strchr("\n\r$", text[i + 1]))
				continue;
			buf_add_chr(&b, c);
			buf_add_chr(&b, text[++i]);
			continue;
		}
		buf_add_chr(&b, c);
		if (quote) {
			quote = c == quote ? '\0' : quote;
		} else if (c == '\'' || c == '"' || c == '`') {
			quote = c;
			raw = is_raw(text, i);
		}
	}
	return buf_str(&b);
}

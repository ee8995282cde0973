#include "base/base.h"

#include "lang/pystring.h"

#include "base/buf.h"
#include "lang/lang.h"

void
pystring_read(struct slice text, size_t start, size_t end, struct pystring *ret)
{
	size_t i = start;
	size_t quotes = 1;

	*ret = (struct pystring){0};
	for (; i < end && text.p[i] != '"' && text.p[i] != '\''; i++) {
		char c = chr_lower(text.p[i]);

		ret->is_raw = ret->is_raw || c == 'r';
		ret->is_format = ret->is_format || c == 'f';
		ret->is_bytes = ret->is_bytes || c == 'b';
	}
	if (end - i >= 6 && text.p[i] == text.p[i + 1] &&
	    text.p[i] == text.p[i + 2])
		quotes = 3;
	ret->start = i + quotes < end ? i + quotes : end;
	ret->end = end >= ret->start + quotes ? end - quotes : ret->start;
}

static void
add_number(struct buf *b, const char **p, const char *end, unsigned base,
    int digits)
{
	uint32_t cp = 0;

	for (; digits > 0 && *p < end; digits--, (*p)++) {
		int d = chr_hex(**p);

		if (d < 0 || (unsigned)d >= base)
			break;
		cp = cp * base + (uint32_t)d;
	}
	if (cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000) || cp == 0)
		cp = 0xfffd;
	buf_add_utf8(b, cp);
}

/* Behind the backslash. */
static void
add_escape(struct buf *b, const char **p, const char *end, bool *ret_odd)
{
	static const char known[] = "n\nt\tr\ra\ab\bf\fv\v\\\\''\"\"";
	char c = *(*p)++;
	size_t i;

	if (c == '\r' && *p < end && **p == '\n')
		(*p)++;
	if (c == '\n' || c == '\r')
		return;
	for (i = 0; known[i]; i += 2) {
		if (known[i] == c) {
			buf_add_chr(b, known[i + 1]);
			return;
		}
	}
	if (c == 'x' || c == 'u' || c == 'U') {
		add_number(b, p, end, 16, c == 'x' ? 2 : c == 'u' ? 4 : 8);
	} else if (c >= '0' && c <= '7') {
		(*p)--;
		add_number(b, p, end, 8, 3);
	} else if (c == 'N' && *p < end && **p == '{') {
		while (*p < end && **p != '}')
			(*p)++;
		*p += *p < end;
		buf_add_utf8(b, 0xfffd);
		*ret_odd = true;
	} else {
		buf_add_chr(b, '\\');
		buf_add_chr(b, c);
	}
}

const char *
pystring_value(struct arena *a, struct slice raw, bool is_raw, bool is_format,
    bool *ret_odd)
{
	const char *p = raw.p;
	const char *end = raw.p + raw.n;
	struct buf b;

	buf_init(&b, a, LANG_MAX_BYTES * 4);
	while (p < end) {
		char c = *p++;

		if (c == '\\' && !is_raw && p < end) {
			add_escape(&b, &p, end, ret_odd);
			continue;
		}
		if (is_format && (c == '{' || c == '}') && p < end && *p == c)
			p++;
		buf_add_chr(&b, c);
	}
	return buf_str(&b);
}

#include "base/base.h"

#include "emit/python.h"

#include <stdarg.h>
#include <string.h>

/* Characters that would make code read differently from what it does, or that
 * nobody can see: escaped in literals, dropped from comments. */
static bool
is_invisible(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp <= 0xa0) || cp == 0xad ||
	    cp == 0x61c || cp == 0x180e || (cp >= 0x200b && cp <= 0x200f) ||
	    (cp >= 0x2028 && cp <= 0x202f) || (cp >= 0x205f && cp <= 0x206f) ||
	    cp == 0x3000 || cp == 0xfeff || (cp >= 0xfff9 && cp <= 0xfffb) ||
	    cp >= 0xe0000;
}

static void
add_escaped(struct buf *b, uint32_t cp, char quote)
{
	if (cp == '\n')
		buf_add_str(b, "\\n");
	else if (cp == '\t')
		buf_add_str(b, "\\t");
	else if (cp == '\r')
		buf_add_str(b, "\\r");
	else if (cp == '\\' || cp == (unsigned char)quote)
		buf_printf(b, "\\%c", (char)cp);
	else if (!is_invisible(cp))
		buf_add_utf8(b, cp);
	else if (cp < 0x100)
		buf_printf(b, "\\x%02x", cp);
	else if (cp < 0x10000)
		buf_printf(b, "\\u%04x", cp);
	else
		buf_printf(b, "\\U%08x", cp);
}

static char
quote_for(const char *text)
{
	return strchr(text, '"') && !strchr(text, '\'') ? '\'' : '"';
}

const char *
python_string(struct arena *a, const char *text)
{
	char quote = quote_for(text);
	size_t n = strlen(text);
	struct buf b;
	size_t i = 0;

	buf_init(&b, a, n * 10 + 2);
	buf_add_chr(&b, quote);
	while (i < n) {
		uint32_t cp;

		i += utf8_next(text + i, n - i, &cp);
		add_escaped(&b, cp, quote);
	}
	buf_add_chr(&b, quote);
	return buf_str(&b);
}

const char *
python_comment(struct arena *a, const char *text)
{
	size_t n = strlen(text);
	struct buf b;
	size_t i = 0;

	buf_init(&b, a, n * 4 + 1);
	while (i < n) {
		uint32_t cp;

		i += utf8_next(text + i, n - i, &cp);
		if (cp == '\n' || cp == '\r' || cp == '\t')
			buf_add_chr(&b, ' ');
		else if (cp == '\\')
			buf_add_chr(&b, '/');
		else if (cp == '"')
			buf_add_chr(&b, '\'');
		else if (!is_invisible(cp))
			buf_add_utf8(&b, cp);
	}
	return buf_str(&b);
}

void
python_split(struct arena *a, const char *text, size_t width,
    struct python_pieces *ret)
{
	size_t n = strlen(text);
	size_t start = 0;

	/* Room for quotes; what escaping adds may stick out, which is legal. */
	width = width > 22 ? width - 2 : 20;
	while (start < n) {
		size_t end = start;
		size_t cut = 0;
		size_t columns = 0;

		while (end < n && columns < width) {
			uint32_t cp;

			if (text[end] == ' ' && end > start)
				cut = end;
			end += utf8_next(text + end, n - end, &cp);
			columns++;
		}
		if (end < n && text[end] == ' ')
			cut = end;
		if (end < n && cut > start)
			end = cut;
		*LIST_ADD(a, ret) = python_string(a,
		    arena_strndup(a, text + start, end - start));
		start = end;
	}
}

static void
indent(struct python *py, int level)
{
	int i;

	for (i = 0; i < level; i++)
		buf_add_str(py->out, "    ");
}

bool
python_fits(int level, const char *text)
{
	return (size_t)level * 4 + utf8_length(slice_of(text)) <= PYTHON_WIDTH;
}

void
python_line(struct python *py, int level, const char *format, ...)
{
	va_list ap;
	const char *text;

	va_start(ap, format);
	text = arena_vprintf(py->arena, format, ap);
	va_end(ap);
	if (text[0] != '\0') {
		indent(py, level);
		buf_add_str(py->out, text);
	}
	buf_add_chr(py->out, '\n');
}

void
python_arg(struct python *py, struct python_args *args, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	*LIST_ADD(py->arena, args) = arena_vprintf(py->arena, format, ap);
	va_end(ap);
}

static size_t
joined_width(const struct python_args *args)
{
	size_t width = 0;
	size_t i;

	for (i = 0; i < args->n; i++)
		width += utf8_length(slice_of(args->v[i])) + (i ? 2 : 0);
	return width;
}

static void
put_joined(struct python *py, const struct python_args *args)
{
	size_t i;

	for (i = 0; i < args->n; i++)
		buf_printf(py->out, "%s%s", i ? ", " : "", args->v[i]);
}

/* On one line, or with the arguments on one line of their own. False where
 * neither fits. */
static bool
put_short_call(struct python *py, int level, const char *head,
    const struct python_args *args, const char *tail)
{
	size_t margin = (size_t)level * 4;
	size_t inner = joined_width(args);

	if (margin + utf8_length(slice_of(head)) + inner +
	        utf8_length(slice_of(tail)) <=
	    PYTHON_WIDTH) {
		indent(py, level);
		buf_add_str(py->out, head);
		put_joined(py, args);
		buf_printf(py->out, "%s\n", tail);
		return true;
	}
	if (margin + 4 + inner > PYTHON_WIDTH)
		return false;
	python_line(py, level, "%s", head);
	indent(py, level + 1);
	put_joined(py, args);
	buf_add_chr(py->out, '\n');
	python_line(py, level, "%s", tail);
	return true;
}

void
python_call(struct python *py, int level, const char *head,
    const struct python_args *args, const char *tail)
{
	size_t i;

	if (put_short_call(py, level, head, args, tail))
		return;
	python_line(py, level, "%s", head);
	for (i = 0; i < args->n; i++)
		python_line(py, level + 1, "%s,", args->v[i]);
	python_line(py, level, "%s", tail);
}

void
python_call_list(struct python *py, int level, const char *head,
    const struct python_args *args, const struct python_args *list,
    const char *tail)
{
	struct python_args all = {0};
	struct buf joined;
	size_t i;

	buf_init(&joined, py->arena, joined_width(list) * 4 + 2);
	buf_add_chr(&joined, '[');
	for (i = 0; i < list->n; i++)
		buf_printf(&joined, "%s%s", i ? ", " : "", list->v[i]);
	buf_add_chr(&joined, ']');
	for (i = 0; i < args->n; i++)
		*LIST_ADD(py->arena, &all) = args->v[i];
	*LIST_ADD(py->arena, &all) = buf_str(&joined);
	if (put_short_call(py, level, head, &all, tail))
		return;
	python_line(py, level, "%s", head);
	for (i = 0; i < args->n; i++)
		python_line(py, level + 1, "%s,", args->v[i]);
	python_call(py, level + 1, "[", list, "],");
	python_line(py, level, "%s", tail);
}

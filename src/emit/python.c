#include "base/base.h"

#include "emit/python.h"

#include <stdarg.h>
#include <string.h>

bool
python_is_invisible(uint32_t cp)
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
	else if (!python_is_invisible(cp))
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
		else if (!python_is_invisible(cp))
			buf_add_utf8(&b, cp);
	}
	return buf_str(&b);
}

/* How wide the character is in a literal. */
static size_t
escaped_width(uint32_t cp)
{
	if (cp == '\n' || cp == '\t' || cp == '\r' || cp == '\\' || cp == '"')
		return 2;
	if (!python_is_invisible(cp))
		return 1;
	return cp < 0x100 ? 4 : cp < 0x10000 ? 6 : 10;
}

void
python_split(struct arena *a, const char *text, size_t width,
    struct python_pieces *ret)
{
	size_t n = strlen(text);
	size_t start = 0;

	/* Room for the quotes. */
	width = width > 22 ? width - 2 : 20;
	while (start < n) {
		size_t end = start;
		size_t cut = 0;
		size_t columns = 0;

		while (end < n && columns < width) {
			size_t length;
			uint32_t cp;

			if (text[end] == ' ' && end > start)
				cut = end;
			length = utf8_next(text + end, n - end, &cp);
			columns += escaped_width(cp);
			if (columns > width)
				break;
			end += length;
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
		buf_add_str(py->out, py->is_scala ? "  " : "    ");
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
python_put_words(struct python *py, const char *first, const char *rest,
    const char *text)
{
	const char *lead = first;
	size_t n = strlen(text);

	while (n > 0) {
		size_t width = PYTHON_WIDTH - strlen(lead);
		size_t cut = n;
		size_t i;

		for (i = 1; n > width && i <= width; i++) {
			if (text[i] == ' ')
				cut = i;
		}
		python_line(py, 0, "%s%.*s", lead, (int)cut, text);
		lead = rest;
		text += cut;
		n -= cut;
		if (n > 0) {
			text++;
			n--;
		}
	}
}

void
python_add_piece(struct arena *a, struct python_pieces *pieces,
    const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	*LIST_ADD(a, pieces) = arena_vprintf(a, format, ap);
	va_end(ap);
}

const char *
python_join(struct arena *a, const struct python_pieces *pieces,
    const char *between)
{
	struct buf text;
	size_t bytes = 1;
	size_t i;

	for (i = 0; i < pieces->n; i++)
		bytes += strlen(pieces->v[i]) + strlen(between);
	buf_init(&text, a, bytes);
	for (i = 0; i < pieces->n; i++)
		buf_printf(&text, "%s%s", i ? between : "", pieces->v[i]);
	return buf_str(&text);
}

void
python_put_pieces(struct python *py, int level, const char *name,
    const struct python_pieces *pieces)
{
	struct arena *a = py->arena;
	struct buf whole;
	struct buf literals;
	const char *line;
	size_t i;

	/* Characters have up to four bytes. */
	buf_init(&whole, a, 4 * PYTHON_WIDTH);
	buf_init(&literals, a, 4 * PYTHON_WIDTH);
	for (i = 0; i < pieces->n; i++) {
		buf_printf(&whole, "%s", pieces->v[i]);
		buf_printf(&literals, "%s%s", i ? " " : "",
		    python_string(a, pieces->v[i]));
	}
	line = arena_printf(a, "%s = %s", name,
	    python_string(a, buf_str(&whole)));
	/* Brackets help only where they make room. */
	if (!buf_full(&whole) &&
	    (python_fits(level, line) ||
	        (pieces->n == 1 &&
	            !python_fits(level + 1, buf_str(&literals))))) {
		python_line(py, level, "%s", line);
		return;
	}
	python_line(py, level, "%s = (", name);
	if (!buf_full(&literals) &&
	    python_fits(level + 1, buf_str(&literals))) {
		python_line(py, level + 1, "%s", buf_str(&literals));
	} else {
		for (i = 0; i < pieces->n; i++)
			python_line(py, level + 1, "%s",
			    python_string(a, pieces->v[i]));
	}
	python_line(py, level, ")");
}

int64_t
python_line_number(struct python *py)
{
	const char *end = py->out->p + py->out->n;
	const char *p = py->out->p + py->counted;

	while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
		py->line++;
		p++;
		py->counted = (size_t)(p - py->out->p);
	}
	return py->line + 1;
}

void
python_mark(struct python *py, int64_t first, int64_t row)
{
	int64_t next = python_line_number(py);
	struct source_map *map = py->map;

	/* Parts of the same expression, which were written before it was
	 * complete. */
	while (map->n > 0 && map->v[map->n - 1].first >= first &&
	    map->v[map->n - 1].row == row)
		map->n--;
	if (map->n > 0 && map->v[map->n - 1].last >= first)
		return;
	*LIST_ADD(py->arena, map) = (struct source_span){
	    first, next > first ? next - 1 : first, row};
}

void
python_put_of_row(struct python *py, int level, int64_t row, const char *line)
{
	int64_t first = python_line_number(py);

	python_line(py, level, "%s", line);
	if (row > 0)
		python_mark(py, first, row);
}

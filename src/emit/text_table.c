#include "base/base.h"

#include "emit/text_table.h"

#include "base/json.h"

#include <string.h>

/* Values of arrays, maps and structs are short. */
#define NESTED_MAX ((size_t)64 * 1024)

static bool
is_plain(const char *text)
{
	size_t n = strlen(text);
	size_t i = 0;

	if (n == 0 || text[0] == ' ' || text[n - 1] == ' ' || text[0] == '\'' ||
	    str_eq(text, "NULL") || strstr(text, "\"\"\""))
		return false;
	while (i < n) {
		uint32_t cp;

		i += utf8_next(text + i, n - i, &cp);
		if (cp == '|' || cp == '#' || cp == '\\' ||
		    python_is_invisible(cp))
			return false;
	}
	return true;
}

/* The table stands in a literal itself, so backslashes are doubled. */
static void
add_escaped(struct buf *b, uint32_t cp)
{
	if (cp == '\'')
		buf_add_str(b, "\\\\'");
	else if (cp == '\\')
		buf_add_str(b, "\\\\\\\\");
	else if (cp == '\n')
		buf_add_str(b, "\\\\n");
	else if (cp == '|' || cp == '#' || cp == '"' ||
	    (python_is_invisible(cp) && cp < 0x100))
		buf_printf(b, "\\\\x%02x", cp);
	else if (!python_is_invisible(cp))
		buf_add_utf8(b, cp);
	else if (cp < 0x10000)
		buf_printf(b, "\\\\u%04x", cp);
	else
		buf_printf(b, "\\\\U%08x", cp);
}

const char *
text_cell(struct arena *a, const char *text)
{
	size_t n = strlen(text);
	struct buf b;
	size_t i = 0;

	if (is_plain(text))
		return text;
	buf_init(&b, a, n * 11 + 2);
	buf_add_chr(&b, '\'');
	while (i < n) {
		uint32_t cp;

		i += utf8_next(text + i, n - i, &cp);
		add_escaped(&b, cp);
	}
	buf_add_chr(&b, '\'');
	return buf_str(&b);
}

static void
put_json(struct json_writer *w, struct arena *a, const struct value *v)
{
	size_t i;

	if (v->is_null) {
		json_null(w);
	} else if (v->type.kind == VALUE_ARRAY) {
		json_array(w);
		for (i = 0; i < v->list.n; i++)
			put_json(w, a, &v->list.v[i]);
		json_array_end(w);
	} else if (v->type.kind == VALUE_MAP) {
		json_object(w);
		for (i = 0; i + 1 < v->list.n; i += 2) {
			json_key(w, value_format(a, &v->list.v[i]));
			put_json(w, a, &v->list.v[i + 1]);
		}
		json_object_end(w);
	} else if (v->type.kind == VALUE_STRUCT) {
		json_object(w);
		for (i = 0; i < v->list.n; i++) {
			json_key(w, v->type.field[i].name);
			put_json(w, a, &v->list.v[i]);
		}
		json_object_end(w);
	} else if (v->type.kind == VALUE_BOOLEAN) {
		json_bool(w, v->boolean);
	} else if (value_is_integral(v->type.kind)) {
		json_int(w, v->integer);
	} else {
		json_str(w, value_format(a, v));
	}
}

static const char *
hexadecimal(struct arena *a, struct slice bytes)
{
	struct buf b;
	size_t i;

	buf_init(&b, a, 2 * bytes.n);
	for (i = 0; i < bytes.n; i++)
		buf_printf(&b, "%02x", (unsigned char)bytes.p[i]);
	return buf_str(&b);
}

const char *
text_value_cell(struct arena *a, const struct value *v)
{
	struct json_writer w;
	struct buf b;

	if (v->is_null)
		return "NULL";
	if (v->type.kind == VALUE_BINARY)
		return text_cell(a, hexadecimal(a, v->text));
	if (v->type.kind != VALUE_ARRAY && v->type.kind != VALUE_MAP &&
	    v->type.kind != VALUE_STRUCT)
		return text_cell(a, value_format(a, v));
	buf_init(&b, a, NESTED_MAX);
	json_init(&w, &b, false);
	put_json(&w, a, v);
	return text_cell(a, buf_str(&b));
}

void
text_remark(struct arena *a, struct text_table *t, size_t line,
    const char *remark)
{
	while (t->remarks.n <= line)
		*LIST_ADD(a, &t->remarks) = NULL;
	t->remarks.v[line] = remark;
}

static size_t
width_of(const struct text_column *c)
{
	size_t width = 0;
	size_t i;

	for (i = 0; i < c->cells.n; i++) {
		size_t n = utf8_length(slice_of(c->cells.v[i]));

		width = n > width ? n : width;
	}
	return width;
}

static void
put_blanks(struct buf *b, size_t n)
{
	while (n-- > 0)
		buf_add_chr(b, ' ');
}

/* A line longer than a line may be goes on in the next one, at its start: a
 * backslash before the end of a line takes the line end out of the literal. */
static void
put_line(struct python *py, int level, const struct buf *text)
{
	struct slice rest = buf_slice(text);
	size_t columns = (size_t)level * 4;
	bool in_escape = false;
	size_t i = 0;

	while (rest.n > 0 && rest.p[rest.n - 1] == ' ')
		rest.n--;
	put_blanks(py->out, rest.n > 0 ? columns : 0);
	if (columns + rest.n <= PYTHON_WIDTH) {
		buf_add_slice(py->out, rest);
		buf_add_chr(py->out, '\n');
		return;
	}
	while (i < rest.n) {
		struct slice left = {rest.p + i, rest.n - i};
		uint32_t cp;
		size_t length = utf8_next(left.p, left.n, &cp);

		if (columns >= PYTHON_WIDTH - 2 && !in_escape &&
		    columns + utf8_length(left) > PYTHON_WIDTH) {
			buf_add_str(py->out, "\\\n");
			columns = 0;
		}
		in_escape = cp == '\\' && !in_escape;
		buf_add(py->out, left.p, length);
		columns++;
		i += length;
	}
	buf_add_chr(py->out, '\n');
}

static void
put_block(struct python *py, int level, const struct text_table *t,
    const size_t *widths, size_t first, size_t end)
{
	size_t i;
	size_t j;

	for (i = 0; i < t->columns.v[first].cells.n; i++) {
		const char *remark = first == 0 && i < t->remarks.n
		    ? t->remarks.v[i]
		    : NULL;
		struct buf b;

		buf_init(&b, py->arena, SIZE_MAX);
		buf_reserve(&b, 2 * PYTHON_WIDTH);
		for (j = first; j < end; j++) {
			struct slice cell =
			    slice_of(t->columns.v[j].cells.v[i]);

			if (j > first)
				buf_add(&b, " | ", 3);
			buf_add_slice(&b, cell);
			if (j + 1 < end || remark)
				put_blanks(&b, widths[j] - utf8_length(cell));
		}
		if (remark)
			buf_printf(&b, " # %s", remark);
		put_line(py, level, &b);
	}
}

static size_t
remarks_width(const struct text_table *t)
{
	size_t width = 0;
	size_t i;

	for (i = 0; i < t->remarks.n; i++) {
		size_t n = t->remarks.v[i]
		    ? 3 + utf8_length(slice_of(t->remarks.v[i]))
		    : 0;

		width = n > width ? n : width;
	}
	return width;
}

void
text_table_put(struct python *py, int level, const char *name,
    const struct text_table *t)
{
	size_t *widths = arena_array(py->arena, size_t, t->columns.n + 1);
	size_t first = 0;
	size_t i;

	for (i = 0; i < t->columns.n; i++)
		widths[i] = width_of(&t->columns.v[i]);
	python_line(py, level, "%s = \"\"\"", name);
	while (first < t->columns.n) {
		size_t width = (size_t)level * 4 + widths[first] +
		    (first == 0 ? remarks_width(t) : 0);
		size_t end = first + 1;

		while (end < t->columns.n &&
		    width + 3 + widths[end] <= PYTHON_WIDTH)
			width += 3 + widths[end++];
		if (first > 0)
			python_line(py, 0, "%s", "");
		put_block(py, level, t, widths, first, end);
		first = end;
	}
	python_line(py, level, "\"\"\"");
}

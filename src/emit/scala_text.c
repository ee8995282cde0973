#include "base/base.h"

#include "emit/scala_parts.h"

#include "expr/expr.h"

#include <string.h>

/* Bytes of a constant, as the JVM counts them, that one literal may have. */
#define CONSTANT_MAX 60000

/* Scala 2.12 reads \uXXXX before anything else, but takes what it means for a
 * part of the literal; quotes and backslashes are escaped otherwise. */
static void
add_escaped(struct buf *b, uint32_t cp)
{
	static const char from[] = "\n\r\t\b\f\"\\";
	static const char to[] = "nrtbf\"\\";
	const char *special = cp < 0x80 ? strchr(from, (int)cp) : NULL;

	if (special)
		buf_printf(b, "\\%c", to[special - from]);
	else if (!python_is_invisible(cp))
		buf_add_utf8(b, cp);
	else if (cp < 0x10000)
		buf_printf(b, "\\u%04x", cp);
	else
		buf_printf(b, "\\u%04x\\u%04x", 0xd800 + ((cp - 0x10000) >> 10),
		    0xdc00 + ((cp - 0x10000) & 0x3ff));
}

/* In a constant of the JVM, where pairs of surrogates have three bytes each. */
static size_t
bytes_of(uint32_t cp)
{
	return cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 6;
}

const char *
scala_string(struct arena *a, const char *text)
{
	size_t n = strlen(text);
	size_t bytes = 0;
	bool many = false;
	struct buf b;
	size_t i = 0;

	buf_init(&b, a, n * 12 + 30);
	buf_add_chr(&b, '"');
	while (i < n) {
		uint32_t cp;

		i += utf8_next(text + i, n - i, &cp);
		bytes += bytes_of(cp);
		if (bytes > CONSTANT_MAX) {
			buf_add_str(&b, "\", \"");
			bytes = bytes_of(cp);
			many = true;
		}
		add_escaped(&b, cp);
	}
	buf_add_chr(&b, '"');
	/* A sum of literals would be one constant again. */
	return many ? arena_printf(a, "Seq(%s).mkString", buf_str(&b))
	            : buf_str(&b);
}

/* Words begin with a capital; what is no letter keeps its underscore. */
static const char *
camel(struct arena *a, const char *id, bool upper)
{
	struct buf b;

	buf_init(&b, a, strlen(id) + 1);
	for (; *id; id++) {
		if (*id == '_' && chr_is_alpha(id[1]))
			upper = true;
		else {
			buf_add_chr(&b, upper ? chr_upper(*id) : *id);
			upper = false;
		}
	}
	return buf_str(&b);
}

const char *
scala_value(struct arena *a, const char *id)
{
	return camel(a, id, false);
}

const char *
scala_part(struct arena *a, const char *id)
{
	return camel(a, id, true);
}

const char *
scala_name(struct scala *s, size_t column)
{
	return scala_string(s->arena,
	    expr_quote_name(s->arena, s->p->columns.v[column].name));
}

void
scala_add_names(struct scala *s, struct python_pieces *list,
    const struct plan_indices *columns)
{
	size_t i;

	for (i = 0; i < columns->n; i++)
		python_add_piece(s->arena, list, "%s",
		    scala_name(s, columns->v[i]));
}

const char *
scala_seq(struct scala *s, const struct python_pieces *list)
{
	return arena_printf(s->arena, "Seq(%s)",
	    python_join(s->arena, list, ", "));
}

static bool
fits(int level, const char *text)
{
	return (size_t)level * 2 + utf8_length(slice_of(text)) <= PYTHON_WIDTH;
}

void
scala_put_list(struct scala *s, int level, const char *before,
    const struct python_pieces *list, const char *after)
{
	struct arena *a = s->arena;
	const char *line = arena_printf(a, "%s%s%s", before,
	    python_join(a, list, ", "), after);
	size_t i;

	if (fits(level, line)) {
		SCALA_LINE(s, level, "%s", line);
		return;
	}
	SCALA_LINE(s, level, "%s", before);
	line = "";
	for (i = 0; i < list->n; i++) {
		const char *item = arena_printf(a, "%s%s", list->v[i],
		    i + 1 < list->n ? "," : "");
		const char *longer = arena_printf(a, "%s%s%s", line,
		    line[0] ? " " : "", item);

		if (line[0] && !fits(level + 1, longer)) {
			SCALA_LINE(s, level + 1, "%s", line);
			longer = item;
		}
		line = longer;
	}
	if (line[0])
		SCALA_LINE(s, level + 1, "%s", line);
	SCALA_LINE(s, level, "%s", after);
}

void
scala_put_chain(struct scala *s, int level, const char *before,
    const struct python_pieces *calls)
{
	const char *line = arena_printf(s->arena, "%s%s", before,
	    python_join(s->arena, calls, ""));
	size_t i;

	if (fits(level, line)) {
		SCALA_LINE(s, level, "%s", line);
		return;
	}
	SCALA_LINE(s, level, "%s%s", before, calls->v[0]);
	for (i = 1; i < calls->n; i++)
		SCALA_LINE(s, level + 1, "%s", calls->v[i]);
}

void
scala_add_element(struct scala *s, struct scala_elements *list, int64_t row,
    const char *code)
{
	__typeof__(list->v) element = LIST_ADD(s->arena, list);

	element->code = code;
	element->row = row;
}

static void
put_range(struct scala *s, int level, const struct scala_elements *list,
    size_t first, size_t end)
{
	size_t i;

	for (i = first; i < end; i++)
		python_put_of_row(&s->out, level, list->v[i].row,
		    arena_printf(s->arena, "%s%s", list->v[i].code,
		        i + 1 < end ? "," : ""));
}

void
scala_put_elements(struct scala *s, int level,
    const struct scala_elements *list)
{
	put_range(s, level, list, 0, list->n);
}

const char *
scala_put_parts(struct scala *s, const char *name, const char *type,
    const struct scala_elements *list, size_t few)
{
	struct python_pieces parts = {0};
	size_t i;

	if (list->n <= few)
		return NULL;
	for (i = 0; i < list->n; i += SCALA_AT_ONCE) {
		size_t end = i + SCALA_AT_ONCE;

		end = end < list->n ? end : list->n;

		python_add_piece(s->arena, &parts, "%s_%zu", name, parts.n + 1);
		SCALA_LINE(s, 0, "def %s: Seq[%s] = Seq(", parts.v[parts.n - 1],
		    type);
		put_range(s, 1, list, i, end);
		SCALA_LINE(s, 0, ")");
		SCALA_LINE(s, 0, "%s", "");
	}
	return python_join(s->arena, &parts, " ++ ");
}

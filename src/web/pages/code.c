#include "base/base.h"

#include "web/pages/code.h"

#include "web/pages/components.h"

static const char *const class_names[SPAN__COUNT] = {
    [SPAN_PLAIN] = "",
    [SPAN_KEYWORD] = "tok-keyword",
    [SPAN_STRING] = "tok-string",
    [SPAN_NUMBER] = "tok-number",
    [SPAN_COMMENT] = "tok-comment",
    [SPAN_FUNCTION] = "tok-function",
    [SPAN_CONSTANT] = "tok-constant",
    [SPAN_DECORATOR] = "tok-decorator",
    [SPAN_TYPE] = "tok-type",
};

/* Walks the text line by line, and the spans along with it. */
struct cursor {
	struct arena *arena;
	struct slice text;
	const struct spans *spans;
	size_t offset; /* start of the next line */
	size_t line;   /* its number */
	size_t span;   /* first span that may reach into it */
	struct mapping_id mapping;
	const struct source_map *map;
	size_t place; /* first of the map that may have it */
};

/* The next line as markup; a span over several lines is cut at their ends. */
static const struct html *
next_line(struct cursor *c)
{
	size_t start = c->offset;
	size_t end = start;
	size_t count = 0;
	size_t n = 0;
	size_t i;
	struct html_range *ranges;

	while (end < c->text.n && c->text.p[end] != '\n')
		end++;
	c->offset = end + 1;
	c->line++;
	while (c->span < c->spans->n && c->spans->v[c->span].end <= start)
		c->span++;
	for (i = c->span; i < c->spans->n && c->spans->v[i].start < end; i++)
		count++;
	ranges = arena_array(c->arena, struct html_range, count + 1);
	for (i = c->span; i < c->span + count; i++) {
		const struct span *s = &c->spans->v[i];
		size_t from = s->start > start ? s->start : start;
		size_t to = s->end < end ? s->end : end;

		if (s->kind != SPAN_PLAIN && from < to)
			ranges[n++] = (struct html_range){
			    from - start, to - start, class_names[s->kind]};
	}
	return html_marked(c->arena,
	    (struct slice){c->text.p + start, end - start}, ranges, n);
}

/* The row of the sheet that the line comes from, 0 for none. */
static int64_t
row_of_line(struct cursor *c)
{
	int64_t line = (int64_t)c->line;

	while (c->place < c->map->n && c->map->v[c->place].last < line)
		c->place++;
	if (c->place == c->map->n || c->map->v[c->place].first > line)
		return 0;
	return c->map->v[c->place].row;
}

static const struct err *
add_line(struct cursor *c, struct html_list *lines)
{
	struct view *v = view_new(c->arena, "generation#line");
	int64_t row = row_of_line(c);

	view_int(v, "number", (int64_t)c->line);
	view_int(v, "row", row);
	view_url(v, "row_url",
	    row ? component_row_url(c->arena, c->mapping, row) : NULL);
	view_html(v, "text_html", next_line(c));
	return html_list_render(lines, v);
}

/* A section with all lines up to the next one: what is selected and copied is
 * the whole text. */
static const struct err *
add_section(struct cursor *c, const struct section *s, size_t last_line,
    struct html_list *code, struct html_list *jumps)
{
	struct view *v = view_new(c->arena, "generation#section");
	struct view *jump = view_new(c->arena, "generation#jump");
	size_t first_line = c->line;
	const struct err *e;
	struct html_list lines;

	html_list_init(&lines, c->arena);
	while (c->line <= last_line && c->line <= CODE_LINES_SHOWN &&
	    c->offset < c->text.n) {
		e = add_line(c, &lines);
		if (e)
			return e;
	}
	if (lines.n == 0)
		return NULL;
	view_text(v, "title", s->title);
	view_int(v, "first", (int64_t)first_line);
	view_int(v, "last", (int64_t)c->line - 1);
	view_html(v, "lines_html", html_join(&lines));
	e = html_list_render(code, v);
	if (e)
		return e;
	view_int(jump, "line", (int64_t)s->first_line);
	view_html(jump, "title_html", html_breakable(c->arena, s->title));
	return html_list_render(jumps, jump);
}

const struct err *
code_markup(struct arena *a, enum lang lang, struct slice text,
    struct mapping_id mapping, const struct source_map *map,
    struct code_markup *ret)
{
	struct sections sections = {0};
	struct spans spans = {0};
	struct cursor c = {a, text, &spans, 0, 1, 0, mapping, map, 0};
	struct html_list code;
	struct html_list jumps;
	const struct err *e;
	size_t i;

	lang_highlight(a, lang, text, &spans);
	lang_sections(a, text, &sections);
	html_list_init(&code, a);
	html_list_init(&jumps, a);
	for (i = 0; i < sections.n; i++) {
		e = add_section(&c, &sections.v[i],
		    i + 1 < sections.n ? sections.v[i + 1].first_line - 1
		                       : SIZE_MAX,
		    &code, &jumps);
		if (e)
			return e;
	}
	ret->code = html_join(&code);
	ret->jumps = html_join(&jumps);
	ret->lines = 0;
	for (i = 0; i < text.n; i++)
		ret->lines += text.p[i] == '\n' ? 1 : 0;
	return NULL;
}

const char *
code_kind(const struct json *plan)
{
	static const char *const kinds[][2] = {
	    {"module", "A Python module with a command line."},
	    {"sql", "A Databricks notebook in Spark SQL."},
	    {"scala", "A Databricks notebook in Scala."},
	    {"lakeflow", "A Lakeflow declarative pipeline in Python."},
	};
	const char *output = json_string(json_get(plan, "output"), "");
	size_t i;

	for (i = 0; i < COUNT_OF(kinds); i++) {
		if (str_eq(output, kinds[i][0]))
			return kinds[i][1];
	}
	return "A Databricks notebook, ready to import.";
}

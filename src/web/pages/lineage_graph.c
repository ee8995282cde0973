#include "base/base.h"

#include "web/pages/lineage_page.h"

#include "web/pages/components.h"

#define BOX_WIDTH 300
#define BOX_HEAD 48
#define BOX_FOOT 8
#define BOX_GAP 16
#define CELL_HEIGHT 24
#define TARGET_X 520
#define BEND 110
#define MARGIN 4
/* Characters that fit in the fonts of the stylesheet. */
#define NAME_CHARACTERS 34
#define SUB_CHARACTERS 40
#define CELL_CHARACTERS 27
#define WHOLE_CELL_CHARACTERS 36
/* What a person can still follow. */
#define MAX_CELLS 100 /* of both sides together */
#define MAX_EDGES 250

struct box {
	bool shown;
	int64_t y;
	size_t n_cells;
	int64_t *cell_y; /* of each column of the source, 0: not drawn */
	const char **note;
	size_t used; /* columns used by what is left */
};

struct drawing {
	struct arena *arena;
	const struct lineage_page *page;
	const struct lineage_pipeline *pipeline;
	struct box *source;
	struct box target;
	size_t n_cells;
	size_t n_edges;
	bool by_column;
	int64_t height;
	struct html_list boxes;
	struct html_list cells;
};

static void
note_inputs(struct drawing *d, const struct lineage_inputs *inputs,
    const char *note)
{
	size_t i;

	for (i = 0; i < inputs->n; i++) {
		const struct lineage_input *in = &inputs->v[i];
		struct box *b = &d->source[in->source];

		d->n_edges++;
		b->shown = true;
		if (b->cell_y[in->column] == 0) {
			b->cell_y[in->column] = 1;
			b->used++;
			d->n_cells++;
		}
		if (note)
			b->note[in->column] = note;
	}
}

/* Which columns the picture needs, and whether they are too many. */
static void
choose(struct drawing *d)
{
	const struct lineage_pipeline *p = d->pipeline;
	size_t i;

	d->source = arena_array(d->arena, struct box, p->sources.n + 1);
	for (i = 0; i < p->sources.n; i++) {
		size_t n = p->sources.v[i].columns.n + 1;

		d->source[i].cell_y = arena_array(d->arena, int64_t, n);
		d->source[i].note = arena_array(d->arena, const char *, n);
		d->source[i].shown = !d->page->is_filtered;
	}
	for (i = 0; i < p->columns.n; i++) {
		if (!d->page->shows_column[i])
			continue;
		d->target.used++;
		d->n_cells++;
		note_inputs(d, &p->columns.v[i].inputs, NULL);
	}
	for (i = 0; i < p->conditions.n; i++) {
		const struct lineage_condition *c = &p->conditions.v[i];

		if (d->page->shows_condition[i])
			note_inputs(d, &c->inputs, lineage_word(c->kind, NULL));
	}
	d->by_column = d->n_cells <= MAX_CELLS && d->n_edges <= MAX_EDGES &&
	    d->page->lineage->has_inputs;
}

static int64_t
box_height(const struct box *b)
{
	return BOX_HEAD +
	    (b->n_cells > 0 ? (int64_t)b->n_cells * CELL_HEIGHT + BOX_FOOT : 0);
}

static void
place_cells(struct box *b, size_t n_columns)
{
	int64_t y = b->y + BOX_HEAD;
	size_t i;

	for (i = 0; i < n_columns; i++) {
		if (b->cell_y[i] == 0)
			continue;
		b->cell_y[i] = y;
		y += CELL_HEIGHT;
	}
}

/* Both sides stand in the middle of the higher one. */
static void
place(struct drawing *d)
{
	const struct lineage_pipeline *p = d->pipeline;
	int64_t sources = 0;
	int64_t y;
	size_t i;

	d->target.n_cells = d->by_column ? d->target.used : 0;
	for (i = 0; i < p->sources.n; i++) {
		struct box *b = &d->source[i];

		b->n_cells = d->by_column ? b->used : 0;
		if (b->shown)
			sources += box_height(b) + BOX_GAP;
	}
	sources -= sources > 0 ? BOX_GAP : 0;
	d->height = box_height(&d->target);
	if (d->height < sources)
		d->height = sources;
	y = MARGIN + (d->height - sources) / 2;
	for (i = 0; i < p->sources.n; i++) {
		struct box *b = &d->source[i];

		if (!b->shown)
			continue;
		b->y = y;
		y += box_height(b) + BOX_GAP;
		if (d->by_column)
			place_cells(b, p->sources.v[i].columns.n);
	}
	d->target.y = MARGIN + (d->height - box_height(&d->target)) / 2;
	d->height += 2 * MARGIN;
}

static const struct err *
add_edge(struct html_list *list, int64_t y, int64_t target_y, bool direct,
    const char *label)
{
	struct view *v = view_new(list->arena, "lineage#edge");

	view_int(v, "x1", BOX_WIDTH);
	view_int(v, "y1", y);
	view_int(v, "x1b", BOX_WIDTH + BEND);
	view_int(v, "x2b", TARGET_X - BEND);
	view_int(v, "x2", TARGET_X);
	view_int(v, "y2", target_y);
	view_bool(v, "is_indirect", !direct);
	view_text(v, "label", label);
	view_int(v, "label_x", BOX_WIDTH + 70);
	/* On the side from which the line bends away. */
	view_int(v, "label_y", y < target_y ? y - 8 : y + 16);
	return html_list_render(list, v);
}

/* From the cells of the sources to a height at the target. */
static const struct err *
add_edges(struct drawing *d, const struct lineage_inputs *inputs, int64_t y,
    struct html_list *list)
{
	const struct err *e;
	size_t i;

	for (i = 0; i < inputs->n; i++) {
		const struct lineage_input *in = &inputs->v[i];

		e = add_edge(list,
		    d->source[in->source].cell_y[in->column] + CELL_HEIGHT / 2,
		    y, input_is_direct(in->kind), "");
		if (e)
			return e;
	}
	return NULL;
}

/* Where the last part of a table's name or of a path starts. */
static size_t
last_part(const char *name, bool is_path)
{
	size_t i = slice_of(name).n;
	bool quoted = false;

	while (is_path && i > 1 && name[i - 1] == '/')
		i--;
	for (; i > 0; i--) {
		char c = name[i - 1];

		quoted = quoted != (c == '`');
		if (is_path ? c == '/' : c == '.' && !quoted)
			break;
	}
	return i;
}

/* What stands before the last part, and the alias where it says more. */
static const char *
where(struct arena *a, const char *name, size_t last, const char *alias)
{
	size_t n = last > 0 && name[last - 1] == '.' ? last - 1 : last;
	const char *rest = arena_strndup(a, name, n);
	const char *as = "";
	size_t taken;

	if (alias && !str_eq(alias, name + last))
		as = arena_printf(a, "%sas %s", n > 0 ? " " : "", alias);
	as = utf8_cut(a, as, SUB_CHARACTERS / 2);
	taken = utf8_length(slice_of(as));
	return arena_printf(a, "%s%s",
	    utf8_cut(a, rest, SUB_CHARACTERS - taken), as);
}

static const struct err *
add_box(struct drawing *d, const struct box *b, const char *full, bool is_path,
    const char *alias, int64_t x, const struct url *url,
    const struct html *edges)
{
	struct view *v = view_new(d->arena, "lineage#box");
	size_t last = last_part(full, is_path);

	view_bool(v, "is_target", x > 0);
	view_url(v, "box_url", url);
	view_text(v, "full", full);
	view_html(v, "edges_html", edges);
	view_int(v, "x", x);
	view_int(v, "y", b->y);
	view_int(v, "width", BOX_WIDTH);
	view_int(v, "height", box_height(b));
	view_bool(v, "has_cells", b->n_cells > 0);
	view_int(v, "x2", x + BOX_WIDTH);
	view_int(v, "line_y", b->y + BOX_HEAD - 4);
	view_int(v, "text_x", x + 12);
	view_int(v, "name_y", b->y + 19);
	view_int(v, "sub_y", b->y + 36);
	view_text(v, "name", utf8_cut(d->arena, full + last, NAME_CHARACTERS));
	view_text(v, "sub", where(d->arena, full, last, alias));
	return html_list_render(&d->boxes, v);
}

static const struct err *
add_cell(struct drawing *d, const char *name, const char *note,
    const char *full, int64_t x, int64_t y, const struct url *url,
    const struct html *edges)
{
	struct view *v = view_new(d->arena, "lineage#cell");

	view_url(v, "cell_url", url);
	view_text(v, "full", full);
	view_html(v, "edges_html", edges);
	view_int(v, "x", x + 4);
	view_int(v, "y", y);
	view_int(v, "width", BOX_WIDTH - 8);
	view_int(v, "height", CELL_HEIGHT);
	view_int(v, "text_x", x + 12);
	view_int(v, "text_y", y + 16);
	view_int(v, "note_x", x + BOX_WIDTH - 12);
	view_text(v, "name",
	    utf8_cut(d->arena, name,
	        note ? CELL_CHARACTERS : WHOLE_CELL_CHARACTERS));
	view_text(v, "note", note);
	return html_list_render(&d->cells, v);
}

static const struct err *
add_source_cells(struct drawing *d, size_t index)
{
	const struct lineage_source *s = &d->pipeline->sources.v[index];
	const struct box *b = &d->source[index];
	struct arena *a = d->arena;
	const struct err *e;
	size_t i;

	for (i = 0; i < s->columns.n; i++) {
		if (b->cell_y[i] == 0)
			continue;
		e = add_cell(d, s->columns.v[i], b->note[i],
		    arena_printf(a, "%s.%s: show what reads it", s->alias,
		        s->columns.v[i]),
		    0, b->cell_y[i],
		    lineage_source_url(a, d->page, index, s->columns.v[i]),
		    NULL);
		if (e)
			return e;
	}
	return NULL;
}

static const struct err *
add_sources(struct drawing *d)
{
	struct arena *a = d->arena;
	const struct err *e = NULL;
	size_t i;

	for (i = 0; i < d->pipeline->sources.n && !e; i++) {
		const struct lineage_source *s = &d->pipeline->sources.v[i];
		const struct box *b = &d->source[i];

		if (!b->shown)
			continue;
		e = add_box(d, b, s->name, s->is_path, s->alias, 0,
		    lineage_source_url(a, d->page, i, NULL), NULL);
		if (!e && d->by_column)
			e = add_source_cells(d, i);
	}
	return e;
}

static const char *
target_note(const struct lineage_column *c)
{
	if (c->inputs.n == 0)
		return "no source";
	if (c->is_copy || c->inputs.v[0].kind == INPUT_IDENTITY)
		return lineage_word(c->inputs.v[0].kind, c);
	return "computed";
}

static const struct err *
add_target_cells(struct drawing *d)
{
	const struct lineage_pipeline *p = d->pipeline;
	int64_t y = d->target.y + BOX_HEAD;
	const struct err *e;
	size_t i;

	for (i = 0; i < p->columns.n; i++) {
		const struct lineage_column *c = &p->columns.v[i];
		const struct url *url = lineage_row_url(d->arena, d->page,
		    c->row);
		struct html_list edges;

		if (!d->page->shows_column[i])
			continue;
		html_list_init(&edges, d->arena);
		e = add_edges(d, &c->inputs, y + CELL_HEIGHT / 2, &edges);
		if (!e)
			e = add_cell(d, c->name, target_note(c),
			    arena_printf(d->arena, "%s: %s", c->name, c->text),
			    TARGET_X, y, url, html_join(&edges));
		if (e)
			return e;
		y += CELL_HEIGHT;
	}
	return NULL;
}

/* Tables alone: one edge for each source, saying how many columns it is. */
static const struct err *
add_table_edges(struct drawing *d, struct html_list *edges)
{
	const struct err *e;
	size_t i;

	for (i = 0; i < d->pipeline->sources.n; i++) {
		const struct box *b = &d->source[i];
		const char *label = !d->page->lineage->has_inputs
		    ? d->pipeline->sources.v[i].join
		    : arena_printf(d->arena, "%s column%s",
		          component_count(d->arena, (int64_t)b->used),
		          b->used == 1 ? "" : "s");

		if (!b->shown)
			continue;
		e = add_edge(edges, b->y + BOX_HEAD / 2,
		    d->target.y + BOX_HEAD / 2, true, label);
		if (e)
			return e;
	}
	return NULL;
}

static const struct err *
add_target(struct drawing *d)
{
	const struct lineage_pipeline *p = d->pipeline;
	struct arena *a = d->arena;
	const struct err *e = NULL;
	struct html_list edges;
	size_t i;

	html_list_init(&edges, a);
	for (i = 0; i < p->conditions.n && d->by_column && !e; i++) {
		if (d->page->shows_condition[i])
			e = add_edges(d, &p->conditions.v[i].inputs,
			    d->target.y + BOX_HEAD / 2, &edges);
	}
	if (!e && !d->by_column)
		e = add_table_edges(d, &edges);
	if (e)
		return e;
	e = add_box(d, &d->target, p->name, p->is_path, NULL, TARGET_X,
	    url_path(a, "/mappings/%" PRId64, d->page->generation->mapping.v),
	    html_join(&edges));
	return e || !d->by_column ? e : add_target_cells(d);
}

const struct err *
lineage_graph(struct req *req, const struct lineage_page *p,
    const struct html **ret, bool *ret_by_column)
{
	struct drawing d = {
	    .arena = req->arena, .page = p, .pipeline = p->pipeline};
	struct view *v = view_new(req->arena, "lineage#figure");
	const struct err *e;

	html_list_init(&d.boxes, req->arena);
	html_list_init(&d.cells, req->arena);
	choose(&d);
	place(&d);
	e = add_sources(&d);
	if (!e)
		e = add_target(&d);
	if (e)
		return e;
	view_text(v, "target", p->pipeline->name);
	view_int(v, "width", TARGET_X + BOX_WIDTH + 2);
	view_int(v, "height", d.height);
	view_html(v, "boxes_html", html_join(&d.boxes));
	view_html(v, "cells_html", html_join(&d.cells));
	*ret_by_column = d.by_column;
	return view_render(v, ret);
}

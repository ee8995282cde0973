#include "base/base.h"

#include "web/pages/graph.h"

#define NODE_WIDTH 280
#define NODE_HEIGHT 48
#define NODE_GAP 16
#define TARGET_X 440
/* Characters that fit into a node in the fonts of the stylesheet. */
#define NAME_CHARACTERS 32
#define SUB_CHARACTERS 38
#define MAX_SOURCES 12

static const char *const join_labels[] = {
    [JOIN_NONE] = "",
    [JOIN_LEFT] = "left join",
    [JOIN_INNER] = "inner join",
    [JOIN_RIGHT] = "right join",
    [JOIN_FULL] = "full join",
    [JOIN_CROSS] = "cross join",
};

/* The last part of a name or path, and what stands before it. */
static void
split_name(struct arena *a, const struct table_ref *t, const char **ret_name,
    const char **ret_rest)
{
	struct buf rest;
	struct slice path;
	size_t i;

	buf_init(&rest, a, 4096);
	if (t->kind == TABLE_NAME) {
		for (i = 0; i + 1 < t->n_parts; i++)
			buf_printf(&rest, "%s%s", i ? "." : "", t->part[i]);
		*ret_name = t->part[t->n_parts - 1];
		*ret_rest = buf_str(&rest);
		return;
	}
	path = slice_of(t->name);
	while (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	for (i = path.n; i > 0 && path.p[i - 1] != '/'; i--)
		;
	*ret_name = arena_strndup(a, path.p + i, path.n - i);
	*ret_rest = arena_strndup(a, path.p, i);
}

static const struct err *
add_node(struct html_list *list, const struct table_ref *t, const char *alias,
    const char *class_name, int64_t x, int64_t y)
{
	struct arena *a = list->arena;
	struct view *v = view_new(a, "graph#node");
	const char *name;
	const char *rest;

	split_name(a, t, &name, &rest);
	if (alias && !str_eq(alias, name))
		rest = arena_printf(a, "%s%sas %s", rest, rest[0] ? " " : "",
		    alias);
	view_text(v, "class", class_name);
	view_text(v, "full", t->name);
	view_int(v, "x", x);
	view_int(v, "y", y);
	view_int(v, "width", NODE_WIDTH);
	view_int(v, "text_x", x + 12);
	view_int(v, "name_y", y + 20);
	view_int(v, "sub_y", y + 38);
	view_text(v, "name", utf8_cut(a, name, NAME_CHARACTERS));
	view_text(v, "sub", utf8_cut(a, rest, SUB_CHARACTERS));
	return html_list_render(list, v);
}

static const struct err *
add_edge(struct html_list *list, const char *label, int64_t y, int64_t target_y)
{
	struct view *v = view_new(list->arena, "graph#edge");

	view_int(v, "x1", NODE_WIDTH);
	view_int(v, "y1", y);
	view_int(v, "x1b", NODE_WIDTH + 80);
	view_int(v, "x2b", TARGET_X - 80);
	view_int(v, "x2", TARGET_X);
	view_int(v, "y2", target_y);
	view_text(v, "label", label);
	/* The label is centred on its place. */
	view_int(v, "label_x", NODE_WIDTH + 40);
	view_int(v, "label_y", y - 14);
	return html_list_render(list, v);
}

static const char *
describe(struct arena *a, const struct mapping_target *t)
{
	struct buf b;
	size_t i;

	buf_init(&b, a, 64 * 1024);
	buf_printf(&b, "%s is filled from ", t->table.name);
	for (i = 0; i < t->sources.n; i++) {
		const struct mapping_source *s = &t->sources.v[i];

		buf_printf(&b, "%s%s", i ? ", " : "", s->table.name);
		if (s->join != JOIN_NONE)
			buf_printf(&b, " (%s)", join_labels[s->join]);
	}
	buf_add_chr(&b, '.');
	return buf_str(&b);
}

static const struct err *
draw(struct req *req, const struct mapping_target *t, size_t index,
    struct html_list *figures)
{
	struct arena *a = req->arena;
	struct view *v = view_new(a, "graph#figure");
	size_t n = t->sources.n < MAX_SOURCES ? t->sources.n : MAX_SOURCES;
	int64_t height = (int64_t)n * (NODE_HEIGHT + NODE_GAP) + NODE_GAP;
	int64_t target_y = (height - NODE_HEIGHT) / 2;
	const struct err *e = NULL;
	struct html_list nodes;
	struct html_list edges;
	size_t i;

	html_list_init(&nodes, a);
	html_list_init(&edges, a);
	for (i = 0; i < n && !e; i++) {
		const struct mapping_source *s = &t->sources.v[i];
		int64_t y = NODE_GAP + (int64_t)i * (NODE_HEIGHT + NODE_GAP);

		e = add_edge(&edges, join_labels[s->join], y + NODE_HEIGHT / 2,
		    target_y + NODE_HEIGHT / 2);
		if (!e)
			e = add_node(&nodes, &s->table, s->alias,
			    "graph-source", 0, y);
	}
	if (!e)
		e = add_node(&nodes, &t->table, NULL, "graph-target", TARGET_X,
		    target_y);
	if (e)
		return e;
	view_text(v, "target", t->table.name);
	view_int(v, "index", (int64_t)index);
	view_int(v, "height", height);
	view_text(v, "description", describe(a, t));
	view_html(v, "edges_html", html_join(&edges));
	view_html(v, "nodes_html", html_join(&nodes));
	return html_list_render(figures, v);
}

const struct err *
graph_targets(struct req *req, const struct mapping *m, size_t max,
    const struct html **ret)
{
	struct html_list figures;
	const struct err *e;
	size_t i;

	html_list_init(&figures, req->arena);
	for (i = 0; i < m->targets.n && figures.n < max; i++) {
		if (m->targets.v[i].sources.n == 0)
			continue;
		e = draw(req, &m->targets.v[i], i, &figures);
		if (e)
			return e;
	}
	*ret = figures.n > 0 ? html_join(&figures) : NULL;
	return NULL;
}

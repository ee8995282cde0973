#include "base/base.h"

#include "gate/frame.h"

#include "base/buf.h"

#include <string.h>

static const char *
name_of(const struct py_node *n)
{
	size_t i;

	switch ((int)n->kind) {
	case PY_DEF:
	case PY_CLASS:
		return n->text;
	case PY_ASSIGN:
		return n->child[0]->kind == PY_NAME ? n->child[0]->text : "";
	case PY_OTHER: /* behind its decorators */
		for (i = 0; i < n->n; i++) {
			if (n->child[i]->kind == PY_DEF ||
			    n->child[i]->kind == PY_CLASS)
				return n->child[i]->text;
		}
		return "";
	default:
		return "";
	}
}

/* Where each line begins, and where the text ends. */
static void
find_lines(struct arena *a, struct slice text, size_t **ret, size_t *ret_n)
{
	size_t n = 1;
	size_t i;

	for (i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	*ret = arena_array(a, size_t, n + 1);
	(*ret)[0] = 0;
	*ret_n = n;
	n = 1;
	for (i = 0; i < text.n; i++) {
		if (text.p[i] == '\n')
			(*ret)[n++] = i + 1;
	}
	(*ret)[n] = text.n;
}

static void
end_chunk(struct chunk *c, struct slice text, const size_t *line, size_t next)
{
	c->last = next;
	while (c->last > c->first) {
		size_t start = line[c->last - 1];
		struct slice last = {text.p + start, line[c->last] - start};

		if (slice_trim(last).n > 0 && last.p[0] != '#')
			break;
		c->last--;
	}
	c->text = slice_trim((struct slice){
	    text.p + line[c->first - 1], line[c->last] - line[c->first - 1]});
}

static void
split(struct arena *a, struct slice text, const struct py_node *root,
    struct frame *ret)
{
	size_t *line;
	size_t lines;
	size_t i;

	*ret = (struct frame){0};
	find_lines(a, text, &line, &lines);
	for (i = 0; i < root->n; i++) {
		const struct py_node *n = root->child[i];
		struct chunk *c = ret->n > 0 ? &ret->v[ret->n - 1] : NULL;

		if (c && c->first == n->line) {
			/* Two statements: neither is the one that was given. */
			c->is_import &= n->kind == PY_FROM;
			continue;
		}
		if (c)
			end_chunk(c, text, line, n->line - 1);
		*LIST_ADD(a, ret) = (struct chunk){.first = n->line,
		    .name = name_of(n),
		    .is_import = n->kind == PY_IMPORT || n->kind == PY_FROM};
	}
	if (ret->n > 0)
		end_chunk(&ret->v[ret->n - 1], text, line, lines);
}

static struct chunk *
chunk_at(const struct frame *f, size_t line)
{
	size_t low = 0;
	size_t high = f->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (f->v[middle].last < line)
			low = middle + 1;
		else
			high = middle;
	}
	return low < f->n && f->v[low].first <= line ? &f->v[low] : NULL;
}

bool
frame_holds(const struct frame *f, size_t line)
{
	const struct chunk *c = chunk_at(f, line);

	return c && c->is_given;
}

/* The names of which the file's own statements say what they mean. */
struct taking {
	struct program *p;
	struct frame *frame;
	struct map names; /* the binding's index, from 1 */
	bool is_global;   /* the name at hand is one of the file */
};

static void
note_scope(const struct binding *b, void *data)
{
	struct taking *t = data;

	if (b->scope == t->p->root)
		t->is_global = true;
}

/* The name, where it means the same in the whole file, or is nobody's. */
static const char *
global_name(struct taking *t, const struct py_node *n)
{
	switch ((int)n->kind) {
	case PY_NAME:
		t->is_global = false;
		if (program_resolve(t->p, n, note_scope, t) && !t->is_global)
			return NULL;
		return n->text;
	case PY_DEF:
	case PY_CLASS:
		return n->text;
	case PY_IMPORT:
	case PY_FROM:
		return n->alias;
	default:
		return NULL;
	}
}

static bool
take_names(struct taking *t)
{
	bool found = false;
	size_t i;

	for (i = 0; i < t->p->bindings.n; i++) {
		const struct binding *b = &t->p->bindings.v[i];
		struct slice name = slice_of(b->name);

		if (b->scope != t->p->root ||
		    frame_holds(t->frame, b->node->line) ||
		    map_get(&t->names, name, 0))
			continue;
		map_set(t->p->arena, &t->names, name, i + 1);
		found = true;
	}
	return found;
}

/* What uses a name that was taken is no longer what it was. */
static void
drop_users(struct taking *t)
{
	size_t i;

	for (i = 0; i < t->p->all.n; i++) {
		const struct py_node *n = t->p->all.v[i];
		struct chunk *c = chunk_at(t->frame, n->line);
		const char *name;
		size_t taken;

		if (!c || !c->is_given || n == t->p->root)
			continue;
		name = global_name(t, n);
		taken = name ? map_get(&t->names, slice_of(name), 0) : 0;
		if (taken == 0)
			continue;
		c->is_given = false;
		t->frame->is_broken = true;
		program_say(t->p, G_FRAME, t->p->bindings.v[taken - 1].node,
		    "%s is not as it was given, and what was given uses it.",
		    name);
	}
}

void
frame_read(struct program *p, struct slice tests, struct slice compiled,
    struct frame *ret)
{
	struct taking t = {.p = p, .frame = ret};
	const struct py_node *root;
	struct frame given;
	struct map texts = {0};
	size_t i;

	split(p->arena, tests, p->root, ret);
	if (compiled.n == 0 || !pytree_read(p->arena, compiled, &root))
		return;
	split(p->arena, compiled, root, &given);
	for (i = 0; i < given.n; i++)
		map_set(p->arena, &texts, given.v[i].text, 1);
	/* Whoever imports all of a module gives any name another meaning. */
	for (i = 0; i < ret->n && !p->has_star; i++)
		ret->v[i].is_given = map_get(&texts, ret->v[i].text, 0) != 0;
	while (take_names(&t))
		drop_users(&t);
}

static bool
is_frame(const struct chunk *c)
{
	static const char *const names[] = {
	    "FILE", "LOCAL", "Widgets", "spark", "notebook", "place", "view"};
	size_t i;

	for (i = 0; i < COUNT_OF(names); i++) {
		if (str_eq(names[i], c->name))
			return true;
	}
	return c->is_import;
}

const char *
frame_text(struct arena *a, struct slice compiled)
{
	const struct py_node *root;
	struct frame given;
	struct buf b;
	size_t i;

	buf_init(&b, a, compiled.n + 1);
	if (compiled.n == 0 || !pytree_read(a, compiled, &root))
		return "";
	split(a, compiled, root, &given);
	for (i = 0; i < given.n; i++) {
		const struct chunk *c = &given.v[i];
		size_t next = i + 1 < given.n ? given.v[i + 1].first : 0;
		const char *end = next ? given.v[i + 1].text.p
		                       : compiled.p + compiled.n;

		if (is_frame(c))
			buf_add(&b, c->text.p, (size_t)(end - c->text.p));
	}
	return buf_str(&b);
}

/* GLib's headers have members of these names. */
#define T2C_ALLOW_BANNED
#include "base/base.h"

#include "web/view.h"

#include "sys/files.h"
#include "web/html_private.h"
#include "web/view_source.h"

#include <string.h>

#include <ctpl/ctpl.h>
#include <gio/gio.h>

/*
 * The engine evaluates a fragment once for each combination of true and false
 * {if} symbols that occurs, with marks in place of the values. What it wrote
 * is kept as a skeleton; a render looks the skeleton up and puts the values
 * at the marks. So a row costs copying its bytes, not hashing, boxing and
 * streaming them through GLib (measured: 0.3 instead of 6 microseconds).
 */
struct piece {
	struct slice text; /* literal text, then */
	int symbol;        /* the value of this symbol, -1: none */
};

struct skeleton {
	struct skeleton *next;
	uint32_t truths; /* bit n: tested symbol n is true */
	struct piece *v;
	size_t n;
	size_t cap;
};

struct fragment {
	uint32_t hash;    /* of the name */
	const char *name; /* "mapping#row" */
	struct view_source source;
	CtplToken *tree; /* NULL: the fragment is empty */
	struct skeleton *skeletons;
	size_t n_skeletons;
};

#define VIEW_MAX ((size_t)1024 * 1024) /* bytes of a file */

/* More combinations than this are rendered but not kept. */
#define SKELETONS_MAX 64

/* A mark is this byte, which no view holds, and ' ' + the symbol's number. */
#define MARK '\x01'

struct value {
	struct slice markup; /* escaped already */
	bool set;
	bool is_true;
};

struct view {
	struct arena *arena;
	const char *name;
	struct fragment *fragment; /* NULL: there is no such view */
	struct value *values;
	size_t next; /* the symbol that is set next, if they are
	                                set in the order of the view */
};

static struct {
	struct arena arena;
	struct fragment *v; /* sorted by hash, then name */
	size_t n;
	size_t cap;
} views;

/* FNV-1a. */
static uint32_t
hash_name(const char *name)
{
	uint32_t hash = UINT32_C(2166136261);

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * UINT32_C(16777619);
	return hash;
}

static void
free_tree(void *tree)
{
	ctpl_token_free(tree);
}

/* Lexes a checked fragment. The check of the stream's end is what finds the
 * syntax errors that the engine swallows inside {if}. */
static const struct err *
lex(struct fragment *f)
{
	GError *error = NULL;
	CtplInputStream *in;
	bool at_end;
	const struct err *e = NULL;

	in = ctpl_input_stream_new_for_memory(f->source.text, -1, NULL,
	    f->name);
	f->tree = ctpl_lexer_lex(in, &error);
	at_end = !error && ctpl_input_stream_eof(in, &error);
	if (error)
		e = err_new(S_CONFIG, "View %s: %s", f->name, error->message);
	else if (!at_end)
		e = err_new(S_CONFIG,
		    "View %s: the template engine stopped "
		    "before its end.",
		    f->name);
	g_clear_error(&error);
	ctpl_input_stream_unref(in);
	if (f->tree)
		arena_defer(&views.arena, free_tree, f->tree);
	return e;
}

static const struct err *
add_fragment(const char *file, int line, const char *name, struct slice text)
{
	const struct err *e;
	struct fragment *f = LIST_ADD(&views.arena, &views);

	f->name = name;
	f->hash = hash_name(name);
	e = view_source_read(&views.arena, file, line, slice_trim(text),
	    &f->source);
	if (e)
		return e;
	return lex(f);
}

/* If the line is <!-- fragment: name -->, the name; else an empty slice. */
static struct slice
fragment_mark(struct slice line)
{
	static const char start[] = "<!-- fragment:";
	static const char end[] = "-->";
	const size_t marks = sizeof(start) - 1 + sizeof(end) - 1;

	line = slice_trim(line);
	if (line.n <= marks ||
	    !slice_is((struct slice){line.p, sizeof(start) - 1}, start) ||
	    !slice_is((struct slice){line.p + line.n - (sizeof(end) - 1),
	                  sizeof(end) - 1},
	        end))
		return (struct slice){0};
	return slice_trim((struct slice){
	    line.p + sizeof(start) - 1, line.n - marks});
}

static struct slice
next_line(struct slice *rest)
{
	const char *newline = memchr(rest->p, '\n', rest->n);
	struct slice line = *rest;

	if (newline)
		line.n = (size_t)(newline - rest->p) + 1;
	rest->p += line.n;
	rest->n -= line.n;
	return line;
}

/* The lines that slice_trim() will take off, for the line numbers. */
static int
leading_lines(struct slice text)
{
	int n = 0;

	for (size_t i = 0; i < text.n && chr_is_space(text.p[i]); i++)
		n += text.p[i] == '\n';
	return n;
}

static const struct err *
add_file(const char *file, const char *stem, struct slice text)
{
	const struct err *e;
	struct slice rest = text;
	struct slice body = {text.p, 0};
	const char *name = stem;
	int line = 1;
	int start = 1;

	while (rest.n > 0) {
		struct slice s = next_line(&rest);
		struct slice mark = fragment_mark(s);

		line++;
		if (mark.n == 0) {
			body.n += s.n;
			continue;
		}
		e = add_fragment(file, start + leading_lines(body), name, body);
		if (e)
			return e;
		name = arena_printf(&views.arena, "%s#%.*s", stem, (int)mark.n,
		    mark.p);
		start = line;
		body = (struct slice){rest.p, 0};
	}
	return add_fragment(file, start + leading_lines(body), name, body);
}

static const struct err *
read_folder(const char *folder)
{
	static const char ending[] = ".html";
	struct arena *a = &views.arena;
	const struct err *e;
	struct file_names names = {0};

	e = file_list(a, folder, &names);
	if (e)
		return e;
	for (size_t i = 0; i < names.n; i++) {
		const char *name = names.v[i];
		const char *path = arena_printf(a, "%s/%s", folder, name);
		struct slice text;

		if (!str_ends(name, ending))
			continue;
		e = file_read(a, path, VIEW_MAX, &text);
		if (e)
			return e;
		e = add_file(path,
		    arena_strndup(a, name, strlen(name) - (sizeof(ending) - 1)),
		    text);
		if (e)
			return e;
	}
	return NULL;
}

static int
compare_fragments(const void *a, const void *b)
{
	const struct fragment *x = a;
	const struct fragment *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return strcmp(x->name, y->name);
}

const struct err *
view_load(const char *folder)
{
	const struct err *e;

	view_unload();
	e = read_folder(folder);
	if (e)
		return e;
	if (views.n == 0)
		return err_new(S_CONFIG, "%s: no views", folder);
	qsort(views.v, views.n, sizeof(views.v[0]), compare_fragments);
	for (size_t i = 1; i < views.n; i++)
		if (str_eq(views.v[i - 1].name, views.v[i].name))
			return err_new(S_CONFIG, "%s: view %s is there twice",
			    folder, views.v[i].name);
	return NULL;
}

void
view_unload(void)
{
	arena_done(&views.arena);
	views.v = NULL;
	views.n = 0;
	views.cap = 0;
}

struct view *
view_new(struct arena *a, const char *name)
{
	struct fragment key = {.name = name, .hash = hash_name(name)};
	struct view *v = arena_new(a, struct view);

	v->arena = a;
	v->name = name;
	if (views.n > 0)
		v->fragment = bsearch(&key, views.v, views.n,
		    sizeof(views.v[0]), compare_fragments);
	if (v->fragment)
		v->values = arena_array(a, struct value,
		    v->fragment->source.symbols.n);
	return v;
}

/* The number of the symbol, or how many there are if it is none of them. */
static size_t
find_symbol(const struct view *v, const char *key)
{
	const struct view_symbols *symbols = &v->fragment->source.symbols;
	size_t n = strlen(key);
	size_t at = v->next;

	for (size_t i = 0; i < symbols->n; i++, at++) {
		const struct view_symbol *s;

		if (at >= symbols->n)
			at = 0;
		s = &symbols->v[at];
		if (s->length == n && memcmp(s->name, key, n) == 0)
			return at;
	}
	return symbols->n;
}

static void
set(struct view *v, const char *key, struct slice markup, bool is_true)
{
	size_t i;

	if (!v->fragment)
		return;
	i = find_symbol(v, key);
	if (i == v->fragment->source.symbols.n)
		return;
	v->values[i] = (struct value){markup, true, is_true};
	v->next = i + 1;
}

bool
view_has(const struct view *v, const char *key)
{
	return v->fragment &&
	    find_symbol(v, key) < v->fragment->source.symbols.n;
}

void
view_text(struct view *v, const char *key, const char *text)
{
	struct slice s = slice_of(text ? text : "");

	set(v, key, html_escape(v->arena, s), s.n > 0);
}

void
view_slice(struct view *v, const char *key, struct slice text)
{
	set(v, key, html_escape(v->arena, text), text.n > 0);
}

void
view_int(struct view *v, const char *key, int64_t n)
{
	struct buf b;

	buf_init(&b, v->arena, 32);
	buf_add_int(&b, n);
	set(v, key, buf_slice(&b), n != 0);
}

void
view_bool(struct view *v, const char *key, bool b)
{
	set(v, key, (struct slice){0}, b);
}

void
view_url(struct view *v, const char *key, const struct url *url)
{
	struct slice s = {0};

	assert(str_ends(key, "_url"));
	if (url)
		s = slice_of(url_text(url));
	set(v, key, html_escape(v->arena, s), s.n > 0);
}

void
view_html(struct view *v, const char *key, const struct html *html)
{
	struct slice s = {0};

	assert(str_ends(key, "_html"));
	if (html)
		s = html_bytes(html);
	set(v, key, s, s.n > 0);
}

/* What the engine makes of the fragment, with marks for values. */
static const struct err *
evaluate(struct arena *a, const struct fragment *f, uint32_t truths,
    struct slice *ret)
{
	const struct view_symbols *symbols = &f->source.symbols;
	CtplEnviron *env = ctpl_environ_new();
	GOutputStream *memory = g_memory_output_stream_new_resizable();
	GMemoryOutputStream *bytes = G_MEMORY_OUTPUT_STREAM(memory);
	CtplOutputStream *out = ctpl_output_stream_new(memory);
	GError *error = NULL;
	const struct err *e = NULL;

	for (size_t i = 0; i < symbols->n; i++) {
		const struct view_symbol *s = &symbols->v[i];
		const char mark[3] = {MARK, (char)(' ' + (int)i), '\0'};

		ctpl_environ_push_string(env, s->name, mark);
		if (s->test >= 0)
			ctpl_environ_push_int(env,
			    arena_printf(a, "IF_%s", s->name),
			    (truths >> s->test) & 1);
	}
	if (f->tree && !ctpl_parser_parse(f->tree, env, out, &error))
		e = err_system(S_INTERNAL, "view %s: %s", f->name,
		    error ? error->message : "the engine gave no reason");
	else
		*ret = (struct slice){
		    arena_memdup(a, g_memory_output_stream_get_data(bytes),
		        g_memory_output_stream_get_data_size(bytes)),
		    g_memory_output_stream_get_data_size(bytes)};
	g_clear_error(&error);
	ctpl_output_stream_unref(out);
	g_object_unref(memory);
	ctpl_environ_unref(env);
	return e;
}

static struct skeleton *
split(struct arena *a, uint32_t truths, struct slice text)
{
	struct skeleton *s = arena_new(a, struct skeleton);
	size_t i = 0;

	s->truths = truths;
	while (i < text.n) {
		const char *mark = memchr(text.p + i, MARK, text.n - i);
		struct piece *piece = LIST_ADD(a, s);

		piece->text = (struct slice){text.p + i, text.n - i};
		piece->symbol = -1;
		if (!mark)
			break;
		piece->text.n = (size_t)(mark - (text.p + i));
		piece->symbol = mark[1] - ' ';
		i += piece->text.n + 2;
	}
	return s;
}

static const struct err *
find_skeleton(const struct view *v, uint32_t truths,
    const struct skeleton **ret)
{
	struct fragment *f = v->fragment;
	struct arena *a = &views.arena;
	const struct err *e;
	struct slice text;
	struct skeleton *s;

	for (s = f->skeletons; s; s = s->next) {
		if (s->truths == truths) {
			*ret = s;
			return NULL;
		}
	}
	if (f->n_skeletons == SKELETONS_MAX)
		a = v->arena;
	e = evaluate(a, f, truths, &text);
	if (e)
		return e;
	s = split(a, truths, text);
	if (f->n_skeletons < SKELETONS_MAX) {
		s->next = f->skeletons;
		f->skeletons = s;
		f->n_skeletons++;
	}
	*ret = s;
	return NULL;
}

static const struct html *
fill(const struct view *v, const struct skeleton *s)
{
	size_t n = 0;
	size_t at = 0;
	char *p;

	for (size_t i = 0; i < s->n; i++) {
		n += s->v[i].text.n;
		if (s->v[i].symbol >= 0)
			n += v->values[s->v[i].symbol].markup.n;
	}
	p = arena_raw(v->arena, n + 1);
	for (size_t i = 0; i < s->n; i++) {
		const struct piece *piece = &s->v[i];

		memcpy(p + at, piece->text.p, piece->text.n);
		at += piece->text.n;
		if (piece->symbol >= 0) {
			struct slice m = v->values[piece->symbol].markup;

			if (m.n > 0)
				memcpy(p + at, m.p, m.n);
			at += m.n;
		}
	}
	p[at] = '\0';
	return html_make(v->arena, (struct slice){p, n});
}

const struct err *
view_render(struct view *v, const struct html **ret)
{
	const struct err *e;
	const struct view_symbols *symbols;
	const struct skeleton *s;
	uint32_t truths = 0;

	if (!v->fragment)
		return err_system(S_INTERNAL, "there is no view %s", v->name);
	symbols = &v->fragment->source.symbols;
	for (size_t i = 0; i < symbols->n; i++) {
		if (!v->values[i].set)
			return err_system(S_INTERNAL,
			    "view %s: {%s} is not set", v->name,
			    symbols->v[i].name);
		if (symbols->v[i].test >= 0 && v->values[i].is_true)
			truths |= UINT32_C(1) << symbols->v[i].test;
	}
	e = find_skeleton(v, truths, &s);
	if (e)
		return e;
	*ret = fill(v, s);
	return NULL;
}

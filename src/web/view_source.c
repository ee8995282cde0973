#include "base/base.h"

#include "web/view_source.h"

/* Where in HTML the reader is. */
enum place_kind { PLACE_TEXT, PLACE_TAG, PLACE_EQUALS, PLACE_VALUE };

struct place {
	enum place_kind kind;
	bool closing;      /* PLACE_TAG: of an end tag */
	bool value_empty;  /* PLACE_VALUE: nothing came yet */
	bool value_anchor; /* PLACE_VALUE: it starts with # */
	char quote;
	struct slice element; /* the tag's; or textarea or title, in which
	                             markup means nothing */
	struct slice attribute;
};

struct branch {
	struct place before;
	struct place after_then;
	bool has_else;
	int line;
};

#define BRANCHES_MAX 16

struct reader {
	struct arena *arena;
	const char *file;
	int line;
	struct slice text;
	size_t at;
	struct place place;
	struct branch branch[BRANCHES_MAX];
	size_t depth;
	struct buf out;
	struct view_source *ret;
	const struct err *e; /* the first objection */
};

static PRINTF(2, 3) void refuse(struct reader *r, const char *format, ...)
{
	va_list ap;
	const char *what;

	if (r->e)
		return;
	va_start(ap, format);
	what = arena_vprintf(r->arena, format, ap);
	va_end(ap);
	r->e = err_new(S_CONFIG, "%s:%d: %s", r->file, r->line, what);
}

static char
peek(const struct reader *r, size_t ahead)
{
	size_t i = r->at + ahead;

	return i < r->text.n ? r->text.p[i] : '\0';
}

static bool
sees(const struct reader *r, const char *word)
{
	for (size_t i = 0; word[i]; i++)
		if (peek(r, i) != word[i])
			return false;
	return true;
}

/* Hands n characters to the engine. */
static void
copy(struct reader *r, size_t n)
{
	buf_add(&r->out, r->text.p + r->at, n);
	r->at += n;
}

static bool
slice_among(struct slice s, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (slice_ieq(s, names[i]))
			return true;
	return false;
}

static bool
is_url_attribute(struct slice name)
{
	static const char *const names[] = {"href", "src", "action",
	    "formaction", "poster", "cite", "data", "srcset", "background",
	    "ping", "manifest", "xlink:href"};

	return slice_among(name, names, COUNT_OF(names));
}

static struct view_symbol *
symbol_add(struct reader *r, struct slice name)
{
	struct view_symbols *list = &r->ret->symbols;
	struct view_symbol *s;

	for (size_t i = 0; i < list->n; i++)
		if (slice_is(name, list->v[i].name))
			return &list->v[i];
	if (list->n == VIEW_SYMBOLS_MAX)
		refuse(r, "more than %d symbols; split the view",
		    VIEW_SYMBOLS_MAX);
	s = LIST_ADD(r->arena, list);
	s->name = slice_dup(r->arena, name);
	s->length = name.n;
	s->test = -1;
	return s;
}

/* A printed symbol must stand where its kind of escaping holds. */
static void
check_symbol_place(struct reader *r, const char *name)
{
	const struct place *p = &r->place;
	bool is_html = str_ends(name, "_html");

	if (p->kind == PLACE_TEXT) {
		if (is_html && p->element.n > 0)
			refuse(r, "markup {%s} inside <%.*s>", name,
			    (int)p->element.n, p->element.p);
		return;
	}
	if (p->kind != PLACE_VALUE) {
		refuse(r, "{%s} inside a tag but outside a quoted value", name);
		return;
	}
	if (is_html)
		refuse(r, "markup {%s} inside an attribute", name);
	if (is_url_attribute(p->attribute) && !p->value_anchor &&
	    !(str_ends(name, "_url") && p->value_empty))
		refuse(r,
		    "%.*s=\"…{%s}\": an address is one symbol that "
		    "ends in _url",
		    (int)p->attribute.n, p->attribute.p, name);
}

static bool
same_place(const struct place *a, const struct place *b)
{
	return a->kind == b->kind && a->closing == b->closing &&
	    a->quote == b->quote && slice_eq(a->element, b->element) &&
	    slice_eq(a->attribute, b->attribute);
}

static void
read_if(struct reader *r, struct slice name)
{
	struct view_symbol *s = symbol_add(r, name);
	struct branch *b;

	if (r->depth == BRANCHES_MAX) {
		refuse(r, "{if} is nested more than %d deep", BRANCHES_MAX);
		return;
	}
	if (s->test < 0) {
		if (r->ret->n_tests == VIEW_TESTS_MAX)
			refuse(r,
			    "more than %d tested symbols; split the "
			    "view",
			    VIEW_TESTS_MAX);
		s->test = (int)r->ret->n_tests++;
	}
	b = &r->branch[r->depth++];
	*b = (struct branch){.before = r->place, .line = r->line};
	buf_printf(&r->out, "{if IF_%s}", s->name);
}

static void
read_else(struct reader *r)
{
	struct branch *b;

	if (r->depth == 0 || r->branch[r->depth - 1].has_else) {
		refuse(r, "{else} without {if}");
		return;
	}
	b = &r->branch[r->depth - 1];
	b->has_else = true;
	b->after_then = r->place;
	r->place = b->before;
	buf_add_str(&r->out, "{else}");
}

static void
read_end(struct reader *r)
{
	const struct branch *b;
	const struct place *other;

	if (r->depth == 0) {
		refuse(r, "{end} without {if}");
		return;
	}
	b = &r->branch[--r->depth];
	other = b->has_else ? &b->after_then : &b->before;
	if (!same_place(&r->place, other))
		refuse(r,
		    "the {if} of line %d ends at another place of the "
		    "markup than it would without it",
		    b->line);
	r->place.value_empty = r->place.value_empty && other->value_empty;
	r->place.value_anchor = r->place.value_anchor && other->value_anchor;
	buf_add_str(&r->out, "{end}");
}

static bool
is_symbol_name(struct slice s)
{
	static const char *const reserved[] = {
	    "if", "else", "end", "for", "in"};

	if (s.n == 0 || s.n > 60 || s.p[0] < 'a' || s.p[0] > 'z')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= 'a' && s.p[i] <= 'z') &&
		    !chr_is_digit(s.p[i]) && s.p[i] != '_')
			return false;
	return !slice_among(s, reserved, COUNT_OF(reserved));
}

static void
read_brace(struct reader *r)
{
	struct slice inner = {r->text.p + r->at + 1, 0};
	struct view_symbol *s;

	while (peek(r, 1 + inner.n) != '}' && peek(r, 1 + inner.n) != '\n' &&
	    r->at + 1 + inner.n < r->text.n)
		inner.n++;
	if (peek(r, 1 + inner.n) != '}') {
		refuse(r,
		    "a brace is not closed in its line; a brace that is "
		    "text is written \\{");
		return;
	}
	if (slice_is(inner, "else")) {
		read_else(r);
	} else if (slice_is(inner, "end")) {
		read_end(r);
	} else if (inner.n > 3 && slice_is((struct slice){inner.p, 3}, "if ") &&
	    is_symbol_name((struct slice){inner.p + 3, inner.n - 3})) {
		read_if(r, (struct slice){inner.p + 3, inner.n - 3});
	} else if (is_symbol_name(inner)) {
		s = symbol_add(r, inner);
		s->printed = true;
		check_symbol_place(r, s->name);
		r->place.value_empty = false;
		buf_printf(&r->out, "{%s}", s->name);
	} else {
		refuse(r, "{%.*s} is none of {name} {if name} {else} {end}",
		    (int)inner.n, inner.p);
	}
	r->at += inner.n + 2;
}

/* Comments are for the reader of the file and are not sent. */
static void
skip_comment(struct reader *r)
{
	r->at += 4;
	while (r->at < r->text.n && !sees(r, "-->")) {
		if (peek(r, 0) == '\n')
			r->line++;
		r->at++;
	}
	if (r->at == r->text.n) {
		refuse(r, "a comment is not closed");
		return;
	}
	r->at += 3;
	/* A comment with a line of its own takes the line along. */
	if (peek(r, 0) == '\n' &&
	    (r->out.n == 0 || r->out.p[r->out.n - 1] == '\n')) {
		r->line++;
		r->at++;
	}
}

static void
read_tag_start(struct reader *r)
{
	static const char *const banned[] = {"script", "style", "iframe",
	    "object", "embed", "base", "frame", "frameset", "applet"};
	struct slice inside = r->place.element;
	size_t skip = 1;
	struct slice name;

	r->place = (struct place){.kind = PLACE_TAG};
	if (peek(r, 1) == '/' || peek(r, 1) == '!') {
		r->place.closing = peek(r, 1) == '/';
		skip = 2;
	}
	name = (struct slice){r->text.p + r->at + skip, 0};
	while (chr_is_alnum(peek(r, skip + name.n)) ||
	    peek(r, skip + name.n) == '-')
		name.n++;
	if (name.n == 0 || !chr_is_alpha(name.p[0]))
		refuse(r, "a < that starts no tag is written &lt;");
	if (slice_among(name, banned, COUNT_OF(banned)))
		refuse(r, "<%.*s> is not for our pages", (int)name.n, name.p);
	if (inside.n > 0 && !(r->place.closing && slice_eq(inside, name)))
		refuse(r, "a tag inside <%.*s>", (int)inside.n, inside.p);
	r->place.element = name;
	copy(r, skip + name.n);
}

static void
read_in_text(struct reader *r)
{
	if (sees(r, "<!--"))
		skip_comment(r);
	else if (peek(r, 0) == '<')
		read_tag_start(r);
	else
		copy(r, 1);
}

static void
read_attribute_name(struct reader *r)
{
	struct slice name = {r->text.p + r->at, 0};
	char c;

	while (c = peek(r, name.n), chr_is_alnum(c) || c == '-' || c == ':')
		name.n++;
	if (name.n == 0) {
		refuse(r, "unexpected '%c' inside a tag", peek(r, 0));
		return;
	}
	if (name.n > 2 && slice_ieq((struct slice){name.p, 2}, "on"))
		refuse(r, "%.*s: there is no script", (int)name.n, name.p);
	if (slice_ieq(name, "style"))
		refuse(r, "style=: classes only, the browser would ignore it");
	r->place.attribute = name;
	copy(r, name.n);
	if (peek(r, 0) == '=') {
		r->place.kind = PLACE_EQUALS;
		copy(r, 1);
	} else {
		r->place.attribute = (struct slice){0};
	}
}

static void
read_in_tag(struct reader *r)
{
	static const char *const raw[] = {"textarea", "title"};
	char c = peek(r, 0);

	if (c == '>') {
		struct slice element = r->place.element;
		bool opens = !r->place.closing &&
		    slice_among(element, raw, COUNT_OF(raw));

		r->place = (struct place){.kind = PLACE_TEXT};
		if (opens)
			r->place.element = element;
		copy(r, 1);
	} else if (chr_is_space(c) || (c == '/' && peek(r, 1) == '>')) {
		copy(r, 1);
	} else {
		read_attribute_name(r);
	}
}

static void
read_in_value(struct reader *r)
{
	char c = peek(r, 0);

	if (c == r->place.quote) {
		struct place tag = {.kind = PLACE_TAG};

		tag.element = r->place.element;
		r->place = tag;
	} else {
		if (r->place.value_empty && c == '#')
			r->place.value_anchor = true;
		r->place.value_empty = false;
	}
	copy(r, 1);
}

static void
read_one(struct reader *r)
{
	char c = peek(r, 0);

	if (c == '\n')
		r->line++;
	if ((unsigned char)c < 0x20 && c != '\n' && c != '\t') {
		refuse(r, "a control character");
	} else if (c == '\\' && (peek(r, 1) == '{' || peek(r, 1) == '}')) {
		r->place.value_empty = false;
		copy(r, 2);
	} else if (c == '\\' || c == '}') {
		refuse(r,
		    "a lone '%c'; braces that are text are written \\{ "
		    "and \\}, a backslash &#92;",
		    c);
	} else if (c == '{') {
		read_brace(r);
	} else if (r->place.kind == PLACE_TEXT) {
		read_in_text(r);
	} else if (r->place.kind == PLACE_TAG) {
		read_in_tag(r);
	} else if (r->place.kind == PLACE_VALUE) {
		read_in_value(r);
	} else if (c == '"' || c == '\'') {
		r->place.kind = PLACE_VALUE;
		r->place.quote = c;
		r->place.value_empty = true;
		copy(r, 1);
	} else {
		refuse(r, "the value of %.*s is not quoted",
		    (int)r->place.attribute.n, r->place.attribute.p);
	}
}

const struct err *
view_source_read(struct arena *a, const char *file, int line, struct slice text,
    struct view_source *ret)
{
	struct reader *r = arena_new(a, struct reader);

	*ret = (struct view_source){0};
	r->arena = a;
	r->file = file;
	r->line = line;
	r->text = text;
	r->ret = ret;
	buf_init(&r->out, a, text.n * 4 + 1);
	if (!utf8_valid(text))
		refuse(r, "not UTF-8");
	while (!r->e && r->at < text.n)
		read_one(r);
	if (!r->e && r->depth > 0)
		refuse(r, "the {if} of line %d has no {end}",
		    r->branch[r->depth - 1].line);
	if (!r->e && (r->place.kind != PLACE_TEXT || r->place.element.n > 0))
		refuse(r,
		    "the fragment ends inside a tag, <title> or "
		    "<textarea>");
	ret->text = buf_str(&r->out);
	return r->e;
}

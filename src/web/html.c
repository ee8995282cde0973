#include "base/base.h"

#include "web/html_private.h"

/* Names up to this length fit wherever names stand. */
#define BREAKABLE_MIN 16

/* Characters that are written as they are: printable ASCII but & < > " ',
 * and tab, LF, CR. One bit a character; all bytes from 128 up are 0. */
#define BIT(c) ((uint64_t)1 << ((c)&63))
static const uint64_t plain[4] = {
    (UINT64_C(0xffffffff00000000) | BIT('\t') | BIT('\n') | BIT('\r')) &
        ~(BIT('&') | BIT('<') | BIT('>') | BIT('"') | BIT('\'')),
    ~BIT(0x7f),
};

static bool
is_plain(char c)
{
	unsigned char u = (unsigned char)c;

	return (plain[u >> 6] >> (u & 63)) & 1;
}

static const char *
entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* One character that is not plain; returns how many bytes it has. */
static size_t
add_special(struct buf *b, const char *p, size_t n)
{
	const char *name = entity(*p);
	uint32_t cp;
	size_t used;

	if (name) {
		buf_add_str(b, name);
		return 1;
	}
	used = utf8_next(p, n, &cp);
	if (cp < 0x20 || cp == 0x7f)
		cp = 0xfffd;
	buf_add_utf8(b, cp);
	return used;
}

static void
escape_into(struct buf *b, struct slice text)
{
	size_t i = 0;

	while (i < text.n) {
		size_t start = i;

		while (i < text.n && is_plain(text.p[i]))
			i++;
		buf_add(b, text.p + start, i - start);
		if (i < text.n)
			i += add_special(b, text.p + i, text.n - i);
	}
}

struct slice
html_escape(struct arena *a, struct slice text)
{
	struct buf b;
	size_t i = 0;

	while (i < text.n && is_plain(text.p[i]))
		i++;
	if (i == text.n)
		return text;
	/* The longest replacement has six bytes. */
	buf_init(&b, a, text.n > SIZE_MAX / 6 ? SIZE_MAX - 1 : text.n * 6);
	escape_into(&b, text);
	return buf_slice(&b);
}

const struct html *
html_make(struct arena *a, struct slice markup)
{
	struct html *html = arena_new(a, struct html);

	html->p = markup.p;
	html->n = markup.n;
	return html;
}

struct slice
html_bytes(const struct html *html)
{
	return (struct slice){html->p, html->n};
}

const struct html *
html_text(struct arena *a, const char *text)
{
	return html_make(a, html_escape(a, slice_of(text)));
}

static bool
is_joint(char c)
{
	return c == '_' || c == '.' || c == '/' || c == '@' || c == '-';
}

const struct html *
html_breakable(struct arena *a, const char *text)
{
	struct slice rest = slice_of(text);
	struct buf b;

	if (rest.n <= BREAKABLE_MIN)
		return html_text(a, text);
	buf_init(&b, a, SIZE_MAX - 1);
	buf_reserve(&b, rest.n * 2);
	while (rest.n > 0) {
		size_t n = 0;

		while (n < rest.n && !is_joint(rest.p[n]))
			n++;
		while (n < rest.n && is_joint(rest.p[n]))
			n++;
		escape_into(&b, (struct slice){rest.p, n});
		rest.p += n;
		rest.n -= n;
		if (rest.n > 0)
			buf_add_str(&b, "<wbr>");
	}
	return html_make(a, buf_slice(&b));
}

const struct html *
html_marked(struct arena *a, struct slice text, const struct html_range *ranges,
    size_t n)
{
	struct buf b;
	size_t done = 0;

	buf_init(&b, a, SIZE_MAX - 1);
	for (size_t i = 0; i < n; i++) {
		const struct html_range *r = &ranges[i];

		assert(r->start >= done && r->end >= r->start);
		assert(r->end <= text.n);
		escape_into(&b, (struct slice){text.p + done, r->start - done});
		buf_add_str(&b, "<span class=\"");
		escape_into(&b, slice_of(r->class_name));
		buf_add_str(&b, "\">");
		escape_into(&b,
		    (struct slice){text.p + r->start, r->end - r->start});
		buf_add_str(&b, "</span>");
		done = r->end;
	}
	escape_into(&b, (struct slice){text.p + done, text.n - done});
	return html_make(a, buf_slice(&b));
}

void
html_list_init(struct html_list *l, struct arena *a)
{
	*l = (struct html_list){.arena = a};
}

void
html_list_add(struct html_list *l, const struct html *html)
{
	*LIST_ADD(l->arena, l) = html;
	l->bytes += html->n;
}

const struct err *
html_list_render(struct html_list *l, struct view *v)
{
	const struct err *e;
	const struct html *html;

	e = view_render(v, &html);
	if (e)
		return e;
	html_list_add(l, html);
	return NULL;
}

const struct html *
html_join(const struct html_list *l)
{
	struct buf b;

	buf_init(&b, l->arena, l->bytes + 1);
	for (size_t i = 0; i < l->n; i++)
		buf_add(&b, l->v[i]->p, l->v[i]->n);
	return html_make(l->arena, buf_slice(&b));
}

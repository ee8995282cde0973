#include "base/base.h"

#include "markup.h"

#include <string.h>

#define DEPTH_MAX 100

struct attribute {
	const char *name;
	const char *value;
};

struct tag {
	const char *name;
	bool closing;
	bool self_closed;
	LIST_OF(struct attribute) attributes;
};

struct reader {
	struct arena *arena;
	struct slice text;
	size_t at;
	const char *open[DEPTH_MAX];
	size_t depth;
	struct markup *ret;
	LIST_OF(const char *) wanted_ids; /* that something points at */
	LIST_OF(const char *) inputs;     /* ids of those that need a label */
	LIST_OF(const char *) labelled;
	struct markup_link *form; /* the one that is open */
	const char *wrong;
};

static PRINTF(2, 3) void object(struct reader *r, const char *format, ...)
{
	size_t start = r->at > 80 ? r->at - 80 : 0;
	va_list ap;

	if (r->wrong)
		return;
	va_start(ap, format);
	r->wrong = arena_printf(r->arena, "%s, after: %.*s",
	    arena_vprintf(r->arena, format, ap), (int)(r->at - start),
	    r->text.p + start);
	va_end(ap);
}

static bool
among(const char *s, const char *list)
{
	size_t n = strlen(s);

	if (n == 0)
		return false;
	for (const char *p = list; (p = strstr(p, s)) != NULL; p += n)
		if ((p == list || p[-1] == ' ') && (!p[n] || p[n] == ' '))
			return true;
	return false;
}

static bool
is_void(const char *name)
{
	return among(name, "meta link img input br hr col wbr source");
}

/* What pages may be made of; anything else got in by mistake or by force. */
static bool
is_known(const char *name)
{
	return is_void(name) ||
	    among(name,
	        "html head title body header main "
	        "nav footer section article aside div p span a ul ol li dl dt "
	        "dd "
	        "h1 h2 h3 h4 h5 h6 b strong em i small mark code pre time abbr "
	        "table caption colgroup thead tbody tfoot tr th td form "
	        "fieldset "
	        "legend label select optgroup option datalist textarea button "
	        "output progress details summary figure figcaption svg g path "
	        "rect circle line polyline text tspan desc defs marker use "
	        "blockquote kbd samp del ins sub sup");
}

static bool
is_block(const char *name)
{
	return among(name,
	    "div p ul ol dl table form header main nav footer "
	    "section article aside h1 h2 h3 h4 h5 h6 pre details fieldset "
	    "figure blockquote hr");
}

static bool
inside(const struct reader *r, const char *name)
{
	for (size_t i = 0; i < r->depth; i++)
		if (str_eq(r->open[i], name))
			return true;
	return false;
}

static char
peek(const struct reader *r, size_t ahead)
{
	return r->at + ahead < r->text.n ? r->text.p[r->at + ahead] : '\0';
}

static const char *
unescape(struct reader *r, struct slice s)
{
	static const struct {
		const char *name;
		char c;
	} entities[] = {
	    {"&lt;", '<'},
	    {"&gt;", '>'},
	    {"&amp;", '&'},
	    {"&quot;", '"'},
	    {"&#39;", '\''},
	    {"&#92;", '\\'},
	    {"&nbsp;", ' '},
	};
	struct buf b;

	buf_init(&b, r->arena, s.n);
	for (size_t i = 0; i < s.n; i++) {
		size_t k = 0;

		if (s.p[i] != '&') {
			buf_add_chr(&b, s.p[i]);
			continue;
		}
		while (k < COUNT_OF(entities) &&
		    !(s.n - i >= strlen(entities[k].name) &&
		        memcmp(s.p + i, entities[k].name,
		            strlen(entities[k].name)) == 0))
			k++;
		if (k == COUNT_OF(entities)) {
			object(r, "a stray &: %.*s", (int)s.n, s.p);
			return "";
		}
		buf_add_chr(&b, entities[k].c);
		i += strlen(entities[k].name) - 1;
	}
	return buf_str(&b);
}

static const char *
attribute(const struct tag *tag, const char *name)
{
	for (size_t i = 0; i < tag->attributes.n; i++)
		if (str_eq(tag->attributes.v[i].name, name))
			return tag->attributes.v[i].value;
	return NULL;
}

static const char *
take_name(struct reader *r)
{
	size_t start = r->at;

	while (chr_is_alnum(peek(r, 0)) ||
	    strchr("-:", peek(r, 0) ? peek(r, 0) : ' '))
		r->at++;
	return arena_strndup(r->arena, r->text.p + start, r->at - start);
}

static void
read_attribute(struct reader *r, struct tag *tag)
{
	const char *name = take_name(r);
	struct attribute *added;
	size_t start;

	if (!name[0]) {
		object(r, "an attribute without name");
		return;
	}
	if (attribute(tag, name))
		object(r, "%s twice", name);
	if (str_starts(name, "on") || str_eq(name, "style"))
		object(r, "%s=", name);
	added = LIST_ADD(r->arena, &tag->attributes);
	added->name = name;
	added->value = "";
	if (peek(r, 0) != '=')
		return;
	r->at++;
	if (peek(r, 0) != '"') {
		object(r, "%s is not quoted", name);
		return;
	}
	start = ++r->at;
	while (peek(r, 0) && peek(r, 0) != '"') {
		if (peek(r, 0) == '<')
			object(r, "a < inside %s", name);
		r->at++;
	}
	added->value = unescape(r,
	    (struct slice){r->text.p + start, r->at - start});
	r->at++;
}

static void
read_tag(struct reader *r, struct tag *tag)
{
	*tag = (struct tag){0};
	r->at++;
	if (peek(r, 0) == '/') {
		tag->closing = true;
		r->at++;
	}
	tag->name = take_name(r);
	if (!is_known(tag->name))
		object(r, "<%s>", tag->name);
	while (!r->wrong) {
		bool blank = false;

		while (chr_is_space(peek(r, 0))) {
			blank = true;
			r->at++;
		}
		if (peek(r, 0) == '/' && peek(r, 1) == '>') {
			tag->self_closed = true;
			r->at++;
		}
		if (peek(r, 0) == '>') {
			r->at++;
			break;
		}
		if (!blank) {
			object(r, "a malformed <%s>", tag->name);
			break;
		}
		read_attribute(r, tag);
	}
	if (tag->closing && tag->attributes.n > 0)
		object(r, "attributes in </%s>", tag->name);
}

static void
want_ids(struct reader *r, const char *list)
{
	while (list && *list) {
		size_t n = strcspn(list, " ");

		*LIST_ADD(r->arena, &r->wanted_ids) = arena_strndup(r->arena,
		    list, n);
		list += n + (list[n] == ' ');
	}
}

static struct markup_link *
add_link(struct reader *r, const struct tag *tag, const char *url,
    const char *method)
{
	struct markup_link *link = LIST_ADD(r->arena, &r->ret->links);

	link->element = tag->name;
	link->url = url;
	link->method = method;
	link->fields = "";
	return link;
}

static void
note_links(struct reader *r, const struct tag *tag)
{
	const char *method = attribute(tag, "method");
	const char *url = attribute(tag, "href");

	if (!url)
		url = attribute(tag, "src");
	if (url && url[0] == '#')
		want_ids(r, url + 1);
	else if (url)
		add_link(r, tag, url, "get");
	if (str_eq(tag->name, "a") && !url)
		object(r, "<a> without href");
	if (str_eq(tag->name, "form")) {
		url = attribute(tag, "action");
		if (!method || !url)
			object(r, "<form> without method or action");
		else
			r->form = add_link(r, tag, url, method);
	}
	url = attribute(tag, "formaction");
	if (url)
		add_link(r, tag, url, attribute(tag, "formmethod"));
}

static void
note_input(struct reader *r, const struct tag *tag)
{
	const char *type = attribute(tag, "type");
	const char *id = attribute(tag, "id");
	const char *name = attribute(tag, "name");

	if (name && r->form && str_eq(r->form->method, "get"))
		r->form->fields = arena_printf(r->arena, "%s%s ",
		    r->form->fields, name);
	if (str_eq(type, "hidden") || inside(r, "label") ||
	    attribute(tag, "aria-label") || attribute(tag, "aria-labelledby"))
		return;
	if (!id)
		object(r, "<%s> %s without label", tag->name, name ? name : "");
	else
		*LIST_ADD(r->arena, &r->inputs) = id;
}

static void
note_tag(struct reader *r, const struct tag *tag)
{
	const char *id = attribute(tag, "id");
	const char *label = attribute(tag, "for");

	if (id) {
		if (!id[0] || strpbrk(id, " \t\n"))
			object(r, "id=\"%s\"", id);
		for (size_t i = 0; i < r->ret->ids.n; i++)
			if (str_eq(r->ret->ids.v[i], id))
				object(r, "the id %s twice", id);
		*LIST_ADD(r->arena, &r->ret->ids) = id;
	}
	if (label) {
		want_ids(r, label);
		*LIST_ADD(r->arena, &r->labelled) = label;
	}
	want_ids(r, attribute(tag, "aria-describedby"));
	want_ids(r, attribute(tag, "aria-labelledby"));
	want_ids(r, attribute(tag, "list"));
	if (among(tag->name, "a link img form button use"))
		note_links(r, tag);
	if (among(tag->name, "input select textarea"))
		note_input(r, tag);
	if (str_eq(tag->name, "img") && !attribute(tag, "alt"))
		object(r, "<img> without alt");
	if (str_eq(tag->name, "html") && !attribute(tag, "lang"))
		object(r, "<html> without lang");
	if (str_eq(tag->name, "h1"))
		r->ret->headings++;
}

/* Elements that end another one by being opened inside it, and those that
 * must have the right parent, or a browser moves them. */
static void
check_nesting(struct reader *r, const char *name)
{
	static const struct {
		const char *child, *parents;
	} rules[] = {
	    {"li", "ul ol"},
	    {"dt", "dl div"},
	    {"dd", "dl div"},
	    {"tr", "table thead tbody tfoot"},
	    {"td", "tr"},
	    {"th", "tr"},
	    {"thead", "table"},
	    {"tbody", "table"},
	    {"tfoot", "table"},
	    {"caption", "table"},
	    {"option", "select datalist optgroup"},
	    {"legend", "fieldset"},
	    {"summary", "details"},
	};
	const char *parent = r->depth > 0 ? r->open[r->depth - 1] : "";

	for (size_t i = 0; i < COUNT_OF(rules); i++)
		if (str_eq(name, rules[i].child) &&
		    !among(parent, rules[i].parents))
			object(r, "<%s> in <%s>", name, parent);
	if (is_block(name) &&
	    (inside(r, "p") || inside(r, "pre") ||
	        (inside(r, "span") && !inside(r, "svg"))))
		object(r, "<%s> inside text", name);
	if (among(name, "a form button label select") && inside(r, name))
		object(r, "<%s> in <%s>", name, name);
	if (among(name, "a button input select textarea") &&
	    (inside(r, "button") || inside(r, "a") || inside(r, "option")))
		object(r, "<%s> inside <button> or <a>", name);
	if (among(parent, "ul ol") && !str_eq(name, "li"))
		object(r, "<%s> in <%s>", name, parent);
	if (among(parent, "table thead tbody tr select") &&
	    !among(name,
	        "caption colgroup thead tbody tfoot tr th td option "
	        "optgroup"))
		object(r, "<%s> in <%s>", name, parent);
}

static void
read_element(struct reader *r)
{
	struct tag tag;

	read_tag(r, &tag);
	if (r->wrong)
		return;
	if (tag.closing) {
		if (r->depth == 0 || !str_eq(r->open[r->depth - 1], tag.name))
			object(r, "</%s> where <%s> is open", tag.name,
			    r->depth > 0 ? r->open[r->depth - 1] : "nothing");
		else
			r->depth--;
		if (str_eq(tag.name, "form"))
			r->form = NULL;
		return;
	}
	check_nesting(r, tag.name);
	note_tag(r, &tag);
	if (is_void(tag.name) || (tag.self_closed && inside(r, "svg")))
		return;
	if (tag.self_closed)
		object(r, "<%s/>", tag.name);
	if (r->depth == DEPTH_MAX)
		object(r, "too deep");
	else
		r->open[r->depth++] = tag.name;
}

static void
read_text(struct reader *r)
{
	const char *parent = r->depth > 0 ? r->open[r->depth - 1] : "";
	size_t start = r->at;
	struct slice text;

	while (peek(r, 0) && peek(r, 0) != '<') {
		if (peek(r, 0) == '>')
			object(r, "a stray >");
		r->at++;
	}
	text = (struct slice){r->text.p + start, r->at - start};
	unescape(r, text);
	if (slice_trim(text).n > 0 &&
	    among(parent, "table thead tbody tr ul ol dl select html head"))
		object(r, "text in <%s>", parent);
	if (str_eq(parent, "title") && !inside(r, "svg"))
		r->ret->title = slice_dup(r->arena, slice_trim(text));
}

static bool
has(const char *const *v, size_t n, const char *s)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(v[i], s))
			return true;
	return false;
}

static void
check_ends(struct reader *r)
{
	if (r->depth > 0)
		object(r, "<%s> is not closed", r->open[r->depth - 1]);
	for (size_t i = 0; i < r->wanted_ids.n; i++)
		if (!has(r->ret->ids.v, r->ret->ids.n, r->wanted_ids.v[i]))
			object(r, "nothing has the id %s", r->wanted_ids.v[i]);
	for (size_t i = 0; i < r->inputs.n; i++)
		if (!has(r->labelled.v, r->labelled.n, r->inputs.v[i]))
			object(r, "no label for %s", r->inputs.v[i]);
	if (str_empty(r->ret->title))
		object(r, "no title");
	if (r->ret->headings != 1)
		object(r, "%d h1 elements", r->ret->headings);
}

const char *
markup_read(struct arena *a, struct slice html, struct markup *ret)
{
	static const char doctype[] = "<!DOCTYPE html>";
	struct reader r = {.arena = a, .text = html, .ret = ret};

	*ret = (struct markup){0};
	if (!utf8_valid(html))
		return "not UTF-8";
	if (html.n < sizeof(doctype) ||
	    memcmp(html.p, doctype, sizeof(doctype) - 1) != 0)
		return "no doctype";
	r.at = sizeof(doctype) - 1;
	while (!r.wrong && r.at < html.n) {
		if (peek(&r, 0) == '<')
			read_element(&r);
		else if (peek(&r, 0))
			read_text(&r);
		else
			object(&r, "a NUL");
	}
	if (!r.wrong)
		check_ends(&r);
	return r.wrong;
}

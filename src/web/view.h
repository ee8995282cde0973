/*
 * HTML that cannot forget to escape. A view is a template below views/ (or a
 * named fragment of one: "mapping#row" is what follows the line
 * <!-- fragment: row --> of views/mapping.html); values are set by type;
 * markup is a type of its own that only rendering makes.
 *
 * Views may hold {name}, {if name} {else} {end}, \{ and \} for braces, and
 * nothing else; a row is a fragment rendered per record, not a loop. Comments
 * are not sent. view_load() checks all views at start-up, also that
 * - names are lower case letters, digits and _;
 * - attribute values are quoted, and symbols in a tag stand inside a value
 *   ({if} may stand around whole attributes);
 * - href, src, action and their like are one {…_url}, or start with #;
 * - {…_html} stands in text, never in an attribute, <title> or <textarea>;
 * - both branches of an {if} end at the same place of the markup;
 * - there is no script, style, on…= or style=.
 *
 * Every symbol of a view must be set, also those of a branch not taken; a
 * value that no symbol asks for does no harm.
 */
#ifndef T2C_VIEW_H
#define T2C_VIEW_H

#include "base/buf.h"
#include "base/err.h"

struct html; /* finished markup */
struct view;
struct url;

/* Loads and checks every view below the folder; a bad one is S_CONFIG with
 * file and line, and the process must not serve. Process lifetime. */
const struct err *view_load(const char *folder) MUST_USE;
/* Frees what view_load() made. Only tests end in such order. */
void view_unload(void);

/* A view to fill. A name that does not exist is reported by view_render(). */
struct view *view_new(struct arena *a, const char *name) RETURNS_NONNULL;
/* Values must live until view_render(). In {if}, text is true unless it is
 * empty (or NULL, which is empty), a number unless it is 0. */
void view_text(struct view *v, const char *key, const char *text);
void view_slice(struct view *v, const char *key, struct slice text);
void view_int(struct view *v, const char *key, int64_t n);
/* For {if} alone; it prints nothing. */
void view_bool(struct view *v, const char *key, bool b);
/* key ends in _url; NULL is nothing, and false in {if} */
void view_url(struct view *v, const char *key, const struct url *url);
/* key ends in _html; NULL is nothing, and false in {if} */
void view_html(struct view *v, const char *key, const struct html *html);
/* Whether the view asks for that symbol. */
bool view_has(const struct view *v, const char *key);
/* S_INTERNAL naming view and symbol where one was not set. */
const struct err *view_render(struct view *v, const struct html **ret) MUST_USE;

/* Collecting rendered rows. */
struct html_list {
	const struct html **v;
	size_t n;
	size_t cap;
	size_t bytes;
	struct arena *arena;
};
void html_list_init(struct html_list *l, struct arena *a);
void html_list_add(struct html_list *l, const struct html *html);
/* Renders v and adds it: the usual last line of a row function. */
const struct err *html_list_render(struct html_list *l, struct view *v)
    MUST_USE;
const struct html *html_join(const struct html_list *l) RETURNS_NONNULL;
struct slice html_bytes(const struct html *html);
/* Text as markup, escaped. */
const struct html *html_text(struct arena *a, const char *text) RETURNS_NONNULL;
/* The same for a name or path, which may be broken after _ . / @ and -. Short
 * ones never need it and are left alone. */
const struct html *html_breakable(struct arena *a, const char *text)
    RETURNS_NONNULL;
/* Text with byte ranges wrapped in <span class="…">: for code and marked
 * cells. Ranges ascend and do not overlap; class names are literals. */
struct html_range {
	size_t start;
	size_t end;
	const char *class_name;
};
const struct html *html_marked(struct arena *a, struct slice text,
    const struct html_range *ranges, size_t n) RETURNS_NONNULL;

/*
 * Addresses. Only those of this site: a path made of literal parts and ids,
 * then a query whose values are percent-encoded.
 */
const struct url *url_path(struct arena *a, const char *format, ...)
    PRINTF(2, 3) RETURNS_NONNULL; /* only %d, %PRId64 and %s, which is
                                       percent-encoded as one segment */
/* The url with key=value added to its query; value NULL adds nothing. */
const struct url *url_with(struct arena *a, const struct url *u,
    const char *key, const char *value) RETURNS_NONNULL;
const struct url *url_fragment(struct arena *a, const struct url *u,
    const char *fragment) RETURNS_NONNULL;
const char *url_text(const struct url *u);

#endif

/*
 * HTML that cannot forget to escape. A view is a template below views/ (or a
 * named fragment of one: "mapping#row"); values are set by type; markup is a
 * type of its own that only rendering makes.
 *
 * Views may hold {name}, {if name} {else} {end}, {for x in name} {end} over
 * flat lists, and nothing else; view_load() checks them all at start-up.
 */
#ifndef T2C_VIEW_H
#define T2C_VIEW_H

#include "base/buf.h"
#include "base/err.h"

struct html;    /* finished markup */
struct view;
struct url;

/* Loads and checks every view below the folder; a bad one is S_CONFIG with
 * file and line, and the process must not serve. Process lifetime. */
const struct err *view_load(const char *folder) MUST_USE;

struct view *view_new(struct arena *a, const char *name) RETURNS_NONNULL;
void view_text(struct view *v, const char *key, const char *text);
void view_int(struct view *v, const char *key, int64_t n);
/* For {if}. */
void view_bool(struct view *v, const char *key, bool b);
/* key ends in _url */
void view_url(struct view *v, const char *key, const struct url *url);
/* key ends in _html; NULL is nothing, and false in {if} */
void view_html(struct view *v, const char *key, const struct html *html);
const struct err *view_render(struct view *v, const struct html **ret)
    MUST_USE;

/* Collecting rendered rows. */
struct html_list { struct html **v; size_t n; size_t cap; size_t bytes;
	struct arena *arena; };
void html_list_init(struct html_list *l, struct arena *a);
void html_list_add(struct html_list *l, const struct html *html);
/* Renders v and adds it: the usual last line of a row function. */
const struct err *html_list_render(struct html_list *l, struct view *v)
    MUST_USE;
const struct html *html_join(const struct html_list *l) RETURNS_NONNULL;
struct slice html_bytes(const struct html *html);
/* Text as markup, escaped. */
const struct html *html_text(struct arena *a, const char *text)
    RETURNS_NONNULL;
/* Text with byte ranges wrapped in <span class="…">: for code and marked
 * cells. Ranges ascend and do not overlap; class names are literals. */
struct html_range { size_t start; size_t end; const char *class_name; };
const struct html *html_marked(struct arena *a, struct slice text,
    const struct html_range *ranges, size_t n) RETURNS_NONNULL;

/*
 * Addresses. Only relative ones of this site: a path made of literal parts
 * and ids, then a query whose values are percent-encoded. url_to("/mappings/%d/check", id)
 */
const struct url *url_path(struct arena *a, const char *format, ...)
    PRINTF(2, 3) RETURNS_NONNULL;   /* only %d/%PRId64 and %s of [A-Za-z0-9._-]+ */
/* The url with key=value added to its query; value NULL adds nothing. */
const struct url *url_with(struct arena *a, const struct url *u,
    const char *key, const char *value) RETURNS_NONNULL;
const struct url *url_fragment(struct arena *a, const struct url *u,
    const char *fragment) RETURNS_NONNULL;
const char *url_text(const struct url *u);

#endif

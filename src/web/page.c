#include "base/base.h"

#include "web/page.h"

#include "web/csrf.h"
#include "web/form.h"
#include "web/reply.h"
#include "web/url.h"

#include <string.h>

struct nav_item {
	const char *label;
	const char *path;
	const char *icon;
	const char *below; /* pages below this are of this item */
};

static const struct nav_item nav[] = {
    {"Generate", "/mappings/new", "generate", "/mappings"},
    {"Patterns", "/patterns", "pattern", "/patterns"},
    {"History", "/generations", "history", "/generations"},
    {"Connections", "/connections", "connection", "/connections"},
};

struct view *
page_view(struct req *req, const char *name)
{
	struct view *v = view_new(req->arena, name);

	if (view_has(v, "csrf"))
		view_text(v, "csrf", csrf_token(req));
	if (view_has(v, "key"))
		view_text(v, "key", form_key(req));
	return v;
}

void
page_crumb(struct req *req, const char *label, const struct url *url)
{
	*LIST_ADD(req->arena, &req->crumbs) = (struct crumb){label, url};
}

const struct err *
page_crumbs(struct req *req, const struct html **ret)
{
	const struct err *e;
	struct html_list list;
	struct view *v;

	*ret = NULL;
	if (req->crumbs.n == 0)
		return NULL;
	html_list_init(&list, req->arena);
	for (size_t i = 0; i < req->crumbs.n; i++) {
		v = view_new(req->arena, "layout#crumb");
		view_text(v, "label", req->crumbs.v[i].label);
		view_url(v, "crumb_url", req->crumbs.v[i].url);
		e = html_list_render(&list, v);
		if (e)
			return e;
	}
	v = view_new(req->arena, "layout#crumbs");
	view_html(v, "crumbs_html", html_join(&list));
	return view_render(v, ret);
}

/* "/mappings" is above "/mappings/7", but not above "/mappings2". */
static bool
is_below(const char *path, const char *above)
{
	return str_starts(path, above) &&
	    (path[strlen(above)] == '\0' || path[strlen(above)] == '/');
}

static const struct err *
render_nav(struct req *req, const struct html **ret)
{
	const struct err *e;
	struct html_list list;
	const char *path = req->path ? req->path : "";

	html_list_init(&list, req->arena);
	for (size_t i = 0; i < COUNT_OF(nav); i++) {
		struct view *v = view_new(req->arena, "layout#nav");
		const char *current = "";

		if (str_eq(path, nav[i].path))
			current = "page";
		else if (is_below(path, nav[i].below))
			current = "true";
		view_text(v, "label", nav[i].label);
		view_text(v, "icon", nav[i].icon);
		view_text(v, "current", current);
		view_url(v, "item_url", url_local(req->arena, nav[i].path));
		e = html_list_render(&list, v);
		if (e)
			return e;
	}
	*ret = html_join(&list);
	return NULL;
}

static const struct err *
render_flash(const struct req *req, struct resp *resp, const struct html **ret)
{
	struct flash flash;
	struct view *v;

	*ret = NULL;
	if (!flash_take(req, resp, &flash))
		return NULL;
	v = view_new(req->arena, "layout#flash");
	view_text(v, "kind", flash.kind);
	view_text(v, "message", flash.message);
	view_text(v, "icon", flash.icon);
	view_bool(v, "problem", str_eq(flash.kind, "problem"));
	return view_render(v, ret);
}

static const struct err *
render_content(struct req *req, const char *title, struct view *v,
    const struct html **ret)
{
	const struct err *e;
	const struct html *crumbs;

	if (view_has(v, "title"))
		view_text(v, "title", title);
	if (view_has(v, "crumbs_html")) {
		e = page_crumbs(req, &crumbs);
		if (e)
			return e;
		view_html(v, "crumbs_html", crumbs);
	}
	return view_render(v, ret);
}

const struct err *
page_render(struct req *req, struct resp *resp, const char *title,
    struct view *v)
{
	const struct err *e;
	const struct html *content;
	const struct html *flash;
	const struct html *items = NULL;
	const struct html *page;
	struct view *layout;

	e = render_content(req, title, v, &content);
	if (e)
		return e;
	e = render_flash(req, resp, &flash);
	if (e)
		return e;
	layout = page_view(req, req->session ? "layout" : "layout#plain");
	if (req->session) {
		e = render_nav(req, &items);
		if (e)
			return e;
		view_text(layout, "user", req->session->user.name);
	}
	view_html(layout, "nav_html", items);
	view_bool(layout, "text_width", req->text_width);
	view_bool(layout, "error_page", req->error_page);
	view_text(layout, "title", title);
	view_html(layout, "flash_html", flash);
	view_html(layout, "content_html", content);
	e = view_render(layout, &page);
	if (e)
		return e;
	reply_page(resp, resp->status, html_bytes(page));
	return NULL;
}

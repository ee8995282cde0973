#include "base/base.h"

#include "web/pages/resend.h"

#include "web/csrf.h"
#include "web/page.h"
#include "web/pages/components.h"
#include "web/parts.h"
#include "web/reply.h"
#include "web/route.h"
#include "web/url.h"
#include "web/view.h"

/* Bytes of a value that the page shows; all of it is sent. */
#define SHOWN_MAX 2000

bool
resend_applies(const struct req *req)
{
	const struct route *route = req->route;

	return req->method == METHOD_POST && route && route->again &&
	    !route->api && !route->calls && req->origin &&
	    csrf_is_own_site(req);
}

static bool
is_secret(const struct req *req, const char *name)
{
	const struct form_table *table = req->route->form;

	for (size_t i = 0; table && i < table->n; i++) {
		if (str_eq(table->fields[i].name, name))
			return table->fields[i].secret;
	}
	return false;
}

static const struct err *
add_part(struct req *req, const struct part *part, struct html_list *hidden,
    struct html_list *shown)
{
	struct arena *a = req->arena;
	struct view *field = view_new(a, "resend#field");
	struct view *item = view_new(a, "resend#typed");
	const struct err *e;

	if (!part->file_name) {
		view_text(field, "name", part->name);
		view_slice(field, "value", part->value);
		e = html_list_render(hidden, field);
		if (e)
			return e;
	}
	/* The key is sent again, but nobody typed it. */
	if (str_eq(part->name, "key") ||
	    (part->value.n == 0 && !part->file_name))
		return NULL;
	view_text(item, "name", part->name);
	view_text(item, "file", part->file_name);
	view_text(item, "value",
	    part->file_name
	        ? ""
	        : utf8_cut(a, arena_strndup(a, part->value.p, part->value.n),
	              SHOWN_MAX));
	return html_list_render(shown, item);
}

const struct err *
resend_page(struct req *req, struct resp *resp, const struct parts *parts,
    const struct err *why)
{
	struct arena *a = req->arena;
	struct view *v = page_view(req, "resend");
	struct html_list hidden;
	struct html_list shown;
	const struct err *e;
	size_t i;

	html_list_init(&hidden, a);
	html_list_init(&shown, a);
	for (i = 0; i < parts->n; i++) {
		if (str_eq(parts->v[i].name, "csrf") ||
		    is_secret(req, parts->v[i].name))
			continue;
		e = add_part(req, &parts->v[i], &hidden, &shown);
		if (e)
			return e;
	}
	view_bool(v, "signed_in", req->session != NULL);
	view_url(v, "form_url", url_local(a, req->path));
	view_bool(v, "is_multipart",
	    req->content_type &&
	        str_starts(req->content_type, "multipart/form-data"));
	view_text(v, "code", code_info(why->code)->id);
	view_url(v, "code_url", component_code_url(a, why->code));
	view_html(v, "fields_html", html_join(&hidden));
	view_html(v, "typed_html", html_join(&shown));
	resp->status = code_info(why->code)->http;
	req->error_page = true;
	return page_render(req, resp, code_info(why->code)->title, v);
}

#include "base/base.h"

#include "web/pages/pages.h"

#include "base/json.h"
#include "web/page.h"
#include "web/pages/components.h"
#include "web/reply.h"

static const struct {
	char letter;
	const char *anchor;
	const char *label;
} areas[] = {
    {'M', "mapping", "Mapping sheet"},
    {'E', "expression", "Expression"},
    {'P', "pattern", "Pattern and plan"},
    {'A', "account", "Account and session"},
    {'W', "request", "Request"},
    {'R', "remote", "Workspace and model"},
    {'G', "gate", "Code of a model"},
    {'S', "system", "System"},
};

static const char *
severity_word(enum severity severity)
{
	return severity == SEVERITY_WARNING ? "warning" : "error";
}

static const struct err *
render_entry(struct html_list *list, const struct code_info *info)
{
	struct view *v = view_new(list->arena, "errors#entry");

	view_text(v, "code", info->id);
	view_text(v, "title", info->title);
	view_text(v, "severity", severity_word(info->severity));
	view_text(v, "cause", info->cause);
	view_text(v, "fix", info->fix);
	return html_list_render(list, v);
}

static const struct err *
render_area(struct req *req, size_t area, struct html_list *groups)
{
	struct view *v = view_new(req->arena, "errors#group");
	const struct err *e;
	struct html_list entries;

	html_list_init(&entries, req->arena);
	for (unsigned int code = 0; code < ERR__COUNT; code++) {
		const struct code_info *info = code_info(code);

		if (info->id[0] != areas[area].letter)
			continue;
		e = render_entry(&entries, info);
		if (e)
			return e;
	}
	view_text(v, "anchor", areas[area].anchor);
	view_text(v, "label", areas[area].label);
	view_html(v, "entries_html", html_join(&entries));
	return html_list_render(groups, v);
}

const struct err *
page_errors_index(struct req *req, struct resp *resp)
{
	struct view *v = page_view(req, "errors");
	const struct err *e;
	struct html_list jumps;
	struct html_list groups;

	html_list_init(&jumps, req->arena);
	html_list_init(&groups, req->arena);
	for (size_t i = 0; i < COUNT_OF(areas); i++) {
		struct view *jump = view_new(req->arena, "errors#jump");

		view_text(jump, "anchor", areas[i].anchor);
		view_text(jump, "label", areas[i].label);
		e = html_list_render(&jumps, jump);
		if (e)
			return e;
		e = render_area(req, i, &groups);
		if (e)
			return e;
	}
	req->text_width = true;
	view_html(v, "jumps_html", html_join(&jumps));
	view_html(v, "groups_html", html_join(&groups));
	return page_render(req, resp, "Error codes", v);
}

static void
write_fields(struct json_writer *w, const struct form *form)
{
	json_key(w, "fields");
	json_object(w);
	for (size_t i = 0; i < form->table->n; i++)
		if (form->errors[i])
			json_key_str(w, form->table->fields[i].name,
			    form->errors[i]);
	json_object_end(w);
}

static void
reply_json(struct req *req, struct resp *resp, const struct err *e)
{
	const struct code_info *info = code_info(e->code);
	struct json_writer w;
	struct buf b;

	buf_init(&b, req->arena, SIZE_MAX - 1);
	json_init(&w, &b, false);
	json_object(&w);
	json_key(&w, "error");
	json_object(&w);
	json_key_str(&w, "code", info->id);
	json_key_str(&w, "title", info->title);
	json_key_str(&w, "message", e->message);
	json_key_str(&w, "fix", info->fix);
	json_key_str(&w, "request_id", req->id);
	if (req->form && req->form->table && req->form->has_errors)
		write_fields(&w, req->form);
	json_object_end(&w);
	json_object_end(&w);
	resp->header[HEADER_CONTENT_TYPE] = "application/json";
	resp->body = buf_slice(&b);
}

static const struct err *
reply_html(struct req *req, struct resp *resp, const struct err *e)
{
	const struct code_info *info = code_info(e->code);
	struct view *v = page_view(req, "error");

	req->error_page = true;
	view_int(v, "status", resp->status);
	view_text(v, "title", info->title);
	view_text(v, "message", e->message);
	/* Said once: the message of a failure of ours is the cause. */
	view_text(v, "cause",
	    str_eq(e->message, info->cause) ? "" : info->cause);
	view_text(v, "fix", info->fix);
	view_text(v, "code", info->id);
	view_url(v, "code_url", component_code_url(req->arena, e->code));
	view_text(v, "id", req->id);
	return page_render(req, resp, info->title, v);
}

static bool
wants_json(const struct req *req)
{
	if (req->route)
		return req->route->api;
	return req->path && str_starts(req->path, "/api/");
}

void
error_reply(struct req *req, struct resp *resp, const struct err *e)
{
	const char *allow = resp->header[HEADER_ALLOW];

	reply_init(resp);
	resp->status = code_info(e->code)->http;
	resp->header[HEADER_ALLOW] = allow;
	resp->header[HEADER_CACHE_CONTROL] = "private, no-store";
	if (resp->status == 429 || resp->status == 503)
		resp->header[HEADER_RETRY_AFTER] = resp->status == 429 ? "60"
		                                                       : "2";
	if (wants_json(req)) {
		reply_json(req, resp, e);
	} else if (reply_html(req, resp, e)) {
		resp->header[HEADER_CONTENT_TYPE] = "text/plain; charset=utf-8";
		resp->body = slice_of(arena_printf(req->arena,
		    "%s %s\n%s\nRequest %s\n", code_info(e->code)->id,
		    code_info(e->code)->title, e->message, req->id));
	}
}

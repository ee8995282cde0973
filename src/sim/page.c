#include "base/base.h"

#include "sim/page.h"

#define POLICY "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"

static void
escape(struct page *p, const char *text)
{
	for (; *text; text++) {
		if (*text == '&')
			buf_add_str(&p->out, "&amp;");
		else if (*text == '<')
			buf_add_str(&p->out, "&lt;");
		else if (*text == '>')
			buf_add_str(&p->out, "&gt;");
		else if (*text == '"')
			buf_add_str(&p->out, "&quot;");
		else
			buf_add_chr(&p->out, *text);
	}
}

static void
attribute(struct page *p, const char *name, const char *value)
{
	buf_printf(&p->out, " %s=\"", name);
	escape(p, value);
	buf_add_chr(&p->out, '"');
}

/* <tag>text</tag> and the end of the line. */
static void
element(struct page *p, const char *tag, const char *text)
{
	buf_printf(&p->out, "<%s>", tag);
	escape(p, text);
	buf_printf(&p->out, "</%s>\n", tag);
}

static void
end_table(struct page *p)
{
	if (p->in_table)
		buf_add_str(&p->out, "</table>\n");
	p->in_table = false;
}

void
page_start(const struct sim_req *req, struct page *p, const char *title)
{
	*p = (struct page){0};
	buf_init(&p->out, req->arena, SIM_BODY_MAX);
	buf_add_str(&p->out,
	    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, "
	    "initial-scale=1\">\n"
	    "<meta name=\"color-scheme\" content=\"light dark\">\n");
	element(p, "title",
	    arena_printf(req->arena, "%s - Simulated workspace", title));
	buf_add_str(&p->out,
	    "</head>\n<body>\n<main>\n"
	    "<p><strong>Simulated workspace.</strong> This is " SIM_NAME
	    ", not Databricks. Nothing here leaves this machine; do not type "
	    "a real password or token.</p>\n");
	element(p, "h1", title);
}

void
page_heading(struct page *p, const char *text)
{
	end_table(p);
	element(p, "h2", text);
}

void
page_text(struct page *p, const char *text)
{
	end_table(p);
	element(p, "p", text);
}

void
page_link(struct page *p, const char *url, const char *text)
{
	end_table(p);
	buf_add_str(&p->out, "<p><a");
	attribute(p, "href", url);
	buf_add_str(&p->out, ">");
	escape(p, text);
	buf_add_str(&p->out, "</a></p>\n");
}

void
page_row(struct page *p, const char *const *cells)
{
	const char *tag = p->in_table ? "td" : "th";

	buf_add_str(&p->out, p->in_table ? "<tr>\n" : "<table>\n<tr>\n");
	for (; *cells; cells++)
		element(p, tag, *cells);
	buf_add_str(&p->out, "</tr>\n");
	p->in_table = true;
}

void
page_form(struct page *p, const char *action)
{
	end_table(p);
	assert(!p->in_form);
	p->in_form = true;
	buf_add_str(&p->out, "<form method=\"post\"");
	attribute(p, "action", action);
	buf_add_str(&p->out, ">\n");
}

void
page_hidden(struct page *p, const char *name, const char *value)
{
	buf_add_str(&p->out, "<input type=\"hidden\"");
	attribute(p, "name", name);
	attribute(p, "value", value);
	buf_add_str(&p->out, ">\n");
}

void
page_input(struct page *p, const char *name, const char *label,
    const char *value)
{
	buf_add_str(&p->out, "<p><label>");
	escape(p, label);
	buf_add_str(&p->out, "<br><input size=\"60\"");
	attribute(p, "name", name);
	attribute(p, "value", value);
	buf_add_str(&p->out, "></label></p>\n");
}

void
page_choice(struct page *p, const char *name, const char *label,
    const char *const *words, const char *chosen)
{
	buf_add_str(&p->out, "<p><label>");
	escape(p, label);
	buf_add_str(&p->out, "<br><select");
	attribute(p, "name", name);
	buf_add_str(&p->out, ">\n");
	for (; *words; words++) {
		buf_add_str(&p->out, "<option");
		attribute(p, "value", *words);
		buf_add_str(&p->out,
		    str_eq(*words, chosen) ? " selected>" : ">");
		escape(p, *words);
		buf_add_str(&p->out, "</option>\n");
	}
	buf_add_str(&p->out, "</select></label></p>\n");
}

static void
button(struct page *p, const char *name, const char *value, const char *label)
{
	buf_add_str(&p->out, "<button");
	if (name)
		attribute(p, "name", name);
	if (value)
		attribute(p, "value", value);
	buf_add_str(&p->out, ">");
	escape(p, label);
	buf_add_str(&p->out, "</button>\n");
}

static void
end_form(struct page *p)
{
	assert(p->in_form);
	p->in_form = false;
	buf_add_str(&p->out, "</form>\n");
}

void
page_button(struct page *p, const char *name, const char *value,
    const char *label)
{
	button(p, name, value, label);
	end_form(p);
}

void
page_buttons(struct page *p, const char *name, const char *value,
    const char *label, const char *other_value, const char *other_label)
{
	button(p, name, value, label);
	button(p, name, other_value, other_label);
	end_form(p);
}

void
page_reply(struct page *p, const struct sim_req *req, struct sim_resp *resp,
    int status)
{
	assert(!p->in_form);
	end_table(p);
	buf_add_str(&p->out, "</main>\n</body>\n</html>\n");
	resp->status = status;
	resp->content_type = "text/html; charset=utf-8";
	resp->body = buf_slice(&p->out);
	fields_add(req->arena, &resp->headers, "Content-Security-Policy",
	    POLICY);
	fields_add(req->arena, &resp->headers, "Referrer-Policy",
	    "same-origin");
}

void
page_of_proxy(const struct sim_req *req, struct sim_resp *resp, int status,
    const char *message)
{
	struct page p = {0};

	buf_init(&p.out, req->arena, SIM_BODY_MAX);
	buf_add_str(&p.out, "<html>\n<head>\n");
	element(&p, "title",
	    arena_printf(req->arena, "%d - Simulated workspace", status));
	buf_add_str(&p.out, "</head>\n<body>\n");
	element(&p, "pre", message);
	buf_add_str(&p.out, "</body>\n</html>\n");
	resp->status = status;
	resp->content_type = "text/html; charset=utf-8";
	resp->body = buf_slice(&p.out);
}

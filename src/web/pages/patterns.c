#include "base/base.h"

#include "web/pages/pages.h"

#include "core/own_patterns.h"
#include "web/pages/components.h"
#include "web/pages/pattern_page.h"

struct pattern_switch {
	bool disabled;
};

static const struct field switch_fields[] = {
    FIELD_BOOL(struct pattern_switch, disabled, "Disabled"),
};

const struct form_table pattern_switch_form = FORM(struct pattern_switch,
    switch_fields);

void
pattern_state(const struct own_pattern *p, bool outdated, struct view *v)
{
	const char *state = "enabled";
	const char *class = "succeeded";

	if (p->disabled) {
		state = "disabled";
		class = "warning";
	} else if (outdated) {
		state = "outdated";
		class = "error";
	} else if (p->base[0] == '\0') {
		state = "prompt only";
		class = "note";
	}
	view_text(v, "state", state);
	view_text(v, "state_class", class);
}

static const struct err *
add_built_in(struct req *req, struct view *v)
{
	const struct patterns *patterns = req->app->patterns;
	struct html_list list;
	const struct err *e;
	size_t i;

	html_list_init(&list, req->arena);
	for (i = 0; i < patterns->n; i++) {
		const struct pattern *p = &patterns->v[i];
		struct view *row = view_new(req->arena, "patterns#built_in");

		view_url(row, "pattern_url",
		    component_pattern_url(req->arena, p->name, 0));
		view_text(row, "title", p->title);
		view_text(row, "name", p->name);
		view_text(row, "summary", p->summary);
		view_int(row, "options", (int64_t)p->options.n);
		e = html_list_render(&list, row);
		if (e)
			return e;
	}
	view_html(v, "built_in_html", html_join(&list));
	return NULL;
}

static bool
is_outdated(struct req *req, const struct own_pattern *p)
{
	struct problems problems = {0};
	struct derived derived;

	derived_read(req->arena, req->app->patterns, slice_of(p->document),
	    &derived, &problems);
	return problems.errors > 0;
}

static const struct err *
add_own(struct req *req, struct view *v)
{
	struct own_patterns own = {0};
	struct html_list list;
	const struct err *e;
	size_t i;

	e = own_patterns_list(req->app, req->arena, &own);
	if (e)
		return e;
	html_list_init(&list, req->arena);
	for (i = 0; i < own.n; i++) {
		const struct own_pattern *p = &own.v[i];
		struct view *row = view_new(req->arena, "patterns#own");

		view_url(row, "pattern_url",
		    component_pattern_url(req->arena, p->name, 0));
		view_text(row, "title", p->title);
		view_text(row, "name", p->name);
		view_text(row, "summary", p->summary);
		view_text(row, "base", p->base);
		view_int(row, "version", p->version);
		view_text(row, "author", p->author);
		pattern_state(p, is_outdated(req, p), row);
		e = component_time(req, row, "time_html", p->created_ms);
		if (!e)
			e = html_list_render(&list, row);
		if (e)
			return e;
	}
	view_html(v, "own_html", own.n > 0 ? html_join(&list) : NULL);
	return NULL;
}

const struct err *
page_patterns(struct req *req, struct resp *resp)
{
	struct view *v = page_view(req, "patterns");
	const struct url *editor = url_path(req->arena, "/patterns/new");
	const struct err *e;

	e = add_built_in(req, v);
	if (!e)
		e = add_own(req, v);
	if (e)
		return e;
	view_bool(v, "may_edit", user_edits_patterns(&req->session->user));
	view_url(v, "new_url", editor);
	view_url(v, "import_url",
	    url_fragment(req->arena,
	        url_with(req->arena, editor, "import", "yes"), "file"));
	return page_render(req, resp, "Patterns", v);
}

const struct err *
pattern_asked(struct req *req, const struct own_pattern **ret)
{
	const char *text = query_get(req, "version");
	const char *name = req->text_param[0];
	const struct err *e;
	int64_t version = 0;

	if (text && !str_to_int(text, 1, INT64_MAX, &version))
		return err_new(W_NOT_FOUND, "There is no version %s.", text);
	e = own_patterns_find(req->app, req->arena, name, version, ret);
	if (!e && !*ret)
		e = err_new(W_NOT_FOUND,
		    text ? "The pattern %s has no such version."
		         : "There is no pattern %s here to change or export.",
		    name);
	return e;
}

const struct err *
page_pattern_export(struct req *req, struct resp *resp)
{
	const struct own_pattern *own;
	const struct err *e;

	e = pattern_asked(req, &own);
	if (e)
		return e;
	return resp_download(req, resp, "application/yaml; charset=utf-8",
	    arena_printf(req->arena, "%s.yaml", own->name),
	    slice_of(own->document));
}

const struct err *
page_pattern_switch(struct req *req, struct resp *resp)
{
	const struct pattern_switch *form = form_values(req,
	    struct pattern_switch);
	const char *name = req->text_param[0];
	const struct err *e;

	e = own_patterns_switch(req->app, &req->session->user, name,
	    form->disabled);
	if (e)
		return e;
	flash_set(req, resp, "ok",
	    form->disabled
	        ? "Disabled: nothing new is made with this pattern."
	        : "Enabled: the pattern is offered for mappings again.");
	return resp_redirect(req, resp,
	    component_pattern_url(req->arena, name, 0));
}

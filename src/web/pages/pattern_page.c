#include "base/base.h"

#include "web/pages/pattern_page.h"

#include "web/form.h"
#include "web/pages/components.h"
#include "web/pages/connection_form.h"
#include "web/pages/pages.h"

#define PROBLEMS_SHOWN 50
#define CHANGE_LENGTH 400 /* characters of a value that is shown */

/* A pattern to show: one of the program, or a version of a stored one. */
struct showing {
	struct req *req;
	const struct pattern *pattern;
	const struct pattern *base;    /* NULL if none */
	const struct own_pattern *own; /* NULL: the program's */
	struct problems problems;
};

const struct err *
pattern_changes(struct req *req, const char *before, const char *after,
    const struct html **ret)
{
	struct arena *a = req->arena;
	struct view *v = view_new(a, "pattern_page#changes");
	struct derived_changes changes;
	struct html_list list;
	const struct err *e;
	size_t i;

	*ret = NULL;
	derived_compare(a, slice_of(before), slice_of(after), &changes);
	if (changes.n == 0)
		return NULL;
	html_list_init(&list, a);
	for (i = 0; i < changes.n; i++) {
		const struct derived_change *c = &changes.v[i];
		struct view *row = view_new(a, "pattern_page#change");

		view_text(row, "key", c->key);
		view_text(row, "before", utf8_cut(a, c->before, CHANGE_LENGTH));
		view_text(row, "after", utf8_cut(a, c->after, CHANGE_LENGTH));
		e = html_list_render(&list, row);
		if (e)
			return e;
	}
	view_html(v, "rows_html", html_join(&list));
	return view_render(v, ret);
}

/* What an option takes, in words. */
static const char *
takes(struct arena *a, const struct option *o)
{
	switch (o->kind) {
	case OPTION_BOOLEAN:
		return "true or false";
	case OPTION_COLUMN:
		return "a target column";
	case OPTION_COLUMNS:
		return "target columns";
	case OPTION_NAME:
		return "the name of a new column";
	case OPTION_TEXT:
		return "one line of text";
	case OPTION_CHOICE:
		break;
	}
	return option_choice_names(a, o);
}

static const struct err *
add_options(const struct showing *s, struct view *v)
{
	const struct pattern *p = s->pattern;
	struct arena *a = s->req->arena;
	bool says_who = s->own != NULL;
	struct html_list list;
	const struct err *e;
	size_t i;

	for (i = 0; i < p->options.n; i++)
		says_who = says_who || p->options.v[i].access != OPTION_OPEN;
	html_list_init(&list, a);
	for (i = 0; i < p->options.n; i++) {
		const struct option *o = &p->options.v[i];
		const struct option *was = s->base
		    ? pattern_option(s->base, o->name)
		    : NULL;
		bool differs = was && o->is_preset &&
		    !option_same_value(o, o->initial, was->initial);
		struct view *row = view_new(a, "pattern_page#option");

		view_text(row, "title", o->title);
		view_text(row, "description", o->description);
		view_text(row, "name", o->name);
		view_text(row, "takes", takes(a, o));
		view_text(row, "initial", o->initial);
		view_text(row, "role", o->is_preset ? "" : option_role_name(o));
		view_text(row, "base", s->base ? s->base->name : "");
		view_text(row, "base_initial", differs ? was->initial : "");
		view_bool(row, "is_required", o->is_required);
		view_bool(row, "says_who", says_who);
		view_bool(row, "is_open", o->access == OPTION_OPEN);
		view_bool(row, "is_hidden", o->access == OPTION_HIDDEN);
		e = html_list_render(&list, row);
		if (e)
			return e;
	}
	view_bool(v, "says_who", says_who);
	view_html(v, "options_html", list.n > 0 ? html_join(&list) : NULL);
	return NULL;
}

static const struct err *
add_event(const struct showing *s, const struct own_pattern_event *event,
    struct html_list *list)
{
	struct arena *a = s->req->arena;
	struct view *v = view_new(a, "pattern_page#event");
	const struct err *e;

	view_url(v, "version_url",
	    event->version > 0
	        ? component_pattern_url(a, s->own->name, event->version)
	        : NULL);
	view_int(v, "version", event->version);
	view_bool(v, "is_disabled", event->disabled);
	view_text(v, "note", event->note);
	view_text(v, "author", event->author);
	e = component_time(s->req, v, "time_html", event->created_ms);
	if (e)
		return e;
	return html_list_render(list, v);
}

/* What happened to it, and what this version has changed. */
static const struct err *
add_history(const struct showing *s, struct view *v)
{
	const struct own_pattern *before = NULL;
	struct own_pattern_events events;
	struct req *req = s->req;
	const struct html *changes = NULL;
	struct html_list list;
	const struct err *e;
	size_t i;

	e = own_patterns_history(req->app, req->arena, s->own->id, &events);
	html_list_init(&list, req->arena);
	for (i = 0; !e && i < events.n; i++)
		e = add_event(s, &events.v[i], &list);
	if (!e && s->own->version > 1)
		e = own_patterns_find(req->app, req->arena, s->own->name,
		    s->own->version - 1, &before);
	if (!e && before)
		e = pattern_changes(req, before->document, s->own->document,
		    &changes);
	if (e)
		return e;
	view_html(v, "events_html", html_join(&list));
	view_html(v, "changes_html", changes);
	view_int(v, "before", before ? before->version : 0);
	return NULL;
}

/* What is said of a stored pattern alone. */
static const struct err *
add_stored(const struct showing *s, struct view *v)
{
	static const struct own_pattern nothing = {.base = ""};
	const struct own_pattern *own = s->own ? s->own : &nothing;
	struct req *req = s->req;
	struct arena *a = req->arena;
	bool newest = own->version == own->version_count;
	const char *name = s->pattern->name;

	view_int(v, "version", own->version);
	view_int(v, "versions", own->version_count);
	view_text(v, "author", own->author);
	view_text(v, "document", own->document);
	view_bool(v, "is_installed", own->installed);
	view_bool(v, "is_disabled", own->disabled);
	view_text(v, "file_name", arena_printf(a, "%s.yaml", name));
	view_url(v, "newest_url",
	    newest ? NULL : component_pattern_url(a, name, 0));
	view_url(v, "edit_url",
	    s->own && newest && !own->installed
	        ? url_path(a, "/patterns/%s/edit", name)
	        : NULL);
	view_url(v, "switch_url",
	    s->own && newest ? url_path(a, "/patterns/%s/state", name) : NULL);
	view_url(v, "export_url",
	    s->own ? url_with(a, url_path(a, "/patterns/%s/pattern.yaml", name),
	                 "version", arena_printf(a, "%" PRId64, own->version))
	           : NULL);
	view_html(v, "events_html", NULL);
	view_html(v, "changes_html", NULL);
	view_int(v, "before", 0);
	if (s->own) {
		pattern_state(own, s->problems.errors > 0, v);
		return add_history(s, v);
	}
	view_text(v, "state", "built in");
	view_text(v, "state_class", "note");
	return NULL;
}

static const char *
number(struct arena *a, int64_t n)
{
	return n > 0 ? arena_printf(a, "%" PRId64, n) : "";
}

/* What differs from the connection. */
static void
add_model(struct arena *a, const struct pattern_model *m, struct view *v)
{
	view_bool(v, "has_model",
	    m->name || m->instructions || m->has_temperature ||
	        m->max_tokens > 0 || m->first_s > 0 || m->total_s > 0);
	view_text(v, "model", m->name);
	view_text(v, "temperature",
	    m->has_temperature ? connection_temperature(a, m->temperature, "")
	                       : "");
	view_text(v, "max_tokens", number(a, m->max_tokens));
	view_text(v, "first_s", number(a, m->first_s));
	view_text(v, "total_s", number(a, m->total_s));
	view_text(v, "instructions", m->instructions);
}

static const struct err *
add_texts(const struct showing *s, struct view *v)
{
	const struct pattern *p = s->pattern;
	struct req *req = s->req;
	struct arena *a = req->arena;
	const struct html *html = NULL;
	const struct err *e = NULL;

	view_text(v, "title", p->title);
	view_text(v, "summary", p->summary);
	view_text(v, "description", p->description);
	view_text(v, "name", p->name);
	view_text(v, "prompt", p->prompt);
	add_model(a, &p->model, v);
	view_text(v, "base", s->base ? s->base->title : "");
	view_url(v, "base_url",
	    s->base ? component_pattern_url(a, s->base->name, 0) : NULL);
	view_bool(v, "is_prompt",
	    s->problems.errors == 0 && !pattern_compiles(p));
	view_url(v, "prompt_code_url", component_code_url(a, P_PROMPT_ONLY));
	view_url(v, "derive_url",
	    s->own
	        ? NULL
	        : url_with(a, url_path(a, "/patterns/new"), "base", p->name));
	if (s->problems.errors > 0)
		e = component_problems(req, &s->problems, PROBLEMS_SHOWN, NULL,
		    NULL, &html);
	view_html(v, "problems_html", html);
	html = NULL;
	if (!e)
		e = component_sheet(a, p->example, &html);
	view_html(v, "example_html", html);
	return e;
}

static const struct err *
load(struct req *req, struct showing *ret)
{
	const char *name = req->text_param[0];
	struct derived *d = arena_new(req->arena, struct derived);
	const struct err *e;

	*ret = (struct showing){
	    .req = req, .pattern = pattern_find(req->app->patterns, name)};
	if (ret->pattern && !query_get(req, "version"))
		return NULL;
	e = pattern_asked(req, &ret->own);
	if (e)
		return e;
	derived_read(req->arena, req->app->patterns,
	    slice_of(ret->own->document), d, &ret->problems);
	/* What lists say of one that cannot be read any more. */
	d->pattern.name = ret->own->name;
	if (d->pattern.title[0] == '\0')
		d->pattern.title = ret->own->title;
	if (d->pattern.summary[0] == '\0')
		d->pattern.summary = ret->own->summary;
	ret->pattern = &d->pattern;
	if (d->pattern.extends[0])
		ret->base = pattern_find(req->app->patterns,
		    d->pattern.extends);
	return NULL;
}

const struct err *
page_pattern_page(struct req *req, struct resp *resp)
{
	struct view *v = page_view(req, "pattern_page");
	struct showing s;
	const struct err *e;

	e = load(req, &s);
	if (e)
		return e;
	page_crumb(req, "Patterns", url_path(req->arena, "/patterns"));
	page_crumb(req, s.pattern->title, NULL);
	view_bool(v, "may_edit", user_edits_patterns(&req->session->user));
	view_text(v, "form_error", form_error(req, NULL));
	e = component_time(req, v, "time_html", s.own ? s.own->created_ms : 0);
	if (!e)
		e = add_texts(&s, v);
	if (!e)
		e = add_options(&s, v);
	if (!e)
		e = add_stored(&s, v);
	if (e)
		return e;
	return page_render(req, resp, s.pattern->title, v);
}

#include "base/base.h"

#include "web/pages/pattern_form.h"

#include "core/own_patterns.h"
#include "web/form.h"
#include "web/pages/components.h"
#include "web/pages/pattern_offer.h"

/* More columns than this are typed, not ticked: a page stays a page. */
#define CHECKS_MAX 60

/* One option of one pipeline on its way to a field. */
struct field_context {
	struct req *req;
	const struct pattern *pattern;
	const struct option *option;
	const struct mapping_target *target;
	const char *pipeline;
	bool first;            /* pipeline of several: it has the hints */
	const char *reference; /* of the pattern */
	const char *key;       /* REFERENCE.PIPELINE.OPTION */
	const char *name;      /* of the field: "option." before it */
	const char *value;     /* sent, given, or from the sheet */
	bool from_sheet;
};

/* All values sent for a key, commas between; NULL if none was. The empty one
 * that tells an unticked list from an absent one is left out. */
static const char *
sent_value(const struct req *req, const char *key)
{
	const struct pairs *extra = &req->form->extra;
	bool any = false;
	struct buf b;
	size_t i;

	buf_init(&b, req->arena, (size_t)1024 * 1024);
	for (i = 0; i < extra->n; i++) {
		if (!str_eq(extra->v[i].key, key))
			continue;
		any = true;
		if (extra->v[i].value[0] == '\0')
			continue;
		if (b.n > 0)
			buf_add_chr(&b, ',');
		buf_add_str(&b, extra->v[i].value);
	}
	return any ? buf_str(&b) : NULL;
}

/* A checkbox sends "true" after the hidden "false" before it. */
static const char *
option_sent(const struct req *req, const struct option *option, const char *key)
{
	const char *value = sent_value(req, key);

	if (value && option->kind == OPTION_BOOLEAN)
		return str_ends(value, "true") ? "true" : "false";
	return value;
}

static struct view *
field_view(const struct field_context *c, const char *fragment)
{
	struct view *v = view_new(c->req->arena, fragment);

	view_text(v, "name", c->name);
	view_text(v, "id", c->name);
	view_text(v, "title", c->option->title);
	view_text(v, "description", c->first ? c->option->description : "");
	view_text(v, "hint_id",
	    arena_printf(c->req->arena, "hint.%s.%s", c->reference,
	        c->option->name));
	view_bool(v, "from_sheet", c->from_sheet);
	return v;
}

static const struct err *
add_boolean(const struct field_context *c, struct html_list *list)
{
	struct view *v = field_view(c, "pattern#boolean");

	view_bool(v, "is_checked", str_eq(c->value, "true"));
	return html_list_render(list, v);
}

static const struct err *
add_choice(const struct field_context *c, struct html_list *list)
{
	struct view *v = field_view(c, "pattern#choice_field");
	struct html_list options;
	const struct err *e;
	size_t i;

	html_list_init(&options, c->req->arena);
	for (i = 0; i < c->option->choices.n; i++) {
		const struct option_choice *choice = &c->option->choices.v[i];
		struct view *radio = field_view(c, "pattern#radio");

		view_text(radio, "value", choice->value);
		view_text(radio, "label", choice->title);
		view_bool(radio, "is_checked", str_eq(choice->value, c->value));
		e = html_list_render(&options, radio);
		if (e)
			return e;
	}
	view_html(v, "options_html", html_join(&options));
	return html_list_render(list, v);
}

static const struct err *
add_column(const struct field_context *c, struct html_list *list)
{
	struct view *v = field_view(c, "pattern#column");
	struct html_list options;
	const struct err *e;
	size_t i;

	html_list_init(&options, c->req->arena);
	for (i = 0; i < c->target->rows.n; i++) {
		const char *name = c->target->rows.v[i].target_column;

		e = component_option(&options, name, name, c->value);
		if (e)
			return e;
	}
	view_bool(v, "is_required", c->option->is_required);
	view_html(v, "options_html", html_join(&options));
	return html_list_render(list, v);
}

static const struct err *
add_columns(const struct field_context *c, struct html_list *list)
{
	bool typed = c->target->rows.n > CHECKS_MAX;
	struct view *v = field_view(c,
	    typed ? "pattern#columns_text" : "pattern#columns");
	struct html_list options;
	const struct err *e;
	size_t i;

	html_list_init(&options, c->req->arena);
	for (i = 0; !typed && i < c->target->rows.n; i++) {
		const char *name = c->target->rows.v[i].target_column;
		struct view *check = field_view(c, "pattern#check");

		view_text(check, "value", name);
		view_html(check, "value_html",
		    html_breakable(c->req->arena, name));
		view_bool(check, "is_checked", option_lists(c->value, name));
		e = html_list_render(&options, check);
		if (e)
			return e;
	}
	view_text(v, "value", c->value);
	view_html(v, "options_html", html_join(&options));
	return html_list_render(list, v);
}

static const struct err *
add_name(const struct field_context *c, struct html_list *list)
{
	struct view *v = field_view(c, "pattern#name");

	view_text(v, "value", c->value);
	return html_list_render(list, v);
}

static const struct err *
add_text(const struct field_context *c, struct html_list *list)
{
	struct view *v = field_view(c, "pattern#text");

	view_text(v, "value", c->value);
	return html_list_render(list, v);
}

/* What options of generations are named by: an option of the plan has no
 * pipeline before it. */
static const char *
option_key(struct arena *a, const char *pipeline, const struct option *o)
{
	return o->is_of_plan ? o->name
	                     : arena_printf(a, "%s.%s", pipeline, o->name);
}

static const char *
field_key(struct arena *a, const struct pattern *pattern, const char *pipeline,
    const struct option *o)
{
	return arena_printf(a, "%s.%s", pattern_reference(a, pattern),
	    option_key(a, pipeline, o));
}

/* What the pattern has fixed, in words. */
static const char *
fixed_words(const struct field_context *c)
{
	size_t i;

	if (c->option->kind == OPTION_BOOLEAN)
		return str_eq(c->value, "true") ? "yes" : "no";
	for (i = 0; i < c->option->choices.n; i++) {
		if (str_eq(c->option->choices.v[i].value, c->value))
			return c->option->choices.v[i].title;
	}
	return c->value;
}

static const struct err *
add_fixed(const struct field_context *c, struct html_list *list)
{
	struct view *v = field_view(c, "pattern#fixed");

	view_html(v, "value_html",
	    html_breakable(c->req->arena, fixed_words(c)));
	view_bool(v, "is_empty", c->value[0] == '\0');
	view_bool(v, "is_name",
	    c->option->kind == OPTION_COLUMN ||
	        c->option->kind == OPTION_COLUMNS ||
	        c->option->kind == OPTION_NAME);
	return html_list_render(list, v);
}

/* The value an earlier generation had; NULL if it had none. */
static const char *
given_value(const struct field_context *c, const struct pattern_given *given)
{
	if (!str_eq(given->pattern, c->pattern->name))
		return NULL;
	return json_string(json_get(given->options,
	                       option_key(c->req->arena, c->pipeline,
	                           c->option)),
	    NULL);
}

static const struct err *
add_field(struct field_context *c, const struct pattern_given *given,
    struct html_list *list)
{
	static const struct err *(*const add[])(const struct field_context *,
	    struct html_list *) = {
	    [OPTION_BOOLEAN] = add_boolean,
	    [OPTION_CHOICE] = add_choice,
	    [OPTION_COLUMN] = add_column,
	    [OPTION_COLUMNS] = add_columns,
	    [OPTION_NAME] = add_name,
	    [OPTION_TEXT] = add_text,
	};
	struct arena *a = c->req->arena;
	const char *sent;

	if (c->option->access != OPTION_OPEN) {
		c->name = c->option->name;
		c->value = plan_option_initial(a, c->option, c->target);
		return add_fixed(c, list);
	}
	c->key = field_key(a, c->pattern, c->pipeline, c->option);
	c->name = arena_printf(a, "option.%s", c->key);
	sent = option_sent(c->req, c->option, c->key);
	if (!sent)
		sent = given_value(c, given);
	c->value = sent ? sent : plan_option_initial(a, c->option, c->target);
	c->from_sheet = !sent && c->option->role != ROLE_NONE &&
	    c->value[0] != '\0' &&
	    !(c->option->is_preset &&
	        option_same_value(c->option, c->value, c->option->initial));
	return add[c->option->kind](c, list);
}

/* The options of a pattern for one target. */
static const struct err *
add_target(struct req *req, const struct pattern *pattern,
    const struct mapping_target *target, const char *pipeline, bool first,
    const struct pattern_given *given, struct html_list *list)
{
	struct view *v = view_new(req->arena, "pattern#target");
	struct html_list fields;
	struct html_list common;
	bool changed = false;
	const struct err *e;
	size_t i;

	html_list_init(&fields, req->arena);
	html_list_init(&common, req->arena);
	for (i = 0; i < pattern->options.n; i++) {
		struct field_context c = {.req = req,
		    .pattern = pattern,
		    .reference = pattern_reference(req->arena, pattern),
		    .option = &pattern->options.v[i],
		    .target = target,
		    .pipeline = pipeline,
		    .first = first};

		if (c.option->is_of_plan || c.option->access == OPTION_HIDDEN)
			continue;
		e = add_field(&c, given,
		    c.option->is_common ? &common : &fields);
		if (e)
			return e;
		changed = changed ||
		    (c.option->is_common &&
		        !str_eq(c.value, c.option->initial));
	}
	view_text(v, "id",
	    arena_printf(req->arena, "%s-%s",
	        pattern_reference(req->arena, pattern), pipeline));
	view_html(v, "target_html",
	    html_breakable(req->arena, target->table.name));
	view_html(v, "fields_html", html_join(&fields));
	view_html(v, "common_html", common.n > 0 ? html_join(&common) : NULL);
	view_bool(v, "is_open", changed);
	return html_list_render(list, v);
}

/* The options of the whole plan. */
static const struct err *
add_of_plan(struct req *req, const struct pattern *pattern,
    const struct pattern_given *given, struct html_list *list)
{
	const struct err *e;
	size_t i;

	for (i = 0; i < pattern->options.n; i++) {
		struct field_context c = {.req = req,
		    .pattern = pattern,
		    .reference = pattern_reference(req->arena, pattern),
		    .option = &pattern->options.v[i],
		    .pipeline = "",
		    .first = true};

		if (!c.option->is_of_plan || c.option->access == OPTION_HIDDEN)
			continue;
		e = add_field(&c, given, list);
		if (e)
			return e;
	}
	return NULL;
}

/* What the pattern does, and an example: {about_html}. */
static const struct err *
add_about(struct arena *a, const struct pattern *pattern, struct view *choice)
{
	struct view *v = view_new(a, "pattern#about");
	const struct html *html;
	const struct err *e;

	e = component_sheet(a, pattern->example, &html);
	if (e)
		return e;
	view_text(v, "title", pattern->title);
	view_text(v, "description", pattern->description);
	view_html(v, "example_html", html);
	view_url(v, "pattern_url",
	    component_pattern_url(a, pattern->name, pattern->version));
	e = view_render(v, &html);
	if (e)
		return e;
	view_html(choice, "about_html", html);
	return NULL;
}

static void
add_marks(struct req *req, const struct pattern *p,
    const struct pattern_offer *offer, struct view *v)
{
	struct arena *a = req->arena;
	bool old = offer->old &&
	    str_eq(pattern_reference(a, offer->old), pattern_reference(a, p));

	view_int(v, "version", p->version);
	view_bool(v, "is_prompt", !pattern_compiles(p));
	view_bool(v, "is_old", old && !offer->is_disabled);
	view_bool(v, "is_disabled", old && offer->is_disabled);
}

/* A card: the pattern in words, its options for each target. */
static const struct err *
add_choice_card(struct req *req, const struct pattern *p,
    const struct mapping *m, const char *const *ids,
    const struct pattern_offer *offer, const struct pattern_given *given,
    struct html_list *list)
{
	struct arena *a = req->arena;
	struct view *v = view_new(a, "pattern#choice");
	struct html_list of_plan;
	const char *reference = pattern_reference(a, p);
	struct html_list targets;
	const struct err *e;
	size_t i;

	html_list_init(&targets, a);
	for (i = 0; p->options.n > 0 && i < m->targets.n; i++) {
		e = add_target(req, p, &m->targets.v[i], ids[i], i == 0, given,
		    &targets);
		if (e)
			return e;
	}
	html_list_init(&of_plan, a);
	e = add_of_plan(req, p, given, &of_plan);
	if (e)
		return e;
	view_html(v, "plan_html", html_join(&of_plan));
	view_text(v, "name", reference);
	view_text(v, "title", p->title);
	view_text(v, "summary", p->summary);
	view_bool(v, "several", targets.n > 1);
	view_bool(v, "is_chosen", str_eq(reference, offer->chosen));
	view_bool(v, "fits", pattern_fits(a, p, m));
	view_html(v, "options_html",
	    targets.n > 0 ? html_join(&targets) : NULL);
	add_marks(req, p, offer, v);
	e = add_about(a, p, v);
	if (e)
		return e;
	return html_list_render(list, v);
}

/* Patterns that have no card, as links: to their pages, or to this page with
 * that one chosen. */
static const struct err *
add_links(struct req *req, const struct patterns *patterns,
    const struct url *choose, const struct html **ret)
{
	struct arena *a = req->arena;
	struct html_list list;
	const struct err *e;
	size_t i;

	html_list_init(&list, a);
	for (i = 0; i < patterns->n; i++) {
		const struct pattern *p = &patterns->v[i];
		struct view *v = view_new(a, "pattern#link");

		view_text(v, "title", p->title);
		view_text(v, "summary", p->summary);
		view_url(v, "pattern_url",
		    choose ? url_with(a, choose, "pattern",
		                 pattern_reference(a, p))
		           : component_pattern_url(a, p->name, 0));
		e = html_list_render(&list, v);
		if (e)
			return e;
	}
	*ret = list.n > 0 ? html_join(&list) : NULL;
	return NULL;
}

const struct err *
pattern_form_choices(struct req *req, const struct mapping *m,
    const struct pattern_given *given, struct view *v)
{
	const struct url *own = url_path(req->arena,
	    "/mappings/%" PRId64 "/pattern", req->param[0]);
	const struct html *html;
	const char *const *ids = plan_pipeline_ids(req->arena, m);
	struct html_list list;
	struct pattern_offer offer;
	const struct err *e;
	size_t i;

	e = pattern_offer_make(req, m, given, &offer);
	if (e)
		return e;
	html_list_init(&list, req->arena);
	for (i = 0; i < offer.patterns.n; i++) {
		e = add_choice_card(req, &offer.patterns.v[i], m, ids, &offer,
		    given, &list);
		if (e)
			return e;
	}
	view_html(v, "choices_html", html_join(&list));
	if (given->generation > 0)
		own = url_with(req->arena, own, "from",
		    arena_printf(req->arena, "%" PRId64, given->generation));
	e = add_links(req, &offer.others, own, &html);
	if (e)
		return e;
	view_html(v, "others_html", html);
	e = add_links(req, &offer.prompts, NULL, &html);
	if (!e)
		view_html(v, "prompts_html", html);
	return e;
}

static void
take_option(struct req *req, const struct pattern *pattern,
    const char *pipeline, const struct option *o, struct plan_options *ret)
{
	struct arena *a = req->arena;
	const char *value = option_sent(req, o,
	    field_key(a, pattern, pipeline, o));

	if (value)
		*LIST_ADD(a, ret) = (struct plan_option){
		    option_key(a, pipeline, o), value};
}

void
pattern_form_options(struct req *req, const struct pattern *pattern,
    const struct mapping *m, struct plan_options *ret)
{
	const char *const *ids = plan_pipeline_ids(req->arena, m);
	size_t i;
	size_t k;

	for (k = 0; k < pattern->options.n; k++) {
		const struct option *o = &pattern->options.v[k];

		if (o->is_of_plan)
			take_option(req, pattern, "", o, ret);
		for (i = 0; !o->is_of_plan && i < m->targets.n; i++)
			take_option(req, pattern, ids[i], o, ret);
	}
}

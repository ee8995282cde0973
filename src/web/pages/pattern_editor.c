#include "base/base.h"

#include "web/pages/pages.h"

#include "core/own_patterns.h"
#include "web/form.h"
#include "web/pages/components.h"
#include "web/pages/pattern_page.h"

#include <string.h>

#define PROBLEMS_SHOWN 50

struct pattern_save {
	const char *document;
	struct upload file;
	const char *note;
	const char *action;
	int64_t base;
};

/* What is too long is said with a code of its own, not by the form. */
static const struct field fields[] = {
    FIELD_TEXT(struct pattern_save, document, "Definition", 0, 8000000),
    FIELD_FILE(struct pattern_save, file, "File", 8000000),
    FIELD_TEXT(struct pattern_save, note, "What is changed", 0, 500),
    FIELD_TEXT(struct pattern_save, action, "Action", 0, 10),
    FIELD_INT(struct pattern_save, base, "Version", 0, INT64_MAX),
};

const struct form_table pattern_save_form = FORM(struct pattern_save, fields);

/* The editor as it is to be shown. */
struct editor {
	struct req *req;
	const char *name;  /* of the pattern of the address; NULL: a new one */
	const char *start; /* the base that a new one starts from; NULL */
	const char *text;
	const char *note;
	int64_t base; /* version that saving is to follow; 0: none */
	bool is_checked;
	bool has_conflict;      /* stored has become newer meanwhile */
	struct derived derived; /* of the text, if it is checked */
	struct problems problems;
	const struct own_pattern *stored; /* newest of the name, NULL: none */
};

static bool
is_ready(const struct editor *ed)
{
	return ed->is_checked && ed->problems.errors == 0;
}

/* The bases that a new pattern can start from. */
static const struct err *
add_starts(const struct editor *ed, struct view *v)
{
	struct req *req = ed->req;
	const struct patterns *patterns = req->app->patterns;
	struct html_list list;
	const struct err *e;
	size_t i;

	html_list_init(&list, req->arena);
	for (i = 0; i <= patterns->n; i++) {
		bool last = i == patterns->n;
		const char *name = last ? "prompt" : patterns->v[i].name;
		struct view *item = view_new(req->arena,
		    "pattern_editor#start");

		view_text(item, "label",
		    last ? "only a prompt" : patterns->v[i].title);
		view_bool(item, "is_current", str_eq(name, ed->start));
		view_url(item, "start_url",
		    url_with(req->arena, url_path(req->arena, "/patterns/new"),
		        "base", name));
		e = html_list_render(&list, item);
		if (e)
			return e;
	}
	view_html(v, "starts_html", html_join(&list));
	return NULL;
}

/* The text with numbers, where problems point to its lines. */
static const struct err *
add_lines(const struct editor *ed, struct view *v)
{
	struct arena *a = ed->req->arena;
	int64_t *bad = arena_array(a, int64_t, ed->problems.n + 1);
	const struct html *html = NULL;
	const struct err *e = NULL;

	for (size_t i = 0; i < ed->problems.n; i++)
		bad[i] = ed->problems.v[i].row;
	if (ed->problems.n > 0)
		e = component_lines(a, ed->text, "L", bad, ed->problems.n,
		    &html);
	view_html(v, "lines_html", html);
	return e;
}

static const struct url *
own_url(const struct editor *ed)
{
	struct arena *a = ed->req->arena;

	return ed->name ? url_path(a, "/patterns/%s/edit", ed->name)
	                : url_path(a, "/patterns/new");
}

/* Within this page, which has the form's address. */
static const struct url *
line_url(struct req *req, const struct problem *p, const void *data)
{
	const struct editor *ed = data;

	if (p->row < 1 || p->row > LINES_SHOWN)
		return NULL;
	return url_fragment(req->arena, own_url(ed),
	    arena_printf(req->arena, "L%" PRId64, p->row));
}

/* What saving would do, in a sentence. */
static const char *
verdict(const struct editor *ed, const struct html *changes)
{
	struct arena *a = ed->req->arena;
	const char *name = ed->derived.pattern.name;

	if (!ed->stored)
		return arena_printf(a,
		    "Nothing is wrong. Saving makes the new pattern %s.", name);
	if (str_eq(ed->stored->document, ed->text))
		return arena_printf(a,
		    "Nothing is wrong, and nothing differs from version "
		    "%" PRId64 " of %s.",
		    ed->stored->version, name);
	if (ed->name)
		return arena_printf(a,
		    "Nothing is wrong. Saving makes version %" PRId64 ".%s",
		    ed->stored->version + 1,
		    changes ? "" : " Only comments or layout differ.");
	return arena_printf(a,
	    "Nothing is wrong. There is a pattern %s; saving makes version "
	    "%" PRId64 " of it.%s",
	    name, ed->stored->version + 1,
	    changes ? "" : " Only comments or layout differ.");
}

/* Somebody was faster. */
static const char *
conflict(const struct editor *ed)
{
	const struct own_pattern *p = ed->stored;

	return arena_printf(ed->req->arena,
	    "What you typed is kept. Look it over: saved as version %" PRId64
	    " it would undo what %s has changed in version %" PRId64 ".",
	    p->version + 1, p->author ? p->author : "an administrator",
	    p->version);
}

static const struct err *
add_verdict(const struct editor *ed, struct view *v)
{
	const struct html *changes = NULL;
	const struct err *e = NULL;

	view_text(v, "verdict", "");
	view_html(v, "changes_html", NULL);
	view_text(v, "verdict_class", "ok");
	view_text(v, "verdict_icon", "ok");
	if (!is_ready(ed))
		return NULL;
	if (ed->stored)
		e = pattern_changes(ed->req, ed->stored->document, ed->text,
		    &changes);
	if (e)
		return e;
	view_html(v, "changes_html", changes);
	view_text(v, "verdict",
	    ed->has_conflict ? conflict(ed) : verdict(ed, changes));
	if (ed->has_conflict) {
		view_text(v, "verdict_class", "warning");
		view_text(v, "verdict_icon", "warning");
	}
	return NULL;
}

static const char *
save_label(const struct editor *ed)
{
	struct arena *a = ed->req->arena;

	if (ed->base == 0)
		return "Save the pattern";
	if (ed->name)
		return arena_printf(a, "Save as version %" PRId64,
		    ed->base + 1);
	return arena_printf(a, "Save as version %" PRId64 " of %s",
	    ed->base + 1, ed->derived.pattern.name);
}

static const struct err *
add_problems(const struct editor *ed, struct view *v)
{
	const struct html *html = NULL;
	const struct err *e = NULL;

	if (ed->problems.n > 0)
		e = component_problems(ed->req, &ed->problems, PROBLEMS_SHOWN,
		    line_url, ed, &html);
	view_html(v, "problems_html", html);
	return e;
}

static const struct err *
render(const struct editor *ed, struct resp *resp)
{
	static const char *const shown[] = {"document", "file", "note"};
	struct req *req = ed->req;
	struct arena *a = req->arena;
	struct view *v = page_view(req, "pattern_editor");
	const char *title = ed->name ? arena_printf(a, "Edit %s", ed->name)
	                             : "New pattern";
	const struct url *own = ed->name ? component_pattern_url(a, ed->name, 0)
	                                 : url_path(a, "/patterns");
	const struct err *e;
	size_t i;

	page_crumb(req, "Patterns", url_path(a, "/patterns"));
	if (ed->name)
		page_crumb(req, ed->name, own);
	page_crumb(req, ed->name ? "Edit" : "New pattern", NULL);
	for (i = 0; i < COUNT_OF(shown); i++)
		view_text(v, arena_printf(a, "%s_error", shown[i]),
		    form_error(req, shown[i]));
	view_text(v, "form_error", form_error(req, NULL));
	view_bool(v, "is_new", !ed->name);
	view_bool(v, "is_import",
	    query_get(req, "import") || form_error(req, "file"));
	view_int(v, "base", ed->base);
	view_text(v, "document", ed->text);
	view_text(v, "note", ed->note);
	view_text(v, "save_label", save_label(ed));
	view_url(v, "save_url", own_url(ed));
	view_url(v, "cancel_url", own);
	view_html(v, "starts_html", NULL);
	e = ed->name || ed->is_checked ? NULL : add_starts(ed, v);
	if (!e)
		e = add_problems(ed, v);
	if (!e)
		e = add_verdict(ed, v);
	if (!e)
		e = add_lines(ed, v);
	if (e)
		return e;
	return page_render(req, resp, title, v);
}

/* The newest version of the pattern of the address, which can be edited. */
static const struct err *
load_stored(struct req *req, const struct own_pattern **ret)
{
	const struct err *e = pattern_asked(req, ret);

	if (!e && (*ret)->installed)
		e = err_new(P_INSTALLED, "%s comes with the installation.",
		    (*ret)->name);
	return e;
}

/* What was typed, where the form itself had an error or the save a conflict:
 * it is shown against what is stored now. */
static void
take_typed(struct editor *ed)
{
	struct req *req = ed->req;

	if (!req->form->has_errors)
		return;
	ed->text = form_typed(req, "document");
	ed->note = form_typed(req, "note");
}

const struct err *
page_pattern_new(struct req *req, struct resp *resp)
{
	const char *asked = query_get(req, "base");
	const struct pattern *base = pattern_find(req->app->patterns,
	    asked ? asked : "merge");
	struct editor ed = {.req = req,
	    .start = base ? base->name : "prompt",
	    .note = "",
	    .text = derived_template(req->arena, base)};

	take_typed(&ed);
	return render(&ed, resp);
}

/* Shown again after a conflict the form is of the newest version, and says
 * what saving would change in that one. */
const struct err *
page_pattern_edit(struct req *req, struct resp *resp)
{
	struct editor ed = {.req = req, .note = ""};
	const struct err *e;

	e = load_stored(req, &ed.stored);
	if (e)
		return e;
	ed.name = ed.stored->name;
	ed.base = ed.stored->version_count;
	ed.text = ed.stored->document;
	take_typed(&ed);
	if (req->form->has_errors) {
		ed.text = slice_dup(req->arena,
		    pattern_document_clean(req->arena, slice_of(ed.text)));
		pattern_document_check(req->arena, req->app->patterns,
		    slice_of(ed.text), &ed.derived, &ed.problems);
		ed.is_checked = true;
		ed.has_conflict = req->form->refused &&
		    req->form->refused->code == W_CONFLICT;
	}
	return render(&ed, resp);
}

/* The text to check: a file that was chosen, else what was typed. A file that
 * cannot be shown leaves the typed text where it is. */
static void
take_document(struct editor *ed, const struct pattern_save *form,
    bool *ret_imported)
{
	struct arena *a = ed->req->arena;
	struct slice bytes = form->file.bytes;

	*ret_imported = bytes.n > 0;
	ed->text = form->document;
	if (bytes.n == 0)
		bytes = slice_of(form->document);
	bytes = pattern_document_clean(a, bytes);
	pattern_document_check(a, ed->req->app->patterns, bytes, &ed->derived,
	    &ed->problems);
	ed->is_checked = true;
	if (bytes.n <= DERIVED_MAX_BYTES && utf8_valid(bytes) &&
	    !memchr(bytes.p, '\0', bytes.n))
		ed->text = slice_dup(a, bytes);
}

/* A pattern keeps its name, by which mappings and generations know it. */
static void
check_same_name(struct editor *ed)
{
	const char *name = ed->derived.pattern.name;

	if (!ed->name || ed->problems.errors > 0 || str_eq(ed->name, name))
		return;
	problem_add(&ed->problems, ed->req->arena, P_KEY_VALUE,
	    ed->derived.name_line, -1,
	    "This is the pattern %s, and its versions keep its name.", ed->name)
	    ->fix = arena_printf(ed->req->arena,
	    "Write name: %s, or save this as a new pattern.", ed->name);
}

/* A new pattern whose name is taken may become a version of that one. */
static void
check_new_name(struct editor *ed, bool offer)
{
	const struct own_pattern *stored = ed->stored;

	if (ed->name || !stored || ed->base > 0)
		return;
	if (stored->installed)
		problem_add(&ed->problems, ed->req->arena, P_INSTALLED,
		    ed->derived.name_line, -1,
		    "%s comes with the installation.", stored->name);
	else if (!offer)
		problem_add(&ed->problems, ed->req->arena, P_NAME_EXISTS,
		    ed->derived.name_line, -1,
		    "There is a pattern %s already, at version %" PRId64 ".",
		    stored->name, stored->version)
		    ->fix = "Save again to make it a new version of that one, "
		            "or choose another name.";
	if (!stored->installed)
		ed->base = stored->version_count;
}

static const struct err *
save(struct editor *ed, struct resp *resp, const struct pattern_save *form)
{
	struct req *req = ed->req;
	const char *name = ed->derived.pattern.name;
	const struct err *e;
	int64_t version;

	e = own_patterns_save(req->app, &req->session->user, form->base,
	    form->note, &ed->derived, slice_of(ed->text), &version);
	if (e)
		return form_refuse(req, NULL, e);
	flash_set(req, resp, "ok",
	    arena_printf(req->arena, "Version %" PRId64 " of %s is saved.",
	        version, name));
	return resp_redirect(req, resp,
	    component_pattern_url(req->arena, name, 0));
}

const struct err *
page_pattern_save(struct req *req, struct resp *resp)
{
	const struct pattern_save *form = form_values(req, struct pattern_save);
	bool saving = str_eq(form->action, "save");
	struct editor ed = {.req = req,
	    .name = req->text_param[0],
	    .note = form->note,
	    .base = form->base};
	const struct err *e;
	bool imported;

	if (ed.name) {
		e = load_stored(req, &ed.stored);
		if (e)
			return e;
	}
	if (str_eq(form->action, "import") && form->file.bytes.n == 0) {
		form_reject(req, "file", "Choose a file that is not empty.");
		return NULL;
	}
	take_document(&ed, form, &imported);
	check_same_name(&ed);
	if (!ed.name && ed.derived.pattern.name[0]) {
		e = own_patterns_find(req->app, req->arena,
		    ed.derived.pattern.name, 0, &ed.stored);
		if (e)
			return e;
		check_new_name(&ed, imported || !saving);
	}
	saving = saving && !imported;
	if (saving && ed.problems.errors == 0)
		return save(&ed, resp, form);
	if (ed.problems.errors > 0)
		resp->status = 422;
	return render(&ed, resp);
}

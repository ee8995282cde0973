#include "base/base.h"

#include "web/pages/pages.h"

#include "core/key.h"
#include "core/mappings.h"
#include "mapping/sheet.h"
#include "sys/config.h"
#include "sys/files.h"
#include "web/pages/components.h"

#include <string.h>

#define PER_PAGE 10

struct mapping_new {
	struct upload file;
	const char *text;
	const char *name;
	const char *sample;
};

static const struct field fields[] = {
    FIELD_FILE(struct mapping_new, file, "CSV file", SHEET_MAX_BYTES),
    FIELD_TEXT(struct mapping_new, text, "Sheet as text", 0, SHEET_MAX_BYTES),
    FIELD_TEXT(struct mapping_new, name, "Name", 0, 200),
    FIELD_TEXT(struct mapping_new, sample, "Sample", 0, 100),
};

const struct form_table mapping_new_form = FORM(struct mapping_new, fields);

/* The sheets below SHARE/samples that the page offers. */
static const struct {
	const char *name;
	const char *badge;
	const char *badge_class;
	const char *description;
} samples[] = {
    {"sales_full_load.csv", "Full load", "badge-note",
        "A Parquet file in a volume: copied and derived columns, a load "
        "time."},
    {"orders_incremental.csv", "Incremental append", "badge-note",
        "A watermark, a CASE over untidy codes, a constant column."},
    {"order_lines_merge.csv", "MERGE upsert", "badge-note",
        "Two sources with a join, a key of two columns, data types and "
        "comments."},
    {"customers_scd2.csv", "SCD type 2", "badge-note",
        "A history of customers: tracked and untracked columns, a sequence."},
    {"messy_with_errors.csv", "Shows problems", "badge-warning",
        "Semicolons, an unknown header, a broken expression: how problems "
        "are reported."},
};

static const struct err *
add_samples(struct req *req, struct view *v)
{
	struct arena *a = req->arena;
	struct html_list list;
	const struct err *e;
	size_t i;

	html_list_init(&list, a);
	for (i = 0; i < COUNT_OF(samples); i++) {
		struct view *s = page_view(req, "mapping_new#sample");

		view_text(s, "name", samples[i].name);
		view_html(s, "name_html", html_breakable(a, samples[i].name));
		view_text(s, "badge", samples[i].badge);
		view_text(s, "badge_class", samples[i].badge_class);
		view_text(s, "description", samples[i].description);
		view_url(s, "create_url", url_path(a, "/mappings"));
		view_url(s, "download_url",
		    url_path(a, "/samples/%s", samples[i].name));
		e = html_list_render(&list, s);
		if (e)
			return e;
	}
	view_html(v, "samples_html", html_join(&list));
	return NULL;
}

static const struct err *
add_recent(struct req *req, struct view *v)
{
	struct arena *a = req->arena;
	bool admin = req->session->user.role == USER_ROLE_ADMIN;
	int64_t page = component_page(req);
	struct mapping_items items = {0};
	struct html_list list;
	const struct err *e;
	int64_t total;
	size_t i;

	e = mappings_list(req->app, a, &req->session->user, PER_PAGE,
	    (page - 1) * PER_PAGE, &items, &total);
	if (e)
		return e;
	html_list_init(&list, a);
	for (i = 0; i < items.n; i++) {
		const struct mapping_item *m = &items.v[i];
		struct view *row = view_new(a, "mapping_new#recent");

		view_html(row, "name_html", html_breakable(a, m->name));
		view_url(row, "mapping_url",
		    url_path(a, "/mappings/%" PRId64, m->id.v));
		view_text(row, "size", component_size(a, m->size));
		view_int(row, "revisions", m->revision_count);
		view_bool(row, "show_owner", admin);
		view_text(row, "owner", m->owner);
		e = component_time(req, row, "time_html", m->revised_ms);
		if (!e)
			e = html_list_render(&list, row);
		if (e)
			return e;
	}
	view_html(v, "recent_html", items.n > 0 ? html_join(&list) : NULL);
	view_bool(v, "show_owner", admin);
	return component_pager(req, v, url_path(a, "/mappings/new"), page,
	    PER_PAGE, total);
}

const struct err *
page_mapping_new(struct req *req, struct resp *resp)
{
	static const char *const shown[] = {"file", "text", "name"};
	struct view *v = page_view(req, "mapping_new");
	const struct err *e;
	size_t i;

	for (i = 0; i < COUNT_OF(shown); i++)
		view_text(v, arena_printf(req->arena, "%s_error", shown[i]),
		    form_error(req, shown[i]));
	view_text(v, "form_error", form_error(req, NULL));
	view_text(v, "text", form_typed(req, "text"));
	view_text(v, "name", form_typed(req, "name"));
	view_url(v, "create_url", url_path(req->arena, "/mappings"));
	e = component_stepper(req, v, STEP_UPLOAD, (struct mapping_id){0});
	if (!e)
		e = add_samples(req, v);
	if (!e)
		e = add_recent(req, v);
	if (e)
		return e;
	return page_render(req, resp, "New mapping", v);
}

/* The bytes of a sample; only listed names reach the file system. */
static const struct err *
read_sample(struct req *req, const char *name, struct slice *ret)
{
	size_t i;

	for (i = 0; i < COUNT_OF(samples); i++) {
		if (str_eq(samples[i].name, name))
			return file_read(req->arena,
			    arena_printf(req->arena, "%s/samples/%s",
			        req->app->config->share_dir, name),
			    SHEET_MAX_BYTES, ret);
	}
	return err_new(W_NOT_FOUND, "There is no sample %s.", name);
}

const struct err *
page_sample(struct req *req, struct resp *resp)
{
	const char *name = req->text_param[0];
	struct slice bytes;
	const struct err *e;

	e = read_sample(req, name, &bytes);
	if (e)
		return e;
	return resp_download(req, resp, "text/csv; charset=utf-8", name, bytes);
}

/* What the person sent, whichever of the three ways. */
static const struct err *
chosen_sheet(struct req *req, const struct mapping_new *form,
    const char **ret_name, struct slice *ret_bytes)
{
	if (form->sample[0]) {
		*ret_name = form->sample;
		return read_sample(req, form->sample, ret_bytes);
	}
	if (form->file.bytes.n > 0) {
		*ret_name = form->file.file_name;
		*ret_bytes = form->file.bytes;
		return NULL;
	}
	*ret_name = form->name[0] ? form->name : "pasted.csv";
	*ret_bytes = slice_of(form->text);
	if (slice_trim(*ret_bytes).n > 0)
		return NULL;
	if (!str_empty(form->file.file_name))
		form_reject(req, "file", "%s is empty.", form->file.file_name);
	else if (form->name[0])
		form_reject(req, "text",
		    "Paste the sheet with its header "
		    "row.");
	else
		form_reject(req, "file", "Choose a file, or paste the sheet.");
	return NULL;
}

const struct err *
page_mapping_create(struct req *req, struct resp *resp)
{
	const struct mapping_new *form = form_values(req, struct mapping_new);
	struct mapping_id id;
	const struct err *e;
	struct slice bytes;
	const char *name;

	e = chosen_sheet(req, form, &name, &bytes);
	if (e || req->form->has_errors)
		return e;
	e = mappings_create(req->app, &req->session->user,
	    key_bind(req->arena, req->form->key, bytes),
	    utf8_cut(req->arena, str_empty(name) ? "mapping.csv" : name, 200),
	    bytes, &id);
	if (e)
		return form_refuse(req, NULL, e);
	return resp_redirect(req, resp,
	    url_path(req->arena, "/mappings/%" PRId64, id.v));
}

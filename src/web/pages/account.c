#include "base/base.h"

#include "web/pages/pages.h"

#include "web/page.h"

struct account {
	const char *username; /* for the browser's password store alone */
	const char *current;
	const char *password;
	const char *repeat;
};

static const struct field account_fields[] = {
    FIELD_TEXT(struct account, username, "The name", 0, 64),
    FIELD_TEXT(struct account, current, "The current password", 1,
        PASSWORD_MAX),
    FIELD_TEXT(struct account, password, "The new password", 1, PASSWORD_MAX),
    FIELD_TEXT(struct account, repeat, "The repetition", 1, PASSWORD_MAX),
};
const struct form_table account_form = FORM(struct account, account_fields);

static const struct err *
add_field(struct req *req, struct html_list *list, const char *name,
    const char *label, const char *hint, const char *complete)
{
	struct view *v = view_new(req->arena, "account#field");
	const char *error = form_error(req, name);
	const char *described = "";

	/* The id of what explains the field: the error, else the hint. */
	if (error)
		described = arena_printf(req->arena, "%s-error", name);
	else if (!str_empty(hint))
		described = arena_printf(req->arena, "%s-hint", name);
	view_text(v, "name", name);
	view_text(v, "label", label);
	view_text(v, "hint", hint);
	view_text(v, "complete", complete);
	view_text(v, "error", error);
	view_text(v, "described", described);
	return html_list_render(list, v);
}

static const struct err *
render_fields(struct req *req, const struct html **ret)
{
	static const struct {
		const char *name;
		const char *label;
		const char *hint;
		const char *complete;
	} rows[] = {
	    {"current", "Current password", "", "current-password"},
	    {"password", "New password",
	        "At least 12 characters, for "
	        "example four unrelated words.",
	        "new-password"},
	    {"repeat", "New password again", "", "new-password"},
	};
	const struct err *e;
	struct html_list list;

	html_list_init(&list, req->arena);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		e = add_field(req, &list, rows[i].name, rows[i].label,
		    rows[i].hint, rows[i].complete);
		if (e)
			return e;
	}
	*ret = html_join(&list);
	return NULL;
}

const struct err *
page_account_show(struct req *req, struct resp *resp)
{
	const struct user *user = &req->session->user;
	struct view *v = page_view(req, "account");
	const struct html *fields;
	const struct err *e;

	e = render_fields(req, &fields);
	if (e)
		return e;
	req->text_width = true;
	view_html(v, "fields_html", fields);
	view_text(v, "name", user->name);
	view_text(v, "role",
	    user->role == USER_ROLE_ADMIN ? "administrator"
	                                  : user_role_name(user->role));
	view_text(v, "message", form_error(req, NULL));
	view_bool(v, "must_change", user->must_change_password);
	view_bool(v, "is_external", user->is_external);
	return page_render(req, resp, "Your account", v);
}

const struct err *
page_account_update(struct req *req, struct resp *resp)
{
	const struct account *form = form_values(req, struct account);
	const struct session *session = req->session;
	const struct err *e;

	if (!str_eq(form->password, form->repeat)) {
		form_reject(req, "repeat",
		    "The new password and its "
		    "repetition differ.");
		return NULL;
	}
	e = user_check_password(req->app, session->user.id, form->current);
	if (e && e->code == A_WRONG) {
		form_reject(req, "current",
		    "This is not your current password.");
		return NULL;
	}
	if (e)
		return form_refuse(req, NULL, e);
	if (str_eq(form->password, form->current)) {
		form_reject(req, "password",
		    "The new password is the current one.");
		return NULL;
	}
	e = user_set_password(req->app, session->user.id, form->password, false,
	    session->id);
	if (e)
		return form_refuse(req, "password", e);
	flash_set(req, resp, "ok",
	    "Your password is changed. Wherever else "
	    "you were signed in, you are signed out.");
	/* Who was sent here by the one-time password may go on now. */
	return resp_redirect(req, resp,
	    url_path(req->arena,
	        session->user.must_change_password ? "/" : "/account"));
}

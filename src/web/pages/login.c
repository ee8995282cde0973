#include "base/base.h"

#include "web/pages/login.h"

#include "core/grants.h"
#include "web/page.h"
#include "web/pages/pages.h"
#include "web/reply.h"
#include "web/url.h"

struct login {
	const char *name;
	const char *password;
	const char *next;
};

static const struct field login_fields[] = {
    FIELD_TEXT(struct login, name, "Name", 1, 64),
    FIELD_TEXT(struct login, password, "Password", 1, PASSWORD_MAX),
    FIELD_TEXT(struct login, next, "Next page", 0, 2000),
};
const struct form_table login_form = FORM(struct login, login_fields);

const struct err *
page_home(struct req *req, struct resp *resp)
{
	return resp_redirect(req, resp, url_path(req->arena, "/mappings/new"));
}

const struct url *
login_next(struct req *req, const char *next)
{
	const struct url *url = url_local(req->arena, next);

	return url ? url : url_path(req->arena, "/");
}

const struct url *
login_url(struct req *req, const struct url *url, const char *next)
{
	return url_local(req->arena, next)
	    ? url_with(req->arena, url, "next", next)
	    : url;
}

const struct err *
page_login_show(struct req *req, struct resp *resp)
{
	const char *asked = query_get(req, "next");
	struct connection portal;
	const struct err *e;
	struct view *v;
	bool any;

	if (req->session && !req->form->has_errors)
		return resp_redirect(req, resp, login_next(req, asked));
	/* The rejected form is for signing in anew, in the plain frame. */
	req->session = NULL;
	v = page_view(req, "login");
	view_text(v, "name", form_typed(req, "name"));
	view_text(v, "name_error", form_error(req, "name"));
	view_text(v, "password_error", form_error(req, "password"));
	view_text(v, "message", form_error(req, NULL));
	asked = form_shown(req, "next", asked ? asked : "");
	view_text(v, "next", asked);
	e = grants_portal(req->app, req->arena, &portal, &any);
	any = !e && any && grants_possible(req->app, portal.base);
	view_text(v, "portal", any ? portal.host : "");
	view_bool(v, "is_simulated", any && portal.is_simulated);
	view_url(v, "portal_url",
	    any ? login_url(req, url_path(req->arena, "/oauth/login"), asked)
	        : NULL);
	return page_render(req, resp, "Sign in", v);
}

const struct err *
page_login_submit(struct req *req, struct resp *resp)
{
	const struct login *form = form_values(req, struct login);
	const struct err *e;
	const char *token;
	struct session session;

	e = session_sign_in(req->app, req->arena, form->name, form->password,
	    req->address, session_token(req), &token, &session);
	if (e)
		return form_refuse(req, NULL, e);
	cookie_set(req, resp, COOKIE_SESSION, token, -1);
	cookie_set(req, resp, COOKIE_FORM, "", 0);
	return resp_redirect(req, resp, login_next(req, form->next));
}

const struct err *
page_logout(struct req *req, struct resp *resp)
{
	const struct err *e = NULL;

	if (req->session->user.is_external)
		e = grants_forget_portal(req->app, req->arena,
		    &req->session->user);
	if (!e)
		e = session_end(req->app, req->session->id);
	if (e)
		return e;
	cookie_set(req, resp, COOKIE_SESSION, "", 0);
	flash_set(req, resp, "ok", "You are signed out.");
	return resp_redirect(req, resp, url_path(req->arena, "/login"));
}

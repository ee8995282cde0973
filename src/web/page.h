/*
 * A whole page: the layout round the view of a handler.
 */
#ifndef T2C_PAGE_H
#define T2C_PAGE_H

#include "web/req.h"
#include "web/view.h"

/* A view with what every form needs: {csrf}, and {key} for forms that create
 * something. Each only if the view asks for it. */
struct view *page_view(struct req *req, const char *name) RETURNS_NONNULL;

/* A breadcrumb: call it outermost first; the page's own comes last and has
 * no url (NULL). Without any there is no breadcrumb bar. They are shown by
 * page_head(). */
void page_crumb(struct req *req, const char *label, const struct url *url);
/* The breadcrumbs as markup, nothing where there are none: for {crumbs_html}
 * in the page's head. page_render() sets it if the view asks for it. */
const struct err *page_crumbs(struct req *req, const struct html **ret)
    MUST_USE;

/* Renders v into the layout: a handler's last line. title is for the window
 * and {title}, if the view asks for that. The status is 200, or what
 * dispatch decides where this shows a form again. */
const struct err *page_render(struct req *req, struct resp *resp,
    const char *title, struct view *v) MUST_USE;

#endif

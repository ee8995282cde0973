/*
 * The few HTML pages of the simulator: markup is made here alone, and all text
 * that comes in is escaped. No script, no style, nothing loaded.
 */
#ifndef T2C_SIM_PAGE_H
#define T2C_SIM_PAGE_H

#include "sim/sim.h"

struct page {
	struct buf out;
	bool in_form;
	bool in_table;
};

/* A page titled "TITLE - Simulated workspace". */
void page_start(const struct sim_req *req, struct page *p, const char *title);
void page_heading(struct page *p, const char *text);
void page_text(struct page *p, const char *text);
void page_link(struct page *p, const char *url, const char *text);
/* A table: rows of cells up to NULL, the first being a row of headings. */
void page_row(struct page *p, const char *const *cells);
/* A form that is posted; what follows is in it up to its button. */
void page_form(struct page *p, const char *action);
void page_hidden(struct page *p, const char *name, const char *value);
void page_input(struct page *p, const char *name, const char *label,
    const char *value);
/* One of the words, up to NULL. */
void page_choice(struct page *p, const char *name, const char *label,
    const char *const *words, const char *chosen);
/* Ends the form; name and value may be NULL. */
void page_button(struct page *p, const char *name, const char *value,
    const char *label);
/* Two buttons of one name, as page_button() has one. */
void page_buttons(struct page *p, const char *name, const char *value,
    const char *label, const char *other_value, const char *other_label);
/* The page that a proxy sends where the API itself cannot be reached: its title
 * is the status, and the message is its text. */
void page_of_proxy(const struct sim_req *req, struct sim_resp *resp, int status,
    const char *message);
void page_reply(struct page *p, const struct sim_req *req,
    struct sim_resp *resp, int status);

#endif

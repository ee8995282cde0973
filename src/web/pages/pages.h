/*
 * The handlers and forms that the site map names. Each is in the file of its
 * noun.
 */
#ifndef T2C_PAGES_H
#define T2C_PAGES_H

#include "web/route.h"

/* login.c */
extern const struct form_table login_form;
const struct err *page_home(struct req *req, struct resp *resp) MUST_USE;
const struct err *page_login_show(struct req *req, struct resp *resp) MUST_USE;
const struct err *page_login_submit(struct req *req, struct resp *resp)
    MUST_USE;
const struct err *page_logout(struct req *req, struct resp *resp) MUST_USE;

/* account.c */
extern const struct form_table account_form;
const struct err *page_account_show(struct req *req, struct resp *resp)
    MUST_USE;
const struct err *page_account_update(struct req *req, struct resp *resp)
    MUST_USE;

/* errors.c */
const struct err *page_errors_index(struct req *req, struct resp *resp)
    MUST_USE;
/* The reply that says what went wrong: a page, or JSON where the route is
 * part of the API. It cannot fail; where not even its page can be rendered,
 * it is a line of text. */
void error_reply(struct req *req, struct resp *resp, const struct err *e);

/* health.c */
const struct err *page_health(struct req *req, struct resp *resp) MUST_USE;

/* mapping_new.c */
extern const struct form_table mapping_new_form;
const struct err *page_mapping_new(struct req *req, struct resp *resp) MUST_USE;
const struct err *page_mapping_create(struct req *req, struct resp *resp)
    MUST_USE;
const struct err *page_sample(struct req *req, struct resp *resp) MUST_USE;

/* mapping.c */
extern const struct form_table mapping_replace_form;
extern const struct form_table mapping_row_form;
const struct err *page_mapping(struct req *req, struct resp *resp) MUST_USE;
const struct err *page_mapping_replace(struct req *req, struct resp *resp)
    MUST_USE;
const struct err *page_mapping_row(struct req *req, struct resp *resp) MUST_USE;
const struct err *page_mapping_csv(struct req *req, struct resp *resp) MUST_USE;

/* pattern.c */
extern const struct form_table generate_form;
const struct err *page_pattern(struct req *req, struct resp *resp) MUST_USE;
const struct err *page_generate(struct req *req, struct resp *resp) MUST_USE;

/* patterns.c */
extern const struct form_table pattern_switch_form;
const struct err *page_patterns(struct req *req, struct resp *resp) MUST_USE;
const struct err *page_pattern_export(struct req *req, struct resp *resp)
    MUST_USE;
const struct err *page_pattern_switch(struct req *req, struct resp *resp)
    MUST_USE;

/* pattern_page.c */
const struct err *page_pattern_page(struct req *req, struct resp *resp)
    MUST_USE;

/* pattern_editor.c */
extern const struct form_table pattern_save_form;
const struct err *page_pattern_new(struct req *req, struct resp *resp) MUST_USE;
const struct err *page_pattern_edit(struct req *req, struct resp *resp)
    MUST_USE;
const struct err *page_pattern_save(struct req *req, struct resp *resp)
    MUST_USE;

/* connections.c */
extern const struct form_table connection_test_form;
const struct err *page_connections(struct req *req, struct resp *resp) MUST_USE;
const struct err *page_connection(struct req *req, struct resp *resp) MUST_USE;
const struct err *page_connection_test(struct req *req, struct resp *resp)
    MUST_USE;
extern const struct form_table connection_model_form;
const struct err *page_connection_model(struct req *req, struct resp *resp)
    MUST_USE;
const struct err *page_connection_default(struct req *req, struct resp *resp)
    MUST_USE;
const struct err *page_connection_remove(struct req *req, struct resp *resp)
    MUST_USE;

/* proposal.c */
extern const struct form_table propose_form;
extern const struct form_table proposal_accept_form;
const struct err *page_propose(struct req *req, struct resp *resp) MUST_USE;
const struct err *page_proposal_accept(struct req *req, struct resp *resp)
    MUST_USE;

/* oauth.c */
const struct err *page_connection_sign_in(struct req *req, struct resp *resp)
    MUST_USE;
const struct err *page_connection_sign_out(struct req *req, struct resp *resp)
    MUST_USE;
const struct err *page_oauth_login(struct req *req, struct resp *resp) MUST_USE;
const struct err *page_oauth_callback(struct req *req, struct resp *resp)
    MUST_USE;

/* connection_editor.c */
extern const struct form_table connection_form;
const struct err *page_connection_new(struct req *req, struct resp *resp)
    MUST_USE;
const struct err *page_connection_edit(struct req *req, struct resp *resp)
    MUST_USE;
const struct err *page_connection_save(struct req *req, struct resp *resp)
    MUST_USE;

/* generations.c */
const struct err *page_generations(struct req *req, struct resp *resp) MUST_USE;
const struct err *page_generations_csv(struct req *req, struct resp *resp)
    MUST_USE;

/* generation.c */
const struct err *page_generation(struct req *req, struct resp *resp) MUST_USE;
const struct err *page_generation_download(struct req *req, struct resp *resp)
    MUST_USE;
const struct err *page_generation_raw(struct req *req, struct resp *resp)
    MUST_USE;
const struct err *page_generation_tests(struct req *req, struct resp *resp)
    MUST_USE;
const struct err *page_generation_tests_download(struct req *req,
    struct resp *resp) MUST_USE;
const struct err *page_generation_tests_raw(struct req *req, struct resp *resp)
    MUST_USE;
const struct err *page_generation_mapping(struct req *req, struct resp *resp)
    MUST_USE;
const struct err *page_generation_plan(struct req *req, struct resp *resp)
    MUST_USE;

/* live.c */
extern const struct form_table answer_restart_form;
const struct err *page_live(struct req *req, struct resp *resp) MUST_USE;
const struct err *page_answer_stop(struct req *req, struct resp *resp) MUST_USE;
const struct err *page_compile_instead(struct req *req, struct resp *resp)
    MUST_USE;
const struct err *page_answer_restart(struct req *req, struct resp *resp)
    MUST_USE;

/* lineage.c */
const struct err *page_proof(struct req *req, struct resp *resp) MUST_USE;
const struct err *page_proof_notebook(struct req *req, struct resp *resp)
    MUST_USE;
const struct err *page_lineage(struct req *req, struct resp *resp) MUST_USE;
const struct err *page_lineage_json(struct req *req, struct resp *resp)
    MUST_USE;

#endif

/*
 * Answers in the forms that the API has.
 */
#ifndef T2C_SIM_REPLY_H
#define T2C_SIM_REPLY_H

#include "sim/sim.h"

/* A body to be written: JSON, at most SIM_BODY_MAX. */
void reply_start(const struct sim_req *req, struct buf *b,
    struct json_writer *w);
/* The same, begun as an object that begins with a list. */
void reply_start_list(const struct sim_req *req, struct buf *b,
    struct json_writer *w, const char *key);
void reply_json(struct sim_resp *resp, int status, const struct buf *b);
/* {} with status 200, unless what had to be written could not be: e, which is
 * returned. */
const struct err *reply_written(struct sim_resp *resp, const struct err *e)
    MUST_USE;
/* {"error_code": code, "message": …} */
void reply_error(const struct sim_req *req, struct sim_resp *resp, int status,
    const char *code, const char *format, ...) PRINTF(5, 6);
/* The same with a reason in its details, which says more than the code. */
void reply_error_reason(const struct sim_req *req, struct sim_resp *resp,
    int status, const char *code, const char *reason, const char *message);
/* 303, or 302 where that is the custom. */
void reply_redirect(const struct sim_req *req, struct sim_resp *resp,
    int status, const char *location);
/* The body as a JSON object; *ret is NULL after a 400 was answered. */
const struct json *reply_need_json(const struct sim_req *req,
    struct sim_resp *resp);
/* The text of a member, NULL after a 400 was answered. */
const char *reply_need_text(const struct sim_req *req, struct sim_resp *resp,
    const struct json *object, const char *key);

#endif

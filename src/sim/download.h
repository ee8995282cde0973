/*
 * A file as an answer: all of it, or the part that the header Range asks for,
 * unless If-Unmodified-Since says that it must be an older one (RFC 9110,
 * 13.1.4 and 14). Of ranges there may be one; several are answered with all
 * of the file, as the RFC allows.
 */
#ifndef T2C_SIM_DOWNLOAD_H
#define T2C_SIM_DOWNLOAD_H

#include "sim/sim.h"

/* 200 or 206 with the bytes; 412 or 416 where the headers ask for what is not
 * so. The bytes live as long as the answer. */
void download_reply(const struct sim_req *req, struct sim_resp *resp,
    struct slice bytes, int64_t modified_ms);

#endif

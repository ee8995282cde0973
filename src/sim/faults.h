/*
 * Faults: what goes wrong with the next requests of a kind, as it was asked
 * for at the control page or in faults.json. The first that fits a request is
 * the one that happens.
 */
#ifndef T2C_SIM_FAULTS_H
#define T2C_SIM_FAULTS_H

#include "sim/sim.h"

#define FAULT_FOREVER (-1)

struct sim_fault {
	const char
	    *pattern;   /* "POST /api/2.0/workspace*"; "*" stands for any text,
	                            and for any method */
	int64_t status; /* 0: the answer stays what it is */
	const char *body; /* its form, one of fault_bodies */
	const char *code; /* the error_code; "" for the usual one */
	const char *message;
	int64_t retry_after; /* seconds; -1: no such header */
	int64_t latency_ms;
	const char *cut; /* one of fault_cuts */
	bool after;      /* the request has its effect all the same */
	const char *misbehaviour;
	int64_t times; /* that are left, or FAULT_FOREVER */
	int64_t used;
};

struct sim_faults {
	struct sim_fault *v;
	size_t n;
	size_t cap;
};

/* error, numeric, message, api12, scim, html, text, empty; up to NULL */
extern const char *const fault_bodies[];
/* none, before, middle, stall; up to NULL */
extern const char *const fault_cuts[];

/* A fault from its fields, of which only the pattern is needed; "" is as good
 * as none. S_USAGE where one is unknown or does not fit. */
const struct err *fault_from(struct arena *a, const struct fields *f,
    struct sim_fault *ret) MUST_USE;
bool fault_matches(const char *pattern, const char *method, const char *path);

const struct err *faults_read(struct arena *a, const struct sim *sim,
    struct sim_faults *ret) MUST_USE;
const struct err *faults_write(struct arena *a, const struct sim *sim,
    const struct sim_faults *faults) MUST_USE;
void faults_json(struct json_writer *w, const struct sim_faults *faults);
/* The fault for this request, counted; *ret is NULL where there is none. */
const struct err *faults_take(const struct sim_req *req,
    const struct sim_fault **ret) MUST_USE;

/* Makes of the answer what the fault makes of it. */
void fault_apply(const struct sim_req *req, const struct sim_fault *fault,
    struct sim_resp *resp);

#endif

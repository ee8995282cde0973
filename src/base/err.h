/*
 * Errors. A function that can fail returns `const struct err *`, NULL for
 * success. Errors live until err_clear(), which the dispatcher calls after
 * each request and the command line never needs to call.
 *
 * The text for people comes from the catalogue (base/codes.h); an error adds
 * what is particular about this case, and a detail for the log alone.
 */
#ifndef T2C_ERR_H
#define T2C_ERR_H

#include "base/base.h"

enum severity { SEVERITY_ERROR, SEVERITY_WARNING };

enum err_code {
#define CODE(symbol, id, severity, http, exit, title, cause, fix) symbol,
#include "base/codes.h"
#undef CODE
	ERR__COUNT
};

/* One row of the catalogue. */
struct code_info {
	const char *id; /* as people see it: "M305" */
	enum severity severity;
	int http; /* status of a page or API answer */
	int exit; /* status of the command line */
	const char *title;
	const char *cause;
	const char *fix;
};

const struct code_info *code_info(enum err_code code) RETURNS_NONNULL;

/* The code that people see as "M305"; false if there is none. */
bool code_find(const char *id, enum err_code *ret) MUST_USE;

struct err {
	enum err_code code;
	const char *message; /* for the user: this case in one sentence */
	const char *detail;  /* for the log only, "" if none */
};

/* An error with a message for the user. */
const struct err *err_new(enum err_code code, const char *format, ...)
    PRINTF(2, 3) MUST_USE RETURNS_NONNULL;
/* An error whose message is the catalogue's cause. */
const struct err *err_of(enum err_code code) MUST_USE RETURNS_NONNULL;
/* An error whose message is the catalogue's cause; the format is the detail
 * that only the log shows. For failures of the system. */
const struct err *err_system(enum err_code code, const char *format, ...)
    PRINTF(2, 3) MUST_USE RETURNS_NONNULL;
/* The same error with "what: " put before its detail. */
const struct err *err_wrap(const struct err *e, const char *format, ...)
    PRINTF(2, 3) MUST_USE RETURNS_NONNULL;
/* Frees all errors made so far. */
void err_clear(void);

#endif

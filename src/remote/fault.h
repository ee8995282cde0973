/*
 * What was wrong with a request to a workspace or a model, read from whatever
 * came back. Databricks alone has six forms of saying it, and gateways have
 * theirs; the order in which they are tried is that of Databricks' own SDKs
 * (apierr/errors.go of the one for Go).
 */
#ifndef T2C_FAULT_H
#define T2C_FAULT_H

#include "base/err.h"
#include "base/json.h"
#include "sys/http.h"

struct fault {
	enum err_code code; /* one of R_… */
	int status;         /* of HTTP, 0 if there was no answer */
	const char *name;   /* "PERMISSION_DENIED", "" where none was told */
	/* What the other side says, in one line of at most 500 characters. */
	const char *message;
	const char *request_id; /* "" if none */
	int64_t pause_ms;       /* that it asks for; 0 if none */
	bool sent;              /* it may have done what was asked */
};

/* False where the reply is an answer of the API: a status of 2xx, and JSON
 * where a body is wanted as such. */
bool fault_read(struct arena *a, const struct http_reply *reply,
    bool wants_json, struct fault *ret);
/* Of a JSON object that is an error, where the status does not say so: within
 * a stream. */
bool fault_in_stream(struct arena *a, const struct json *v, struct fault *ret);
/* The fault as a person reads it; who: "adb-1.azuredatabricks.net". */
const struct err *fault_err(const struct fault *f, const char *who)
    MUST_USE RETURNS_NONNULL;

#endif

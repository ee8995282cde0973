/*
 * The host of a connection, as a person types or pastes it, and the hosts that
 * the administrator allows. What is read here goes into requests as it is, so
 * only the plain form of a name passes: what URL parsers disagree about
 * (user names, backslashes, percent signs, numbers in other bases, names in
 * other scripts) is refused.
 */
#ifndef T2C_HOST_H
#define T2C_HOST_H

#include "base/arena.h"
#include "base/err.h"

enum host_kind {
	/* https: at port 443, a name with a dot. Of a page's address that was
	 * pasted, only the host and the ids in its query are used. */
	HOST_WORKSPACE,
	/* http: or https:, any port, a name or an IPv4 address, and the path
	 * that the API's own paths follow ("/v1"). */
	HOST_MODEL
};

struct host {
	const char *name; /* "adb-1.2.azuredatabricks.net", in lower case */
	int port;
	const char *base;         /* "https://adb-1.2.azuredatabricks.net" */
	const char *workspace_id; /* of ?o= or ?w=; NULL if none */
	bool plain;               /* http: */
};

/* R_HOST where it cannot be used, saying why. Without a scheme it is https. */
const struct err *host_parse(struct arena *a, const char *text,
    enum host_kind kind, struct host *ret) MUST_USE;
/* Whether one of the entries, parted by blanks or commas, is this host:
 * "llm.example", "llm.example:8000", or "*.example" for the names that end with
 * ".example". An entry without a port allows the usual one of http: or
 * https:. */
bool host_allowed(const struct host *host, const char *entries);

#endif

/*
 * The site map as data: every address, who may use it, which form it takes.
 */
#ifndef T2C_ROUTE_H
#define T2C_ROUTE_H

#include "web/form.h"
#include "web/req.h"

/* No zero value: a row without access does not pass its unit test. */
enum access {
	ACCESS__NONE,
	ACCESS_PUBLIC,
	ACCESS_SIGNED_IN,
	ACCESS_EDITOR, /* editors and administrators */
	ACCESS_ADMIN
};

typedef const struct err *(*handler_fn)(struct req *, struct resp *);

struct route {
	enum method method; /* METHOD_GET serves HEAD too */
	const char *path;   /* parts :id and :number are positive
	                                    integers, in req->param[]; any other
	                                    :word is text of A-Z a-z 0-9 . _ -,
	                                    in req->text_param[] */
	handler_fn handler;
	enum access access;
	const struct form_table *form; /* NULL: none */
	handler_fn again;              /* shows the form again on errors */
	bool api;                      /* errors as JSON, no redirects */
	bool calls;                    /* served by the calls pool, and only
	                                    there; nginx sends it to the right
	                                    one by location */
	bool one_time;                 /* also for people who still have to
	                                    change a one-time password */
	bool writes;                   /* a GET during which the database may
	                                    be written to */
};

extern const struct route routes[];
extern const size_t n_routes;

/* The row for the path and method (HEAD counts as GET), NULL if there is
 * none; *ret_methods then has bit METHOD_x set for each method that the path
 * has a row for. Fills param and text_param of req. */
const struct route *route_find(const struct route *list, size_t n,
    struct req *req, unsigned int *ret_methods);

#endif

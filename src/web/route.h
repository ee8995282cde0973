/*
 * The site map as data: every address, who may use it, which form it takes.
 */
#ifndef T2C_ROUTE_H
#define T2C_ROUTE_H

#include "web/form.h"
#include "web/req.h"

/* No zero value: a row without access does not pass its unit test. */
enum access { ACCESS__NONE, ACCESS_PUBLIC, ACCESS_SIGNED_IN, ACCESS_ADMIN };

typedef const struct err *(*handler_fn)(struct req *, struct resp *);

struct route {
	enum method method;
	const char *path;                /* "/mappings/:id", ":name" for text */
	handler_fn handler;
	enum access access;
	const struct form_table *form;   /* NULL: none */
	handler_fn again;                /* shows the form again on errors */
	bool api;                        /* errors as JSON, no redirect to login */
	bool calls;                      /* served by the calls pool */
};

extern const struct route routes[];
extern const size_t n_routes;

#endif

/*
 * Header values with parameters: form-data; name="a"; filename="b.csv".
 */
#ifndef T2C_HEADER_H
#define T2C_HEADER_H

#include "base/str.h"

#define HEADER_PARAMS_MAX 16

struct header_value {
	const char *value; /* before the first semicolon, trimmed */
	struct {
		struct slice name;
		struct slice value; /* without its quotes */
	} param[HEADER_PARAMS_MAX];
	size_t n;
};

/* False where quotes do not close, something stands beside a parameter, a
 * parameter comes twice, or there are too many. */
bool header_parse(struct arena *a, struct slice text, struct header_value *ret)
    MUST_USE;
/* The parameter's value; false if it is absent. Names have no case. */
bool header_param(const struct header_value *h, const char *name,
    struct slice *ret) MUST_USE;

#endif

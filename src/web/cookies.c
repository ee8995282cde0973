#include "base/base.h"

#include "web/cookies.h"

#include <string.h>

/* cookie-octet of RFC 6265. */
static bool
is_value(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c <= 0x20 || c == 0x7f || c == '"' || c == ',' || c == '\\')
			return false;
	}
	return s.n > 0;
}

const char *
cookies_find(struct arena *a, const char *header, const char *name)
{
	struct slice rest = slice_of(header ? header : "");
	struct slice found = {0};

	while (rest.n > 0) {
		const char *end = memchr(rest.p, ';', rest.n);
		struct slice pair = rest;
		const char *equals;
		struct slice value;

		if (end)
			pair.n = (size_t)(end - rest.p);
		rest.p += pair.n + (end ? 1 : 0);
		rest.n -= pair.n + (end ? 1 : 0);
		pair = slice_trim(pair);
		equals = memchr(pair.p, '=', pair.n);
		if (!equals ||
		    !slice_is((struct slice){pair.p, (size_t)(equals - pair.p)},
		        name))
			continue;
		value = (struct slice){
		    equals + 1, pair.n - (size_t)(equals - pair.p) - 1};
		if (!is_value(value) ||
		    (found.n > 0 && !slice_eq(found, value)))
			return NULL;
		found = value;
	}
	return found.n > 0 ? slice_dup(a, found) : NULL;
}

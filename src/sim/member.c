#include "base/base.h"

#include "sim/member.h"

int64_t
member_int(const struct json *object, const char *key)
{
	int64_t n = 0;

	return json_to_int(json_get(object, key), 0, INT64_MAX, &n) ? n : 0;
}

bool
member_true(const struct json *object, const char *key)
{
	const struct json *v = json_get(object, key);

	return v && v->kind == JSON_BOOL && v->boolean;
}

const struct json *
member_first(const struct json *object, const char *key)
{
	const struct json *v = json_get(object, key);

	return v && v->kind == JSON_ARRAY ? v->child : NULL;
}

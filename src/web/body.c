#include "base/base.h"

#include "base/json.h"
#include "web/header.h"
#include "web/parts.h"

static const struct err *
read_member(struct arena *a, const struct json *member, struct parts *ret)
{
	const char *text = NULL;
	int64_t number;

	switch (member->kind) {
	case JSON_NULL:
		return NULL;
	case JSON_STRING:
		text = member->string;
		break;
	case JSON_BOOL:
		text = member->boolean ? "true" : "false";
		break;
	case JSON_NUMBER:
		if (json_to_int(member, INT64_MIN, INT64_MAX, &number))
			text = arena_printf(a, "%" PRId64, number);
		break;
	case JSON_ARRAY:
	case JSON_OBJECT:
		break;
	}
	if (!text)
		return err_new(W_BAD_REQUEST,
		    "The member \"%s\" must be a "
		    "string, a whole number, true or false.",
		    member->key);
	return part_add(a, ret, slice_of(member->key), slice_of(text), NULL);
}

static const struct err *
read_json(struct arena *a, struct slice body, struct parts *ret)
{
	const struct err *e;
	const struct json *object;

	e = json_parse(a, body, &object);
	if (e)
		return e;
	if (object->kind != JSON_OBJECT)
		return err_new(W_BAD_REQUEST,
		    "The body must be a JSON object.");
	for (const struct json *m = object->child; m; m = m->next) {
		e = read_member(a, m, ret);
		if (e)
			return e;
	}
	return NULL;
}

const struct err *
body_read(struct arena *a, const char *content_type, struct slice body,
    struct parts *ret)
{
	struct header_value type;

	if (str_empty(content_type) && body.n == 0)
		return NULL;
	if (str_empty(content_type) ||
	    !header_parse(a, slice_of(content_type), &type))
		return err_new(W_MEDIA_TYPE,
		    "The request does not say what its body is.");
	if (str_ieq(type.value, "application/x-www-form-urlencoded"))
		return query_read(a, body, ret);
	if (str_ieq(type.value, "multipart/form-data"))
		return multipart_read(a, content_type, body, ret);
	if (str_ieq(type.value, "application/json"))
		return read_json(a, body, ret);
	return err_new(W_MEDIA_TYPE,
	    "A body of the type \"%s\" is not read "
	    "here.",
	    utf8_cut(a, type.value, 80));
}

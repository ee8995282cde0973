#include "base/base.h"

#include "emit/source_map.h"

#include "base/json.h"

/* What a span takes as JSON, numbers of 20 digits. */
#define SPAN_ROOM 100

const char *
source_map_json(struct arena *a, const struct source_map *map)
{
	struct json_writer w;
	struct buf b;
	size_t i;

	buf_init(&b, a, (map->n + 1) * SPAN_ROOM);
	json_init(&w, &b, false);
	json_array(&w);
	for (i = 0; i < map->n; i++) {
		json_object(&w);
		json_key_int(&w, "first", map->v[i].first);
		json_key_int(&w, "last", map->v[i].last);
		json_key_int(&w, "row", map->v[i].row);
		json_object_end(&w);
	}
	json_array_end(&w);
	return buf_str(&b);
}

static bool
read_number(const struct json *span, const char *key, int64_t *ret)
{
	return json_to_int(json_get(span, key), 1, INT64_MAX, ret);
}

const struct err *
source_map_read(struct arena *a, struct slice json, struct source_map *ret)
{
	const struct json *root = NULL;
	const struct json *span;
	const struct err *e = json_parse_own(a, json, &root);

	if (e)
		return e;
	if (root->kind != JSON_ARRAY)
		return err_system(S_INTERNAL, "a source map is no array");
	for (span = root->child; span; span = span->next) {
		struct source_span *s = LIST_ADD(a, ret);

		if (!read_number(span, "first", &s->first) ||
		    !read_number(span, "last", &s->last) ||
		    !read_number(span, "row", &s->row))
			return err_system(S_INTERNAL,
			    "a span of a source map lacks a number");
	}
	return NULL;
}

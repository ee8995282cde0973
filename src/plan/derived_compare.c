#include "base/base.h"

#include "plan/derived.h"

#include "base/buf.h"
#include "base/yaml.h"

/* A document as a flat list: "options.late_rows.access" is "fixed". */
struct entry {
	const char *key;
	const char *value;
	bool matched;
};
struct entries {
	struct entry *v;
	size_t n;
	size_t cap;
};

static const char *
scalar_text(const struct json *v)
{
	switch (v->kind) {
	case JSON_BOOL:
		return v->boolean ? "true" : "false";
	case JSON_NUMBER:
	case JSON_STRING:
		return v->string;
	case JSON_NULL:
	case JSON_ARRAY:
	case JSON_OBJECT:
		break;
	}
	return "";
}

/* yaml_read() bounds the depth. */
static void
flatten(struct arena *a, const struct json *v, const char *path,
    struct entries *ret)
{
	const struct json *child;
	size_t index = 0;

	if (v->kind != JSON_OBJECT && v->kind != JSON_ARRAY) {
		*LIST_ADD(a, ret) = (struct entry){
		    .key = path, .value = scalar_text(v)};
		return;
	}
	for (child = v->child; child; child = child->next) {
		const char *name = child->key;

		index++;
		if (!name)
			name = json_string(json_get(child, "name"), NULL);
		if (!name)
			name = arena_printf(a, "%zu", index);
		flatten(a, child,
		    path[0] ? arena_printf(a, "%s.%s", path, name) : name, ret);
	}
}

static bool
read_entries(struct arena *a, struct slice document, struct entries *ret)
{
	const struct json *root;
	struct yaml_fault fault;

	if (document.n > DERIVED_MAX_BYTES ||
	    !yaml_read(a, document, &root, &fault))
		return false;
	flatten(a, root, "", ret);
	return true;
}

static struct entry *
find(const struct entries *list, const char *key)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (str_eq(list->v[i].key, key))
			return &list->v[i];
	}
	return NULL;
}

void
derived_compare(struct arena *a, struct slice before, struct slice after,
    struct derived_changes *ret)
{
	struct entries old = {0};
	struct entries new = {0};
	size_t i;

	*ret = (struct derived_changes){0};
	if (!read_entries(a, before, &old) || !read_entries(a, after, &new))
		return;
	for (i = 0; i < new.n; i++) {
		struct entry *was = find(&old, new.v[i].key);

		if (was)
			was->matched = true;
		if (was && str_eq(was->value, new.v[i].value))
			continue;
		*LIST_ADD(a, ret) = (struct derived_change){
		    new.v[i].key, was ? was->value : "", new.v[i].value};
	}
	for (i = 0; i < old.n; i++) {
		if (!old.v[i].matched)
			*LIST_ADD(a, ret) = (struct derived_change){
			    old.v[i].key, old.v[i].value, ""};
	}
}

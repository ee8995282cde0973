#include "base/base.h"

#include "sim/tree.h"

#include "sim/store.h"
#include "sys/files.h"

#include <string.h>

#define FILE_NAME "workspace.json"
#define ALIAS "/Workspace"

const char *
tree_path(struct arena *a, const char *path)
{
	char *clean = arena_alloc(a, strlen(path) + 2);
	size_t n = 0;

	if (path[0] != '/')
		return NULL;
	for (; *path; path++) {
		if (*path != '/' || n == 0 || clean[n - 1] != '/')
			clean[n++] = *path;
	}
	while (n > 1 && clean[n - 1] == '/')
		clean[--n] = '\0';
	if (str_eq(clean, ALIAS))
		return "/";
	return clean + (str_starts(clean, ALIAS "/") ? strlen(ALIAS) : 0);
}

const char *
tree_parent(struct arena *a, const char *path)
{
	size_t n = (size_t)(strrchr(path, '/') - path);

	return arena_strndup(a, path, n > 0 ? n : 1);
}

bool
tree_is_below(const char *path, const char *folder)
{
	size_t n = strlen(folder);

	if (str_eq(folder, "/"))
		return path[1] != '\0';
	return str_starts(path, folder) && path[n] == '/';
}

struct tree_object *
tree_find(const struct tree *tree, const char *path)
{
	size_t i;

	for (i = 0; i < tree->n; i++) {
		if (str_eq(tree->v[i].path, path))
			return &tree->v[i];
	}
	return NULL;
}

struct tree_object *
tree_add(const struct sim_req *req, struct tree *tree, const char *path,
    const char *type)
{
	struct tree_object *o = LIST_ADD(req->arena, tree);

	*o = (struct tree_object){.path = path,
	    .type = type,
	    .language = "",
	    .content = "",
	    .id = tree->next_id++,
	    .created_ms = clock_now_ms(&req->sim->clock)};
	o->modified_ms = o->created_ms;
	return o;
}

bool
tree_make_folder(const struct sim_req *req, struct tree *tree, const char *path)
{
	const struct tree_object *o = tree_find(tree, path);

	if (o)
		return str_eq(o->type, "DIRECTORY");
	if (!tree_make_folder(req, tree, tree_parent(req->arena, path)))
		return false;
	tree_add(req, tree, path, "DIRECTORY");
	return true;
}

void
tree_remove(struct tree *tree, const char *path)
{
	size_t kept = 0;
	size_t i;

	for (i = 0; i < tree->n; i++) {
		const char *p = tree->v[i].path;

		if (!str_eq(p, path) && !tree_is_below(p, path))
			tree->v[kept++] = tree->v[i];
	}
	tree->n = kept;
}

static int64_t
number(const struct json *v, const char *key)
{
	int64_t n = 0;

	return json_to_int(json_get(v, key), 0, INT64_MAX, &n) ? n : 0;
}

static void
read_object(struct tree_object *o, const struct json *v)
{
	o->path = json_string(json_get(v, "path"), "/");
	o->type = json_string(json_get(v, "object_type"), "FILE");
	o->language = json_string(json_get(v, "language"), "");
	o->content = json_string(json_get(v, "content"), "");
	o->id = number(v, "object_id");
	o->size = number(v, "size");
	o->created_ms = number(v, "created_at");
	o->modified_ms = number(v, "modified_at");
}

const struct err *
tree_read(const struct sim_req *req, struct tree *ret)
{
	const struct json *json = NULL;
	const struct json *v;
	const struct err *e;

	*ret = (struct tree){.next_id = SIM_FIRST_ID};
	e = store_read(req->arena, req->state, FILE_NAME, &json);
	if (e)
		return e;
	if (!json) {
		tree_add(req, ret, "/", "DIRECTORY");
		tree_add(req, ret, "/Users", "DIRECTORY");
		tree_add(req, ret, "/Shared", "DIRECTORY");
		tree_add(req, ret,
		    arena_printf(req->arena, "/Users/%s", req->user),
		    "DIRECTORY");
		return NULL;
	}
	ret->next_id = number(json, "next_id");
	v = json_get(json, "objects");
	for (v = v ? v->child : NULL; v; v = v->next)
		read_object(LIST_ADD(req->arena, ret), v);
	return NULL;
}

static void
write_object(struct json_writer *w, const struct tree_object *o)
{
	json_object(w);
	json_key_str(w, "path", o->path);
	json_key_str(w, "object_type", o->type);
	json_key_str(w, "language", o->language);
	json_key_str(w, "content", o->content);
	json_key_int(w, "object_id", o->id);
	json_key_int(w, "size", o->size);
	json_key_int(w, "created_at", o->created_ms);
	json_key_int(w, "modified_at", o->modified_ms);
	json_object_end(w);
}

const struct err *
tree_write(const struct sim_req *req, const struct tree *tree)
{
	struct json_writer w;
	const struct err *e;
	struct buf b;
	size_t i;

	buf_init(&b, req->arena, 4 * SIM_BODY_MAX);
	json_init(&w, &b, false);
	json_object(&w);
	json_key_int(&w, "next_id", tree->next_id);
	json_key(&w, "objects");
	json_array(&w);
	for (i = 0; i < tree->n; i++)
		write_object(&w, &tree->v[i]);
	json_array_end(&w);
	json_object_end(&w);
	e = dir_make(req->arena, req->state);
	if (!e)
		e = store_write(req->arena, req->state, FILE_NAME, &b);
	return e;
}

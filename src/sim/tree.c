#include "base/base.h"

#include "sim/tree.h"

#include "sim/member.h"
#include "sim/store.h"
#include "sys/files.h"

#include <string.h>
#include <unistd.h>

#define FILE_NAME "tree.json"
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

const struct tree_object *
tree_find_folder(const struct tree *tree, const char *path)
{
	const struct tree_object *o = tree_find(tree, path);

	return o && str_eq(o->type, "DIRECTORY") ? o : NULL;
}

struct tree_object *
tree_add(const struct sim_req *req, struct tree *tree, const char *path,
    const char *type)
{
	struct tree_object *o = LIST_ADD(req->arena, tree);

	*o = (struct tree_object){.path = path,
	    .type = type,
	    .language = "",
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

bool
tree_is_empty(const struct tree *tree, const char *folder)
{
	size_t i;

	for (i = 0; i < tree->n; i++) {
		if (tree_is_below(tree->v[i].path, folder))
			return false;
	}
	return true;
}

static void
drop_content(const struct sim_req *req, struct tree *tree,
    const struct tree_object *o)
{
	if (o->content)
		*LIST_ADD(req->arena, &tree->dropped) = o->content;
}

void
tree_remove(const struct sim_req *req, struct tree *tree, const char *path)
{
	size_t kept = 0;
	size_t i;

	for (i = 0; i < tree->n; i++) {
		const struct tree_object *o = &tree->v[i];

		if (str_eq(o->path, path) || tree_is_below(o->path, path))
			drop_content(req, tree, o);
		else
			tree->v[kept++] = *o;
	}
	tree->n = kept;
}

static const char *
content_path(const struct sim_req *req, const struct tree *tree,
    int64_t content)
{
	return arena_printf(req->arena, "%s/%" PRId64, tree->folder, content);
}

const struct err *
tree_put(const struct sim_req *req, struct tree *tree, const char *path,
    struct slice content, struct tree_object **ret)
{
	struct tree_object *o = tree_find(tree, path);
	const struct err *e;

	if (!o)
		o = tree_add(req, tree, path, "FILE");
	drop_content(req, tree, o);
	o->content = tree->next_id++;
	o->size = (int64_t)content.n;
	o->modified_ms = clock_now_ms(&req->sim->clock);
	*ret = o;
	e = dir_make(req->arena, tree->folder);
	if (e)
		return e;
	return file_write(req->arena, content_path(req, tree, o->content),
	    content);
}

const struct err *
tree_content(const struct sim_req *req, const struct tree *tree,
    const struct tree_object *o, struct slice *ret)
{
	return file_read(req->arena, content_path(req, tree, o->content),
	    SIM_BODY_MAX, ret);
}

static void
read_object(struct tree_object *o, const struct json *v)
{
	o->path = json_string(json_get(v, "path"), "/");
	o->type = json_string(json_get(v, "object_type"), "FILE");
	o->language = json_string(json_get(v, "language"), "");
	o->content = member_int(v, "content");
	o->id = member_int(v, "object_id");
	o->size = member_int(v, "size");
	o->created_ms = member_int(v, "created_at");
	o->modified_ms = member_int(v, "modified_at");
}

static void
add_usual(const struct sim_req *req, enum tree_kind kind, struct tree *tree)
{
	tree_add(req, tree, "/", "DIRECTORY");
	if (kind == TREE_VOLUMES)
		return;
	tree_add(req, tree, "/Users", "DIRECTORY");
	tree_add(req, tree, "/Shared", "DIRECTORY");
	tree_add(req, tree, arena_printf(req->arena, "/Users/%s", req->user),
	    "DIRECTORY");
}

const struct err *
tree_read(const struct sim_req *req, enum tree_kind kind, struct tree *ret)
{
	const struct json *json = NULL;
	const struct json *v;
	const struct err *e;

	*ret = (struct tree){.next_id = SIM_FIRST_ID};
	ret->folder = arena_printf(req->arena, "%s/%s", req->state,
	    kind == TREE_VOLUMES ? "volumes" : "workspace");
	e = store_read(req->arena, ret->folder, FILE_NAME, &json);
	if (e)
		return e;
	if (!json) {
		add_usual(req, kind, ret);
		return NULL;
	}
	ret->next_id = member_int(json, "next_id");
	for (v = member_first(json, "objects"); v; v = v->next)
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
	json_key_int(w, "content", o->content);
	json_key_int(w, "object_id", o->id);
	json_key_int(w, "size", o->size);
	json_key_int(w, "created_at", o->created_ms);
	json_key_int(w, "modified_at", o->modified_ms);
	json_object_end(w);
}

const struct err *
tree_write(const struct sim_req *req, struct tree *tree)
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
	e = dir_make(req->arena, tree->folder);
	if (!e)
		e = store_write(req->arena, tree->folder, FILE_NAME, &b);
	for (i = 0; !e && i < tree->dropped.n; i++)
		unlink(content_path(req, tree, tree->dropped.v[i]));
	tree->dropped.n = 0;
	return e;
}

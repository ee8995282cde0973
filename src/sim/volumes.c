#include "base/base.h"

#include "sim/volumes.h"

#include "sim/catalog.h"
#include "sim/download.h"
#include "sim/paging.h"
#include "sim/reply.h"
#include "sim/tree.h"

#include <string.h>

#define ROOT "/Volumes/"

/* What a request is about. */
struct place {
	const char *path;
	const char *root; /* of the volume that it is in */
	struct tree tree; /* which has the root */
};

/* The length of "/Volumes/catalog/schema/volume" within a path; 0 where it does
 * not start so. */
static size_t
root_length(const char *path)
{
	size_t n = strlen(ROOT);
	int part;

	if (!str_starts(path, ROOT))
		return 0;
	for (part = 0; part < 3; part++) {
		size_t length = strcspn(path + n, "/");

		if (length == 0)
			return 0;
		n += length + (part < 2);
	}
	return n;
}

/* The volume's name, as Unity Catalog has it: its folder's with dots. */
static char *
volume_name(struct arena *a, const char *path, size_t n)
{
	char *name = arena_strndup(a, path + strlen(ROOT), n - strlen(ROOT));
	char *slash;

	while ((slash = strchr(name, '/')))
		*slash = '.';
	return name;
}

/* As "/Volumes/" with the name's dots for slashes: names have no others. */
static const char *
volume_root(struct arena *a, const char *full_name)
{
	char *root = arena_printf(a, ROOT "%s", full_name);
	char *dot;

	while ((dot = strchr(root, '.')))
		*dot = '/';
	return root;
}

/* Where the path of the request leads; ret->path is NULL after it was
 * refused. */
static const struct err *
find_place(const struct sim_req *req, struct sim_resp *resp, struct place *ret)
{
	struct arena *a = req->arena;
	const char *path = tree_path(a, arena_printf(a, "/%s", req->part[0]));
	const char *volume = NULL;
	size_t n = root_length(path);
	const struct err *e;
	char *name;

	ret->path = NULL;
	if (n == 0) {
		reply_error(req, resp, 400, "INVALID_PARAMETER_VALUE",
		    "Path (%s) is not /Volumes/CATALOG/SCHEMA/VOLUME/…", path);
		return NULL;
	}
	name = volume_name(a, path, n);
	e = catalog_find_volume(req, name, &volume);
	if (!e && !volume)
		reply_error(req, resp, 404, "RESOURCE_DOES_NOT_EXIST",
		    "Volume '%s' does not exist.", name);
	if (e || !volume)
		return e;
	ret->root = volume_root(a, volume);
	e = tree_read(req, TREE_VOLUMES, &ret->tree);
	if (e)
		return e;
	ret->path = arena_printf(a, "%s%s", ret->root, path + n);
	/* Nothing but folders is ever above it. */
	if (!tree_make_folder(req, &ret->tree, ret->root))
		return err_new(S_INTERNAL, "%s is no folder.", ret->root);
	return NULL;
}

static void
reply_nothing(struct sim_resp *resp, int status)
{
	resp->status = status;
}

static void
refuse_taken(const struct sim_req *req, struct sim_resp *resp, const char *path)
{
	reply_error(req, resp, 409, "ALREADY_EXISTS",
	    "%s, or something above it, already exists.", path);
}

/* A file that is there; *ret is NULL after it was refused. */
static const struct err *
find_file(const struct sim_req *req, struct sim_resp *resp, struct place *place,
    const struct tree_object **ret)
{
	const struct tree_object *o = NULL;
	const struct err *e = find_place(req, resp, place);

	*ret = NULL;
	if (e || !place->path)
		return e;
	o = tree_find(&place->tree, place->path);
	if (o && str_eq(o->type, "FILE"))
		*ret = o;
	else
		reply_error(req, resp, 404, "NOT_FOUND",
		    "The file %s does not exist.", place->path);
	return NULL;
}

/* A folder that is there; *ret is NULL after it was refused. */
static const struct err *
find_folder(const struct sim_req *req, struct sim_resp *resp,
    struct place *place, const struct tree_object **ret)
{
	const struct err *e = find_place(req, resp, place);

	*ret = NULL;
	if (e || !place->path)
		return e;
	*ret = tree_find_folder(&place->tree, place->path);
	if (!*ret)
		reply_error_reason(req, resp, 404, "NOT_FOUND",
		    "FILES_API_DIRECTORY_IS_NOT_FOUND",
		    arena_printf(req->arena, "The directory %s does not exist.",
		        place->path));
	return NULL;
}

const struct err *
volumes_upload(const struct sim_req *req, struct sim_resp *resp)
{
	bool keep = str_eq(fields_get(&req->query, "overwrite", ""), "false");
	const struct tree_object *old;
	struct tree_object *o = NULL;
	struct place place;
	const struct err *e;

	e = find_place(req, resp, &place);
	if (e || !place.path)
		return e;
	old = tree_find(&place.tree, place.path);
	if ((old && (keep || !str_eq(old->type, "FILE"))) ||
	    !tree_make_folder(req, &place.tree,
	        tree_parent(req->arena, place.path))) {
		refuse_taken(req, resp, place.path);
		return NULL;
	}
	e = tree_put(req, &place.tree, place.path, req->body, &o);
	if (!e)
		e = tree_write(req, &place.tree);
	if (!e)
		reply_nothing(resp, 204);
	return e;
}

const struct err *
volumes_upload_parts(const struct sim_req *req, struct sim_resp *resp)
{
	reply_error(req, resp, 501, "NOT_IMPLEMENTED",
	    "The simulator takes a file in one PUT.");
	return NULL;
}

const struct err *
volumes_download(const struct sim_req *req, struct sim_resp *resp)
{
	const struct tree_object *o = NULL;
	struct slice content;
	struct place place;
	const struct err *e;

	e = find_file(req, resp, &place, &o);
	if (e || !o)
		return e;
	e = tree_content(req, &place.tree, o, &content);
	if (!e)
		download_reply(req, resp, content, o->modified_ms);
	return e;
}

static const struct err *
remove_place(const struct sim_req *req, struct sim_resp *resp,
    struct place *place)
{
	const struct err *e;

	tree_remove(req, &place->tree, place->path);
	e = tree_write(req, &place->tree);
	if (!e)
		reply_nothing(resp, 204);
	return e;
}

const struct err *
volumes_delete_file(const struct sim_req *req, struct sim_resp *resp)
{
	const struct tree_object *o = NULL;
	struct place place;
	const struct err *e;

	e = find_file(req, resp, &place, &o);
	return e || !o ? e : remove_place(req, resp, &place);
}

const struct err *
volumes_make_folder(const struct sim_req *req, struct sim_resp *resp)
{
	struct place place;
	const struct err *e;

	e = find_place(req, resp, &place);
	if (e || !place.path)
		return e;
	if (!tree_make_folder(req, &place.tree, place.path)) {
		refuse_taken(req, resp, place.path);
		return NULL;
	}
	e = tree_write(req, &place.tree);
	if (!e)
		reply_nothing(resp, 204);
	return e;
}

const struct err *
volumes_has_folder(const struct sim_req *req, struct sim_resp *resp)
{
	const struct tree_object *o = NULL;
	struct place place;
	const struct err *e;

	e = find_folder(req, resp, &place, &o);
	if (!e && o)
		reply_nothing(resp, 200);
	return e;
}

const struct err *
volumes_delete_folder(const struct sim_req *req, struct sim_resp *resp)
{
	const struct tree_object *o = NULL;
	struct place place;
	const struct err *e;

	e = find_folder(req, resp, &place, &o);
	if (e || !o)
		return e;
	if (!tree_is_empty(&place.tree, place.path)) {
		reply_error_reason(req, resp, 400, "INVALID_PARAMETER_VALUE",
		    "FILES_API_DIRECTORY_IS_NOT_EMPTY",
		    arena_printf(req->arena, "The directory %s is not empty.",
		        place.path));
		return NULL;
	}
	if (str_eq(place.path, place.root)) {
		reply_error(req, resp, 400, "INVALID_PARAMETER_VALUE",
		    "%s is the root of a volume.", place.path);
		return NULL;
	}
	return remove_place(req, resp, &place);
}

static void
entry_json(struct json_writer *w, const struct tree_object *o)
{
	bool is_folder = str_eq(o->type, "DIRECTORY");

	json_object(w);
	json_key_str(w, "name", strrchr(o->path, '/') + 1);
	json_key_str(w, "path", o->path);
	json_key_bool(w, "is_directory", is_folder);
	if (!is_folder)
		json_key_int(w, "file_size", o->size);
	json_key_int(w, "last_modified", o->modified_ms);
	json_object_end(w);
}

const struct err *
volumes_list(const struct sim_req *req, struct sim_resp *resp)
{
	const struct tree_object *folder = NULL;
	struct json_writer w;
	struct paging page;
	struct place place;
	const struct err *e;
	struct buf b;
	size_t i;

	if (!paging_read_size(req, resp, "page_size", &page))
		return NULL;
	e = find_folder(req, resp, &place, &folder);
	if (e || !folder)
		return e;
	reply_start_list(req, &b, &w, "contents");
	for (i = 0; i < place.tree.n; i++) {
		const struct tree_object *o = &place.tree.v[i];

		if (o != folder &&
		    str_eq(tree_parent(req->arena, o->path), folder->path) &&
		    paging_takes(&page))
			entry_json(&w, o);
	}
	json_array_end(&w);
	paging_json(&w, req, &page);
	json_object_end(&w);
	reply_json(resp, 200, &b);
	return NULL;
}

#include "base/base.h"

#include "sim/workspace.h"

#include "base/base64.h"
#include "sim/download.h"
#include "sim/member.h"
#include "sim/reply.h"
#include "sim/tree.h"

#include <string.h>

#define CONTENT_MAX ((size_t)10 << 20)

static const struct {
	const char *language;
	const char *extension;
	const char *first_line;
} languages[] = {
    {"PYTHON", ".py", "# Databricks notebook source"},
    {"SQL", ".sql", "-- Databricks notebook source"},
    {"SCALA", ".scala", "// Databricks notebook source"},
    {"R", ".r", "# Databricks notebook source"},
};

const char *
workspace_language(const char *path, struct slice content)
{
	const char *end = memchr(content.p, '\n', content.n);
	struct slice line = {
	    content.p, end ? (size_t)(end - content.p) : content.n};
	size_t i;

	for (i = 0; i < COUNT_OF(languages); i++) {
		if (str_ends(path, languages[i].extension) &&
		    slice_is(slice_trim(line), languages[i].first_line))
			return languages[i].language;
	}
	return NULL;
}

static bool
is_language(const char *word)
{
	size_t i;

	for (i = 0; i < COUNT_OF(languages); i++) {
		if (str_eq(languages[i].language, word))
			return true;
	}
	return false;
}

static const char *
file_type(const struct tree_object *o)
{
	const char *dot = strrchr(o->path, '.');
	size_t i;

	for (i = 0; i < COUNT_OF(languages); i++) {
		if (str_eq(languages[i].language, o->language))
			return languages[i].extension + 1;
	}
	return dot ? dot + 1 : "";
}

static void
refuse_missing(const struct sim_req *req, struct sim_resp *resp,
    const char *path)
{
	reply_error(req, resp, 404, "RESOURCE_DOES_NOT_EXIST",
	    "Path (%s) doesn't exist.", path);
}

/* The path that is meant; NULL after a 400 was answered. */
static const char *
need_path(const struct sim_req *req, struct sim_resp *resp, const char *text)
{
	const char *path = text ? tree_path(req->arena, text) : NULL;

	if (!path)
		reply_error(req, resp, 400, "INVALID_PARAMETER_VALUE",
		    "Path (%s) doesn't start with '/'.", text ? text : "");
	return path;
}

/* What a request brings. */
struct upload {
	const char *path;
	const char *language; /* of a notebook; NULL of a file */
	struct slice content;
};

/* False after it was refused. */
static bool
choose_form(const struct sim_req *req, struct sim_resp *resp,
    const struct json *body, struct upload *ret)
{
	const char *format = json_string(json_get(body, "format"), "SOURCE");
	const char *language = json_string(json_get(body, "language"), "");
	size_t n = strlen(ret->path);

	if (str_eq(format, "AUTO")) {
		ret->language = workspace_language(ret->path, ret->content);
		if (ret->language)
			n = (size_t)(strrchr(ret->path, '.') - ret->path);
		ret->path = arena_strndup(req->arena, ret->path, n);
		return true;
	}
	if (str_eq(format, "RAW"))
		return true;
	if (!str_eq(format, "SOURCE")) {
		reply_error(req, resp, 501, "NOT_IMPLEMENTED",
		    "The simulator does not import %s.", format);
		return false;
	}
	if (!is_language(language)) {
		reply_error(req, resp, 400, "INVALID_PARAMETER_VALUE",
		    "SOURCE needs a language: PYTHON, SQL, SCALA or R.");
		return false;
	}
	ret->language = language;
	return true;
}

static bool
read_upload(const struct sim_req *req, struct sim_resp *resp,
    const struct json *body, struct upload *ret)
{
	const char *content = json_string(json_get(body, "content"), "");

	*ret = (struct upload){0};
	ret->path = need_path(req, resp,
	    json_string(json_get(body, "path"), NULL));
	if (!ret->path)
		return false;
	if (!base64_decode(req->arena, slice_of(content), &ret->content)) {
		reply_error(req, resp, 400, "INVALID_PARAMETER_VALUE",
		    "content is not base64.");
		return false;
	}
	if (ret->content.n > CONTENT_MAX) {
		reply_error(req, resp, 400, "MAX_NOTEBOOK_SIZE_EXCEEDED",
		    "File size imported is (%zu bytes), exceeded max size "
		    "(%zu bytes)",
		    ret->content.n, CONTENT_MAX);
		return false;
	}
	return choose_form(req, resp, body, ret);
}

/* False after it was refused. */
static bool
may_store(const struct sim_req *req, struct sim_resp *resp,
    const struct tree *tree, const struct upload *u, bool overwrite)
{
	const char *parent = tree_parent(req->arena, u->path);
	const struct tree_object *old = tree_find(tree, u->path);
	bool is_file = old && str_eq(old->type, "FILE");

	if (!tree_find_folder(tree, parent)) {
		reply_error(req, resp, 404, "RESOURCE_DOES_NOT_EXIST",
		    "The parent folder (%s) does not exist.", parent);
		return false;
	}
	if (old && (!overwrite || str_eq(old->type, "DIRECTORY"))) {
		reply_error(req, resp, is_file ? 409 : 400,
		    "RESOURCE_ALREADY_EXISTS", "Path (%s) already exists.",
		    u->path);
		return false;
	}
	return true;
}

const struct err *
workspace_import(const struct sim_req *req, struct sim_resp *resp)
{
	const struct json *body = reply_need_json(req, resp);
	struct tree_object *o = NULL;
	const struct err *e;
	struct upload u;
	struct tree tree;

	if (!body || !read_upload(req, resp, body, &u))
		return NULL;
	e = tree_read(req, TREE_WORKSPACE, &tree);
	if (e)
		return e;
	if (!may_store(req, resp, &tree, &u, member_true(body, "overwrite")))
		return NULL;
	e = tree_put(req, &tree, u.path, u.content, &o);
	if (e)
		return e;
	o->type = u.language ? "NOTEBOOK" : "FILE";
	o->language = u.language ? u.language : "";
	e = tree_write(req, &tree);
	if (e)
		return e;
	/* Nothing is said of success, and not even in JSON. */
	resp->status = 200;
	resp->content_type = "application/json";
	return NULL;
}

/* The object that the query names; *ret is NULL after it was refused. */
static const struct err *
find_asked(const struct sim_req *req, struct sim_resp *resp, struct tree *tree,
    const struct tree_object **ret)
{
	const char *path = need_path(req, resp,
	    fields_get(&req->query, "path", NULL));
	const struct err *e;

	*ret = NULL;
	if (!path)
		return NULL;
	e = tree_read(req, TREE_WORKSPACE, tree);
	if (e)
		return e;
	*ret = tree_find(tree, path);
	if (!*ret)
		refuse_missing(req, resp, path);
	return NULL;
}

const struct err *
workspace_export(const struct sim_req *req, struct sim_resp *resp)
{
	const char *format = fields_get(&req->query, "format", "SOURCE");
	const struct tree_object *o = NULL;
	struct slice content;
	struct json_writer w;
	const struct err *e;
	struct tree tree;
	struct buf b;

	e = find_asked(req, resp, &tree, &o);
	if (e || !o)
		return e;
	if (str_eq(o->type, "DIRECTORY") ||
	    (!str_eq(format, "SOURCE") && !str_eq(format, "AUTO"))) {
		reply_error(req, resp, 501, "NOT_IMPLEMENTED",
		    "The simulator exports files and notebooks as SOURCE or "
		    "AUTO.");
		return NULL;
	}
	e = tree_content(req, &tree, o, &content);
	if (e)
		return e;
	if (str_eq(fields_get(&req->query, "direct_download", ""), "true")) {
		download_reply(req, resp, content, o->modified_ms);
		return NULL;
	}
	reply_start(req, &b, &w);
	json_object(&w);
	json_key_str(&w, "content", base64_encode(req->arena, content));
	json_key_str(&w, "file_type", file_type(o));
	json_object_end(&w);
	reply_json(resp, 200, &b);
	return NULL;
}

static void
object_json(struct json_writer *w, const struct sim_req *req,
    const struct tree_object *o)
{
	json_object(w);
	json_key_str(w, "object_type", o->type);
	json_key_str(w, "path", o->path);
	if (o->language[0])
		json_key_str(w, "language", o->language);
	json_key_int(w, "object_id", o->id);
	json_key_str(w, "resource_id",
	    arena_printf(req->arena, "%" PRId64, o->id));
	if (!str_eq(o->type, "DIRECTORY")) {
		json_key_int(w, "size", o->size);
		json_key_int(w, "created_at", o->created_ms);
		json_key_int(w, "modified_at", o->modified_ms);
	}
	json_object_end(w);
}

const struct err *
workspace_status(const struct sim_req *req, struct sim_resp *resp)
{
	const struct tree_object *o = NULL;
	struct json_writer w;
	const struct err *e;
	struct tree tree;
	struct buf b;

	e = find_asked(req, resp, &tree, &o);
	if (e || !o)
		return e;
	reply_start(req, &b, &w);
	object_json(&w, req, o);
	reply_json(resp, 200, &b);
	return NULL;
}

/* A folder's objects, or the object itself. */
static bool
is_listed(struct arena *a, const struct tree_object *o,
    const struct tree_object *asked)
{
	if (!str_eq(asked->type, "DIRECTORY"))
		return o == asked;
	return o != asked && str_eq(tree_parent(a, o->path), asked->path);
}

const struct err *
workspace_list(const struct sim_req *req, struct sim_resp *resp)
{
	const struct tree_object *asked = NULL;
	struct json_writer w;
	const struct err *e;
	struct tree tree;
	bool any = false;
	struct buf b;
	size_t i;

	e = find_asked(req, resp, &tree, &asked);
	if (e || !asked)
		return e;
	reply_start(req, &b, &w);
	json_object(&w);
	for (i = 0; i < tree.n; i++) {
		if (!is_listed(req->arena, &tree.v[i], asked))
			continue;
		if (!any)
			json_key(&w, "objects");
		if (!any)
			json_array(&w);
		any = true;
		object_json(&w, req, &tree.v[i]);
	}
	/* Where there is nothing, there is no list. */
	if (any)
		json_array_end(&w);
	json_object_end(&w);
	reply_json(resp, 200, &b);
	return NULL;
}

/* The body, the path that it names, and what there is; the body is NULL after
 * it was refused. */
static const struct err *
start_change(const struct sim_req *req, struct sim_resp *resp,
    const struct json **ret_body, const char **ret_path, struct tree *ret)
{
	const struct json *body = reply_need_json(req, resp);

	*ret_body = NULL;
	*ret_path = body
	    ? need_path(req, resp, json_string(json_get(body, "path"), NULL))
	    : NULL;
	if (!*ret_path)
		return NULL;
	*ret_body = body;
	return tree_read(req, TREE_WORKSPACE, ret);
}

const struct err *
workspace_mkdirs(const struct sim_req *req, struct sim_resp *resp)
{
	const struct json *body;
	const struct err *e;
	const char *path;
	struct tree tree;

	e = start_change(req, resp, &body, &path, &tree);
	if (e || !body)
		return e;
	if (!tree_make_folder(req, &tree, path)) {
		reply_error(req, resp, 400, "RESOURCE_ALREADY_EXISTS",
		    "Path (%s) or one above it is no folder.", path);
		return NULL;
	}
	return reply_written(resp, tree_write(req, &tree));
}

const struct err *
workspace_delete(const struct sim_req *req, struct sim_resp *resp)
{
	const struct json *body;
	const struct err *e;
	const char *path;
	struct tree tree;

	e = start_change(req, resp, &body, &path, &tree);
	if (e || !body)
		return e;
	if (!tree_find(&tree, path)) {
		refuse_missing(req, resp, path);
		return NULL;
	}
	if (str_eq(path, "/")) {
		reply_error(req, resp, 400, "DIRECTORY_PROTECTED",
		    "Folder / is protected.");
		return NULL;
	}
	if (!tree_is_empty(&tree, path) && !member_true(body, "recursive")) {
		reply_error(req, resp, 400, "DIRECTORY_NOT_EMPTY",
		    "Folder (%s) is not empty.", path);
		return NULL;
	}
	tree_remove(req, &tree, path);
	return reply_written(resp, tree_write(req, &tree));
}

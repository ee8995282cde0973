/*
 * Files and folders of one user: those of the workspace, and those of the
 * volumes. What there is is one JSON file; the content of each file is a file
 * of its own, written before the JSON file names it and removed after it no
 * longer does, so a crash loses nothing that was answered.
 *
 * Paths are kept without the prefix /Workspace, without repeated slashes, and
 * without one at the end: all spellings of a path are one.
 */
#ifndef T2C_SIM_TREE_H
#define T2C_SIM_TREE_H

#include "sim/sim.h"

enum tree_kind {
	TREE_WORKSPACE, /* at first with the folders that everybody has */
	TREE_VOLUMES    /* at first with nothing but "/" */
};

struct tree_object {
	const char *path;
	const char *type;     /* "DIRECTORY", "FILE", "NOTEBOOK" */
	const char *language; /* of a notebook: "PYTHON"; else "" */
	int64_t content;      /* the number of its file; 0: of a directory */
	int64_t id;
	int64_t size; /* bytes */
	int64_t created_ms;
	int64_t modified_ms;
};

struct tree {
	const char *folder; /* of the state */
	struct tree_object *v;
	size_t n;
	size_t cap;
	int64_t next_id;
	LIST_OF(int64_t) dropped; /* content that nothing names any more */
};

/* NULL where the path does not start with a slash. */
const char *tree_path(struct arena *a, const char *path);
/* The path of the folder that holds it; "/" for that of "/". */
const char *tree_parent(struct arena *a, const char *path);
/* Whether a path is below a folder, at any depth. */
bool tree_is_below(const char *path, const char *folder);

/* What the user of the request has. */
const struct err *tree_read(const struct sim_req *req, enum tree_kind kind,
    struct tree *ret) MUST_USE;
const struct err *tree_write(const struct sim_req *req, struct tree *tree)
    MUST_USE;
/* NULL where there is none. */
struct tree_object *tree_find(const struct tree *tree, const char *path);
/* The same where it is a folder; NULL where it is none. */
const struct tree_object *tree_find_folder(const struct tree *tree,
    const char *path);
/* A new object with a new id. Valid until the next one. */
struct tree_object *tree_add(const struct sim_req *req, struct tree *tree,
    const char *path, const char *type);
/* The folder, with those above it. False where something that is no folder
 * is in the way. */
bool tree_make_folder(const struct sim_req *req, struct tree *tree,
    const char *path) MUST_USE;
bool tree_is_empty(const struct tree *tree, const char *folder);
/* Removes the object and what is below it. */
void tree_remove(const struct sim_req *req, struct tree *tree,
    const char *path);
/* Makes the file or notebook of that path, or the one that is there, have this
 * content, of at most SIM_BODY_MAX bytes. *ret is valid until the next new
 * one. */
const struct err *tree_put(const struct sim_req *req, struct tree *tree,
    const char *path, struct slice content, struct tree_object **ret) MUST_USE;
const struct err *tree_content(const struct sim_req *req,
    const struct tree *tree, const struct tree_object *o, struct slice *ret)
    MUST_USE;

#endif

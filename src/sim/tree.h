/*
 * The files, notebooks and folders of one user's simulated workspace.
 *
 * Paths are kept without the prefix /Workspace, without repeated slashes, and
 * without one at the end: all spellings of a path are one.
 */
#ifndef T2C_SIM_TREE_H
#define T2C_SIM_TREE_H

#include "sim/sim.h"

struct tree_object {
	const char *path;
	const char *type;     /* "DIRECTORY", "FILE", "NOTEBOOK" */
	const char *language; /* of a notebook: "PYTHON"; else "" */
	const char *content;  /* base64; of a directory "" */
	int64_t id;
	int64_t size;
	int64_t created_ms;
	int64_t modified_ms;
};

struct tree {
	struct tree_object *v;
	size_t n;
	size_t cap;
	int64_t next_id;
};

/* NULL where the path does not start with a slash. */
const char *tree_path(struct arena *a, const char *path);
/* The path of the folder that holds it; "/" for that of "/". */
const char *tree_parent(struct arena *a, const char *path);
/* Whether a path is below a folder, at any depth. */
bool tree_is_below(const char *path, const char *folder);

/* What the user of the request has; at first the folders that everybody has. */
const struct err *tree_read(const struct sim_req *req, struct tree *ret)
    MUST_USE;
const struct err *tree_write(const struct sim_req *req, const struct tree *tree)
    MUST_USE;
/* NULL where there is none. */
struct tree_object *tree_find(const struct tree *tree, const char *path);
/* A new object with a new id. Valid until the next one. */
struct tree_object *tree_add(const struct sim_req *req, struct tree *tree,
    const char *path, const char *type);
/* The folder, with those above it. False where something that is no folder
 * is in the way. */
bool tree_make_folder(const struct sim_req *req, struct tree *tree,
    const char *path) MUST_USE;
/* Removes the object and what is below it. */
void tree_remove(struct tree *tree, const char *path);

#endif

#include "base/base.h"

#include "sim/route.h"

#include "base/log.h"
#include "sim/auth.h"
#include "sim/catalog.h"
#include "sim/compute.h"
#include "sim/control.h"
#include "sim/faults.h"
#include "sim/jobs.h"
#include "sim/oauth.h"
#include "sim/reply.h"
#include "sim/runs.h"
#include "sim/serving.h"
#include "sim/statements.h"
#include "sim/store.h"
#include "sim/volumes.h"
#include "sim/warehouses.h"
#include "sim/workspace.h"

#include <string.h>

enum access {
	FOR_ALL = 1,
	FOR_USERS,  /* a bearer token is needed */
	FOR_CONTROL /* not from pages of other sites, and no fault applies */
};

struct route {
	const char *method;
	const char *path;
	const struct err *(*handler)(const struct sim_req *req,
	    struct sim_resp *resp);
	enum access access;
};

#define API "/api/2.0"
/* Whatever the version. */
#define JOBS "/api/:version/jobs"
#define CLUSTERS "/api/:version/clusters"
#define UC "/api/2.1/unity-catalog"
#define FILES "/api/2.0/fs/files/*"
#define FOLDERS "/api/2.0/fs/directories/*"

static const struct route routes[] = {
    {"GET", "/", control_home, FOR_CONTROL},
    {"GET", "/control", control_show, FOR_CONTROL},
    {"GET", "/control/faults", control_faults, FOR_CONTROL},
    {"POST", "/control/faults", control_add, FOR_CONTROL},
    {"POST", "/control/faults/clear", control_clear, FOR_CONTROL},
    {"POST", "/control/settings", control_settings, FOR_CONTROL},
    {"POST", "/control/expire", control_expire, FOR_CONTROL},
    {"GET", "/.well-known/databricks-config", oauth_host, FOR_ALL},
    {"GET", "/oidc/.well-known/oauth-authorization-server", oauth_server,
        FOR_ALL},
    {"GET", "/oidc/v1/authorize", oauth_ask, FOR_ALL},
    {"POST", "/oidc/v1/authorize", oauth_allow, FOR_ALL},
    {"POST", "/oidc/v1/token", oauth_token, FOR_ALL},
    {"GET", API "/preview/scim/v2/Me", auth_me, FOR_USERS},
    {"GET", API "/serving-endpoints", serving_list, FOR_USERS},
    {"GET", API "/serving-endpoints/:name", serving_get, FOR_USERS},
    {"POST", "/serving-endpoints/:name/invocations", serving_invoke, FOR_USERS},
    {"POST", "/serving-endpoints/chat/completions", serving_complete,
        FOR_USERS},
    {"POST", "/v1/chat/completions", serving_complete, FOR_USERS},
    {"POST", "/ai-gateway/mlflow/v1/chat/completions", serving_complete,
        FOR_USERS},
    {"POST", API "/workspace/import", workspace_import, FOR_USERS},
    {"GET", API "/workspace/export", workspace_export, FOR_USERS},
    {"GET", API "/workspace/get-status", workspace_status, FOR_USERS},
    {"GET", API "/workspace/list", workspace_list, FOR_USERS},
    {"POST", API "/workspace/mkdirs", workspace_mkdirs, FOR_USERS},
    {"POST", API "/workspace/delete", workspace_delete, FOR_USERS},
    {"POST", JOBS "/create", jobs_create, FOR_USERS},
    {"GET", JOBS "/get", jobs_get, FOR_USERS},
    {"GET", JOBS "/list", jobs_list, FOR_USERS},
    {"POST", JOBS "/reset", jobs_reset, FOR_USERS},
    {"POST", JOBS "/update", jobs_update, FOR_USERS},
    {"POST", JOBS "/delete", jobs_delete, FOR_USERS},
    {"POST", JOBS "/run-now", runs_now, FOR_USERS},
    {"POST", JOBS "/runs/submit", runs_submit, FOR_USERS},
    {"GET", JOBS "/runs/get", runs_get, FOR_USERS},
    {"GET", JOBS "/runs/get-output", runs_output, FOR_USERS},
    {"GET", JOBS "/runs/list", runs_list, FOR_USERS},
    {"POST", JOBS "/runs/cancel", runs_cancel, FOR_USERS},
    {"GET", UC "/catalogs", catalog_catalogs, FOR_USERS},
    {"GET", UC "/schemas", catalog_schemas, FOR_USERS},
    {"GET", UC "/tables", catalog_tables, FOR_USERS},
    {"GET", UC "/tables/:name", catalog_table, FOR_USERS},
    {"GET", UC "/volumes", catalog_volumes, FOR_USERS},
    {"GET", UC "/volumes/:name", catalog_volume, FOR_USERS},
    {"PUT", FILES, volumes_upload, FOR_USERS},
    {"POST", FILES, volumes_upload_parts, FOR_USERS},
    {"GET", FILES, volumes_download, FOR_USERS},
    {"HEAD", FILES, volumes_download, FOR_USERS},
    {"DELETE", FILES, volumes_delete_file, FOR_USERS},
    {"PUT", FOLDERS, volumes_make_folder, FOR_USERS},
    {"GET", FOLDERS, volumes_list, FOR_USERS},
    {"HEAD", FOLDERS, volumes_has_folder, FOR_USERS},
    {"DELETE", FOLDERS, volumes_delete_folder, FOR_USERS},
    {"GET", CLUSTERS "/list", compute_clusters, FOR_USERS},
    {"GET", CLUSTERS "/get", compute_cluster, FOR_USERS},
    {"GET", CLUSTERS "/spark-versions", compute_versions, FOR_USERS},
    {"GET", CLUSTERS "/list-node-types", compute_node_types, FOR_USERS},
    {"GET", API "/sql/warehouses", warehouses_list, FOR_USERS},
    {"GET", API "/sql/warehouses/:name", warehouses_get, FOR_USERS},
    {"POST", API "/sql/warehouses/:name/start", warehouses_start, FOR_USERS},
    {"POST", API "/sql/warehouses/:name/stop", warehouses_stop, FOR_USERS},
    {"POST", API "/sql/statements", statements_execute, FOR_USERS},
    {"GET", API "/sql/statements/:name", statements_get, FOR_USERS},
    {"GET", API "/sql/statements/:name/result/chunks/:other", statements_chunk,
        FOR_USERS},
    {"POST", API "/sql/statements/:name/cancel", statements_cancel, FOR_USERS},
};

bool
route_matches(struct arena *a, const char *form, const char *path,
    const char *ret_part[2])
{
	struct slice part[2] = {{0}};
	size_t n = 0;
	size_t i;

	while (*form && *path) {
		if (*form == '*') {
			part[n++] = slice_of(path);
			form = path = "";
		} else if (*form == ':') {
			assert(n < COUNT_OF(part));
			form += strcspn(form, "/");
			part[n] = (struct slice){path, strcspn(path, "/")};
			if (part[n].n == 0)
				return false;
			path += part[n++].n;
		} else if (*form++ != *path++) {
			return false;
		}
	}
	if (*form || *path)
		return false;
	for (i = 0; i < n; i++)
		ret_part[i] = slice_dup(a, part[i]);
	return true;
}

static const struct route *
find_route(struct sim_req *req)
{
	size_t i;

	for (i = 0; i < COUNT_OF(routes); i++) {
		if (str_eq(routes[i].method, req->method) &&
		    route_matches(req->arena, routes[i].path, req->path,
		        req->part))
			return &routes[i];
	}
	return NULL;
}

static const struct err *
dispatch(struct sim_req *req, struct sim_resp *resp, const struct route *route)
{
	const struct err *e;

	if (!route) {
		reply_error(req, resp, 404, "ENDPOINT_NOT_FOUND",
		    "No API found for '%s %s'", req->method, req->path);
		return NULL;
	}
	if (route->access == FOR_CONTROL && !control_allowed(req, resp))
		return NULL;
	if (route->access == FOR_USERS) {
		e = auth_check(req, resp);
		if (e || !req->user)
			return e;
	}
	return route->handler(req, resp);
}

/* A fault that answers itself keeps the request from having any effect, unless
 * it says otherwise; one that only changes the answer does not. */
static bool
has_effect(const struct sim_fault *fault)
{
	if (!fault || fault->after)
		return true;
	return fault->status == 0 && !str_eq(fault->cut, "before");
}

static const struct err *
answer(struct sim_req *req, struct sim_resp *resp)
{
	const struct route *route = find_route(req);
	const struct sim_fault *fault = NULL;
	const struct err *e;

	e = store_settings(req->arena, req->sim, &req->settings);
	if (!e && (!route || route->access != FOR_CONTROL))
		e = faults_take(req, &fault);
	if (e)
		return e;
	req->misbehaviour = req->settings.misbehaviour;
	if (fault && !str_eq(fault->misbehaviour, "none"))
		req->misbehaviour = fault->misbehaviour;
	if (has_effect(fault))
		e = dispatch(req, resp, route);
	if (!e && fault)
		fault_apply(req, fault, resp);
	return e;
}

void
sim_answer(struct sim_req *req, struct sim_resp *resp)
{
	const struct err *e;

	*resp = (struct sim_resp){0};
	req->misbehaviour = "none";
	e = answer(req, resp);
	if (e) {
		*resp = (struct sim_resp){0};
		reply_error(req, resp, 500, "INTERNAL_ERROR",
		    "The simulator itself has failed: %s", e->message);
	}
	log_line(e ? LOG_LEVEL_ERROR : LOG_LEVEL_INFO, "request", "method",
	    req->method, "path", req->path, "status",
	    arena_printf(req->arena, "%d", resp->status), "error",
	    e ? e->message : NULL, "detail",
	    e && e->detail[0] ? e->detail : NULL, NULL);
	err_clear();
}

#include "base/base.h"

#include "sim/compute.h"

#include "sim/reply.h"

#define CLUSTER_ID "0101-000000-simulated"

static const struct {
	const char *key;
	const char *name;
} versions[] = {
    {"16.4.x-scala2.12", "16.4 LTS (Apache Spark 3.5.2, Scala 2.12)"},
    {"15.4.x-scala2.12", "15.4 LTS (Apache Spark 3.5.0, Scala 2.12)"},
};

static const struct {
	const char *id;
	const char *description;
	int64_t memory_mb;
	int cores_hundredths;
} node_types[] = {
    {"Simulated_4", "Simulated, 4 cores", 16384, 400},
    {"Simulated_8", "Simulated, 8 cores", 32768, 800},
    {"Simulated_2_5", "Simulated, 2.5 cores", 8192, 250},
};

static void
cluster_json(struct json_writer *w, const struct sim_req *req)
{
	json_object(w);
	json_key_str(w, "cluster_id", CLUSTER_ID);
	json_key_str(w, "cluster_name", "Simulated cluster");
	json_key_str(w, "state", "RUNNING");
	json_key_str(w, "cluster_source", "UI");
	json_key_str(w, "spark_version", versions[0].key);
	json_key_str(w, "node_type_id", node_types[0].id);
	json_key_int(w, "num_workers", 1);
	json_key_str(w, "data_security_mode", "USER_ISOLATION");
	json_key_str(w, "creator_user_name", req->user);
	json_object_end(w);
}

const struct err *
compute_clusters(const struct sim_req *req, struct sim_resp *resp)
{
	struct json_writer w;
	struct buf b;

	reply_start_list(req, &b, &w, "clusters");
	cluster_json(&w, req);
	json_array_end(&w);
	json_object_end(&w);
	reply_json(resp, 200, &b);
	return NULL;
}

const struct err *
compute_cluster(const struct sim_req *req, struct sim_resp *resp)
{
	const char *id = fields_get(&req->query, "cluster_id", "");
	struct json_writer w;
	struct buf b;

	if (!str_eq(id, CLUSTER_ID)) {
		/* Not 404: so does the real one. */
		reply_error(req, resp, 400, "INVALID_PARAMETER_VALUE",
		    "Cluster %s does not exist.", id);
		return NULL;
	}
	reply_start(req, &b, &w);
	cluster_json(&w, req);
	reply_json(resp, 200, &b);
	return NULL;
}

const struct err *
compute_versions(const struct sim_req *req, struct sim_resp *resp)
{
	struct json_writer w;
	struct buf b;
	size_t i;

	reply_start_list(req, &b, &w, "versions");
	for (i = 0; i < COUNT_OF(versions); i++) {
		json_object(&w);
		json_key_str(&w, "key", versions[i].key);
		json_key_str(&w, "name", versions[i].name);
		json_object_end(&w);
	}
	json_array_end(&w);
	json_object_end(&w);
	reply_json(resp, 200, &b);
	return NULL;
}

const struct err *
compute_node_types(const struct sim_req *req, struct sim_resp *resp)
{
	struct json_writer w;
	struct buf b;
	size_t i;

	reply_start_list(req, &b, &w, "node_types");
	for (i = 0; i < COUNT_OF(node_types); i++) {
		json_object(&w);
		json_key_str(&w, "node_type_id", node_types[i].id);
		json_key_str(&w, "description", node_types[i].description);
		json_key_str(&w, "category", "General Purpose");
		json_key_int(&w, "memory_mb", node_types[i].memory_mb);
		json_key(&w, "num_cores");
		json_hundredths(&w, node_types[i].cores_hundredths);
		json_key_int(&w, "num_gpus", 0);
		json_key_bool(&w, "is_deprecated", false);
		json_key_bool(&w, "is_hidden", false);
		json_object_end(&w);
	}
	json_array_end(&w);
	json_object_end(&w);
	reply_json(resp, 200, &b);
	return NULL;
}

/*
 * The configuration: conf/text2code.conf, `key = value` lines, # comments.
 * Every key has a default that works; an unknown key or a value that does not
 * fit is S_CONFIG with file and line.
 */
#ifndef T2C_CONFIG_H
#define T2C_CONFIG_H

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"

struct config {
	const char *data_dir;     /* database; must be writable */
	const char *run_dir;      /* sockets and pid file; DATA/run */
	const char *share_dir;    /* views, static, patterns, samples */
	const char *public_url;   /* "https://t2c.example"; "" = as asked.
	                                  Decides __Host- cookies and Origin */
	int64_t page_workers;     /* 2 × cores */
	int64_t call_workers;     /* 32 */
	int64_t page_deadline_s;  /* 20: a longer request is ended */
	int64_t call_deadline_s;  /* 300 */
	int64_t session_idle_min; /* 30 */
	int64_t session_life_h;   /* 8 */
	int64_t worker_requests;  /* a worker ends after so many; 10,000 */
	enum log_level log_level;
	/* Entries as in remote/host.h: what connections may lead to. */
	const char *workspace_hosts; /* Databricks' own names */
	const char *model_hosts;     /* "": none */
	int64_t answers_per_minute;  /* of models, for one person; 10 */
	int64_t answer_cache_h;      /* the same question is not asked again
	                                within so many hours; 24; 0: it is */
	int64_t answer_cache_size;   /* nor where it is among so many of the
	                                newest answers; 1,000 */
	/* As which public application people are sent to a workspace; "": they
	 * are not. */
	const char *oauth_client_id;
	/* By which people sign in here: an address, "simulator", or "". */
	const char *sign_in_workspace;
	const char *simulator; /* "http://127.0.0.1:9080"; "": none */
};

/* Reads file (NULL: only defaults); paths are made absolute. */
const struct err *config_load(struct arena *a, const char *file,
    struct config *ret) MUST_USE;
/* Sets one key as the file would: for --data and friends. */
const struct err *config_set(struct arena *a, struct config *c, const char *key,
    const char *value) MUST_USE;

#endif

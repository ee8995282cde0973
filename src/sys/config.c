#include "base/base.h"

#include "sys/config.h"

#include "base/str.h"
#include "sys/files.h"
#include "sys/share.h"

#include <string.h>
#include <unistd.h>

#define MAX_FILE ((size_t)64 * 1024)

enum key_kind { KEY_PATH, KEY_URL, KEY_INT, KEY_LEVEL, KEY_TEXT };

struct key {
	const char *name;
	enum key_kind kind;
	size_t offset;
	int64_t min;
	int64_t max;
};

#define KEY(member, kind, min, max)                                            \
	{                                                                      \
#member, kind, offsetof(struct config, member), min, max       \
	}

static const struct key keys[] = {
    KEY(data_dir, KEY_PATH, 0, 0),
    KEY(run_dir, KEY_PATH, 0, 0),
    KEY(share_dir, KEY_PATH, 0, 0),
    KEY(public_url, KEY_URL, 0, 0),
    KEY(page_workers, KEY_INT, 1, 256),
    KEY(call_workers, KEY_INT, 1, 256),
    KEY(page_deadline_s, KEY_INT, 1, 3600),
    KEY(call_deadline_s, KEY_INT, 1, 3600),
    KEY(session_idle_min, KEY_INT, 1, 1440),
    KEY(session_life_h, KEY_INT, 1, 168),
    KEY(worker_requests, KEY_INT, 1, 1000000000),
    KEY(log_level, KEY_LEVEL, 0, 0),
    KEY(workspace_hosts, KEY_TEXT, 0, 0),
    KEY(model_hosts, KEY_TEXT, 0, 0),
    KEY(oauth_client_id, KEY_TEXT, 0, 0),
    KEY(sign_in_workspace, KEY_TEXT, 0, 0),
    KEY(answers_per_minute, KEY_INT, 1, 1000000),
    KEY(answer_cache_h, KEY_INT, 0, 8760),
    KEY(answer_cache_size, KEY_INT, 1, 1000000),
    KEY(simulator, KEY_URL, 0, 0),
};

static const char *const levels[LOG_LEVEL__COUNT] = {
    [LOG_LEVEL_ERROR] = "error",
    [LOG_LEVEL_WARNING] = "warning",
    [LOG_LEVEL_INFO] = "info",
    [LOG_LEVEL_DEBUG] = "debug",
};

static const char *
run_below(struct arena *a, const char *data_dir)
{
	return arena_printf(a, "%s/run", data_dir);
}

static void
set_defaults(struct arena *a, struct config *c)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	int64_t workers = cores > 0 ? 2 * (int64_t)cores : 2;

	*c = (struct config){
	    .data_dir = LOCALSTATEDIR "/lib/text2code",
	    .run_dir = LOCALSTATEDIR "/lib/text2code/run",
	    .share_dir = path_absolute(a, share_find(a)),
	    .public_url = "",
	    .page_workers = workers < 256 ? workers : 256,
	    .call_workers = 32,
	    .page_deadline_s = 20,
	    .call_deadline_s = 300,
	    .session_idle_min = 30,
	    .session_life_h = 8,
	    .worker_requests = 10000,
	    .log_level = LOG_LEVEL_INFO,
	    .workspace_hosts = "*.azuredatabricks.net "
	                       "*.cloud.databricks.com "
	                       "*.gcp.databricks.com",
	    .model_hosts = "",
	    .oauth_client_id = "",
	    .sign_in_workspace = "",
	    .answers_per_minute = 10,
	    .answer_cache_h = 24,
	    .answer_cache_size = 1000,
	    .simulator = "",
	};
}

static const struct err *
set_path(struct arena *a, struct config *c, const struct key *k,
    const char *value)
{
	const char **member = (const char **)((char *)c + k->offset);
	bool run_follows = str_eq(c->run_dir, run_below(a, c->data_dir));

	if (str_empty(value))
		return err_new(S_CONFIG, "%s is empty; it is a directory.",
		    k->name);
	*member = path_absolute(a, value);
	if (member == &c->data_dir && run_follows)
		c->run_dir = run_below(a, c->data_dir);
	return NULL;
}

/* "https://host" or "https://host:port", and nothing behind it. */
static const struct err *
set_url(struct arena *a, const char **member, const struct key *k,
    const char *value)
{
	char *url = arena_strdup(a, value);
	size_t n = strlen(url);
	const char *host = "";

	if (n > 0 && url[n - 1] == '/')
		url[--n] = '\0';
	if (str_starts(url, "https://"))
		host = url + strlen("https://");
	else if (str_starts(url, "http://"))
		host = url + strlen("http://");
	if (n > 0 &&
	    (host[0] == '\0' ||
	        strspn(host,
	            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	            "0123456789.-:[]") != strlen(host)))
		return err_new(S_CONFIG,
		    "%s is \"%s\"; it is empty or "
		    "like https://host or https://host:port.",
		    k->name, value);
	*member = url;
	return NULL;
}

static const struct err *
set_level(enum log_level *member, const struct key *k, const char *value)
{
	size_t i;

	for (i = 0; i < COUNT_OF(levels); i++) {
		if (str_eq(value, levels[i])) {
			*member = (enum log_level)i;
			return NULL;
		}
	}
	return err_new(S_CONFIG,
	    "%s is \"%s\"; it is error, warning, info or "
	    "debug.",
	    k->name, value);
}

static const struct err *
set_key(struct arena *a, struct config *c, const struct key *k,
    const char *value)
{
	void *member = (char *)c + k->offset;

	switch (k->kind) {
	case KEY_PATH:
		return set_path(a, c, k, value);
	case KEY_URL:
		return set_url(a, member, k, value);
	case KEY_INT:
		if (str_to_int(value, k->min, k->max, member))
			return NULL;
		return err_new(S_CONFIG,
		    "%s is \"%s\"; it is a number from "
		    "%" PRId64 " to %" PRId64 ".",
		    k->name, value, k->min, k->max);
	case KEY_TEXT:
		*(const char **)member = arena_strdup(a, value);
		return NULL;
	case KEY_LEVEL:
		break;
	}
	return set_level(member, k, value);
}

const struct err *
config_set(struct arena *a, struct config *c, const char *key,
    const char *value)
{
	size_t i;

	for (i = 0; i < COUNT_OF(keys); i++) {
		if (str_eq(key, keys[i].name))
			return set_key(a, c, &keys[i], value);
	}
	return err_new(S_CONFIG, "There is no key \"%s\".", key);
}

static const struct err *
read_line(struct arena *a, struct config *c, struct slice line)
{
	const char *equals;
	struct slice key;
	struct slice value;

	line = slice_trim(line);
	if (line.n == 0 || line.p[0] == '#')
		return NULL;
	equals = memchr(line.p, '=', line.n);
	if (!equals)
		return err_new(S_CONFIG, "A line is \"key = value\".");
	key = (struct slice){line.p, (size_t)(equals - line.p)};
	value = (struct slice){equals + 1, line.n - key.n - 1};
	return config_set(a, c, slice_dup(a, slice_trim(key)),
	    slice_dup(a, slice_trim(value)));
}

static const struct err *
read_lines(struct arena *a, struct config *c, const char *file,
    struct slice text)
{
	int number;

	for (number = 1; text.n > 0; number++) {
		const char *end = memchr(text.p, '\n', text.n);
		struct slice line = {
		    text.p, end ? (size_t)(end - text.p) : text.n};
		const struct err *e = read_line(a, c, line);

		if (e)
			return err_new(e->code, "%s:%d: %s", file, number,
			    e->message);
		if (!end)
			break;
		text.p += line.n + 1;
		text.n -= line.n + 1;
	}
	return NULL;
}

const struct err *
config_load(struct arena *a, const char *file, struct config *ret)
{
	const struct err *e;
	struct config c;
	struct slice text = {0};

	set_defaults(a, &c);
	if (file) {
		e = file_read(a, file, MAX_FILE, &text);
		if (e)
			return e;
		e = read_lines(a, &c, file, text);
		if (e)
			return e;
	}
	*ret = c;
	return NULL;
}

#include "base/base.h"

#include "core/connections.h"

#include "core/key.h"
#include "core/seal.h"
#include "db/db.h"
#include "db/queries.h"
#include "remote/host.h"
#include "sys/config.h"

#include <string.h>

#define MAX_CONNECTIONS 100
#define TABLE "connection"

static const char *const providers[CHAT__COUNT] = {
    [CHAT_DATABRICKS] = "databricks",
    [CHAT_OPENAI] = "openai",
    [CHAT_ANTHROPIC] = "anthropic",
};

static const char *const auths[CONNECTION__AUTH_COUNT] = {
    [CONNECTION_STORED] = "stored",
    [CONNECTION_ASKED] = "asked",
    [CONNECTION_NONE] = "none",
};

const char *
connection_provider_name(enum chat_provider provider)
{
	return providers[provider];
}

bool
connection_provider_find(const char *name, enum chat_provider *ret)
{
	for (unsigned int i = 0; i < CHAT__COUNT; i++) {
		if (str_eq(name, providers[i])) {
			*ret = (enum chat_provider)i;
			return true;
		}
	}
	return false;
}

const char *
connection_auth_name(enum connection_auth auth)
{
	return auths[auth];
}

bool
connection_auth_find(const char *name, enum connection_auth *ret)
{
	for (unsigned int i = 0; i < CONNECTION__AUTH_COUNT; i++) {
		if (str_eq(name, auths[i])) {
			*ret = (enum connection_auth)i;
			return true;
		}
	}
	return false;
}

static bool
is_simulator(const struct app *app, const char *base)
{
	return base[0] && str_eq(base, app->config->simulator);
}

/* "llm.example:8000" of "http://llm.example:8000/v1" */
static const char *
host_of(struct arena *a, const char *base)
{
	const char *start = strstr(base, "://");

	start = start ? start + 3 : base;
	return arena_strndup(a, start, strcspn(start, "/"));
}

bool
connection_is_simulated(const struct app *app, const char *host)
{
	const char *start = strstr(app->config->simulator, "://");

	return start && str_eq(start + 3, host);
}

static struct connection
connection_of(const struct app *app, struct arena *a,
    const struct q_stored_connection *row)
{
	struct connection c = {
	    .id = row->id,
	    .owner = row->owner,
	    .name = row->name,
	    .base = row->base,
	    .host = host_of(a, row->base),
	    .workspace_id = row->workspace,
	    .has_token = row->box != NULL,
	    .is_default = row->is_default != 0,
	    .is_simulated = is_simulator(app, row->base),
	    .model = row->model,
	    .instructions = row->instructions,
	    .temperature = row->temperature,
	    .max_tokens = row->max_tokens,
	    .first_s = row->first_s,
	    .total_s = row->total_s,
	    .created_ms = row->created,
	    .changed_ms = row->changed,
	    .tested_ms = row->tested,
	    .tested_code = row->tested_code,
	    .tested_note = row->tested_note,
	    .box = row->box,
	    .key = row->key,
	};

	/* The database has no other words. */
	if (!connection_provider_find(row->provider, &c.provider))
		c.provider = CHAT_DATABRICKS;
	if (!connection_auth_find(row->auth, &c.auth))
		c.auth = CONNECTION_ASKED;
	return c;
}

const struct err *
connections_list(const struct app *app, struct arena *a,
    const struct user *user, struct connections *ret)
{
	struct q_connection_list_rows rows;
	struct connections list = {0};
	const struct err *e;

	e = q_connection_list(app->db, a, user->id, MAX_CONNECTIONS, &rows);
	if (e)
		return e;
	for (size_t i = 0; i < rows.n; i++)
		*LIST_ADD(a, &list) = connection_of(app, a, &rows.v[i]);
	*ret = list;
	return NULL;
}

const struct err *
connections_get(const struct app *app, struct arena *a, const struct user *user,
    struct connection_id id, struct connection *ret)
{
	struct connections list;
	const struct err *e;

	e = connections_list(app, a, user, &list);
	if (e)
		return e;
	for (size_t i = 0; i < list.n; i++) {
		if (list.v[i].id.v == id.v) {
			*ret = list.v[i];
			return NULL;
		}
	}
	return db_no_row();
}

/* Where the address leads, if it may. */
static const struct err *
find_host(const struct app *app, struct arena *a, enum chat_provider provider,
    const char *address, struct host *ret)
{
	bool workspace = provider == CHAT_DATABRICKS;
	const char *allowed = workspace ? app->config->workspace_hosts
	                                : app->config->model_hosts;
	const struct err *e;

	if (is_simulator(app, address)) {
		*ret = (struct host){.base = address,
		    .name = host_of(a, address),
		    .plain = true};
		return NULL;
	}
	e = host_parse(a, address, workspace ? HOST_WORKSPACE : HOST_MODEL,
	    ret);
	if (!e && !host_allowed(ret, allowed))
		e = err_new(R_BARRED,
		    "%s is none of the hosts that %s in text2code.conf allows.",
		    ret->name, workspace ? "workspace_hosts" : "model_hosts");
	return e;
}

/* What is saved, and where it goes. */
struct save {
	const struct app *app;
	struct arena *arena;
	const struct user *user;
	const struct connection_entry *entry;
	struct host host;
	struct connections all;          /* of the user */
	const struct connection *before; /* NULL: a new one */
};

bool
connection_is_token(const char *token)
{
	size_t i;

	for (i = 0; token && token[i]; i++) {
		if (token[i] <= ' ' || token[i] > '~')
			return false;
	}
	return i > 0 && i <= CONNECTION_TOKEN_MAX;
}

static const struct err *
check_token(const struct save *s)
{
	const struct connection_entry *entry = s->entry;

	if (entry->auth != CONNECTION_STORED)
		return NULL;
	if (!str_empty(entry->token))
		return connection_is_token(entry->token)
		    ? NULL
		    : err_new(W_FORM,
		          "A token has no blanks, line ends or other "
		          "signs than those of ASCII.");
	if (!s->before || !s->before->has_token)
		return err_new(W_FORM, "Enter the token.");
	if (!str_eq(s->before->base, s->host.base))
		return err_new(W_FORM,
		    "Enter the token again: the stored one is for %s.",
		    s->before->host);
	return NULL;
}

static const struct err *
check_name(const struct save *s)
{
	for (size_t i = 0; i < s->all.n; i++) {
		if (&s->all.v[i] != s->before &&
		    str_ieq(s->all.v[i].name, s->entry->name))
			return err_new(R_NAME_TAKEN,
			    "You have a connection %s already.",
			    s->all.v[i].name);
	}
	if (!s->before && s->all.n >= MAX_CONNECTIONS)
		return err_new(R_NAME_TAKEN,
		    "You have %d connections; more are not kept.",
		    MAX_CONNECTIONS);
	return NULL;
}

static const struct err *
check(struct save *s, enum connection_part *ret_part)
{
	const struct err *e;

	*ret_part = CONNECTION_PART_NAME;
	e = check_name(s);
	if (e)
		return e;
	*ret_part = CONNECTION_PART_ADDRESS;
	e = find_host(s->app, s->arena, s->entry->provider, s->entry->address,
	    &s->host);
	if (e)
		return e;
	*ret_part = CONNECTION_PART_TOKEN;
	e = check_token(s);
	if (!e)
		*ret_part = CONNECTION_PART_NONE;
	return e;
}

static struct seal_place
place_of(struct connection_id id, struct user_id owner, const char *base)
{
	return (struct seal_place){
	    .table = TABLE, .row = id.v, .owner = owner.v, .host = base};
}

static const struct err *
write_token(const struct save *s, struct connection_id id)
{
	const struct connection_entry *entry = s->entry;
	const struct seal_place place = place_of(id, s->user->id, s->host.base);
	const char *box = NULL;

	if (entry->auth == CONNECTION_STORED) {
		if (str_empty(entry->token))
			return NULL;
		box = seal_close(s->arena, s->app->seal, &place, entry->token);
	}
	return q_connection_set_box(s->app->db, box, id);
}

static const struct err *
write_entry(const struct save *s, const char *key, struct connection_id *ret)
{
	const struct connection_entry *entry = s->entry;
	const char *workspace = s->host.workspace_id ? s->host.workspace_id
	                                             : "";
	int64_t now = clock_now_ms(&s->app->clock);
	struct q_connection_create_row row;
	const struct err *e;

	if (s->before) {
		*ret = s->before->id;
		return q_connection_change(s->app->db, entry->name,
		    s->host.base, workspace, auths[entry->auth], entry->model,
		    entry->instructions, entry->temperature, entry->max_tokens,
		    entry->first_s, entry->total_s, now, *ret);
	}
	e = q_connection_create(s->app->db, s->arena, s->user->id, entry->name,
	    providers[entry->provider], s->host.base, workspace,
	    auths[entry->auth], entry->model, entry->instructions,
	    entry->temperature, entry->max_tokens, entry->first_s,
	    entry->total_s, now, key, &row);
	if (!e)
		*ret = row.id;
	return e;
}

/* What the form's key, or the id, stands for. */
static const struct err *
find_before(struct save *s, struct connection_id id, const char *key,
    bool *ret_done)
{
	*ret_done = false;
	for (size_t i = 0; i < s->all.n; i++) {
		if (s->all.v[i].id.v == id.v)
			s->before = &s->all.v[i];
		if (id.v == 0 && key && str_eq(s->all.v[i].key, key)) {
			s->before = &s->all.v[i];
			*ret_done = true;
		}
	}
	return id.v != 0 && !s->before ? db_no_row() : NULL;
}

const struct err *
connections_save(const struct app *app, struct arena *a,
    const struct user *user, const char *idempotency_key,
    struct connection_id id, const struct connection_entry *entry,
    struct connection_id *ret, enum connection_part *ret_part)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	struct save s = {.app = app, .arena = a, .user = user, .entry = entry};
	const struct err *e;
	const char *key;
	bool done;

	*ret_part = CONNECTION_PART_NONE;
	e = key_check(idempotency_key, &key);
	if (!e)
		e = db_begin(app->db, &tx);
	if (!e)
		e = connections_list(app, a, user, &s.all);
	if (!e)
		e = find_before(&s, id, key, &done);
	if (e)
		return e;
	if (done) {
		*ret = s.before->id;
		return NULL;
	}
	e = check(&s, ret_part);
	if (!e)
		e = write_entry(&s, key, ret);
	if (!e)
		e = write_token(&s, *ret);
	if (!e)
		e = db_commit(&tx);
	return e;
}

const struct err *
connections_remove(const struct app *app, struct arena *a,
    const struct user *user, struct connection_id id)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	struct connections list;
	struct connection c;
	const struct err *e;

	e = db_begin(app->db, &tx);
	if (!e)
		e = connections_get(app, a, user, id, &c);
	if (!e)
		e = q_connection_delete(app->db, id);
	if (!e && c.is_default)
		e = connections_list(app, a, user, &list);
	if (!e && c.is_default && list.n > 0)
		e = q_connection_set_default(app->db, list.v[0].id);
	if (!e)
		e = db_commit(&tx);
	return e;
}

const struct err *
connections_set_default(const struct app *app, struct arena *a,
    const struct user *user, struct connection_id id)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	struct connection c;
	const struct err *e;

	e = db_begin(app->db, &tx);
	if (!e)
		e = connections_get(app, a, user, id, &c);
	if (!e)
		e = q_connection_no_default(app->db, user->id);
	if (!e)
		e = q_connection_set_default(app->db, id);
	if (!e)
		e = db_commit(&tx);
	return e;
}

static const struct err *
find_token(const struct app *app, struct arena *a, const struct connection *c,
    const char *entered, const char **ret)
{
	const struct seal_place place = place_of(c->id, c->owner, c->base);

	*ret = NULL;
	if (c->auth == CONNECTION_NONE)
		return NULL;
	if (c->auth == CONNECTION_STORED && c->box)
		return seal_open(a, app->seal, &place, c->box, ret);
	if (str_empty(entered))
		return err_new(W_FORM, "Enter the token for %s.", c->name);
	if (!connection_is_token(entered))
		return err_new(W_FORM, "What was entered is no token.");
	*ret = entered;
	return NULL;
}

/* Whatever the name means, only what an administrator has listed may be on this
 * machine. */
static enum http_reach
reach_of(const struct connection *c, const struct host *host)
{
	if (c->is_simulated || str_eq(host->name, "localhost") ||
	    str_starts(host->name, "127."))
		return HTTP_LOOPBACK;
	return HTTP_INTRANET;
}

const struct err *
connection_account(const struct app *app, struct arena *a,
    const struct connection *c, const char *token, struct account *ret)
{
	static const char *const how[CONNECTION__AUTH_COUNT] = {
	    [CONNECTION_STORED] = "pat",
	    [CONNECTION_ASKED] = "pat",
	    [CONNECTION_NONE] = "none",
	};
	struct host host;
	const struct err *e;
	const char *found;

	e = find_host(app, a, c->provider, c->base, &host);
	if (!e)
		e = find_token(app, a, c, token, &found);
	if (e)
		return e;
	*ret = (struct account){
	    .host = c->host,
	    .base = c->base,
	    .token = found,
	    .key_header = c->provider == CHAT_ANTHROPIC ? "x-api-key" : NULL,
	    .workspace_id = c->workspace_id[0] ? c->workspace_id : NULL,
	    .auth = how[c->auth],
	    .reach = reach_of(c, &host),
	    .plain = host.plain,
	};
	return NULL;
}

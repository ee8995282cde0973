#include "base/base.h"

#include "core/connections.h"

#include "core/connection_parts.h"
#include "core/grants.h"
#include "core/key.h"
#include "db/db.h"
#include "db/queries.h"
#include "sys/config.h"

#include <string.h>

#define MAX_CONNECTIONS 100

static const char *const providers[CHAT__COUNT] = {
    [CHAT_DATABRICKS] = "databricks",
    [CHAT_OPENAI] = "openai",
    [CHAT_ANTHROPIC] = "anthropic",
};

static const char *const auths[CONNECTION__AUTH_COUNT] = {
    [CONNECTION_STORED] = "stored",
    [CONNECTION_ASKED] = "asked",
    [CONNECTION_NONE] = "none",
    [CONNECTION_PERSON] = "person",
    [CONNECTION_CLIENT] = "client",
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

static struct connection
connection_of(const struct app *app, struct arena *a,
    const struct q_stored_connection *row)
{
	struct connection c = {
	    .id = row->id,
	    .owner = row->owner,
	    .name = row->name,
	    .base = row->base,
	    .host = connection_host(a, row->base),
	    .workspace_id = row->workspace,
	    .client_id = row->client_id,
	    .signed_in = row->signed_in,
	    .is_default = row->is_default != 0,
	    .is_simulated = connection_is_simulated(app,
	        connection_host(a, row->base)),
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
	    .models = row->models,
	    .box = row->box,
	    .access = row->access,
	    .access_until_ms = row->access_until,
	    .key = row->key,
	};

	/* The database has no other words. */
	if (!connection_provider_find(row->provider, &c.provider))
		c.provider = CHAT_DATABRICKS;
	if (!connection_auth_find(row->auth, &c.auth))
		c.auth = CONNECTION_ASKED;
	c.has_token = c.box ||
	    (c.access && c.access_until_ms > clock_now_ms(&app->clock));
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

/* Whether what the person enters is kept. */
static bool
is_kept(enum connection_auth auth)
{
	return auth == CONNECTION_STORED || auth == CONNECTION_CLIENT;
}

static const struct err *
check_token(const struct save *s)
{
	const struct connection_entry *entry = s->entry;

	if (entry->auth == CONNECTION_PERSON &&
	    !grants_possible(s->app, s->host.base))
		return err_of(R_NO_OAUTH);
	if (!is_kept(entry->auth))
		return NULL;
	if (!str_empty(entry->token))
		return connection_is_token(entry->token)
		    ? NULL
		    : err_new(W_FORM,
		          "A token has no blanks, line ends or other "
		          "signs than those of ASCII.");
	if (!s->before || !s->before->box || s->before->auth != entry->auth)
		return err_new(W_FORM, "Enter the %s.",
		    entry->auth == CONNECTION_CLIENT ? "secret" : "token");
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
	e = connection_find_host(s->app, s->arena, s->entry->provider,
	    s->entry->address, &s->host);
	if (e)
		return e;
	*ret_part = CONNECTION_PART_TOKEN;
	e = check_token(s);
	if (!e)
		*ret_part = CONNECTION_PART_NONE;
	return e;
}

static const struct err *
write_token(const struct save *s, struct connection_id id)
{
	const struct connection_entry *entry = s->entry;
	const struct seal_place place = connection_place(id, s->user->id,
	    s->host.base);
	const char *box = NULL;

	/* Whoever is signed in stays so. */
	if (entry->auth == CONNECTION_PERSON && s->before &&
	    s->before->auth == entry->auth &&
	    str_eq(s->before->base, s->host.base))
		return NULL;
	if (is_kept(entry->auth)) {
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
		    s->host.base, workspace, auths[entry->auth],
		    entry->client_id, entry->model, entry->instructions,
		    entry->temperature, entry->max_tokens, entry->first_s,
		    entry->total_s, now, *ret);
	}
	e = q_connection_create(s->app->db, s->arena, s->user->id, entry->name,
	    providers[entry->provider], s->host.base, workspace,
	    auths[entry->auth], entry->client_id, entry->model,
	    entry->instructions, entry->temperature, entry->max_tokens,
	    entry->first_s, entry->total_s, now, key, &row);
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

/* "adb-1", else "adb-1 2" and so on. */
static const char *
free_name(struct arena *a, const struct connections *all, const char *name)
{
	const char *tried = name;
	bool taken = true;

	for (size_t n = 2; taken; n++) {
		taken = false;
		for (size_t i = 0; i < all->n; i++)
			taken = taken || str_ieq(all->v[i].name, tried);
		if (taken)
			tried = arena_printf(a, "%s %zu", name, n);
	}
	return tried;
}

const struct err *
connections_of_portal(const struct app *app, struct arena *a,
    const struct user *user, const struct connection *portal,
    struct connection *ret)
{
	struct connection_entry entry = {.provider = CHAT_DATABRICKS,
	    .address = portal->workspace_id[0]
	        ? arena_printf(a, "%s/?o=%s", portal->base,
	              portal->workspace_id)
	        : portal->base,
	    .auth = CONNECTION_PERSON,
	    .token = "",
	    .client_id = "",
	    .model = CONNECTION_ENDPOINT,
	    .instructions = "",
	    .temperature = CONNECTION_TEMPERATURE,
	    .max_tokens = CONNECTION_MAX_TOKENS,
	    .first_s = CONNECTION_FIRST_S,
	    .total_s = CONNECTION_TOTAL_S};
	enum connection_part part;
	struct connection_id id;
	struct connections all;
	const struct err *e;

	e = connections_list(app, a, user, &all);
	if (e)
		return e;
	for (size_t i = 0; i < all.n; i++) {
		if (all.v[i].auth == CONNECTION_PERSON &&
		    str_eq(all.v[i].base, portal->base) &&
		    str_eq(all.v[i].workspace_id, portal->workspace_id)) {
			*ret = all.v[i];
			return NULL;
		}
	}
	entry.name = free_name(a, &all,
	    portal->is_simulated ? "Simulated workspace" : portal->host);
	e = connections_save(app, a, user, NULL, (struct connection_id){0},
	    &entry, &id, &part);
	return e ? e : connections_get(app, a, user, id, ret);
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

static bool
is_named(const struct connection *c, const char *model)
{
	struct slice name;
	size_t at = 0;

	while (slice_line(slice_of(c->models), &at, &name)) {
		if (slice_is(name, model))
			return true;
	}
	return false;
}

const struct err *
connections_set_model(const struct app *app, struct arena *a,
    const struct user *user, struct connection_id id, const char *model)
{
	struct db_tx tx SCOPED(db_rollback) = {0};
	struct connection c;
	const struct err *e;

	e = db_begin(app->db, &tx);
	if (!e)
		e = connections_get(app, a, user, id, &c);
	if (!e && !is_named(&c, model))
		e = err_new(W_FORM, "%s has not named this model.", c.host);
	if (!e)
		e = q_connection_set_model(app->db, model,
		    clock_now_ms(&app->clock), id);
	if (!e)
		e = db_commit(&tx);
	return e;
}

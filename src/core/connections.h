/*
 * Connections: the workspaces and language models that a person may use, and
 * how. Each is its owner's alone, also for administrators: it acts as the
 * person whose token it has.
 *
 * A token is sealed as it is stored (core/seal.h). What leads elsewhere needs a
 * new one: a stored token is never sent to another host than it was entered
 * for. The tokens of OAuth are looked after in core/grants.h.
 */
#ifndef T2C_CONNECTIONS_H
#define T2C_CONNECTIONS_H

#include "core/user.h"
#include "model/chat.h"

#define CONNECTION_TOKEN_MAX 8000 /* bytes */
/* What a new one has. */
#define CONNECTION_ENDPOINT "databricks-claude-sonnet-4-5"
#define CONNECTION_TEMPERATURE 5 /* percent */
#define CONNECTION_MAX_TOKENS 4000
#define CONNECTION_FIRST_S 30
#define CONNECTION_TOTAL_S 120

enum connection_auth {
	CONNECTION_STORED, /* the token is kept, sealed */
	CONNECTION_ASKED,  /* the person enters it each time */
	CONNECTION_NONE,   /* the server wants none */
	CONNECTION_PERSON, /* who signs in to the workspace: OAuth */
	CONNECTION_CLIENT, /* a service principal, with its secret: OAuth */
	CONNECTION__AUTH_COUNT
};

struct connection {
	struct connection_id id;
	struct user_id owner;
	const char *name;
	enum chat_provider provider;
	const char *base;         /* "https://adb-1.2.azuredatabricks.net" */
	const char *host;         /* of it, for people */
	const char *workspace_id; /* "" for none */
	enum connection_auth auth;
	bool has_token;        /* for a person: is signed in */
	const char *client_id; /* of a service principal; "" */
	const char *signed_in; /* as whom; "" */
	bool is_default;
	bool is_simulated;
	const char *model;        /* "" for none */
	const char *instructions; /* "": the program's own */
	int64_t temperature;      /* percent; -1: the server's own */
	int64_t max_tokens;
	int64_t first_s; /* to the first token */
	int64_t total_s;
	int64_t created_ms;
	int64_t changed_ms;
	int64_t tested_ms;       /* 0: not since it was changed */
	const char *tested_code; /* "R110"; "" if it went well */
	const char *tested_note; /* what the test has said */
	const char *models;      /* that the server has, one a line, or "" */
	const char *box;         /* for connection_account() */
	const char *access;      /* for core/grants.h */
	int64_t access_until_ms; /* then it is time for another one */
	const char *key;         /* of the form that made it; NULL */
};

struct connections {
	struct connection *v;
	size_t n;
	size_t cap;
};

/* What a person enters. */
struct connection_entry {
	const char *name;
	enum chat_provider provider;
	const char *address; /* as typed or pasted, see remote/host.h */
	enum connection_auth auth;
	const char *token;     /* or a secret; "": the stored one stays */
	const char *client_id; /* of a service principal */
	const char *model;
	const char *instructions;
	int64_t temperature;
	int64_t max_tokens;
	int64_t first_s;
	int64_t total_s;
};

/* Which part of an entry is wrong. */
enum connection_part {
	CONNECTION_PART_NONE,
	CONNECTION_PART_NAME,
	CONNECTION_PART_ADDRESS,
	CONNECTION_PART_TOKEN
};

/* "databricks", "openai", "anthropic"; false for anything else. */
const char *connection_provider_name(enum chat_provider provider)
    RETURNS_NONNULL;
bool connection_provider_find(const char *name, enum chat_provider *ret)
    MUST_USE;
/* "stored", "asked", "none", "person", "client" */
const char *connection_auth_name(enum connection_auth auth) RETURNS_NONNULL;
bool connection_auth_find(const char *name, enum connection_auth *ret) MUST_USE;

/* The user's own, the default one first, then by name. */
const struct err *connections_list(const struct app *app, struct arena *a,
    const struct user *user, struct connections *ret) MUST_USE;
/* W_NOT_FOUND where the user has no such connection. */
const struct err *connections_get(const struct app *app, struct arena *a,
    const struct user *user, struct connection_id id, struct connection *ret)
    MUST_USE;
/* Makes a connection (id 0), or changes one. The first one is the default.
 * R_NAME_TAKEN; R_HOST; R_BARRED where the administrator does not allow the
 * host; W_FORM where a token is needed, or cannot be one; *ret_part says which
 * part is meant. */
const struct err *connections_save(const struct app *app, struct arena *a,
    const struct user *user, const char *idempotency_key,
    struct connection_id id, const struct connection_entry *entry,
    struct connection_id *ret, enum connection_part *ret_part) MUST_USE;
/* The user's connection by which people sign in here, made if it is not there
 * yet; portal: what grants_portal() says. */
const struct err *connections_of_portal(const struct app *app, struct arena *a,
    const struct user *user, const struct connection *portal,
    struct connection *ret) MUST_USE;
/* The connection and its token are gone. */
const struct err *connections_remove(const struct app *app, struct arena *a,
    const struct user *user, struct connection_id id) MUST_USE;
const struct err *connections_set_default(const struct app *app,
    struct arena *a, const struct user *user, struct connection_id id) MUST_USE;

/* Chooses one of the models that the server has named. W_FORM for another. */
const struct err *connections_set_model(const struct app *app, struct arena *a,
    const struct user *user, struct connection_id id, const char *model)
    MUST_USE;

/* Whether "127.0.0.1:9080" is the simulated workspace. */
bool connection_is_simulated(const struct app *app, const char *host);
/* What a header may have: printable ASCII without blanks, and not too much. */
bool connection_is_token(const char *token);
/* As whom requests of the connection are made; token: what the person has
 * entered now, of a connection that asks. Only in the calls pool. The client
 * gets a new token where that of OAuth has run out, now or later. S_SEAL;
 * W_FORM where none was entered; R_SIGN_IN where nobody is signed in; R_BARRED
 * where the host is not allowed any more. */
const struct err *connection_account(const struct app *app, struct arena *a,
    const struct client *client, const struct connection *c, const char *token,
    struct account *ret) MUST_USE;
/* The same without any token. */
const struct err *connection_way(const struct app *app, struct arena *a,
    const struct connection *c, struct account *ret) MUST_USE;
/* Asks the server who is calling and whether the model is there. What it says,
 * or what went wrong on the way, is noted with the connection. */
const struct err *connection_test(const struct app *app, struct arena *a,
    const struct client *client, const struct connection *c, const char *token)
    MUST_USE;

#endif

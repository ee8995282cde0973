#include "base/base.h"

#include "sim/auth.h"

#include "sim/grants.h"
#include "sim/reply.h"
#include "sys/crypto.h"

#include <string.h>

#define BEARER "Bearer "
#define DOMAIN "simulated.example"
#define HASH_SHOWN 32

static void
refuse(const struct sim_req *req, struct sim_resp *resp, const char *message)
{
	reply_error(req, resp, 401, "UNAUTHENTICATED", "%s", message);
	fields_add(req->arena, &resp->headers, "WWW-Authenticate",
	    "Bearer realm=\"Simulated workspace\"");
}

/* As an invalid personal access token is answered. */
static void
refuse_revoked(const struct sim_req *req, struct sim_resp *resp)
{
	struct json_writer w;
	struct buf b;

	reply_start(req, &b, &w);
	json_object(&w);
	json_key_int(&w, "error_code", 403);
	json_key_str(&w, "message", "Invalid access token.");
	json_object_end(&w);
	reply_json(resp, 403, &b);
}

static bool
is_name(const char *text)
{
	size_t i;

	for (i = 0; text[i]; i++) {
		if (!chr_is_alnum(text[i]))
			return false;
	}
	return i > 0 && i <= 32;
}

/* The folder is made by who writes into it. */
static void
identify(struct sim_req *req, const char *user, const char *principal)
{
	const char *hash = crypto_sha256(req->arena, slice_of(principal));

	req->user = user;
	req->state = arena_printf(req->arena, "%s/state/%.*s", req->sim->dir,
	    HASH_SHOWN, hash);
}

static void
check_personal(struct sim_req *req, struct sim_resp *resp, const char *token)
{
	struct arena *a = req->arena;

	if (str_starts(token, "dapi-expired"))
		refuse(req, resp, "Token is expired");
	else if (str_starts(token, "dapi-revoked"))
		refuse_revoked(req, resp);
	else if (str_starts(token, "dapi-") && is_name(token + 5))
		identify(req,
		    arena_printf(a, "%s@" DOMAIN, str_lower(a, token + 5)),
		    token);
	else
		identify(req,
		    arena_printf(a, "user-%.8s@" DOMAIN,
		        crypto_sha256(a, slice_of(token))),
		    token);
}

static const struct err *
check_issued(struct sim_req *req, struct sim_resp *resp, const char *token)
{
	const struct grant *g;
	struct grants grants;
	const struct err *e;

	e = grants_read(req->arena, req->sim, &grants);
	if (e)
		return e;
	g = grants_find(req->arena, &grants, "access", token);
	if (!g)
		refuse(req, resp, "The access token is not known here.");
	else if (g->expires_ms <= clock_now_ms(&req->sim->clock))
		refuse(req, resp, "Token is expired");
	else
		identify(req, g->user, g->user);
	return NULL;
}

const struct err *
auth_check(struct sim_req *req, struct sim_resp *resp)
{
	const char *header = req->authorization;
	const char *token;

	if (!header || !str_starts(header, BEARER)) {
		refuse(req, resp, "No bearer token was sent.");
		return NULL;
	}
	token = header + strlen(BEARER);
	if (!str_starts(token, "dapi"))
		return check_issued(req, resp, token);
	check_personal(req, resp, token);
	return NULL;
}

/* Always the same for the same user, and above 2^31. */
static const char *
user_id(struct arena *a, const char *user)
{
	const char *hash = crypto_sha256(a, slice_of(user));
	int64_t id = 0;
	size_t i;

	for (i = 0; i < 12; i++)
		id = id * 16 + chr_hex(hash[i]);
	return arena_printf(a, "%" PRId64, 5000000000000000 + id);
}

static void
person_json(struct json_writer *w, const struct sim_req *req)
{
	struct arena *a = req->arena;
	const char *name = arena_strndup(a, req->user, strcspn(req->user, "@"));

	json_key_str(w, "displayName", arena_printf(a, "%s (simulated)", name));
	json_key(w, "emails");
	json_array(w);
	json_object(w);
	json_key_str(w, "value", req->user);
	json_key_str(w, "type", "work");
	json_key_bool(w, "primary", true);
	json_object_end(w);
	json_array_end(w);
	json_key(w, "name");
	json_object(w);
	json_key_str(w, "givenName", name);
	json_key_str(w, "familyName", "Simulated");
	json_object_end(w);
}

const struct err *
auth_me(const struct sim_req *req, struct sim_resp *resp)
{
	struct json_writer w;
	struct buf b;

	reply_start(req, &b, &w);
	json_object(&w);
	json_key_str(&w, "id", user_id(req->arena, req->user));
	json_key_str(&w, "userName", req->user);
	json_key_bool(&w, "active", true);
	person_json(&w, req);
	json_key(&w, "groups");
	json_array(&w);
	json_object(&w);
	json_key_str(&w, "display", "users");
	json_key_str(&w, "type", "direct");
	json_key_str(&w, "value", "77");
	json_object_end(&w);
	json_array_end(&w);
	json_object_end(&w);
	reply_json(resp, 200, &b);
	fields_add(req->arena, &resp->headers, "X-Databricks-Org-Id",
	    req->settings.org_id);
	return NULL;
}

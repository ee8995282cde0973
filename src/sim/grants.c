#include "base/base.h"

#include "sim/grants.h"

#include "sim/member.h"
#include "sim/store.h"
#include "sys/crypto.h"

#define FILE_NAME "oauth.json"
#define DAY_MS ((int64_t)86400000)

static const char *
hash_of(struct arena *a, const char *secret)
{
	return crypto_sha256(a, slice_of(secret));
}

static void
read_grant(struct grant *g, const struct json *v)
{
	g->kind = json_string(json_get(v, "kind"), "");
	g->hash = json_string(json_get(v, "hash"), "");
	g->user = json_string(json_get(v, "user"), "");
	g->client_id = json_string(json_get(v, "client_id"), "");
	g->scope = json_string(json_get(v, "scope"), "");
	g->redirect_uri = json_string(json_get(v, "redirect_uri"), "");
	g->challenge = json_string(json_get(v, "challenge"), "");
	g->expires_ms = member_int(v, "expires_ms");
}

const struct err *
grants_read(struct arena *a, const struct sim *sim, struct grants *ret)
{
	const struct json *json = NULL;
	const struct json *v;
	const struct err *e;

	*ret = (struct grants){0};
	e = store_read(a, sim->dir, FILE_NAME, &json);
	if (e)
		return e;
	for (v = member_first(json, "grants"); v; v = v->next)
		read_grant(LIST_ADD(a, ret), v);
	return NULL;
}

static void
write_grant(struct json_writer *w, const struct grant *g)
{
	json_object(w);
	json_key_str(w, "kind", g->kind);
	json_key_str(w, "hash", g->hash);
	json_key_str(w, "user", g->user);
	json_key_str(w, "client_id", g->client_id);
	json_key_str(w, "scope", g->scope);
	json_key_str(w, "redirect_uri", g->redirect_uri);
	json_key_str(w, "challenge", g->challenge);
	json_key_int(w, "expires_ms", g->expires_ms);
	json_object_end(w);
}

const struct err *
grants_write(struct arena *a, const struct sim *sim,
    const struct grants *grants)
{
	int64_t now = clock_now_ms(&sim->clock);
	struct json_writer w;
	struct buf b;
	size_t i;

	buf_init(&b, a, SIM_BODY_MAX);
	json_init(&w, &b, true);
	json_object(&w);
	json_key(&w, "grants");
	json_array(&w);
	for (i = 0; i < grants->n; i++) {
		if (grants->v[i].expires_ms > now - DAY_MS)
			write_grant(&w, &grants->v[i]);
	}
	json_array_end(&w);
	json_object_end(&w);
	return store_write(a, sim->dir, FILE_NAME, &b);
}

const char *
grants_issue(struct arena *a, struct grants *grants, struct grant grant,
    const char *kind, int64_t expires_ms)
{
	const char *secret = arena_printf(a, "sim-%s-%s", kind,
	    crypto_token(a));

	grant.kind = kind;
	grant.hash = hash_of(a, secret);
	grant.expires_ms = expires_ms;
	*LIST_ADD(a, grants) = grant;
	return secret;
}

struct grant *
grants_find(struct arena *a, const struct grants *grants, const char *kind,
    const char *secret)
{
	const char *hash = hash_of(a, secret);
	size_t i;

	for (i = 0; i < grants->n; i++) {
		if (str_eq(grants->v[i].kind, kind) &&
		    crypto_equal(grants->v[i].hash, hash))
			return &grants->v[i];
	}
	return NULL;
}

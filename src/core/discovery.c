#include "base/base.h"

#include "core/discovery.h"

struct discovery {
	struct arena arena; /* of what follows */
	const char *base;   /* NULL: nothing was asked yet */
	const char *workspace_id;
	int64_t at_ms;
	struct oauth_server server;
	enum err_code code; /* of the error, where there is a message */
	const char *message;
};

static void
done(void *p)
{
	struct discovery *d = p;

	arena_done(&d->arena);
}

struct discovery *
discovery_new(struct arena *a)
{
	struct discovery *d = arena_new(a, struct discovery);

	arena_defer(a, done, d);
	return d;
}

/* A clock that was put back makes nothing last longer. */
static bool
is_known(const struct discovery *d, const struct account *at, int64_t now_ms)
{
	int64_t life = d->message ? DISCOVERY_BAD_MS : DISCOVERY_GOOD_MS;

	return d->base && str_eq(d->base, at->base) &&
	    str_eq(d->workspace_id, at->workspace_id) && now_ms >= d->at_ms &&
	    now_ms - d->at_ms < life;
}

static void
keep(struct discovery *d, const struct account *at, int64_t now_ms,
    const struct oauth_server *server, const struct err *e)
{
	struct arena *a = &d->arena;

	arena_reset(a);
	d->base = arena_strdup(a, at->base);
	d->workspace_id = at->workspace_id ? arena_strdup(a, at->workspace_id)
	                                   : NULL;
	d->at_ms = now_ms;
	d->message = e ? arena_strdup(a, e->message) : NULL;
	if (e)
		d->code = e->code;
	else
		d->server = (struct oauth_server){
		    arena_strdup(a, server->authorize),
		    arena_strdup(a, server->token)};
}

const struct err *
discovery_find(struct discovery *d, const struct clock *clock,
    const struct oauth_client *c, struct arena *a, struct oauth_server *ret)
{
	int64_t now_ms = clock_now_ms(clock);
	const struct err *e = NULL;

	if (!is_known(d, c->at, now_ms)) {
		e = oauth_discover(c, a, ret);
		/* It may have taken its time. */
		keep(d, c->at, clock_now_ms(clock), ret, e);
	} else if (d->message) {
		e = err_new(d->code, "%s", d->message);
	} else {
		*ret = (struct oauth_server){
		    arena_strdup(a, d->server.authorize),
		    arena_strdup(a, d->server.token)};
	}
	return e;
}

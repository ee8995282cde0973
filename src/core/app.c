#include "base/base.h"

#include "core/app.h"

#include "core/discovery.h"
#include "core/seal.h"
#include "db/db.h"
#include "sys/config.h"
#include "sys/crypto.h"
#include "sys/files.h"
#include "sys/http.h"

static void
close_hasher(void *p)
{
	hasher_close(p);
}

const struct err *
app_reopen(struct arena *a, struct app *app)
{
	const char *dir = app->config->data_dir;
	struct hasher *hasher = arena_new(a, struct hasher);
	struct seal *seal = arena_new(a, struct seal);
	const struct err *e;

	e = crypto_init();
	if (e)
		return e;
	arena_defer(a, close_hasher, hasher);
	e = hasher_open(hasher, a, dir);
	if (!e)
		e = seal_read(a, dir, app->makes_calls, seal);
	if (!e && app->makes_calls)
		e = http_open(a, &app->http);
	if (!e && app->makes_calls)
		app->discovery = discovery_new(a);
	if (!e)
		e = db_open(a, dir, &app->db);
	if (e)
		return e;
	app->hasher = hasher;
	app->seal = seal;
	return NULL;
}

const struct err *
app_open(struct arena *a, const struct config *config, struct app *ret)
{
	struct app app = {.config = config, .release = PACKAGE_VERSION};
	const struct err *e;

	e = dir_make(a, config->data_dir);
	if (!e)
		e = crypto_init();
	if (!e)
		e = seal_make(a, config->data_dir);
	if (!e)
		e = app_reopen(a, &app);
	if (e)
		return e;
	e = db_migrate(app.db, db_migrations, db_migrations_count);
	if (e) {
		app_close(&app);
		return e;
	}
	*ret = app;
	return NULL;
}

const struct err *
app_check(const struct app *app)
{
	return db_quick_check(app->db);
}

void
app_close(struct app *app)
{
	db_close(app->db);
	app->db = NULL;
	if (app->hasher)
		hasher_close(app->hasher);
	app->hasher = NULL;
}

#include "base/base.h"

#include "fixture.h"

#include "sys/crypto.h"

static struct user
make(struct fixture *f, const char *name, enum user_role role)
{
	struct user user;

	ok(user_create(&f->app, &f->arena, name, role, GOOD_PASSWORD, false,
	    &user));
	return user;
}

int
fixture_setup(void **state)
{
	static struct fixture f;

	f = (struct fixture){0};
	f.dir = temp_dir(&f.arena);
	ok(config_load(&f.arena, NULL, &f.config));
	ok(config_set(&f.arena, &f.config, "data_dir", f.dir));
	ok(app_open(&f.arena, &f.config, &f.app));
	f.app.clock.fixed_ms = START_MS;
	f.app.hasher->passes = 1;
	f.app.hasher->memory = 8192;
	f.admin = make(&f, "root", USER_ROLE_ADMIN);
	f.ann = make(&f, "ann", USER_ROLE_USER);
	f.bob = make(&f, "bob", USER_ROLE_USER);
	*state = &f;
	return 0;
}

int
fixture_teardown(void **state)
{
	struct fixture *f = *state;

	app_close(&f->app);
	temp_remove(f->dir);
	arena_done(&f->arena);
	err_clear();
	return 0;
}

void
fixture_pass_time(struct fixture *f, int64_t ms)
{
	f->app.clock.fixed_ms += ms;
}

#include "base/base.h"

#include "core/health.h"

#include "db/db.h"
#include "fixture.h"
#include "sys/lock.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void
test_directory_is_made_private(void **state)
{
	struct fixture *f = *state;
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	struct config config = f->config;
	const char *dir = temp_path(&a, f->dir, "new");
	struct app app;
	struct stat st;

	ok(config_set(&a, &config, "data_dir", dir));
	ok(app_open(&a, &config, &app));
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_string_equal(app.release, PACKAGE_VERSION);
	app_close(&app);
	app_close(&app);
	temp_remove(dir);
	ok(config_set(&a, &config, "data_dir", "/proc/nowhere"));
	fails(app_open(&a, &config, &app), S_FILE);
}

static void
use_in_child(void *p)
{
	struct fixture *f = p;
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	const struct user *user;

	if (app_reopen(&a, &f->app) || user_find(&f->app, &a, "ann", &user) ||
	    !user || user_check_password(&f->app, user->id, GOOD_PASSWORD))
		_exit(1);
}

static void
test_reopen_after_fork(void **state)
{
	struct fixture *f = *state;

	app_close(&f->app);
	assert_int_equal(in_child(use_in_child, f), 0);
	ok(app_reopen(&f->arena, &f->app));
	ok(app_check(&f->app));
}

static void
test_newer_database_is_refused(void **state)
{
	struct fixture *f = *state;
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	struct app app;

	ok(db_script(f->app.db, "PRAGMA user_version = 4711"));
	fails(app_open(&a, &f->config, &app), S_CONFIG);
}

static void
test_damaged_database(void **state)
{
	struct fixture *f = *state;
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	char junk[8192];
	struct app app;

	app_close(&f->app);
	memset(junk, 'x', sizeof(junk));
	temp_write(temp_path(&a, f->dir, "text2code.db"), junk, sizeof(junk));
	fails(app_open(&a, &f->config, &app), S_DATABASE);
}

static void
test_health(void **state)
{
	struct fixture *f = *state;
	struct lock other = {0};
	struct health h;

	/* As the dispatcher asks: within a request that may only read. */
	db_read_only(f->app.db, true);
	health_check(&f->app, &f->arena, &h);
	assert_true(h.readable);
	assert_true(h.writable);
	assert_true(h.free_bytes > 0);
	assert_string_equal(h.problem, "");
	ok(lock_open(&other, temp_path(&f->arena, f->dir, "write.lock")));
	ok(lock_take(&other, 100));
	health_check(&f->app, &f->arena, &h);
	assert_true(h.readable);
	assert_false(h.writable);
	assert_string_not_equal(h.problem, "");
	lock_close(&other);
	health_check(&f->app, &f->arena, &h);
	assert_true(h.writable);
	db_read_only(f->app.db, false);
	ok(db_script(f->app.db, "ALTER TABLE user RENAME TO people"));
	health_check(&f->app, &f->arena, &h);
	assert_false(h.readable);
	assert_false(h.writable);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FIXTURE_TEST(test_directory_is_made_private),
	    FIXTURE_TEST(test_reopen_after_fork),
	    FIXTURE_TEST(test_newer_database_is_refused),
	    FIXTURE_TEST(test_damaged_database),
	    FIXTURE_TEST(test_health),
	};

	return cmocka_run_group_tests_name("app", tests, NULL, NULL);
}

/*
 * For tests of core: an app on a new database, with passwords that are cheap
 * to hash and a clock that stands still, and three people.
 */
#ifndef T2C_TEST_FIXTURE_H
#define T2C_TEST_FIXTURE_H

#include "core/app.h"
#include "core/user.h"
#include "sys/config.h"
#include "../sys/temp.h"

#define MINUTE ((int64_t)60 * 1000)
#define HOUR (60 * MINUTE)
#define START_MS INT64_C(1750000000000)
#define GOOD_PASSWORD "violet umbrella 73 tractor"
#define OTHER_PASSWORD "seven quiet bicycles sing"

struct fixture {
	struct arena arena;
	struct config config;
	struct app app;
	const char *dir;
	struct user admin;
	struct user ann; /* users */
	struct user bob;
};

/* cmocka's set-up and tear-down; *state is the fixture. */
int fixture_setup(void **state);
int fixture_teardown(void **state);
void fixture_pass_time(struct fixture *f, int64_t ms);

#define FIXTURE_TEST(f)                                                        \
	cmocka_unit_test_setup_teardown(f, fixture_setup, fixture_teardown)

#endif

#include "base/base.h"

#include "core/user.h"

#include "core/password.h"
#include "base/str.h"
#include "fixture.h"

#include <string.h>

static const struct err *
create(struct fixture *f, const char *name, const char *password)
{
	struct user user;

	return user_create(&f->app, &f->arena, name, USER_ROLE_USER, password,
	    false, &user);
}

static void
test_names(void **state)
{
	static const char *const good[] = {
	    "a",
	    "Ann-Marie.O_2",
	    "ann@example.org",
	};
	static const char *const bad[] = {
	    "",
	    " ",
	    "an n",
	    "ann/x",
	    "änn",
	    "a'b",
	    "<b>",
	    "ann\n",
	};
	struct fixture *f = *state;
	char name[66];
	size_t i;

	for (i = 0; i < COUNT_OF(good); i++)
		ok(create(f, good[i], GOOD_PASSWORD));
	for (i = 0; i < COUNT_OF(bad); i++)
		fails(create(f, bad[i], GOOD_PASSWORD), A_NAME_INVALID);
	memset(name, 'x', sizeof(name));
	name[65] = '\0';
	fails(create(f, name, GOOD_PASSWORD), A_NAME_INVALID);
	name[64] = '\0';
	ok(create(f, name, GOOD_PASSWORD));
	fails(create(f, "ann", GOOD_PASSWORD), A_NAME_TAKEN);
	fails(create(f, "ANN", GOOD_PASSWORD), A_NAME_TAKEN);
}

static void
test_passwords(void **state UNUSED)
{
	static const char *const weak[] = {
	    "",
	    "short",
	    "elevenchars",
	    "aaaaaaaaaaaaaaa",
	    "abababababab",
	    "123456789012",
	    "qwertyuiop12",
	    "asdfghjklqwe",
	    "1q2w3e4r5t6y",
	    "passwordpassword",
	    "Password12345",
	    "P@ssw0rd2024!",
	    "Welcome12345!",
	    "Summer2024!!",
	    "iloveyou1234",
	    "letmeinletmein",
	    "changemechangeme",
	    "administrator1",
	    "databricks2025",
	    "text2code1234",
	    "zaq12wsxcde3",
	    "abcdefghijklmnop",
	    "000000000000000",
	    "monkeydragon1",
	    "jennifer1999",
	    "margarethe123",
	    "margarethemargarethe",
	    "MARGARETHE-12",
	    "ääääääääääää",
	    "!@#$%^&*()!@",
	    "q1w2e3r4t5y6",
	    "correct\thorse 12",
	    "not utf-8 \xff here",
	};
	static const char *const good[] = {
	    GOOD_PASSWORD,
	    OTHER_PASSWORD,
	    "correct horse battery staple",
	    "xK7#pq9!Lm2z",
	    "rw5e-xut7-5aav-2zca-9qb4-xd7e",
	    "zwölf Boxkämpfer jagen",
	    "Tr0ub4dor&3xyz",
	    "dragon monkey sunshine welcome",
	};
	char longest[PASSWORD_MAX + 2];
	size_t i;

	for (i = 0; i < COUNT_OF(weak); i++) {
		if (!password_judge(weak[i], "margarethe"))
			fail_msg("passed: %s", weak[i]);
	}
	for (i = 0; i < COUNT_OF(good); i++)
		ok(password_judge(good[i], "margarethe"));
	for (i = 0; i <= PASSWORD_MAX; i++)
		longest[i] = (char)('!' + i * 7 % 90);
	longest[PASSWORD_MAX + 1] = '\0';
	fails(password_judge(longest, "x"), A_PASSWORD_WEAK);
	longest[PASSWORD_MAX] = '\0';
	ok(password_judge(longest, "x"));
}

static void
test_words_are_lower_case(void **state UNUSED)
{
	size_t i;

	for (i = 0; i < password_words_count; i++) {
		const char *p = password_words[i];

		for (; *p; p++)
			assert_true(*p == chr_lower(*p));
	}
}

static void
test_made_password(void **state)
{
	struct fixture *f = *state;
	const char *one = user_make_password(&f->arena);
	const char *two = user_make_password(&f->arena);

	assert_int_equal(strlen(one), 29);
	assert_int_equal(one[4], '-');
	assert_null(strpbrk(one, "0O1lIi"));
	assert_string_not_equal(one, two);
	ok(password_judge(one, "ann"));
}

static void
test_find_and_list(void **state)
{
	struct fixture *f = *state;
	const struct user *user;
	struct users users;

	ok(user_find(&f->app, &f->arena, "ANN", &user));
	assert_string_equal(user->name, "ann");
	assert_int_equal(user->id.v, f->ann.id.v);
	assert_int_equal(user->role, USER_ROLE_USER);
	assert_int_equal(user->created_ms, START_MS);
	assert_int_equal(user->last_login_ms, 0);
	assert_false(user->must_change_password);
	assert_false(user_sees_all(user));
	assert_true(user_sees_all(&f->admin));
	ok(user_find(&f->app, &f->arena, "nobody", &user));
	assert_null(user);
	ok(user_list(&f->app, &f->arena, &users));
	assert_int_equal(users.n, 3);
	assert_string_equal(users.v[0].name, "ann");
	assert_string_equal(users.v[1].name, "bob");
	assert_string_equal(users.v[2].name, "root");
	assert_int_equal(users.v[2].role, USER_ROLE_ADMIN);
}

static void
test_roles(void **state UNUSED)
{
	assert_string_equal(user_role_name(USER_ROLE_ADMIN), "admin");
	assert_string_equal(user_role_name(USER_ROLE_USER), "user");
	assert_int_equal(user_role_find("admin"), USER_ROLE_ADMIN);
	assert_int_equal(user_role_find("user"), USER_ROLE_USER);
	assert_int_equal(user_role_find("Admin"), USER_ROLE_NONE);
	assert_int_equal(user_role_find(""), USER_ROLE_NONE);
}

static void
test_change_of_password(void **state)
{
	struct fixture *f = *state;
	const struct session_id none = {0};

	ok(user_check_password(&f->app, f->ann.id, GOOD_PASSWORD));
	fails(user_check_password(&f->app, f->ann.id, OTHER_PASSWORD), A_WRONG);
	fails(user_set_password(&f->app, f->ann.id, "short", false, none),
	    A_PASSWORD_WEAK);
	fails(user_set_password(&f->app, f->ann.id, "ann ann ann ann ", false,
	          none),
	    A_PASSWORD_WEAK);
	ok(user_set_password(&f->app, f->ann.id, OTHER_PASSWORD, false, none));
	ok(user_check_password(&f->app, f->ann.id, OTHER_PASSWORD));
	fails(user_check_password(&f->app, f->ann.id, GOOD_PASSWORD), A_WRONG);
	ok(user_check_password(&f->app, f->bob.id, GOOD_PASSWORD));
	fails(user_set_password(&f->app, (struct user_id){99}, GOOD_PASSWORD,
	          false, none),
	    W_NOT_FOUND);
	fails(user_check_password(&f->app, (struct user_id){99}, GOOD_PASSWORD),
	    W_NOT_FOUND);
	fails(user_set_disabled(&f->app, (struct user_id){99}, true),
	    W_NOT_FOUND);
}

static void
test_guessing_the_current_password_is_slowed_down(void **state)
{
	struct fixture *f = *state;
	int i;

	for (i = 0; i < 5; i++)
		fails(user_check_password(&f->app, f->ann.id, "wrong"),
		    A_WRONG);
	fails(user_check_password(&f->app, f->ann.id, GOOD_PASSWORD),
	    A_THROTTLED);
	ok(user_check_password(&f->app, f->bob.id, GOOD_PASSWORD));
	fixture_pass_time(f, MINUTE / 2);
	ok(user_check_password(&f->app, f->ann.id, GOOD_PASSWORD));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FIXTURE_TEST(test_names),
	    cmocka_unit_test(test_passwords),
	    cmocka_unit_test(test_words_are_lower_case),
	    FIXTURE_TEST(test_made_password),
	    FIXTURE_TEST(test_find_and_list),
	    cmocka_unit_test(test_roles),
	    FIXTURE_TEST(test_change_of_password),
	    FIXTURE_TEST(test_guessing_the_current_password_is_slowed_down),
	};

	return cmocka_run_group_tests_name("user", tests, NULL, NULL);
}

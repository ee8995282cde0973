#include "base/base.h"

#include "cli/cmd.h"

#include "base/clock.h"
#include "core/user.h"

#include <stdio.h>

/* The user of the first argument. */
static const struct err *
named_user(const struct cli *cli, const struct app *app,
    const struct user **ret)
{
	const struct err *e;

	e = user_find(app, cli->arena, cli->args.v[0], ret);
	if (e)
		return e;
	if (!*ret)
		return err_new(W_NOT_FOUND, "There is no user %s.",
		    cli->args.v[0]);
	return NULL;
}

static void
print_password(const char *password)
{
	printf("one-time password: %s\n", password);
}

const struct err *
cmd_user_add(const struct cli *cli, int *ret_status UNUSED)
{
	const char *role_name = cli_option(cli, "role");
	enum user_role role = user_role_find(role_name ? role_name : "user");
	const char *password = user_make_password(cli->arena);
	struct user user;
	struct app app;
	const struct err *e;

	if (role == USER_ROLE_NONE)
		return err_new(S_USAGE, "--role is user, editor or admin.");
	e = cli_open_app(cli, &app);
	if (!e)
		e = user_create(&app, cli->arena, cli->args.v[0], role,
		    password, true, &user);
	if (e)
		return e;
	print_password(password);
	return NULL;
}

const struct err *
cmd_user_passwd(const struct cli *cli, int *ret_status UNUSED)
{
	const char *password = user_make_password(cli->arena);
	const struct user *user = NULL;
	struct app app;
	const struct err *e;

	e = cli_open_app(cli, &app);
	if (!e)
		e = named_user(cli, &app, &user);
	if (!e)
		e = user_set_password(&app, user->id, password, true,
		    (struct session_id){0});
	if (e)
		return e;
	print_password(password);
	return NULL;
}

const struct err *
cmd_user_list(const struct cli *cli, int *ret_status UNUSED)
{
	struct users users = {0};
	struct app app;
	const struct err *e;
	size_t i;

	e = cli_open_app(cli, &app);
	if (!e)
		e = user_list(&app, cli->arena, &users);
	if (e)
		return e;
	for (i = 0; i < users.n; i++) {
		const struct user *u = &users.v[i];

		printf("%s\t%s\t%s\t%s\n", u->name, user_role_name(u->role),
		    u->last_login_ms
		        ? time_format_iso(cli->arena, u->last_login_ms)
		        : "never",
		    u->disabled ? "disabled" : "active");
	}
	return NULL;
}

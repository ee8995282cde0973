#include "base/base.h"

#include "cli/cmd.h"

#include "core/app.h"
#include "core/patterns.h"
#include "sys/config.h"
#include "sys/share.h"

const struct err *
cli_open_app(const struct cli *cli, struct app *ret)
{
	const char *data = cli_option(cli, "data");
	struct config *config = arena_new(cli->arena, struct config);
	const struct err *e;

	e = config_load(cli->arena, cli_option(cli, "config"), config);
	if (!e && data)
		e = config_set(cli->arena, config, "data_dir", data);
	if (e)
		return e;
	return app_open(cli->arena, config, ret);
}

const char *
cli_share_folder(const struct cli *cli)
{
	const char *share = cli_option(cli, "share");

	return share ? share : share_find(cli->arena);
}

const struct err *
cli_load_patterns(const struct cli *cli, struct patterns *ret)
{
	return patterns_load(cli->arena,
	    arena_printf(cli->arena, "%s/patterns", cli_share_folder(cli)),
	    ret);
}

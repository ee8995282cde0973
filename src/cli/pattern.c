#include "base/base.h"

#include "cli/cmd.h"

#include "base/clock.h"
#include "core/own_patterns.h"

#include <stdio.h>

/* What was stored, or would be. */
static const struct err *
keep(const struct cli *cli, const struct pattern_file *file)
{
	const char *name = file->derived.pattern.name;
	const char *note = cli_option(cli, "note");
	const struct own_pattern *stored;
	const struct err *e;
	struct app app;
	int64_t version;

	e = cli_open_app(cli, &app);
	if (!e)
		e = own_patterns_find(&app, cli->arena, name, 0, &stored);
	if (e)
		return e;
	if (cli_flag(cli, "check")) {
		if (!stored)
			printf("%s would be new\n", name);
		else if (slice_is(file->document, stored->document))
			printf("%s is version %" PRId64 " already\n", name,
			    stored->version);
		else
			printf("%s would become version %" PRId64 "\n", name,
			    stored->version + 1);
		return NULL;
	}
	e = own_patterns_save(&app, NULL, stored ? stored->version_count : 0,
	    note ? note : "imported on the command line", &file->derived,
	    file->document, &version);
	if (e)
		return e;
	printf("%s is version %" PRId64 "\n", name, version);
	return NULL;
}

const struct err *
cmd_pattern_import(const struct cli *cli, int *ret_status)
{
	struct patterns patterns = {0};
	struct problems problems = {0};
	struct pattern_file file;
	const struct err *e;

	e = cli_load_patterns(cli, &patterns);
	if (!e)
		e = pattern_file_read(cli->arena, cli->args.v[0], &patterns,
		    &file, &problems);
	if (e)
		return e;
	cli_print_problems(cli->arena, &problems, false);
	if (problems.errors > 0) {
		*ret_status = EXIT_PROBLEMS;
		return NULL;
	}
	return keep(cli, &file);
}

const struct err *
cmd_pattern_export(const struct cli *cli, int *ret_status UNUSED)
{
	const char *name = cli->args.v[0];
	const char *text = cli_option(cli, "version");
	const struct own_pattern *stored;
	const struct err *e;
	struct app app;
	int64_t version = 0;

	if (text && !str_to_int(text, 1, INT64_MAX, &version))
		return err_new(S_USAGE, "--version is a number from 1.");
	e = cli_open_app(cli, &app);
	if (!e)
		e = own_patterns_find(&app, cli->arena, name, version, &stored);
	if (!e && !stored)
		e = err_new(W_NOT_FOUND,
		    version > 0 ? "The pattern %s has no such version."
		                : "There is no pattern %s of your own.",
		    name);
	if (e)
		return e;
	fputs(stored->document, stdout);
	return NULL;
}

const struct err *
cmd_pattern_list(const struct cli *cli, int *ret_status UNUSED)
{
	struct own_patterns list = {0};
	const struct err *e;
	struct app app;
	size_t i;

	e = cli_open_app(cli, &app);
	if (!e)
		e = own_patterns_list(&app, cli->arena, &list);
	if (e)
		return e;
	for (i = 0; i < list.n; i++) {
		const struct own_pattern *p = &list.v[i];

		printf("%s\t%" PRId64 "\t%s\t%s\t%s\t%s\n", p->name, p->version,
		    p->base[0] ? p->base : "-",
		    p->disabled ? "disabled" : "enabled",
		    time_format_iso(cli->arena, p->created_ms),
		    p->author ? p->author : "administrator");
	}
	return NULL;
}

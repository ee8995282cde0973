#include "base/base.h"

#include "cli/cmd.h"

#include "base/str.h"

const struct cmd commands[] = {
    {
        .name = "compile",
        .args = "MAPPING --pattern NAME | --pattern-file FILE "
                "[--option NAME=VALUE]...\n       [--output DIR]",
        .summary = "turn a mapping sheet into PySpark",
        .help = "Writes MAPPING's base name with .py, plan.json, "
                "source_map.json (lines of the code\nand the rows they "
                "come from) and lineage.json (an OpenLineage event, its "
                "time being\n1970) into DIR (the current folder). MAPPING "
                "is a CSV file, or - for standard\ninput. An option may be "
                "set for one target of several: --option\n"
                "orders.keys=order_id\nFILE is a pattern of your own, as "
                "the pages export it.\n",
        .takes = "pattern pattern-file option output share",
        .flags = "",
        .min_args = 1,
        .max_args = 1,
        .exec = cmd_compile,
    },
    {
        .name = "validate",
        .args = "MAPPING [--json]",
        .summary = "check a mapping sheet",
        .help = "Prints one problem a line: code, row, column, "
                "message and fix, separated by tabs;\nwith --json one "
                "JSON object a line with the same keys. Row 0 is the "
                "sheet as a whole.\n",
        .takes = "",
        .flags = "json",
        .min_args = 1,
        .max_args = 1,
        .exec = cmd_validate,
    },
    {
        .name = "patterns",
        .args = "",
        .summary = "list the patterns and their options",
        .help = "",
        .takes = "share",
        .flags = "",
        .exec = cmd_patterns,
    },
    {
        .name = "pattern import",
        .args = "FILE [--note TEXT] [--config FILE] [--data DIR] [--check]",
        .summary = "keep a pattern of your own, or a new version of one",
        .help = "Prints what is wrong with FILE as validate does: code, line, "
                "nothing, message and\nfix, separated by tabs. With --check "
                "nothing is kept: it says what would be.\n",
        .takes = "note config data share",
        .flags = "check",
        .min_args = 1,
        .max_args = 1,
        .exec = cmd_pattern_import,
    },
    {
        .name = "pattern export",
        .args = "NAME [--version N] [--config FILE] [--data DIR]",
        .summary = "print a pattern of your own",
        .help = "",
        .takes = "version config data",
        .flags = "",
        .min_args = 1,
        .max_args = 1,
        .exec = cmd_pattern_export,
    },
    {
        .name = "pattern list",
        .args = "[--config FILE] [--data DIR]",
        .summary = "list your own patterns",
        .help = "",
        .takes = "config data",
        .flags = "",
        .exec = cmd_pattern_list,
    },
    {
        .name = "errors",
        .args = "[--markdown]",
        .summary = "list the error catalogue",
        .help = "",
        .takes = "",
        .flags = "markdown",
        .exec = cmd_errors,
    },
    {
        .name = "user add",
        .args = "NAME [--role user|editor|admin] [--config FILE] [--data DIR]",
        .summary = "add a person; prints a one-time password",
        .help = "Editors write the organisation's patterns; administrators "
                "do, too, and see\neverybody's mappings and generations.\n",
        .takes = "role config data",
        .flags = "",
        .min_args = 1,
        .max_args = 1,
        .exec = cmd_user_add,
    },
    {
        .name = "user passwd",
        .args = "NAME [--config FILE] [--data DIR]",
        .summary = "give a person a new one-time password",
        .help = "Ends all sessions of the person.\n",
        .takes = "config data",
        .flags = "",
        .min_args = 1,
        .max_args = 1,
        .exec = cmd_user_passwd,
    },
    {
        .name = "user list",
        .args = "[--config FILE] [--data DIR]",
        .summary = "list the people",
        .help = "",
        .takes = "config data",
        .flags = "",
        .exec = cmd_user_list,
    },
    {
        .name = "bench compile",
        .args = "MAPPING --pattern NAME | --pattern-file FILE [--repeat N]",
        .summary = "time the compiler in this process",
        .help = "Prints median and 99th percentile in microseconds, and the\n"
                "SHA-256 of the files that it makes, one after the other. It\n"
                "fails if they are not the same each time.\n",
        .takes = "pattern pattern-file option repeat share",
        .flags = "",
        .min_args = 1,
        .max_args = 1,
        .exec = cmd_bench_compile,
    },
    {
        .name = "evaluate",
        .args = "",
        .summary = "compute expressions as the generated tests do",
        .help = "Reads {\"columns\": [{\"name\": …, \"type\": …}], "
                "\"rows\": [[…]], \"expressions\": [\"…\"]}\nfrom "
                "standard input. A value is null, text, or an array for "
                "what is nested. Prints an\narray with the type of each "
                "expression and its value for each row; outcome says\n"
                "instead that Spark's versions or modes differ, or that it "
                "is unknown.\n",
        .takes = "",
        .flags = "",
        .exec = cmd_evaluate,
    },
};

const size_t n_commands = COUNT_OF(commands);

const char *
cli_option(const struct cli *cli, const char *name)
{
	size_t i;

	for (i = cli->options.n; i > 0; i--) {
		if (str_eq(cli->options.v[i - 1].name, name))
			return cli->options.v[i - 1].value;
	}
	return NULL;
}

bool
cli_flag(const struct cli *cli, const char *name)
{
	size_t i;

	for (i = 0; i < cli->options.n; i++) {
		if (str_eq(cli->options.v[i].name, name))
			return true;
	}
	return false;
}

#include "base/base.h"

#include "cli/cmd.h"

#include "base/str.h"

const struct cmd commands[] = {
    {
        .name = "compile",
        .args = "MAPPING --pattern NAME [--option NAME=VALUE]... "
                "[--output DIR]",
        .summary = "turn a mapping sheet into PySpark",
        .help = "Writes MAPPING's base name with .py, plan.json, "
                "source_map.json (lines of the code\nand the rows they "
                "come from) and lineage.json (an OpenLineage event, its "
                "time being\n1970) into DIR (the current folder). MAPPING "
                "is a CSV file, or - for standard\ninput. An option may be "
                "set for one target of several: --option\n"
                "orders.keys=order_id\n",
        .takes = "pattern option output share",
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
        .args = "NAME [--role user|admin] [--config FILE] [--data DIR]",
        .summary = "add a person; prints a one-time password",
        .help = "",
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
        .args = "MAPPING --pattern NAME [--repeat N]",
        .summary = "time the compiler in this process",
        .help = "Prints median and 99th percentile in microseconds.\n",
        .takes = "pattern option repeat share",
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

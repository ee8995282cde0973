/*
 * The command line: one row a command, in the order of the help. A command's
 * usage text is its only documentation. Results go to standard output,
 * everything else to standard error.
 */
#ifndef T2C_CMD_H
#define T2C_CMD_H

#include "base/arena.h"
#include "base/err.h"

struct app;
struct patterns;
struct problems;

/* Exit statuses, besides those of the catalogue: 0 done, 2 wrong usage,
 * 3 problems in the input. */
#define EXIT_PROBLEMS 3

struct cli_option {
	const char *name;  /* "pattern" for --pattern */
	const char *value; /* NULL for a flag */
};

/* What stood on the command line after the command's name. */
struct cli {
	struct arena *arena;
	const char *command; /* "user add" */
	LIST_OF(const char *) args;
	LIST_OF(struct cli_option) options;
};

struct cmd {
	const char *name;    /* "compile", "user add" */
	const char *args;    /* "MAPPING --pattern NAME [--output DIR]" */
	const char *summary; /* one line */
	const char *help;    /* more, "" if there is none */
	const char *takes;   /* options with a value: "pattern output" */
	const char *flags;   /* options without: "json" */
	int min_args;
	int max_args;
	/* Returns the exit status in *ret_status when it is not 0. */
	const struct err *(*exec)(const struct cli *cli, int *ret_status);
};

extern const struct cmd commands[];
extern const size_t n_commands;

/* The last value of an option, NULL if it was not given. */
const char *cli_option(const struct cli *cli, const char *name);
bool cli_flag(const struct cli *cli, const char *name);

/* What --config and --data name; without its patterns. */
const struct err *cli_open_app(const struct cli *cli, struct app *ret) MUST_USE;
/* What --share names, else what is found. */
const char *cli_share_folder(const struct cli *cli);
/* The compiled patterns of that folder. */
const struct err *cli_load_patterns(const struct cli *cli, struct patterns *ret)
    MUST_USE;
/* One a line, as validate does. */
void cli_print_problems(struct arena *a, const struct problems *problems,
    bool as_json);

const struct err *cmd_compile(const struct cli *cli, int *ret_status);
const struct err *cmd_validate(const struct cli *cli, int *ret_status);
const struct err *cmd_patterns(const struct cli *cli, int *ret_status);
const struct err *cmd_pattern_import(const struct cli *cli, int *ret_status);
const struct err *cmd_pattern_export(const struct cli *cli, int *ret_status);
const struct err *cmd_pattern_list(const struct cli *cli, int *ret_status);
const struct err *cmd_errors(const struct cli *cli, int *ret_status);
const struct err *cmd_bench_compile(const struct cli *cli, int *ret_status);
const struct err *cmd_evaluate(const struct cli *cli, int *ret_status);
const struct err *cmd_user_add(const struct cli *cli, int *ret_status);
const struct err *cmd_user_passwd(const struct cli *cli, int *ret_status);
const struct err *cmd_user_list(const struct cli *cli, int *ret_status);

#endif

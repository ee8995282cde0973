/*
 * text2code: the command line. Finds the command, splits its arguments, runs
 * it, and turns an error into a message and an exit status.
 */
#include "base/base.h"

#include "cli/cmd.h"

#include "base/str.h"

#include <stdio.h>
#include <string.h>

static void
print_usage(FILE *out, const struct cmd *c)
{
	fprintf(out, "usage: text2code %s%s%s\n", c->name,
	    c->args[0] ? " " : "", c->args);
}

static void
print_help(FILE *out)
{
	size_t i;

	fprintf(out, "text2code %s: mapping sheets become PySpark\n\n",
	    PACKAGE_VERSION);
	for (i = 0; i < n_commands; i++)
		fprintf(out, "  %-14s %s\n", commands[i].name,
		    commands[i].summary);
	fprintf(out,
	    "\ntext2code COMMAND --help says more.\n\n"
	    "Exit status: 0 done; 2 wrong usage; 3 problems in the input; "
	    "4 not found;\n5 conflict; 70 our bug; 74 file or disk; 75 try "
	    "again; 77 not allowed;\n78 configuration.\n");
}

/* The command whose words stand first; *ret_words says how many. */
static const struct cmd *
find_command(struct arena *a, int argc, char **argv, int *ret_words)
{
	const char *two = argc > 2 ? arena_printf(a, "%s %s", argv[1], argv[2])
	                           : "";
	size_t i;

	for (i = 0; i < n_commands; i++) {
		bool is_two = str_eq(commands[i].name, two);

		if (is_two || str_eq(commands[i].name, argv[1])) {
			*ret_words = is_two ? 2 : 1;
			return &commands[i];
		}
	}
	return NULL;
}

static bool
has_word(const char *words, struct slice word)
{
	while (*words) {
		size_t n = strcspn(words, " ");

		if (slice_eq((struct slice){words, n}, word))
			return true;
		words += n;
		words += strspn(words, " ");
	}
	return false;
}

static const struct err *
take_option(const struct cmd *c, struct cli *cli, char **argv, int argc, int *i)
{
	const char *text = argv[*i] + 2;
	struct slice name = {text, strcspn(text, "=")};
	struct cli_option *o;

	if (name.n == 0 ||
	    (!has_word(c->takes, name) && !has_word(c->flags, name)))
		return err_new(S_USAGE, "%s has no option --%.*s.", c->name,
		    (int)name.n, name.p);
	o = LIST_ADD(cli->arena, &cli->options);
	o->name = slice_dup(cli->arena, name);
	if (has_word(c->flags, name)) {
		if (text[name.n] == '=')
			return err_new(S_USAGE, "--%s takes no value.",
			    o->name);
		return NULL;
	}
	if (text[name.n] == '=') {
		o->value = text + name.n + 1;
		return NULL;
	}
	if (*i + 1 == argc)
		return err_new(S_USAGE, "--%s needs a value.", o->name);
	o->value = argv[++*i];
	return NULL;
}

static const struct err *
split_arguments(const struct cmd *c, int argc, char **argv, int words,
    struct cli *cli)
{
	const struct err *e;
	bool only_args = false;
	int i;

	for (i = 1 + words; i < argc; i++) {
		if (!only_args && str_eq(argv[i], "--")) {
			only_args = true;
		} else if (!only_args && str_starts(argv[i], "--")) {
			e = take_option(c, cli, argv, argc, &i);
			if (e)
				return e;
		} else {
			*LIST_ADD(cli->arena, &cli->args) = argv[i];
		}
	}
	if (cli->args.n < (size_t)c->min_args)
		return err_new(S_USAGE, "%s needs more arguments.", c->name);
	if (cli->args.n > (size_t)c->max_args)
		return err_new(S_USAGE, "%s does not take %s.", c->name,
		    cli->args.v[c->max_args]);
	return NULL;
}

static bool
wants_help(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++) {
		if (str_eq(argv[i], "--help") || str_eq(argv[i], "-h"))
			return true;
	}
	return false;
}

static int
fail(const struct err *e)
{
	const struct code_info *info = code_info(e->code);

	fprintf(stderr, "text2code: %s: %s\n", info->id, e->message);
	if (e->detail[0])
		fprintf(stderr, "text2code: %s\n", e->detail);
	return info->exit;
}

static int
run(struct arena *a, int argc, char **argv)
{
	struct cli cli = {.arena = a};
	const struct cmd *c;
	const struct err *e;
	int status = 0;
	int words = 0;

	if (argc < 2 || str_eq(argv[1], "help") || argv[1][0] == '-') {
		if (argc > 1 && str_eq(argv[1], "--version")) {
			printf("text2code %s\n", PACKAGE_VERSION);
			return 0;
		}
		print_help(argc < 2 ? stderr : stdout);
		return argc < 2 ? 2 : 0;
	}
	c = find_command(a, argc, argv, &words);
	if (!c) {
		fprintf(stderr,
		    "text2code: there is no command %s; see "
		    "text2code help\n",
		    argv[1]);
		return 2;
	}
	if (wants_help(argc, argv)) {
		print_usage(stdout, c);
		printf("\n%s.\n%s%s", c->summary, c->help[0] ? "\n" : "",
		    c->help);
		return 0;
	}
	cli.command = c->name;
	e = split_arguments(c, argc, argv, words, &cli);
	if (!e)
		e = c->exec(&cli, &status);
	if (!e)
		return fflush(stdout) == 0 ? status : 74;
	if (e->code == S_USAGE)
		print_usage(stderr, c);
	return fail(e);
}

int
main(int argc, char **argv)
{
	struct arena arena = ARENA_INIT;
	int status = run(&arena, argc, argv);

	arena_done(&arena);
	err_clear();
	return status;
}

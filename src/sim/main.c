/*
 * text2code-sim: a simulated Databricks workspace on loopback. See
 * docs/simulator.md.
 */
#include "base/base.h"

#include "sim/engine.h"
#include "sim/server.h"
#include "sim/store.h"
#include "sys/crypto.h"
#include "sys/files.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: text2code-sim --data DIR [--port N] [--compiler PATH] "
    "[--engine PYTHON] [--set KEY=VALUE]...\n";

static const char help[] =
    "\n"
    "A simulated Databricks workspace on 127.0.0.1, for training and tests.\n"
    "\n"
    "  --data DIR        where its state is kept; made if it is missing\n"
    "  --port N          where it listens; 0, the default, is any free port\n"
    "  --compiler PATH   the program text2code, which writes what the models\n"
    "                    answer; the one beside this program by default\n"
    "  --engine PYTHON   the Python whose module duckdb runs statements; the\n"
    "                    python3 of $PATH by default, if it has it; or none\n"
    "  --set KEY=VALUE   a setting:\n";

/* What the command line says. */
struct command {
	struct arena *arena;
	struct sim sim;
	const char *engine;
	int64_t port;
};

static void
print_help(void)
{
	size_t i;

	printf("%s%s", usage, help);
	for (i = 0; i < n_settings; i++)
		printf("    %-18s %s [%s]\n", settings_table[i].name,
		    settings_table[i].meaning, settings_table[i].initial);
	printf("\nPrints its address as its one line of output. SIGTERM ends "
	       "it.\n");
}

static const struct err *
add_setting(struct command *c, const char *text)
{
	struct arena *a = c->arena;
	size_t n = strcspn(text, "=");
	const char *name = arena_strndup(a, text, n);
	struct settings scratch;

	if (text[n] != '=')
		return err_new(S_USAGE, "--set is KEY=VALUE, not %s.", text);
	fields_add(a, &c->sim.preset, name, text + n + 1);
	settings_init(a, &scratch);
	return settings_set(a, &scratch, name, text + n + 1);
}

static const struct err *
take_option(struct command *c, const char *name, const char *value)
{
	if (str_eq(name, "--data"))
		c->sim.dir = path_absolute(c->arena, value);
	else if (str_eq(name, "--compiler"))
		c->sim.compiler = path_absolute(c->arena, value);
	else if (str_eq(name, "--engine"))
		c->engine = value;
	else if (str_eq(name, "--set"))
		return add_setting(c, value);
	else if (!str_eq(name, "--port"))
		return err_new(S_USAGE, "There is no option %s.", name);
	else if (!str_to_int(value, 0, UINT16_MAX, &c->port))
		return err_new(S_USAGE, "%s is no port.", value);
	return NULL;
}

/* The program text2code in the folder of this one. */
static const char *
sibling(struct arena *a)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *slash;

	path[n > 0 ? n : 0] = '\0';
	slash = strrchr(path, '/');
	if (slash)
		*slash = '\0';
	return arena_printf(a, "%s/text2code", slash ? path : ".");
}

static const struct err *
read_command(struct command *c, int argc, char **argv)
{
	const struct err *e;
	int i;

	for (i = 1; i < argc; i += 2) {
		if (i + 1 == argc)
			return err_new(S_USAGE, "%s needs a value.", argv[i]);
		e = take_option(c, argv[i], argv[i + 1]);
		if (e)
			return e;
	}
	if (!c->sim.dir)
		return err_new(S_USAGE, "--data is missing.");
	if (!c->sim.compiler)
		c->sim.compiler = sibling(c->arena);
	return NULL;
}

static const struct err *
serve(struct command *c)
{
	struct settings settings;
	struct server *server;
	const struct err *e;
	sigset_t ends;
	int signal_number;

	e = crypto_init();
	if (!e)
		e = dir_make(c->arena, c->sim.dir);
	if (!e)
		e = store_settings(c->arena, &c->sim, &settings);
	if (!e)
		e = engine_find(c->arena, c->engine, &c->sim.engine);
	if (e)
		return e;
	/* Blocked in every thread: it is waited for. */
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	signal(SIGPIPE, SIG_IGN);
	e = server_start(c->arena, &c->sim, (uint16_t)c->port, &server);
	if (e)
		return e;
	printf("%s\n", c->sim.base);
	fflush(stdout);
	sigwait(&ends, &signal_number);
	server_stop(server);
	return NULL;
}

int
main(int argc, char **argv)
{
	struct arena arena = ARENA_INIT;
	struct command c = {.arena = &arena};
	const struct err *e;
	int status = 0;

	if (argc > 1 && (str_eq(argv[1], "--help") || str_eq(argv[1], "-h"))) {
		print_help();
		return 0;
	}
	e = read_command(&c, argc, argv);
	if (!e)
		e = serve(&c);
	if (e) {
		fprintf(stderr, "%stext2code-sim: %s: %s\n",
		    e->code == S_USAGE ? usage : "", code_info(e->code)->id,
		    e->message);
		status = code_info(e->code)->exit;
	}
	arena_done(&arena);
	err_clear();
	return status;
}

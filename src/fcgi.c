/*
 * text2code-fcgi: the web program. Reads the configuration, loads everything
 * that workers share, and becomes the master of the pools.
 */
#include "base/base.h"

#include "base/log.h"
#include "base/str.h"
#include "core/app.h"
#include "core/own_patterns.h"
#include "listener.h"
#include "supervisor.h"
#include "sys/config.h"
#include "sys/files.h"
#include "web/view.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] =
    "usage: text2code-fcgi [--config FILE] [--data DIR] [--set KEY=VALUE]...\n"
    "                      [--pool pages|calls] [--check | --prepare]\n"
    "\n"
    "Serves the pages of text2code to nginx, over DIR/run/pages.sock and\n"
    "DIR/run/calls.sock or the sockets that systemd hands in.\n"
    "\n"
    "  --config FILE     keys as in text2code.conf\n"
    "  --data DIR        the same as --set data_dir=DIR\n"
    "  --set KEY=VALUE   overrides the file\n"
    "  --pool NAME       only this pool, not both\n"
    "  --check           check configuration, views and patterns, then exit\n"
    "  --prepare         also check the database and bring it up to date\n"
    "  --version, --help\n"
    "\n"
    "SIGHUP: upgrade or restart without losing a request. SIGTERM: finish.\n";

enum purpose { PURPOSE_SERVE, PURPOSE_CHECK, PURPOSE_PREPARE, PURPOSE_TELL };

struct options {
	enum purpose purpose;
	const char *config;
	LIST_OF(const char *) set; /* "key=value", in order */
	int pool;                  /* -1: both */
	const char *program;
	char *const *argv;
	char *const *prepare_argv;
	const char *tell; /* for PURPOSE_TELL */
};

/* The value of --name VALUE or --name=VALUE; NULL where it is another. */
static const char *
take_value(const char *name, char **argv, int *i)
{
	size_t n = strlen(name);

	if (!str_starts(argv[*i], name))
		return NULL;
	if (argv[*i][n] == '=')
		return argv[*i] + n + 1;
	if (argv[*i][n] != '\0' || !argv[*i + 1])
		return NULL;
	return argv[++*i];
}

static const struct err *
take_pool(struct options *o, const char *name)
{
	for (o->pool = 0; o->pool < POOL__COUNT; o->pool++) {
		if (str_eq(name, pool_names[o->pool]))
			return NULL;
	}
	return err_new(S_USAGE, "--pool is pages or calls.");
}

static bool
take_flag(struct options *o, const char *arg)
{
	if (str_eq(arg, "--check")) {
		o->purpose = PURPOSE_CHECK;
	} else if (str_eq(arg, "--prepare")) {
		o->purpose = PURPOSE_PREPARE;
	} else if (str_eq(arg, "--help")) {
		o->purpose = PURPOSE_TELL;
		o->tell = usage;
	} else if (str_eq(arg, "--version")) {
		o->purpose = PURPOSE_TELL;
		o->tell = PACKAGE_NAME " " PACKAGE_VERSION "\n";
	} else {
		return false;
	}
	return true;
}

static const struct err *
parse_options(struct arena *a, char **argv, struct options *o)
{
	const struct err *e;
	const char *value;
	int i;

	for (i = 1; argv[i]; i++) {
		if ((value = take_value("--config", argv, &i))) {
			o->config = value;
		} else if ((value = take_value("--data", argv, &i))) {
			*LIST_ADD(a, &o->set) = arena_printf(a, "data_dir=%s",
			    value);
		} else if ((value = take_value("--set", argv, &i))) {
			*LIST_ADD(a, &o->set) = value;
		} else if ((value = take_value("--pool", argv, &i))) {
			e = take_pool(o, value);
			if (e)
				return e;
		} else if (!take_flag(o, argv[i])) {
			return err_new(S_USAGE,
			    "\"%s\" is not an option, or "
			    "its value is missing; see --help.",
			    argv[i]);
		}
	}
	return NULL;
}

static const struct err *
read_config(struct arena *a, const struct options *o, struct config *ret)
{
	const struct err *e;
	size_t i;

	e = config_load(a, o->config, ret);
	for (i = 0; !e && i < o->set.n; i++) {
		const char *equals = strchr(o->set.v[i], '=');

		if (!equals)
			return err_new(S_USAGE, "--set takes KEY=VALUE.");
		e = config_set(a, ret,
		    arena_strndup(a, o->set.v[i],
		        (size_t)(equals - o->set.v[i])),
		    equals + 1);
	}
	return e;
}

/* What the program was called as: after an upgrade /proc/self/exe would name
 * a file that is gone. */
static const char *
own_path(struct arena *a)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path));

	return n > 0 ? arena_strndup(a, path, (size_t)n) : NULL;
}

static void
remember_call(struct arena *a, int argc, char **argv, struct options *o)
{
	static char prepare[] = "--prepare";
	char **with = arena_array(a, char *, (size_t)argc + 2);

	memcpy(with, argv, (size_t)argc * sizeof(*with));
	with[argc] = prepare;
	o->argv = argv;
	o->prepare_argv = with;
	o->program = own_path(a);
}

/* Nothing of ours is for others to read, and no memory ends on a disk. */
static void
harden(void)
{
	const struct rlimit none = {0};

	umask(077);
	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0);
}

/* What is read once: the patterns of the program, those of the organisation
 * that are files, and the views. */
struct shared {
	struct patterns patterns;
	struct pattern_files files;
};

static const struct err *
load_shared(struct arena *a, const struct config *config, struct shared *ret)
{
	const char *folder = arena_printf(a, "%s/patterns", config->share_dir);
	const struct err *e;

	e = patterns_load(a, folder, &ret->patterns);
	if (!e)
		e = patterns_load_files(a, folder, &ret->patterns, &ret->files);
	if (!e)
		e = patterns_load_files(a,
		    arena_printf(a, "%s/patterns", config->data_dir),
		    &ret->patterns, &ret->files);
	if (e)
		return e;
	return view_load(arena_printf(a, "%s/views", config->share_dir));
}

/* Looks at the whole database once, so that workers need not. */
static const struct err *
prepare_data(struct arena *a, const struct config *config,
    const struct shared *shared, struct app *ret)
{
	const struct err *e;

	e = app_open(a, config, ret);
	if (e)
		return e;
	ret->patterns = &shared->patterns;
	e = app_check(ret);
	if (!e)
		e = own_patterns_install(ret, &shared->files);
	app_close(ret);
	return e;
}

static const struct err *
write_pid(struct arena *a, const struct config *config, const struct options *o,
    const char **ret_path)
{
	const char *only = o->pool < 0
	    ? ""
	    : arena_printf(a, "-%s", pool_names[o->pool]);

	*ret_path = arena_printf(a, "%s/text2code%s.pid", config->run_dir,
	    only);
	return file_write(a, *ret_path,
	    slice_of(arena_printf(a, "%d\n", (int)getpid())));
}

static const struct err *
serve(struct arena *a, const struct options *o, const struct config *config,
    const struct shared *shared, int *ret_status)
{
	struct listener listeners[POOL__COUNT] = {0};
	struct supervisor_start start = {.listeners = listeners,
	    .program = o->program,
	    .argv = o->argv,
	    .prepare_argv = o->prepare_argv};
	struct handover handover;
	struct app app;
	const struct err *e;
	const char *pid_file;
	int i;

	for (i = 0; i < POOL__COUNT; i++)
		listeners[i].wanted = o->pool < 0 || o->pool == i;
	handover_take(a, &handover);
	e = dir_make(a, config->data_dir);
	if (!e)
		e = dir_make(a, config->run_dir);
	if (!e)
		e = listener_lock(a, config, &handover, listeners);
	if (!e)
		e = prepare_data(a, config, shared, &app);
	if (!e)
		e = listener_open(a, config, &handover, listeners);
	if (!e)
		e = write_pid(a, config, o, &pid_file);
	if (e)
		return e;
	start.app = &app;
	start.old_workers = handover.old_workers;
	*ret_status = supervisor_run(a, &start);
	(void)unlink(pid_file);
	return NULL;
}

static const struct err *
run(struct arena *a, const struct options *o, int *ret_status)
{
	struct config config;
	struct shared shared = {0};
	struct app app;
	const struct err *e;

	if (o->purpose == PURPOSE_TELL) {
		(void)fputs(o->tell, stdout);
		return NULL;
	}
	e = read_config(a, o, &config);
	if (e)
		return e;
	log_set_level(config.log_level);
	harden();
	e = load_shared(a, &config, &shared);
	if (e || o->purpose == PURPOSE_CHECK)
		return e;
	if (o->purpose == PURPOSE_PREPARE)
		return prepare_data(a, &config, &shared, &app);
	return serve(a, o, &config, &shared, ret_status);
}

int
main(int argc, char **argv)
{
	struct arena arena = ARENA_INIT;
	struct options options = {.pool = -1};
	const struct err *e;
	int status = 0;

	remember_call(&arena, argc, argv, &options);
	e = parse_options(&arena, argv, &options);
	if (!e)
		e = run(&arena, &options, &status);
	if (e) {
		log_line(LOG_LEVEL_ERROR, "start", "code",
		    code_info(e->code)->id, "message", e->message, "detail",
		    str_empty(e->detail) ? NULL : e->detail, NULL);
		status = code_info(e->code)->exit;
	}
	view_unload();
	arena_done(&arena);
	return status;
}

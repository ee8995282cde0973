#include "base/base.h"

#include "sim/compiler.h"

#include "sys/files.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

struct words {
	char **v;
	size_t n;
	size_t cap;
};

static void
add_word(struct arena *a, struct words *list, const char *word)
{
	*LIST_ADD(a, list) = arena_strdup(a, word);
}

static void
arguments(struct arena *a, const struct sim *sim,
    const struct script_task *task, const char *folder, struct words *ret)
{
	size_t i;

	add_word(a, ret, sim->compiler);
	add_word(a, ret, "compile");
	add_word(a, ret, arena_printf(a, "%s/%s.csv", folder, task->name));
	add_word(a, ret, arena_printf(a, "--pattern=%s", task->pattern));
	add_word(a, ret, arena_printf(a, "--output=%s", folder));
	for (i = 0; i < task->options.n; i++)
		add_word(a, ret,
		    arena_printf(a, "--option=%s=%s", task->options.v[i].name,
		        task->options.v[i].value));
	*LIST_ADD(a, ret) = NULL;
}

/* Runs it with its output in a file; 0 or the number of the error. */
static int
spawn(char **argv, const char *output, pid_t *ret)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	int error;

	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null",
	    O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output,
	    O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO,
	    STDERR_FILENO);
	/* The main thread has blocked what ends the program. */
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	error = posix_spawn(ret, argv[0], &actions, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

static const struct err *
run(struct arena *a, const struct sim *sim, const struct script_task *task,
    const char *folder, int *ret_status)
{
	struct words argv = {0};
	pid_t pid;
	int error;

	arguments(a, sim, task, folder, &argv);
	error = spawn(argv.v, arena_printf(a, "%s/said", folder), &pid);
	if (error)
		return err_new(S_FILE, "%s: %s", sim->compiler,
		    strerror(error));
	while (waitpid(pid, ret_status, 0) < 0) {
		if (errno != EINTR)
			return err_new(S_FILE, "%s: %s", sim->compiler,
			    strerror(errno));
	}
	return NULL;
}

/* The code has the extension of its language. */
static const struct err *
read_code(struct arena *a, const char *folder, const char *name,
    struct slice *ret)
{
	static const char *const extensions[] = {"py", "sql", "scala"};
	const char *path = "";
	size_t i;

	for (i = 0; i < COUNT_OF(extensions); i++) {
		path = arena_printf(a, "%s/%s.%s", folder, name, extensions[i]);
		if (access(path, F_OK) == 0)
			break;
	}
	return file_read(a, path, SIM_BODY_MAX, ret);
}

static const struct err *
read_tests(struct arena *a, const char *folder, const char *name,
    struct slice *ret)
{
	const char *path = arena_printf(a, "%s/test_%s.py", folder, name);

	*ret = SLICE("");
	if (access(path, F_OK) != 0)
		return NULL;
	return file_read(a, path, SIM_BODY_MAX, ret);
}

static void
remove_folder(struct arena *a, const char *folder)
{
	struct file_names names = {0};
	const struct err *e = file_list(a, folder, &names);
	size_t i;

	for (i = 0; !e && i < names.n; i++)
		unlink(arena_printf(a, "%s/%s", folder, names.v[i]));
	rmdir(folder);
}

const struct err *
compiler_run(struct arena *a, const struct sim *sim,
    const struct script_task *task, struct compiler_result *ret)
{
	char *folder = arena_printf(a, "%s/compile-XXXXXX", sim->dir);
	const struct err *e;
	int status = 0;

	if (!mkdtemp(folder))
		return err_new(S_FILE, "%s: %s", folder, strerror(errno));
	e = file_write(a, arena_printf(a, "%s/%s.csv", folder, task->name),
	    task->sheet);
	if (!e)
		e = run(a, sim, task, folder, &status);
	ret->ok = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	if (!e && ret->ok)
		e = read_code(a, folder, task->name, &ret->text);
	if (!e && ret->ok)
		e = read_tests(a, folder, task->name, &ret->tests);
	else if (!e)
		e = file_read(a, arena_printf(a, "%s/said", folder),
		    SIM_BODY_MAX, &ret->text);
	remove_folder(a, folder);
	return e;
}

#include "base/base.h"

#include "temp.h"

#include "base/str.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

const char *
temp_dir(struct arena *a)
{
	const char *parent = getenv("TMPDIR");
	char *dir = arena_printf(a, "%s/text2code-test-XXXXXX",
	    str_empty(parent) ? "/tmp" : parent);

	assert_non_null(mkdtemp(dir));
	return dir;
}

const char *
temp_path(struct arena *a, const char *dir, const char *name)
{
	return arena_printf(a, "%s/%s", dir, name);
}

void
temp_remove(const char *dir)
{
	struct arena a SCOPED(arena_done) = ARENA_INIT;
	DIR *d = opendir(dir);
	const struct dirent *item;

	assert_non_null(d);
	while ((item = readdir(d))) {
		const char *path = temp_path(&a, dir, item->d_name);

		if (unlink(path) != 0 && !str_eq(item->d_name, ".") &&
		    !str_eq(item->d_name, ".."))
			temp_remove(path);
	}
	closedir(d);
	rmdir(dir);
}

void
temp_write(const char *path, const void *p, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

void
check_ok(const struct err *e, const char *file, int line)
{
	if (!e)
		return;
	print_error("%s: %s (%s)\n", code_info(e->code)->id, e->message,
	    e->detail);
	_fail(file, line);
}

void
check_fails(const struct err *e, enum err_code code, const char *file, int line)
{
	if (e && e->code == code)
		return;
	print_error("%s expected, got %s: %s (%s)\n", code_info(code)->id,
	    e ? code_info(e->code)->id : "success", e ? e->message : "",
	    e ? e->detail : "");
	_fail(file, line);
}

int
in_child(void (*fn)(void *), void *p)
{
	const struct rlimit no_core = {0, 0};
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &no_core);
		fn(p);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

#include "base/base.h"

#include "sys/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

void
fd_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static const struct err *
refused(const char *path, const char *why)
{
	return err_new(S_FILE, "%s: %s", path, why);
}

/* Reads up to n bytes; -1 with errno on failure. */
static ssize_t
read_all(int fd, char *p, size_t n)
{
	size_t done = 0;

	while (done < n) {
		ssize_t got = read(fd, p + done, n - done);

		if (got == 0)
			break;
		if (got > 0)
			done += (size_t)got;
		else if (errno != EINTR)
			return -1;
	}
	return (ssize_t)done;
}

const struct err *
file_read(struct arena *a, const char *path, size_t max, struct slice *ret)
{
	int fd SCOPED(fd_close) = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	ssize_t n;
	char *p;

	if (fd < 0 || fstat(fd, &st) != 0)
		return refused(path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return refused(path, "not a regular file");
	if (st.st_size < 0 || (uintmax_t)st.st_size > max)
		return refused(path, "the file is too large");
	p = arena_alloc(a, (size_t)st.st_size + 1);
	n = read_all(fd, p, (size_t)st.st_size);
	if (n < 0)
		return refused(path, strerror(errno));
	*ret = (struct slice){p, (size_t)n};
	return NULL;
}

/* The directory with this mode, and those above it. */
static bool
make_path(struct arena *a, const char *path, mode_t mode)
{
	char *p = arena_strdup(a, path);
	char *slash = p;

	while ((slash = strchr(slash + 1, '/'))) {
		*slash = '\0';
		if (mkdir(p, 0755) != 0 && errno != EEXIST)
			return false;
		*slash = '/';
	}
	return mkdir(path, mode) == 0 || errno == EEXIST;
}

const struct err *
dir_make(struct arena *a, const char *path)
{
	struct stat st;

	if (!make_path(a, path, 0700))
		return refused(path, strerror(errno));
	if (stat(path, &st) != 0)
		return refused(path, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return refused(path, "not a directory");
	if (st.st_uid != geteuid())
		return refused(path, "the directory belongs to another user");
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return refused(path,
		    "other users may write to the directory; "
		    "use chmod 700");
	return NULL;
}

const struct err *
dir_make_public(struct arena *a, const char *path)
{
	if (!make_path(a, path, 0755))
		return refused(path, strerror(errno));
	return NULL;
}

const char *
path_absolute(struct arena *a, const char *path)
{
	char here[4096];

	if (path[0] == '/' || !getcwd(here, sizeof(here)))
		return arena_strdup(a, path);
	return arena_printf(a, "%s/%s", str_eq(here, "/") ? "" : here, path);
}

int64_t
disk_free(const char *path, bool *ret_read_only)
{
	struct statvfs vfs;
	int64_t n;

	if (statvfs(path, &vfs) != 0)
		return -1;
	if (ret_read_only)
		*ret_read_only = (vfs.f_flag & ST_RDONLY) != 0;
	if (__builtin_mul_overflow(vfs.f_bavail, vfs.f_frsize, &n))
		return INT64_MAX;
	return n;
}

static bool
write_all(int fd, struct slice bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		bytes.p += n;
		bytes.n -= (size_t)n;
	}
	return true;
}

/* Written and synced beside the path, and then put there: by rename(), which
 * replaces, or by link(), which does not. */
static const struct err *
put_there(struct arena *a, const char *path, struct slice bytes, mode_t mode,
    int (*put)(const char *, const char *), int *ret_errno)
{
	const char *beside = arena_printf(a, "%s.%ld.tmp", path,
	    (long)getpid());
	int fd SCOPED(fd_close) = open(beside,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

	*ret_errno = 0;
	if (fd < 0) {
		*ret_errno = errno;
		return refused(beside, strerror(errno));
	}
	if (!write_all(fd, bytes) || fsync(fd) != 0 || put(beside, path) != 0)
		*ret_errno = errno;
	unlink(beside); /* not there any more after a rename */
	return *ret_errno ? refused(path, strerror(*ret_errno)) : NULL;
}

const struct err *
file_write(struct arena *a, const char *path, struct slice bytes)
{
	int error;

	return put_there(a, path, bytes, 0666, rename, &error);
}

const struct err *
file_make(struct arena *a, const char *path, struct slice bytes, mode_t mode)
{
	int error;
	const struct err *e = put_there(a, path, bytes, mode, link, &error);

	return error == EEXIST ? NULL : e;
}

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
close_folder(DIR **d)
{
	if (*d)
		closedir(*d);
}

const struct err *
file_list(struct arena *a, const char *folder, struct file_names *ret)
{
	SCOPED(close_folder) DIR *d = opendir(folder);
	const struct dirent *entry;

	if (!d)
		return refused(folder, strerror(errno));
	while ((entry = readdir(d)) != NULL) {
		if (entry->d_name[0] != '.')
			*LIST_ADD(a, ret) = arena_strdup(a, entry->d_name);
	}
	if (ret->n > 0)
		qsort(ret->v, ret->n, sizeof(ret->v[0]), by_bytes);
	return NULL;
}

const struct err *
file_read_stdin(struct arena *a, size_t max, struct slice *ret)
{
	size_t cap = 65536;
	size_t n = 0;
	char *p = arena_alloc(a, cap);

	for (;;) {
		ssize_t got = read_all(STDIN_FILENO, p + n, cap - n);

		if (got < 0)
			return refused("standard input", strerror(errno));
		n += (size_t)got;
		if (n > max)
			return refused("standard input", "it is too large");
		if (n < cap)
			break;
		p = arena_grow(a, p, cap, cap * 2);
		cap *= 2;
	}
	*ret = (struct slice){p, n};
	return NULL;
}

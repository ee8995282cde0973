/*
 * Whole files and directories. Not for streams: a file is read at once, with
 * a ceiling.
 *
 * (Not file.h: that would hide the system's <sys/file.h>.)
 */
#ifndef T2C_FILES_H
#define T2C_FILES_H

#include "base/err.h"
#include "base/str.h"

#include <sys/types.h>

/* The bytes of a regular file of at most max bytes; S_FILE otherwise. A NUL
 * follows them. */
const struct err *file_read(struct arena *a, const char *path, size_t max,
    struct slice *ret) MUST_USE;
/* All of standard input, at most max bytes; S_FILE otherwise. */
const struct err *file_read_stdin(struct arena *a, size_t max,
    struct slice *ret) MUST_USE;
/* Replaces or creates a file: written beside it, synced, renamed, so a reader
 * never sees a part of it. Mode 0644 less the umask. */
const struct err *file_write(struct arena *a, const char *path,
    struct slice bytes) MUST_USE;
/* Makes a file with this mode less the umask, unless there is one of that name:
 * that one stays, whoever comes first. */
const struct err *file_make(struct arena *a, const char *path,
    struct slice bytes, mode_t mode) MUST_USE;
/* The names in a folder but for hidden ones, sorted by bytes. */
struct file_names {
	const char **v;
	size_t n;
	size_t cap;
};
const struct err *file_list(struct arena *a, const char *folder,
    struct file_names *ret) MUST_USE;
/* Makes the directory (0700) with its parents. One that is there must belong
 * to this user and be writable by nobody else; S_FILE otherwise. */
const struct err *dir_make(struct arena *a, const char *path) MUST_USE;
/* Makes a directory that anybody may read, with its parents, where it is
 * missing: for what a user asked to be written there. */
const struct err *dir_make_public(struct arena *a, const char *path) MUST_USE;
/* An absolute path as it is; another one below the current directory. */
const char *path_absolute(struct arena *a, const char *path);
/* The bytes that this user may still write to the file system of path; -1
 * where that cannot be told. *ret_read_only may be NULL. */
int64_t disk_free(const char *path, bool *ret_read_only);

/* For SCOPED(): closes *fd unless it is negative. */
void fd_close(int *fd);

#endif

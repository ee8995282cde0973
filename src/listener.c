#include "base/base.h"

#include "listener.h"

#include "base/buf.h"
#include "sys/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* The first descriptor that is handed in, by systemd's protocol. */
#define FIRST_FD 3
/* Above all that are handed on, so that moving one never hits another. */
#define SPARE_FD 64
#define MAX_HANDED 16
/* Requests that wait for a free worker; the kernel cuts it to its own limit. */
#define BACKLOG 1024

const char *const pool_names[POOL__COUNT] = {
    [POOL_PAGES] = "pages",
    [POOL_CALLS] = "calls",
};

static const char *
lock_name(struct arena *a, enum pool_kind kind)
{
	return arena_printf(a, "%s.lock", pool_names[kind]);
}

static void
clear_environment(void)
{
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	unsetenv("T2C_OLD_WORKERS");
}

void
handover_take(struct arena *a, struct handover *ret)
{
	const char *pid = getenv("LISTEN_PID");
	const char *count = getenv("LISTEN_FDS");
	const char *names = getenv("LISTEN_FDNAMES");
	const char *old_workers = getenv("T2C_OLD_WORKERS");
	int64_t n = 0;
	int64_t whose = 0;
	int i;

	*ret = (struct handover){.old_workers = ""};
	if (pid && str_to_int(pid, 1, INT32_MAX, &whose) && whose == getpid() &&
	    count && str_to_int(count, 0, MAX_HANDED, &n)) {
		if (old_workers)
			ret->old_workers = arena_strdup(a, old_workers);
		names = names ? arena_strdup(a, names) : "";
		for (i = 0; i < n; i++) {
			size_t length = strcspn(names, ":");
			struct handed *h = LIST_ADD(a, &ret->fds);

			*h = (struct handed){
			    arena_strndup(a, names, length), FIRST_FD + i};
			(void)fcntl(h->fd, F_SETFD, FD_CLOEXEC);
			names += length + (names[length] == ':');
		}
	}
	clear_environment();
}

/* -1 where nothing of that name was handed in. */
static int
find_handed(const struct handover *h, const char *name)
{
	size_t i;

	for (i = 0; i < h->fds.n; i++) {
		if (str_eq(h->fds.v[i].name, name))
			return h->fds.v[i].fd;
	}
	return -1;
}

static const struct err *
take_lock(struct arena *a, const char *data_dir, const struct handover *h,
    enum pool_kind kind, struct lock *ret)
{
	const char *name = lock_name(a, kind);
	int fd = find_handed(h, name);
	const struct err *e;

	if (fd >= 0) {
		*ret = (struct lock){.fd = fd, .opened = true};
	} else {
		e = lock_open(ret, arena_printf(a, "%s/%s", data_dir, name));
		if (e)
			return e;
	}
	if (!lock_try(ret))
		return err_new(S_BUSY,
		    "Another text2code-fcgi serves the %s "
		    "of %s already.",
		    pool_names[kind], data_dir);
	return NULL;
}

const struct err *
listener_lock(struct arena *a, const struct config *config,
    const struct handover *h, struct listener list[POOL__COUNT])
{
	const struct err *e;
	int i;

	for (i = 0; i < POOL__COUNT; i++) {
		if (!list[i].wanted)
			continue;
		e = take_lock(a, config->data_dir, h, (enum pool_kind)i,
		    &list[i].lock);
		if (e)
			return e;
	}
	return NULL;
}

static const struct err *
check_handed(int fd, const char *name)
{
	int listening = 0;
	socklen_t size = sizeof(listening);

	if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 ||
	    !listening)
		return err_new(S_CONFIG,
		    "What was handed in as %s is no "
		    "listening socket.",
		    name);
	return NULL;
}

/* Under another name first, so that nginx never finds the name missing or a
 * socket that does not listen. */
static const struct err *
bind_socket(const char *path, const char *temporary, int *ret)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd;

	if (strlen(temporary) >= sizeof(address.sun_path))
		return err_new(S_CONFIG,
		    "%s is too long for a socket's name; "
		    "choose a shorter run_dir.",
		    path);
	memcpy(address.sun_path, temporary, strlen(temporary) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_system(S_FILE, "socket: %s", strerror(errno));
	(void)unlink(temporary);
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
	    chmod(temporary, 0660) != 0 || listen(fd, BACKLOG) != 0 ||
	    rename(temporary, path) != 0) {
		int failure = errno;

		close(fd);
		return err_system(S_FILE, "%s: %s", path, strerror(failure));
	}
	*ret = fd;
	return NULL;
}

const struct err *
listener_open(struct arena *a, const struct config *config,
    const struct handover *h, struct listener list[POOL__COUNT])
{
	const struct err *e;
	int i;

	for (i = 0; i < POOL__COUNT; i++) {
		const char *path = arena_printf(a, "%s/%s.sock",
		    config->run_dir, pool_names[i]);

		if (!list[i].wanted)
			continue;
		list[i].socket = find_handed(h, pool_names[i]);
		if (list[i].socket >= 0)
			e = check_handed(list[i].socket, pool_names[i]);
		else
			e = bind_socket(path, arena_printf(a, "%s.new", path),
			    &list[i].socket);
		if (e)
			return e;
	}
	return NULL;
}

struct moving {
	struct buf names;
	int fd[2 * POOL__COUNT];
	int n;
	int copies; /* from FIRST_FD on */
};

/* Moves a descriptor out of the way and notes it; *fd stays valid. */
static bool
move_up(struct moving *m, const char *name, int *fd)
{
	int moved = fcntl(*fd, F_DUPFD_CLOEXEC, SPARE_FD);

	if (moved < 0)
		return false;
	close(*fd);
	*fd = moved;
	if (m->n > 0)
		buf_add_chr(&m->names, ':');
	buf_add_str(&m->names, name);
	m->fd[m->n++] = moved;
	return true;
}

static bool
move_all(struct arena *a, struct moving *m, struct listener *list)
{
	int i;

	buf_init(&m->names, a, 256);
	for (i = 0; i < POOL__COUNT; i++) {
		if (!list[i].wanted)
			continue;
		if (!move_up(m, pool_names[i], &list[i].socket) ||
		    !move_up(m, lock_name(a, (enum pool_kind)i),
		        &list[i].lock.fd))
			return false;
	}
	/* dup2() leaves the copies open across exec. */
	while (m->copies < m->n &&
	    dup2(m->fd[m->copies], FIRST_FD + m->copies) >= 0)
		m->copies++;
	return m->copies == m->n;
}

static bool
set_environment(struct arena *a, const struct moving *m,
    const char *old_workers)
{
	return setenv("LISTEN_PID", arena_printf(a, "%d", (int)getpid()), 1) ==
	    0 &&
	    setenv("LISTEN_FDS", arena_printf(a, "%d", m->n), 1) == 0 &&
	    setenv("LISTEN_FDNAMES", buf_str(&m->names), 1) == 0 &&
	    setenv("T2C_OLD_WORKERS", old_workers, 1) == 0;
}

void
listener_exec(struct arena *a, const char *program, char *const *argv,
    const char *old_workers, struct listener list[POOL__COUNT])
{
	struct moving m = {0};
	int failure;

	if (move_all(a, &m, list) && set_environment(a, &m, old_workers))
		execv(program, argv);
	failure = errno;
	clear_environment();
	while (m.copies > 0)
		close(FIRST_FD + --m.copies);
	errno = failure;
}

#include "base/base.h"

#include "sys/lock.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/time.h>
#include <unistd.h>

/* The alarm repeats: one that fires just before flock() starts to wait would
 * otherwise be lost, and the wait would never end. */
#define REPEAT_US 20000

const struct err *
lock_open(struct lock *l, const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return err_system(S_FILE, "%s: %s", path, strerror(errno));
	*l = (struct lock){.fd = fd, .opened = true};
	return NULL;
}

void
lock_close(struct lock *l)
{
	if (l->opened)
		close(l->fd);
	*l = (struct lock){0};
}

bool
lock_try(struct lock *l)
{
	assert(l->opened && !l->held);
	l->held = flock(l->fd, LOCK_EX | LOCK_NB) == 0;
	return l->held;
}

static void
wake_up(int signal_number UNUSED)
{
}

static void
set_alarm(int64_t first_us)
{
	struct itimerval t = {
	    .it_value =
	        {
	            .tv_sec = (time_t)(first_us / 1000000),
	            .tv_usec = (suseconds_t)(first_us % 1000000),
	        },
	    .it_interval = {.tv_usec = first_us > 0 ? REPEAT_US : 0},
	};

	setitimer(ITIMER_REAL, &t, NULL);
}

/* Waits in line; returns 0 or what stopped it. */
static int
wait_until(int fd, int64_t deadline_us)
{
	while (flock(fd, LOCK_EX) != 0) {
		if (errno != EINTR)
			return errno;
		if (clock_monotonic_us() >= deadline_us)
			return EINTR;
	}
	return 0;
}

const struct err *
lock_take(struct lock *l, int64_t timeout_ms)
{
	/* No SA_RESTART: the point is to interrupt. */
	const struct sigaction wake = {.sa_handler = wake_up};
	struct sigaction saved;
	sigset_t alarm_only;
	sigset_t mask;
	int64_t timeout_us = timeout_ms * 1000;
	int64_t deadline_us;
	int failure;

	assert(timeout_ms > 0);
	if (lock_try(l))
		return NULL;
	deadline_us = clock_monotonic_us() + timeout_us;
	sigemptyset(&alarm_only);
	sigaddset(&alarm_only, SIGALRM);
	sigaction(SIGALRM, &wake, &saved);
	sigprocmask(SIG_UNBLOCK, &alarm_only, &mask);
	set_alarm(timeout_us);
	failure = wait_until(l->fd, deadline_us);
	set_alarm(0);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	sigaction(SIGALRM, &saved, NULL);
	if (failure == EINTR)
		return err_system(S_BUSY,
		    "a lock was not free within %" PRId64 " ms", timeout_ms);
	if (failure != 0)
		return err_system(S_FILE, "flock: %s", strerror(failure));
	l->held = true;
	return NULL;
}

void
lock_release(struct lock *l)
{
	if (l->held)
		flock(l->fd, LOCK_UN);
	l->held = false;
}

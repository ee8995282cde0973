#include "base/base.h"

#include "sys/lock.h"

#include "temp.h"

#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

struct state {
	struct arena arena;
	const char *dir;
	const char *path;
};

static int
setup(void **state)
{
	static struct state s;

	s.dir = temp_dir(&s.arena);
	s.path = temp_path(&s.arena, s.dir, "lock");
	*state = &s;
	return 0;
}

static int
teardown(void **state)
{
	struct state *s = *state;

	temp_remove(s->dir);
	arena_done(&s->arena);
	return 0;
}

static void
test_two_openers_exclude_each_other(void **state)
{
	struct state *s = *state;
	struct lock a = {0};
	struct lock b = {0};

	ok(lock_open(&a, s->path));
	ok(lock_open(&b, s->path));
	ok(lock_take(&a, 100));
	assert_true(a.held);
	assert_false(lock_try(&b));
	lock_release(&a);
	assert_true(lock_try(&b));
	lock_release(&b);
	lock_close(&a);
	lock_close(&b);
	lock_close(&b);
}

static void
test_wait_ends_at_the_deadline(void **state)
{
	struct state *s = *state;
	struct lock a = {0};
	struct lock b = {0};

	ok(lock_open(&a, s->path));
	ok(lock_open(&b, s->path));
	ok(lock_take(&a, 100));
	fails(lock_take(&b, 10), S_BUSY);
	assert_false(b.held);
	lock_close(&a);
	lock_close(&b);
}

static void
on_alarm(int number UNUSED)
{
}

static void
test_alarm_is_as_before_after_a_wait(void **state)
{
	struct state *s = *state;
	const struct sigaction mine = {.sa_handler = on_alarm};
	struct itimerval timer;
	struct sigaction now;
	struct lock a = {0};
	struct lock b = {0};

	ok(lock_open(&a, s->path));
	ok(lock_open(&b, s->path));
	sigaction(SIGALRM, &mine, NULL);
	ok(lock_take(&a, 100));
	fails(lock_take(&b, 30), S_BUSY);
	sigaction(SIGALRM, NULL, &now);
	assert_true(now.sa_handler == on_alarm);
	signal(SIGALRM, SIG_DFL);
	assert_int_equal(getitimer(ITIMER_REAL, &timer), 0);
	assert_false(timerisset(&timer.it_value));
	lock_close(&a);
	lock_close(&b);
}

static void
test_holder_that_is_killed_frees_the_lock(void **state)
{
	struct state *s = *state;
	struct lock mine = {0};
	int ends[2];
	char c;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		struct lock theirs = {0};

		if (lock_open(&theirs, s->path) || lock_take(&theirs, 100) ||
		    write(ends[1], "x", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	assert_int_equal(read(ends[0], &c, 1), 1);
	ok(lock_open(&mine, s->path));
	assert_false(lock_try(&mine));
	kill(pid, SIGKILL);
	ok(lock_take(&mine, 5000));
	waitpid(pid, NULL, 0);
	lock_close(&mine);
	close(ends[0]);
	close(ends[1]);
}

static void
test_file_that_cannot_be_opened(void **state)
{
	struct state *s = *state;
	struct lock l = {0};

	fails(lock_open(&l, temp_path(&s->arena, s->dir, "no/lock")), S_FILE);
	assert_false(l.opened);
	lock_close(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_two_openers_exclude_each_other),
	    cmocka_unit_test(test_wait_ends_at_the_deadline),
	    cmocka_unit_test(test_alarm_is_as_before_after_a_wait),
	    cmocka_unit_test(test_holder_that_is_killed_frees_the_lock),
	    cmocka_unit_test(test_file_that_cannot_be_opened),
	};

	return cmocka_run_group_tests_name("lock", tests, setup, teardown);
}

#include "base/base.h"

#include "supervisor.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "core/pools.h"
#include "sys/config.h"
#include "web/fcgi.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define US_PER_SECOND INT64_C(1000000)
/* How often deadlines are looked at. */
#define TICK_US (US_PER_SECOND / 5)
/* nginx gives up at the deadline itself and so can send its page for it. */
#define DEADLINE_GRACE_US US_PER_SECOND
#define STOP_US (10 * US_PER_SECOND)
/* A worker that ends sooner, without having served anything, may be one that
 * cannot start at all. */
#define QUICK_US US_PER_SECOND
#define QUICK_DEATHS_FREE 3
#define FIRST_DELAY_US (US_PER_SECOND / 10)
#define MAX_DELAY_US (5 * US_PER_SECOND)
#define MAX_OLD_WORKERS 4096

struct worker {
	enum pool_kind kind;
	pid_t pid; /* 0: none runs */
	struct worker_slot *slot;
	int64_t started_us;
	int64_t stopped_us;  /* by SIGSTOP; 0: it runs */
	int64_t start_at_us; /* not before */
	int quick_deaths;    /* one after the other */
};

/* A worker of the release before. Its slot is lost with the old program, so
 * its deadline counts from when it was told to end. */
struct old_worker {
	enum pool_kind kind;
	pid_t pid;
	int64_t kill_at_us;
};

struct supervisor {
	const struct supervisor_start *start;
	const struct config *config;
	struct app app; /* with pools */
	struct pools pools;
	pid_t pid;
	struct worker *worker;
	size_t n_workers;
	LIST_OF(struct old_worker) old;
	pid_t preparing;     /* the check before an upgrade; 0: none */
	bool prepared;       /* the upgrade may happen */
	bool prepare_again;  /* a SIGHUP came meanwhile */
	int64_t kill_all_us; /* stopping; 0: not */
	sigset_t signals;
	struct arena scratch; /* of one turn of the loop */
};

static const char *
number(struct supervisor *s, int64_t n)
{
	return arena_printf(&s->scratch, "%" PRId64, n);
}

static int64_t
deadline_us(const struct supervisor *s, enum pool_kind kind)
{
	int64_t seconds = kind == POOL_CALLS ? s->config->call_deadline_s
	                                     : s->config->page_deadline_s;

	return seconds * US_PER_SECOND + DEADLINE_GRACE_US;
}

static void
close_others(const struct listener *list, enum pool_kind mine)
{
	int i;

	for (i = 0; i < POOL__COUNT; i++) {
		if (!list[i].wanted)
			continue;
		/* A lock that workers have open too would outlive a master
		 * that was killed. */
		close(list[i].lock.fd);
		if (i != (int)mine)
			close(list[i].socket);
	}
}

static void
ready_signals(void)
{
	static const int ignored[] = {SIGINT, SIGHUP, SIGPIPE};
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigset_t none;
	size_t i;

	/* Ctrl-C reaches a whole terminal; only the master obeys it. */
	for (i = 0; i < COUNT_OF(ignored); i++)
		sigaction(ignored[i], &ignore, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static NORETURN void
be_worker(struct supervisor *s, const struct worker *w)
{
	const struct listener *list = s->start->listeners;
	struct arena arena = ARENA_INIT;
	const struct err *e;
	int status;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != s->pid)
		_exit(0);
	prctl(PR_SET_NAME, w->kind == POOL_CALLS ? "t2c-calls" : "t2c-pages");
	close_others(list, w->kind);
	ready_signals();
	s->app.makes_calls = w->kind == POOL_CALLS;
	e = app_reopen(&arena, &s->app);
	if (e) {
		log_line(LOG_LEVEL_ERROR, "worker", "code",
		    code_info(e->code)->id, "message", e->message, "detail",
		    e->detail, NULL);
		_exit(code_info(e->code)->exit);
	}
	status = fcgi_worker_run(&s->app, list[w->kind].socket,
	    w->kind == POOL_CALLS, w->slot);
	arena_done(&arena);
	exit(status);
}

static void
start_worker(struct supervisor *s, struct worker *w, int64_t now_us)
{
	pid_t pid;

	atomic_store(&w->slot->busy_since_us, 0);
	atomic_store(&w->slot->requests, 0);
	pid = fork();
	if (pid == 0)
		be_worker(s, w);
	if (pid < 0) {
		log_line(LOG_LEVEL_ERROR, "fork", "detail", strerror(errno),
		    NULL);
		w->start_at_us = now_us + US_PER_SECOND;
		return;
	}
	w->pid = pid;
	w->started_us = now_us;
	w->stopped_us = 0;
}

static void
start_missing(struct supervisor *s)
{
	int64_t now_us = clock_monotonic_us();
	size_t i;

	for (i = 0; i < s->n_workers; i++) {
		if (s->worker[i].pid == 0 && s->worker[i].start_at_us <= now_us)
			start_worker(s, &s->worker[i], now_us);
	}
}

static const char *
describe(struct supervisor *s, int status)
{
	if (WIFSIGNALED(status))
		return arena_printf(&s->scratch, "signal %d (%s)",
		    WTERMSIG(status), strsignal(WTERMSIG(status)));
	return arena_printf(&s->scratch, "status %d", WEXITSTATUS(status));
}

static void
worker_ended(struct supervisor *s, struct worker *w, int status)
{
	int64_t now_us = clock_monotonic_us();
	int64_t requests = atomic_load(&w->slot->requests);
	bool well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	int64_t delay_us = 0;

	if (!well && requests == 0 && now_us - w->started_us < QUICK_US)
		w->quick_deaths++;
	else
		w->quick_deaths = 0;
	if (w->quick_deaths > QUICK_DEATHS_FREE) {
		int turns = w->quick_deaths - QUICK_DEATHS_FREE - 1;

		delay_us = turns < 6 ? FIRST_DELAY_US << turns : MAX_DELAY_US;
	}
	if (!well && !s->kill_all_us)
		log_line(LOG_LEVEL_WARNING, "worker-died", "pool",
		    pool_names[w->kind], "pid", number(s, w->pid), "how",
		    describe(s, status), "requests", number(s, requests),
		    "retry_ms", delay_us ? number(s, delay_us / 1000) : NULL,
		    NULL);
	w->pid = 0;
	w->start_at_us = now_us + delay_us;
}

static void
prepare_ended(struct supervisor *s, int status)
{
	s->preparing = 0;
	s->prepared = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	if (!s->prepared)
		log_line(LOG_LEVEL_ERROR, "upgrade-refused", "how",
		    describe(s, status), "program", s->start->program, NULL);
}

static void
child_changed(struct supervisor *s, pid_t pid, int status)
{
	bool ended = WIFEXITED(status) || WIFSIGNALED(status);
	size_t i;

	if (pid == s->preparing) {
		if (ended)
			prepare_ended(s, status);
		return;
	}
	for (i = 0; i < s->n_workers; i++) {
		struct worker *w = &s->worker[i];

		if (w->pid != pid)
			continue;
		if (ended)
			worker_ended(s, w, status);
		else
			w->stopped_us = WIFSTOPPED(status)
			    ? clock_monotonic_us()
			    : 0;
		return;
	}
	for (i = 0; ended && i < s->old.n; i++) {
		if (s->old.v[i].pid == pid) {
			s->old.v[i] = s->old.v[--s->old.n];
			return;
		}
	}
}

static void
reap(struct supervisor *s)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED)) >
	    0)
		child_changed(s, pid, status);
}

static void
kill_late(struct supervisor *s, enum pool_kind kind, pid_t pid)
{
	log_line(LOG_LEVEL_ERROR, "worker-killed", "pool", pool_names[kind],
	    "pid", number(s, pid), "reason", "past its deadline", NULL);
	kill(pid, SIGKILL);
}

static void
kill_overdue(struct supervisor *s)
{
	int64_t now_us = clock_monotonic_us();
	size_t i;

	for (i = 0; i < s->n_workers; i++) {
		struct worker *w = &s->worker[i];
		int64_t since_us = atomic_load(&w->slot->busy_since_us);

		/* One that was stopped while idle serves nobody either. */
		if (since_us == 0)
			since_us = w->stopped_us;
		if (w->pid != 0 && since_us != 0 &&
		    now_us - since_us > deadline_us(s, w->kind))
			kill_late(s, w->kind, w->pid);
	}
	for (i = 0; i < s->old.n; i++) {
		if (now_us > s->old.v[i].kill_at_us)
			kill_late(s, s->old.v[i].kind, s->old.v[i].pid);
	}
}

static void
signal_workers(struct supervisor *s, int signal)
{
	size_t i;

	for (i = 0; i < s->n_workers; i++) {
		if (s->worker[i].pid != 0)
			kill(s->worker[i].pid, signal);
	}
	for (i = 0; i < s->old.n; i++)
		kill(s->old.v[i].pid, signal);
	if (s->preparing)
		kill(s->preparing, signal);
}

static bool
any_left(const struct supervisor *s)
{
	size_t i;

	for (i = 0; i < s->n_workers; i++) {
		if (s->worker[i].pid != 0)
			return true;
	}
	return s->old.n > 0 || s->preparing;
}

static void
stop(struct supervisor *s)
{
	if (s->kill_all_us) {
		s->kill_all_us = clock_monotonic_us();
		return;
	}
	log_line(LOG_LEVEL_INFO, "stopping", NULL);
	s->kill_all_us = clock_monotonic_us() + STOP_US;
	signal_workers(s, SIGTERM);
}

/* The workers that are left to the next program: "pages 12 calls 34 ". */
static const char *
list_workers(struct supervisor *s)
{
	struct buf b;
	size_t i;

	buf_init(&b, &s->scratch, (size_t)64 * MAX_OLD_WORKERS);
	for (i = 0; i < s->n_workers; i++) {
		if (s->worker[i].pid != 0)
			buf_printf(&b, "%s %d ", pool_names[s->worker[i].kind],
			    (int)s->worker[i].pid);
	}
	for (i = 0; i < s->old.n; i++)
		buf_printf(&b, "%s %d ", pool_names[s->old.v[i].kind],
		    (int)s->old.v[i].pid);
	return buf_str(&b);
}

static struct slice
take_word(const char **text)
{
	struct slice word = {*text, strcspn(*text, " ")};

	*text += word.n;
	*text += strspn(*text, " ");
	return word;
}

static void
read_old_workers(struct arena *a, struct supervisor *s)
{
	const char *text = s->start->old_workers;

	while (*text && s->old.n < MAX_OLD_WORKERS) {
		struct slice pool = take_word(&text);
		struct slice pid = take_word(&text);
		int64_t n;

		if (slice_to_int(pid, 2, INT32_MAX, &n))
			*LIST_ADD(a, &s->old) = (struct old_worker){
			    slice_is(pool, pool_names[POOL_CALLS]) ? POOL_CALLS
			                                           : POOL_PAGES,
			    (pid_t)n, 0};
	}
}

/* They finish what they are at; the new ones take what comes. */
static void
retire_old_workers(struct supervisor *s)
{
	int64_t now_us = clock_monotonic_us();
	size_t i;

	for (i = 0; i < s->old.n; i++) {
		struct old_worker *old = &s->old.v[i];

		old->kill_at_us = now_us + deadline_us(s, old->kind);
		kill(old->pid, SIGTERM);
	}
}

static void
prepare_upgrade(struct supervisor *s)
{
	sigset_t none;
	pid_t pid;

	if (s->preparing) {
		s->prepare_again = true;
		return;
	}
	s->prepare_again = false;
	pid = fork();
	if (pid == 0) {
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		execv(s->start->program, s->start->prepare_argv);
		_exit(127);
	}
	if (pid < 0)
		log_line(LOG_LEVEL_ERROR, "fork", "detail", strerror(errno),
		    NULL);
	else
		s->preparing = pid;
}

static void
upgrade(struct supervisor *s)
{
	s->prepared = false;
	listener_exec(&s->scratch, s->start->program, s->start->argv,
	    list_workers(s), s->start->listeners);
	log_line(LOG_LEVEL_ERROR, "upgrade-refused", "detail", strerror(errno),
	    "program", s->start->program, NULL);
}

static void
obey(struct supervisor *s, int signal)
{
	if (signal == SIGTERM || signal == SIGINT)
		stop(s);
	else if (signal == SIGHUP && !s->kill_all_us)
		prepare_upgrade(s);
}

static void
serve(struct supervisor *s)
{
	const struct timespec tick = {.tv_nsec = TICK_US * 1000};

	for (;;) {
		reap(s);
		if (s->prepare_again && !s->preparing && !s->kill_all_us)
			prepare_upgrade(s);
		else if (s->prepared && !s->kill_all_us)
			upgrade(s);
		kill_overdue(s);
		if (!s->kill_all_us)
			start_missing(s);
		else if (!any_left(s))
			return;
		else if (clock_monotonic_us() >= s->kill_all_us)
			signal_workers(s, SIGKILL);
		arena_reset(&s->scratch);
		obey(s, sigtimedwait(&s->signals, NULL, &tick));
	}
}

static void
init_signals(struct supervisor *s)
{
	static const int wanted[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP};
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	const struct sigaction usual = {.sa_handler = SIG_DFL};
	size_t i;

	sigaction(SIGPIPE, &ignore, NULL);
	sigemptyset(&s->signals);
	for (i = 0; i < COUNT_OF(wanted); i++) {
		sigaddset(&s->signals, wanted[i]);
		/* Who started us may have left it ignored. */
		sigaction(wanted[i], &usual, NULL);
	}
	sigprocmask(SIG_BLOCK, &s->signals, NULL);
}

static bool
init_workers(struct arena *a, struct supervisor *s)
{
	const struct listener *list = s->start->listeners;
	struct worker_slot *slot;
	size_t i;

	if (list[POOL_PAGES].wanted)
		s->pools.pages = (size_t)s->config->page_workers;
	if (list[POOL_CALLS].wanted)
		s->pools.calls = (size_t)s->config->call_workers;
	s->n_workers = s->pools.pages + s->pools.calls;
	slot = mmap(NULL, s->n_workers * sizeof(*slot), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (slot == MAP_FAILED)
		return false;
	s->pools.slot = slot;
	s->app.pools = &s->pools;
	s->worker = arena_array(a, struct worker, s->n_workers);
	for (i = 0; i < s->n_workers; i++)
		s->worker[i] = (struct worker){.slot = &slot[i],
		    .kind = i < s->pools.pages ? POOL_PAGES : POOL_CALLS};
	return true;
}

int
supervisor_run(struct arena *a, const struct supervisor_start *start)
{
	struct supervisor *s = arena_new(a, struct supervisor);

	s->start = start;
	s->app = *start->app;
	s->config = start->app->config;
	s->pid = getpid();
	init_signals(s);
	if (!init_workers(a, s)) {
		log_line(LOG_LEVEL_ERROR, "start", "detail", strerror(errno),
		    NULL);
		return code_info(S_INTERNAL)->exit;
	}
	read_old_workers(a, s);
	start_missing(s);
	retire_old_workers(s);
	log_line(LOG_LEVEL_INFO, "started", "release", s->app.release, "pages",
	    number(s, (int64_t)s->pools.pages), "calls",
	    number(s, (int64_t)s->pools.calls), "replaced",
	    s->old.n ? number(s, (int64_t)s->old.n) : NULL, NULL);
	serve(s);
	arena_done(&s->scratch);
	log_line(LOG_LEVEL_INFO, "stopped", NULL);
	return 0;
}

#include "base/base.h"

#include "sys/child.h"

#include "base/buf.h"
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_FILES 32
/* Numbers of the x32 interface start here. */
#define X32_BIT 0x40000000u

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#endif

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static bool
limit(__rlimit_resource_t what, rlim_t value)
{
	struct rlimit l = {value, value};

	return setrlimit(what, &l) == 0;
}

/* No sockets, no processes, no looking into others. */
static bool
forbid_calls(void)
{
#ifdef ARCH
#define REFUSE BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
#define REFUSE_CALL(number)                                                    \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), REFUSE
	struct sock_filter filter[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
	        offsetof(struct seccomp_data, arch)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
	        offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1),
	    REFUSE,
	    REFUSE_CALL(__NR_socket),
	    REFUSE_CALL(__NR_socketpair),
	    REFUSE_CALL(__NR_connect),
	    REFUSE_CALL(__NR_clone),
	    REFUSE_CALL(__NR_clone3),
#ifdef __NR_fork
	    REFUSE_CALL(__NR_fork),
	    REFUSE_CALL(__NR_vfork),
#endif
	    REFUSE_CALL(__NR_ptrace),
	    REFUSE_CALL(__NR_process_vm_writev),
	    REFUSE_CALL(__NR_io_uring_setup),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
#undef REFUSE_CALL
#undef REFUSE
	struct sock_fprog program = {(unsigned short)COUNT_OF(filter), filter};

	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
#else
	return false;
#endif
}

/* In the child, from here to the program; nothing returns. */
static void NORETURN
become(const struct child *c, int input, int output)
{
	char *const environment[] = {NULL};
	int null = open("/dev/null", O_RDWR);

	if (null < 0 || dup2(input, 0) < 0 || dup2(output, 1) < 0 ||
	    dup2(null, 2) < 0 || chdir("/") != 0)
		_exit(126);
	if (syscall(SYS_close_range, 3u, ~0u, 0u) != 0)
		_exit(126);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		_exit(126);
	if (!limit(RLIMIT_AS, (rlim_t)c->memory) ||
	    !limit(RLIMIT_CPU, (rlim_t)c->cpu_s) ||
	    !limit(RLIMIT_FSIZE, (rlim_t)c->file_size) ||
	    !limit(RLIMIT_CORE, 0) || !limit(RLIMIT_NOFILE, MAX_FILES) ||
	    !forbid_calls())
		_exit(126);
	/* It takes them as they are, and changes none. */
	execve(c->argv[0], (char *const *)(uintptr_t)c->argv, environment);
	_exit(127);
}

/* The bytes as a file that nobody else sees; -1. */
static int
as_file(struct slice input)
{
	int fd = memfd_create("input", MFD_CLOEXEC);
	size_t done = 0;

	while (fd >= 0 && done < input.n) {
		ssize_t n = write(fd, input.p + done, input.n - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			close(fd);
			return -1;
		}
		done += (size_t)n;
	}
	if (fd >= 0 && lseek(fd, 0, SEEK_SET) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* What it says, until it ends, is late or says too much. */
static void
listen_to(const struct child *c, int fd, struct buf *b, struct child_end *ret)
{
	int64_t end = clock_monotonic_us() + c->deadline_ms * 1000;
	char piece[4096];

	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		int64_t left = (end - clock_monotonic_us()) / 1000;
		ssize_t n;

		if (left <= 0) {
			ret->is_late = true;
			return;
		}
		if (poll(&p, 1, left > 1000 ? 1000 : (int)left) <= 0)
			continue;
		n = read(fd, piece, sizeof(piece));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		buf_add(b, piece, (size_t)n);
		if (buf_full(b)) {
			ret->is_cut = true;
			return;
		}
	}
}

bool
child_run(struct arena *a, const struct child *c, struct child_end *ret)
{
	SCOPED(close_fd) int input = as_file(c->input);
	int ends[2];
	struct buf b;
	int status = 0;
	pid_t pid;

	*ret = (struct child_end){.status = -1};
	if (input < 0 || pipe2(ends, O_CLOEXEC) != 0)
		return false;
	pid = fork();
	if (pid == 0)
		become(c, input, ends[1]);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return false;
	}
	buf_init(&b, a, c->max_output);
	listen_to(c, ends[0], &b, ret);
	close(ends[0]);
	/* One that has closed its output but goes on is of no use. */
	if (ret->is_late || ret->is_cut)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	ret->output = buf_slice(&b);
	if (WIFEXITED(status))
		ret->status = WEXITSTATUS(status);
	return true;
}

#include "base/base.h"

#include "peer.h"

#include "base/str.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define MAX_REQUEST ((size_t)256 * 1024)
#define MAX_ANSWERS 32
#define PORT "{port}"

static void
send_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t sent = send(fd, p, n, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		p += sent;
		n -= (size_t)sent;
	}
}

/* Bytes of a request that is there whole, headers and body; 0 before. */
static size_t
whole(const char *request, size_t n)
{
	const char *end = strstr(request, "\r\n\r\n");
	const char *length = strstr(request, "Content-Length: ");
	size_t head = end ? (size_t)(end + 4 - request) : 0;
	int64_t body = 0;

	if (!end)
		return 0;
	if (length) {
		struct slice digits = {length + 16, strcspn(length + 16, "\r")};

		assert_true(slice_to_int(digits, 0, MAX_REQUEST, &body));
	}
	return n >= head + (size_t)body ? head + (size_t)body : 0;
}

/* The bytes, with the port in place of its name. */
static void
send_bytes(int fd, const char *bytes, int port)
{
	const char *at;
	char digits[16];

	(void)snprintf(digits, sizeof(digits), "%d", port);
	for (; (at = strstr(bytes, PORT)); bytes = at + strlen(PORT)) {
		send_all(fd, bytes, (size_t)(at - bytes));
		send_all(fd, digits, strlen(digits));
	}
	send_all(fd, bytes, strlen(bytes));
}

static void
answer(int fd, int port, const char *request, size_t n,
    const struct peer_answer *with)
{
	char head[100];
	size_t digits;

	if (with->bytes) {
		send_bytes(fd, with->bytes, port);
		return;
	}
	digits = (size_t)snprintf(head, sizeof(head),
	    "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", n);
	send_all(fd, head, digits);
	send_all(fd, request, n);
}

static bool
fits(const struct peer_answer *with, const char *path, const char *request)
{
	return str_starts(path, with->path) &&
	    (!with->has || strstr(request, with->has));
}

static void
serve(int fd, const struct peer *peer, const struct peer_answer *answers)
{
	static char request[MAX_REQUEST];
	size_t n = 0;
	ssize_t got;

	while ((got = read(fd, request + n, sizeof(request) - 1 - n)) > 0) {
		const struct peer_answer *with = answers;
		const char *path;

		/* TLS is not spoken here. */
		if (!chr_is_alpha(request[0]))
			return;
		n += (size_t)got;
		request[n] = '\0';
		if (whole(request, n) == 0)
			continue;
		path = strchr(request, ' ') + 1;
		while (with->path && !fits(with, path, request))
			with++;
		if (!with->path)
			return;
		__atomic_add_fetch(&peer->served[with - answers], 1,
		    __ATOMIC_SEQ_CST);
		answer(fd, peer->port, request, n, with);
		if (!with->keeps)
			return;
		n = 0;
	}
}

static void
run(int listener, const struct peer *peer, const struct peer_answer *answers)
{
	int fd;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGCHLD, SIG_IGN);
	/* Whoever has connected and not asked yet keeps nobody waiting. */
	while ((fd = accept(listener, NULL, NULL)) >= 0) {
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			serve(fd, peer, answers);
			_exit(0);
		}
		close(fd);
	}
	_exit(0);
}

void
peer_start(struct peer *peer, const struct peer_answer *answers)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(listener >= 0);
	assert_int_equal(bind(listener, (const struct sockaddr *)&address, n),
	    0);
	assert_int_equal(listen(listener, 16), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &n),
	    0);
	peer->port = ntohs(address.sin_port);
	peer->served = mmap(NULL, MAX_ANSWERS * sizeof(*peer->served),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(peer->served != MAP_FAILED);
	peer->pid = fork();
	assert_true(peer->pid >= 0);
	if (peer->pid == 0)
		run(listener, peer, answers);
	close(listener);
}

void
peer_stop(struct peer *peer)
{
	kill(peer->pid, SIGKILL);
	waitpid(peer->pid, NULL, 0);
	munmap(peer->served, MAX_ANSWERS * sizeof(*peer->served));
}

int
peer_served(const struct peer *peer, size_t answer)
{
	return peer->served[answer];
}

const char *
peer_url(struct arena *a, const struct peer *peer, const char *path)
{
	return arena_printf(a, "http://127.0.0.1:%d%s", peer->port, path);
}

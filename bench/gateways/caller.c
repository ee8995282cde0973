/*
 * Asks one thing again and again over a few connections, and says how long it
 * took: `caller PORT CONNECTIONS SECONDS WANTED REQUEST [HEAD]`. REQUEST is a
 * file with a request for HTTP/1.1; the sixteen @ in it, where there are any,
 * become another number each time. With HEAD, a file with the lines of a
 * header, the answer must be 303, and a call is over when the page that it
 * leads to is there. An answer counts if it has the text WANTED.
 *
 * Prints calls, seconds, and the 50th and 99th percentile in microseconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ANSWER_MAX (1024 * 1024)
#define CALLS_MAX 4000000
#define MARK "@@@@@@@@@@@@@@@@"

struct slot {
	int fd;
	bool follows; /* the second request of a call is under way */
	int64_t begun_us;
	size_t n;
	char answer[ANSWER_MAX + 1];
};

static int port;
static const char *wanted;
static char *request;
static char *head;
static uint64_t number;
static int32_t *times;
static size_t calls;

static int64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static char *
read_file(const char *name)
{
	FILE *f = fopen(name, "rb");
	char *text = calloc(1, ANSWER_MAX);

	if (!f || !text)
		err(2, "%s", name);
	if (fread(text, 1, ANSWER_MAX - 1, f) == 0)
		errx(2, "%s is empty", name);
	fclose(f);
	return text;
}

static void
dial(struct slot *s)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)port),
	    .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int one = 1;

	s->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (s->fd < 0 || connect(s->fd, (struct sockaddr *)&to, sizeof(to)))
		err(2, "port %d", port);
	setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
}

static void
say(struct slot *s, const char *text, size_t n)
{
	while (n > 0) {
		ssize_t sent = send(s->fd, text, n, MSG_NOSIGNAL);

		if (sent < 0)
			err(2, "sending");
		text += sent;
		n -= (size_t)sent;
	}
	s->n = 0;
}

static void
begin(struct slot *s)
{
	char digits[17];
	char *mark;

	snprintf(digits, sizeof(digits), "%016llx",
	    (unsigned long long)++number);
	mark = strstr(request, MARK);
	if (mark)
		memcpy(mark, digits, 16);
	s->follows = false;
	s->begun_us = now_us();
	say(s, request, strlen(request));
	if (mark)
		memcpy(mark, MARK, 16);
}

static const char *
field(const char *answer, const char *name)
{
	const char *at = strcasestr(answer, name);
	const char *end = strstr(answer, "\r\n\r\n");

	return at && at < end ? at + strlen(name) : NULL;
}

/* Whether all of the answer is there. */
static bool
is_whole(const struct slot *s)
{
	const char *body = strstr(s->answer, "\r\n\r\n");
	const char *length;

	if (!body)
		return false;
	body += 4;
	length = field(s->answer, "\r\nContent-Length:");
	if (length)
		return s->answer + s->n - body >= atol(length);
	return s->answer + s->n - body >= 7 &&
	    memcmp(s->answer + s->n - 7, "\r\n0\r\n\r\n", 7) == 0;
}

static void
end_call(struct slot *s)
{
	if (!strstr(s->answer, wanted))
		errx(2, "an answer without \"%s\":\n%.2000s", wanted,
		    s->answer);
	if (calls < CALLS_MAX)
		times[calls++] = (int32_t)(now_us() - s->begun_us);
}

static void
follow(struct slot *s)
{
	char text[4000];
	const char *to = field(s->answer, "\r\nLocation: ");

	if (strncmp(s->answer, "HTTP/1.1 303", 12) != 0 || !to)
		errx(2, "no redirect:\n%.2000s", s->answer);
	snprintf(text, sizeof(text), "GET %.*s HTTP/1.1\r\n%s\r\n",
	    (int)strcspn(to, "\r"), to, head);
	s->follows = true;
	say(s, text, strlen(text));
}

static void
receive(struct slot *s, bool go_on)
{
	ssize_t n = recv(s->fd, s->answer + s->n, ANSWER_MAX - s->n, 0);
	int one = 1;
	bool closes;

	/* Who sends in pieces and waits for each need not wait for long. */
	setsockopt(s->fd, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof(one));
	if (n <= 0)
		errx(2, "the connection was closed in an answer:\n%.2000s",
		    s->answer);
	s->n += (size_t)n;
	s->answer[s->n] = '\0';
	if (!is_whole(s))
		return;
	closes = field(s->answer, "\r\nConnection: close");
	if (closes) {
		close(s->fd);
		dial(s);
	}
	if (head && !s->follows) {
		follow(s);
		return;
	}
	end_call(s);
	s->begun_us = 0;
	if (go_on)
		begin(s);
}

static int
compare(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a;
	int32_t y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

int
main(int argc, char **argv)
{
	struct slot *slots;
	struct pollfd *polls;
	int64_t began;
	int64_t until;
	double seconds;
	int count;
	int busy;

	if (argc != 6 && argc != 7)
		errx(2, "usage: caller PORT CONNECTIONS SECONDS WANTED "
		        "REQUEST [HEAD]");
	port = atoi(argv[1]);
	count = atoi(argv[2]);
	wanted = argv[4];
	request = read_file(argv[5]);
	head = argc == 7 ? read_file(argv[6]) : NULL;
	number = (uint64_t)now_us() << 16;
	slots = calloc((size_t)count, sizeof(*slots));
	polls = calloc((size_t)count, sizeof(*polls));
	times = calloc(CALLS_MAX, sizeof(*times));
	if (!slots || !polls || !times)
		err(2, "memory");
	began = now_us();
	until = began + (int64_t)(atof(argv[3]) * 1e6);
	for (int i = 0; i < count; i++) {
		dial(&slots[i]);
		begin(&slots[i]);
	}
	for (busy = count; busy > 0;) {
		for (int i = 0; i < count; i++)
			polls[i] = (struct pollfd){
			    slots[i].begun_us ? slots[i].fd : -1, POLLIN, 0};
		if (poll(polls, (nfds_t)count, 30000) <= 0)
			errx(2, "no answer in 30 seconds");
		for (int i = 0; i < count; i++) {
			if (!polls[i].revents)
				continue;
			receive(&slots[i], now_us() < until);
			busy -= slots[i].begun_us == 0;
		}
	}
	seconds = (double)(now_us() - began) / 1e6;
	qsort(times, calls, sizeof(*times), compare);
	printf("calls=%zu seconds=%.3f p50_us=%d p99_us=%d\n", calls, seconds,
	    times[calls / 2], times[calls * 99 / 100]);
	return 0;
}

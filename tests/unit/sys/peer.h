/*
 * Another server, for tests of what asks servers: a child process on a port of
 * the loopback that answers with bytes that the test has written down.
 */
#ifndef T2C_TEST_PEER_H
#define T2C_TEST_PEER_H

#include "base/arena.h"

/* What is answered to a request for a path, the first that fits: bytes as they
 * go over the wire, in which {port} is the peer's own, or NULL for a body that
 * repeats the whole request. */
struct peer_answer {
	const char *path;
	const char *bytes;
	bool keeps;      /* the connection stays open after them */
	const char *has; /* only to requests that hold this text; NULL: any */
};

struct peer {
	int port;
	int pid;
	int *served; /* shared with the child */
};

/* The answers end with one that has no path. The child ends with peer_stop(),
 * or with this process. */
void peer_start(struct peer *peer, const struct peer_answer *answers);
void peer_stop(struct peer *peer);
/* How often the answer at that place of the list was given, until then. */
int peer_served(const struct peer *peer, size_t answer);
/* "http://127.0.0.1:PORT/…" */
const char *peer_url(struct arena *a, const struct peer *peer,
    const char *path);

#endif

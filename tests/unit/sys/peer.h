/*
 * Another server, for tests of what asks servers: a child process on a port of
 * the loopback that answers with bytes that the test has written down.
 */
#ifndef T2C_TEST_PEER_H
#define T2C_TEST_PEER_H

#include "base/arena.h"

/* What is answered to a request for a path, the first that fits: bytes as they
 * go over the wire, or NULL for a body that repeats the whole request. */
struct peer_answer {
	const char *path;
	const char *bytes;
	bool keeps;      /* the connection stays open after them */
	const char *has; /* only to requests that hold this text; NULL: any */
};

struct peer {
	int port;
	int pid;
};

/* The answers end with one that has no path. The child ends with peer_stop(),
 * or with this process. */
void peer_start(struct peer *peer, const struct peer_answer *answers);
void peer_stop(struct peer *peer);
/* "http://127.0.0.1:PORT/…" */
const char *peer_url(struct arena *a, const struct peer *peer,
    const char *path);

#endif

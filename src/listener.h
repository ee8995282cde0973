/*
 * A pool as the outside sees it: its listening socket, and the lock that says
 * that only one master serves the pool of a data directory. Both are made
 * here, or handed in: by systemd, or by the master of the release before, in
 * the same form (LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES).
 */
#ifndef T2C_LISTENER_H
#define T2C_LISTENER_H

#include "base/arena.h"
#include "base/err.h"
#include "sys/lock.h"

struct config;

enum pool_kind { POOL_PAGES, POOL_CALLS, POOL__COUNT };

extern const char *const pool_names[POOL__COUNT];

struct listener {
	bool wanted; /* by the caller: only these are opened */
	int socket;  /* listening; close-on-exec */
	struct lock lock;
};

/* What the environment hands in. The variables are taken out of it, so that
 * no child believes they are meant for it. */
struct handed {
	const char *name;
	int fd;
};
struct handover {
	LIST_OF(struct handed) fds;
	const char *old_workers; /* see listener_exec(); "" if none */
};
void handover_take(struct arena *a, struct handover *ret);

/* Takes the locks of the wanted pools: S_BUSY where another master holds one.
 * The data directory must exist. */
const struct err *listener_lock(struct arena *a, const struct config *config,
    const struct handover *h, struct listener list[POOL__COUNT]) MUST_USE;

/* The sockets: those handed in, else RUN/pages.sock and RUN/calls.sock (0660),
 * which replace what a master that died has left. S_CONFIG, S_FILE. */
const struct err *listener_open(struct arena *a, const struct config *config,
    const struct handover *h, struct listener list[POOL__COUNT]) MUST_USE;

/* Becomes the program, handing over all of the list and a text about the
 * workers that still run. Returns only if that fails, with errno set; the
 * list is then as usable as before. */
void listener_exec(struct arena *a, const char *program, char *const *argv,
    const char *old_workers, struct listener list[POOL__COUNT]);

#endif

/*
 * The master of the worker pools. It holds the sockets and the memory in
 * which workers say what they do; it forks workers, replaces those that end,
 * and kills those whose request runs past its deadline. It serves nothing
 * itself and has no database open.
 *
 * SIGTERM, SIGINT: workers finish their requests, for at most 10 seconds; a
 * second signal kills them.
 * SIGHUP: the program as it now is on disk checks itself (--prepare). If it is
 * content, the master becomes it by exec, keeping its process id, sockets and
 * locks; new workers start, then the old ones finish. If not, that is logged
 * and nothing changes.
 */
#ifndef T2C_SUPERVISOR_H
#define T2C_SUPERVISOR_H

#include "core/app.h"
#include "listener.h"

struct supervisor_start {
	const struct app *app;      /* closed: each worker reopens it */
	struct listener *listeners; /* POOL__COUNT of them, opened */
	const char *old_workers;    /* of struct handover */
	const char *program;        /* absolute path, for an upgrade */
	char *const *argv;          /* ended by NULL */
	char *const *prepare_argv;  /* the same and --prepare */
};

/* Serves until told to end; returns the process's exit status. Whatever it
 * allocates from the arena lives as long as the process. */
int supervisor_run(struct arena *a, const struct supervisor_start *start);

#endif

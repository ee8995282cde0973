/*
 * A program that is run once to look at some bytes: without network, without
 * children of its own, within limits of memory, time and what it may write to
 * files, and with nothing of our environment. It reads the bytes from its
 * standard input; what it says on its standard output comes back.
 */
#ifndef T2C_CHILD_H
#define T2C_CHILD_H

#include "base/str.h"

struct child {
	const char *const *argv; /* [0] is the absolute path; NULL ends it */
	struct slice input;
	size_t max_output;   /* bytes; more ends the child */
	int64_t deadline_ms; /* after which it is killed */
	int64_t cpu_s;
	uint64_t memory;    /* bytes of address space */
	uint64_t file_size; /* bytes of any file that it writes; 0: none */
};

struct child_end {
	struct slice output; /* in the arena */
	int status;          /* its exit status; -1: it was killed */
	bool is_late;        /* by us, at its deadline */
	bool is_cut;         /* it said more than it may */
};

/* Runs it and waits. False: no child could be started. A program that is not
 * there ends with status 127. */
bool child_run(struct arena *a, const struct child *c, struct child_end *ret)
    MUST_USE;

#endif

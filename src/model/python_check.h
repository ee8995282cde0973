/*
 * CPython's own opinion of code: it is compiled, and never run, in a child
 * without network and within limits (sys/child.h). It finds what a grammar
 * does not: a return outside a function, a parameter twice, a name that is
 * global too late.
 */
#ifndef T2C_PYTHON_CHECK_H
#define T2C_PYTHON_CHECK_H

#include "gate/gate.h"

/* Adds what Python says, each cell of a notebook on its own. Where there is no
 * python3 (of the system: those of PATH are nobody's promise), or it cannot be
 * started, that is the remark G_UNCHECKED. */
void python_check(struct arena *a, struct slice code,
    struct gate_report *report);
/* The same with another program; NULL: there is none. */
void python_check_with(struct arena *a, const char *program, struct slice code,
    struct gate_report *report);

#endif

/*
 * What of the tests that a model wrote is the compiler's own. The statements
 * at the top of a file are compared, word for word, with those of the compiled
 * tests of the same plan: these load the code under test, which takes exec(),
 * and make tables of their own, which takes SQL that is put together. A
 * statement that is there as it was needs no reading; one that is changed, or
 * that uses a name which the file gives another meaning, is read like any
 * other. Internal to src/gate, but for frame_text().
 */
#ifndef T2C_GATE_FRAME_H
#define T2C_GATE_FRAME_H

#include "gate/program.h"

/* A statement at the top, or several on one line. */
struct chunk {
	size_t first; /* line, from 1 */
	size_t last;
	struct slice text; /* without blank lines and comments behind it */
	const char *name;  /* what it defines; "" */
	bool is_import;
	bool is_given; /* it stands so in the compiled tests, and is safe */
};

struct frame {
	struct chunk *v;
	size_t n;
	size_t cap;
	bool is_broken; /* a statement that was given has lost its meaning */
};

/* Which statements of the tests, which p has read, are given. Says in p's
 * report which name it is where one of them loses its meaning. */
void frame_read(struct program *p, struct slice tests, struct slice compiled,
    struct frame *ret);
bool frame_holds(const struct frame *f, size_t line);

/* What tests of a model begin with: of the compiled tests, the imports, and
 * what loads the code and makes sessions, tables and views. */
const char *frame_text(struct arena *a, struct slice compiled) RETURNS_NONNULL;

#endif

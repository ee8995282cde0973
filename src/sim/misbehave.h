/*
 * What a simulated model does wrong when it is told to. Some of it is in the
 * text, some in how the text is sent.
 */
#ifndef T2C_SIM_MISBEHAVE_H
#define T2C_SIM_MISBEHAVE_H

#include "base/buf.h"

/* The names, up to NULL; "none" is the first. */
extern const char *const misbehaviours[];
bool misbehaviour_known(const char *name);

/*
 * The text as this misbehaviour has it; most leave it as it is.
 * - fence: the code, or the tests, in a fenced block of Markdown
 * - prose: the same with sentences around it
 * - wrong_column: two columns of the target change places; in tests, two of
 *   those that they expect
 * - obey: what stands after "INSTRUCTION: " in the prompt ends the code
 * - python2: a print statement of Python 2 ends the code
 */
struct slice misbehave_text(struct arena *a, const char *misbehaviour,
    struct slice code, struct slice prompt);

#endif

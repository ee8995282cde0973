/*
 * What a model is told to write code for a plan: who it is (instructions), then
 * the pattern's prompt, the options, the parameters and the sheet, then what
 * the person adds. The same plan and wishes give the same bytes.
 *
 * The sheet is data. It stands between two lines with a word that is the hash
 * of what is between them, so that nothing in it can end the block; no other
 * part of the text comes from a cell, but for code that a model wrote, which
 * stands between such lines as well. That a model minds this is not relied on:
 * gate/gate.h reads what it writes.
 */
#ifndef T2C_PROMPT_H
#define T2C_PROMPT_H

#include "model/chat.h"
#include "model/contract.h"

struct prompt {
	const char *instructions;
	const char *text;
	size_t sheet_bytes; /* of the sheet within it: of the columns that are
	                       understood and not empty */
};

/* Of which tests are wanted. */
struct prompt_code {
	struct slice text;
	const char *frame;
};

/* instructions "": those of this program. */
void prompt_make(struct arena *a, const struct plan *plan,
    const struct contract *contract, const struct plan_options *options,
    const char *instructions, const char *wishes, struct prompt *ret);
/* What is asked for once code for the plan has passed: tests of it, which
 * begin with the frame (gate/tests.h). contract: what of it the code has. */
void prompt_tests(struct arena *a, const struct plan *plan,
    const struct contract *contract, const struct plan_options *options,
    const struct prompt_code *code, const char *wishes, struct prompt *ret);
const char *prompt_repair_tests(struct arena *a, const char *findings)
    RETURNS_NONNULL;
/* What follows an answer that has faults, one a line of the text. */
const char *prompt_repair(struct arena *a, const char *findings)
    RETURNS_NONNULL;
/* What is asked for rows of a sheet in place of code: those that the wishes
 * describe, or, without wishes, those whose transformation is no expression
 * but words. The sheet may have errors. */
void prompt_propose(struct arena *a, const struct mapping *mapping,
    const char *wishes, struct prompt *ret);
const char *prompt_repair_rows(struct arena *a, const char *findings)
    RETURNS_NONNULL;
/* The CSV of an answer to that: its first fenced block, else all of it. */
struct slice prompt_rows(struct slice answer);

#endif

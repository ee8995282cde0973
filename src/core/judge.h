/*
 * What a model's answer is worth: its code, without what stands around it, and
 * what the gate says of that.
 */
#ifndef T2C_JUDGE_H
#define T2C_JUDGE_H

#include "gate/tests.h"
#include "model/contract.h"

struct judged {
	bool refused;
	struct slice code;  /* empty where the answer has none */
	const char *words;  /* "passed with remarks" */
	const char *told;   /* the findings for the model, one a line */
	const char *report; /* the same as JSON, see core/answers.h */
};

/* contract: what the compiled tests of the plan need. */
void judge(struct arena *a, const struct plan *plan,
    const struct contract *contract, struct slice answer, struct judged *ret);

/* Tests that are written for code that has passed; see gate/tests.h. */
void judge_tests(struct arena *a, const struct gate_tested *about,
    struct slice answer, struct judged *ret);

/* Rows that are proposed for the sheet: refused where they are no sheet. What
 * is wrong with one of them is told where they are shown. */
void judge_rows(struct arena *a, struct slice sheet, struct slice answer,
    struct judged *ret);

#endif

/*
 * The gate: what PySpark that a language model wrote must pass before a person
 * sees it as usable. It is read, never run, and compared with the plan of the
 * same sheet: is each target column made of its source columns, is every table
 * one of the mapping, is nothing called, imported or asked of SQL that such a
 * load has no need of.
 *
 * Lists say what is allowed (modules, names, attributes, functions of SQL,
 * settings); what is on none of them is refused, however it is spelled. What
 * would be dangerous, or contradicts the plan, is refused; what cannot be told
 * by reading is a remark, and the person looks. So a pass says "nothing was
 * found", not "it is right": that is what the tests are for.
 *
 * Tables are followed through constants, parameters of functions and widgets;
 * a widget may get another value when the notebook runs, as those of compiled
 * code may. The same bytes give the same report.
 */
#ifndef T2C_GATE_H
#define T2C_GATE_H

#include "plan/plan.h"

#define GATE_MAX_BYTES ((size_t)512 * 1024)
#define GATE_MAX_FINDINGS 50 /* more are not told */

enum gate_verdict { GATE_PASSED, GATE_REMARKS, GATE_REFUSED };

struct gate_finding {
	enum err_code code;  /* G…; its severity: an error refuses */
	size_t line;         /* of the code, from 1; 0: the code as a whole */
	const char *message; /* this case in one sentence */
	const char *fix;     /* what to do; never NULL */
};

struct gate_report {
	enum gate_verdict verdict;
	struct gate_finding *v; /* by line */
	size_t n;
	size_t cap;
};

/* Code in Databricks' notebook format, or plain Python. Any bytes. The plan is
 * one that was made without errors. */
void gate_check(struct arena *a, struct slice code, const struct plan *plan,
    struct gate_report *ret);

/* Adds a finding that somebody else made; the verdict follows. */
void gate_add(struct arena *a, struct gate_report *report, enum err_code code,
    size_t line, const char *message);
/* "passed", "passed with remarks", "refused" */
const char *gate_verdict_name(enum gate_verdict verdict) RETURNS_NONNULL;

#endif

/*
 * What the compiled tests of a plan use of the code: its functions and the
 * constants for its tables. Code that a model writes by these names is tested
 * by them, too: what they expect was computed from the sheet, so it proves the
 * code of whoever wrote it.
 */
#ifndef T2C_CONTRACT_H
#define T2C_CONTRACT_H

#include "gate/gate.h"

struct contract_item {
	const char *name;       /* "transform_orders", "SOURCE_ORDERS" */
	const char *parameters; /* "orders, customers"; NULL: a constant */
	size_t count;           /* of parameters */
};

struct contract {
	struct contract_item *v;
	size_t n;
	size_t cap;
};

/* From compiled code and its tests; nothing where there are no tests. */
void contract_read(struct arena *a, struct slice code, struct slice tests,
    struct contract *ret);
/* Those items that other code has, too. */
void contract_keep(struct arena *a, const struct contract *contract,
    struct slice code, struct contract *ret);
/* Adds a remark for each item that other code lacks, or has otherwise. */
void contract_check(struct arena *a, const struct contract *contract,
    struct slice code, struct gate_report *report);

#endif

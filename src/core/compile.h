/*
 * The whole way from the bytes of a sheet to checked code. Stores nothing:
 * the pages, the API and the command line decide what to do with the result.
 */
#ifndef T2C_COMPILE_H
#define T2C_COMPILE_H

#include "emit/tests.h"
#include "plan/plan.h"

struct compiled {
	struct mapping mapping;
	struct plan plan;
	struct problems problems; /* sorted; the sheet's, else the plan's */
	bool has_sheet;           /* the mapping can be looked at */
	struct slice code;        /* empty where there are errors */
	struct slice tests;       /* of the code; see emit/tests.h */
	struct untested_list untested;
	const char *plan_json;
	const char *source_map; /* JSON, see emit/source_map.h */
	int64_t duration_us;
};

/* Reads and checks only. */
void compile_check(struct arena *a, struct slice sheet, struct compiled *ret);

/* Everything. Errors in the sheet or the options are problems in *ret, not a
 * failure, as is a pattern that is a prompt alone (P_PROMPT_ONLY);
 * S_CODE_BROKEN is our bug, P_TOO_LARGE a limit. */
const struct err *compile_run(struct arena *a, struct slice sheet,
    const char *name, const struct pattern *pattern,
    const struct plan_options *options, const char *release,
    struct compiled *ret) MUST_USE;

/* What the code of a model is held against: as compile_run(), and for a prompt
 * alone, too. There the tests are those of the transforms, and the code is
 * what a full load would be: it says how functions are called, and nobody asked
 * for it. */
const struct err *compile_for_model(struct arena *a, struct slice sheet,
    const char *name, const struct pattern *pattern,
    const struct plan_options *options, const char *release,
    struct compiled *ret) MUST_USE;

/* As compile_for_model(), but what comes out is not parsed: for whoever has had
 * all of it from there before. Parsing is nine tenths of that one's time. */
const struct err *compile_again(struct arena *a, struct slice sheet,
    const char *name, const struct pattern *pattern,
    const struct plan_options *options, const char *release,
    struct compiled *ret) MUST_USE;

/* The base name of a file without its last ending: "orders" for
 * "/tmp/orders.csv". */
const char *compile_base_name(struct arena *a, const char *path);

#endif

/*
 * Plans of the sample sheets, and the gate's report in words.
 */
#ifndef T2C_TEST_GATING_H
#define T2C_TEST_GATING_H

#include "core/compile.h"
#include "core/patterns.h"
#include "gate/gate.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Orders, merged by their key. */
#define GATING_SHEET                                                           \
	"source_table,source_column,target_table,target_column,"               \
	"transformation,role\n"                                                \
	"shop.bronze.orders,order_id,shop.silver.orders,order_id,,key\n"       \
	"shop.bronze.orders,status,shop.silver.orders,status,"                 \
	"lower(status),\n"                                                     \
	"shop.bronze.orders,updated_at,shop.silver.orders,updated_at,,"        \
	"sequence\n"

/* The folder with patterns/ and samples/. */
const char *gating_top(void);
void gating_patterns(struct arena *a, struct patterns *ret);
/* Compiles the sheet; "prompt" is a pattern that is a prompt alone; options is
 * "name=value name=value" or "". */
void gating_compile(struct arena *a, const struct patterns *patterns,
    const char *pattern, const char *sheet, const char *options,
    struct compiled *ret);
/* The findings, one a line. */
const char *gating_words(struct arena *a, const struct gate_report *report);

#endif

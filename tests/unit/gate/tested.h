/*
 * Tests of one load in many honest styles, and others that do more than test;
 * each goes behind the frame of the compiled tests.
 */
#ifndef T2C_TEST_TESTED_H
#define T2C_TEST_TESTED_H

#include <stdbool.h>
#include <stddef.h>

#define TESTED_SHEET                                                           \
	"source_table,source_column,target_table,target_column,"               \
	"transformation,role,join,filter\n"                                    \
	"a.b.orders o,order_id,a.c.orders,order_id,,key,,\n"                   \
	"a.b.orders o,status,a.c.orders,status,lower(o.status),,,"             \
	"o.kind = 'web'\n"                                                     \
	"a.b.people p,name,a.c.orders,customer,p.name,,"                       \
	"o.person = p.id,\n"

struct honest {
	const char *text;
	const char *found; /* remarks: "G131:0", "" for none */
};

extern const struct honest honest_tests[];
extern const size_t honest_tests_count;

/* What is refused behind the frame. */
struct refused {
	const char *text;
	const char *found; /* a code that is among the findings */
};

extern const struct refused refused_tests[];
extern const size_t refused_tests_count;

extern const struct refused shaped_tests[];
extern const size_t shaped_tests_count;

/* Code under test, and a test that may be refused for what it asks of that. */
struct tested_code {
	const char *code;
	const char *test;
	bool refused;
};

extern const struct tested_code tested_codes[];
extern const size_t tested_codes_count;

/* Parts of the frame, and what takes their place. */
struct changed {
	const char *was;
	const char *is;
};

extern const struct changed changed_frames[];
extern const size_t changed_frames_count;

#endif

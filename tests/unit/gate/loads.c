/*
 * tests/golden/gate/: loads of a model. Those of refused_*.txt try to get past
 * the gate: each is an honest load with the statements of a case behind it, and
 * none passes. The others are whole: those of wrong_*.txt do not pass either,
 * those of remarked_*.txt not without a remark, and those of honest_*.txt pass.
 * A case starts with a line "#: what it does"; lines before the first are a
 * comment.
 */
#include "base/base.h"

#include "gating.h"

#include "base/buf.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#define CASES "tests/golden/gate"
#define CASE "#:"
#define MAX_CASE ((size_t)64 * 1024)

static const char load[] =
    "from pyspark.sql import functions as F\n"
    "from delta.tables import DeltaTable\n"
    "rows = spark.read.table('shop.bronze.orders').select(\n"
    "    'order_id', F.lower('status').alias('status'), 'updated_at')\n"
    "target = DeltaTable.forName(spark, 'shop.silver.orders')\n"
    "(target.alias('t').merge(rows.alias('s'), 't.order_id = s.order_id')\n"
    "    .whenMatchedUpdateAll().whenNotMatchedInsertAll().execute())\n";

struct loads {
	struct arena kept;
	struct compiled compiled;
	const char *before; /* what a case stands behind */
	/* What has to become of them: */
	enum gate_verdict least;
	enum gate_verdict most;
	size_t cases;
	size_t wrong;
};

static void
end_case(struct loads *l, const char *file, size_t line, const char *text)
{
	struct arena a = ARENA_INIT;
	struct gate_report report;

	gate_check(&a, slice_of(arena_printf(&a, "%s%s", l->before, text)),
	    &l->compiled.plan, &report);
	l->cases++;
	if (report.verdict < l->least || report.verdict > l->most) {
		l->wrong++;
		print_message("%s:%zu\n%s%s\n", file, line, text,
		    gating_words(&a, &report));
	}
	arena_done(&a);
}

static void
read_cases(struct loads *l, const char *file)
{
	struct arena a = ARENA_INIT;
	const char *path = arena_printf(&a, "%s/" CASES "/%s", gating_top(),
	    file);
	FILE *f = fopen(path, "r");
	struct buf statements;
	char *line = NULL;
	size_t size = 0;
	size_t at = 0;
	size_t n;

	assert_non_null(f);
	buf_init(&statements, &a, MAX_CASE);
	for (n = 1; getline(&line, &size, f) >= 0; n++) {
		if (!str_starts(line, CASE)) {
			buf_add_str(&statements, line);
			continue;
		}
		if (at > 0)
			end_case(l, file, at, buf_str(&statements));
		buf_init(&statements, &a, MAX_CASE);
		at = n;
	}
	end_case(l, file, at, buf_str(&statements));
	free(line);
	assert_int_equal(fclose(f), 0);
	arena_done(&a);
}

static void
check_all(const char *prefix, const char *before, enum gate_verdict least,
    enum gate_verdict most)
{
	struct loads l = {.before = before, .least = least, .most = most};
	struct patterns patterns;
	const struct dirent *entry;
	DIR *d;

	gating_patterns(&l.kept, &patterns);
	gating_compile(&l.kept, &patterns, "merge", GATING_SHEET, "",
	    &l.compiled);
	d = opendir(arena_printf(&l.kept, "%s/" CASES, gating_top()));
	assert_non_null(d);
	while ((entry = readdir(d))) {
		if (str_starts(entry->d_name, prefix))
			read_cases(&l, entry->d_name);
	}
	closedir(d);
	print_message("%zu cases\n", l.cases);
	assert_true(l.cases > 0);
	assert_int_equal(l.wrong, 0);
	arena_done(&l.kept);
}

static void
test_refused(void **state)
{
	(void)state;
	check_all("refused_", load, GATE_REFUSED, GATE_REFUSED);
}

static void
test_wrong(void **state)
{
	(void)state;
	check_all("wrong_", "", GATE_REFUSED, GATE_REFUSED);
}

static void
test_remarked(void **state)
{
	(void)state;
	check_all("remarked_", "", GATE_REMARKS, GATE_REFUSED);
}

static void
test_honest(void **state)
{
	(void)state;
	check_all("honest_", "", GATE_PASSED, GATE_REMARKS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_wrong),
	    cmocka_unit_test(test_remarked),
	    cmocka_unit_test(test_honest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Tests that a model wrote: honest ones in many styles pass, and what does
 * more than test is refused.
 */
#include "base/base.h"

#include "gating.h"

#include "base/buf.h"
#include "gate/tests.h"
#include "model/contract.h"
#include "sys/files.h"
#include "tested.h"

#include <string.h>

struct fixture {
	struct arena arena;
	struct patterns patterns;
	struct compiled compiled;
	const char *frame;
};

static int
setup(void **state)
{
	static struct fixture f;

	gating_patterns(&f.arena, &f.patterns);
	gating_compile(&f.arena, &f.patterns, "full_load", TESTED_SHEET, "",
	    &f.compiled);
	f.frame = gate_tests_frame(&f.arena, f.compiled.tests);
	*state = &f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	arena_done(&f->arena);
	err_clear();
	return 0;
}

static void
judge(struct arena *a, const struct compiled *compiled, const char *tests,
    struct gate_report *ret)
{
	const struct gate_tested about = {.plan = &compiled->plan,
	    .code = compiled->code,
	    .compiled = compiled->tests};

	gate_check_tests(a, slice_of(tests), &about, ret);
}

/* The code, and the line behind the frame; whole: in the whole file. */
static const char *
found_words(struct arena *a, const struct gate_report *report)
{
	struct buf b;
	size_t i;

	buf_init(&b, a, 10000);
	for (i = 0; i < report->n; i++)
		buf_printf(&b, "%s ", code_info(report->v[i].code)->id);
	return buf_str(&b);
}

static void
test_honest_tests_pass(void **state)
{
	struct fixture *f = *state;
	struct arena a = ARENA_INIT;
	size_t wrong = 0;
	size_t i;

	assert_true(honest_tests_count >= 40);
	for (i = 0; i < honest_tests_count; i++) {
		const struct honest *h = &honest_tests[i];
		struct slice wanted = {h->found, strcspn(h->found, ":")};
		struct gate_report report;
		const char *found;
		bool right;

		judge(&a, &f->compiled,
		    arena_printf(&a, "%s%s", f->frame, h->text), &report);
		found = found_words(&a, &report);
		right = report.verdict != GATE_REFUSED &&
		    (wanted.n == 0
		            ? found[0] == '\0'
		            : strstr(found, slice_dup(&a, wanted)) != NULL);
		if (!right) {
			wrong++;
			print_message("%s\n--- %s%s\n", h->text, found,
			    gating_words(&a, &report));
		}
		arena_reset(&a);
	}
	print_message("%zu honest styles\n", honest_tests_count);
	assert_int_equal(wrong, 0);
	arena_done(&a);
}

/* A test that loads into tables of its own, of any compiled code; without
 * those it is refused. */
static const char *
load_of(struct arena *a, const struct compiled *compiled, bool redirects)
{
	struct contract contract;
	struct buf b;

	contract_read(a, compiled->code, compiled->tests, &contract);
	buf_init(&b, a, 1 << 20);
	buf_printf(&b, "%sdef test_load(code, place, monkeypatch):\n",
	    gate_tests_frame(a, compiled->tests));
	for (size_t i = 0; i < contract.n; i++) {
		if (!contract.v[i].parameters && redirects)
			buf_printf(&b,
			    "    monkeypatch.setattr(code, '%s', "
			    "place('table'))\n",
			    contract.v[i].name);
	}
	for (size_t i = 0; i < contract.n; i++) {
		if (str_starts(contract.v[i].name, "load_"))
			buf_printf(&b, "    code.%s()\n", contract.v[i].name);
	}
	buf_add_str(&b, "    assert code\n");
	return buf_str(&b);
}

static void
test_compiled_tests_pass(void **state)
{
	static const char *const cases[][3] = {
	    {"full_load", "samples/sales_full_load.csv", ""},
	    {"incremental", "samples/orders_incremental.csv", ""},
	    {"merge", "samples/order_lines_merge.csv", ""},
	    {"scd2", "samples/customers_scd2.csv", ""},
	    {"scd1_snapshot", "patterns/scd1_snapshot/example.csv", ""},
	    {"change_feed", "patterns/change_feed/example.csv",
	        "deleted=is_deleted"},
	};
	struct fixture *f = *state;
	struct arena a = ARENA_INIT;
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++) {
		struct gate_report report;
		struct compiled compiled;
		struct slice sheet;

		assert_null(file_read(&a,
		    arena_printf(&a, "%s/%s", gating_top(), cases[i][1]),
		    1024 * 1024, &sheet));
		gating_compile(&a, &f->patterns, cases[i][0],
		    slice_dup(&a, sheet), cases[i][2], &compiled);
		judge(&a, &compiled, slice_dup(&a, compiled.tests), &report);
		if (report.verdict == GATE_REFUSED)
			fail_msg("%s: %s", cases[i][1],
			    gating_words(&a, &report));
		judge(&a, &compiled, load_of(&a, &compiled, true), &report);
		if (report.verdict == GATE_REFUSED)
			fail_msg("%s: %s", cases[i][1],
			    gating_words(&a, &report));
		judge(&a, &compiled, load_of(&a, &compiled, false), &report);
		assert_non_null(strstr(found_words(&a, &report), "G111"));
		arena_reset(&a);
	}
	arena_done(&a);
}

static void
check_refused(struct fixture *f, const struct refused *list, size_t n)
{
	struct arena a = ARENA_INIT;
	size_t wrong = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		const struct refused *r = &list[i];
		struct gate_report report;
		const char *found;

		judge(&a, &f->compiled,
		    arena_printf(&a, "%s%s", f->frame, r->text), &report);
		found = found_words(&a, &report);
		if (report.verdict != GATE_REFUSED ||
		    !strstr(found, r->found)) {
			wrong++;
			print_message("%s--- not %s: %s\n", r->text, r->found,
			    gating_words(&a, &report));
		}
		arena_reset(&a);
	}
	print_message("%zu that are refused\n", n);
	assert_int_equal(wrong, 0);
	arena_done(&a);
}

static void
test_others_are_refused(void **state)
{
	check_refused(*state, refused_tests, refused_tests_count);
}

static void
test_other_shapes_are_refused(void **state)
{
	check_refused(*state, shaped_tests, shaped_tests_count);
}

/* What tests hand to code, and what it does when it is loaded. */
static void
test_what_code_takes(void **state)
{
	struct fixture *f = *state;
	struct compiled compiled = f->compiled;
	struct arena a = ARENA_INIT;
	size_t wrong = 0;
	size_t i;

	for (i = 0; i < tested_codes_count; i++) {
		const struct tested_code *c = &tested_codes[i];
		struct gate_report report;

		compiled.code = slice_of(arena_printf(&a,
		    "from pyspark.sql import functions as F\n\n%s", c->code));
		judge(&a, &compiled,
		    arena_printf(&a, "%s%s", f->frame, c->test), &report);
		if ((report.verdict == GATE_REFUSED) != c->refused) {
			wrong++;
			print_message("%s\n%s--- %s\n", c->code, c->test,
			    gating_words(&a, &report));
		}
		arena_reset(&a);
	}
	assert_int_equal(wrong, 0);
	arena_done(&a);
}

static const char *
replaced(struct arena *a, const char *text, const char *was, const char *is)
{
	const char *at = strstr(text, was);

	if (!at)
		fail_msg("no %s in the frame", was);
	return arena_printf(a, "%.*s%s%s", (int)(at - text), text, is,
	    at + strlen(was));
}

/* A frame with another word in it has no trust left. */
static void
test_a_changed_frame_is_refused(void **state)
{
	static const char good[] =
	    "def test_x(code, spark):\n"
	    "    assert code.transform_orders(spark.range(1), "
	    "spark.range(1))\n";
	struct fixture *f = *state;
	struct arena a = ARENA_INIT;
	struct gate_report report;
	size_t i;

	judge(&a, &f->compiled, arena_printf(&a, "%s%s", f->frame, good),
	    &report);
	assert_int_not_equal(report.verdict, GATE_REFUSED);
	for (i = 0; i < changed_frames_count; i++) {
		const struct changed *c = &changed_frames[i];

		judge(&a, &f->compiled,
		    arena_printf(&a, "%s%s",
		        replaced(&a, f->frame, c->was, c->is), good),
		    &report);
		if (report.verdict != GATE_REFUSED)
			fail_msg("%s", c->is);
	}
	/* Without it nothing loads the code. */
	judge(&a, &f->compiled, good, &report);
	assert_non_null(strstr(found_words(&a, &report), "G128"));
	arena_done(&a);
}

/* Whatever stands in a cell of its tables, the compiled tests stay themselves
 * or are not taken for that. */
static void
test_changed_compiled_tests_are_refused(void **state)
{
	struct fixture *f = *state;
	struct arena a = ARENA_INIT;
	const char *tests = slice_dup(&a, f->compiled.tests);
	struct gate_report report;

	judge(&a, &f->compiled,
	    replaced(&a, tests, "\"order_id\": \"string\"",
	        "\"order_id\": \"int), reflect('a', 'b') --\""),
	    &report);
	assert_int_equal(report.verdict, GATE_REFUSED);
	judge(&a, &f->compiled,
	    arena_printf(&a,
	        "%s\n\ndef test_x(spark):\n    assert table(spark, 'x')\n",
	        tests),
	    &report);
	assert_int_equal(report.verdict, GATE_REFUSED);
	assert_non_null(strstr(found_words(&a, &report), "G134"));
	arena_done(&a);
}

/* Code that keeps the name of its target, whatever a test sets. */
static void
test_targets_that_cannot_be_set(void **state)
{
	static const struct {
		const char *code;
		bool refused;
	} cases[] = {
	    {"T = dbutils.widgets.get('target_orders')\n"
	     "def load_orders():\n    spark.range(1).write.saveAsTable(T)\n",
	        false},
	    {"T = dbutils.widgets.get('target_orders')\n"
	     "def load_orders(t=T):\n    spark.range(1).write.saveAsTable(t)\n",
	        true},
	    {"T = dbutils.widgets.get('target_orders')\n"
	     "ALL = [T]\n"
	     "def load_orders():\n    print(T)\n"
	     "    spark.range(1).write.saveAsTable(ALL[0])\n",
	        true},
	    {"T = dbutils.widgets.get('target_orders')\n"
	     "def load_orders():\n    print(T)\n"
	     "    spark.range(1).write.saveAsTable('a.c.orders')\n",
	        true},
	    {"T = dbutils.widgets.get('target_orders')\n"
	     "def load_orders():\n    print(T)\n"
	     "    t = dbutils.widgets.get('target_orders')\n"
	     "    spark.range(1).write.saveAsTable(t)\n",
	        true},
	    {"T = dbutils.widgets.get('target_orders')\n"
	     "def put(t='a.c.orders'):\n"
	     "    spark.range(1).write.saveAsTable(t)\n"
	     "def load_orders():\n    print(T)\n    put()\n",
	        true},
	    {"T = dbutils.widgets.get('target_orders')\n"
	     "class load_orders:\n    def run(self):\n"
	     "        spark.range(1).write.saveAsTable(T)\n",
	        true},
	};
	static const char tests[] =
	    "def test_x(code, place, monkeypatch):\n"
	    "    monkeypatch.setattr(code, 'T', place('table'))\n"
	    "    code.load_orders()\n"
	    "    assert code.T\n";
	struct fixture *f = *state;
	struct arena a = ARENA_INIT;
	struct compiled compiled = f->compiled;
	struct gate_report report;
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++) {
		compiled.code = slice_of(cases[i].code);
		judge(&a, &compiled, arena_printf(&a, "%s%s", f->frame, tests),
		    &report);
		if ((report.verdict == GATE_REFUSED) != cases[i].refused)
			fail_msg("%s%s", cases[i].code,
			    gating_words(&a, &report));
		arena_reset(&a);
	}
	arena_done(&a);
}

/* Any bytes: cut anywhere, the tests are read without harm. */
static void
test_cut_tests(void **state)
{
	struct fixture *f = *state;
	struct arena a = ARENA_INIT;
	size_t length = strlen(f->frame);
	size_t i;

	for (i = 0; i < length; i += 211) {
		struct gate_report report;

		judge(&a, &f->compiled, arena_strndup(&a, f->frame, i),
		    &report);
		assert_int_equal(report.verdict, GATE_REFUSED);
		arena_reset(&a);
	}
	arena_done(&a);
}

/* What the code under test has, it has, and nobody else by that name. */
static void
test_names_of_the_code(void **state)
{
	struct fixture *f = *state;
	struct compiled compiled = f->compiled;
	struct arena a = ARENA_INIT;
	struct gate_report report;

	compiled.code = slice_of(arena_printf(&a,
	    "%.*s\n\nmodules = {}\n\n\ndef system(x):\n    return x\n",
	    (int)compiled.code.n, compiled.code.p));
	judge(&a, &compiled,
	    arena_printf(&a,
	        "%simport sys\n\n\ndef test_x(code):\n"
	        "    assert code.system(code.modules)\n"
	        "    sys.modules['os'].system('id')\n",
	        f->frame),
	    &report);
	assert_int_equal(report.verdict, GATE_REFUSED);
	assert_non_null(strstr(gating_words(&a, &report), ".modules"));
	assert_non_null(strstr(gating_words(&a, &report), ".system"));
	arena_done(&a);
}

/* Following each takes time; so many nobody needs. */
static void
test_too_many_tests(void **state)
{
	struct fixture *f = *state;
	struct arena a = ARENA_INIT;
	struct gate_report report;
	struct buf b;
	int i;

	buf_init(&b, &a, 200000);
	buf_add_str(&b, f->frame);
	for (i = 0; i < 3000; i++)
		buf_printf(&b, "def test_%d(code): assert code\n", i);
	judge(&a, &f->compiled, buf_str(&b), &report);
	assert_non_null(strstr(found_words(&a, &report), "G124"));
	arena_done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_honest_tests_pass),
	    cmocka_unit_test(test_compiled_tests_pass),
	    cmocka_unit_test(test_others_are_refused),
	    cmocka_unit_test(test_other_shapes_are_refused),
	    cmocka_unit_test(test_what_code_takes),
	    cmocka_unit_test(test_a_changed_frame_is_refused),
	    cmocka_unit_test(test_changed_compiled_tests_are_refused),
	    cmocka_unit_test(test_targets_that_cannot_be_set),
	    cmocka_unit_test(test_cut_tests),
	    cmocka_unit_test(test_names_of_the_code),
	    cmocka_unit_test(test_too_many_tests),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

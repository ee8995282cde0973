#include "base/base.h"

#include "model/python_check.h"

#include "sys/child.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

#define CELL "# COMMAND ----------\n"
#define NOTEBOOK "# Databricks notebook source\n"
#define PYTHON "/usr/bin/python3"

static void
need_python(void)
{
	if (access(PYTHON, X_OK) != 0)
		skip();
}

static void
test_what_python_refuses(void **state)
{
	static const struct {
		const char *code;
		size_t line; /* 0: it is fine */
	} cases[] = {
	    {"", 0},
	    {"x = 1\n", 0},
	    {"x = 1\nreturn x\n", 2},
	    {"def f(a, a):\n    pass\n", 1},
	    {"print 'x'\n", 1},
	    {"x = 01\n", 1},
	    {"f() = 1\n", 1},
	    {"def f():\n    x = 1\n    global x\n", 3},
	    {"\n\nawait x\n", 3},
	    {NOTEBOOK "x = 1\n" CELL "y = 2\n", 0},
	    {NOTEBOOK "x = 1\n" CELL "y = 2\nbreak\n", 5},
	    {NOTEBOOK CELL "# MAGIC %md it's (\n" CELL "x = 1\n", 0},
	    /* It is compiled, and not run. */
	    {"import os\nos._exit(0)\n", 0},
	    {"while True:\n    pass\n", 0},
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	need_python();
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct gate_report report = {0};

		python_check(&a, slice_of(cases[i].code), &report);
		if (report.n != (cases[i].line > 0) ||
		    (report.n > 0 &&
		        (report.v[0].line != cases[i].line ||
		            report.v[0].code != G_SYNTAX)))
			fail_msg("%s: line %zu %s", cases[i].code,
			    report.n > 0 ? report.v[0].line : 0,
			    report.n > 0 ? report.v[0].message : "");
	}
	arena_done(&a);
}

static void
test_without_python(void **state)
{
	struct gate_report report = {0};
	struct arena a = ARENA_INIT;

	(void)state;
	python_check_with(&a, NULL, SLICE("return"), &report);
	assert_int_equal(report.verdict, GATE_REMARKS);
	assert_int_equal(report.v[0].code, G_UNCHECKED);
	report = (struct gate_report){0};
	python_check_with(&a, "/nowhere/python3", SLICE("return"), &report);
	assert_int_equal(report.verdict, GATE_REMARKS);
	arena_done(&a);
}

static void
run(struct arena *a, const char *code, int64_t deadline_ms,
    struct child_end *ret)
{
	const char *argv[] = {PYTHON, "-I", "-S", "-c", code, NULL};
	struct child child = {.argv = argv,
	    .input = SLICE("given"),
	    .max_output = 100,
	    .deadline_ms = deadline_ms,
	    .cpu_s = 5,
	    .memory = (uint64_t)512 * 1024 * 1024};

	assert_true(child_run(a, &child, ret));
}

static void
test_what_a_child_may_not(void **state)
{
	/* Each says no where the thing is refused. */
	static const char *const codes[] = {
	    "import _socket\n"
	    "try: _socket.socket()\n"
	    "except OSError: print('no')\n",
	    "import os\n"
	    "try: os.fork()\n"
	    "except OSError: print('no')\n",
	    "import posix, signal\n"
	    "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
	    "f = posix.memfd_create('x')\n"
	    "try: posix.write(f, b'x')\n"
	    "except OSError: print('no')\n",
	    "try: b'x' * (1 << 30)\n"
	    "except MemoryError: print('no')\n",
	    "import posix\n"
	    "print('no' if set(posix.environ) <= {b'LC_CTYPE'} else 'yes')\n",
	    "import posix\n"
	    "print('no' if posix.listdir('/proc/self/fd') <= "
	    "['0', '1', '2', '3'] else 'yes')\n",
	    "import sys\n"
	    "print('no' if sys.stdin.read() == 'given' else 'yes')\n",
	};
	struct arena a = ARENA_INIT;
	struct child_end end;
	size_t i;

	(void)state;
	need_python();
	for (i = 0; i < COUNT_OF(codes); i++) {
		run(&a, codes[i], 30000, &end);
		if (!slice_is(end.output, "no\n") || end.status != 0)
			fail_msg("%s: %d %.*s", codes[i], end.status,
			    (int)end.output.n, end.output.p);
	}
	arena_done(&a);
}

static void
test_a_child_that_does_not_end(void **state)
{
	struct arena a = ARENA_INIT;
	struct child_end end;

	(void)state;
	need_python();
	run(&a, "import signal\nsignal.pause()\n", 1, &end);
	assert_true(end.is_late);
	assert_int_equal(end.status, -1);
	run(&a, "while True: print('more')", 30000, &end);
	assert_true(end.is_cut && !end.is_late);
	assert_true(end.output.n <= 100);
	run(&a, "import sys\nsys.exit(3)", 30000, &end);
	assert_int_equal(end.status, 3);
	arena_done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_what_python_refuses),
	    cmocka_unit_test(test_without_python),
	    cmocka_unit_test(test_what_a_child_may_not),
	    cmocka_unit_test(test_a_child_that_does_not_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

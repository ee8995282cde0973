#include "base/base.h"

#include "model/python_check.h"

#include "sys/child.h"

#include <string.h>
#include <unistd.h>

/* Lines before a cell keep the numbers of lines right. */
static const char script[] =
    "import posix, sys\n"
    "print('ready', flush=True)\n"
    "lines = sys.stdin.buffer.read().decode('utf-8', 'replace').split('\\n')\n"
    "cells, cell = [], []\n"
    "book = lines[0].strip('\\ufeff\\r ') == '# Databricks notebook source'\n"
    "for number, line in enumerate(lines):\n"
    "    if book and line.rstrip() == '# COMMAND ----------':\n"
    "        cells.append(cell)\n"
    "        cell = [''] * number\n"
    "    cell.append(line)\n"
    "for cell in cells + [cell]:\n"
    "    try:\n"
    "        compile('\\n'.join(cell) + '\\n', 'cell', 'exec', "
    "dont_inherit=True)\n"
    "    except SyntaxError as error:\n"
    "        print(error.lineno or 0, "
    "error.msg.encode('ascii', 'replace').decode())\n"
    "    except (ValueError, RecursionError, MemoryError, OverflowError) as "
    "error:\n"
    "        print(0, type(error).__name__)\n"
    "print('done', flush=True)\n"
    /* What it would tidy up takes a fifth of its time. */
    "posix._exit(0)\n";

static const char *
find_python(void)
{
	static const char *const places[] = {
	    "/usr/bin/python3", "/usr/local/bin/python3"};
	size_t i;

	for (i = 0; i < COUNT_OF(places); i++) {
		if (access(places[i], X_OK) == 0)
			return places[i];
	}
	return NULL;
}

static bool
next_line(struct slice *text, struct slice *ret)
{
	const char *end = text->n > 0 ? memchr(text->p, '\n', text->n) : NULL;

	if (!end)
		return false;
	*ret = (struct slice){text->p, (size_t)(end - text->p)};
	text->p = end + 1;
	text->n -= ret->n + 1;
	return true;
}

/* "12 what is wrong" */
static void
add_finding(struct arena *a, struct slice line, struct gate_report *report)
{
	const char *blank = memchr(line.p, ' ', line.n);
	struct slice number = {line.p, blank ? (size_t)(blank - line.p) : 0};
	int64_t at = 0;

	if (!blank || !slice_to_int(number, 0, INT32_MAX, &at))
		return;
	gate_add(a, report, G_SYNTAX, (size_t)at,
	    arena_printf(a, "Python says: %.*s.", (int)(line.n - number.n - 1),
	        blank + 1));
}

void
python_check_with(struct arena *a, const char *program, struct slice code,
    struct gate_report *report)
{
	const char *argv[] = {
	    program, "-I", "-S", "-B", "-X", "utf8", "-c", script, NULL};
	struct child child = {.argv = argv,
	    .input = code,
	    .max_output = (size_t)64 * 1024,
	    .deadline_ms = 10000,
	    .cpu_s = 5,
	    .memory = (uint64_t)512 * 1024 * 1024};
	struct child_end end;
	struct slice line;
	bool ready;

	if (!program || !child_run(a, &child, &end)) {
		gate_add(a, report, G_UNCHECKED, 0,
		    "Python itself did not look at the code.");
		return;
	}
	ready = next_line(&end.output, &line) && slice_is(line, "ready");
	while (ready && next_line(&end.output, &line)) {
		if (slice_is(line, "done"))
			return;
		add_finding(a, line, report);
	}
	if (ready)
		gate_add(a, report, G_TOO_LARGE, 0,
		    "Python cannot compile the code within its limits.");
	else
		gate_add(a, report, G_UNCHECKED, 0,
		    "Python itself did not look at the code.");
}

void
python_check(struct arena *a, struct slice code, struct gate_report *report)
{
	python_check_with(a, find_python(), code, report);
}

#include "base/base.h"

#include "sim/engine.h"

#include "sim/catalog.h"
#include "sys/child.h"
#include "sys/files.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MB ((uint64_t)1 << 20)

#define HELPER(name, text) text,
static const char *const functions[] = {
#include "sim/engine_list.h"
};
#undef HELPER

static const char imports[] =
    "import base64, datetime, decimal, json, os, re, sys, urllib.parse\n"
    "import duckdb\n";

/* Runs a Python program. False: no child could be started. */
static bool
run_python(struct arena *a, const char *python, const char *program,
    struct slice input, int64_t seconds, struct child_end *ret)
{
	const char *argv[] = {
	    python, "-I", "-B", "-X", "utf8", "-c", program, NULL};
	struct child child = {.argv = argv,
	    .input = input,
	    .max_output = 2 * SIM_BODY_MAX,
	    .deadline_ms = seconds * 1000,
	    .cpu_s = seconds + 5, /* the deadline is first */
	    .memory = 4096 * MB,
	    .file_size = 256 * MB};

	return child_run(a, &child, ret);
}

static bool
has_duckdb(struct arena *a, const char *python)
{
	struct child_end end;

	return run_python(a, python, "import duckdb", SLICE(""), 20, &end) &&
	    end.status == 0;
}

static const char *
python_of_path(struct arena *a)
{
	const char *path = getenv("PATH");

	while (path && *path) {
		size_t n = strcspn(path, ":");
		const char *python = arena_printf(a, "%.*s/python3", (int)n,
		    path);

		if (python[0] == '/' && access(python, X_OK) == 0)
			return python;
		path += n + (path[n] == ':');
	}
	return NULL;
}

const struct err *
engine_find(struct arena *a, const char *wanted, const char **ret)
{
	const char *python = wanted ? path_absolute(a, wanted)
	                            : python_of_path(a);

	*ret = NULL;
	if (!python || str_eq(wanted, "none"))
		return NULL;
	if (has_duckdb(a, python))
		*ret = python;
	else if (wanted)
		return err_new(S_USAGE,
		    "%s is no Python that has the module duckdb. It must be "
		    "the interpreter itself, not a script that starts one.",
		    wanted);
	return NULL;
}

static const char *
program_text(struct arena *a)
{
	struct buf b;
	size_t i;

	buf_init(&b, a, SIM_BODY_MAX);
	buf_add_str(&b, imports);
	for (i = 0; i < COUNT_OF(functions); i++) {
		buf_add_str(&b, functions[i]);
		buf_add_str(&b, "\n\n");
	}
	buf_add_str(&b, "main()\n");
	return buf_str(&b);
}

static void
task_json(struct json_writer *w, const struct engine_task *task,
    const struct json *catalog, const char *folder)
{
	const struct json *p;

	json_object(w);
	json_key_str(w, "folder", folder);
	json_key(w, "catalog");
	json_value(w, catalog);
	json_key_str(w, "sql", task->sql);
	json_key(w, "parameters");
	json_array(w);
	for (p = task->parameters; p; p = p->next)
		json_value(w, p);
	json_array_end(w);
	json_key_str(w, "use_catalog", task->catalog);
	json_key_str(w, "use_schema", task->schema);
	json_key_int(w, "rows", task->rows);
	json_key_int(w, "bytes", task->bytes);
	json_object_end(w);
}

/* The answer of a statement that the engine did not come to the end of. */
static const struct err *
broken(const struct sim_req *req, const char *code, const char *message,
    const struct json **ret)
{
	struct json_writer w;
	struct buf b;

	buf_init(&b, req->arena, SIM_BODY_MAX);
	json_init(&w, &b, false);
	json_object(&w);
	json_key_str(&w, "error", message);
	json_key_str(&w, "error_code", code);
	json_object_end(&w);
	return json_parse_own(req->arena, buf_slice(&b), ret);
}

const struct err *
engine_run(const struct sim_req *req, const struct engine_task *task,
    const struct json **ret)
{
	struct arena *a = req->arena;
	const char *folder = arena_printf(a, "%s/database", req->state);
	const struct json *catalog = NULL;
	struct child_end end;
	struct json_writer w;
	const struct err *e;
	struct buf b;

	e = catalog_read(req, &catalog);
	if (!e)
		e = dir_make(a, folder);
	if (e)
		return e;
	buf_init(&b, a, 4 * SIM_BODY_MAX);
	json_init(&w, &b, false);
	task_json(&w, task, catalog, folder);
	if (!run_python(a, req->sim->engine, program_text(a), buf_slice(&b),
	        req->settings.statement_s, &end))
		return err_new(S_INTERNAL, "No child could be started.");
	if (end.is_late)
		return broken(req, "DEADLINE_EXCEEDED",
		    arena_printf(a,
		        "The statement took longer than %" PRId64 " s.",
		        req->settings.statement_s),
		    ret);
	if (end.is_cut)
		return broken(req, "RESOURCE_EXHAUSTED",
		    "The result is too large.", ret);
	if (end.status != 0)
		return broken(req, "INTERNAL_ERROR",
		    "DuckDB broke off: it may need more memory, time or disk "
		    "than a statement has here.",
		    ret);
	return json_parse(a, end.output, ret);
}

#include "base/base.h"

#include "emit/proof.h"

#include "emit/pyspark.h"
#include "emit/python.h"

#include <string.h>

static void
put_cell(struct python *py, const char *title)
{
	python_line(py, 0, "%s", "");
	python_line(py, 0, "# COMMAND ----------");
	python_line(py, 0, "%s", "");
	if (title[0])
		python_line(py, 0, "# DBTITLE 1,%s", title);
}

/* NAME = "the bytes of the file", a line of it a line. */
static void
put_file(struct python *py, const char *name, struct slice text)
{
	size_t i = 0;

	python_line(py, 0, "%s = (", name);
	while (i < text.n) {
		const char *end = memchr(text.p + i, '\n', text.n - i);
		size_t n = end ? (size_t)(end - (text.p + i)) + 1 : text.n - i;

		python_line(py, 1, "%s",
		    python_string(py->arena,
		        slice_dup(py->arena, (struct slice){text.p + i, n})));
		i += n;
	}
	python_line(py, 0, ")");
}

static void
put_head(struct python *py, const struct proof_notebook *p)
{
	python_line(py, 0, "# Databricks notebook source");
	python_line(py, 0, "# MAGIC %%md");
	python_line(py, 0, "# MAGIC # Proof of %s",
	    python_comment(py->arena, p->mapping));
	python_line(py, 0, "# MAGIC");
	python_line(py, 0,
	    "# MAGIC Runs the generated tests on this cluster, in tables of "
	    "their own, and fails if one fails.");
	python_line(py, 0, "# MAGIC");
	python_line(py, 0, "# MAGIC - Compiler: text2code %s", p->release);
	python_line(py, 0, "# MAGIC - Plan: SHA-256 `%s`", p->plan_hash);
	python_line(py, 0, "# MAGIC - Code: SHA-256 `%s`", p->code_hash);
	python_line(py, 0, "# MAGIC - Tests: SHA-256 `%s`", p->tests_hash);
	put_cell(py, "");
	python_line(py, 0, "# MAGIC %%pip install pytest chispa");
	put_cell(py, "Where the tests may write");
	python_line(py, 0,
	    "dbutils.widgets.text(\"test_schema\", \"\", "
	    "\"Schema for tables of the tests\")");
	python_line(py, 0,
	    "dbutils.widgets.text(\"test_folder\", \"\", "
	    "\"Folder in a volume, where sheets name paths\")");
}

static void
put_run(struct python *py, const struct proof_notebook *p)
{
	const char *code = python_string(py->arena,
	    arena_printf(py->arena, "%s.py", p->base_name));
	const char *tests = python_string(py->arena,
	    arena_printf(py->arena, "test_%s.py", p->base_name));

	put_cell(py, "Run");
	python_line(py, 0, "import hashlib");
	python_line(py, 0, "import os");
	python_line(py, 0, "import sys");
	python_line(py, 0, "import tempfile");
	python_line(py, 0, "from pathlib import Path");
	python_line(py, 0, "%s", "");
	python_line(py, 0, "import pytest");
	python_line(py, 0, "%s", "");
	python_line(py, 0, "folder = Path(tempfile.mkdtemp())");
	python_line(py, 0, "for name, text, expected in (");
	python_line(py, 1, "(%s, CODE, \"%s\"),", code, p->code_hash);
	python_line(py, 1, "(%s, TESTS, \"%s\"),", tests, p->tests_hash);
	python_line(py, 0, "):");
	python_line(py, 1, "found = hashlib.sha256(text.encode()).hexdigest()");
	python_line(py, 1, "assert found == expected, f\"{name} was changed\"");
	python_line(py, 1, "(folder / name).write_bytes(text.encode())");
	python_line(py, 0, "%s", "");
	python_line(py, 0, "os.environ[\"TESTED_FILE\"] = str(folder / %s)",
	    code);
	python_line(py, 0, "for name in (\"test_schema\", \"test_folder\"):");
	python_line(py, 1, "if dbutils.widgets.get(name):");
	python_line(py, 2,
	    "os.environ[name.upper()] = dbutils.widgets.get(name)");
	python_line(py, 0, "sys.dont_write_bytecode = True");
	python_line(py, 0, "print(f\"Spark {spark.version}\")");
	python_line(py, 0,
	    "status = pytest.main([\"-v\", \"-p\", \"no:cacheprovider\", "
	    "str(folder / %s)])",
	    tests);
	python_line(py, 0, "if status != 0:");
	python_line(py, 1,
	    "raise RuntimeError(f\"The proof failed: pytest returned "
	    "{status!r}\")");
}

const struct err *
emit_proof_notebook(struct arena *a, const struct proof_notebook *proof,
    struct slice *ret)
{
	struct buf out;
	struct python py = {.out = &out, .arena = a};

	buf_init(&out, a, 3 * PYSPARK_MAX_BYTES);
	put_head(&py, proof);
	put_cell(&py, "The code");
	put_file(&py, "CODE", proof->code);
	put_cell(&py, "Its tests");
	put_file(&py, "TESTS", proof->tests);
	put_run(&py, proof);
	if (buf_full(&out))
		return err_new(P_TOO_LARGE,
		    "The notebook would be larger than %zu MB.",
		    (3 * PYSPARK_MAX_BYTES) >> 20);
	*ret = buf_slice(&out);
	return NULL;
}

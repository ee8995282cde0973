#include "base/base.h"

#include "emit/pyspark.h"

#include "emit/pyspark_parts.h"
#include "expr/expr.h"

#include <string.h>

const char *
pyspark_parameter(const struct python *py, const char *parameter)
{
	return py->is_module ? arena_printf(py->arena, "job.%s", parameter)
	                     : pyspark_constant(py->arena, parameter);
}

const char *
pyspark_session(const struct python *py)
{
	return py->is_module ? "job.spark" : "spark";
}

const char *
pyspark_job(const struct python *py)
{
	return py->is_module ? ", job" : "";
}

void
pyspark_put_def(struct python *py, const char *result, const char *name, ...)
{
	struct python_node *function = python_function(py->arena, name);
	const char *argument;
	va_list ap;

	va_start(ap, name);
	while ((argument = va_arg(ap, const char *)) != NULL)
		python_add_atom(py->arena, function, argument);
	va_end(ap);
	if (py->is_module)
		python_add_atom(py->arena, function, "job: Job");
	python_put_def(py, function, result);
}

const char *
pyspark_shown(struct arena *a, const char *name)
{
	return utf8_cut(a, python_comment(a, name), 40);
}

struct python_node *
pyspark_read_as(const struct python *py, const struct table_ref *table,
    const char *parameter, const char *format, const char *read)
{
	struct arena *a = py->arena;
	const char *from = pyspark_parameter(py, parameter);
	struct python_node *call = python_atom(a, pyspark_session(py));

	if (table->kind == TABLE_NAME) {
		call = python_method(a, call,
		    arena_printf(a, "%s.table", read));
		python_add_atom(a, call, from);
		return call;
	}
	call = python_method(a, call, arena_printf(a, "%s.format", read));
	python_add_text(a, call, format);
	if (!str_eq(format, table->format)) {
		call = python_method(a, call, "option");
		python_add_text(a, call, arena_printf(a, "%s.format", format));
		python_add_text(a, call, table->format);
	}
	if (str_eq(table->format, "csv")) {
		call = python_method(a, call, "option");
		python_add_text(a, call, "header");
		python_add_text(a, call, "true");
	}
	call = python_method(a, call, "load");
	python_add_atom(a, call, from);
	return call;
}

struct python_node *
pyspark_read(const struct python *py, const struct table_ref *table,
    const char *parameter)
{
	return pyspark_read_as(py, table, parameter, table->format, "read");
}

static void
put_read(struct python *py, const struct plan_source *s)
{
	const char *constant = pyspark_parameter(py, s->widget);
	struct arena *a = py->arena;
	struct python_node *names = python_list(a);
	struct python_node *call = python_function(a, "require_columns");
	size_t i;

	struct python_node *read = pyspark_read(py, s->table, s->widget);

	python_of_row(read, s->row);
	python_put_statement(py, 2, arena_printf(a, "%s = ", s->id), read);
	if (s->needs.n == 0)
		return;
	for (i = 0; i < s->needs.n; i++)
		python_add_text(a, names, s->needs.v[i]);
	python_add_atom(a, call, s->id);
	python_add_atom(a, call, constant);
	python_add(a, call, NULL, names);
	python_put_statement(py, 2, "", call);
}

/* A joined source has one row for what the join asks for; NULL asks for
 * nothing. */
static void
put_single_match(struct python *py, const struct plan_source *s)
{
	struct arena *a = py->arena;
	struct python_node *call = python_function(a, "require_unique");
	struct python_node *rows = python_atom(a, s->id);
	size_t i;

	if (s->match.n == 0) {
		const char *constant = pyspark_parameter(py, s->widget);

		python_line(py, 2, "if %s.limit(2).count() > 1:", s->id);
		python_line(py, 3,
		    "raise RuntimeError(f\"{%s}: a join would take each of "
		    "several rows\")",
		    constant);
		return;
	}
	for (i = 0; i < s->match.n; i++) {
		rows = python_method(a, rows, "where");
		python_add_text(a, rows,
		    arena_printf(a, "%s IS NOT NULL",
		        expr_quote_name(a, s->match.v[i])));
	}
	python_add(a, call, NULL, rows);
	python_add_atom(a, call, pyspark_parameter(py, s->widget));
	for (i = 0; i < s->match.n; i++)
		python_add_text(a, call, expr_quote_name(a, s->match.v[i]));
	python_of_row(call, s->row);
	python_put_statement(py, 2, "", call);
}

/* The row of the sheet of each column, in short: [*range(2, 9), 12]. */
static struct python_node *
sheet_rows(struct arena *a, const struct plan_pipeline *p)
{
	struct python_node *rows = python_list(a);
	struct row_runs runs = {0};
	size_t i;

	pipeline_rows(a, p, &runs);
	for (i = 0; i < runs.n; i++) {
		const struct row_run *r = &runs.v[i];
		const char *code;

		if (r->first == r->last)
			code = arena_printf(a, "%" PRId64, r->first);
		else if (r->step == 1)
			code = arena_printf(a,
			    "*range(%" PRId64 ", %" PRId64 ")", r->first,
			    r->last + 1);
		else
			code = arena_printf(a,
			    "*range(%" PRId64 ", %" PRId64 ", %" PRId64 ")",
			    r->first, r->last + r->step, r->step);
		python_add_atom(a, rows, code);
	}
	return rows;
}

static void
put_failure(struct python *py, const struct plan_pipeline *p)
{
	const char *target = pyspark_parameter(py, p->widget);
	struct arena *a = py->arena;
	struct python_node *call = python_function(a, "log_failing_column");

	python_line(py, 1, "except Exception as error:");
	python_line(py, 2, "logger.exception(\"Loading %%s failed\", %s)",
	    target);
	python_add_atom(a, call, "error");
	python_add_atom(a, call, "rows");
	python_add_atom(a, call, target);
	python_add(a, call, NULL, sheet_rows(a, p));
	python_put_statement(py, 2, "", call);
	python_line(py, 2, "raise");
}

static void
put_load(struct python *py, const struct plan *plan,
    const struct plan_pipeline *p)
{
	bool is_append = plan->pattern->strategy == STRATEGY_INCREMENTAL;
	const char *loaded = is_append ? "rows" : pyspark_passed(p);
	struct python_node *call = python_function(py->arena,
	    arena_printf(py->arena, "transform_%s", p->id));
	size_t i;

	pyspark_put_def(py, "None", arena_printf(py->arena, "load_%s", p->id),
	    NULL);
	python_line(py, 1,
	    "\"\"\"Read the sources, build the target rows and "
	    "write them.\"\"\"");
	python_line(py, 1, "logger.info(\"Loading %%s\", %s)",
	    pyspark_parameter(py, p->widget));
	python_line(py, 1, "rows = None");
	python_line(py, 1, "try:");
	for (i = 0; i < p->sources.n; i++) {
		put_read(py, &p->sources.v[i]);
		python_add_atom(py->arena, call, p->sources.v[i].id);
	}
	for (i = 1; p->single_matches && i < p->sources.n; i++)
		put_single_match(py, &p->sources.v[i]);
	if (py->is_module && pyspark_transform_takes_job(p))
		python_add_atom(py->arena, call, "job");
	python_put_statement(py, 2, "rows = ", call);
	/* An append first finds out what is new. */
	if (!is_append)
		pyspark_sort_out(py, 2, p, "rows", loaded);
	python_line(py, 2, "write_%s(%s%s%s)", p->id, loaded,
	    pipeline_tells_failed(p) ? ", failed" : "", pyspark_job(py));
	if (!is_append)
		pyspark_release(py, 2, p, loaded);
	put_failure(py, p);
}

static void
put_pipeline(struct python *py, const struct plan *plan,
    const struct plan_pipeline *p)
{
	pyspark_put_section(py, p, "transform");
	pyspark_transform(py, p);
	if (p->rules.n > 0) {
		pyspark_put_section(py, p, "rules");
		pyspark_rules(py, plan, p);
	}
	pyspark_put_section(py, p, "write");
	pyspark_write(py, plan, p);
	pyspark_put_section(py, p, "load");
	put_load(py, plan, p);
}

const struct err *
emit_pyspark(struct arena *a, const struct plan *plan, struct slice *ret,
    struct source_map *ret_map)
{
	struct buf out;
	struct source_map map = {0};
	struct python py = {.out = &out,
	    .arena = a,
	    .map = &map,
	    .is_module = plan->output == OUTPUT_MODULE};
	size_t i;

	buf_init(&out, a, PYSPARK_MAX_BYTES);
	if (py.is_module)
		pyspark_module_head(&py, plan);
	else
		pyspark_notebook_head(&py, plan);
	pyspark_helpers(&py, plan);
	for (i = 0; i < plan->pipelines.n; i++)
		put_pipeline(&py, plan, &plan->pipelines.v[i]);
	if (py.is_module)
		pyspark_module_run(&py, plan);
	else
		pyspark_notebook_run(&py, plan);
	if (buf_full(&out))
		return err_new(P_TOO_LARGE,
		    "The code of this sheet would be larger than %zu MB.",
		    PYSPARK_MAX_BYTES / (1024 * 1024));
	*ret = buf_slice(&out);
	*ret_map = map;
	return NULL;
}

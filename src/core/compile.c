#include "base/base.h"

#include "core/compile.h"

#include "base/clock.h"
#include "emit/lakeflow.h"
#include "emit/pyspark.h"
#include "emit/scala.h"
#include "emit/sql.h"
#include "emit/tests.h"
#include "lang/lang.h"

static const struct err *(*const emitters[OUTPUT__COUNT])(struct arena *,
    const struct plan *, struct slice *, struct source_map *) = {
    [OUTPUT_NOTEBOOK] = emit_pyspark,
    [OUTPUT_MODULE] = emit_pyspark,
    [OUTPUT_LAKEFLOW] = emit_lakeflow,
    [OUTPUT_SQL] = emit_sql,
    [OUTPUT_SCALA] = emit_scala,
};

void
compile_check(struct arena *a, struct slice sheet, struct compiled *ret)
{
	int64_t start = clock_monotonic_us();

	*ret = (struct compiled){0};
	ret->has_sheet = mapping_load(a, sheet, &ret->mapping, &ret->problems);
	ret->duration_us = clock_monotonic_us() - start;
}

/* The rows of a prompt's targets come about as those of any full load do; how
 * they are written is what the prompt alone says. */
static const struct err *
emit_code(struct arena *a, const struct plan *plan, struct slice *ret,
    struct source_map *map)
{
	struct pattern full_load = *plan->pattern;
	struct plan shown = *plan;

	if (pattern_compiles(plan->pattern))
		return emitters[plan->output](a, plan, ret, map);
	full_load.strategy = STRATEGY_FULL_LOAD;
	shown.pattern = &full_load;
	return emit_pyspark(a, &shown, ret, map);
}

const struct err *
compile_again(struct arena *a, struct slice sheet, const char *name,
    const struct pattern *pattern, const struct plan_options *options,
    const char *release, struct compiled *ret)
{
	struct source_map map = {0};
	const struct err *e;

	compile_check(a, sheet, ret);
	if (ret->problems.errors > 0)
		return NULL;
	plan_make(a, &ret->mapping, name, pattern, options, release, &ret->plan,
	    &ret->problems);
	problems_sort(&ret->problems);
	if (ret->problems.errors > 0)
		return NULL;
	e = emit_code(a, &ret->plan, &ret->code, &map);
	if (e)
		return e;
	ret->source_map = source_map_json(a, &map);
	e = plan_json(a, &ret->plan, &ret->plan_json);
	if (!e)
		e = emit_tests(a, &ret->plan, compile_base_name(a, name),
		    &ret->tests, &ret->untested);
	return e;
}

const struct err *
compile_for_model(struct arena *a, struct slice sheet, const char *name,
    const struct pattern *pattern, const struct plan_options *options,
    const char *release, struct compiled *ret)
{
	int64_t start = clock_monotonic_us();
	struct lang_error where;
	const struct err *e;

	e = compile_again(a, sheet, name, pattern, options, release, ret);
	if (e || ret->problems.errors > 0)
		return e;
	if (!lang_check(a, lang_of(ret->code), ret->code, &where))
		return err_system(S_CODE_BROKEN, "line %zu, column %zu: %s",
		    where.line, where.column, where.message);
	if (ret->tests.n > 0 && !lang_check(a, LANG_PYTHON, ret->tests, &where))
		return err_system(S_CODE_BROKEN,
		    "tests: line %zu, column %zu: %s", where.line, where.column,
		    where.message);
	ret->duration_us = clock_monotonic_us() - start;
	return NULL;
}

const struct err *
compile_run(struct arena *a, struct slice sheet, const char *name,
    const struct pattern *pattern, const struct plan_options *options,
    const char *release, struct compiled *ret)
{
	if (pattern_compiles(pattern))
		return compile_for_model(a, sheet, name, pattern, options,
		    release, ret);
	compile_check(a, sheet, ret);
	problem_add(&ret->problems, a, P_PROMPT_ONLY, 0, -1,
	    "The pattern %s is a prompt alone: it extends no pattern that the "
	    "compiler knows.",
	    pattern->name);
	problems_sort(&ret->problems);
	return NULL;
}

const char *
compile_base_name(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	const char *dot = strrchr(base, '.');

	if (!dot || dot == base)
		return arena_strdup(a, base);
	return arena_strndup(a, base, (size_t)(dot - base));
}

#include "base/base.h"

#include "planned.h"
#include "skeleton.h"

#include "base/map.h"
#include "emit/lakeflow.h"
#include "emit/pyspark.h"
#include "lang/tree.h"
#include "mapping/name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/*
 * Whatever a sheet is full of, its code makes the calls that were planned.
 *
 * A plan is compiled twice, once with names and texts that want to be code and
 * once with harmless ones. Both notebooks must have one skeleton, and every
 * expression that Spark gets must have one syntax tree in both; so a text that
 * left its literal or its comment shows as a call, a name or a cell that the
 * harmless notebook does not have. The texts themselves must have arrived as
 * they are.
 *
 * Half of the plans come from sheets, which refuse much of what is hostile;
 * in the other half all texts of a plan are exchanged behind the back of those
 * checks. T2C_INJECTIONS is the number of plans. Each has a number, which alone
 * decides what it is: T2C_INJECTION_SEED is the first, and if it is given, the
 * code of a plan that fails is left in injection.py.
 */
#define PLANS 2000
/* Of one shape, which saves most of the harmless notebooks. */
#define PLANS_A_SHAPE 20

struct fixture {
	struct arena kept;
	struct patterns patterns;
	struct words helpers;
	int64_t refused; /* sheets */
	int64_t sheets;
	int64_t unplanned; /* plans of a shape that is refused */
};

/* A compiled plan and what there is to say about it. */
struct notebook {
	struct compiled compiled;
	struct skeleton skeleton;
};

static int64_t
number(const char *name, int64_t initial)
{
	const char *text = getenv(name);
	int64_t n;

	if (!text)
		return initial;
	assert_true(str_to_int(text, 0, INT64_MAX, &n));
	return n;
}

static void
fail_of(int64_t plan, const char *what, const char *detail,
    const struct notebook *hostile)
{
	FILE *f = getenv("T2C_INJECTION_SEED") ? fopen("injection.py", "w")
	                                       : NULL;

	if (f) {
		fwrite(hostile->compiled.code.p, 1, hostile->compiled.code.n,
		    f);
		fclose(f);
	}
	fail_msg("T2C_INJECTION_SEED=%" PRId64 ": %s: %.700s", plan, what,
	    detail);
}

static void
check_shape(struct arena *a, int64_t plan, const struct notebook *hostile,
    const struct notebook *harmless)
{
	const char *got = hostile->skeleton.shape;
	const char *want = harmless->skeleton.shape;
	size_t i;

	for (i = 0; got[i] && got[i] == want[i]; i++)
		;
	if (got[i] == want[i])
		return;
	i = i > 60 ? i - 60 : 0;
	fail_of(plan, "not the calls that were planned",
	    arena_printf(a, "%.300s\ninstead of %.300s", got + i, want + i),
	    hostile);
}

/* What Spark reads as SQL has one tree in both. */
static void
check_sql(struct arena *a, int64_t plan, const struct notebook *hostile,
    const struct notebook *harmless)
{
	size_t i;

	for (i = 0; i < harmless->skeleton.texts.n; i++) {
		const char *text = hostile->skeleton.texts.v[i];
		const char *want;
		const char *got;

		if (!harmless->skeleton.takers.v[i])
			continue;
		got = skeleton_of_sql(a, text);
		want = skeleton_of_sql(a, harmless->skeleton.texts.v[i]);
		if (!want || !str_eq(got, want))
			fail_of(plan, "not the SQL that was planned",
			    arena_printf(a, "%s(%s)\nis %s\ninstead of %s",
			        harmless->skeleton.takers.v[i], text,
			        got ? got : "no SQL", want ? want : "some"),
			    hostile);
	}
}

static void
want_text(int64_t plan, const struct notebook *n, const struct map *texts,
    const char *text)
{
	if (text && !map_get(texts, slice_of(text), 0))
		fail_of(plan, "a text has not arrived", text, n);
}

/* What the plan says stands in the code to the byte. */
static void
check_texts(struct arena *a, int64_t plan, const struct notebook *n)
{
	const struct plan *p = &n->compiled.plan;
	struct map texts = {0};
	size_t i;
	size_t j;

	for (i = 0; i < n->skeleton.texts.n; i++)
		map_add(a, &texts, slice_of(n->skeleton.texts.v[i]), 1);
	/* Those of a declarative pipeline are told where it is set up. */
	for (i = 0; p->output != OUTPUT_LAKEFLOW && i < p->parameters.n; i++) {
		if (p->parameters.v[i].initial[0])
			want_text(plan, n, &texts, p->parameters.v[i].initial);
		want_text(plan, n, &texts, p->parameters.v[i].label);
	}
	for (i = 0; i < p->pipelines.n; i++) {
		const struct plan_pipeline *l = &p->pipelines.v[i];

		for (j = 0; j < l->columns.n; j++) {
			const struct plan_column *c = &l->columns.v[j];

			want_text(plan, n, &texts, c->name);
			want_text(plan, n, &texts, c->copy);
			want_text(plan, n, &texts, c->expression);
			want_text(plan, n, &texts, c->type);
			want_text(plan, n, &texts, c->fallback);
			want_text(plan, n, &texts,
			    c->comment[0] ? c->comment : NULL);
		}
		for (j = 0; j < l->sources.n; j++)
			want_text(plan, n, &texts, l->sources.v[j].on);
		for (j = 0; j < l->filters.n; j++)
			want_text(plan, n, &texts, l->filters.v[j]);
		for (j = 0; j < l->rules.n; j++) {
			want_text(plan, n, &texts, l->rules.v[j].name);
			want_text(plan, n, &texts, l->rules.v[j].condition);
		}
	}
}

static void
read_code(struct arena *a, int64_t plan, struct notebook *n)
{
	const char *error;
	uint32_t cp;
	size_t at;
	size_t length;

	/* Python ends lines at more than tree-sitter does. */
	if (text_find_invisible(n->compiled.code, VISIBLE_TEXT, &at, &length,
	        &cp) ||
	    memchr(n->compiled.code.p, '\r', n->compiled.code.n) ||
	    memchr(n->compiled.code.p, '\t', n->compiled.code.n))
		fail_of(plan, "an invisible character", "", n);
	if (!skeleton_read(a, n->compiled.code, &n->skeleton, &error))
		fail_of(plan, "no Python", error, n);
	if (n->skeleton.shadowed)
		fail_of(plan, "a variable has the name of a function",
		    n->skeleton.shadowed, n);
}

/* In the output that the plan asks for. */
static void
emit(struct arena *a, struct compiled *c)
{
	struct source_map map = {0};

	assert_null(c->plan.output == OUTPUT_LAKEFLOW
	        ? emit_lakeflow(a, &c->plan, &c->code, &map)
	        : emit_pyspark(a, &c->plan, &c->code, &map));
}

/* False if the sheet is refused. */
static bool
compile(struct fixture *f, struct arena *a, int64_t plan, uint64_t shape,
    const struct names *names, struct notebook *ret)
{
	struct compiled *c = &ret->compiled;
	struct planned planned;

	planned_make(a, shape, names, &f->patterns, &planned);
	compile_check(a, slice_of(planned.sheet), c);
	if (c->problems.errors > 0)
		return false;
	plan_make(a, &c->mapping, names->file, planned.pattern,
	    &planned.options, "0", &c->plan, &c->problems);
	if (c->problems.errors > 0)
		return false;
	emit(a, c);
	read_code(a, plan, ret);
	return true;
}

/* The name in SQL, or the hostile text instead of SQL. */
static const char *
poisoned_sql(struct arena *a, struct dice *d, const char *sql)
{
	return sql ? hostile_text(a, d) : NULL;
}

static void
poison_columns(struct arena *a, struct dice *d, bool sql_too,
    struct plan_pipeline *p)
{
	size_t i;

	p->columns.v = arena_memdup(a, p->columns.v,
	    p->columns.n * sizeof(p->columns.v[0]));
	for (i = 0; i < p->columns.n; i++) {
		struct plan_column *c = &p->columns.v[i];

		/* Plain names have shorter code. */
		c->name = arena_printf(a, "%s@%zu", hostile_text(a, d), i);
		if (c->comment[0])
			c->comment = arena_printf(a, "%s.", hostile_text(a, d));
		if (!sql_too)
			continue;
		c->copy = poisoned_sql(a, d, c->copy);
		c->expression = poisoned_sql(a, d, c->expression);
		c->fallback = poisoned_sql(a, d, c->fallback);
		c->type = poisoned_sql(a, d, c->type);
	}
}

static const struct table_ref *
poison_table(struct arena *a, struct dice *d, const struct table_ref *table)
{
	struct table_ref *t = arena_memdup(a, table, sizeof(*table));

	t->name = hostile_text(a, d);
	return t;
}

static void
poison_sources(struct arena *a, struct dice *d, bool sql_too,
    struct plan_pipeline *p)
{
	size_t i;
	size_t j;

	p->sources.v = arena_memdup(a, p->sources.v,
	    p->sources.n * sizeof(p->sources.v[0]));
	for (i = 0; i < p->sources.n; i++) {
		struct plan_source *s = &p->sources.v[i];

		s->table = poison_table(a, d, s->table);
		s->needs.v = arena_memdup(a, s->needs.v,
		    s->needs.n * sizeof(s->needs.v[0]));
		for (j = 0; j < s->needs.n; j++)
			s->needs.v[j] = hostile_text(a, d);
		if (!sql_too)
			continue;
		s->alias = hostile_text(a, d);
		s->on = poisoned_sql(a, d, s->on);
	}
	p->filters.v = arena_memdup(a, p->filters.v,
	    p->filters.n * sizeof(p->filters.v[0]));
	for (i = 0; i < p->filters.n && sql_too; i++)
		p->filters.v[i] = hostile_text(a, d);
}

static void
poison_rules(struct arena *a, struct dice *d, bool sql_too,
    struct plan_pipeline *p)
{
	size_t i;

	if (p->comment[0])
		p->comment = arena_printf(a, "%s.", hostile_text(a, d));
	if (p->quarantine.table.name)
		p->quarantine.table.name = hostile_text(a, d);
	p->rules.v = arena_memdup(a, p->rules.v,
	    p->rules.n * sizeof(p->rules.v[0]));
	for (i = 0; i < p->rules.n; i++) {
		p->rules.v[i].name = hostile_text(a, d);
		if (sql_too)
			p->rules.v[i].condition = hostile_text(a, d);
	}
}

/* The plan with other texts in all places; not with other identifiers, which
 * the compiler makes itself. */
static void
poison(struct arena *a, struct dice *d, bool sql_too, struct plan *plan)
{
	size_t i;

	plan->mapping_name = hostile_text(a, d);
	plan->parameters.v = arena_memdup(a, plan->parameters.v,
	    plan->parameters.n * sizeof(plan->parameters.v[0]));
	for (i = 0; i < plan->parameters.n; i++) {
		if (plan->parameters.v[i].initial[0])
			plan->parameters.v[i].initial = arena_printf(a, "%s~",
			    hostile_text(a, d));
		plan->parameters.v[i].label = hostile_text(a, d);
	}
	plan->pipelines.v = arena_memdup(a, plan->pipelines.v,
	    plan->pipelines.n * sizeof(plan->pipelines.v[0]));
	for (i = 0; i < plan->pipelines.n; i++) {
		struct plan_pipeline *p = &plan->pipelines.v[i];

		p->target = poison_table(a, d, p->target);
		poison_columns(a, d, sql_too, p);
		poison_sources(a, d, sql_too, p);
		poison_rules(a, d, sql_too, p);
		if (!p->history.valid_from)
			continue;
		p->history.valid_from = hostile_text(a, d);
		p->history.valid_to = hostile_text(a, d);
		p->history.is_current = hostile_text(a, d);
		if (p->history.surrogate[0])
			p->history.surrogate = arena_printf(a, "%s~",
			    hostile_text(a, d));
	}
}

static void
check_poisoned(struct arena *a, int64_t plan, struct dice *d,
    const struct notebook *harmless)
{
	struct notebook hostile = {.compiled = harmless->compiled};
	bool sql_too = dice_hit(d, 2);

	poison(a, d, sql_too, &hostile.compiled.plan);
	emit(a, &hostile.compiled);
	read_code(a, plan, &hostile);
	check_shape(a, plan, &hostile, harmless);
	check_texts(a, plan, &hostile);
	if (!sql_too)
		check_sql(a, plan, &hostile, harmless);
}

static void
check_sheet(struct fixture *f, struct arena *a, int64_t plan, uint64_t shape,
    struct dice *d)
{
	struct notebook hostile;
	struct notebook harmless;
	struct names names;

	f->sheets++;
	names_hostile(a, d, &f->helpers, &names);
	if (!compile(f, a, plan, shape, &names, &hostile)) {
		f->refused++;
		return;
	}
	names_harmless(a, &names, &names);
	assert_true(compile(f, a, plan, shape, &names, &harmless));
	check_shape(a, plan, &hostile, &harmless);
	check_texts(a, plan, &hostile);
	check_sql(a, plan, &hostile, &harmless);
}

/* The plans from one number on that have its shape. */
static void
check_plans(struct fixture *f, int64_t first, int64_t n)
{
	struct arena shape = ARENA_INIT;
	struct arena a = ARENA_INIT;
	uint64_t number = (uint64_t)(first / PLANS_A_SHAPE);
	struct dice d = {number};
	struct notebook harmless;
	struct names names;
	bool harmless_compiles;
	int64_t i;

	names_hostile(&shape, &d, &f->helpers, &names);
	names_harmless(&shape, &names, &names);
	harmless_compiles = compile(f, &shape, first, number, &names,
	    &harmless);
	for (i = first; i < first + n; i++) {
		d.state = (uint64_t)i << 20;
		/* What the output cannot express is refused. */
		if (i % 2 == 0 && !harmless_compiles)
			f->unplanned++;
		else if (i % 2 == 0)
			check_poisoned(&a, i, &d, &harmless);
		else
			check_sheet(f, &a, i, (uint64_t)i, &d);
		arena_reset(&a);
	}
	arena_done(&a);
	arena_done(&shape);
}

/* The plan knows what is taken. */
static void
test_helpers_are_no_variables(void **state)
{
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < f->helpers.n; i++)
		assert_string_equal(plan_identifier(&f->kept, f->helpers.v[i]),
		    arena_printf(&f->kept, "%s_data", f->helpers.v[i]));
}

static void
test_plans(void **state)
{
	struct fixture *f = *state;
	int64_t first = number("T2C_INJECTION_SEED", 0);
	int64_t total = number("T2C_INJECTIONS",
	    getenv("T2C_INJECTION_SEED") ? 1 : PLANS);
	int64_t end = first + total;

	while (first < end) {
		/* A plan's shape does not depend on where the run began. */
		int64_t n = PLANS_A_SHAPE - first % PLANS_A_SHAPE;

		n = n < end - first ? n : end - first;
		check_plans(f, first, n);
		first += n;
	}
	print_message("%" PRId64 " of %" PRId64 " hostile sheets were "
	              "refused, and %" PRId64 " plans\n",
	    f->refused, f->sheets, f->unplanned);
	assert_true((f->refused + f->unplanned) * 4 <= total);
}

/* Texts of which the second does what the first does not. */
static const char *const differing[][2] = {
    {"f(\"a\")", "f(\"a\"); g()"},
    {"f(\"a\")", "f(\"a\", \"b\")"},
    {"f(\"a\")", "f(\"a\" + b)"},
    {"f(\"a\")", "f(f\"{a}\")"},
    {"f(\"a\")", "g(\"a\")"},
    {"f(a)", "f(b)"},
    {"f(1)", "f(2)"},
    {"x = a + b", "x = a - b"},
    {"x = 1  # a", "x = 1  # a\ny = 2"},
    {"# a\nx = 1", "# COMMAND ----------\nx = 1"},
    {"# a\nx = 1", "# a\n# MAGIC %sh id\nx = 1"},
    {"# MAGIC %md\n# MAGIC a", "# MAGIC %sh\n# MAGIC a"},
    {"x = 1\n", "x = 1\n\n# COMMAND ----------\n\n"},
};

/* Texts that do the same. */
static const char *const alike[][2] = {
    {"f(\"a\")", "f('b\\n\\x01')"},
    {"f(\"a\")", "f(\n    \"a\" \"b\",\n)"},
    {"x = \"a\"", "x = (\n    \"a\"\n    \"b\"\n)"},
    {"# a\nx = 1", "# b\n# c\nx = 1"},
    {"# MAGIC %md\n# MAGIC a", "# MAGIC %md\n# MAGIC b\n# MAGIC c"},
};

static const char *const broken[] = {
    "f(\"a\nb\")", "f(\"a\"b\")", "f('a\\q')", "f(\"\\x1\")", "f(", "x = = 1"};

static const char *
shape_of(struct arena *a, const char *code)
{
	struct skeleton s;
	const char *error;

	if (!skeleton_read(a, slice_of(code), &s, &error))
		fail_msg("%s: %s", code, error);
	return s.shape;
}

static void
test_the_judge(void **state)
{
	struct fixture *f = *state;
	struct skeleton s;
	const char *error;
	size_t i;

	for (i = 0; i < COUNT_OF(differing); i++)
		assert_string_not_equal(shape_of(&f->kept, differing[i][0]),
		    shape_of(&f->kept, differing[i][1]));
	for (i = 0; i < COUNT_OF(alike); i++)
		assert_string_equal(shape_of(&f->kept, alike[i][0]),
		    shape_of(&f->kept, alike[i][1]));
	for (i = 0; i < COUNT_OF(broken); i++)
		assert_false(skeleton_read(&f->kept, slice_of(broken[i]), &s,
		    &error));
	assert_true(skeleton_read(&f->kept,
	    slice_of("def h():\n    f = 1\n    f(g(x), F.expr('`a` + 1'))"), &s,
	    &error));
	assert_string_equal(s.shadowed, "f");
	assert_string_equal(s.texts.v[0], "`a` + 1");
	assert_string_equal(s.takers.v[0], "expr");
	assert_string_equal(skeleton_of_sql(&f->kept, "`a` + 1"),
	    skeleton_of_sql(&f->kept, "b + 23"));
	assert_string_not_equal(skeleton_of_sql(&f->kept, "`a` + 1"),
	    skeleton_of_sql(&f->kept, "a.b + 1"));
	assert_null(skeleton_of_sql(&f->kept, "`a"));
}

/* The functions that notebooks share: lines of that file which start so. */
static void
read_helpers(struct fixture *f, const char *path)
{
	FILE *file = fopen(path, "r");
	char line[1000];

	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		if (str_starts(line, "def "))
			*LIST_ADD(&f->kept,
			    &f->helpers) = arena_strndup(&f->kept, line + 4,
			    strcspn(line + 4, "("));
	}
	fclose(file);
	assert_true(f->helpers.n > 0);
}

static int
setup(void **state)
{
	struct fixture *f = test_calloc(1, sizeof(*f));
	const char *top = getenv("srcdir");

	tree_least_us = 60000000;
	assert_null(patterns_load(&f->kept,
	    arena_printf(&f->kept, "%s/patterns", top ? top : "."),
	    &f->patterns));
	read_helpers(f,
	    arena_printf(&f->kept, "%s/src/emit/helpers.py", top ? top : "."));
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	arena_done(&f->kept);
	err_clear();
	test_free(f);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_the_judge, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_helpers_are_no_variables,
	        setup, teardown),
	    cmocka_unit_test_setup_teardown(test_plans, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

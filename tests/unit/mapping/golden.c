#include "base/base.h"

#include "load.h"

#include "core/compile.h"
#include "core/patterns.h"

#include <dirent.h>

/*
 * The sheets below tests/golden/mapping. Beside each x.csv stands x.out, the
 * list of its problems, and where the fault shows only in a plan x.args, how
 * the command line would name pattern and options. UPDATE=1 writes the lists
 * anew; look at the difference before believing it.
 *
 * Most of these sheets have one fault each, and exactly that may be said of
 * them: its code at its cell, and nothing else.
 *
 * And the sheets below samples.
 */
#define GOLDEN "tests/golden/mapping"

/* Refused sheets with one fault; the count of what is there may only grow. */
#define LEAST_REFUSED 150

struct golden {
	struct arena arena;
	struct patterns patterns;
	size_t sheets;
	size_t refused; /* of them, with one error and nothing else */
	bool reported[ERR__COUNT];
};

static const char *
path_of(struct arena *a, const char *folder, const char *name)
{
	const char *srcdir = getenv("srcdir");

	return arena_printf(a, "%s/%s/%s", srcdir ? srcdir : ".", folder, name);
}

/* NULL if there is no such file. */
static const char *
find_file(struct arena *a, const char *path, size_t *ret_n)
{
	FILE *f = fopen(path, "rb");
	char *p;

	if (!f)
		return NULL;
	p = arena_alloc(a, SHEET_MAX_BYTES);
	*ret_n = fread(p, 1, SHEET_MAX_BYTES - 1, f);
	p[*ret_n] = '\0';
	fclose(f);
	return p;
}

static struct slice
read_file(struct arena *a, const char *path)
{
	size_t n = 0;
	const char *p = find_file(a, path, &n);

	if (!p)
		fail_msg("%s is missing", path);
	return (struct slice){p, n};
}

/* The next word, as a shell splits them; NULL at the end. */
static const char *
next_word(struct arena *a, const char **at)
{
	const char *end;
	const char *word;

	*at += strspn(*at, " \n");
	if (**at == '\0')
		return NULL;
	if (**at == '\'') {
		end = strchr(++*at, '\'');
		assert_non_null(end);
		word = arena_strndup(a, *at, (size_t)(end - *at));
		*at = end + 1;
		return word;
	}
	end = *at + strcspn(*at, " \n");
	word = arena_strndup(a, *at, (size_t)(end - *at));
	*at = end;
	return word;
}

static void
compile(struct golden *g, struct slice sheet, const char *args,
    struct problems *ret)
{
	struct arena *a = &g->arena;
	const struct pattern *pattern = NULL;
	struct plan_options options = {0};
	struct compiled compiled;
	const char *word;

	while ((word = next_word(a, &args))) {
		const char *value = next_word(a, &args);

		assert_non_null(value);
		if (str_eq(word, "--pattern")) {
			pattern = pattern_find(&g->patterns, value);
		} else {
			size_t n = strcspn(value, "=");

			assert_string_equal(word, "--option");
			assert_int_equal(value[n], '=');
			*LIST_ADD(a, &options) = (struct plan_option){
			    arena_strndup(a, value, n), value + n + 1};
		}
	}
	assert_non_null(pattern);
	assert_null(compile_run(a, sheet, "x.csv", pattern, &options, "0",
	    &compiled));
	assert_int_equal(compiled.code.n == 0, compiled.problems.errors > 0);
	*ret = compiled.problems;
}

static void
count(struct golden *g, const struct problems *problems)
{
	size_t i;

	g->sheets++;
	g->refused += problems->n == 1 && problems->errors == 1;
	for (i = 0; i < problems->n; i++)
		g->reported[problems->v[i].code] = true;
}

static void
check_sheet(struct golden *g, const char *name)
{
	struct arena *a = &g->arena;
	const char *base = arena_strndup(a, name, strlen(name) - 4);
	const char *out = path_of(a, GOLDEN, arena_printf(a, "%s.out", base));
	struct slice sheet = read_file(a, path_of(a, GOLDEN, name));
	size_t n;
	const char *args = find_file(a,
	    path_of(a, GOLDEN, arena_printf(a, "%s.args", base)), &n);
	struct compiled compiled;
	struct problems problems;
	const char *list;

	if (args) {
		compile(g, sheet, args, &problems);
	} else {
		compile_check(a, sheet, &compiled);
		problems = compiled.problems;
	}
	count(g, &problems);
	/* A fault that nobody sees is no fixture of one. */
	if ((problems.n == 0) != str_starts(name, "good_"))
		fail_msg("%s has %zu problems", name, problems.n);
	list = list_problems(a, &problems);
	if (getenv("UPDATE")) {
		FILE *f = fopen(out, "w");

		assert_non_null(f);
		assert_true(fputs(list, f) >= 0);
		assert_int_equal(fclose(f), 0);
	} else if (!slice_is(read_file(a, out), list)) {
		fail_msg("%s:\n%s", name, list);
	}
}

/* What no sheet of a fixture's size, or no sheet at all, can cause. */
static bool
needs_more_than_a_sheet(int code)
{
	static const enum err_code codes[] = {
	    /* Too large for a fixture: limits.c, and core/compile.c */
	    M_TOO_LARGE,
	    M_TOO_MANY_ROWS,
	    M_TOO_MANY_COLUMNS,
	    M_TOO_MANY_SOURCES,
	    P_TOO_LARGE,
	    /* Said before a sheet is looked at */
	    P_UNKNOWN,
	    P_DEFINITION,
	};
	size_t i;

	/* Of the patterns of an organisation, which are files of their own */
	if ((code >= P_DOCUMENT && code <= P_OUTDATED) || code == P_BASE_CLOSED)
		return true;
	for (i = 0; i < COUNT_OF(codes); i++) {
		if ((int)codes[i] == code)
			return true;
	}
	return false;
}

static void
test_golden_sheets(void **state)
{
	struct golden g = {.arena = ARENA_INIT};
	DIR *dir = opendir(path_of(&g.arena, GOLDEN, ""));
	const struct dirent *entry;
	int code;

	(void)state;
	assert_non_null(dir);
	assert_null(patterns_load(&g.arena, path_of(&g.arena, "patterns", ""),
	    &g.patterns));
	while ((entry = readdir(dir))) {
		if (str_ends(entry->d_name, ".csv"))
			check_sheet(&g, entry->d_name);
	}
	closedir(dir);
	if (g.refused < LEAST_REFUSED)
		fail_msg("%zu sheets of %zu are refused for one fault",
		    g.refused, g.sheets);
	for (code = 0; code < ERR__COUNT; code++) {
		const char *id = code_info((enum err_code)code)->id;

		if (strchr("MEP", id[0]) && !g.reported[code] &&
		    !needs_more_than_a_sheet(code))
			fail_msg("no sheet of " GOLDEN " is reported as %s",
			    id);
	}
	arena_done(&g.arena);
}

static void
test_samples(void **state)
{
	static const struct {
		const char *name;
		const char *want;
		size_t rows;
	} samples[] = {
	    {"sales_full_load.csv", "", 5},
	    {"orders_incremental.csv", "", 5},
	    {"order_lines_merge.csv", "", 6},
	    {"customers_scd2.csv", "", 6},
	    {"messy_with_errors.csv",
	        "1\t0\tM201\n4\t3\tM303\n5\t3\tM305\n5\t4\tE101\n", 4},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(samples); i++) {
		struct arena a = ARENA_INIT;
		struct loaded l;

		load_bytes(&l,
		    read_file(&a, path_of(&a, "samples", samples[i].name)));
		assert_true(l.ok);
		assert_int_equal(l.m.targets.n, 1);
		assert_int_equal(l.m.sheet->rows.n, samples[i].rows);
		if (!str_eq(list_problems(&l.a, &l.problems), samples[i].want))
			fail_msg("%s:\n%s", samples[i].name,
			    list_problems(&l.a, &l.problems));
		unload(&l);
		arena_done(&a);
	}
}

/* The header's suggestion is what its person needs to read. */
static void
test_messy_suggestion(void **state)
{
	struct arena a = ARENA_INIT;
	struct loaded l;

	(void)state;
	load_bytes(&l,
	    read_file(&a, path_of(&a, "samples", "messy_with_errors.csv")));
	assert_string_equal(l.problems.v[0].header, "Quelle");
	assert_string_equal(l.problems.v[0].fix,
	    "source_table is missing; did you mean it here?");
	assert_true(l.m.sheet->bom);
	assert_int_equal(l.m.sheet->separator, ';');
	assert_string_equal(l.m.sheet->newline, "\r\n");
	unload(&l);
	arena_done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_golden_sheets),
	    cmocka_unit_test(test_samples),
	    cmocka_unit_test(test_messy_suggestion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

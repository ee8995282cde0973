#include "base/base.h"

#include "load.h"

#include <dirent.h>

/*
 * The sheets below tests/golden/mapping: beside each x.csv stands x.out, the
 * list of its problems. UPDATE=1 writes the lists anew; look at the difference
 * before believing it. And the sheets below samples.
 */

static const char *
path_of(struct arena *a, const char *folder, const char *name)
{
	const char *srcdir = getenv("srcdir");

	return arena_printf(a, "%s/%s/%s", srcdir ? srcdir : ".", folder, name);
}

static struct slice
read_file(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "rb");
	struct slice s;
	char *p;

	if (!f)
		fail_msg("%s is missing", path);
	p = arena_alloc(a, SHEET_MAX_BYTES);
	s = (struct slice){p, fread(p, 1, SHEET_MAX_BYTES, f)};
	fclose(f);
	return s;
}

static void
check_sheet(const char *name)
{
	struct arena a = ARENA_INIT;
	const char *out = path_of(&a, "tests/golden/mapping",
	    arena_printf(&a, "%.*s.out", (int)(strlen(name) - 4), name));
	struct loaded l;

	load_bytes(&l,
	    read_file(&a, path_of(&a, "tests/golden/mapping", name)));
	if (getenv("UPDATE")) {
		FILE *f = fopen(out, "w");

		assert_non_null(f);
		assert_true(fputs(list_problems(&l), f) >= 0);
		assert_int_equal(fclose(f), 0);
	} else if (!slice_is(read_file(&a, out), list_problems(&l))) {
		fail_msg("%s:\n%s", name, list_problems(&l));
	}
	unload(&l);
	arena_done(&a);
}

static void
test_golden_sheets(void **state)
{
	struct arena a = ARENA_INIT;
	DIR *dir = opendir(path_of(&a, "tests/golden/mapping", ""));
	const struct dirent *entry;
	size_t n = 0;

	(void)state;
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		if (!str_ends(entry->d_name, ".csv"))
			continue;
		check_sheet(entry->d_name);
		n++;
	}
	closedir(dir);
	assert_true(n >= 80);
	arena_done(&a);
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
		if (!str_eq(list_problems(&l), samples[i].want))
			fail_msg("%s:\n%s", samples[i].name, list_problems(&l));
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

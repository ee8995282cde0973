#include "base/base.h"

#include "load.h"

#include "base/buf.h"

struct growing {
	struct arena a;
	struct buf b;
};

static void
start(struct growing *g, const char *header)
{
	g->a = (struct arena)ARENA_INIT;
	buf_init(&g->b, &g->a, 2 * SHEET_MAX_BYTES);
	buf_add_str(&g->b, header);
}

/* Loads what has grown, and wants these problems. */
static void
check(struct growing *g, bool ok, const char *want)
{
	struct loaded l;

	load_bytes(&l, buf_slice(&g->b));
	assert_int_equal(l.ok, ok);
	assert_string_equal(list_problems(&l.a, &l.problems), want);
	unload(&l);
	arena_done(&g->a);
}

static void
add_rows(struct growing *g, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		buf_printf(&g->b, "s.a,c%zu,t.b%zu,c%zu,\n", i, i / 2000, i);
}

static void
test_rows(void **state)
{
	struct growing g;

	(void)state;
	start(&g, HEAD "\n\n");
	add_rows(&g, SHEET_MAX_ROWS);
	check(&g, true, "");
	start(&g, HEAD "\n\n");
	add_rows(&g, SHEET_MAX_ROWS);
	/* Empty rows do not count. */
	buf_add_str(&g.b, "\n,,\n");
	check(&g, true, "");
	start(&g, HEAD "\n\n");
	add_rows(&g, SHEET_MAX_ROWS + 2);
	check(&g, false, "20003\t-1\tM103\n");
}

static void
test_columns_of_a_target(void **state)
{
	struct growing g;
	struct loaded l;
	int i;

	(void)state;
	start(&g, HEAD "\n");
	for (i = 0; i < MAPPING_MAX_COLUMNS; i++)
		buf_printf(&g.b, "s.a,c,t.b,c%d,\n", i);
	buf_add_str(&g.b, "s.a,x,t.c,x,\n");
	load_bytes(&l, buf_slice(&g.b));
	assert_no_problems(&l);
	assert_int_equal(l.m.targets.v[0].rows.n, MAPPING_MAX_COLUMNS);
	unload(&l);
	arena_done(&g.a);
	start(&g, HEAD "\n");
	for (i = 0; i < MAPPING_MAX_COLUMNS + 5; i++)
		buf_printf(&g.b, "s.a,c,t.b,c%d,\n", i);
	check(&g, true, "2002\t3\tM104\n");
}

static void
test_cell(void **state)
{
	struct growing g;
	size_t i;
	int extra;

	(void)state;
	for (extra = 0; extra < 2; extra++) {
		start(&g, HEAD ",comment\ns.a,id,t.b,id,,");
		for (i = 0; i < SHEET_MAX_CELL + (size_t)extra; i++)
			buf_add_chr(&g.b, 'x');
		check(&g, true, extra ? "2\t5\tM105\n" : "");
	}
	/* It is not looked at any further. */
	start(&g, HEAD "\ns.a,id,t.b,id,(((");
	for (i = 0; i < SHEET_MAX_CELL; i++)
		buf_add_chr(&g.b, '(');
	check(&g, true, "2\t4\tM105\n");
}

static void
test_headers(void **state)
{
	struct growing g;
	int i;

	(void)state;
	start(&g, HEAD);
	for (i = 5; i < SHEET_MAX_HEADERS; i++)
		buf_add_str(&g.b, ",");
	buf_add_str(&g.b, "\ns.a,id,t.b,id,\n");
	check(&g, true, "");
	start(&g, HEAD);
	for (i = 5; i <= SHEET_MAX_HEADERS; i++)
		buf_add_str(&g.b, ",c");
	buf_add_str(&g.b, "\ns.a,id,t.b,id,\n");
	check(&g, false, "1\t-1\tM112\n");
	/* A row beyond the limit */
	start(&g, HEAD "\ns.a,id,t.b,id,");
	for (i = 5; i < SHEET_MAX_HEADERS; i++)
		buf_add_str(&g.b, ",");
	buf_add_str(&g.b, ",x\n");
	check(&g, true, "2\t200\tM110\n");
}

static void
test_sources(void **state)
{
	struct growing g;
	int i;

	(void)state;
	start(&g, HEAD ",join\n");
	for (i = 0; i < MAPPING_MAX_SOURCES; i++)
		buf_printf(&g.b, "s.a%d,c,t.b,c%d,,%s\n", i, i,
		    i ? "cross" : "");
	check(&g, true, "");
	start(&g, HEAD ",join\n");
	for (i = 0; i < MAPPING_MAX_SOURCES + 1; i++)
		buf_printf(&g.b, "s.a%d,c,t.b,c%d,,%s\n", i, i,
		    i ? "cross" : "");
	check(&g, true, "102\t0\tM326\n");
}

static void
test_bytes(void **state)
{
	struct growing g;
	size_t i;

	(void)state;
	start(&g, HEAD "\n");
	for (i = g.b.n; i <= SHEET_MAX_BYTES; i++)
		buf_add_chr(&g.b, '\n');
	check(&g, false, "0\t-1\tM102\n");
}

/* A sheet of nothing but faults does not fill the memory. */
static void
test_problems(void **state)
{
	struct growing g;
	struct loaded l;
	size_t i;

	(void)state;
	start(&g, HEAD ",role\n");
	for (i = 0; i < SHEET_MAX_ROWS; i++)
		buf_printf(&g.b, "a-b,\"x,y\",c-d,\"x y\",z *,nothing\n");
	load_bytes(&l, buf_slice(&g.b));
	assert_true(l.ok);
	assert_int_equal(l.problems.n, SHEET_MAX_PROBLEMS);
	unload(&l);
	arena_done(&g.a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_columns_of_a_target),
	    cmocka_unit_test(test_cell),
	    cmocka_unit_test(test_headers),
	    cmocka_unit_test(test_sources),
	    cmocka_unit_test(test_bytes),
	    cmocka_unit_test(test_problems),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

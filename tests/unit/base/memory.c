#include "base/base.h"

#include "base/arena.h"

#include "base/buf.h"
#include "base/map.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
test_arena_memory_is_zeroed_and_aligned(void **state)
{
	struct arena a = ARENA_INIT;
	size_t round;
	size_t i;

	(void)state;
	for (round = 0; round < 3; round++) {
		for (i = 0; i < 300; i++) {
			unsigned char *p = arena_alloc(&a, i);
			size_t k;

			assert_int_equal((uintptr_t)p % 16, 0);
			for (k = 0; k < i; k++)
				assert_int_equal(p[k], 0);
			memset(p, 0xff, i);
		}
		arena_reset(&a);
	}
	arena_done(&a);
}

static void
test_arena_grow_keeps_content(void **state)
{
	struct arena a = ARENA_INIT;
	char *p = NULL;
	size_t n;
	size_t old = 0;

	(void)state;
	for (n = 1; n < 200000; n = n * 3 + 1) {
		size_t i;

		p = arena_grow(&a, p, old, n);
		for (i = 0; i < old; i++)
			assert_int_equal(p[i], 'x');
		for (; i < n; i++)
			assert_int_equal(p[i], 0);
		memset(p, 'x', n);
		old = n;
		/* Now and then something else is in the way. */
		if (n % 2)
			arena_alloc(&a, 24);
	}
	arena_done(&a);
}

static int order[3];
static int order_n;

static void
note_order(void *p)
{
	order[order_n++] = *(int *)p;
}

static void
test_deferred_run_newest_first(void **state)
{
	struct arena a = ARENA_INIT;
	int values[] = {1, 2, 3};
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++)
		arena_defer(&a, note_order, &values[i]);
	arena_reset(&a);
	assert_int_equal(order_n, 3);
	assert_int_equal(order[0], 3);
	assert_int_equal(order[2], 1);
	arena_reset(&a);
	assert_int_equal(order_n, 3);
	arena_done(&a);
}

static void
test_lists_grow(void **state)
{
	struct arena a = ARENA_INIT;
	LIST_OF(int) list = {0};
	int i;

	(void)state;
	for (i = 0; i < 1000; i++)
		*LIST_ADD(&a, &list) = i;
	assert_int_equal(list.n, 1000);
	for (i = 0; i < 1000; i++)
		assert_int_equal(list.v[i], i);
	arena_done(&a);
}

static void
test_buffer_stops_at_its_ceiling(void **state)
{
	struct arena a = ARENA_INIT;
	struct buf b;

	(void)state;
	buf_init(&b, &a, 8);
	assert_string_equal(buf_str(&b), "");
	buf_add_str(&b, "12345678");
	assert_false(buf_full(&b));
	buf_add_chr(&b, '9');
	assert_true(buf_full(&b));
	assert_string_equal(buf_str(&b), "12345678");
	/* Sticky: a shorter text must not slip in behind a longer one. */
	buf_add(&b, "", 0);
	buf_printf(&b, "%s", "");
	assert_true(buf_full(&b));
	arena_done(&a);
}

static void
test_buffer_printf(void **state)
{
	struct arena a = ARENA_INIT;
	struct buf b;
	int i;

	(void)state;
	buf_init(&b, &a, 100000);
	for (i = 0; i < 1000; i++)
		buf_printf(&b, "%03d,", i);
	assert_int_equal(b.n, 4000);
	assert_memory_equal(b.p + 3996, "999,", 5);
	arena_done(&a);
}

static void
test_map(void **state)
{
	struct arena a = ARENA_INIT;
	struct map m = {0};
	size_t i;

	(void)state;
	assert_int_equal(map_get(&m, SLICE("a"), 7), 7);
	for (i = 0; i < 5000; i++)
		assert_true(map_add(&a, &m,
		    slice_of(arena_printf(&a, "k%zu", i)), i));
	for (i = 0; i < 5000; i++)
		assert_int_equal(map_get(&m,
		                     slice_of(arena_printf(&a, "k%zu", i)),
		                     SIZE_MAX),
		    i);
	assert_false(map_add(&a, &m, SLICE("k1"), 99));
	assert_int_equal(map_get(&m, SLICE("k1"), 0), 1);
	map_set(&a, &m, SLICE("k1"), 99);
	assert_int_equal(map_get(&m, SLICE("k1"), 0), 99);
	assert_int_equal(m.n, 5000);
	arena_done(&a);
}

static void
test_map_folds_case_if_asked(void **state)
{
	struct arena a = ARENA_INIT;
	struct map folded = {.fold = true};
	struct map plain = {0};

	(void)state;
	assert_true(map_add(&a, &folded, SLICE("Order_ID"), 1));
	assert_false(map_add(&a, &folded, SLICE("ORDER_id"), 2));
	assert_true(map_add(&a, &plain, SLICE("Order_ID"), 1));
	assert_true(map_add(&a, &plain, SLICE("ORDER_id"), 2));
	arena_done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_arena_memory_is_zeroed_and_aligned),
	    cmocka_unit_test(test_arena_grow_keeps_content),
	    cmocka_unit_test(test_deferred_run_newest_first),
	    cmocka_unit_test(test_lists_grow),
	    cmocka_unit_test(test_buffer_stops_at_its_ceiling),
	    cmocka_unit_test(test_buffer_printf),
	    cmocka_unit_test(test_map),
	    cmocka_unit_test(test_map_folds_case_if_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

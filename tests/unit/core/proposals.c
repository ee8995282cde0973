/*
 * Rows that are proposed for a sheet: what they would replace, what is wrong
 * with them, and the sheet with those that are accepted.
 */
#include "base/base.h"

#include "core/proposals.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define SHEET                                                                  \
	"Source;Source column;Target table;Target column;Logic\n"              \
	"a.b.people;name;a.c.people;name;the name in capitals\n"               \
	";;;;\n"                                                               \
	"a.b.people;city;a.c.people;city;\n"

static struct arena arena;
static struct proposal proposal;

static bool
read_rows(const char *rows, const char **ret_why)
{
	return proposal_read(&arena, SLICE(SHEET), slice_of(rows), &proposal,
	    ret_why);
}

static void
read_good(const char *rows)
{
	const char *why = "";

	if (!read_rows(rows, &why))
		fail_msg("%s", why);
}

static void
expect_applied(const bool *accepted, const char *text)
{
	assert_string_equal(slice_dup(&arena,
	                        proposal_apply(&arena, &proposal, accepted)),
	    text);
}

static void
test_a_row_takes_the_place_of_another(void **state)
{
	const bool all[] = {true};
	const bool none[] = {false};

	(void)state;
	read_good("source_table,source_column,target_table,target_column,"
	          "transformation\n"
	          "a.b.people,name,A.C.people, Name ,upper(name)\n");
	assert_int_equal(proposal.rows.n, 1);
	assert_int_equal(proposal.rows.v[0].replaces, 2);
	assert_string_equal(proposal.rows.v[0].before[FIELD_TRANSFORMATION],
	    "the name in capitals");
	assert_false(proposal.rows.v[0].has_errors);
	expect_applied(all,
	    "Source;Source column;Target table;Target column;Logic\n"
	    "a.b.people;name;A.C.people;Name;upper(name)\n"
	    "\n"
	    "a.b.people;city;a.c.people;city;\n");
	expect_applied(none,
	    "Source;Source column;Target table;Target column;Logic\n"
	    "a.b.people;name;a.c.people;name;the name in capitals\n"
	    "\n"
	    "a.b.people;city;a.c.people;city;\n");
}

/* New rows come last; a field that the sheet has no column for gets one. */
static void
test_new_rows_and_columns(void **state)
{
	const bool second[] = {false, true};

	(void)state;
	read_good("target_table,target_column,transformation,comment\n"
	          "a.c.people,loaded_on,current_date(),when\n"
	          "a.c.people,kind,'x; y',why\n");
	assert_int_equal(proposal.rows.v[0].replaces, 0);
	assert_true(proposal.is_used[FIELD_COMMENT]);
	assert_false(proposal.is_used[FIELD_JOIN]);
	expect_applied(second,
	    "Source;Source column;Target table;Target column;Logic;comment\n"
	    "a.b.people;name;a.c.people;name;the name in capitals;\n"
	    "\n"
	    "a.b.people;city;a.c.people;city;;\n"
	    ";;a.c.people;kind;\"'x; y'\";why\n");
}

static void
test_problems_stand_with_their_row(void **state)
{
	(void)state;
	read_good("source_table,source_column,target_table,target_column,"
	          "transformation\n"
	          "a.b.people,name,a.c.people,one,upper(\n"
	          "a.b.people,name,a.c.people,two,upper(name)\n");
	assert_true(proposal.rows.v[0].has_errors);
	assert_true(proposal.rows.v[0].problems.n > 0);
	assert_false(proposal.rows.v[1].has_errors);
}

static void
test_what_is_no_sheet(void **state)
{
	static const char *const refused[] = {"", "I cannot do that.\n",
	    "source_table,source_column\na.b.c,d\n",
	    "target_table,target_column\n", "a\0b"};
	const char *why;
	struct buf many;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		why = NULL;
		if (read_rows(refused[i], &why))
			fail_msg("%s", refused[i]);
		assert_true(why && why[0]);
	}
	buf_init(&many, &arena, 100000);
	buf_add_str(&many, "target_table,target_column\n");
	for (int i = 0; i <= PROPOSAL_MAX_ROWS; i++)
		buf_printf(&many, "a.c.people,c%d\n", i);
	assert_false(read_rows(buf_str(&many), &why));
	assert_string_equal(why, "There are more than 500 rows.");
}

static int
teardown(void **state)
{
	(void)state;
	arena_done(&arena);
	err_clear();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_row_takes_the_place_of_another),
	    cmocka_unit_test(test_new_rows_and_columns),
	    cmocka_unit_test(test_problems_stand_with_their_row),
	    cmocka_unit_test(test_what_is_no_sheet),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}

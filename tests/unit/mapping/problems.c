#include "base/base.h"

#include "load.h"

/*
 * One small sheet for each code: exactly one problem, at its cell, at its
 * characters, and with a fix that helps. Codes that need a large sheet are in
 * limits.c.
 */
#define JOINS HEAD ",join\ns.a a,id,t.b,id,,\n"

static const struct {
	enum err_code code;
	int64_t row;
	int column;
	size_t offset;
	size_t length;
	const char *text;
	const char *fix; /* part of it */
} cases[] = {
    /* The file */
    {M_EMPTY, 0, -1, 0, 0, " \n\n", "header row"},
    {M_ENCODING, 0, -1, 0, 0, HEAD "\ns.a,\x81,t.b,x,\n", "UTF-8"},
    {M_OPEN_QUOTE, 3, 1, 0, 0,
        HEAD "\ns.a,x,t.b,x,\ns.a,\"x,t.b,x,\ns.a,y,t.b,y,\n", "\"\""},
    {M_TEXT_AFTER_QUOTE, 2, 4, 0, 0, HEAD "\ns.a,id,t.b,id,\"a\" || b\n",
        "\"\""},
    {M_NOT_TEXT, 0, -1, 0, 0, "PK\x03\x04", "Excel"},
    {M_EXTRA_CELLS, 2, 5, 0, 0, HEAD "\ns.a,id,t.b,id,nvl(id, 0)\n",
        "double quotes"},
    {M_CELL_TORN, 2, 4, 0, 0, HEAD ",comment\ns.a,id,t.b,id,nvl(id, 0)\n",
        "double quotes"},
    {M_INVISIBLE, 2, 0, 1, 3, HEAD "\ns\xe2\x80\x8b.a,id,t.b,id,\n", "Delete"},
    {M_INVISIBLE, 2, 4, 4, 1, HEAD "\ns.a,id,t.b,id, id \x07+ 1\n", "Delete"},

    /* Headers */
    {M_HEADER_UNKNOWN, 1, 5, 0, 0, HEAD ",colour\ns.a,id,t.b,id,,\n",
        "Remove the column"},
    {M_HEADER_UNKNOWN, 1, 5, 0, 0, HEAD ",comentt\ns.a,id,t.b,id,,\n",
        "Did you mean comment?"},
    {M_HEADER_UNKNOWN, 1, 1, 0, 0,
        "source_table,Spalte,target_table,target_column\n"
        "s.a,id,t.b,id\n",
        "source_column is missing"},
    {M_HEADER_UNKNOWN, 1, 3, 0, 0,
        "source_table,source_column,target_table,Ziel,transformation\n"
        "s.a,id,t.b,id,\n",
        "target_column is missing"},
    {M_HEADER_MISSING, 1, -1, 0, 0,
        "source_table,source_column,target_column\ns.a,id,id\n",
        "target_table"},
    {M_HEADER_MISSING, 1, -1, 0, 0,
        "source_table,target_table,target_column\ns.a,t.b,id\n",
        "source_column"},
    {M_HEADER_MISSING, 3, -1, 0, 0, "\n\ns.a,id,t.b,id,\nx,y,z,u\n",
        "target_table"},
    {M_HEADER_TWICE, 1, 5, 0, 0, HEAD ",logic\ns.a,id,t.b,id,,\n",
        "one of the two"},
    {M_HEADER_TWICE, 1, 0, 0, 0,
        "source,source_table,source_column,target_table,target_column\n"
        "crm,s.a,id,t.b,id\n",
        "one of the two"},
    {M_HEADER_EMPTY, 1, 5, 0, 0, HEAD ",,role\ns.a,id,t.b,id,,x,\n",
        "Name the column"},
    {M_HEADER_LATE, 1, -1, 0, 0, "Orders\n\n" HEAD "\ns.a,id,t.b,id,\n",
        "above row 3"},

    /* Rows */
    {M_SOURCE_MISSING, 2, 0, 0, 0, HEAD "\n,id,t.b,id,\n", "Write"},
    {M_SOURCE_MISSING, 3, 0, 0, 0, HEAD "\ns.a,id,t.b,id,\n,x,t.b,x,\n",
        "Write"},
    {M_TARGET_MISSING, 2, 2, 0, 0, HEAD "\ns.a,id,,id,\n", "Write"},
    {M_TARGET_COLUMN_MISSING, 2, 3, 0, 0, HEAD "\ns.a,id,t.b,,\n", "Write"},
    {M_NOTHING_MAPPED, 2, 4, 0, 0, HEAD "\ns.a,,t.b,id,\n", "source column"},
    {M_NOTHING_MAPPED, 2, 1, 0, 0,
        "source_table,source_column,target_table,target_column\n"
        "s.a,,t.b,id\n",
        "source column"},
    {M_TARGET_COLUMN_TWICE, 3, 3, 0, 0,
        HEAD "\ns.a,id,t.b,id,\ns.a,x,t.b,Id,\n", "Remove"},
    {M_TABLE_NAME, 2, 0, 0, 0, HEAD "\na-b.c,id,t.b,id,\n", "backticks"},
    {M_TABLE_NAME, 2, 2, 0, 0, HEAD "\ns.a,id,t.b x,id,\n", "only"},
    {M_TABLE_NAME, 2, 2, 0, 0, HEAD "\ns.a,id,/v/*,id,\n", "Correct"},
    {M_COLUMN_NAME, 2, 3, 2, 1, HEAD "\ns.a,id,t.b, a;b,\n", "Rename"},
    {M_COLUMN_NAME, 2, 3, 1, 1, HEAD "\ns.a,id,t.b,b.id,\n", "Rename"},
    {M_COLUMN_NAME, 2, 3, 0, 0, HEAD "\ns.a,id,t.b,`id,\n", "Rename"},
    {M_DATA_TYPE, 2, 5, 0, 0, HEAD ",type\ns.a,id,t.b,id,,VARCHAR2(10)\n",
        "STRING"},
    {M_ROLE, 2, 5, 0, 0, HEAD ",role\ns.a,id,t.b,id,,primary\n", "key"},
    {M_ROLE, 2, 5, 0, 0, HEAD ",key\ns.a,id,t.b,id,,2\n", "Write Y"},
    {M_JOIN_MISSING, 3, 5, 0, 0, JOINS "s.c c,x,t.b,x,,\n", "a.id = c.id"},
    {M_JOIN_MISSING, 3, 0, 0, 0, HEAD "\ns.a a,id,t.b,id,\ns.c c,x,t.b,x,\n",
        "Add the column"},
    {M_JOIN_MISSING, 3, 5, 0, 0, JOINS "s.a b,x,t.b,x,,\n",
        "two sources, though one table"},
    {M_JOIN_CONFLICT, 4, 5, 0, 0,
        JOINS "s.c c,x,t.b,x,,a.id = c.id\n"
              "s.c c,y,t.b,y,,a.id = c.pid\n",
        "once"},
    {M_JOIN_CONFLICT, 2, 5, 0, 0,
        HEAD ",join\ns.a a,id,t.b,id,,inner a.id = c.id\n"
             "s.c c,x,t.b,x,,a.id = c.id\n",
        "once"},
    {M_JOIN_DRIVING, 2, 5, 0, 0,
        HEAD ",join\ns.a a,id,t.b,id,,a.id = a.parent\n", "Move the join"},
    {M_ALIAS_TWICE, 3, 0, 0, 0, JOINS "s.c a,x,t.b,x,,\n", "another alias"},
    {M_COLUMN_UNKNOWN_ALIAS, 4, 4, 5, 3,
        HEAD "\ns.a a,id,t.b,id,\ns.c c,x,t.d,x,\n"
             "s.c c,y,t.d,y, 1 + a.z\n",
        "c.a.z"},
    {M_COLUMN_UNKNOWN_ALIAS, 3, 4, 0, 11,
        HEAD "\ns.orders,id,t.b,id,\ns.c c,x,t.d,x,s.orders.id\n", "reads c"},
    {M_COLUMN_UNKNOWN_ALIAS, 3, 5, 7, 4, JOINS "s.c c,x,t.b,x,,a.id = d.id\n",
        "a and c"},
    {M_COLUMN_UNKNOWN_ALIAS, 3, 5, 10, 3,
        JOINS "s.c c,x,t.b,x,,left join s.d on a.id = c.id\n", "a and c"},
    {M_COLUMN_UNKNOWN_ALIAS, 3, 5, 7, 4,
        JOINS "s.c c,x,t.b,x,,a.id = d.id\ns.d d,y,t.b,y,,a.id = d.id\n",
        "Sources are joined in the order"},
    {M_COLUMN_UNKNOWN_ALIAS, 2, 1, 0, 1, HEAD "\ns.a a,b.id,t.b,id,\n",
        "only the column"},
    {M_COLUMN_UNKNOWN_ALIAS, 3, 5, 0, 3,
        HEAD ",filter\ns.a a,id,t.b,id,,\ns.c c,x,t.d,x,,a.y > 1\n", "reads c"},
    {M_DEFAULT_NOT_LITERAL, 2, 5, 0, 0, HEAD ",default\ns.a,id,t.b,id,,none\n",
        "single quotes"},
    {M_DEFAULT_NOT_LITERAL, 2, 5, 0, 0,
        HEAD ",default\ns.a,id,t.b,id,,current_date()\n", "single quotes"},
    {M_TARGET_CYCLE, 2, 2, 0, 0, HEAD "\nt.c,id,t.b,id,\nt.b,id,t.c,id,\n",
        "Split"},
    {M_NO_ROWS, 1, -1, 0, 0, HEAD "\n", "Add"},
    {M_TARGET_IS_SOURCE, 2, 0, 0, 0, HEAD "\nt.b,id,t.b,id,\n", "another"},
    {M_TARGET_IS_SOURCE, 3, 0, 0, 0,
        HEAD "\n/v/x.csv,id,/v/b,id,\n/v/c,x,/v/c/,x,\n", "another"},
    {M_HEADER_AS_DATA, 3, -1, 0, 0,
        HEAD "\ns.a,id,t.b,id,\n" HEAD "\ns.a,x,t.b,x,\n", "Remove"},
    {M_ROLE_CONFLICT, 2, 6, 0, 0,
        HEAD ",role,key\ns.a,id,t.b,id,,watermark,Y\n", "one of the two"},
    {M_ROLE_CONFLICT, 2, 6, 0, 0, HEAD ",role,key\ns.a,id,t.b,id,,key,N\n",
        "one of the two"},
    {M_SOURCE_AMBIGUOUS, 2, 1, 0, 0, HEAD "\ns.a,\"x,y\",t.b,id,\n",
        "one column name"},
    {M_SOURCE_AMBIGUOUS, 2, 1, 0, 0, HEAD "\ns.a,first and last,t.b,id,\n",
        "backticks"},
    {M_SOURCE_AMBIGUOUS, 2, 1, 0, 0, HEAD "\ns.a,a + b,t.b,id,\n",
        "transformation"},
    {M_SOURCE_AMBIGUOUS, 2, 1, 0, 0, HEAD "\ns.a,N/A,t.b,id,1\n",
        "Leave the cell empty"},
    {M_SOURCE_AMBIGUOUS, 2, 1, 0, 0, HEAD "\ns.a,1,t.b,id,\n", "constant"},
    {M_SAME_NAME_CASE, 3, 2, 0, 0, HEAD "\ns.a,id,t.b,id,\ns.a,x,t.B,x,\n",
        "Write t.b"},
    {M_ALIAS, 2, 5, 0, 0, HEAD ",alias\ns.a a,id,t.b,id,,b\n",
        "one of the two"},
    {M_ALIAS, 2, 5, 0, 0, HEAD ",alias\ns.a,id,t.b,id,,a b\n", "one word"},
    {M_ALIAS, 4, 0, 0, 0, JOINS "s.a b,x,t.b,x,,a.id = b.id\ns.a,y,t.b,y,,\n",
        "Write the alias"},
    {M_ALIAS, 3, 4, 0, 3,
        HEAD ",join\ns.a,id,t.b,id,,\nr.a,x,t.b,x,a.x,cross\n",
        "aliases of your own"},
    {M_JOIN_UNRELATED, 3, 5, 0, 9, JOINS "s.c c,x,t.b,x,,id = c.id\n",
        "CROSS JOIN"},
    {M_JOIN_UNRELATED, 3, 5, 11, 5, JOINS "s.c c,x,t.b,x,,inner join 1 = 1\n",
        "CROSS JOIN"},
    {M_COLUMN_UNQUALIFIED, 3, 6, 1, 1,
        HEAD ",join,filter\ns.a a,id,t.b,id,,,\n"
             "s.c c,x,t.b,x,,a.id = c.id, x > 1\n",
        "c.x"},
    {M_COLUMN_UNQUALIFIED, 2, 5, 15, 2,
        HEAD ",join\ns.a a,id,t.b,id,,left join c on id = c.id\n"
             "s.c c,x,t.b,x,,\n",
        "alias"},

    {M_NOTHING_MAPPED, 2, 1, 0, 0,
        "source_table,source_column,target_table,target_column,rule\n"
        "s.a,,t.b,id,id > 1\n",
        "transformation"},
    {M_RULE_COLUMN, 2, 5, 15, 3,
        HEAD ",rule\ns.a,id,t.b,id,,not null; id < old\n", "target"},
    {M_RULE_COLUMN, 2, 5, 2, 1, HEAD ",rule\ns.a,id,t.b,id,,> x\n", "target"},
    {M_RULE_VOLATILE, 2, 5, 18, 8,
        HEAD ",rule\ns.a,id,t.b,id,,\"id > 0\nand id > 1\n< rand()\"\n",
        "Compare"},

    /* Codes of expressions that are reported here */
    {E_PROSE, 2, 4, 0, 0, HEAD "\ns.a,id,t.b,id,direct\n", "empty"},
    {E_SYNTAX, 2, 4, 6, 0, HEAD "\ns.a,id,t.b,id,  id *\n", "Correct"},
    {E_NOT_CONDITION, 2, 5, 0, 9, HEAD ",rule\ns.a,id,t.b,id,,upper(id)\n",
        "transformation"},
    {E_SYNTAX, 2, 5, 12, 0, HEAD ",rule\ns.a,id,t.b,id,,unique; id > \n",
        "Correct"},
    {E_NOT_CONDITION, 2, 5, 0, 6, HEAD ",filter\ns.a,id,t.b,id,,id + 1\n",
        "comparison"},
    {E_NOT_CONDITION, 2, 5, 7, 6,
        HEAD ",filter\ns.a,id,t.b,id,, where id + 1\n", "comparison"},
    {E_NOT_CONDITION, 3, 5, 0, 0, JOINS "s.c c,x,t.b,x,,left join\n",
        "a.id = b.id"},
    {E_NOT_CONDITION, 3, 5, 0, 0, JOINS "s.c c,x,t.b,x,,id\n", "a.id = b.id"},
    {E_NOT_CONDITION, 3, 5, 0, 0, JOINS "s.c c,x,t.b,x,,using (id)\n",
        "a.id = b.id"},
    {E_NOT_CONDITION, 3, 5, 0, 0,
        JOINS "s.c c,x,t.b,x,,left anti join a.id = c.id\n", "LEFT"},
    {E_NOT_CONDITION, 3, 5, 0, 0,
        JOINS "s.c c,x,t.b,x,,cross join c on a.id = c.id\n", "INNER"},
};

static void
test_one_problem(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		const struct problem *p;
		struct loaded l;

		load(&l, cases[i].text);
		p = l.problems.v;
		if (l.problems.n != 1 || p->code != cases[i].code ||
		    p->row != cases[i].row || p->column != cases[i].column)
			fail_msg("%s\nwant one %s at %d/%d, got\n%s",
			    cases[i].text, code_info(cases[i].code)->id,
			    (int)cases[i].row, cases[i].column,
			    list_problems(&l.a, &l.problems));
		if (p->offset != cases[i].offset ||
		    p->length != cases[i].length)
			fail_msg("%s\n%s marks %zu+%zu", cases[i].text,
			    p->message, p->offset, p->length);
		if (!strstr(p->fix, cases[i].fix))
			fail_msg("%s\n%s", cases[i].text, p->fix);
		assert_int_equal(l.problems.errors,
		    code_info(p->code)->severity == SEVERITY_ERROR);
		if (p->column >= 0 && p->row > 0)
			assert_string_equal(p->header,
			    l.ok ? l.m.sheet->header[p->column] : "");
		unload(&l);
	}
}

/* Needs a sheet that is too large for a table of cases. */
static bool
is_in_limits(enum err_code code)
{
	return code == M_TOO_LARGE || code == M_TOO_MANY_ROWS ||
	    code == M_TOO_MANY_COLUMNS || code == M_CELL_TOO_LONG ||
	    code == M_TOO_MANY_HEADERS || code == M_TOO_MANY_SOURCES;
}

static void
test_every_code_is_tested(void **state)
{
	int code;

	(void)state;
	for (code = 0; code < ERR__COUNT; code++) {
		bool found = is_in_limits((enum err_code)code);
		size_t i;

		if (code_info((enum err_code)code)->id[0] != 'M')
			continue;
		for (i = 0; i < COUNT_OF(cases); i++)
			found = found || (int)cases[i].code == code;
		if (!found)
			fail_msg("%s is not tested",
			    code_info((enum err_code)code)->id);
	}
}

/* A message is one short line whatever stands in the cell. */
static void
test_messages_are_lines(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct loaded l;
		const char *s;

		load(&l, cases[i].text);
		for (s = l.problems.v[0].message; *s; s++)
			assert_true((unsigned char)*s >= ' ');
		assert_true(str_ends(l.problems.v[0].message, "."));
		for (s = l.problems.v[0].fix; *s; s++)
			assert_true((unsigned char)*s >= ' ');
		assert_true(s[-1] == '.' || s[-1] == '?');
		unload(&l);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_one_problem),
	    cmocka_unit_test(test_every_code_is_tested),
	    cmocka_unit_test(test_messages_are_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

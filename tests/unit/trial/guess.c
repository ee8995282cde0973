/* What sources are guessed to be like, from what is done with them. */
#include "base/base.h"

#include "trial/trial.h"

#include "base/buf.h"

#include "planning.h"

#define HEAD                                                                   \
	"source_table|source_column|target_table|target_column|"               \
	"transformation|data_type|join|filter\n"

/* "type: value, value, …" of a column of the first source. */
static const char *
told(struct fixture *f, const char *sheet, const char *name)
{
	struct trial trial;
	const struct trial_table *table;
	struct buf b;
	size_t i;
	size_t j;

	plan(f, sheet, "full_load", NULL);
	assert_int_equal(f->problems.errors, 0);
	trial_make(&f->arena, &f->plan.pipelines.v[0], &trial);
	assert_non_null(trial.sources);
	table = &trial.sources[0];
	buf_init(&b, &f->arena, 2000);
	for (i = 0; i < table->fields.n; i++) {
		if (!str_eq(table->fields.v[i].name, name))
			continue;
		buf_printf(&b,
		    "%s:", value_type_text(&f->arena, table->fields.v[i].type));
		for (j = 0; j < table->rows.n; j++)
			buf_printf(&b, "%s%s", j ? ", " : " ",
			    value_format(&f->arena, &table->rows.v[j].v[i]));
	}
	return buf_str(&b);
}

static const struct {
	const char *expression;
	const char *type;
	const char *want;
} cases[] = {
    /* Nothing speaks for more: text. */
    {"", "", "string: Ann Lee,  bob , , M\xc3\x9cLLER, NULL"},
    {"trim(x)", "STRING", "string: Ann Lee,  bob , , M\xc3\x9cLLER, NULL"},
    /* What the cast can read. */
    {"", "INT", "string: 12, 0, -3, 2147483647, NULL"},
    {"cast(x as date)", "",
        "string: 2024-01-31, 2024-02-29, 1999-12-31, 2024-03-31, "
        "NULL"},
    {"to_date(x, 'dd.MM.yyyy')", "",
        "string: 31.01.2024, 29.02.2024, 31.12.1999, 31.03.2024, "
        "NULL"},
    /* Literals, and their neighbours. */
    {"x > 100", "", "int: 100, 99, 101, 12, 0, -3, 2147483647"},
    {"x between 1 and 2.5", "",
        "decimal(12,2): 1.00, 0.99, 1.01, 2.50, 2.49, 2.51, 12.50"},
    {"x > date'2024-06-30'", "",
        "date: 2024-06-30, 2024-06-29, 2024-07-01, 2024-01-31, "
        "2024-02-29, 1999-12-31, 2024-03-31"},
    {"case when upper(x) in ('A', 'Bc') then 1 else 2 end", "",
        "string: A, Bc, other, a,  A , , NULL"},
    {"x like 'ab%'", "", "string: ab, other, AB,  ab , , NULL"},
    {"case x when 'n' then 0 end", "", "string: n, other, N,  n , , NULL"},
    /* Numbers: with more digits than the cast leaves. */
    {"x * 2", "", "decimal(12,2): 12.50, 0.00, -3.05, 9999999999.99, NULL"},
    {"substr('abc', x)", "", "int: 12, 0, -3, 2147483647, NULL"},
    {"year(x)", "",
        "date: 2024-01-31, 2024-02-29, 1999-12-31, 2024-03-31, "
        "NULL"},
    {"if(x, 1, 2)", "", "boolean: true, false, NULL"},
    {"x.a.b", "",
        "struct<a:struct<b:string>>: {{Ann Lee}}, {{ bob }}, {null}, "
        "NULL"},
    {"size(x)", "", "array<string>:"},
    {"transform(x, e -> e.a + e.b)", "",
        "array<struct<a:decimal(12,2),b:decimal(12,2)>>:"},
    {"cast(get_json_object(x, '$.n') as int)", "", "string:"},
    {"coalesce(x, 'none')", "STRING",
        "string: none, other, NONE,  none , , NULL"},
    {"", "array<int>", "array<int>: NULL"},
};

static void
test_types_and_values(void **state)
{
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++) {
		const char *sheet = arena_printf(&f->arena,
		    HEAD "a.b.s|%s|a.b.t|y|%s|%s||\n",
		    cases[i].expression[0] ? "" : "x", cases[i].expression,
		    cases[i].type);
		const char *got = told(f, sheet, "x");

		/* Without values the type is what matters. */
		if (!(str_ends(cases[i].want, ":")
		            ? str_starts(got, cases[i].want)
		            : str_eq(got, cases[i].want)))
			fail_msg("%s %s\n got %s\nwant %s", cases[i].expression,
			    cases[i].type, got, cases[i].want);
	}
}

static void
test_one_column_in_several_places(void **state)
{
	struct fixture *f = *state;

	/* A number in one place is one in the others. */
	assert_string_equal(told(f,
	                        HEAD "a.b.s|x|a.b.t|x||INT||\n"
	                             "a.b.s||a.b.t|y|x * 2|||\n",
	                        "x"),
	    "bigint: 12, 0, -3, NULL");
	/* What is compared is of one type. */
	assert_string_equal(told(f,
	                        HEAD "a.b.s|z|a.b.t|z|x = z|||\n"
	                             "a.b.s||a.b.t|y|z * 2|||\n",
	                        "x"),
	    "decimal(12,2): 12.50, 0.00, -3.05, 9999999999.99, NULL");
}

static void
test_files(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(told(f, HEAD "/data/s.csv||a.b.t|y|x * 2|||\n",
	                        "x"),
	    "string: 12.500, 2.015, 0.000, -3.050, 99999999999.999, NULL");
	assert_string_equal(told(f, HEAD "/data/s.json||a.b.t|y|x * 2|||\n",
	                        "x"),
	    "double: 12.5, 0.0, -3.05, NULL");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_types_and_values, setup,
	        teardown),
	    cmocka_unit_test_setup_teardown(test_one_column_in_several_places,
	        setup, teardown),
	    cmocka_unit_test_setup_teardown(test_files, setup, teardown),
	};

	return cmocka_run_group_tests_name("guess", tests, NULL, NULL);
}

#include "base/base.h"

#include "expr/expr.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COPY "Leave the cell empty for a plain copy of the source column."
#define BACKTICKS COPY " A column of that name needs backticks: "
#define FOR_EXAMPLE "Write, for example, "

struct advice {
	const char *text;
	const char *fix; /* NULL: the catalogue's */
};

static const struct advice remarks[] = {
    {"1:1", COPY},
    {" 1 : 1 ", COPY},
    {"1-1", COPY},
    {"direct", BACKTICKS "`direct`."},
    {"Direct", BACKTICKS "`Direct`."},
    {"Direct  move.", COPY},
    {"same as source", COPY},
    {"as is", COPY},
    {"übernehmen", COPY},
    {"direct -- as agreed",
        COPY " A column of that name needs backticks: "
             "`direct`."},
    {"n/a",
        "Write NULL if the target column stays empty, or remove the "
        "row."},
    {"–",
        "Write NULL if the target column stays empty, or remove the "
        "row."},
    {"tbd",
        "Write the expression once it is decided, or remove the row. A "
        "column of that name needs backticks: `tbd`."},
    {"??", "Write the expression once it is decided, or remove the row."},
    {"today",
        "Write current_date(). A column of that name needs "
        "backticks: `today`."},
};

static const struct advice sentences[] = {
    {"current date", FOR_EXAMPLE "current_date()"},
    {"Aktuelles Datum", FOR_EXAMPLE "current_date()"},
    {"populate with the load timestamp", FOR_EXAMPLE "current_timestamp()"},
    {"if amount is null then 0", FOR_EXAMPLE "coalesce(amount, 0)"},
    {"if amount is null, then 0 else amount",
        FOR_EXAMPLE "CASE WHEN amount IS NULL THEN 0 ELSE amount END"},
    {"wenn betrag leer dann 0 sonst betrag",
        FOR_EXAMPLE "CASE WHEN betrag IS NULL THEN 0 ELSE betrag END"},
    {"if country is null then unknown",
        FOR_EXAMPLE "coalesce(country, 'unknown')"},
    {"0 if amount is null", FOR_EXAMPLE "coalesce(amount, 0)"},
    {"if status is open then active otherwise closed",
        FOR_EXAMPLE
        "CASE WHEN status = 'open' THEN 'active' ELSE 'closed' END"},
    {"If amount > 100 then 'HIGH' else 'LOW'",
        FOR_EXAMPLE "CASE WHEN amount > 100 THEN 'HIGH' ELSE 'LOW' END"},
    {"replace nulls with 'none'", FOR_EXAMPLE "coalesce(x, 'none')"},
    {"take the first name and last name joined by blank",
        FOR_EXAMPLE "concat_ws(' ', first_name, last_name)"},
    {"concatenate first_name, last_name with a comma",
        FOR_EXAMPLE "concat_ws(',', first_name, last_name)"},
    {"Vorname und Nachname mit Leerzeichen verbunden",
        FOR_EXAMPLE "concat_ws(' ', Vorname, Nachname)"},
    {"Concatenate first name and last name",
        FOR_EXAMPLE "concat(first_name, last_name)"},
    {"convert name to upper case", FOR_EXAMPLE "upper(name)"},
    {"trim spaces from name", FOR_EXAMPLE "trim(name)"},
    {"first 3 characters of postal code", FOR_EXAMPLE "left(postal_code, 3)"},
    {"remove leading zeros from account",
        FOR_EXAMPLE "trim(LEADING '0' FROM account)"},
    {"convert order date to date",
        FOR_EXAMPLE "to_date(order_date, 'yyyy-MM-dd')"},
    {"year of order date", FOR_EXAMPLE "year(order_date)"},
    {"Betrag mal 1,19", FOR_EXAMPLE "Betrag * 1.19"},
    {"amount multiplied by quantity", FOR_EXAMPLE "amount * quantity"},
    {"round amount to 2 decimals", FOR_EXAMPLE "round(amount, 2)"},
    {"hardcode 'Y'", FOR_EXAMPLE "'Y'"},
    {"always N", FOR_EXAMPLE "'N'"},
    {"default value 0", FOR_EXAMPLE "0"},
    {"copy from source column", COPY},
    {"Lookup customer name from CRM",
        "Add the other table as a source "
        "with a join, then write its column here."},
    {"sum of amount per customer",
        "Aggregate in a view and map the view, "
        "or use a window: sum(amount) OVER (PARTITION BY customer_id)."},
    {"This field is derived from the customer master.", NULL},
    {"see confluence page", NULL},
    {"the customer’s name", NULL},
    {"select the first name of the customer", NULL},
};

/* Near to an expression: here the place of the error helps more. */
static const char *const not_prose[] = {
    "first name",
    "customer name",
    "upper(first name)",
    "amount * rate x",
    "CASE WHEN a = 1 THEN 'the value is used' ELSE 2",
    "a is empty",
    "a at time zone 'UTC'",
    "a left join b on a.id = b.id",
    "concat(first_name last_name)",
    "'it is a text' ||",
    "if '' is ' then '",
};

static void
check(const struct advice *cases, size_t n)
{
	struct arena a = ARENA_INIT;
	size_t i;

	for (i = 0; i < n; i++) {
		struct slice s = slice_trim(slice_of(cases[i].text));
		struct expr_parsed p;

		expr_parse(&a, cases[i].text, &p);
		if (p.root || p.findings.v[0].code != E_PROSE)
			fail_msg("%s: not seen as prose", cases[i].text);
		if (!str_eq(p.findings.v[0].fix, cases[i].fix))
			fail_msg("%s: %s", cases[i].text,
			    p.findings.v[0].fix ? p.findings.v[0].fix : "-");
		assert_int_equal(p.findings.n, 1);
		assert_true(p.findings.v[0].end <= s.n + 1);
	}
	arena_done(&a);
}

static void
test_remarks(void **state)
{
	(void)state;
	check(remarks, COUNT_OF(remarks));
}

static void
test_sentences(void **state)
{
	(void)state;
	check(sentences, COUNT_OF(sentences));
}

static void
test_not_prose(void **state)
{
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(not_prose); i++) {
		struct expr_parsed p;

		expr_parse(&a, not_prose[i], &p);
		if (p.root || p.findings.v[0].code == E_PROSE)
			fail_msg("%s: seen as prose", not_prose[i]);
	}
	arena_done(&a);
}

static void
test_backticks_escape(void **state)
{
	struct arena a = ARENA_INIT;
	struct expr_parsed p;

	(void)state;
	expr_parse(&a, "`direct`", &p);
	assert_int_equal(p.errors, 0);
	assert_string_equal(p.columns.v[0].part[0], "direct");
	arena_done(&a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_remarks),
	    cmocka_unit_test(test_sentences),
	    cmocka_unit_test(test_not_prose),
	    cmocka_unit_test(test_backticks_escape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

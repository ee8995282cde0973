#include "base/base.h"

#include "load.h"

static const char *const kinds[] = {
    [JOIN_NONE] = "-",
    [JOIN_LEFT] = "left",
    [JOIN_INNER] = "inner",
    [JOIN_RIGHT] = "right",
    [JOIN_FULL] = "full",
    [JOIN_CROSS] = "cross",
};

/* The sources of a target in one line. */
static const char *
show_sources(struct arena *a, const struct mapping_target *t)
{
	const char *s = "";
	size_t i;

	for (i = 0; i < t->sources.n; i++) {
		const struct mapping_source *m = &t->sources.v[i];

		s = arena_printf(a, "%s%s%s as %s", s, i ? "; " : "",
		    m->table.name, m->alias);
		if (m->join != JOIN_NONE)
			s = arena_printf(a, "%s %s(%s)", s, kinds[m->join],
			    m->on ? m->on->text : "");
	}
	return s;
}

/* Rows below the header source_table … transformation,join. */
static const struct {
	const char *rows;
	const char *want;
} sources[] = {
    {"s.a,id,t.b,id,,\n", "s.a as a"},
    {"s.a o,id,t.b,id,,\ns.a,x,t.b,x,,\ns.a O,y,t.b,y,,\n", "s.a as o"},
    {"s.`odd a`,id,t.b,id,,\n", "s.`odd a` as odd_a"},
    {"/v/sales.2024.parquet,id,t.b,id,,\n", "/v/sales.2024.parquet as sales"},
    {"/v/2024/,id,t.b,id,,\n", "/v/2024/ as t_2024"},
    {"/v/*.csv,id,t.b,id,,\n", "/v/*.csv as data"},
    /* Default aliases that would collide */
    {"s.a,id,t.b,id,,\nr.a,x,t.b,x,,cross\nq.a,y,t.b,y,,cross join\n",
        "s.a as a; r.a as a_2 cross(); q.a as a_3 cross()"},
    {"s.a,id,t.b,id,,\nr.c a,x,t.b,x,a.x,cross\n",
        "s.a as a_2; r.c as a cross()"},
    /* What a join cell may look like */
    {"s.a a,id,t.b,id,,\ns.c c,x,t.b,x,,a.id = c.id\n",
        "s.a as a; s.c as c left(a.id = c.id)"},
    {"s.a a,id,t.b,id,,\ns.c c,x,t.b,x,,on a.id = c.id\n",
        "s.a as a; s.c as c left(a.id = c.id)"},
    {"s.a a,id,t.b,id,,\ns.c c,x,t.b,x,,\"INNER JOIN s.c c\nON a.id = c.id"
     "\"\n",
        "s.a as a; s.c as c inner(a.id = c.id)"},
    {"s.a a,id,t.b,id,,\ns.c c,x,t.b,x,,c on a.id = c.id\n",
        "s.a as a; s.c as c left(a.id = c.id)"},
    {"s.a a,id,t.b,id,,\ns.c c,x,t.b,x,,full outer join on a.id = c.id\n",
        "s.a as a; s.c as c full(a.id = c.id)"},
    {"s.a a,id,t.b,id,,\ns.c c,x,t.b,x,,Right a.id = c.id\n",
        "s.a as a; s.c as c right(a.id = c.id)"},
    {"s.a a,id,t.b,id,,\ns.c c,x,t.b,x,,\"left(a.id, 2) = c.id\"\n",
        "s.a as a; s.c as c left(left(a.id, 2) = c.id)"},
    {"s.a a,id,t.b,id,,\ns.c c,x,t.b,x,,\"LEFT left(a.id, 2) = c.id\"\n",
        "s.a as a; s.c as c left(left(a.id, 2) = c.id)"},
    {"s.a a,id,t.b,id,,\ns.c c,x,t.b,x,,a.id = id\n",
        "s.a as a; s.c as c left(a.id = id)"},
    {"s.a a,id,t.b,id,,\ns.c,x,t.b,x,,s.a.id = s.c.id\n",
        "s.a as a; s.c as c left(s.a.id = s.c.id)"},
    {"s.a a,id,t.b,id,,\ns.c c,x,t.b,x,,a.`on` = c.x and a.y = 'on'\n",
        "s.a as a; s.c as c left(a.`on` = c.x and a.y = 'on')"},
    /* Where it may stand */
    {"s.a a,id,t.b,id,,a.id = c.id\ns.c c,x,t.b,x,,\n",
        "s.a as a; s.c as c left(a.id = c.id)"},
    {"s.a a,id,t.b,id,,a.id = c.id\ns.c c,x,t.b,x,,a.id  = c.id\n"
     "s.a a,y,t.b,y,,a.id = c.id\n",
        "s.a as a; s.c as c left(a.id  = c.id)"},
    {"s.a a,id,t.b,id,,c.k = d.k and a.id = d.id\n"
     "s.c c,x,t.b,x,,a.id = c.id\ns.d d,y,t.b,y,,\n",
        "s.a as a; s.c as c left(a.id = c.id); "
        "s.d as d left(c.k = d.k and a.id = d.id)"},
    {"s.a a,id,t.b,id,,inner join s.c on a.id = c.id\ns.c c,x,t.b,x,,\n",
        "s.a as a; s.c as c inner(a.id = c.id)"},
    {"s.a a,id,t.b,id,,c.k = d.k and a.id = d.id\n"
     "s.c c,x,t.b,x,,a.id = c.id\n"
     "s.d d,y,t.b,y,,c.k = d.k and a.id = d.id\n",
        "s.a as a; s.c as c left(a.id = c.id); "
        "s.d as d left(c.k = d.k and a.id = d.id)"},
    {"s.a a,id,t.b,id,,cross\ns.c c,x,t.b,x,,\n", "s.a as a; s.c as c cross()"},
    {"s.e,id,t.b,id,,\ns.e m,x,t.b,x,,e.boss = m.id\n",
        "s.e as e; s.e as m left(e.boss = m.id)"},
};

static void
test_sources(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(sources); i++) {
		struct loaded l;
		struct arena a = ARENA_INIT;

		load(&l, arena_printf(&a, HEAD ",join\n%s", sources[i].rows));
		assert_no_problems(&l);
		assert_int_equal(l.m.targets.n, 1);
		assert_string_equal(show_sources(&a, &l.m.targets.v[0]),
		    sources[i].want);
		unload(&l);
		arena_done(&a);
	}
}

static void
test_rows(void **state)
{
	const struct mapping_target *t;
	struct loaded l;

	(void)state;
	load(&l,
	    "tgt_table;tgt_col;src_table;src_col;logic;role;pk;type;"
	    "default;remark;alias;filter\n"
	    "t.b;id;s.a; a.`odd id` ;;key;;BIGINT;;the key;a;"
	    "id > 0\n"
	    "t.b;n;s.a;x; upper( x ) ;Merge Key;y;;'none';;a;"
	    "where  id  > 0\n"
	    "t.b;ts;s.a;`ts`;;watermark;n;timestamp;NULL;;;id > 0\n"
	    "t.b;v;s.a;net amount;;;;Decimal(12, 2);-1;;;a.x = 'X'\n"
	    "t.b;`d.e`;s.a;;current_date();tracked;;;;;;\n");
	assert_no_problems(&l);
	assert_int_equal(l.m.field[FIELD_TARGET_TABLE], 0);
	assert_int_equal(l.m.field[FIELD_JOIN], -1);
	assert_int_equal(l.m.meaning[9], FIELD_COMMENT);
	t = &l.m.targets.v[0];
	assert_int_equal(t->row, 2);
	assert_int_equal(t->rows.n, 5);
	assert_string_equal(t->rows.v[0].source_column, "odd id");
	assert_null(t->rows.v[0].transformation);
	assert_int_equal(t->rows.v[0].role, ROLE_KEY);
	assert_string_equal(t->rows.v[0].type->text, "bigint");
	assert_null(t->rows.v[0].fallback);
	assert_string_equal(t->rows.v[0].comment, "the key");
	assert_string_equal(t->rows.v[1].transformation->text, "upper( x )");
	assert_int_equal(t->rows.v[1].role, ROLE_KEY);
	assert_string_equal(t->rows.v[1].fallback->text, "'none'");
	assert_string_equal(t->rows.v[1].comment, "");
	assert_int_equal(t->rows.v[2].role, ROLE_WATERMARK);
	assert_null(t->rows.v[2].fallback);
	assert_string_equal(t->rows.v[2].source_column, "ts");
	assert_string_equal(t->rows.v[3].source_column, "net amount");
	assert_string_equal(t->rows.v[3].type->text, "decimal(12,2)");
	assert_string_equal(t->rows.v[3].fallback->text, "-1");
	assert_string_equal(t->rows.v[4].target_column, "d.e");
	assert_null(t->rows.v[4].source_column);
	assert_int_equal(t->rows.v[4].role, ROLE_TRACKED);
	assert_int_equal(t->rows.v[4].row, 6);
	assert_int_equal(t->filters.n, 2);
	assert_string_equal(t->filters.v[0]->text, "id > 0");
	assert_string_equal(t->filters.v[1]->text, "a.x = 'X'");
	unload(&l);
}

/* Targets in one line, in the order to run. */
static const struct {
	const char *rows;
	const char *want;
} orders[] = {
    {"s.a,id,t.b,id,\ns.a,id,t.c,id,\ns.a,x,t.b,x,\n", "t.b t.c"},
    {"t.c,id,t.b,id,\ns.a,id,t.c,id,\n", "t.c t.b"},
    {"T.C,id,t.b,id,\ns.a,id,t.x,id,\nt.d,id,t.c,id,\ns.a,id,t.d,id,\n",
        "t.d t.c t.b t.x"},
    {"/v/x,id,/v/y,id,\n/v/a.csv,id,/v/x/,id,\n", "/v/x/ /v/y"},
    /* A cycle keeps every target. */
    {"t.c,id,t.b,id,\nt.b,id,t.c,id,\ns.a,id,t.d,id,\n", "t.c t.b t.d"},
};

static void
test_order(void **state)
{
	size_t i;
	size_t k;

	(void)state;
	for (i = 0; i < COUNT_OF(orders); i++) {
		struct arena a = ARENA_INIT;
		const char *s = "";
		struct loaded l;

		load(&l, arena_printf(&a, HEAD "\n%s", orders[i].rows));
		for (k = 0; k < l.m.targets.n; k++)
			s = arena_printf(&a, "%s%s%s", s, k ? " " : "",
			    l.m.targets.v[k].table.name);
		assert_string_equal(s, orders[i].want);
		unload(&l);
		arena_done(&a);
	}
}

/* Two cycles are two problems, one cycle with a chord is one. */
static void
test_cycles(void **state)
{
	struct loaded l;

	(void)state;
	load(&l,
	    HEAD "\nt.a,x,t.b,x,\nt.b,x,t.a,x,\n"
	         "t.c,x,t.d,x,\nt.d,x,t.c,x,\n");
	assert_string_equal(list_problems(&l.a, &l.problems),
	    "2\t2\tM316\n4\t2\tM316\n");
	assert_string_equal(l.problems.v[0].message,
	    "t.b reads t.a reads t.b.");
	unload(&l);
	load(&l,
	    HEAD ",join\nt.b,x,t.a,x,,\nt.c,y,t.a,y,,cross\n"
	         "t.c,x,t.b,x,,\nt.a,x,t.c,x,,\nt.b,y,t.c,y,,cross\n");
	assert_string_equal(list_problems(&l.a, &l.problems), "2\t2\tM316\n");
	unload(&l);
}

/* The source that a column belongs to, and its own first part. */
static const struct {
	const char *text;
	size_t source;
	const char *column;
	size_t n_parts;
	bool qualified;
} columns[] = {
    {"x", 1, "x", 1, false},
    {"o.x", 0, "x", 1, true},
    {"O.x", 0, "x", 1, true},
    {"orders.x", 0, "x", 1, true},
    {"bronze.orders.x", 0, "x", 1, true},
    {"shop.bronze.orders.x", 0, "x", 1, true},
    {"silver.orders.x", 1, "silver", 3, false},
    {"items.x", 1, "x", 1, true},
    {"items.x.y", 1, "x", 2, true},
    {"address.city", 1, "address", 2, false},
    {"sales.x", 2, "x", 1, true},
    {"a.b.c.d.e", 1, "a", 5, false},
    {"o", 1, "o", 1, false},
};

static void
test_resolve(void **state)
{
	struct loaded l;
	size_t i;

	(void)state;
	load(&l,
	    HEAD ",join\nshop.bronze.orders o,id,t.b,id,,\n"
	         "shop.bronze.items,x,t.b,x,,o.id = items.id\n"
	         "/v/sales.csv,y,t.b,y,,o.id = sales.id\n");
	assert_no_problems(&l);
	for (i = 0; i < COUNT_OF(columns); i++) {
		struct expr_parsed p;
		struct column_ref ref;

		expr_parse(&l.a, columns[i].text, &p);
		assert_int_equal(p.columns.n, 1);
		ref = mapping_resolve(&l.m.targets.v[0], 1, &p.columns.v[0]);
		if (ref.source != columns[i].source)
			fail_msg("%s", columns[i].text);
		assert_string_equal(ref.part[0], columns[i].column);
		assert_int_equal(ref.n_parts, columns[i].n_parts);
		assert_int_equal(ref.qualified, columns[i].qualified);
	}
	unload(&l);
}

/* A field of a struct is no qualifier, unless the sheet makes it one. */
static void
test_struct_fields(void **state)
{
	struct loaded l;

	(void)state;
	load(&l,
	    HEAD "\ns.a,,t.b,id,address.city\ns.a,,t.b,x,a.b.c.d.e\n"
	         "s.a,,t.address,x,address.city\n");
	assert_no_problems(&l);
	unload(&l);
	load(&l,
	    HEAD "\ns.a,,t.b,id,address.city\n"
	         "s.address,x,t.c,x,\n");
	assert_string_equal(list_problems(&l.a, &l.problems), "2\t4\tM314\n");
	unload(&l);
	load(&l,
	    HEAD "\ns.a,,t.b,id,a.address.city\n"
	         "s.address,x,t.c,x,\n");
	assert_no_problems(&l);
	unload(&l);
}

/* What follows from another fault is not said. */
static const struct {
	const char *text;
	const char *want;
} silences[] = {
    /* The source cannot be read: nothing about aliases and joins. */
    {HEAD ",join\na-b a,id,t.b,id,,\ns.c c,x,t.b,x,a.y,a.id = c.id\n",
        "2\t0\tM306\n"},
    {HEAD ",join\n,id,t.b,id,,\ns.c c,x,t.b,x,z.y,\n", "2\t0\tM301\n"},
    /* Nor is a join missing that is only wrong, wherever it stands. */
    {HEAD ",join\ns.a a,id,t.b,id,,\ns.c c,x,t.b,x,,a.id =\n", "3\t5\tE101\n"},
    {HEAD ",join\ns.a a,id,t.b,id,,a.id =\ns.c c,x,t.b,x,,\n", "2\t5\tE101\n"},
    /* A header that is unknown may be the one that is missed. */
    {HEAD ",Verkn\xc3\xbcpfung\ns.a a,id,t.b,id,,\n"
          "s.c c,x,t.b,x,,a.id = c.id\n",
        "1\t5\tM201\n"},
    {"source_table,target_table,target_column,source_column,Regel\n"
     "s.a,t.b,id,,1\n",
        "1\t4\tM201\n"},
    {HEAD ",Kuerzel\ns.a,id,t.b,id,,\ns.c,x,t.c,x,a.id,\n", "1\t5\tM201\n"},
    /* A row that is torn says nothing; the others do. */
    {HEAD ",role,type\ns.a,id,t.b,id,nvl(a, b),key\n"
          "s.a,id,t.b,x y,,,\n",
        "2\t4\tM111\n3\t3\tM307\n"},
    {HEAD "\ns.a,id,t.b,id,\"a\"b\n", "2\t4\tM108\n"},
    /* A column that has no name is not mapped twice. */
    {HEAD "\ns.a,id,t.b,,\ns.a,x,t.b,,\n", "2\t3\tM303\n3\t3\tM303\n"},
    /* Each cell that has to be corrected is named. */
    {HEAD ",filter\ns.a,id,t.b,id,,x +\ns.a,x,t.b,x,,x +\n",
        "2\t5\tE101\n3\t5\tE101\n"},
    {HEAD "\na-b,id,c-d,id,id *\n", "2\t0\tM306\n2\t2\tM306\n2\t4\tE101\n"},
    /* A header that cannot be read is not missing as well. */
    {"\"source_table\"x,source_column,target_table,target_column\n"
     "s.a,id,t.b,id\n",
        "1\t0\tM108\n"},
    /* An empty column between others is none. */
    {"source_table,source_column,,target_table,target_column\n"
     "s.a,id,,t.b,id\ns.a,x, ,t.b,x\n",
        ""},
    /* Rows of comments, and rows of nothing */
    {HEAD ",comment\n,,,,,--- ids ---\ns.a,id,t.b,id,,\n , ,\t,\n", ""},
    /* The words for a copy, where such a column is meant */
    {HEAD "\ns.a,map,t.b,id,map\ns.a,`none`,t.b,x,`same`\n", ""},
};

static void
test_silences(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(silences); i++) {
		struct loaded l;

		load(&l, silences[i].text);
		if (!str_eq(list_problems(&l.a, &l.problems), silences[i].want))
			fail_msg("%s\n%s", silences[i].text,
			    list_problems(&l.a, &l.problems));
		unload(&l);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sources),
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_order),
	    cmocka_unit_test(test_cycles),
	    cmocka_unit_test(test_resolve),
	    cmocka_unit_test(test_struct_fields),
	    cmocka_unit_test(test_silences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

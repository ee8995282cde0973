#include "base/base.h"

#include "plan/plan.h"

#include "base/buf.h"

#include <string.h>

#include "planning.h"

#define HEAD                                                                   \
	"source_table,source_column,target_table,target_column,"               \
	"transformation,role\n"
#define ORDERS                                                                 \
	HEAD "a.b.orders,id,a.c.orders,order_id,,key\n"                        \
	     "a.b.orders,amount,a.c.orders,amount,amount * 2,\n"               \
	     "a.b.orders,,a.c.orders,loaded_at,current_timestamp(),\n"         \
	     "a.b.orders,changed,a.c.orders,changed_at,,watermark\n"
#define TWO                                                                    \
	HEAD "a.b.x,id,a.c.one,id,,key\n"                                      \
	     "a.b.x,v,a.c.one,v,,\n"                                           \
	     "a.b.y,id,a.c.two,id,,\n"                                         \
	     "a.b.y,w,a.c.two,w,,\n"

static void
expect(struct fixture *f, enum err_code code, int64_t row)
{
	assert_int_equal(f->problems.n, 1);
	assert_string_equal(code_info(f->problems.v[0].code)->id,
	    code_info(code)->id);
	assert_int_equal(f->problems.v[0].row, row);
}

static void
test_roles_fill_the_options(void **state)
{
	struct fixture *f = *state;
	const struct plan_pipeline *p;

	plan(f, ORDERS, "incremental", NULL);
	assert_int_equal(f->problems.n, 0);
	p = &f->plan.pipelines.v[0];
	assert_string_equal(p->id, "orders");
	assert_int_equal(p->keys.n, 1);
	assert_int_equal(p->keys.v[0], 0);
	assert_int_equal(p->watermark, 3);
	assert_int_equal(p->null_watermark, NULLS_REFUSE);
	assert_int_equal(p->late_rows, LATE_IGNORE);
	assert_true(p->columns.v[2].is_volatile);
	assert_true(p->columns.v[0].is_key);
}

static void
test_options_win_over_roles(void **state)
{
	struct fixture *f = *state;
	const struct plan_pipeline *p = NULL;

	plan(f, ORDERS, "merge", "keys=amount, ORDER_ID,amount",
	    "order_by=changed_at", NULL);
	assert_int_equal(f->problems.n, 0);
	p = &f->plan.pipelines.v[0];
	assert_int_equal(p->keys.n, 2);
	assert_int_equal(p->keys.v[0], 1);
	assert_int_equal(p->keys.v[1], 0);
	assert_int_equal(p->order_by, 3);
}

static void
test_an_option_for_one_pipeline(void **state)
{
	struct fixture *f = *state;

	plan(f, TWO, "merge", "two.keys=id", "keys=v", "one.keys=id", NULL);
	assert_int_equal(f->problems.n, 0);
	assert_int_equal(f->plan.pipelines.v[0].keys.v[0], 0);
	assert_int_equal(f->plan.pipelines.v[1].keys.v[0], 0);
}

static void
test_deletions(void **state)
{
	struct fixture *f = *state;
	const struct plan_pipeline *p;

	plan(f, ORDERS, "change_feed", "order_by=changed_at", "deleted=amount",
	    NULL);
	assert_int_equal(f->problems.n, 0);
	p = &f->plan.pipelines.v[0];
	assert_int_equal(p->marked, 1);
	assert_int_equal(p->deleted, -1);
	assert_int_equal(plan_flag(p), 1);
	plan(f, ORDERS, "change_feed", "order_by=changed_at", "deleted=amount",
	    "deletions=delete", NULL);
	p = &f->plan.pipelines.v[0];
	assert_int_equal(p->marked, -1);
	assert_int_equal(p->deleted, 1);
	plan(f, ORDERS, "change_feed", "order_by=changed_at", NULL);
	expect(f, P_DELETED_MISSING, 2);
	plan(f, ORDERS, "change_feed", "deleted=amount", NULL);
	expect(f, P_SEQUENCE_MISSING, 2);
	plan(f, ORDERS, "change_feed", "order_by=changed_at", "deleted=amount",
	    "vanished=delete", NULL);
	expect(f, P_OPTION_FIXED, 0);
	plan(f, ORDERS, "scd1_snapshot", NULL);
	assert_int_equal(f->problems.n, 0);
	assert_int_equal(f->plan.pipelines.v[0].vanished, VANISHED_END);
	plan(f, ORDERS, "scd1_snapshot", "vanished=keep", NULL);
	expect(f, P_OPTION_FIXED, 0);
}

static void
test_definitions(void **state)
{
#define DEFINITION(option)                                                     \
	"name: n\ntitle: T\nsummary: S\ndescription: D\nposition: 1\n"         \
	"strategy: merge\noptions:\n  - name: o\n    title: T\n"               \
	"    description: D\n" option
	static const struct {
		const char *text;
		const char *says; /* NULL: nothing */
	} cases[] = {
	    {DEFINITION("    kind: column\n    required: true\n"), NULL},
	    {DEFINITION("    kind: name\n    required: true\n"),
	        "only a column can be required"},
	    {DEFINITION("    kind: name\n    access: shut\n"),
	        "unknown access shut"},
	};
	struct fixture *f = *state;
	struct pattern p;
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++) {
		const struct err *e = pattern_parse(&f->arena,
		    slice_of(cases[i].text), slice_of(""), slice_of(""), &p);

		assert_int_equal(!e, !cases[i].says);
		if (e && !strstr(e->message, cases[i].says))
			fail_msg("%s", e->message);
	}
	assert_true(pattern_option(pattern_find(&f->patterns, "change_feed"),
	    "deleted")
	                ->is_required);
}

#define JOINED                                                                 \
	"source_table,source_column,target_table,target_column,"               \
	"transformation,join\n"                                                \
	"a.b.orders o,id,a.c.t,id,,\n"                                         \
	"a.b.lines l,,a.c.t,total,sum(l.price) over (partition by o.id),"

static void
test_joins_that_multiply(void **state)
{
	struct fixture *f = *state;
	const struct plan_source *s;

	plan(f, JOINED "l.order_id = o.id AND l.`day` <=> 1 AND l.x > l.y\n",
	    "full_load", NULL);
	expect(f, P_FAN_OUT, 3);
	s = &f->plan.pipelines.v[0].sources.v[1];
	assert_int_equal(s->match.n, 2);
	assert_string_equal(s->match.v[0], "order_id");
	assert_string_equal(s->match.v[1], "day");
	plan(f, JOINED "l.order_id > o.id\n", "full_load", NULL);
	assert_int_equal(f->problems.n, 2);
	assert_int_equal(f->problems.v[0].code, P_FAN_OUT);
	assert_non_null(strstr(f->problems.v[0].message, "no equality"));
	plan(f, JOINED "l.order_id = l.id OR l.id = o.id\n", "full_load",
	    "join_matches=refuse", NULL);
	assert_int_equal(f->problems.n, 0);
	assert_int_equal(f->plan.pipelines.v[0].sources.v[1].match.n, 0);
}

#define RULES                                                                  \
	"source_table,source_column,target_table,target_column,rule\n"         \
	"a.b.x,id,a.c.`odd x`,id,\"NOT NULL; unique\"\n"                       \
	"/v/y.csv,v,/v/t/,v,\"> 1\nv < 9\n  and v <> 3\"\n"

static void
test_rules(void **state)
{
	struct fixture *f = *state;
	const struct plan_pipeline *p;

	plan(f, RULES, "full_load", NULL);
	assert_int_equal(f->problems.n, 0);
	p = &f->plan.pipelines.v[0];
	assert_int_equal(p->rules.n, 2);
	assert_string_equal(p->rules.v[0].condition, "id IS NOT NULL");
	assert_string_equal(p->rules.v[0].name, "row 2: id NOT NULL");
	assert_string_equal(p->rules.v[1].condition,
	    "count(*) OVER (PARTITION BY id) = 1");
	assert_string_equal(p->quarantine.table.name, "a.c.`odd x_quarantine`");
	p = &f->plan.pipelines.v[1];
	assert_int_equal(p->rules.n, 2);
	assert_string_equal(p->rules.v[0].condition, "v > 1");
	assert_string_equal(p->rules.v[1].condition, "v < 9 and v <> 3");
	assert_string_equal(p->quarantine.table.name, "/v/t_quarantine");
	assert_string_equal(p->quarantine.widget, "quarantine_t");
	plan(f, RULES, "full_load", "broken_rules=refuse", NULL);
	assert_null(f->plan.pipelines.v[0].quarantine.widget);
}

static void
test_common_options(void **state)
{
	static const struct {
		const char *option;
		enum err_code code;
		int64_t row;
	} cases[] = {
	    {"source_file=f", P_SOURCE_FILE, 2},
	    {"loaded_at=order_id", P_NAME_TAKEN, 2},
	    {"batch_id=a b", P_OPTION_VALUE, 0},
	    {"cluster_by=loaded_at", P_VOLATILE_KEY, 4},
	    {"broken_rules=x", P_OPTION_VALUE, 0},
	    {"join_matches=x", P_OPTION_VALUE, 0},
	};
	struct fixture *f = *state;
	const struct plan_pipeline *p;
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++) {
		plan(f, ORDERS, "full_load", cases[i].option, NULL);
		expect(f, cases[i].code, cases[i].row);
	}
	plan(f, ORDERS, "full_load", "partition_by=amount",
	    "cluster_by=order_id", NULL);
	expect(f, P_OPTION_VALUE, 0);
	plan(f, ORDERS, "merge", "loaded_at=at", "batch_id=batch", NULL);
	assert_int_equal(f->problems.n, 0);
	p = &f->plan.pipelines.v[0];
	assert_int_equal(p->columns.n, 6);
	assert_true(p->columns.v[4].is_volatile);
	assert_string_equal(p->columns.v[5].parameter, PLAN_BATCH_ID);
	assert_string_equal(f->plan.parameters.v[2].name, PLAN_BATCH_ID);
}

/* What a declarative pipeline cannot say is refused, one problem each. */
static void
test_refusals_of_lakeflow(void **state)
{
	static const struct {
		const char *pattern;
		const char *options[3];
		int64_t row;
	} cases[] = {
	    {"full_load", {"batch_id=b"}, 0},
	    {"incremental", {NULL}, 2},
	    {"incremental", {"late_rows=load", "batch_id=b"}, 0},
	    {"merge", {NULL}, 2},
	    {"merge", {"order_by=changed_at", "vanished=delete"}, 2},
	    {"scd2", {"order_by=changed_at", "surrogate_key=sk"}, 0},
	    {"scd2", {"order_by=changed_at", "late_rows=ignore"}, 2},
	    {"scd2", {"order_by=changed_at", "vanished=close"}, 2},
	};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++) {
		plan(f, ORDERS, cases[i].pattern, "output=lakeflow",
		    cases[i].options[0], cases[i].options[1], NULL);
		expect(f, P_OUTPUT, cases[i].row);
	}
	plan(f,
	    HEAD "a.b.x,id,/v/t,id,,\n"
	         "a.b.x,n,/v/t,n,count(*) over (partition by id),\n",
	    "full_load", "output=lakeflow", NULL);
	expect(f, P_OUTPUT, 2);
	plan(f,
	    HEAD "a.b.x,id,a.c.t,id,,watermark\n"
	         "a.b.x,n,a.c.t,n,count(*) over (partition by id),\n",
	    "incremental", "output=lakeflow", "late_rows=load", NULL);
	expect(f, P_OUTPUT, 3);
	plan(f, JOINED "l.order_id = o.id\n", "full_load", "output=lakeflow",
	    "join_matches=refuse", NULL);
	expect(f, P_OUTPUT, 2);
	plan(f, TWO, "full_load", "one.output=module", NULL);
	expect(f, P_OPTION_UNKNOWN, 0);
	plan(f, ORDERS, "merge", "output=lakeflow", "order_by=changed_at",
	    NULL);
	assert_int_equal(f->problems.n, 0);
}

static void
test_refusals(void **state)
{
	struct fixture *f = *state;

	plan(f, ORDERS, "merge", "color=red", NULL);
	expect(f, P_OPTION_UNKNOWN, 0);
	plan(f, ORDERS, "merge", "nothere.keys=order_id", NULL);
	expect(f, P_OPTION_UNKNOWN, 0);
	plan(f, ORDERS, "full_load", "overwrite_schema=maybe", NULL);
	expect(f, P_OPTION_VALUE, 0);
	plan(f, ORDERS, "incremental", "late_rows=perhaps", NULL);
	expect(f, P_OPTION_VALUE, 0);
	plan(f, TWO, "merge", NULL);
	expect(f, P_KEY_MISSING, 4);
	plan(f, ORDERS, "merge", "keys=", NULL);
	expect(f, P_KEY_MISSING, 2);
	plan(f, ORDERS, "merge", "keys=order_id,nope", NULL);
	expect(f, P_COLUMN_UNKNOWN, 0);
	plan(f, ORDERS, "merge", "keys=loaded_at", NULL);
	expect(f, P_VOLATILE_KEY, 4);
	plan(f, ORDERS, "merge", "order_by=loaded_at", NULL);
	expect(f, P_VOLATILE_KEY, 4);
	plan(f, ORDERS, "incremental", "watermark=loaded_at", NULL);
	expect(f, P_VOLATILE_KEY, 4);
	plan(f, ORDERS, "incremental", "watermark=", NULL);
	expect(f, P_WATERMARK_MISSING, 2);
	plan(f, HEAD "a.b.x,i,a.b.y,i,,watermark\na.b.x,j,a.b.y,j,,watermark\n",
	    "incremental", NULL);
	expect(f, P_WATERMARK_TWICE, 3);
	plan(f, HEAD "/data/x.csv,i,/data/y.csv,i,,\n", "full_load", NULL);
	expect(f, P_TARGET_FORMAT, 2);
	plan(f, HEAD "a.b.x,i,a.b.y,`i.j`,,\na.b.x,k,a.b.y,k,,\n", "full_load",
	    "partition_by=i.j", NULL);
	expect(f, P_OPTION_VALUE, 0);
	plan(f, ORDERS, "full_load", "partition_by=nope", NULL);
	expect(f, P_COLUMN_UNKNOWN, 0);
	plan(f, HEAD "a.b.x,i,a.b.y,i,,\n", "full_load", "partition_by=i,I",
	    NULL);
	expect(f, P_OPTION_VALUE, 0);
	plan(f, ORDERS, "merge", "deleted=amount", "partition_by=amount", NULL);
	expect(f, P_OPTION_VALUE, 0);
	plan(f, HEAD "/data/x.docx,i,a.b.y,i,,\n", "full_load", NULL);
	expect(f, P_SOURCE_FORMAT, 2);
}

#define PEOPLE                                                                 \
	HEAD "a.b.p,id,a.c.p,id,,key\n"                                        \
	     "a.b.p,name,a.c.p,name,,\n"                                       \
	     "a.b.p,login,a.c.p,login,,untracked\n"                            \
	     "a.b.p,gone,a.c.p,gone,,\n"                                       \
	     "a.b.p,at,a.c.p,at,,sequence\n"

/* Which columns are tracked, a letter each: x or a dot. */
static void
assert_tracked(const struct fixture *f, const char *expected)
{
	const struct plan_pipeline *p = &f->plan.pipelines.v[0];
	size_t i;

	assert_int_equal(f->problems.n, 0);
	for (i = 0; i < p->columns.n; i++)
		assert_int_equal(p->columns.v[i].is_tracked,
		    expected[i] == 'x');
}

static void
test_what_a_history_tracks(void **state)
{
	struct fixture *f = *state;
	const struct plan_pipeline *p;

	plan(f, PEOPLE, "scd2", NULL);
	assert_tracked(f, ".x.x.");
	p = &f->plan.pipelines.v[0];
	assert_int_equal(p->order_by, 4);
	assert_int_equal(p->deleted, -1);
	assert_int_equal(p->late_rows, LATE_LOAD);
	assert_int_equal(p->vanished, VANISHED_KEEP);
	assert_string_equal(p->history.valid_from, "valid_from");
	assert_string_equal(p->history.surrogate, "");
	assert_int_equal(f->plan.parameters.n, 2);
	plan(f, PEOPLE, "scd2", "deleted=gone", "vanished=close",
	    "surrogate_key= sk ", NULL);
	assert_tracked(f, ".x...");
	p = &f->plan.pipelines.v[0];
	assert_int_equal(p->deleted, 3);
	assert_string_equal(p->history.surrogate, "sk");
	assert_int_equal(f->plan.parameters.n, 3);
	assert_string_equal(f->plan.parameters.v[2].name, PLAN_SNAPSHOT_AT);
	plan(f, PEOPLE, "scd2", "tracked=login, name", NULL);
	assert_tracked(f, ".xx..");
}

static void
test_refusals_of_a_history(void **state)
{
	struct fixture *f = *state;

	plan(f, PEOPLE, "scd2", "order_by=", NULL);
	expect(f, P_SEQUENCE_MISSING, 2);
	plan(f, PEOPLE, "scd2", "keys=", NULL);
	expect(f, P_KEY_MISSING, 2);
	plan(f, PEOPLE, "scd2", "tracked=at", NULL);
	expect(f, P_TRACKED, 6);
	plan(f, PEOPLE, "scd2", "tracked=id", NULL);
	expect(f, P_TRACKED, 2);
	plan(f, HEAD "a.b.p,id,a.c.p,id,,key\na.b.p,at,a.c.p,at,,sequence\n",
	    "scd2", NULL);
	expect(f, P_TRACKED, 2);
	plan(f, PEOPLE, "scd2", "deleted=id", NULL);
	expect(f, P_OPTION_VALUE, 2);
	plan(f, PEOPLE, "merge", "deleted=at", "order_by=at", NULL);
	expect(f, P_OPTION_VALUE, 6);
	plan(f, PEOPLE, "scd2", "valid_from=Name", NULL);
	expect(f, P_NAME_TAKEN, 3);
	plan(f, PEOPLE, "scd2", "valid_to=valid_FROM", NULL);
	expect(f, P_NAME_TAKEN, 0);
	plan(f, PEOPLE, "scd2", "is_current= ", NULL);
	expect(f, P_OPTION_VALUE, 0);
	plan(f, PEOPLE, "scd2", "surrogate_key=the key", NULL);
	expect(f, P_OPTION_VALUE, 0);
	plan(f, PEOPLE "a.b.p,x,a.c.p,_Sightings,,\n", "scd2", NULL);
	expect(f, P_NAME_TAKEN, 7);
	plan(f, PEOPLE "a.b.p,x,a.c.p,_rank,,\n", "merge", NULL);
	expect(f, P_NAME_TAKEN, 7);
	plan(f, PEOPLE, "merge", "vanished=close", NULL);
	expect(f, P_OPTION_VALUE, 0);
}

static void
test_a_wide_target_needs_a_key(void **state)
{
	struct fixture *f = *state;
	struct buf b;
	int i;

	buf_init(&b, &f->arena, 100000);
	buf_add_str(&b, HEAD "a.b.x,w,a.b.y,w,,watermark\n");
	for (i = 0; i < 199; i++)
		buf_printf(&b, "a.b.x,c%d,a.b.y,c%d,,\n", i, i);
	plan(f, buf_str(&b), "incremental", NULL);
	assert_int_equal(f->problems.n, 0);
	buf_add_str(&b, "a.b.x,more,a.b.y,more,,\n");
	plan(f, buf_str(&b), "incremental", NULL);
	expect(f, P_IDENTITY_WIDE, 2);
	plan(f, buf_str(&b), "incremental", "keys=c0", NULL);
	assert_int_equal(f->problems.n, 0);
}

static void
test_one_parameter_for_one_table(void **state)
{
	struct fixture *f = *state;

	plan(f,
	    HEAD "a.b.raw,id,a.b.mid,id,,\n"
	         "a.b.MID,id,a.b.out,id,,\n"
	         "/data/Raw,id,a.b.two,id,,\n"
	         "/data/raw,id,a.b.three,id,,\n",
	    "full_load", NULL);
	assert_int_equal(f->problems.errors, 0);
	assert_int_equal(f->plan.parameters.n, 7);
	assert_string_equal(f->plan.pipelines.v[0].widget, "target_mid");
	assert_string_equal(f->plan.pipelines.v[1].sources.v[0].widget,
	    "target_mid");
	/* Paths keep their case. */
	assert_string_equal(f->plan.pipelines.v[2].sources.v[0].widget,
	    "source_raw_2");
	assert_string_equal(f->plan.pipelines.v[3].sources.v[0].widget,
	    "source_raw_3");
}

static void
test_ids_are_unique(void **state)
{
	struct fixture *f = *state;

	plan(f,
	    HEAD "a.b.s,i,a.x.orders,i,,\na.b.s,i,a.y.orders,i,,\n"
	         "a.b.s,i,a.z.orders_2,i,,\na.b.s,i,a.w.orders,i,,\n",
	    "full_load", NULL);
	assert_string_equal(f->plan.pipelines.v[0].id, "orders");
	assert_string_equal(f->plan.pipelines.v[1].id, "orders_2");
	assert_string_equal(f->plan.pipelines.v[2].id, "orders_2_2");
	assert_string_equal(f->plan.pipelines.v[3].id, "orders_3");
}

/* A variable with the name of a function would hide it. */
static void
test_variables_are_no_functions(void **state)
{
	static const char *const names[][2] = {
	    {"new_orders", "new_orders_data"},
	    {"transform_lines", "transform_lines_data"},
	    {"columns_lines_2", "columns_lines_2_data"},
	    {"new_customers", "new_customers"},
	    {"transform_orders_2", "transform_orders_2"},
	};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < COUNT_OF(names); i++) {
		plan(f,
		    arena_printf(&f->arena,
		        HEAD "a.b.%s,i,a.c.orders,i,,\n"
		             "a.b.x,i,a.c.lines,i,,\n",
		        names[i][0]),
		    "full_load", NULL);
		assert_string_equal(f->plan.pipelines.v[0].sources.v[0].id,
		    names[i][1]);
	}
}

static void
test_columns_are_qualified_where_needed(void **state)
{
	static const char sheet[] =
	    "source_table,source_column,target_table,target_column,"
	    "transformation,join\n"
	    "s.a x,id,s.t,id,,\n"
	    "s.a x,,s.t,v,upper(name) || y.name,\n"
	    "s.b y,code,s.t,code,,id = x.id\n";
	struct fixture *f = *state;
	const struct plan_pipeline *p;

	plan(f, sheet, "full_load", NULL);
	assert_int_equal(f->problems.errors, 0);
	p = &f->plan.pipelines.v[0];
	assert_string_equal(p->columns.v[0].copy, "x.id");
	assert_string_equal(p->columns.v[1].expression,
	    "upper(x.name) || y.name");
	assert_string_equal(p->sources.v[1].on, "y.id = x.id");
	assert_int_equal(p->sources.v[0].needs.n, 2);
	assert_int_equal(p->sources.v[1].needs.n, 3);
	plan(f, ORDERS, "full_load", NULL);
	p = &f->plan.pipelines.v[0];
	assert_string_equal(p->columns.v[1].expression, "amount * 2");
	assert_false(p->sources.v[0].alias_used);
}

static void
test_identifiers(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
	    {"Order-Lines 2026", "order_lines_2026"},
	    {"__x__", "x"},
	    {"2026", "t2026"},
	    {"class", "class_data"},
	    {"Filter", "filter_data"},
	    {"spark", "spark_data"},
	    {"require_columns", "require_columns_data"},
	    {"\xc3\xa4\xc3\xb6", "data"},
	    {"", "data"},
	    {"a.b", "a_b"},
	};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(plan_identifier(&f->arena, cases[i].text),
		    cases[i].want);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(test_roles_fill_the_options),
	    TEST(test_options_win_over_roles),
	    TEST(test_an_option_for_one_pipeline),
	    TEST(test_deletions),
	    TEST(test_definitions),
	    TEST(test_joins_that_multiply),
	    TEST(test_rules),
	    TEST(test_common_options),
	    TEST(test_refusals_of_lakeflow),
	    TEST(test_refusals),
	    TEST(test_what_a_history_tracks),
	    TEST(test_refusals_of_a_history),
	    TEST(test_a_wide_target_needs_a_key),
	    TEST(test_one_parameter_for_one_table),
	    TEST(test_ids_are_unique),
	    TEST(test_variables_are_no_functions),
	    TEST(test_columns_are_qualified_where_needed),
	    TEST(test_identifiers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

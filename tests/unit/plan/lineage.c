#include "base/base.h"

#include "plan/openlineage.h"

#include "base/buf.h"
#include "base/json.h"
#include "planning.h"

#include <string.h>

#define HEAD                                                                   \
	"source_table,source_column,target_table,target_column,"               \
	"transformation,join,filter,data_type,default\n"
/* Two sources, joined and filtered; the row under test comes third. */
#define TWO                                                                    \
	HEAD "s.a a,id,s.t,id,,,a.open = 'Y',,\n"                              \
	     "s.b b,code,s.t,code,,b.a_id = a.id,,,\n"

static void
compile(struct fixture *f, const char *sheet)
{
	const char *json;

	plan(f, sheet, "full_load", NULL);
	if (f->problems.errors > 0)
		fail_msg("%s", f->problems.v[0].message);
	assert_null(plan_json(&f->arena, &f->plan, &json));
	assert_null(lineage_read(&f->arena, slice_of(json), &f->lineage));
	assert_true(f->lineage.has_inputs);
}

/* "a.x identity, b.y join" */
static const char *
words(struct fixture *f, const struct lineage_inputs *inputs)
{
	const struct lineage_pipeline *p = &f->lineage.pipelines.v[0];
	struct buf b;
	size_t i;

	buf_init(&b, &f->arena, 10000);
	for (i = 0; i < inputs->n; i++) {
		const struct lineage_input *in = &inputs->v[i];
		const struct lineage_source *s = &p->sources.v[in->source];

		buf_printf(&b, "%s%s.%s %s", i ? ", " : "", s->alias,
		    s->columns.v[in->column], input_kind_name(in->kind));
	}
	return buf_str(&b);
}

/* What the third row of a sheet reads. */
static void
test_values(void **state)
{
	static const struct {
		const char *row; /* column, transformation, type, default */
		const char *want;
	} cases[] = {
	    {"x,s.t,v,,,,,", "a.x identity"},
	    {"x,s.t,v,,,,DATE,", "a.x transformation"},
	    {"x,s.t,v,,,,,0", "a.x transformation"},
	    {",s.t,v,a.x,,,,", "a.x identity"},
	    {",s.t,v,a.x,,,INT,", "a.x transformation"},
	    {",s.t,v,(x),,,,", "a.x identity"},
	    {",s.t,v,x * b.y,,,,", "a.x transformation, b.y transformation"},
	    {",s.t,v,x + X + a.x,,,,", "a.x transformation"},
	    {",s.t,v,upper(`x y`) || b.`p``q`,,,,",
	        "a.x y transformation, b.p`q transformation"},
	    /* A field of a struct is of the column that has it. */
	    {",s.t,v,a.b.c,,,,", "a.b transformation"},
	    {",s.t,v,x.b.c,,,,", "a.x transformation"},
	    {",s.t,v,s.b.y.c.d,,,,", "b.y transformation"},
	    {",s.t,v,x['k'].f,,,,", "a.x transformation"},
	    /* Parameters of lambdas are no columns. */
	    {",s.t,v,\"transform(x, e -> e.k + y)\",,,,",
	        "a.x transformation, a.y transformation"},
	    {",s.t,v,\"aggregate(x, 0, (acc, e) -> acc + e)\",,,,",
	        "a.x transformation"},
	    /* Constants and what is of the run read nothing. */
	    {",s.t,v,current_date(),,,,", ""},
	    {",s.t,v,'x',,,,", ""},
	    {",s.t,v,case when 1 = 1 then 'a' end,,,,", ""},
	    /* What decides, and what the value is made of. */
	    {",s.t,v,case when x > 0 then y else b.z end,,,,",
	        "a.x conditional, a.y transformation, b.z transformation"},
	    {",s.t,v,case x when y then b.z end,,,,",
	        "a.x conditional, a.y conditional, b.z transformation"},
	    {",s.t,v,case when x > 0 then x end,,,,",
	        "a.x conditional, a.x transformation"},
	    {",s.t,v,\"if(upper(x) = 'A', y, 0)\",,,,",
	        "a.x conditional, a.y transformation"},
	    {",s.t,v,sum(x) over (partition by y order by b.z),,,,",
	        "a.x aggregation, a.y window, b.z window"},
	    {",s.t,v,lag(x) over (order by y),,,,",
	        "a.x transformation, a.y window"},
	    {",s.t,v,row_number() over (order by case when x then y end),,,,",
	        "a.x window, a.y window"},
	    {",s.t,v,_metadata.file_path,,,,", "a._metadata transformation"},
	};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++) {
		const struct lineage_column *c;

		compile(f,
		    arena_printf(&f->arena, TWO "s.a a,%s\n", cases[i].row));
		c = &f->lineage.pipelines.v[0].columns.v[2];
		assert_string_equal(c->name, "v");
		assert_int_equal(c->row, 4);
		assert_string_equal(words(f, &c->inputs), cases[i].want);
	}
}

static void
test_joins_and_filters(void **state)
{
	struct fixture *f = *state;
	const struct lineage_pipeline *p;

	compile(f, TWO "s.a a,x,s.t,x,,,B.kind in (a.kind) and OPEN <> '',,\n");
	p = &f->lineage.pipelines.v[0];
	assert_int_equal(p->conditions.n, 3);
	assert_int_equal(p->conditions.v[0].kind, INPUT_JOIN);
	assert_int_equal(p->conditions.v[0].row, 3);
	assert_string_equal(p->conditions.v[0].text, "b.a_id = a.id");
	assert_string_equal(words(f, &p->conditions.v[0].inputs),
	    "b.a_id join, a.id join");
	assert_int_equal(p->conditions.v[1].kind, INPUT_FILTER);
	assert_string_equal(words(f, &p->conditions.v[1].inputs),
	    "a.open filter");
	assert_string_equal(words(f, &p->conditions.v[2].inputs),
	    "b.kind filter, a.kind filter, a.open filter");
	assert_string_equal(p->sources.v[1].join, "left");
	/* For values first, then in conditions; each once. */
	assert_int_equal(p->sources.v[0].columns.n, 4);
	assert_string_equal(p->sources.v[0].columns.v[0], "id");
	assert_string_equal(p->sources.v[0].columns.v[1], "x");
	assert_string_equal(p->sources.v[0].columns.v[2], "open");
	assert_string_equal(p->sources.v[0].columns.v[3], "kind");
}

static void
read_plan(struct fixture *f)
{
	const char *json;

	assert_int_equal(f->problems.errors, 0);
	assert_null(plan_json(&f->arena, &f->plan, &json));
	assert_null(lineage_read(&f->arena, slice_of(json), &f->lineage));
}

/* The columns that no row of the sheet names. */
static void
test_added_columns(void **state)
{
	static const struct {
		const char *name;
		const char *type;
		const char *reads;
	} want[] = {
	    {"id", "", "s.id identity"},
	    {"at", "timestamp", "s.changed transformation"},
	    {"loaded", "", ""},
	    {"run", "", ""},
	    {"file", "", "s._metadata transformation"},
	    {"sk", "string", "s.id transformation, s.changed transformation"},
	    {"since", "timestamp", "s.changed transformation"},
	    {"valid_to", "timestamp", "s.changed transformation, s.id window"},
	    {"is_current", "boolean", "s.changed transformation, s.id window"},
	};
	struct fixture *f = *state;
	const struct lineage_pipeline *p;
	size_t i;

	plan(f,
	    "source_table,source_column,target_table,target_column,role,"
	    "data_type,transformation\n"
	    "/v/in.csv s,id,a.t,id,key,,\n"
	    "/v/in.csv s,changed,a.t,at,sequence,TIMESTAMP,\n"
	    "/v/in.csv s,op,a.t,gone,,BOOLEAN,op = 'D'\n"
	    "/v/in.csv s,name,a.t,name,tracked,,\n",
	    "scd2", "deleted=gone", "surrogate_key=sk", "valid_from=since",
	    "loaded_at=loaded", "batch_id=run", "source_file=file", NULL);
	read_plan(f);
	p = &f->lineage.pipelines.v[0];
	assert_int_equal(p->columns.n, COUNT_OF(want) + 1);
	for (i = 0; i < COUNT_OF(want); i++) {
		/* The name, which comes third. */
		const struct lineage_column *c = &p->columns.v[i + (i > 1)];

		assert_string_equal(c->name, want[i].name);
		assert_string_equal(c->type, want[i].type);
		assert_string_equal(words(f, &c->inputs), want[i].reads);
	}
	assert_int_equal(p->conditions.n, 1);
	assert_string_equal(words(f, &p->conditions.v[0].inputs),
	    "s.op filter");
}

/* A rule decides about rows by what its columns are made of. */
static void
test_rules(void **state)
{
	static const char sheet[] =
	    "source_table,source_column,target_table,target_column,role,"
	    "transformation,rule\n"
	    "a.s,id,a.t,id,key,,\n"
	    "a.s,x,a.t,v,,\"if(x > 0, y, z)\",V > ID\n"
	    "a.s,op,a.t,gone,,op = 'D',not null\n";
	struct fixture *f = *state;
	const struct lineage_pipeline *p;

	plan(f, sheet, "merge", "deleted=gone", NULL);
	read_plan(f);
	p = &f->lineage.pipelines.v[0];
	assert_int_equal(p->conditions.n, 3);
	assert_string_equal(p->conditions.v[1].text, "V > ID");
	assert_int_equal(p->conditions.v[1].row, 3);
	assert_string_equal(words(f, &p->conditions.v[1].inputs),
	    "s.x filter, s.y filter, s.z filter, s.id filter");
	/* Of the flag, which is not written. */
	assert_string_equal(words(f, &p->conditions.v[2].inputs),
	    "s.op filter");
	plan(f, sheet, "merge", "broken_rules=refuse", NULL);
	read_plan(f);
	assert_int_equal(f->lineage.pipelines.v[0].conditions.n, 2);
	plan(f, sheet, "merge", "broken_rules=report", NULL);
	read_plan(f);
	assert_int_equal(f->lineage.pipelines.v[0].conditions.n, 0);
}

static void
test_paths(void **state)
{
	struct fixture *f = *state;
	const struct lineage_pipeline *p;

	compile(f,
	    HEAD "abfss://c@acc.dfs.core.windows.net/in/o.csv o,id,"
	         "/Volumes/a/b/c/out,id,upper(id),,,,\n");
	p = &f->lineage.pipelines.v[0];
	assert_true(p->is_path);
	assert_string_equal(p->name, "/Volumes/a/b/c/out");
	assert_true(p->sources.v[0].is_path);
	assert_string_equal(p->sources.v[0].name,
	    "abfss://c@acc.dfs.core.windows.net/in/o.csv");
	assert_string_equal(words(f, &p->columns.v[0].inputs),
	    "o.id transformation");
}

static void
test_names_of_data_sets(void **state)
{
	static const struct {
		bool is_path;
		const char *name;
		const char *space;
		const char *want;
	} cases[] = {
	    {false, "a.b.c", "databricks", "a.b.c"},
	    {false, "`my cat`.b.`t``x`", "databricks", "my cat.b.t`x"},
	    {false, "`a.b`.c", "databricks", "a.b.c"},
	    {true, "s3://bucket/in/x.csv", "s3://bucket", "in/x.csv"},
	    {true, "s3a://bucket/in/", "s3://bucket", "in"},
	    {true, "s3://bucket/", "s3://bucket", "/"},
	    {true, "s3://bucket", "s3://bucket", "/"},
	    {true, "gs://bucket/x", "gs://bucket", "x"},
	    {true, "abfss://c@acc.dfs.core.windows.net/a/b",
	        "abfss://c@acc.dfs.core.windows.net", "a/b"},
	    {true, "hdfs://host:9000/a/b/", "hdfs://host:9000", "/a/b"},
	    {true, "/Volumes/a/b/c/x.csv", "dbfs", "/Volumes/a/b/c/x.csv"},
	    {true, "dbfs:/Volumes/a/b/c/x.csv", "dbfs", "/Volumes/a/b/c/x.csv"},
	    {true, "dbfs:///mnt/x/", "dbfs", "/mnt/x"},
	    {true, "/mnt/x", "dbfs", "/mnt/x"},
	    {true, "/mnt/a:b", "dbfs", "/mnt/a:b"},
	    {true, "/", "dbfs", "/"},
	    {true, "file:///tmp/x", "file", "/tmp/x"},
	    {true, "", "dbfs", ""},
	};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++) {
		struct dataset_name got = openlineage_dataset(&f->arena,
		    cases[i].name, cases[i].is_path);

		assert_string_equal(got.space, cases[i].space);
		assert_string_equal(got.name, cases[i].want);
	}
}

static const struct json *
event(struct fixture *f)
{
	const struct json *json;
	const char *text;

	assert_null(openlineage_json(&f->arena, &f->lineage, "job",
	    INT64_C(1772373909123), &text));
	assert_null(json_parse(&f->arena, slice_of(text), &json));
	return json;
}

static const struct json *
at(const struct json *array, int index)
{
	const struct json *item = array ? array->child : NULL;

	while (item && index-- > 0)
		item = item->next;
	return item;
}

static const char *
text(const struct json *object, const char *key)
{
	return json_string(json_get(object, key), "absent");
}

/* A table that is read under two aliases is one data set, and so is one that
 * is written by one pipeline and read by the next in other capitals. */
static void
test_event(void **state)
{
	struct fixture *f = *state;
	const struct json *e;
	const struct json *out;
	const struct json *lineage;
	const struct json *field;

	compile(f,
	    HEAD "s.p x,name,s.mid,n,x.name || y.NAME,,,,\n"
	         "S.P y,id,s.mid,id,,y.up = x.id,,,\n"
	         "s.MID,n,s.out,n,,,,STRING,'?'\n");
	e = event(f);
	assert_string_equal(text(e, "eventTime"), "2026-03-01T14:05:09.123Z");
	assert_string_equal(text(json_get(e, "job"), "name"), "job");
	assert_string_equal(text(at(json_get(e, "inputs"), 0), "name"), "s.p");
	assert_string_equal(text(at(json_get(e, "inputs"), 1), "name"),
	    "s.mid");
	assert_null(at(json_get(e, "inputs"), 2));
	out = at(json_get(e, "outputs"), 0);
	assert_string_equal(text(out, "namespace"), "databricks");
	lineage = json_get(json_get(out, "facets"), "columnLineage");
	field = json_get(json_get(json_get(lineage, "fields"), "n"),
	    "inputFields");
	assert_string_equal(text(at(field, 0), "name"), "s.p");
	assert_string_equal(text(at(field, 0), "field"), "name");
	assert_null(at(field, 1));
	field = json_get(at(field, 0), "transformations");
	assert_string_equal(text(at(field, 0), "type"), "DIRECT");
	assert_string_equal(text(at(field, 0), "subtype"), "TRANSFORMATION");
	assert_null(at(field, 1));
	field = json_get(lineage, "dataset");
	assert_string_equal(text(at(field, 0), "field"), "id");
	assert_string_equal(text(at(field, 1), "field"), "up");
	field = at(json_get(at(field, 1), "transformations"), 0);
	assert_string_equal(text(field, "type"), "INDIRECT");
	assert_string_equal(text(field, "subtype"), "JOIN");
	assert_string_equal(text(field, "description"), "y.up = x.id");
	out = json_get(at(json_get(e, "outputs"), 1), "facets");
	field = at(json_get(json_get(out, "schema"), "fields"), 0);
	assert_string_equal(text(field, "type"), "string");
	field = json_get(json_get(out, "columnLineage"), "fields");
	field = at(json_get(json_get(field, "n"), "inputFields"), 0);
	field = at(json_get(field, "transformations"), 0);
	assert_string_equal(text(field, "description"),
	    "n, cast to string, '?' for NULL");
}

/* Plans that are older than the record of inputs, or not plans at all. */
static void
test_other_plans(void **state)
{
	static const char old[] =
	    "{\"pipelines\":[{\"target\":{\"table\":\"a.t\"},\"sources\":"
	    "[{\"alias\":\"s\",\"from\":{\"table\":\"a.s\"}}],\"columns\":"
	    "[{\"name\":\"id\",\"copy\":\"id\",\"row\":2}]}]}";
	static const char odd[] =
	    "{\"pipelines\":[1,{\"sources\":[[],{\"alias\":3,\"row\":-1}],"
	    "\"filters\":[{}],\"filter_inputs\":[[{\"source\":\"no\","
	    "\"column\":\"x\"},7]],\"columns\":[null,{\"row\":1e300,"
	    "\"inputs\":[{\"source\":\"\",\"column\":\"c\","
	    "\"kind\":\"?\"}]}]}]}";
	struct fixture *f = *state;
	const struct json *out;

	assert_null(lineage_read(&f->arena, slice_of(old), &f->lineage));
	assert_false(f->lineage.has_inputs);
	assert_int_equal(f->lineage.pipelines.v[0].columns.v[0].row, 2);
	out = json_get(at(json_get(event(f), "outputs"), 0), "facets");
	assert_non_null(json_get(out, "schema"));
	assert_null(json_get(out, "columnLineage"));
	assert_null(lineage_read(&f->arena, slice_of(odd), &f->lineage));
	assert_int_equal(f->lineage.pipelines.n, 2);
	assert_int_equal(f->lineage.pipelines.v[1].columns.v[1].row, 0);
	assert_int_equal(f->lineage.pipelines.v[1].columns.v[1].inputs.n, 1);
	assert_int_equal(f->lineage.pipelines.v[1].conditions.v[0].inputs.n, 0);
	assert_non_null(event(f));
	assert_null(lineage_read(&f->arena, slice_of("[]"), &f->lineage));
	assert_int_equal(f->lineage.pipelines.n, 0);
	assert_non_null(event(f));
	assert_non_null(lineage_read(&f->arena, slice_of("{"), &f->lineage));
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(test_values),
	    TEST(test_joins_and_filters),
	    TEST(test_added_columns),
	    TEST(test_rules),
	    TEST(test_paths),
	    TEST(test_names_of_data_sets),
	    TEST(test_event),
	    TEST(test_other_plans),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

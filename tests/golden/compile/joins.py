# Databricks notebook source
# MAGIC %md
# MAGIC # joins.csv
# MAGIC
# MAGIC `shop.gold.wide`:
# MAGIC - Reads shop.bronze.orders as o.
# MAGIC - Left-joins shop.bronze.customers as c on o.customer_id = c.id.
# MAGIC - Left-joins shop.bronze.customers as r on c.referrer_id = r.id.
# MAGIC - Inner-joins shop.bronze.countries as countries on countries.id = c.country_id.
# MAGIC - Full-joins shop.bronze.fx as fx on fx.day = o.day and fx.currency = o.currency.
# MAGIC - Cross-joins shop.bronze.run as run.
# MAGIC - Keeps rows where o.status <> 'deleted'.
# MAGIC - Keeps rows where fx.amount > 0.
# MAGIC - Fills 8 columns: 2 copied, 6 computed.
# MAGIC - Refuses a batch with two rows of one key.
# MAGIC - Merges into shop.gold.wide by order_id: changed rows are updated, new ones inserted.
# MAGIC
# MAGIC Pattern: MERGE upsert. Compiled by text2code 0.1.0.

# COMMAND ----------

# DBTITLE 1,Imports
import logging

from delta.tables import DeltaTable
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
logger = logging.getLogger("wide")
logger.setLevel(logging.INFO)

# COMMAND ----------

# DBTITLE 1,Parameters
dbutils.widgets.text("source_orders", "shop.bronze.orders", "Source table: orders")
dbutils.widgets.text("source_customers", "shop.bronze.customers", "Source table: customers")
dbutils.widgets.text("source_countries", "shop.bronze.countries", "Source table: countries")
dbutils.widgets.text("source_fx", "shop.bronze.fx", "Source table: fx")
dbutils.widgets.text("source_run_data", "shop.bronze.run", "Source table: run_data")
dbutils.widgets.text("target_wide", "shop.gold.wide", "Target table: wide")

SOURCE_ORDERS = dbutils.widgets.get("source_orders")
SOURCE_CUSTOMERS = dbutils.widgets.get("source_customers")
SOURCE_COUNTRIES = dbutils.widgets.get("source_countries")
SOURCE_FX = dbutils.widgets.get("source_fx")
SOURCE_RUN_DATA = dbutils.widgets.get("source_run_data")
TARGET_WIDE = dbutils.widgets.get("target_wide")

# COMMAND ----------

# DBTITLE 1,Helpers


def require_columns(table: DataFrame, name: str, columns: list[str]) -> None:
    """Raise RuntimeError if the table lacks a column that the mapping uses."""
    present = {column.lower() for column in table.columns}
    missing = [column for column in columns if column.lower() not in present]
    if missing:
        raise RuntimeError(f"{name} lacks the mapped columns: {', '.join(missing)}")


def require_unique(rows: DataFrame, name: str, *keys: str) -> None:
    """Raise RuntimeError if a key occurs more than once, showing up to 20 such keys."""
    repeated = (
        rows.groupBy(*keys)
        .agg(F.count("*").alias("_occurrences"))
        .where("_occurrences > 1")
        .drop("_occurrences")
        .orderBy(*keys)
        .limit(20)
        .collect()
    )
    if repeated:
        shown = "; ".join(str(row.asDict()) for row in repeated)
        raise RuntimeError(f"{name}: keys that occur more than once (up to 20 shown): {shown}")


def log_changes(target: DeltaTable, name: str, version: int, *changes: str) -> None:
    """Log how many rows the merge that followed the given table version changed."""
    commit = target.history(1).first()
    # A merge that finds nothing to do leaves no commit.
    metrics = commit.operationMetrics if commit.version > version else {}
    counts = [f"{metrics.get(f'numTargetRows{c}', 0)} rows {c.lower()}" for c in changes]
    logger.info("%s: %s", name, ", ".join(counts))


def reading_error(rows: DataFrame, first: int, end: int) -> Exception | None:
    """Return what Spark fails with where it computes these columns of all rows, or else None."""
    try:
        columns = ["`" + c.replace("`", "``") + "`" for c in rows.columns[first:end]]
        rows.select(*columns or [F.lit(1)]).write.format("noop").mode("overwrite").save()
    except Exception as error:
        return error
    return None


def log_failing_column(
    error: Exception, rows: DataFrame | None, name: str, sheet_rows: list[int]
) -> None:
    """Log the first column whose expression fails, with its row of the mapping sheet.

    Nothing is logged where the load failed for another reason. Halving finds one of 50 columns
    with nine reads of the sources.
    """
    first, end = 0, len(sheet_rows)
    # A RuntimeError is what this code says of rows that it could read.
    if rows is None or isinstance(error, RuntimeError) or reading_error(rows, 0, 0):
        return
    if not reading_error(rows, first, end):
        return
    while end - first > 1:
        middle = (first + end) // 2
        first, end = (first, middle) if reading_error(rows, first, middle) else (middle, end)
    failure = reading_error(rows, first, end)
    if not failure:
        return
    lines = str(failure).splitlines() or [repr(failure)]
    causes = [line for line in lines if line.startswith("Caused by: ")] or lines[:1]
    reason = causes[-1].removeprefix("Caused by: ")
    column, row = rows.columns[first], sheet_rows[first]
    logger.error("%s: column %s (row %d of the sheet) fails: %s", name, column, row, reason)


# COMMAND ----------

# DBTITLE 1,wide: transform


def transform_wide(
    orders: DataFrame,
    customers: DataFrame,
    customers_2: DataFrame,
    countries: DataFrame,
    fx: DataFrame,
    run_data: DataFrame,
) -> DataFrame:
    """Build the target rows from orders, customers, customers_2, countries, fx and run_data."""
    return (
        orders.alias("o")
        .join(customers.alias("c"), F.expr("o.customer_id = c.id"), "left")
        .join(customers_2.alias("r"), F.expr("c.referrer_id = r.id"), "left")
        .join(countries.alias("countries"), F.expr("countries.id = c.country_id"), "inner")
        .join(fx.alias("fx"), F.expr("fx.day = o.day and fx.currency = o.currency"), "full")
        .crossJoin(run_data.alias("run"))
        .where("o.status <> 'deleted'")
        .where("fx.amount > 0")
        .select(
            F.col("o.order_id").alias("order_id"),
            F.expr("trim(c.name)").alias("customer"),
            F.expr("r.name").alias("referrer"),
            F.expr("coalesce(countries.iso, 'xx')").alias("country"),
            F.expr("round(o.amount * fx.rate, 2)").alias("eur"),
            F.col("run.id").alias("batch"),
            F.expr("transform(o.items, x -> x.sku)").alias("items"),
            F.expr("row_number() over (partition by o.customer_id order by o.amount desc)").alias(
                "rank"
            ),
        )
    )


# COMMAND ----------

# DBTITLE 1,wide: write


def write_wide(rows: DataFrame) -> None:
    """Update the rows that changed and insert the new ones; a second run changes nothing."""
    rows.limit(0).write.format("delta").mode("ignore").saveAsTable(TARGET_WIDE)
    target = DeltaTable.forName(spark, TARGET_WIDE)
    require_columns(target.toDF(), TARGET_WIDE, rows.columns)
    batch = rows
    require_unique(target.toDF(), TARGET_WIDE, "order_id")
    require_unique(batch, f"New rows for {TARGET_WIDE}", "order_id")

    same_key = "target.order_id <=> source.order_id"
    # True where the stored row differs from the incoming one.
    outdated = (
        "false IN ("
        "target.customer <=> source.customer"
        ", target.referrer <=> source.referrer"
        ", target.country <=> source.country"
        ", target.eur <=> source.eur"
        ", target.batch <=> source.batch"
        ", target.items <=> source.items"
        ", target.rank <=> source.rank"
        ")"
    )
    # A merge rewrites every file that holds a matching key, so it is given only real changes.
    unchanged = f"{same_key} AND NOT ({outdated})"
    stored = spark.read.table(TARGET_WIDE)
    changes = batch.alias("source").join(stored.alias("target"), F.expr(unchanged), "left_anti")
    values = {column: f"source.{column}" for column in rows.columns}
    version = target.history(1).first().version
    (
        target.alias("target")
        .merge(changes.alias("source"), same_key)
        .whenMatchedUpdate(condition=outdated, set=values)
        .whenNotMatchedInsert(values=values)
        .execute()
    )
    log_changes(target, TARGET_WIDE, version, "Inserted", "Updated")


# COMMAND ----------

# DBTITLE 1,wide: load


def load_wide() -> None:
    """Read the sources, build the target rows and write them."""
    logger.info("Loading %s", TARGET_WIDE)
    rows = None
    try:
        orders = spark.read.table(SOURCE_ORDERS)
        require_columns(
            orders,
            SOURCE_ORDERS,
            ["customer_id", "day", "currency", "status", "order_id", "amount", "items"],
        )
        customers = spark.read.table(SOURCE_CUSTOMERS)
        require_columns(customers, SOURCE_CUSTOMERS, ["id", "referrer_id", "country_id", "name"])
        customers_2 = spark.read.table(SOURCE_CUSTOMERS)
        require_columns(customers_2, SOURCE_CUSTOMERS, ["id", "name"])
        countries = spark.read.table(SOURCE_COUNTRIES)
        require_columns(countries, SOURCE_COUNTRIES, ["id", "iso"])
        fx = spark.read.table(SOURCE_FX)
        require_columns(fx, SOURCE_FX, ["day", "currency", "amount", "rate"])
        run_data = spark.read.table(SOURCE_RUN_DATA)
        require_columns(run_data, SOURCE_RUN_DATA, ["id"])
        rows = transform_wide(orders, customers, customers_2, countries, fx, run_data)
        write_wide(rows)
    except Exception as error:
        logger.exception("Loading %s failed", TARGET_WIDE)
        log_failing_column(error, rows, TARGET_WIDE, [*range(2, 10)])
        raise


# COMMAND ----------

# DBTITLE 1,Run
if __name__ == "__main__":
    load_wide()

"""orders_lakeflow.csv: MERGE upsert.

shop.gold.orders:

- Reads /Volumes/shop/in/orders.csv as o.
- Left-joins shop.silver.customers as c on o.customer_id = c.id.
- Fills 5 columns: 3 copied, 2 computed.
- Adds _loaded_at: When the row was loaded.
- Checks 5 rules of the sheet.
- Rows that break one of the rules go to shop.gold.orders_quarantine, not to shop.gold.orders.
- Of several rows of one key the highest changed_at wins.
- Merges into shop.gold.orders by order_id: changed rows are updated, new ones inserted.
- Deletes the rows whose gone is true.

Compiled by text2code 0.1.0.
"""

from pyspark import pipelines as dp
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

SOURCE_ORDERS = spark.conf.get("source_orders", "/Volumes/shop/in/orders.csv")
SOURCE_CUSTOMERS = spark.conf.get("source_customers", "shop.silver.customers")
TARGET_ORDERS = spark.conf.get("target_orders", "shop.gold.orders")
QUARANTINE_ORDERS = spark.conf.get("quarantine_orders", "shop.gold.orders_quarantine")


def with_broken_rules(rows: DataFrame, rules: dict[str, str], exempt: str) -> DataFrame:
    """Return the rows with the names of the rules that each one breaks, in _broken_rules.

    A rule that is NULL for a row is broken, as a constraint of a Delta table would be.
    """
    broken = F.array(
        *[
            F.when(F.expr(f"NOT coalesce({rule}, false)"), F.lit(name))
            for name, rule in rules.items()
        ]
    )
    checked = ~F.expr(exempt)
    return rows.withColumn("_broken_rules", F.filter(broken, lambda n: n.isNotNull() & checked))


def transform_orders(orders: DataFrame, customers: DataFrame) -> DataFrame:
    """Build the target rows from orders and customers."""
    return (
        orders.alias("o")
        .join(customers.alias("c"), F.expr("o.customer_id = c.id"), "left")
        .select(
            F.col("o.id").cast("bigint").alias("order_id"),
            F.expr("o.amount * 1.19").cast("decimal(12,2)").alias("amount"),
            F.col("o.changed").cast("timestamp").alias("changed_at"),
            F.col("c.name").cast("string").alias("customer"),
            F.expr("o.op = 'D'").cast("boolean").alias("gone"),
            F.expr("current_timestamp()").alias(
                "_loaded_at", metadata={"comment": "When the row was loaded"}
            ),
        )
    )


def check_orders(rows: DataFrame) -> DataFrame:
    """Return the rows with the rules of the sheet that they break."""
    rules = {
        "row 2: order_id not null": "order_id IS NOT NULL",
        "row 3: amount > 0": "amount > 0",
        "row 3: amount < 1000000": "amount < 1000000",
        "row 4: changed_at > TIMESTAMP'2000-01-01' AND order_id > 0": (
            "changed_at > TIMESTAMP'2000-01-01' AND order_id > 0"
        ),
        "row 5: customer not empty": "trim(customer) <> ''",
    }
    return with_broken_rules(rows, rules, "coalesce(gone, false)")


@dp.temporary_view(name="checked_orders")
def checked_orders() -> DataFrame:
    """Return all rows with the rules that they break."""
    orders = (
        spark.readStream.format("cloudFiles")
        .option("cloudFiles.format", "csv")
        .option("header", "true")
        .load(SOURCE_ORDERS)
    )
    customers = spark.read.table(SOURCE_CUSTOMERS)
    rows = transform_orders(orders, customers)
    return check_orders(rows)


@dp.table(name=QUARANTINE_ORDERS)
def quarantine_orders() -> DataFrame:
    """Return the rows that break a rule of the sheet."""
    checked = spark.readStream.table("checked_orders")
    return checked.where("size(_broken_rules) > 0")


@dp.temporary_view(name="changes_orders")
def changes_orders() -> DataFrame:
    """Return the rows that change the target."""
    checked = spark.readStream.table("checked_orders")
    rows = checked.where("size(_broken_rules) = 0").drop("_broken_rules")
    return rows


dp.create_streaming_table(name=TARGET_ORDERS, comment="All orders", cluster_by=["order_id"])
dp.create_auto_cdc_flow(
    target=TARGET_ORDERS,
    source="changes_orders",
    keys=["order_id"],
    sequence_by="changed_at",
    apply_as_deletes=F.expr("coalesce(gone, false)"),
    except_column_list=["gone"],
    stored_as_scd_type=1,
)

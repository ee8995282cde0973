"""full_lakeflow.csv: Full load.

shop.silver.order_lines:

- Reads shop.bronze.order_items as i.
- Left-joins shop.bronze.products as p on i.product_id = p.product_id.
- Fills 6 columns: 4 copied, 2 computed.
- Replaces the content of shop.silver.order_lines in one transaction.

Compiled by text2code 0.1.0.
"""

from pyspark import pipelines as dp
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

SOURCE_ORDER_ITEMS = spark.conf.get("source_order_items", "shop.bronze.order_items")
SOURCE_PRODUCTS = spark.conf.get("source_products", "shop.bronze.products")
TARGET_ORDER_LINES = spark.conf.get("target_order_lines", "shop.silver.order_lines")


def transform_order_lines(order_items: DataFrame, products: DataFrame) -> DataFrame:
    """Build the target rows from order_items and products."""
    return (
        order_items.alias("i")
        .join(products.alias("p"), F.expr("i.product_id = p.product_id"), "left")
        .select(
            F.col("i.order_id")
            .cast("bigint")
            .alias("order_id", metadata={"comment": "order of the line"}),
            F.col("i.line_no")
            .cast("int")
            .alias("line_no", metadata={"comment": "position within the order"}),
            F.expr("initcap(p.name)").cast("string").alias("product_name"),
            F.col("i.quantity").cast("int").alias("quantity"),
            F.expr("round(i.quantity * i.unit_price, 2)")
            .cast("decimal(12,2)")
            .alias("line_amount"),
            F.col("i.changed_at")
            .cast("timestamp")
            .alias("changed_at", metadata={"comment": "latest wins"}),
        )
    )


@dp.materialized_view(name=TARGET_ORDER_LINES)
def load_order_lines() -> DataFrame:
    """Return the rows of the target."""
    order_items = spark.read.table(SOURCE_ORDER_ITEMS)
    products = spark.read.table(SOURCE_PRODUCTS)
    return transform_order_lines(order_items, products)

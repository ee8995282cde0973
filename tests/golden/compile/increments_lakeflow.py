"""increments_lakeflow.csv: Incremental append.

shop.silver.orders:

- Reads shop.bronze.orders as orders.
- Fills 5 columns: 1 copied, 4 computed.
- Takes all rows, also those below the highest updated_at of the target; refuses the batch if one
  has none.
- Appends to shop.silver.orders the rows whose order_id and updated_at are not there yet.

Compiled by text2code 0.1.0.
"""

from pyspark import pipelines as dp
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

SOURCE_ORDERS = spark.conf.get("source_orders", "shop.bronze.orders")
TARGET_ORDERS = spark.conf.get("target_orders", "shop.silver.orders")


def transform_orders(orders: DataFrame) -> DataFrame:
    """Build the target rows from orders."""
    return orders.select(
        F.col("order_id").alias("order_id"),
        F.expr("cast(customer_ref as bigint)").alias("customer_id"),
        F.expr(
            "case when upper(status) in ('C','CLOSED') then 'closed' when status is null then"
            " 'unknown' else lower(trim(status)) end"
        ).alias("status"),
        F.expr("cast(updated_at as timestamp)").alias("updated_at"),
        F.expr("'shop'").alias("source_system"),
    )


@dp.table(name=TARGET_ORDERS)
@dp.expect_or_fail("a watermark", "updated_at IS NOT NULL")
def load_orders() -> DataFrame:
    """Return the rows of the target."""
    orders = spark.readStream.table(SOURCE_ORDERS)
    return transform_orders(orders)

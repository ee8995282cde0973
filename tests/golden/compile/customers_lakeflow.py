"""customers_lakeflow.csv: SCD type 2.

crm.gold.dim_customer:

- Reads crm.landing.customers as customers.
- Fills 6 columns: 3 copied, 3 computed.
- Keeps in crm.gold.dim_customer a version of each customer_id from one change of name, email,
  segment to the next.
- modified_at says when a change happened: valid_from, valid_to and is_current are made of it.
- A row that comes late changes the versions of its time.

Compiled by text2code 0.1.0.
"""

from pyspark import pipelines as dp
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

SOURCE_CUSTOMERS = spark.conf.get("source_customers", "crm.landing.customers")
TARGET_DIM_CUSTOMER = spark.conf.get("target_dim_customer", "crm.gold.dim_customer")


def transform_dim_customer(customers: DataFrame) -> DataFrame:
    """Build the target rows from customers."""
    return customers.select(
        F.col("customer_id").cast("bigint").alias("customer_id"),
        F.expr("trim(full_name)").cast("string").alias("name"),
        F.expr("lower(email)").cast("string").alias("email"),
        F.expr("coalesce(segment, 'none')").cast("string").alias("segment"),
        F.col("last_login").cast("timestamp").alias("last_login"),
        F.col("modified_at").cast("timestamp").alias("modified_at"),
    )


@dp.temporary_view(name="changes_dim_customer")
def changes_dim_customer() -> DataFrame:
    """Return the rows that change the target."""
    customers = spark.readStream.table(SOURCE_CUSTOMERS)
    return transform_dim_customer(customers)


dp.create_streaming_table(name="dim_customer_versions")
dp.create_auto_cdc_flow(
    target="dim_customer_versions",
    source="changes_dim_customer",
    keys=["customer_id"],
    sequence_by="modified_at",
    stored_as_scd_type=2,
    track_history_column_list=["name", "email", "segment"],
)


@dp.materialized_view(name=TARGET_DIM_CUSTOMER)
def load_dim_customer() -> DataFrame:
    """Return the versions under the names of the plan."""
    versions = spark.read.table("dim_customer_versions")
    versions = versions.withColumnRenamed("__START_AT", "valid_from").withColumnRenamed(
        "__END_AT", "valid_to"
    )
    return versions.withColumn("is_current", F.expr("valid_to IS NULL"))

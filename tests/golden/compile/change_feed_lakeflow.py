"""change_feed_lakeflow.csv: Apply changes from a change feed.

crm.silver.accounts:

- Reads crm.bronze.account_changes as account_changes.
- Fills 5 columns: 3 copied, 2 computed.
- Checks 1 rule of the sheet.
- Rows that break a rule go to crm.silver.accounts_quarantine, not to crm.silver.accounts.
- Of several rows of one key the highest log_position wins.
- Merges into crm.silver.accounts by account_id: changed rows are updated, new ones inserted.
- Keeps the rows whose is_deleted is true, so that older rows of their keys stay out.

Compiled by text2code 0.1.0.
"""

from pyspark import pipelines as dp
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

SOURCE_ACCOUNT_CHANGES = spark.conf.get("source_account_changes", "crm.bronze.account_changes")
TARGET_ACCOUNTS = spark.conf.get("target_accounts", "crm.silver.accounts")
QUARANTINE_ACCOUNTS = spark.conf.get("quarantine_accounts", "crm.silver.accounts_quarantine")


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


def transform_accounts(account_changes: DataFrame) -> DataFrame:
    """Build the target rows from account_changes."""
    return account_changes.select(
        F.col("account_id").cast("bigint").alias("account_id"),
        F.expr("trim(name)").cast("string").alias("name"),
        F.col("balance").cast("decimal(12,2)").alias("balance"),
        F.expr("op = 'D'").cast("boolean").alias("is_deleted"),
        F.col("log_position").cast("bigint").alias("log_position"),
    )


def check_accounts(rows: DataFrame) -> DataFrame:
    """Return the rows with the rules of the sheet that they break."""
    rules = {
        "row 3: name not null": "name IS NOT NULL",
    }
    return with_broken_rules(rows, rules, "coalesce(is_deleted, false)")


@dp.temporary_view(name="checked_accounts")
def checked_accounts() -> DataFrame:
    """Return all rows with the rules that they break."""
    account_changes = spark.readStream.table(SOURCE_ACCOUNT_CHANGES)
    rows = transform_accounts(account_changes)
    return check_accounts(rows)


@dp.table(name=QUARANTINE_ACCOUNTS)
def quarantine_accounts() -> DataFrame:
    """Return the rows that break a rule of the sheet."""
    checked = spark.readStream.table("checked_accounts")
    return checked.where("size(_broken_rules) > 0")


@dp.temporary_view(name="changes_accounts")
def changes_accounts() -> DataFrame:
    """Return the rows that change the target."""
    checked = spark.readStream.table("checked_accounts")
    rows = checked.where("size(_broken_rules) = 0").drop("_broken_rules")
    return rows


dp.create_streaming_table(name=TARGET_ACCOUNTS)
dp.create_auto_cdc_flow(
    target=TARGET_ACCOUNTS,
    source="changes_accounts",
    keys=["account_id"],
    sequence_by="log_position",
    stored_as_scd_type=1,
)

-- Databricks notebook source
-- MAGIC %md
-- MAGIC # increments_sql.csv
-- MAGIC
-- MAGIC `shop.silver.orders`:
-- MAGIC - Reads shop.bronze.orders as orders.
-- MAGIC - Fills 5 columns: 1 copied, 4 computed.
-- MAGIC - Takes the rows at or above the highest updated_at of the target; refuses the batch if one
-- MAGIC   has none.
-- MAGIC - Appends to shop.silver.orders the rows whose order_id and updated_at are not there yet.
-- MAGIC
-- MAGIC Pattern: Incremental append. Compiled by text2code 0.1.0.

-- COMMAND ----------

-- DBTITLE 1,Parameters
-- Notebooks know :parameters since Databricks Runtime 15.2.
-- Source table: orders
CREATE WIDGET TEXT source_orders DEFAULT 'shop.bronze.orders';
-- Target table: orders
CREATE WIDGET TEXT target_orders DEFAULT 'shop.silver.orders';

-- COMMAND ----------

-- DBTITLE 1,orders: table
CREATE TABLE IF NOT EXISTS IDENTIFIER(:target_orders)
USING delta
AS
WITH
-- The target rows as the sources make them
new AS (
    SELECT
        order_id AS order_id,
        cast(customer_ref as bigint) AS customer_id,
        case when upper(status) in ('C','CLOSED') then 'closed' when status is null then 'unknown' else lower(trim(status)) end AS status,
        cast(updated_at as timestamp) AS updated_at,
        'shop' AS source_system
    FROM (SELECT order_id, customer_ref, status, updated_at FROM IDENTIFIER(:source_orders)) AS orders
)
SELECT order_id, customer_id, status, updated_at, source_system
FROM new LIMIT 0;

-- COMMAND ----------

-- DBTITLE 1,orders: load
MERGE INTO IDENTIFIER(:target_orders) AS target
USING (
    WITH
    -- The target rows as the sources make them
    new AS (
        SELECT
            order_id AS order_id,
            cast(customer_ref as bigint) AS customer_id,
            case when upper(status) in ('C','CLOSED') then 'closed' when status is null then 'unknown' else lower(trim(status)) end AS status,
            cast(updated_at as timestamp) AS updated_at,
            'shop' AS source_system
        FROM (SELECT order_id, customer_ref, status, updated_at FROM IDENTIFIER(:source_orders)) AS orders
    ),
    -- How far the target goes
    stored AS (
        SELECT max(updated_at) AS _highest FROM IDENTIFIER(:target_orders)
    ),
    -- Rows from there on, each once: more rows with that value may have come
    batch AS (
        SELECT DISTINCT order_id, customer_id, status, updated_at, source_system
        FROM new CROSS JOIN stored
        WHERE coalesce(updated_at >= _highest, true)
    ),
    -- What must not be
    problems AS (
        SELECT array_join(array_sort(collect_list(problem)), '; ') AS problems
        FROM (
            SELECT concat(:target_orders, ': ', count(*), ' source rows have no watermark') AS problem
            FROM new WHERE updated_at IS NULL
            HAVING count(*) > 0
            UNION ALL
            SELECT concat(concat('New rows for ', :target_orders), ': keys that occur more than once (up to 20 shown): ', array_join(collect_list(_key), '; ')) AS problem
            FROM (SELECT to_json(struct(order_id, updated_at), map('ignoreNullFields', 'false')) AS _key FROM batch GROUP BY order_id, updated_at HAVING count(*) > 1 ORDER BY order_id, updated_at LIMIT 20)
            HAVING count(*) > 0
        )
        HAVING count(*) > 0
    )
    SELECT * FROM batch
    UNION ALL
    -- Raises an error if there is a problem.
    SELECT raise_error(problems), NULL, NULL, NULL, NULL FROM problems
) AS source
ON target.order_id <=> source.order_id AND target.updated_at <=> source.updated_at
WHEN NOT MATCHED THEN INSERT (order_id, customer_id, status, updated_at, source_system)
VALUES (
    source.order_id,
    source.customer_id,
    source.status,
    source.updated_at,
    source.source_system
);

-- Databricks notebook source
-- MAGIC %md
-- MAGIC # full_sql.csv
-- MAGIC
-- MAGIC `shop.silver.order_lines`:
-- MAGIC - Reads shop.bronze.order_items as i.
-- MAGIC - Left-joins shop.bronze.products as p on i.product_id = p.product_id.
-- MAGIC - Fills 6 columns: 4 copied, 2 computed.
-- MAGIC - Refuses a batch in which a join finds several rows for one key.
-- MAGIC - Replaces the content and the schema of shop.silver.order_lines in one transaction.
-- MAGIC
-- MAGIC Pattern: Full load. Compiled by text2code 0.1.0.

-- COMMAND ----------

-- DBTITLE 1,Parameters
-- Notebooks know :parameters since Databricks Runtime 15.2.
-- Source table: order_items
CREATE WIDGET TEXT source_order_items DEFAULT 'shop.bronze.order_items';
-- Source table: products
CREATE WIDGET TEXT source_products DEFAULT 'shop.bronze.products';
-- Target table: order_lines
CREATE WIDGET TEXT target_order_lines DEFAULT 'shop.silver.order_lines';

-- COMMAND ----------

-- DBTITLE 1,order_lines: load
CREATE OR REPLACE TABLE IDENTIFIER(:target_order_lines)
USING delta
PARTITIONED BY (order_id)
COMMENT 'Lines of \'orders\''
AS
WITH
-- The target rows as the sources make them
new AS (
    SELECT
        CAST(i.order_id AS bigint) AS order_id,
        CAST(i.line_no AS int) AS line_no,
        CAST(initcap(p.name) AS string) AS product_name,
        CAST(i.quantity AS int) AS quantity,
        CAST(round(i.quantity * i.unit_price, 2) AS decimal(12,2)) AS line_amount,
        CAST(i.changed_at AS timestamp) AS changed_at
    FROM IDENTIFIER(:source_order_items) AS i
    LEFT JOIN IDENTIFIER(:source_products) AS p ON i.product_id = p.product_id
),
-- What must not be
problems AS (
    SELECT array_join(array_sort(collect_list(problem)), '; ') AS problems
    FROM (
        SELECT concat(:source_products, ': keys that occur more than once (up to 20 shown): ', array_join(collect_list(_key), '; ')) AS problem
        FROM (SELECT to_json(struct(product_id), map('ignoreNullFields', 'false')) AS _key FROM IDENTIFIER(:source_products) WHERE product_id IS NOT NULL GROUP BY product_id HAVING count(*) > 1 ORDER BY product_id LIMIT 20)
        HAVING count(*) > 0
    )
    HAVING count(*) > 0
)
SELECT * FROM new
UNION ALL
-- Raises an error if there is a problem.
SELECT raise_error(problems), NULL, NULL, NULL, NULL, NULL FROM problems;
ALTER TABLE IDENTIFIER(:target_order_lines) ALTER COLUMN order_id COMMENT 'order of the line';
ALTER TABLE IDENTIFIER(:target_order_lines) ALTER COLUMN line_no COMMENT 'position within the order';
ALTER TABLE IDENTIFIER(:target_order_lines) ALTER COLUMN changed_at COMMENT 'latest wins';

-- Databricks notebook source
-- MAGIC %md
-- MAGIC # changes_sql.csv
-- MAGIC
-- MAGIC `shop.gold.orders`:
-- MAGIC - Reads shop.bronze.orders as o.
-- MAGIC - Keeps rows where o.state <> 'it/'s; a test'.
-- MAGIC - Fills 4 columns: 2 copied, 2 computed.
-- MAGIC - Adds _batch: The run that loaded the row.
-- MAGIC - Checks 2 rules of the sheet.
-- MAGIC - Refuses a batch in which a row breaks one of the rules.
-- MAGIC - Of several rows of one key the highest changed_at wins.
-- MAGIC - Merges into shop.gold.orders by order_id: changed rows are updated, new ones inserted.
-- MAGIC - Where the new value is NULL the old one stays.
-- MAGIC - Deletes the rows whose gone is true.
-- MAGIC - Deletes the rows that the sources no longer have; refuses an empty batch.
-- MAGIC
-- MAGIC Pattern: MERGE upsert. Compiled by text2code 0.1.0.

-- COMMAND ----------

-- DBTITLE 1,Parameters
-- Notebooks know :parameters since Databricks Runtime 15.2.
-- Source table: orders
CREATE WIDGET TEXT source_orders DEFAULT 'shop.bronze.orders';
-- Target table: orders
CREATE WIDGET TEXT target_orders DEFAULT 'shop.gold.orders';
-- Name of this batch (empty: a new one)
CREATE WIDGET TEXT batch_id DEFAULT '';

-- COMMAND ----------

-- DBTITLE 1,orders: table
CREATE TABLE IF NOT EXISTS IDENTIFIER(:target_orders) (
    order_id bigint,
    `new.state` string,
    changed_at timestamp,
    _batch string COMMENT 'The run that loaded the row'
)
USING delta;

-- COMMAND ----------

-- DBTITLE 1,orders: load
MERGE INTO IDENTIFIER(:target_orders) AS target
USING (
    WITH
    -- The target rows as the sources make them
    new AS (
        SELECT
            CAST(id AS bigint) AS order_id,
            CAST(upper(trim(o.state)) || ' "odd" ; -- no comment' AS string) AS `new.state`,
            CAST(changed AS timestamp) AS changed_at,
            CAST(o.op = 'D' AS boolean) AS gone,
            coalesce(nullif(:batch_id, ''), date_format(current_timestamp(), 'yyyyMMddHHmmssSSS')) AS _batch
        FROM (SELECT state, id, changed, op FROM IDENTIFIER(:source_orders)) AS o
        WHERE (o.state <> 'it\'s; a test')
    ),
    -- How new a row is among those of its key
    ranked AS (
        SELECT
            *,
            rank() OVER (PARTITION BY order_id ORDER BY changed_at DESC NULLS LAST) AS _rank
        FROM new
    ),
    -- The newest row of each key; equal rows become one
    batch AS (
        SELECT order_id, `new.state`, changed_at, gone, any_value(_batch) AS _batch
        FROM ranked
        WHERE _rank = 1
        GROUP BY order_id, `new.state`, changed_at, gone
    ),
    -- What must not be
    problems AS (
        SELECT array_join(array_sort(collect_list(problem)), '; ') AS problems
        FROM (
            SELECT concat(concat('New rows for ', :target_orders), ': keys that occur more than once (up to 20 shown): ', array_join(collect_list(_key), '; ')) AS problem
            FROM (SELECT to_json(struct(order_id), map('ignoreNullFields', 'false')) AS _key FROM batch GROUP BY order_id HAVING count(*) > 1 ORDER BY order_id LIMIT 20)
            HAVING count(*) > 0
            UNION ALL
            SELECT concat(:target_orders, ': keys that occur more than once (up to 20 shown): ', array_join(collect_list(_key), '; ')) AS problem
            FROM (SELECT to_json(struct(order_id), map('ignoreNullFields', 'false')) AS _key FROM IDENTIFIER(:target_orders) GROUP BY order_id HAVING count(*) > 1 ORDER BY order_id LIMIT 20)
            HAVING count(*) > 0
            UNION ALL
            SELECT 'The sources have no rows, so that all would be deleted' AS problem
            FROM batch
            HAVING count(*) = 0
            UNION ALL
            SELECT concat(:target_orders, ': rows break a rule: ', 'row 2: order_id not null', ' (', count(*), ' rows)') AS problem
            FROM (SELECT coalesce(gone, false) OR coalesce(order_id IS NOT NULL, false) AS _holds FROM new) WHERE NOT _holds
            HAVING count(*) > 0
            UNION ALL
            SELECT concat(:target_orders, ': rows break a rule: ', 'row 3: new.state not empty', ' (', count(*), ' rows)') AS problem
            FROM (SELECT coalesce(gone, false) OR coalesce(trim(`new.state`) <> '', false) AS _holds FROM new) WHERE NOT _holds
            HAVING count(*) > 0
        )
        HAVING count(*) > 0
    ),
    -- What the target does not say yet: a merge rewrites all files with matching keys
    changes AS (
        SELECT
            source.order_id,
            source.`new.state`,
            source.changed_at,
            source._batch,
            false AS _deleted
        FROM batch AS source
        LEFT ANTI JOIN IDENTIFIER(:target_orders) AS target
            ON target.order_id <=> source.order_id AND NOT (false IN (target.`new.state` <=> coalesce(source.`new.state`, target.`new.state`), target.changed_at <=> coalesce(source.changed_at, target.changed_at)) AND (target.changed_at IS NULL OR (source.changed_at IS NOT NULL AND source.changed_at >= target.changed_at)))
        WHERE NOT coalesce(source.gone, false)
        UNION ALL
        SELECT
            source.order_id,
            source.`new.state`,
            source.changed_at,
            source._batch,
            true AS _deleted
        FROM batch AS source
        LEFT SEMI JOIN IDENTIFIER(:target_orders) AS target
            ON target.order_id <=> source.order_id AND (target.changed_at IS NULL OR (source.changed_at IS NOT NULL AND source.changed_at >= target.changed_at))
        WHERE coalesce(source.gone, false)
        UNION ALL
        SELECT
            target.order_id,
            NULL AS `new.state`,
            NULL AS changed_at,
            NULL AS _batch,
            true AS _deleted
        FROM IDENTIFIER(:target_orders) AS target
        LEFT ANTI JOIN batch AS source
            ON target.order_id <=> source.order_id
    )
    SELECT * FROM changes
    UNION ALL
    -- Raises an error if there is a problem.
    SELECT raise_error(problems), NULL, NULL, NULL, NULL FROM problems
) AS source
ON target.order_id <=> source.order_id
WHEN MATCHED AND source._deleted THEN DELETE
WHEN MATCHED AND false IN (target.`new.state` <=> coalesce(source.`new.state`, target.`new.state`), target.changed_at <=> coalesce(source.changed_at, target.changed_at)) AND (target.changed_at IS NULL OR (source.changed_at IS NOT NULL AND source.changed_at >= target.changed_at)) THEN UPDATE SET
    order_id = coalesce(source.order_id, target.order_id),
    `new.state` = coalesce(source.`new.state`, target.`new.state`),
    changed_at = coalesce(source.changed_at, target.changed_at),
    _batch = coalesce(source._batch, target._batch)
WHEN NOT MATCHED THEN INSERT (order_id, `new.state`, changed_at, _batch)
VALUES (source.order_id, source.`new.state`, source.changed_at, source._batch);

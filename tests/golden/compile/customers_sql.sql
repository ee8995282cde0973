-- Databricks notebook source
-- MAGIC %md
-- MAGIC # customers_sql.csv
-- MAGIC
-- MAGIC `crm.gold.dim_customer`:
-- MAGIC - Reads crm.landing.customers as customers.
-- MAGIC - Fills 6 columns: 3 copied, 3 computed.
-- MAGIC - Adds _loaded_at: When the row was loaded.
-- MAGIC - Keeps in crm.gold.dim_customer a version of each customer_id from one change of name,
-- MAGIC   email, segment to the next.
-- MAGIC - modified_at says when a change happened: valid_from, valid_to and is_current are made of
-- MAGIC   it.
-- MAGIC - Leaves out rows older than the newest of their key.
-- MAGIC - Names each version by sk.
-- MAGIC - Closes the keys that the sources no longer have, at the time of the parameter
-- MAGIC   snapshot_at; refuses an empty batch.
-- MAGIC
-- MAGIC Pattern: SCD type 2. Compiled by text2code 0.1.0.

-- COMMAND ----------

-- DBTITLE 1,Parameters
-- Notebooks know :parameters since Databricks Runtime 15.2.
-- Source table: customers
CREATE WIDGET TEXT source_customers DEFAULT 'crm.landing.customers';
-- Target table: dim_customer
CREATE WIDGET TEXT target_dim_customer DEFAULT 'crm.gold.dim_customer';
-- When keys that vanished ended (empty: now)
CREATE WIDGET TEXT snapshot_at DEFAULT '';

-- COMMAND ----------

-- DBTITLE 1,dim_customer: table
CREATE TABLE IF NOT EXISTS IDENTIFIER(:target_dim_customer) (
    sk string,
    customer_id bigint,
    name string,
    email string,
    segment string,
    last_login timestamp,
    modified_at timestamp,
    _loaded_at timestamp COMMENT 'When the row was loaded',
    valid_from timestamp,
    valid_to timestamp,
    is_current boolean,
    _sightings array<struct<at: timestamp, deleted: boolean>>
)
USING delta;

-- COMMAND ----------

-- DBTITLE 1,dim_customer: load
MERGE INTO IDENTIFIER(:target_dim_customer) AS target
USING (
    WITH
    -- The target rows as the sources make them
    new AS (
        SELECT
            CAST(customer_id AS bigint) AS customer_id,
            CAST(trim(full_name) AS string) AS name,
            CAST(lower(email) AS string) AS email,
            CAST(coalesce(segment, 'none') AS string) AS segment,
            CAST(last_login AS timestamp) AS last_login,
            CAST(modified_at AS timestamp) AS modified_at,
            current_timestamp() AS _loaded_at
        FROM (SELECT customer_id, full_name, email, segment, last_login, modified_at FROM IDENTIFIER(:source_customers)) AS customers
    ),
    -- The batch as sightings: a key had these values then, or was deleted
    seen AS (
        SELECT
            customer_id,
            modified_at AS _at,
            false AS _deleted,
            struct(name, email, segment) AS _tracked,
            struct(modified_at AS _at, last_login) AS _latest,
            struct(modified_at AS _at, _loaded_at) AS _volatile
        FROM new
    ),
    -- Keys that are current and not in the batch
    vanished AS (
        SELECT
            target.customer_id,
            CASE WHEN :snapshot_at = '' THEN CAST(current_timestamp() AS timestamp) ELSE CAST(nullif(:snapshot_at, '') AS timestamp) END AS _at,
            true AS _deleted,
            struct(target.name, target.email, target.segment) AS _tracked,
            struct(CASE WHEN :snapshot_at = '' THEN CAST(current_timestamp() AS timestamp) ELSE CAST(nullif(:snapshot_at, '') AS timestamp) END AS _at, target.last_login) AS _latest,
            struct(CASE WHEN :snapshot_at = '' THEN CAST(current_timestamp() AS timestamp) ELSE CAST(nullif(:snapshot_at, '') AS timestamp) END AS _at, target._loaded_at) AS _volatile
        FROM IDENTIFIER(:target_dim_customer) AS target
        LEFT ANTI JOIN seen AS source
            ON target.customer_id <=> source.customer_id
        WHERE target.is_current
    ),
    -- All sightings of this run
    news AS (
        SELECT * FROM seen UNION ALL SELECT * FROM vanished
    ),
    -- The stored versions of these keys
    touched AS (
        SELECT target.*
        FROM IDENTIFIER(:target_dim_customer) AS target
        LEFT SEMI JOIN news AS source
            ON target.customer_id <=> source.customer_id
    ),
    -- The sightings that those were made of
    behind AS (
        SELECT
            customer_id,
            _seen.at AS _at,
            _seen.deleted AS _deleted,
            struct(name, email, segment) AS _tracked,
            struct(_seen.at AS _at, last_login) AS _latest,
            struct(_seen.at AS _at, _loaded_at) AS _volatile
        FROM touched
        LATERAL VIEW explode(concat(array(struct(valid_from AS at, false AS deleted)), _sightings)) seen AS _seen
    ),
    -- The newest sighting that is stored of each key
    newest AS (
        SELECT customer_id, max(_at) AS _newest
        FROM behind
        GROUP BY customer_id
    ),
    -- Sightings that are not older
    timely AS (
        SELECT source.*
        FROM news AS source
        LEFT JOIN newest AS target
            ON target.customer_id <=> source.customer_id
        WHERE _newest IS NULL OR _at >= _newest
    ),
    -- Of several sightings at one time a deletion wins, else the greatest values
    ranked AS (
        SELECT
            *,
            row_number() OVER (PARTITION BY customer_id, _at ORDER BY _deleted DESC, _tracked DESC, _latest DESC) AS _rank
        FROM (SELECT * FROM behind UNION ALL SELECT * FROM timely)
    ),
    -- The one sighting of each time
    sightings AS (
        SELECT
            customer_id, _at, _deleted,
            CASE WHEN NOT _deleted THEN _tracked END AS _tracked,
            CASE WHEN NOT _deleted THEN struct(_latest, _volatile) END AS _newest
        FROM ranked
        WHERE _rank = 1
    ),
    -- A version opens where the tracked values are others than before
    opened AS (
        SELECT
            *,
            NOT _deleted AND NOT (_tracked <=> lag(_tracked) OVER (PARTITION BY customer_id ORDER BY _at)) AS _opens
        FROM sightings
    ),
    -- Versions by number, and the newest values of each key
    numbered AS (
        SELECT
            customer_id, _at, _deleted, _tracked, _opens,
            sum(CAST(_opens AS INT)) OVER (PARTITION BY customer_id ORDER BY _at) AS _version,
            last(_newest, true) OVER (PARTITION BY customer_id ORDER BY _at ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS _newest
        FROM opened
    ),
    -- One row a version, and the sightings that confirm it
    grouped AS (
        SELECT
            customer_id,
            min(_at) AS _from,
            min(CASE WHEN _deleted THEN _at END) AS _gone,
            min_by(_tracked, _at) AS _tracked,
            first(_newest) AS _newest,
            sort_array(collect_list(CASE WHEN NOT _opens THEN struct(_at AS at, _deleted AS deleted) END)) AS _sightings
        FROM numbered
        WHERE _version > 0
        GROUP BY customer_id, _version
    ),
    -- A version ends where the key was deleted, or where the next one starts
    ended AS (
        SELECT
            *,
            coalesce(_gone, lead(_from) OVER (PARTITION BY customer_id ORDER BY _from)) AS _to
        FROM grouped
    ),
    -- The versions as the target has them
    versions AS (
        SELECT
            customer_id,
            _tracked.name AS name,
            _tracked.email AS email,
            _tracked.segment AS segment,
            _newest._latest.last_login AS last_login,
            _newest._volatile._loaded_at AS _loaded_at,
            _from AS modified_at,
            _from AS valid_from,
            _to AS valid_to,
            _to IS NULL AS is_current,
            _sightings,
            sha2(to_json(struct(customer_id, _from), map('timeZone', 'UTC', 'timestampFormat', 'yyyy-MM-dd\'T\'HH:mm:ss.SSSSSS', 'timestampNTZFormat', 'yyyy-MM-dd\'T\'HH:mm:ss.SSSSSS')), 256) AS sk
        FROM ended
    ),
    -- What must not be
    problems AS (
        SELECT array_join(array_sort(collect_list(problem)), '; ') AS problems
        FROM (
            SELECT concat(:target_dim_customer, ': ', count(*), ' rows have no ', 'modified_at') AS problem
            FROM new WHERE modified_at IS NULL
            HAVING count(*) > 0
            UNION ALL
            SELECT concat(:target_dim_customer, ': keys that occur more than once (up to 20 shown): ', array_join(collect_list(_key), '; ')) AS problem
            FROM (SELECT to_json(struct(customer_id, valid_from), map('ignoreNullFields', 'false')) AS _key FROM touched GROUP BY customer_id, valid_from HAVING count(*) > 1 ORDER BY customer_id, valid_from LIMIT 20)
            HAVING count(*) > 0
            UNION ALL
            SELECT 'The source has no rows, so that every key would be closed' AS problem
            FROM seen
            HAVING count(*) = 0
            UNION ALL
            SELECT concat('The parameter snapshot_at does not say when the vanished keys ended: ', :snapshot_at) AS problem
            FROM (SELECT CASE WHEN :snapshot_at = '' THEN CAST(current_timestamp() AS timestamp) ELSE CAST(nullif(:snapshot_at, '') AS timestamp) END AS _now) WHERE _now IS NULL
            HAVING count(*) > 0
        )
        HAVING count(*) > 0
    ),
    -- What the target does not say yet: a merge rewrites all files with matching keys
    changes AS (
        SELECT
            coalesce(source.customer_id, target.customer_id) AS customer_id,
            coalesce(source.valid_from, target.valid_from) AS valid_from,
            source.name,
            source.email,
            source.segment,
            source.last_login,
            source.valid_to,
            source._sightings,
            source._loaded_at,
            source.modified_at,
            source.is_current,
            source.sk,
            source.valid_from IS NULL AS _obsolete
        FROM versions AS source
        FULL JOIN touched AS target
            ON target.customer_id <=> source.customer_id AND target.valid_from <=> source.valid_from
        WHERE target.valid_from IS NULL OR source.valid_from IS NULL
            OR false IN (target.name <=> source.name, target.email <=> source.email, target.segment <=> source.segment, target.last_login <=> source.last_login, target.valid_to <=> source.valid_to, target._sightings <=> source._sightings)
    )
    SELECT * FROM changes
    UNION ALL
    -- Raises an error if there is a problem.
    SELECT raise_error(problems), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM problems
) AS source
ON target.customer_id <=> source.customer_id AND target.valid_from <=> source.valid_from
WHEN MATCHED AND source._obsolete THEN DELETE
WHEN MATCHED THEN UPDATE SET
    customer_id = source.customer_id,
    valid_from = source.valid_from,
    name = source.name,
    email = source.email,
    segment = source.segment,
    last_login = source.last_login,
    valid_to = source.valid_to,
    _sightings = source._sightings,
    _loaded_at = source._loaded_at,
    modified_at = source.modified_at,
    is_current = source.is_current,
    sk = source.sk
WHEN NOT MATCHED THEN INSERT (
    customer_id,
    valid_from,
    name,
    email,
    segment,
    last_login,
    valid_to,
    _sightings,
    _loaded_at,
    modified_at,
    is_current,
    sk
)
VALUES (
    source.customer_id,
    source.valid_from,
    source.name,
    source.email,
    source.segment,
    source.last_login,
    source.valid_to,
    source._sightings,
    source._loaded_at,
    source.modified_at,
    source.is_current,
    source.sk
);

-- health_read :one
-- Touches the schema and a table, whatever they hold.
SELECT coalesce(max(id), 0) AS last /* int */ FROM user;

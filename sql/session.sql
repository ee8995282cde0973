-- session_create :one
INSERT INTO session (token_hash, user, created, seen)
VALUES (:token_hash, :user, :created, :created)
RETURNING id AS id /* session_id */;

-- session_by_token :maybe
SELECT s.id, s.created, s.seen, u.id AS user, u.name, u.role, u.must_change,
	u.disabled, u.created AS user_created, u.last_login,
	u.external /* text? */
FROM session s JOIN user u ON u.id = s.user
WHERE s.token_hash = :token_hash;

-- session_touch :exec
UPDATE session SET seen = :seen WHERE id = :id;

-- session_end :exec
DELETE FROM session WHERE id = :id;

-- session_end_token :exec
DELETE FROM session WHERE token_hash = :token_hash;

-- session_end_of_user :exec (:keep session_id)
-- All of a user's but one.
DELETE FROM session WHERE user = :user AND id <> :keep;

-- session_purge :exec (:before int)
DELETE FROM session WHERE seen < :before;

-- login_failure_create :one
INSERT INTO login_failure (account, address, at)
VALUES (:account, :address, :at)
RETURNING id AS id /* login_failure_id */;

-- login_failure_delete :exec
DELETE FROM login_failure WHERE id = :id;

-- login_failure_of_account :one struct login_failures (:since int,
--     :until int)
SELECT count(*) AS count /* int */, coalesce(max(at), 0) AS last /* int */
FROM login_failure WHERE account = :account AND at > :since AND at <= :until;

-- login_failure_of_address :one struct login_failures (:since int,
--     :until int)
SELECT count(*) AS count /* int */, coalesce(max(at), 0) AS last /* int */
FROM login_failure WHERE address = :address AND at > :since AND at <= :until;

-- login_failure_forgive :exec
-- The name's failures no longer count against the name.
UPDATE login_failure SET account = '' WHERE account = :account;

-- login_failure_purge :exec (:before int)
DELETE FROM login_failure WHERE at <= :before;

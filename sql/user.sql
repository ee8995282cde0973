-- user_create :maybe
-- No row where the name is taken.
INSERT INTO user (name, role, password, must_change, created)
VALUES (:name, :role, :password, :must_change, :created)
ON CONFLICT (name) DO NOTHING
RETURNING id AS id /* user_id */;

-- user_by_name :maybe struct user
SELECT id, name, role, password, must_change, disabled, created, last_login,
	external /* text? */
FROM user WHERE name = :name;

-- user_by_id :maybe struct user
SELECT id, name, role, password, must_change, disabled, created, last_login,
	external /* text? */
FROM user WHERE id = :id;

-- user_list :many struct user
SELECT id, name, role, password, must_change, disabled, created, last_login,
	external /* text? */
FROM user ORDER BY name;

-- user_set_password :exec
UPDATE user SET password = :password, must_change = :must_change
WHERE id = :id;

-- user_set_disabled :exec
UPDATE user SET disabled = :disabled WHERE id = :id;

-- user_signed_in :exec (:at int)
UPDATE user SET last_login = :at WHERE id = :id;

-- user_by_external :maybe struct user (:external text)
SELECT id, name, role, password, must_change, disabled, created, last_login,
	external /* text? */
FROM user WHERE external = :external;

-- user_create_external :maybe (:external text)
-- No row where the name is taken. No password is the hash of nothing.
INSERT INTO user (name, role, password, must_change, created, external)
VALUES (:name, 'user', '', 0, :created, :external)
ON CONFLICT (name) DO NOTHING
RETURNING id AS id /* user_id */;
